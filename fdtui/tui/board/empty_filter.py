"""Why a filter leaves no card: counted once it is kept, and told in place of the columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fdtui.core.query import Predicate, Query, read
from fdtui.core.task import Task
from fdtui.tui.board.model import BoardModel
from fdtui.tui.board.status_line import StatusKeys
from fdtui.tui.board.tally import Tally, Tests
from fdtui.tui.presentation.filters import filter_parts

_ENDS = "\0ends"
"""The name under which those that pass in hidden stages are counted."""


class EmptyFilter:
    """Knows what to say of one board where its filter hides every card."""

    def __init__(self, model: BoardModel, draw: Callable[[], object]) -> None:
        self._model, self._draw = model, draw
        self._tally = Tally(lambda: model.is_searching)
        self._of: tuple[Query, Mapping[str, Task]] | None = None
        self._counts: Mapping[str, int] = {}

    def words(self, keys: StatusKeys) -> tuple[str, str]:
        """The sentence and the hint; the numbers come a moment later."""
        query, shown = self._model.query, self._model.state.shown
        assert query is not None, "only a filter hides cards"  # noqa: S101
        if self._of is None or self._of[0] is not query or self._of[1] is not shown:
            self._of, self._counts = (query, shown), {}
            self._count(query)
        return emptied_words(
            query, self._model.counts[1], self._counts, self._counts.get(_ENDS, 0), keys
        )

    def _count(self, query: Query) -> None:
        model = self._model
        setting = model.board_filter.setting(model.state)
        unhidden = frozenset(
            stage.name for stage in model.state.schema.stages if not (stage.end and model.view.hide_end)
        )
        known = frozenset(stage.name for stage in model.state.schema.stages)

        def is_unhidden(task: Task) -> bool:
            return task.stage in unhidden or task.stage not in known

        def among(passes: Predicate, *, is_in_ends: bool = False) -> Predicate:
            return lambda task: is_unhidden(task) is not is_in_ends and passes(task)

        def made() -> Tests:
            tests = {
                part.text: among(model.board_filter.alone(read(part.text), setting).passes)
                for part in filter_parts(query)
            }
            if model.view.hide_end:
                tests[_ENDS] = among(query.passes, is_in_ends=True)
            return None, tests

        self._tally.begin(iter(model.state.shown.values()), made, self._counted, after=0.0)

    def _counted(self, counts: Mapping[str, int]) -> None:
        self._counts = counts
        self._draw()

    def end(self) -> None:
        """Count no further."""
        self._tally.end()


def emptied_words(
    query: Query, hidden: int, alone: Mapping[str, int], in_ends: int, keys: StatusKeys
) -> tuple[str, str]:
    """What to say where the filter hides all cards, and what helps.

    ``hidden`` is how many it hides, ``alone`` how many each of its parts would leave, and ``in_ends``
    how many pass it in end stages that are hidden.
    """
    parts = filter_parts(query)
    is_are = "card is" if hidden == 1 else "cards are"
    title = f"No card passes the filter; {hidden:,} {is_are} hidden."
    lines: list[str] = [problem.sentence for problem in query.wrong[:3]]
    if len(parts) > 1 and alone:
        lines += [f"{part.text} alone leaves {alone.get(part.text, 0):,}." for part in parts[:6]]
    if in_ends:
        where = "passes is in a hidden end stage" if in_ends == 1 else "pass are in hidden end stages"
        how = f"; {keys.toggle_end} shows {'it' if in_ends == 1 else 'them'}" if keys.toggle_end else ""
        lines.append(f"{in_ends:,} that {where}{how}.")
    drop = f"{keys.drop} drops the filter" if keys.drop else ""
    change = f"{keys.filter} changes it" if keys.filter else ""
    ways = ", ".join(each for each in (drop, change) if each)
    return title, "\n".join([*lines, f"{ways}." if ways else ""]).strip()
