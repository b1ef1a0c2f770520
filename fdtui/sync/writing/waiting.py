"""What waits for the server, of all workflows and windows: to be looked at, tried again, discarded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from fdtui.sync.storage.journal import JournalEntry
from fdtui.sync.writing.editor import Editor
from fdtui.sync.writing.outbox import Outbox


class WaitingChanges:
    """The changes that have no answer yet, and those whose answer the user has not seen."""

    def __init__(self, outbox: Outbox, editor: Editor, *, is_kept: bool) -> None:
        self._outbox, self._editor = outbox, editor
        self.is_kept = is_kept
        """Whether they outlive the program."""

    @property
    def is_closing(self) -> bool:
        """Whether something was taken back, and that is not saved yet."""
        return self._outbox.is_closing

    def __len__(self) -> int:
        """How many have no answer."""
        return len(self._outbox)

    def entries(self) -> tuple[JournalEntry, ...]:
        """All of them, those that are to be seen as well; the oldest first."""
        return self._outbox.entries()

    def discard(self, entry: JournalEntry) -> bool:
        """Let nothing come of a change; false where it has been sent."""
        return self._editor.discard(entry)

    def retry(self, entry: JournalEntry) -> bool:
        """Do again what was refused, as a new change with its own check."""
        return self._editor.retry(entry)

    async def drain(self, seconds: float) -> bool:
        """Wait until each has its answer, at the most so long; whether each does."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._outbox.drained(), seconds)
        return not len(self._outbox)

    def when_settled(self, call: Callable[[JournalEntry], object]) -> None:
        """Call ``call`` with each change that came to its end, whoever sent it."""
        self._outbox.on_settled = call
