"""Moves of tasks from stage to stage that were seen, from which their order is learned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from fdtui.core.frozen import frozen


@frozen
class ObservedMove:
    """A task that went from one stage to another."""

    before: str
    after: str
    task: str
    """The task's key: the same one counts once, however often it goes."""


class Moves(Protocol):
    """The moves that were seen in each workflow. Raises `StorageError`."""

    def get(self, workflow: str) -> frozenset[ObservedMove]:
        """All that are remembered."""
        ...

    def add(self, workflow: str, moves: Sequence[ObservedMove]) -> None:
        """Remember some, all or none of them."""
        ...


class MemoryMoves:
    """Moves that end with the program."""

    def __init__(self) -> None:
        self._moves: dict[str, set[ObservedMove]] = {}

    def get(self, workflow: str) -> frozenset[ObservedMove]:
        """See `Moves.get`."""
        return frozenset(self._moves.get(workflow, ()))

    def add(self, workflow: str, moves: Sequence[ObservedMove]) -> None:
        """See `Moves.add`."""
        self._moves.setdefault(workflow, set()).update(moves)


class MoveTable:
    """The moves in a ledger."""

    def __init__(self, ask: Any) -> None:
        self._ask = ask

    def get(self, workflow: str) -> frozenset[ObservedMove]:
        """See `Moves.get`."""
        rows = self._ask("select origin, target, task from move where workflow = ?", workflow)
        return frozenset(ObservedMove(*row) for row in rows)

    def add(self, workflow: str, moves: Sequence[ObservedMove]) -> None:
        """See `Moves.add`: one statement, so one commit."""
        values = [each for move in moves for each in (workflow, move.before, move.after, move.task)]
        rows = ", ".join("(?, ?, ?, ?)" for _ in moves)
        self._ask(f"insert or ignore into move values {rows}", *values)  # noqa: S608 (question marks)
