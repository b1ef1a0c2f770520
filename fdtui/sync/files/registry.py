"""What another try of each transfer needs: known here at once, stored behind it.

A disk that refuses never stops a transfer; it is reported once.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import Any

from fdtui.core.errors import StorageError
from fdtui.core.frozen import replace
from fdtui.core.transfer import Transfer
from fdtui.sync.storage.transfer_book import FileSlot, SavedTransfer, TransferBook
from fdtui.sync.store import Notice, StateStore

REGISTRY_BUSY_TIMEOUT = 6.0
"""Seconds that a transfer waits for the disk, at most; a little more than a busy ledger takes."""


class TransferRegistry:
    """Keeps the book as it should be. ``open_book`` may block; without it nothing is stored."""

    def __init__(self, store: StateStore, open_book: Callable[[], TransferBook] | None) -> None:
        self._store, self._open_book = store, open_book
        self._book: TransferBook | None = None
        self._kept: dict[int, SavedTransfer] = {}
        self._fresh: dict[str, SavedTransfer | None] = {}
        self._wake, self._opened = asyncio.Event(), asyncio.Event()
        self._waiters: list[asyncio.Future[None]] = []
        self._has_warned = False

    def get(self, ticket: int) -> SavedTransfer:
        """What is known of a transfer; raises `StorageError` where it was dismissed."""
        if ticket not in self._kept:
            raise StorageError("The transfer is gone.")
        return self._kept[ticket]

    def begin(
        self,
        transfer: Transfer,
        *,
        slot: FileSlot | None = None,
        url: str = "",
        stamp: tuple[int, int] | None = None,
    ) -> None:
        """Keep a new transfer."""
        now = self._store.clock()
        self._keep(transfer.ticket, SavedTransfer(secrets.token_hex(8), transfer, now, slot, url, stamp))

    def adopt(self, kept: SavedTransfer) -> None:
        """Keep what was claimed from the book, under its new ticket."""
        self._keep(kept.transfer.ticket, kept)

    def record(self, transfer: Transfer) -> None:
        """Keep how a transfer stands now."""
        self.change(transfer.ticket, transfer=transfer, at=self._store.clock())

    def change(self, ticket: int, **changes: Any) -> None:
        """Keep more of a transfer; does nothing for one that is gone."""
        if ticket in self._kept:
            changed = replace(self._kept[ticket], **changes)
            if changed != self._kept[ticket]:
                self._keep(ticket, changed)

    def drop(self, ticket: int) -> None:
        """Forget a transfer, here and in the book."""
        kept = self._kept.pop(ticket, None)
        if kept is not None:
            self._mark_unsaved(kept.id, None)

    async def stored(self) -> None:
        """Wait until all that was recorded is stored, or cannot be, or the disk takes too long."""
        if self._fresh and self._open_book is not None:
            done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiters.append(done)
            self._wake.set()
            _, late = await asyncio.wait([done], timeout=REGISTRY_BUSY_TIMEOUT)
            if late:
                self._warn(StorageError("The disk takes too long."))

    async def recall(self, workflows: frozenset[str]) -> tuple[SavedTransfer, ...]:
        """What was left of these workflows by windows that are no more; it is for us to `adopt`."""
        await self._opened.wait()
        if self._book is None:
            return ()
        try:
            return await asyncio.to_thread(self._book.claim, workflows, self._store.clock())
        except StorageError as error:
            self._warn(error)
            return ()

    async def run(self) -> None:
        """Store until cancelled."""
        await self._open()
        while self._book is not None:
            await self._wake.wait()
            self._wake.clear()
            await self._write(self._book)

    def close(self) -> None:
        """Store what was recorded last."""
        try:
            if self._book is not None and self._fresh:
                self._book.store(dict(self._fresh))
        except StorageError as error:
            self._warn(error)

    async def _open(self) -> None:
        try:
            if self._open_book is not None:
                self._book = await asyncio.to_thread(self._open_book)
        except StorageError as error:
            self._open_book = None
            self._warn(error)
        finally:
            self._opened.set()
            if self._book is None:
                self._release(self._waiters)

    async def _write(self, book: TransferBook) -> None:
        batch, waiters, self._waiters = dict(self._fresh), self._waiters, []
        try:
            if batch:
                await asyncio.to_thread(book.store, batch)
        except StorageError as error:
            self._warn(error)
        else:
            for id_, kept in batch.items():
                if id_ in self._fresh and self._fresh[id_] is kept:
                    del self._fresh[id_]
        finally:
            self._release(waiters)

    def _release(self, waiters: list[asyncio.Future[None]]) -> None:
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    def _keep(self, ticket: int, kept: SavedTransfer) -> None:
        self._kept[ticket] = kept
        self._mark_unsaved(kept.id, kept)

    def _mark_unsaved(self, id_: str, kept: SavedTransfer | None) -> None:
        if self._open_book is not None:
            self._fresh[id_] = kept
            self._wake.set()

    def _warn(self, error: StorageError) -> None:
        if not self._has_warned:
            self._has_warned = True
            self._store.on_notice(
                Notice(f"Files on their way will not outlive the program: {error}", "warning")
            )
