"""Attaching one file to one task, so that nobody's upload is lost and nothing is attached twice.

The API writes a field's whole list. So the list is read right before it is written; where the file is
large, the list is read while its last bytes leave, and the entries that were there go behind it, into
room that was kept for them. Afterwards the task is read once more: who was overtaken tries again.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from urllib.parse import unquote, urlsplit

from fdtui.core.errors import (
    ApiError,
    ConflictError,
    InvalidError,
    NotFlowdashError,
    UnclearError,
    UnreachableError,
)
from fdtui.core.fields import INVALID
from fdtui.core.frozen import frozen, replace
from fdtui.core.safetext import quoted
from fdtui.core.strictjson import dumps
from fdtui.core.transfer import Outgoing
from fdtui.core.values import Row, Value
from fdtui.sync.files.digest import digest_of
from fdtui.sync.files.slips import asked_twice
from fdtui.sync.files.source import FileSource, encoded_length
from fdtui.sync.gateway import Gateway
from fdtui.sync.storage.transfer_book import FileSlot, UploadProgress

MAX_UPLOAD_TRIES = 3
RECHECK_AFTER = 1.0
"""Seconds after which it is asked whether the file is still there."""
_MAX_RECHECK_WAIT = 10.0
LATE_FROM = 1_000_000
"""Bytes from which the list is read again while the file is on its way."""
GUARDED_TO = 8_000_000
"""Bytes up to which a file is sent only for the task as it was read, and again once that changed."""
_LATE_ENTRIES_ROOM = 32_768
"""Bytes kept for entries that come while the file is on its way."""
MAX_OVERTAKEN_UPLOADS = 8
"""Times that somebody may be faster before the server is no longer asked to compare."""
_MAX_OVERTAKEN = MAX_OVERTAKEN_UPLOADS + MAX_UPLOAD_TRIES
"""Times that somebody may be faster at all."""
_ARRIVAL_PAUSES = (0.5, 1.5, 3.0)
"""Seconds between the looks for a file that the server may still be busy with."""
PRECONDITION_FAILED = 412


@frozen
class NewFile:
    """What is to be attached: a file of ours, or an address that the server fetches."""

    name: str
    media_type: str = ""
    source: FileSource | None = None
    url: str = ""

    @property
    def is_large(self) -> bool:
        """Whether the list may change while it is on its way."""
        return self.source is not None and self.source.size >= LATE_FROM

    @property
    def is_guarded(self) -> bool:
        """Whether it is short enough to be sent again for every change of the task."""
        return self.source is None or self.source.size <= GUARDED_TO

    @property
    def expected(self) -> str:
        """What it is likely to be called once it is there."""
        return self.name or unquote(urlsplit(self.url).path).rpartition("/")[2]


async def _keep_nothing(_: UploadProgress) -> None:
    """What is attached beside the queue does not outlive the program."""


class UploadRun:
    """One file's way into a field. ``moved`` is called with bytes, ``checking`` once all of them left.

    ``keep`` stores what another try has to know; a request is not completed before it returns.
    """

    def __init__(
        self,
        gateway: Gateway,
        slot: FileSlot,
        new: NewFile,
        *,
        sleep: Callable[[float], Awaitable[object]],
        moved: Callable[[int], object] = lambda _: None,
        checking: Callable[[], object] = lambda: None,
        progress: UploadProgress | None = None,
        keep: Callable[[UploadProgress], Awaitable[object]] = _keep_nothing,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        progress = progress or UploadProgress()
        self._gateway, self._slot, self._new = gateway, slot, new
        self._sleep, self._moved, self._checking, self._keep = sleep, moved, checking, keep
        self._clock, self._sealed = clock, 0.0
        self._is_whole = False
        """Whether the last byte of the last request was handed over, and no verdict came."""
        self.blob = ""
        """The new file's blob id, once it is there."""
        self._known, self._digest, self._is_unsure = progress.known, progress.digest, progress.is_unsure

    @property
    def progress(self) -> UploadProgress:
        """What another try has to know."""
        source = self._new.source
        digest = source.digest if source is not None else self._digest
        return UploadProgress(self._known, digest or self._digest, self._is_unsure or self._is_whole)

    async def find_arrived(self) -> Row | None:
        """The task, if an earlier try did what it should although its answer was lost.

        Waits some seconds for a server that is busy with it still. Raises `FdtuiError`.
        """
        if not self._is_unsure:
            return None
        self._checking()
        row, _ = await self._task()
        if await self._arrived(entries_of(row, self._slot.field)):
            return row
        return (await self._task())[0] if await self._is_there_soon() else None

    async def run(self) -> Row:
        """Attach it; answers the task as it is then. Raises `FdtuiError`.

        Called once more after a lost answer, it first looks whether the file arrived.
        """
        tries, overtaken = 0, 0
        self._is_unsure = self.progress.is_unsure  # a try that was cancelled has left no verdict either
        while True:
            row, tag = await self._task()
            there = entries_of(row, self._slot.field)
            if self._is_unsure and await self._arrived(there):
                return row
            self._check_doubt(there)
            self._known = blobs_of(there) if self._known is None else self._known
            self._check_room(there)
            is_guarded = (self._is_unsure or self._new.is_guarded) and overtaken < MAX_OVERTAKEN_UPLOADS
            try:
                row = await self._send(row, there, tag if is_guarded else "")
            except UnreachableError as error:
                tries += 1
                self._is_unsure = self._is_unsure or (error.sent and self._is_whole)
                self._is_whole = False
                if self._is_unsure and await self._is_there_soon():
                    return (await self._task())[0]
                if tries >= MAX_UPLOAD_TRIES or (self._is_unsure and self._new.source is None):
                    raise
                await self._sleep(0.5)
                continue
            except ApiError as error:
                self._is_whole = self._is_whole and isinstance(error, NotFlowdashError)
                is_changed = error.status == PRECONDITION_FAILED and is_guarded
                if not is_changed and not await self._named_what_is_gone(error, there):
                    raise self._explained(error) from None
            else:
                self._is_unsure = False
                self._checking()
                # Who read the list before us needs as long for its answer as we did.
                took = self._clock() - self._sealed
                await self._sleep(min(max(RECHECK_AFTER, took), _MAX_RECHECK_WAIT))
                row, _ = await self._task()
                if self.blob in blobs_of(entries_of(row, self._slot.field)):
                    return row
            overtaken += 1
            if overtaken >= _MAX_OVERTAKEN:
                raise ConflictError(
                    f"{quoted(self._new.expected)} was not attached: others keep changing the field.",
                    "Try again in a moment.",
                )

    async def _named_what_is_gone(self, error: ApiError, there: list[Value]) -> bool:
        """Whether a list was refused because somebody took a file out after it had been read."""
        if not isinstance(error, InvalidError) or (
            error.fields and self._slot.field not in error.fields
        ):
            return False
        row, _ = await self._task()
        return not blobs_of(there) <= blobs_of(entries_of(row, self._slot.field))

    def _explained(self, error: ApiError) -> ApiError:
        """The error for an address where the server says only that the field is invalid."""
        if not self._new.url or not isinstance(error, InvalidError) or error.errors:
            return error
        if any(says != (INVALID,) for says in error.fields.values()):
            return error
        return InvalidError(errors=["The server could not fetch that address."])

    async def _task(self) -> tuple[Row, str]:
        slot = self._slot
        look = partial(self._gateway.tagged_task, slot.workflow, slot.uid, unique_id=slot.unique_id)
        return await asked_twice(look, self._sleep)

    def _check_room(self, there: list[Value]) -> None:
        limit, field = self._slot.limit, self._slot.field
        if limit is not None and len(there) >= limit:
            raise InvalidError({field: [f"allows at most {limit} files, and has {len(there)}."]})

    def _check_doubt(self, there: list[Value]) -> None:
        """Leave it to the user where a lost answer may have been about a file whose name nobody knew."""
        news = [each for each in there if blob_of(each) not in (self._known or frozenset())]
        if self._is_unsure and news and self._new.url and not self._new.name:
            self._is_unsure = False  # told once: who tries again has looked
            raise ConflictError(
                f"The answer was lost, and {quoted(name_of(news[-1]))} arrived meanwhile, which may be "
                "the file from that address.",
                "Check before retrying.",
            )

    async def _send(self, row: Row, there: list[Value], tag: str) -> Row:
        """One request; answers the task. ``there`` may grow."""
        self._is_whole = False
        body = self._body(row.get(self._slot.unique_id, self._slot.uid), there)
        try:
            row = await self._gateway.upload(self._slot.workflow, body, matching=tag)
        except UnclearError:
            row = {}  # it was taken, or a page came from somebody else: the task shows it
        self._is_whole = False
        fresh = row.get(self._slot.field)
        if not isinstance(fresh, list):  # an install may answer only what it wants to
            return await self._found(blobs_of(there))
        was = blobs_of(there)
        news = [each for each in fresh if blob_of(each) and blob_of(each) not in was]
        named = [each for each in news if name_of(each) == self._new.name] or news
        if not named:
            raise self._not_there()
        self.blob = blob_of(named[-1])
        return row

    async def _found(self, was: frozenset[str]) -> Row:
        """The task with the new file, after an answer that did not show it."""
        for pause in (0.0, *_ARRIVAL_PAUSES):
            if pause:
                await self._sleep(pause)
            row, _ = await self._task()
            for each in reversed(entries_of(row, self._slot.field)):
                if blob_of(each) not in was and name_of(each) == self._new.expected:
                    self.blob = blob_of(each)
                    return row
        raise self._not_there()

    def _not_there(self) -> ConflictError:
        name = quoted(self._new.expected)
        return ConflictError(f"The server answered, but {name} is not in the field.")

    async def _is_there_soon(self) -> bool:
        # The server may still be busy with what it has received.
        for pause in _ARRIVAL_PAUSES:
            await self._sleep(pause)
            try:
                row, _ = await self._task()
            except UnreachableError:
                continue
            if await self._arrived(entries_of(row, self._slot.field)):
                return True
        return False

    async def _arrived(self, there: list[Value]) -> bool:
        """Whether a try whose answer was lost did what it should: by name, and by content."""
        known = self._known or frozenset()
        for each in there:
            if blob_of(each) in known or name_of(each) != self._new.expected:
                continue
            if self._new.url or await digest_of(self._gateway, blob_of(each)) == self.progress.digest:
                self.blob = blob_of(each)
                return True
        return False

    def _body(self, uid: Value, there: list[Value]) -> Outgoing:
        slot, new, source = self._slot, self._new, self._new.source
        head = f"{{{_json(slot.unique_id)}:{_json(uid)},{_json(slot.field)}:["
        entry: dict[str, Value] = {"remoteUrl": new.url} if new.url else {}
        if new.name:
            entry["filename"] = new.name
        if new.media_type:
            entry["contentType"] = new.media_type
        text = _json(entry)
        if source is None:
            listed = ",".join([*map(_json, there), text])
            return self._outgoing(f"{head}{listed}]}}", "", 0)
        opening = f'{text[:-1]},"base64contents":"'
        kept = "".join(f"{_json(each)}," for each in there)
        if not new.is_large:
            return self._outgoing(f"{head}{kept}{opening}", '"}]}', 0, source)
        return self._outgoing(head + opening, '"}', len(kept) + _LATE_ENTRIES_ROOM, source, there)

    def _outgoing(
        self,
        head: str,
        tail: str,
        room: int,
        source: FileSource | None = None,
        there: list[Value] | None = None,
    ) -> Outgoing:
        first, last = head.encode(), tail.encode()
        size = source.size if source is not None else 0
        closing = 2 if room else 0

        async def slices() -> AsyncIterator[bytes]:
            if source is None:
                await self._seal()
            yield first
            if source is not None:
                async for piece in source.slices(self._moved):
                    yield piece
            late = b""
            if there is not None:
                late = await self._late_entries(there, room)
            await self._seal()
            yield last + late
            self._checking()

        return Outgoing(len(first) + encoded_length(size) + len(last) + room + closing, slices)

    async def _seal(self) -> None:
        """From here on the server may have the whole request."""
        if not self._is_whole:
            await self._keep(replace(self.progress, is_unsure=True))
            self._is_whole = True
            self._sealed = self._clock()

    async def _late_entries(self, there: list[Value], room: int) -> bytes:
        """The entries as they are now, and blanks up to the length that was promised."""
        row, _ = await self._task()
        fresh = entries_of(row, self._slot.field)
        self._check_room(fresh)
        there[:] = fresh
        text = "".join(f",{_json(each)}" for each in fresh).encode()
        if len(text) > room:
            raise ConflictError("Others attached too many files meanwhile.", "Try again.")
        return text + b" " * (room - len(text)) + b"]}"


def entries_of(row: Row, field: str) -> list[Value]:
    """The files in a field as the API gives them."""
    there = row.get(field)
    return [each for each in there if isinstance(each, dict)] if isinstance(there, list) else []


def blob_of(entry: Value) -> str:
    """The blob id of a file, or empty."""
    blob = entry.get("blobId") if isinstance(entry, dict) else None
    return blob if isinstance(blob, str) else ""


def name_of(entry: Value) -> str:
    """The name of a file, or empty."""
    name = entry.get("filename") if isinstance(entry, dict) else None
    return name if isinstance(name, str) else ""


def blobs_of(entries: list[Value]) -> frozenset[str]:
    """The blob ids of these files."""
    return frozenset(map(blob_of, entries))


def _json(value: Value) -> str:
    return dumps(value, ascii_only=True)
