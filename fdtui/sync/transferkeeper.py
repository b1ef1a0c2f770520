"""What another try of each transfer needs: known here at once, stored behind it.

A disk that refuses never stops a transfer; it is told once.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import Any

from fdtui.core.errors import StorageError
from fdtui.core.frozen import replace
from fdtui.core.transfer import Transfer
from fdtui.sync.attaching import Spot
from fdtui.sync.holder import Holder, Notice
from fdtui.sync.transferbook import Kept, TransferBook

PATIENCE = 6.0
"""Seconds that a transfer waits for the disk, at most; a little more than a busy ledger takes."""


class TransferKeeper:
    """Keeps the book as it should be. ``open_book`` may block; without it nothing is stored."""

    def __init__(self, holder: Holder, open_book: Callable[[], TransferBook] | None) -> None:
        self._holder, self._open_book = holder, open_book
        self._book: TransferBook | None = None
        self._kept: dict[int, Kept] = {}
        self._fresh: dict[str, Kept | None] = {}
        self._wake, self._opened = asyncio.Event(), asyncio.Event()
        self._waiters: list[asyncio.Future[None]] = []
        self._is_complained = False

    def get(self, ticket: int) -> Kept:
        """What is known of a transfer; raises `StorageError` where it was dismissed."""
        if ticket not in self._kept:
            raise StorageError("The transfer is gone.")
        return self._kept[ticket]

    def begin(
        self,
        transfer: Transfer,
        *,
        spot: Spot | None = None,
        url: str = "",
        stamp: tuple[int, int] | None = None,
    ) -> None:
        """Keep a new transfer."""
        now = self._holder.clock()
        self._put(transfer.ticket, Kept(secrets.token_hex(8), transfer, now, spot, url, stamp))

    def adopt(self, kept: Kept) -> None:
        """Keep what was claimed from the book, under its new ticket."""
        self._put(kept.transfer.ticket, kept)

    def tell(self, transfer: Transfer) -> None:
        """Keep how a transfer stands now."""
        self.change(transfer.ticket, transfer=transfer, at=self._holder.clock())

    def change(self, ticket: int, **changes: Any) -> None:
        """Keep more of a transfer; does nothing for one that is gone."""
        if ticket in self._kept:
            changed = replace(self._kept[ticket], **changes)
            if changed != self._kept[ticket]:
                self._put(ticket, changed)

    def drop(self, ticket: int) -> None:
        """Forget a transfer, here and in the book."""
        kept = self._kept.pop(ticket, None)
        if kept is not None:
            self._note(kept.id, None)

    async def stored(self) -> None:
        """Wait until all that was told is stored, or cannot be, or the disk takes too long."""
        if self._fresh and self._open_book is not None:
            done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiters.append(done)
            self._wake.set()
            _, late = await asyncio.wait([done], timeout=PATIENCE)
            if late:
                self._complain(StorageError("The disk takes too long."))

    async def recall(self, workflows: frozenset[str]) -> tuple[Kept, ...]:
        """What was left of these workflows by windows that are no more; it is for us to `adopt`."""
        await self._opened.wait()
        if self._book is None:
            return ()
        try:
            return await asyncio.to_thread(self._book.claim, workflows, self._holder.clock())
        except StorageError as error:
            self._complain(error)
            return ()

    async def run(self) -> None:
        """Store until cancelled."""
        await self._open()
        while self._book is not None:
            await self._wake.wait()
            self._wake.clear()
            await self._write(self._book)

    def close(self) -> None:
        """Store what was told last."""
        try:
            if self._book is not None and self._fresh:
                self._book.store(dict(self._fresh))
        except StorageError as error:
            self._complain(error)

    async def _open(self) -> None:
        try:
            if self._open_book is not None:
                self._book = await asyncio.to_thread(self._open_book)
        except StorageError as error:
            self._open_book = None
            self._complain(error)
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
            self._complain(error)
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

    def _put(self, ticket: int, kept: Kept) -> None:
        self._kept[ticket] = kept
        self._note(kept.id, kept)

    def _note(self, id_: str, kept: Kept | None) -> None:
        if self._open_book is not None:
            self._fresh[id_] = kept
            self._wake.set()

    def _complain(self, error: StorageError) -> None:
        if not self._is_complained:
            self._is_complained = True
            self._holder.on_notice(
                Notice(f"Files on their way will not outlive the program: {error}", "warning")
            )
