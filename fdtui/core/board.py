"""The board: which card stands in which column, and how many there are."""

from __future__ import annotations

from collections.abc import Callable

from fdtui.core.frozen import frozen
from fdtui.core.schema import Stage
from fdtui.core.state import State
from fdtui.core.task import Task


@frozen
class View:
    """How the user wants to see the board."""

    filter: str = ""
    hide_end: bool = False
    passes: Callable[[Task], bool] | None = None
    """What decides whether a card is shown; ``None`` for all of them."""


@frozen
class Column:
    """One stage and its cards. ``total`` counts those that the filter hides, too."""

    stage: Stage
    tasks: tuple[Task, ...]
    total: int
    known: bool = True
    """False for a stage that tasks are in but the workflow does not list."""


def counts(shown: tuple[Column, ...]) -> tuple[int, int]:
    """How many cards these columns show, and how many tasks they hold."""
    return sum(len(column.tasks) for column in shown), sum(column.total for column in shown)


def neighbour(state: State, stage: str, step: int) -> str | None:
    """The stage ``step`` places from ``stage`` in workflow order, or ``None`` past the ends."""
    names = [each.name for each in state.schema.stages]
    if stage not in names:
        return None
    at = names.index(stage) + step
    return names[at] if 0 <= at < len(names) else None
