"""A column in groups: the cursor stands on cards and on folded heads, and is always in view."""

from array import array

from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.board import ColumnCards
from fdtui.core.grouping import CardGroup, GroupSection
from fdtui.core.schema import Field
from fdtui.core.task import Task
from fdtui.core.task_map import TaskMap
from fdtui.tui.board.column_cursor import ColumnCursor
from fdtui.tui.board.column_stops import ColumnStops

WHO = Field("Who")


def cards(*sizes: int, first: int = 0) -> ColumnCards:
    """Cards in groups a, b, c, … of these sizes; without a size there are no groups."""
    sections, start = [], 0
    for name, size in zip("abcdefgh", sizes, strict=False):
        if size:
            group = CardGroup(name, name.upper(), name.encode(), WHO)
            sections.append(GroupSection(group, start, start + size))
            start += size
    tasks = TaskMap({str(n): Task(str(n), str(n), {}) for n in range(first, first + start)})
    return ColumnCards(tasks, array("I", range(start)), is_rising=False, sections=tuple(sections))


SIZES = st.lists(st.integers(0, 9), min_size=1, max_size=6)
FOLDED = st.frozensets(st.sampled_from("abcdef"))


@given(SIZES, FOLDED)
def test_each_card_and_each_folded_head_is_one_stop(sizes: list[int], folded: frozenset[str]) -> None:
    column = cards(*sizes)
    stops = ColumnStops(column, folded)
    seen = []
    for stop in range(len(stops)):
        section = stops.section(stop)
        assert section is not None and stops.is_head(stop) == (section.group.id in folded)
        if stops.is_head(stop):
            assert stops.task(stop) is None
            assert all(stops.of_row(row) == stop for row in range(section.start, section.end))
        else:
            seen.append(stops.row(stop))
            assert stops.of_row(stops.row(stop)) == stop
            assert stops.task(stop) is column[stops.row(stop)]
    open_ = [each for each in column.sections if each.group.id not in folded]
    assert seen == [row for each in open_ for row in range(each.start, each.end)]
    assert stops.task(len(stops)) is None


@given(
    SIZES,
    FOLDED,
    st.integers(1, 40),
    st.sampled_from(((1, 0), (3, 1), (4, 1))),
    st.lists(st.tuples(st.sampled_from(("go", "scroll", "group")), st.integers(-12, 12)), max_size=12),
)
def test_the_cursor_is_in_view_and_what_is_in_view_has_no_gap(
    sizes: list[int],
    folded: frozenset[str],
    lines: int,
    card: tuple[int, int],
    acts: list[tuple[str, int]],
) -> None:
    lane = ColumnCursor()
    lane.show(cards(*sizes), folded)
    lane.resize(lines, *card)
    for act, step in acts:
        if act == "go":
            lane.go(lane.cursor + step)
        elif act == "scroll":
            lane.scroll(step)
        else:
            lane.go_to_group(step)
        slots = list(lane.slots)
        assert [each.y for each in slots] == [
            sum(s.height for s in slots[:n]) for n in range(len(slots))
        ]
        stops = [each.stop for each in slots if each.stop is not None]
        assert stops == list(range(lane.top, lane.top + len(stops)))
        if not len(lane.stops):
            continue
        assert slots[0].section is not None
        assert lane.top <= lane.cursor < lane.top + lane.room
        at_cursor = next((each for each in slots if each.stop == lane.cursor), None)
        written = 1 if lane.stops.is_head(lane.cursor) else card[0] - card[1]
        assert at_cursor is not None or lines < 1 + written
        if at_cursor is not None and lines > written:
            assert at_cursor.y + written <= lines
        start, end = lane.thumb(10)
        assert (start, end) == (0, 0) or 0 <= start < end <= 10


@given(SIZES, FOLDED, st.integers(1, 40), st.sampled_from(((1, 0), (3, 1), (4, 1))))
def test_at_the_end_the_last_card_is_wholly_in_view_and_no_line_is_lost(
    sizes: list[int], folded: frozenset[str], lines: int, card: tuple[int, int]
) -> None:
    lane = ColumnCursor()
    lane.show(cards(*sizes), folded)
    lane.resize(lines, *card)
    lane.go(10**9)
    stops = lane.stops
    last = stops.last_top(lines, *card)
    assert lane.top <= last
    if last < len(stops) - 1:
        slots = list(stops.slots(last, lines, card[0]))
        assert slots[-1].stop == len(stops) - 1
    assert lane.has_more == (stops.height(*card) > lines)
    if last > 0:
        before = list(stops.slots(last - 1, 10**6, card[0]))
        end = before[-1].y + before[-1].height - (0 if stops.is_head(len(stops) - 1) else card[1])
        assert end > lines


def test_a_group_that_is_folded_takes_the_cursor_and_gives_it_back_to_its_first_card() -> None:
    lane, column = ColumnCursor(), cards(3, 3, 3)
    lane.show(column)
    lane.resize(20)
    lane.go(4)
    assert lane.position == 4 and lane.group is not None and lane.group.group.id == "b"
    lane.show(column, frozenset("b"))
    assert (lane.cursor, lane.task) == (3, None)
    lane.go(4)
    assert lane.task is not None and lane.task.key == "6"
    lane.go(3)
    lane.show(column)
    assert lane.task is not None and lane.task.key == "3"


def test_a_folded_group_keeps_the_cursor_while_others_grow() -> None:
    lane = ColumnCursor()
    lane.show(cards(2, 3), frozenset("b"))
    lane.resize(20)
    lane.go(2)
    lane.show(cards(5, 4), frozenset("b"))
    assert lane.cursor == 5 and lane.group is not None and lane.group.group.id == "b"


def test_from_group_to_group() -> None:
    lane = ColumnCursor()
    lane.show(cards(2, 3, 0, 4))
    lane.resize(20)
    lane.go(3)
    assert lane.go_to_group(-1) and lane.cursor == 2
    assert lane.go_to_group(-1) and lane.cursor == 0
    assert not lane.go_to_group(-1)
    assert lane.go_to_group(2) and lane.cursor == 5
    assert not lane.go_to_group(1)
    assert not lane.go_to("99")
