"""Saves what became of intents, which the board shows already, and lets go of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from fdtui.core.errors import StorageError
from fdtui.core.frozen import replace
from fdtui.core.intents import CreateTask
from fdtui.sync.storage.journal import EntryState, JournalEntry
from fdtui.sync.writing.deliverer import Rejection
from fdtui.sync.writing.journal_writer import JournalWriter
from fdtui.sync.writing.open_intents import OpenIntents
from fdtui.sync.writing.queued_intent import QueuedIntent


class Settling:
    """Finishes what it has begun, though whoever waits for it is cancelled.

    A window that has to let another send (`Outbox._resign`) stops in the midst of an answer: that
    answer is on the board, so it goes into the journal, and the intent waits no longer. ``failed`` is
    told what cannot be saved; that is looked at again at the next start.
    """

    def __init__(
        self,
        writer: JournalWriter,
        open_intents: OpenIntents,
        failed: Callable[[StorageError], None],
    ) -> None:
        self._writer, self._open, self._failed = writer, open_intents, failed
        self._under_way = set[asyncio.Future[None]]()

    async def settle(self, batch: Sequence[QueuedIntent], entries: Sequence[JournalEntry]) -> None:
        """Save ``entries``, the outcome of ``batch``."""
        saving = asyncio.ensure_future(self._save(entries))
        self._under_way.add(saving)
        saving.add_done_callback(self._under_way.discard)
        try:
            await asyncio.shield(saving)
        finally:
            for each in batch:
                self._open.remove(each)

    async def _save(self, entries: Sequence[JournalEntry]) -> None:
        try:
            await self._writer.call(partial(self._writer.journal.settle, entries))
        except StorageError as error:
            self._failed(error)


def refusals(batch: Sequence[QueuedIntent], rejection: Rejection) -> list[JournalEntry]:
    """What the journal keeps of a batch that is refused: of several edits, the last one says so.

    What was put into a creation that is refused is all kept: no server has any of it.
    """
    kept = batch if isinstance(batch[0].pending.intent, CreateTask) else batch[-1:]
    return [
        rejection.entry_of(each) if each in kept else replace(each.entry, state=EntryState.CLOSED)
        for each in batch
    ]
