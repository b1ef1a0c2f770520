"""What the server refused, or somebody overtook, until the user has seen it; it outlives the program."""

from __future__ import annotations

from collections.abc import Callable, Collection

from fdtui.core import events
from fdtui.core.intents import CreateTask
from fdtui.sync.storage.journal import EntryState, JournalEntry
from fdtui.sync.store import StateStore


class Unseen:
    """Keeps the board's refusals and conflicts and the journal's alike.

    ``close`` is called with the tickets of those that are seen now.
    """

    def __init__(self, store: StateStore, close: Callable[[Collection[int]], None]) -> None:
        self._store, self._close = store, close
        self._entries: dict[int, JournalEntry] = {}

    @property
    def all(self) -> tuple[JournalEntry, ...]:
        """What is to be seen, of all workflows."""
        return tuple(self._entries.values())

    def __contains__(self, ticket: int) -> bool:
        return ticket in self._entries

    def with_creation(self, entry: JournalEntry) -> list[JournalEntry]:
        """``entry``, and where its task was not created the creation and all that waited for it.

        In the order of the journal: a clock that was set back in between tells another.
        """
        same = [
            each
            for each in self._entries.values()
            if each.workflow == entry.workflow and each.pending.key == entry.pending.key
        ]
        is_made = not any(isinstance(each.pending.intent, CreateTask) for each in same)
        return [entry] if is_made else same

    def add(self, entry: JournalEntry) -> None:
        """It was refused just now, or before this start; the board knows, or `show` tells it."""
        self._entries[entry.ticket] = entry

    def show(self, workflow: str) -> None:
        """Put on the board what is to be seen of this workflow."""
        for entry in sorted(self._entries.values(), key=lambda each: each.at):
            if entry.workflow.id == workflow:
                self.show_one(entry)

    def show_one(self, entry: JournalEntry) -> None:
        """Put one on the board, if its workflow is there."""
        if self._store.shows(entry.workflow.id):
            self._store.apply(events.Queued(entry.pending))
            self._store.apply(refused(entry))

    def seen(self, key: str, state: EntryState) -> None:
        """The user has seen what was refused of this task of the board, or has resolved its conflict."""
        found = [
            each
            for each in self._entries.values()
            if each.pending.key == key and self._store.shows(each.workflow.id) and each.state is state
        ]
        self.discard({each.ticket for each in found})

    def discard(self, tickets: Collection[int]) -> None:
        """Let nothing more come of them."""
        self._close({each for each in tickets if self._entries.pop(each, None) is not None})

    def seen_elsewhere(self, entry: JournalEntry) -> None:
        """Another window has seen it."""
        if self._entries.pop(entry.ticket, None) is not None and self._store.shows(entry.workflow.id):
            self._store.apply(events.ConflictResolved(entry.pending.key))
            self._store.apply(events.Acknowledged(entry.pending.key))


def refused(entry: JournalEntry) -> events.Refused:
    """What the board takes of it."""
    return events.Refused(entry.ticket, entry.why, entry.conflict, entry.fields)
