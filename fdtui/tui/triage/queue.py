"""The cards of a triage: which one it is the turn of, and what became of those before. Pure."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

PAUSE = 300.0
"""Seconds at one card that count at the most: whoever stays longer is elsewhere."""


@dataclass(frozen=True, slots=True)
class TriageQueue:
    """Task keys in the order of the board; ``at`` is past the end when all have had their turn."""

    keys: tuple[str, ...]
    at: int
    became: Mapping[str, str] = field(default_factory=dict)
    """Task key to ``decided``, ``skipped`` or ``snoozed``."""
    seconds: float = 0.0
    """For how long the user was at the cards that something became of, pauses left out."""

    @property
    def key(self) -> str | None:
        """The card that it is the turn of; ``None`` past the end."""
        return self.keys[self.at] if self.at < len(self.keys) else None

    @property
    def seconds_each(self) -> float | None:
        """How long a card takes; ``None`` before the first."""
        return self.seconds / len(self.became) if self.became else None

    def gone(self, step: int, what: str, there: Container[str], seconds: float = 0.0) -> TriageQueue:
        """This many cards on or back, over those that are gone; it took these ``seconds``."""
        became = dict(self.became)
        if what and self.key is not None and became.get(self.key) not in {"decided", "snoozed"}:
            became[self.key] = what
        at, direction = self.at, 1 if step > 0 else -1
        for _ in range(abs(step)):
            at += direction
            while 0 <= at < len(self.keys) and self.keys[at] not in there:
                at += direction
        if at < 0:
            at = self.at  # nothing is there before it
        spent = self.seconds + (min(seconds, PAUSE) if what else 0.0)
        return replace(self, at=min(at, len(self.keys)), became=MappingProxyType(became), seconds=spent)

    def coming(self, count: int) -> tuple[str, ...]:
        """This card and the next ones."""
        return self.keys[self.at : self.at + count]

    def counts(self) -> dict[str, int]:
        """How many cards were decided, snoozed and skipped."""
        words = list(self.became.values())
        return {what: words.count(what) for what in ("decided", "snoozed", "skipped") if what in words}
