"""The tabs of views in the first line: all that fit, and in any case the one that is shown."""

from hypothesis import given
from hypothesis import strategies as st

from fdtui.tui.preferences import UNICODE
from fdtui.tui.presentation.header_tabs import HeaderTab, tab_lines, tabs_width
from fdtui.tui.toolkit.cells import Line, line_width

NAMES = st.sampled_from(("All", "Mine", "全角", "A view with a long name", "é", "x" * 40))


def text(lines: list[tuple[int, Line]]) -> str:
    return "".join(piece for _, line in lines for piece, _ in line)


def tabs(*names: str, shown: int = 0, is_changed: bool = False) -> list[HeaderTab]:
    return [HeaderTab(name, at == shown, is_changed and at == shown) for at, name in enumerate(names)]


def test_each_tab_has_its_digit_and_a_changed_one_its_sign() -> None:
    made = tab_lines(tabs("All", "Mine", "Late", shown=1, is_changed=True), 80, UNICODE)
    assert text(made) == "   1 All   2 Mine*   3 Late"
    many = tab_lines(tabs(*"abcdefghijk"), 200, UNICODE)
    assert text(many).endswith("   9 i   j   k")
    assert tab_lines([], 80, UNICODE) == []


def test_where_room_is_short_the_shown_one_stands_with_a_sign_that_there_are_more() -> None:
    three = tabs("All", "Mine", "Late", shown=2)
    assert text(tab_lines(three, 20, UNICODE)) == "   2 Mine   3 Late ›"
    assert text(tab_lines(three, 0, UNICODE)) == "   3 Late ›"
    assert text(tab_lines(tabs("All", "x" * 40, shown=1), 15, UNICODE)) == "   2 xxxxxxx… ›"


@given(st.lists(NAMES, min_size=1, max_size=12), st.integers(0, 11), st.integers(0, 120), st.booleans())
def test_what_is_drawn_fits_and_holds_the_shown_one(
    names: list[str], shown: int, room: int, is_changed: bool
) -> None:
    shown %= len(names)
    made = tab_lines(tabs(*names, shown=shown, is_changed=is_changed), room, UNICODE)
    numbers = [number for number, _ in made]
    assert shown in numbers and numbers == list(range(numbers[0], numbers[-1] + 1))
    assert line_width(tuple(piece for _, line in made for piece in line)) <= max(room, 15)
    assert (len(numbers) == len(names)) or text(made).endswith(" ›")
    wanted = tabs_width(tabs(*names, shown=shown, is_changed=is_changed), room, UNICODE)
    assert wanted <= max(room, 15)
