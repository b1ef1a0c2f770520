"""What is kept of a transfer that is not done, so that the next start of the program knows of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from fdtui.core.frozen import frozen
from fdtui.core.transfer import Transfer

LONGEST_KEPT = 30 * 24 * 3600.0
"""Seconds after which a transfer that nobody took up again is forgotten."""


@frozen
class FileSlot:
    """Where a file goes: a file field of a task."""

    workflow: str
    uid: str
    unique_id: str
    """The name of the unique-id field."""
    field: str
    limit: int | None = None


@frozen
class UploadProgress:
    """What has to be known of earlier tries, so that nothing is attached twice."""

    known: frozenset[str] | None = None
    """The blob ids that were in the field before we did anything; ``None`` for never looked."""
    digest: str = ""
    """SHA-256 of what was sent; empty while it was never read to its end."""
    is_unsure: bool = False
    """Whether an answer was lost, so that the file may be there."""


@frozen
class SavedTransfer:
    """A transfer with what another try of it needs."""

    id: str
    """What it is called in the book, where the windows of one user meet."""
    transfer: Transfer
    """As it was when it was queued, or how it ended; its ticket is good for one window only."""
    at: float
    """When that was, in seconds of the wall clock."""
    slot: FileSlot | None = None
    """Of an upload, where it goes."""
    url: str = ""
    """Of an upload that the server fetches, from where."""
    stamp: tuple[int, int] | None = None
    """Of an upload from the disk, the `FileSource.stamp` of the file that was chosen."""
    progress: UploadProgress = UploadProgress()
    part: str = ""
    """Of a download, what it is called until it is whole."""


class TransferBook(Protocol):
    """The transfers that are not done; it outlives the program, and other windows write it, too.

    All methods may block, and raise `StorageError`.
    """

    def store(self, changes: Mapping[str, SavedTransfer | None]) -> None:
        """Keep these by their ids, or forget those that are ``None``: all or nothing."""
        ...

    def claim(self, workflows: frozenset[str], now: float) -> tuple[SavedTransfer, ...]:
        """Those of ``workflows`` that no living window has, the oldest first; they are ours then.

        Forgets what is older than `LONGEST_KEPT`.
        """
        ...
