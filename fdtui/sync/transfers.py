"""The queue of uploads and downloads: two at once, each with its row in the state, to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

from fdtui.core import events as happened
from fdtui.core.commands import why_not_write
from fdtui.core.errors import FdtuiError, StorageError, UnreachableError
from fdtui.core.frozen import replace
from fdtui.core.safetext import quoted
from fdtui.core.schema import Field
from fdtui.core.task import task_from_row
from fdtui.core.transfer import Kind, Status, Transfer
from fdtui.core.values import Row
from fdtui.sync.attaching import Attaching, Novelty, Spot, entries_of
from fdtui.sync.fetching import Fetched, fetch
from fdtui.sync.gateway import Gateway
from fdtui.sync.holder import Holder, Notice
from fdtui.sync.peeking import Peek, peek
from fdtui.sync.poller import Sleep
from fdtui.sync.source import Source

AT_ONCE = 2
"""Transfers under way at the same time."""
OFTEN = 0.25
"""Seconds between two tellings of how far one is."""
MAX_KEPT = 50
"""Ended transfers that are remembered."""


class Transfers:
    """Takes what is to be sent and fetched, and does it. Uploads to one task go one by one."""

    def __init__(
        self,
        holder: Holder,
        *,
        gateway: Callable[[], Gateway | None],
        nudge: Callable[[], None],
        sleep: Sleep,
    ) -> None:
        self._holder, self._gateway, self._nudge, self._sleep = holder, gateway, nudge, sleep
        self._tickets = count(1)
        self._news: dict[int, Novelty] = {}
        self._spots: dict[int, Spot] = {}
        self._attachings: dict[int, Attaching] = {}
        """Uploads that may be tried again; they know what was there before."""
        self._running: dict[int, asyncio.Task[None]] = {}
        self._wake = asyncio.Event()

    @property
    def _all(self) -> tuple[Transfer, ...]:
        return self._holder.state.transfers

    def attach(self, key: str, field: str, paths: Sequence[Path], *, name: str = "") -> tuple[str, ...]:
        """Attach files to a task; answers a sentence for each that cannot be, before any is read.

        ``name`` is what to call a single one instead of its name on the disk.
        """
        spot, why = self._spot(key, field, len(paths))
        if spot is None:
            return (why,)
        problems = []
        for path in paths:
            try:
                source = Source.open(path, name)
            except FdtuiError as error:
                problems.append(str(error))
                continue
            new = Novelty(source.name, source.media_type, source)
            self._add(spot, key, new, source=str(path), total=source.size)
        return tuple(problems)

    def attach_url(self, key: str, field: str, url: str, name: str = "") -> str:
        """Let the server fetch a file from an address; answers why not, or nothing."""
        if not url.lower().startswith(("http://", "https://")) or not url.isprintable() or " " in url:
            return f"{quoted(url[:80])} is no http or https address."
        spot, why = self._spot(key, field, 1)
        if spot is not None:
            self._add(spot, key, Novelty(name, url=url), source=url, total=None)
        return why

    def fetch(self, key: str, field: str, blob: str, name: str, folder: Path) -> int:
        """Fetch a file of a task into ``folder``; answers its ticket."""
        state = self._holder.state
        task = state.shown.get(key)
        workflow = state.workflow.id if state.workflow else ""
        uid = (task.uid if task else None) or ""
        ticket = next(self._tickets)
        self._enter(Transfer(ticket, Kind.DOWNLOAD, workflow, key, uid, field, name, blob, str(folder)))
        return ticket

    async def peek(self, blob: str, most: int) -> Peek:
        """The first ``most`` bytes of a file, and its hash if that is all; raises `FdtuiError`."""
        return await peek(self._api(), blob, most=most)

    async def fetch_now(self, blob: str, name: str, folder: Path) -> Fetched:
        """Fetch a file beside the queue; raises `FdtuiError`."""
        return await fetch(self._api(), blob, name, folder, sleep=self._sleep)

    def cancel(self, ticket: int) -> None:
        """Stop a transfer; what came of it so far goes away."""
        transfer = self._find(ticket)
        if transfer is None or transfer.is_over:
            return
        if ticket in self._running:
            self._running[ticket].cancel()
        else:
            self._end(transfer, Status.CANCELLED)

    def retry(self, ticket: int) -> None:
        """Do once more what failed or was cancelled."""
        transfer = self._find(ticket)
        if transfer is None or not transfer.is_over or transfer.status is Status.DONE:
            return
        new = self._news.get(ticket)
        if new is not None and new.source is not None:
            try:
                fresh = Source.open(Path(transfer.source), new.name)
            except FdtuiError as error:
                self._holder.on_notice(Notice(str(error), "error"))
                return
            if fresh.is_same(new.source):
                fresh.close()  # the first one goes on: it knows what may have arrived
            else:
                new.source.close()
                self._attachings.pop(ticket, None)
                self._news[ticket] = replace(new, source=fresh, media_type=fresh.media_type)
                transfer = replace(transfer, total=fresh.size)
        self._enter(replace(transfer, status=Status.WAITING, moved=0, error="", began=0.0, now=0.0))

    def dismiss(self, ticket: int) -> None:
        """Take an ended transfer out of sight."""
        transfer = self._find(ticket)
        if transfer is not None and transfer.is_over:
            self._forget(ticket)
            self._holder.apply(happened.TransferDismissed(ticket))

    async def run(self) -> None:
        """Send and fetch until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                while True:
                    await self._wake.wait()
                    self._wake.clear()
                    while (transfer := self._next()) is not None:
                        work = group.create_task(self._work(transfer))
                        self._running[transfer.ticket] = work
        finally:
            for new in self._news.values():
                if new.source is not None:
                    new.source.close()

    def _spot(self, key: str, field: str, more: int) -> tuple[Spot | None, str]:
        state = self._holder.state
        task = state.shown.get(key)
        why = "The task is not on the board any more." if task is None else why_not_write(state, task)
        if why or task is None or task.uid is None or state.workflow is None:
            return None, why or "The task cannot be changed."
        known = next((each for each in state.schema.fields if each.name == field), Field(field))
        if not known.editable:
            return None, f"{quoted(field)} cannot be changed."
        there = len(entries_of(dict(task.row), field))
        coming = sum(
            not each.is_over and (each.key, each.field) == (key, field)
            for each in self._all
            if each.kind is Kind.UPLOAD
        )
        if known.limit is not None and there + coming + more > known.limit:
            return None, f"{quoted(field)} takes at most {known.limit} files, and has {there + coming}."
        unique_id = state.schema.unique_id
        assert unique_id is not None, "why_not_write has seen to it"  # noqa: S101
        return Spot(state.workflow.id, task.uid, unique_id.name, field, known.limit), ""

    def _add(self, spot: Spot, key: str, new: Novelty, *, source: str, total: int | None) -> None:
        ticket = next(self._tickets)
        self._news[ticket], self._spots[ticket] = new, spot
        name = new.name or new.url
        where = (spot.workflow, key, spot.uid, spot.field)
        self._enter(Transfer(ticket, Kind.UPLOAD, *where, name, source, total=total))

    def _enter(self, transfer: Transfer) -> None:
        self._holder.enter()
        self._tell(transfer)
        self._wake.set()

    def _next(self) -> Transfer | None:
        if len(self._running) >= AT_ONCE:
            return None
        under_way = [each for each in self._all if each.ticket in self._running]
        busy = {(each.workflow, each.uid) for each in under_way if each.kind is Kind.UPLOAD}
        for each in self._all:
            if each.status is not Status.WAITING or each.ticket in self._running:
                continue
            if each.kind is Kind.DOWNLOAD or (each.workflow, each.uid) not in busy:
                return each
        return None

    async def _work(self, transfer: Transfer) -> None:
        ticket = transfer.ticket
        try:
            await self._holder.online.wait()
            began = self._holder.clock()
            self._tell(replace(transfer, status=Status.RUNNING, began=began, now=began))
            done = await (self._send if transfer.kind is Kind.UPLOAD else self._fetch)(ticket)
        except FdtuiError as error:
            self._end(self._now(ticket), Status.FAILED, str(error))
        except asyncio.CancelledError:
            self._end(self._now(ticket), Status.CANCELLED)
        else:
            self._end(done, Status.DONE)
        finally:
            self._running.pop(ticket, None)
            self._wake.set()

    async def _send(self, ticket: int) -> Transfer:
        if ticket not in self._attachings:
            self._attachings[ticket] = Attaching(
                self._api(),
                self._spots[ticket],
                self._news[ticket],
                sleep=self._sleep,
                moved=lambda moved: self._progress(ticket, moved),
                checking=lambda: self._check(ticket),
            )
        row = await self._attachings[ticket].run()
        self._learn(self._now(ticket), self._spots[ticket], row)
        return self._now(ticket)

    async def _fetch(self, ticket: int) -> Transfer:
        here = self._now(ticket)
        folder = Path(here.target)
        found = await fetch(
            self._api(),
            here.source,
            here.name,
            folder,
            sleep=self._sleep,
            moved=lambda moved, total: self._progress(ticket, moved, total),
        )
        path, size = str(found.path), found.size
        return replace(self._now(ticket), target=path, moved=size, total=size, digest=found.digest)

    def _learn(self, transfer: Transfer, spot: Spot, row: Row) -> None:
        """Show the task as it is with its new file."""
        if self._holder.shows(spot.workflow):
            task = task_from_row(row, spot.unique_id)
            self._holder.writes += 1
            self._holder.apply(happened.Confirmed(0, task, self._holder.writes))
            self._nudge()

    def _progress(self, ticket: int, moved: int, total: int | None = None) -> None:
        here, now = self._now(ticket), self._holder.clock()
        total = here.total if total is None else total
        if now - here.now >= OFTEN or total != here.total:
            self._tell(replace(here, status=Status.RUNNING, moved=moved, total=total, now=now))

    def _check(self, ticket: int) -> None:
        here = self._now(ticket)
        if here.status is not Status.CHECKING:
            now, moved = self._holder.clock(), here.moved if here.total is None else here.total
            self._tell(replace(here, status=Status.CHECKING, moved=moved, now=now))

    def _end(self, transfer: Transfer, status: Status, error: str = "") -> None:
        ended = replace(transfer, status=status, error=error, now=self._holder.clock())
        self._tell(ended)
        if status is Status.DONE:
            self._forget(ended.ticket)
        name, up = quoted(ended.name[:120]), ended.kind is Kind.UPLOAD
        if status is Status.FAILED:
            verb = "attached" if up else "fetched"
            self._holder.on_notice(Notice(f"{name} was not {verb}: {error}", "error"))
        elif status is Status.CANCELLED:
            self._holder.on_notice(Notice(f"{name}: cancelled.", "warning"))
        else:
            told = f"{name} is attached." if up else f"Saved as {ended.target}"
            self._holder.on_notice(Notice(told))
        over = [each.ticket for each in self._all if each.is_over]
        for ticket in over[:-MAX_KEPT]:
            self._forget(ticket)
            self._holder.apply(happened.TransferDismissed(ticket))
        self._holder.leave()

    def _forget(self, ticket: int) -> None:
        new = self._news.pop(ticket, None)
        if new is not None and new.source is not None:
            new.source.close()
        self._spots.pop(ticket, None)
        self._attachings.pop(ticket, None)

    def _find(self, ticket: int) -> Transfer | None:
        return next((each for each in self._all if each.ticket == ticket), None)

    def _now(self, ticket: int) -> Transfer:
        found = self._find(ticket)
        if found is None:
            raise StorageError("The transfer is gone.")
        return found

    def _api(self) -> Gateway:
        gateway = self._gateway()
        if gateway is None:
            raise UnreachableError("There is no connection yet.")
        return gateway

    def _tell(self, transfer: Transfer) -> None:
        self._holder.apply(happened.TransferChanged(transfer))
