"""A file on its way: an upload or a download as the user sees it, from the wish to its end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from enum import StrEnum
from typing import Protocol

from fdtui.core.frozen import frozen


class Sink(Protocol):
    """Takes the bytes of a download as they come; what it raises ends the download."""

    async def begin(self, total: int | None) -> None:
        """The answer begins; ``total`` is how long it says it is."""
        ...

    async def write(self, data: bytes) -> None:
        """The next bytes."""
        ...


@frozen
class Outgoing:
    """A request's body that is made while it is sent; ``length`` bytes, told to the server first."""

    length: int
    slices: Callable[[], AsyncIterator[bytes]]


class TransferKind(StrEnum):
    """Which way a file goes."""

    UPLOAD = "upload"
    DOWNLOAD = "download"


class Status(StrEnum):
    """How far a transfer is."""

    WAITING = "waiting"
    RUNNING = "running"
    CHECKING = "checking"
    """All bytes are there; the server is asked whether the file really is."""
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    """The program ended before the transfer did."""


ENDED = frozenset({Status.DONE, Status.FAILED, Status.CANCELLED, Status.INTERRUPTED})
PROGRESS_SHOWN_AFTER = 0.5
"""Seconds that a transfer may take without anybody wanting to see its progress."""


@frozen
class Transfer:
    """One file on its way, or arrived. Times are wall clock seconds."""

    ticket: int
    kind: TransferKind
    workflow: str
    key: str
    """The task's key on the board."""
    uid: str
    field: str
    name: str
    """The file's name as the server has it, or is to have it."""
    source: str = ""
    """Of an upload the path or address, of a download the blob id."""
    target: str = ""
    """Of a download the folder, and once it is there the file's path."""
    status: Status = Status.WAITING
    moved: int = 0
    total: int | None = None
    began: float = 0.0
    """When its first byte moved."""
    now: float = 0.0
    """When `moved` was true."""
    error: str = ""
    digest: str = ""
    """SHA-256 of what arrived."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to come of it."""
        return self.status in ENDED

    @property
    def is_slow(self) -> bool:
        """Whether it takes long enough for its progress to be of interest."""
        return (
            self.status in {Status.RUNNING, Status.CHECKING}
            and self.now - self.began >= PROGRESS_SHOWN_AFTER
        )

    @property
    def rate(self) -> float:
        """Bytes a second so far."""
        return self.moved / (self.now - self.began) if self.now > self.began else 0.0

    @property
    def left(self) -> float | None:
        """Seconds that it will take still, as far as is known."""
        if self.total is None or self.rate <= 0 or self.moved >= self.total:
            return None
        return (self.total - self.moved) / self.rate


def size_words(count: float) -> str:
    """A number of bytes for people: ``12.3 MB``."""
    if count < 1000:
        return f"{int(count)} B"
    for unit in ("kB", "MB", "GB"):
        count /= 1000
        if count < 999.5 or unit == "GB":
            return f"{count:.1f} {unit}" if count < 100 else f"{count:.0f} {unit}"
    raise AssertionError(count)


def time_words(seconds: float) -> str:
    """A span for people: ``42 s``, ``3 min 05 s``, ``2 h 10 min``."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"


def progress_words(transfer: Transfer) -> str:
    """How far it is: bytes, rate, time left."""
    words = size_words(transfer.moved)
    if transfer.total is not None:
        words += f" of {size_words(transfer.total)}"
    if transfer.rate:
        words += f"  {size_words(transfer.rate)}/s"
    if transfer.left is not None:
        words += f"  {time_words(transfer.left)} left"
    return words
