"""The parts of a filter, the filters of before, and the list of suggestions: without a screen."""

from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.query import Setting, read, understand
from fdtui.core.query.completion import Suggestion
from fdtui.core.schema import Field, Schema, Stage
from fdtui.tui.board.filter_history import MOST_KEPT, FilterHistory, with_filter
from fdtui.tui.board.suggestion_list import SuggestionList
from fdtui.tui.preferences import ASCII, UNICODE
from fdtui.tui.presentation.filters import chips, filter_parts
from fdtui.tui.toolkit.cells import line_width

SCHEMA = Schema((Stage("Open"),), (Field("Severity", "singleSelect", options=("High", "Low")),))
TEXTS = st.text(st.sampled_from('ab :"<()-é漢\n'), max_size=30)


def parts(text: str) -> list[tuple[str, bool]]:
    query = understand(read(text), Setting(SCHEMA))
    return [(each.text, each.is_wrong) for each in filter_parts(query)]


def test_each_part_that_must_hold_is_one_and_words_together_are_one() -> None:
    assert parts('acme corp severity:high -(a or b) "x y" me') == [
        ("acme corp", False),
        ("severity:high", False),
        ("-(a or b)", False),
        ('"x y"', False),
        ("me", False),
    ]
    assert parts("a or severity:xyz") == [("a or severity:xyz", True)]
    assert parts("sevrity:high b") == [("sevrity:high", True), ("b", False)]
    assert parts("") == []


@given(TEXTS, st.integers(6, 40))
def test_chips_fit_the_room(text: str, room: int) -> None:
    for glyphs in (UNICODE, ASCII):
        line = chips(understand(read(text), Setting(SCHEMA)), room, glyphs)
        assert line_width(line) <= room + 1
        assert "\n" not in "".join(piece for piece, _ in line)


@given(st.lists(st.text("abc", max_size=2), max_size=80))
def test_the_history_holds_each_filter_once_the_latest_last(kept: list[str]) -> None:
    history: tuple[str, ...] = ()
    for text in kept:
        history = with_filter(history, text)
    assert len(set(history)) == len(history) <= MOST_KEPT and "" not in history
    assert not any(kept) or history[-1] == [text for text in kept if text][-1]


def test_what_was_typed_comes_back_behind_the_history() -> None:
    history = FilterHistory(("a", "b"), "b")
    history.typed("new")
    assert [history.move(step) for step in (-1, -1, 1)] == ["a", "a", "new"]
    assert history.is_older and not history.is_newer


@given(st.integers(1, 30), st.lists(st.sampled_from([1, -1]), max_size=40), st.integers(1, 10))
def test_the_marked_suggestion_is_in_view(count: int, steps: list[int], rows: int) -> None:
    shown = SuggestionList(UNICODE)
    shown.show(tuple(Suggestion(f"s{n}", f"s{n}", (0, 0)) for n in range(count)))
    for step in steps:
        shown.move(step)
        view = shown.in_view(rows)
        assert len(view) == min(rows, 8, count) or view[-1] is shown.found[-1]
        assert shown.marked is None or shown.marked in view
        assert len(shown.lines(rows, 40, {})) == len(view)
