"""The queue of uploads and downloads: two at once, each with its row in the state, to its end.

What the program did not bring to an end is there after the next start as interrupted, and is not
touched before the user says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from fdtui.core import events
from fdtui.core.commands import why_not_write
from fdtui.core.errors import FdtuiError, StorageError
from fdtui.core.frozen import replace
from fdtui.core.safetext import quoted
from fdtui.core.schema import Field
from fdtui.core.task import task_from_row
from fdtui.core.transfer import Status, Transfer, TransferKind
from fdtui.core.values import Row
from fdtui.sync.files.destination import new_part, remove_part
from fdtui.sync.files.download import Downloaded, fetch
from fdtui.sync.files.peek import Peek, peek
from fdtui.sync.files.registry import TransferRegistry
from fdtui.sync.files.source import FileSource
from fdtui.sync.files.upload import NewFile, entries_of
from fdtui.sync.files.upload_queue import UploadQueue
from fdtui.sync.gateway import Gateway, connected
from fdtui.sync.reading.poller import Sleep
from fdtui.sync.storage.transfer_book import FileSlot, SavedTransfer, TransferBook
from fdtui.sync.store import Notice, StateStore

MAX_PARALLEL_TRANSFERS = 2
"""Transfers under way at the same time."""
PROGRESS_INTERVAL = 0.25
"""Seconds between two progress updates of one transfer."""
MAX_ENDED_TRANSFERS = 50
"""Ended transfers that are remembered."""


class Transfers:
    """Takes what is to be sent and fetched, and does it. Uploads to one task go one by one.

    ``open_book`` gives what outlives the program, and may block; without it nothing does.
    """

    def __init__(
        self,
        store: StateStore,
        *,
        gateway: Callable[[], Gateway | None],
        nudge: Callable[[], None],
        sleep: Sleep,
        open_book: Callable[[], TransferBook] | None = None,
    ) -> None:
        self._store, self._gateway, self._nudge, self._sleep = store, gateway, nudge, sleep
        self._tickets = count(1)
        self._registry = TransferRegistry(store, open_book)
        self._uploads = UploadQueue(
            self._registry, gateway=self._api, sleep=sleep, moved=self._progress, checking=self._check
        )
        self._running: dict[int, asyncio.Task[None]] = {}
        self._unwanted: set[int] = set()
        """Those of them that the user has stopped."""
        self._wake, self._recalls = asyncio.Event(), asyncio.Event()
        self._recalls.set()

    @property
    def _all(self) -> tuple[Transfer, ...]:
        return self._store.state.transfers

    def attach(self, key: str, field: str, paths: Sequence[Path], *, name: str = "") -> tuple[str, ...]:
        """Attach files to a task; answers a sentence for each that cannot be, before any is read.

        ``name`` is what to call a single one instead of its name on the disk.
        """
        slot, why = self._slot(key, field, len(paths))
        if slot is None:
            return (why,)
        problems = []
        for path in paths:
            try:
                source = FileSource.open(path, name)
            except FdtuiError as error:
                problems.append(str(error))
                continue
            new = NewFile(source.name, source.media_type, source)
            self._add(slot, key, new, source=str(path.absolute()), total=source.size)
        return tuple(problems)

    def why_no_room(self, key: str, field: str, count: int) -> str:
        """Why this many more files cannot go into a field; empty where they can."""
        return self._slot(key, field, count)[1]

    def attach_url(self, key: str, field: str, url: str, name: str = "") -> str:
        """Let the server fetch a file from an address; answers why not, or nothing."""
        if not url.lower().startswith(("http://", "https://")) or not url.isprintable() or " " in url:
            return f"{quoted(url[:80])} is not an http or https address."
        slot, why = self._slot(key, field, 1)
        if slot is not None:
            self._add(slot, key, NewFile(name, url=url), source=url, total=None)
        return why

    def fetch(self, key: str, field: str, blob: str, name: str, folder: Path) -> int:
        """Fetch a file of a task into ``folder``; answers its ticket."""
        state = self._store.state
        task = state.shown.get(key)
        workflow = state.workflow_id
        uid = (task.uid if task else None) or ""
        ticket, target = next(self._tickets), str(folder.absolute())
        transfer = Transfer(ticket, TransferKind.DOWNLOAD, workflow, key, uid, field, name, blob, target)
        self._registry.begin(transfer)
        self._enqueue(transfer)
        return ticket

    async def peek(self, blob: str, most: int) -> Peek:
        """The first ``most`` bytes of a file, and its hash if that is all; raises `FdtuiError`."""
        return await peek(self._api(), blob, most=most)

    async def fetch_now(self, blob: str, name: str, folder: Path) -> Downloaded:
        """Fetch a file beside the queue; raises `FdtuiError`."""
        return await fetch(self._api(), blob, name, folder, sleep=self._sleep)

    def cancel(self, ticket: int) -> None:
        """Stop a transfer; what came of it so far goes away."""
        transfer = self._find(ticket)
        if transfer is None or transfer.is_over:
            return
        if ticket in self._running:
            self._unwanted.add(ticket)
            self._running[ticket].cancel()
        else:
            self._end(transfer, Status.CANCELLED)

    def retry(self, ticket: int) -> None:
        """Do once more what failed, was cancelled or interrupted."""
        transfer = self._find(ticket)
        if transfer is None or not transfer.is_over or transfer.status is Status.DONE:
            return
        try:
            self._uploads.renew(ticket)
            stamp = self._registry.get(ticket).stamp
        except FdtuiError as error:
            self._store.on_notice(Notice(str(error), "error"))
            return
        total = stamp[0] if stamp is not None else transfer.total
        again = replace(transfer, status=Status.WAITING, moved=0, total=total, error="")
        self._enqueue(replace(again, began=0.0, now=0.0))

    def dismiss(self, ticket: int) -> None:
        """Take an ended transfer out of sight."""
        transfer = self._find(ticket)
        if transfer is not None and transfer.is_over:
            self._forget(ticket)
            self._store.apply(events.TransferDismissed(ticket))

    def look_again(self) -> None:
        """Show what a window that is no more has left, too."""
        self._recalls.set()

    async def run(self) -> None:
        """Send and fetch until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._registry.run())
                group.create_task(self._recall())
                while True:
                    await self._wake.wait()
                    self._wake.clear()
                    while (transfer := self._next()) is not None:
                        work = group.create_task(self._work(transfer))
                        self._running[transfer.ticket] = work
        finally:
            self._registry.close()
            self._uploads.close()

    async def _recall(self) -> None:
        """Show what an earlier run of the program did not end, each time that it is asked for."""
        while True:
            await self._recalls.wait()
            await self._store.online.wait()  # which workflows are this workspace's is known then
            self._recalls.clear()
            state = self._store.state
            here = {each.id for each in state.workflows}
            here |= {state.workflow.id} if state.workflow is not None else set()
            left = await self._registry.recall(frozenset(here))
            adopted = [await self._adopt(kept) for kept in left]
            self._trim()
            cut = [now for was, now in zip(left, adopted, strict=True) if not was.transfer.is_over]
            if cut:
                self._store.on_notice(_describe_interrupted(cut))

    async def _adopt(self, kept: SavedTransfer) -> Transfer:
        """Show what another run of the program has left, and remove what is half of a file."""
        transfer, slot = replace(kept.transfer, ticket=next(self._tickets)), kept.slot
        if not transfer.is_over:
            transfer = replace(transfer, status=Status.INTERRUPTED, moved=0, began=0.0, now=0.0)
        if kept.part:
            await asyncio.to_thread(remove_part, Path(transfer.target), kept.part)
        if slot is not None:
            here = self._store.shows(slot.workflow)
            slot = replace(slot, limit=self._field(slot.field).limit if here else None)
        self._registry.adopt(replace(kept, transfer=transfer, slot=slot, part=""))
        self._show(transfer)
        return transfer

    def _slot(self, key: str, field: str, more: int) -> tuple[FileSlot | None, str]:
        state = self._store.state
        task = state.shown.get(key)
        why = "The task is no longer on the board." if task is None else why_not_write(state, task)
        if why or task is None or task.uid is None or state.workflow is None:
            return None, why or "The task cannot be changed."
        known = self._field(field)
        if not known.editable:
            return None, f"{quoted(field)} cannot be changed."
        there = len(entries_of(dict(task.row), field))
        coming = sum(
            not each.is_over and (each.key, each.field) == (key, field)
            for each in self._all
            if each.kind is TransferKind.UPLOAD
        )
        if known.limit is not None and there + coming + more > known.limit:
            return None, f"{quoted(field)} takes at most {known.limit} files, and has {there + coming}."
        unique_id = state.schema.unique_id
        assert unique_id is not None, "why_not_write has seen to it"  # noqa: S101
        return FileSlot(state.workflow.id, task.uid, unique_id.name, field, known.limit), ""

    def _field(self, name: str) -> Field:
        fields = self._store.state.schema.fields
        return next((each for each in fields if each.name == name), Field(name))

    def _add(self, slot: FileSlot, key: str, new: NewFile, *, source: str, total: int | None) -> None:
        name, where = new.name or new.url, (slot.workflow, key, slot.uid, slot.field)
        transfer = Transfer(next(self._tickets), TransferKind.UPLOAD, *where, name, source, total=total)
        stamp = new.source.stamp if new.source is not None else None
        self._registry.begin(transfer, slot=slot, url=new.url, stamp=stamp)
        self._uploads.add(transfer.ticket, new)
        self._enqueue(transfer)

    def _enqueue(self, transfer: Transfer) -> None:
        self._store.begin_work()
        self._registry.record(transfer)
        self._show(transfer)
        self._wake.set()

    def _next(self) -> Transfer | None:
        if len(self._running) >= MAX_PARALLEL_TRANSFERS:
            return None
        under_way = [each for each in self._all if each.ticket in self._running]
        busy = {(each.workflow, each.uid) for each in under_way if each.kind is TransferKind.UPLOAD}
        for each in self._all:
            if each.status is not Status.WAITING or each.ticket in self._running:
                continue
            if each.kind is TransferKind.DOWNLOAD or (each.workflow, each.uid) not in busy:
                return each
        return None

    async def _work(self, transfer: Transfer) -> None:
        ticket = transfer.ticket
        try:
            await self._store.online.wait()
            began = self._store.clock()
            self._show(replace(transfer, status=Status.RUNNING, began=began, now=began))
            done = await (self._send if transfer.kind is TransferKind.UPLOAD else self._fetch)(ticket)
        except FdtuiError as error:
            self._end(self._now(ticket), Status.FAILED, str(error))
        except asyncio.CancelledError:
            is_stopped = ticket in self._unwanted
            self._end(self._now(ticket), Status.CANCELLED if is_stopped else Status.INTERRUPTED)
        else:
            self._end(done, Status.DONE)
        finally:
            self._running.pop(ticket, None)
            self._unwanted.discard(ticket)
            self._wake.set()

    async def _send(self, ticket: int) -> Transfer:
        row = await self._uploads.send(ticket)
        slot = self._registry.get(ticket).slot
        if slot is not None:
            self._learn(slot, row)
        return self._now(ticket)

    async def _fetch(self, ticket: int) -> Transfer:
        here, part = self._now(ticket), new_part()
        folder = Path(here.target)
        self._registry.change(ticket, part=part)
        await self._registry.stored()
        found = await fetch(
            self._api(),
            here.source,
            here.name,
            folder,
            sleep=self._sleep,
            moved=lambda moved, total: self._progress(ticket, moved, total),
            part=part,
        )
        path, size = str(found.path), found.size
        return replace(self._now(ticket), target=path, moved=size, total=size, digest=found.digest)

    def _learn(self, slot: FileSlot, row: Row) -> None:
        """Show the task as it is with its new file."""
        if self._store.shows(slot.workflow):
            task = task_from_row(row, slot.unique_id)
            self._store.writes += 1
            self._store.apply(events.Confirmed(0, task, self._store.writes))
            self._nudge()

    def _progress(self, ticket: int, moved: int, total: int | None = None) -> None:
        here, now = self._now(ticket), self._store.clock()
        total = here.total if total is None else total
        if now - here.now >= PROGRESS_INTERVAL or total != here.total:
            self._show(replace(here, status=Status.RUNNING, moved=moved, total=total, now=now))

    def _check(self, ticket: int) -> None:
        here = self._now(ticket)
        if here.status is not Status.CHECKING:
            now, moved = self._store.clock(), here.moved if here.total is None else here.total
            self._show(replace(here, status=Status.CHECKING, moved=moved, now=now))

    def _end(self, transfer: Transfer, status: Status, error: str = "") -> None:
        ended = replace(transfer, status=status, error=error, now=self._store.clock())
        self._show(ended)
        if status is Status.DONE:
            self._forget(ended.ticket)
        elif status is not Status.INTERRUPTED:  # as which the next run of the program reports it
            self._registry.record(ended)
        if (notice := _describe_end(ended)) is not None:
            self._store.on_notice(notice)
        self._trim()
        self._store.end_work()

    def _trim(self) -> None:
        """Forget what ended long ago."""
        over = [each.ticket for each in self._all if each.is_over]
        for ticket in over[:-MAX_ENDED_TRANSFERS]:
            self.dismiss(ticket)

    def _forget(self, ticket: int) -> None:
        self._uploads.forget(ticket)
        self._registry.drop(ticket)

    def _find(self, ticket: int) -> Transfer | None:
        return next((each for each in self._all if each.ticket == ticket), None)

    def _now(self, ticket: int) -> Transfer:
        found = self._find(ticket)
        if found is None:
            raise StorageError("The transfer is gone.")
        return found

    def _api(self) -> Gateway:
        return connected(self._gateway())

    def _show(self, transfer: Transfer) -> None:
        self._store.apply(events.TransferChanged(transfer))


def _describe_end(transfer: Transfer) -> Notice | None:
    """How a transfer ended, in words; ``None`` where the program ends with it."""
    name, is_up = quoted(transfer.name[:120]), transfer.kind is TransferKind.UPLOAD
    match transfer.status:
        case Status.FAILED:
            verb = "attached" if is_up else "fetched"
            return Notice(f"{name} was not {verb}: {transfer.error}", "error")
        case Status.CANCELLED:
            return Notice(f"{name}: cancelled.", "warning")
        case Status.INTERRUPTED:
            return None
        case _:
            return Notice(f"{name} is attached." if is_up else f"Saved as {transfer.target}")


def _describe_interrupted(cut: Sequence[Transfer]) -> Notice:
    what = f"The transfer of {quoted(cut[0].name[:80])} was"
    if len(cut) > 1:
        what = f"{len(cut)} transfers were"
    return Notice(f"{what} interrupted on exit; the task's files show more.", "warning")
