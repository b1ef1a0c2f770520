"""What the filter, the sort and the groups of one board mean by now: day and workflow may be others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from fdtui.core.board import View
from fdtui.core.state import State

if TYPE_CHECKING:
    from fdtui.core.query import Query
    from fdtui.tui.board.board_filter import BoardFilter
    from fdtui.tui.board.board_sort import BoardSort


class ViewReader:
    """Understands the texts of a view; the same meaning is the same object."""

    def __init__(
        self, today: Callable[[], date], changed: Callable[[], frozenset[str]] = frozenset
    ) -> None:
        """``changed`` tells the keys of the tasks that others changed."""
        self._today, self._changed = today, changed

    @cached_property
    def board_filter(self) -> BoardFilter:
        """What understands filters; imported with the first."""
        from fdtui.tui.board.board_filter import BoardFilter  # noqa: PLC0415

        return BoardFilter(self._today, self._changed)

    @cached_property
    def _board_sort(self) -> BoardSort:
        from fdtui.tui.board.board_sort import BoardSort  # noqa: PLC0415  # not before the first sort

        return BoardSort()

    def read(self, view: View, state: State, caret: int | None) -> tuple[View, Query | None]:
        """The view with what it means, and what its filter does; ``caret`` as `BoardFilter` has it."""
        order = self._board_sort.order(view, state.schema) if view.sort or view.group else None
        if order is not view.order:
            view = replace(view, order=order)
        query = self.board_filter.query(view.filter, state, caret) if view.filter.strip() else None
        passes = None if query is None else query.passes
        if passes is not view.passes:
            words, rest = (query.words, query.rest) if query is not None else ((), None)
            view = replace(view, passes=passes, words=words, rest=rest)
        return view, query
