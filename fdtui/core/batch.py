"""Several intents that the user gave as one: how far they are, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from fdtui.core.frozen import frozen, replace
from fdtui.core.intents import Intent


class Outcome(StrEnum):
    """What became of an item."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


@frozen
class BatchItem:
    """One intent of a batch; ``ticket`` is 0 where it was never posted, and ``why`` says why not."""

    ticket: int
    intent: Intent
    title: str
    """What to call its task, also once that is gone."""
    outcome: Outcome = Outcome.WAITING
    why: str = ""


@frozen
class Batch:
    """The items of one bulk change; ``group`` ties them together in the history."""

    group: int
    sentence: str
    """What it does, for a message: ``move to Done``."""
    items: tuple[BatchItem, ...]
    undoes: bool = False
    """Whether it takes an earlier one back."""

    def count(self, outcome: Outcome) -> int:
        """How many items came to that."""
        return sum(each.outcome is outcome for each in self.items)

    @property
    def is_over(self) -> bool:
        """Whether every item has its outcome."""
        return not self.count(Outcome.WAITING)

    @property
    def waiting(self) -> tuple[int, ...]:
        """The tickets that have no answer yet."""
        return tuple(each.ticket for each in self.items if each.outcome is Outcome.WAITING)

    @property
    def left(self) -> tuple[Intent, ...]:
        """The intents that did not go through, to be tried again."""
        lost = (Outcome.FAILED, Outcome.WITHDRAWN)
        return tuple(each.intent for each in self.items if each.outcome in lost)

    def answered(self, tickets: Iterable[int], outcome: Outcome, why: str = "") -> Batch:
        """The batch once these tickets have come to ``outcome``; itself where none is its own."""
        known = set(tickets)
        items = tuple(
            replace(each, outcome=outcome, why=why)
            if each.ticket in known and each.outcome is Outcome.WAITING
            else each
            for each in self.items
        )
        return self if items == self.items else replace(self, items=items)
