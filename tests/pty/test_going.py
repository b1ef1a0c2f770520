"""Going to places by keys, in small terminals: the list, the letters, what may follow, the mouse."""

from collections.abc import Callable

import pytest

from tests.terminal import Program

CLICKS_ON, CLICKS_OFF = b"\x1b[?1000h", b"\x1b[?1000l"


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (40, 12)])
def test_the_list_and_the_letters_lead_to_cards(
    start: Callable[..., Program], columns: int, rows: int
) -> None:
    program = start("demo", columns=columns, rows=rows)
    program.wait_for(r"▌ ")
    program.settle()
    program.press("ctrl+k")
    program.wait_for("Go to")
    program.settle()
    program.press(*"hooli")
    program.wait_for(r"▌ ●  Hooli")
    program.press("enter")
    program.wait_for(r"▌ Hooli")
    program.press(";")
    program.wait_for(r"[a-z] Hooli")
    program.wait_for(r"a (Wayne|Hooli|Soylent)")
    program.press("escape")
    program.wait_for(r"▌ Hooli")
    program.press("-")
    program.wait_gone(r"▌ Hooli")


def test_what_may_follow_is_shown_and_the_mouse_is_given_away(start: Callable[..., Program]) -> None:
    program = start("demo", columns=80, rows=24)
    program.wait_for(r"▌ ")
    program.settle()
    assert CLICKS_ON in program.output
    program.press("g")
    program.wait_for("g and then")
    program.wait_for("m  Mouse on or off")
    program.output.clear()
    program.press("m")
    program.wait_for("The mouse is for the terminal")
    assert CLICKS_OFF in program.output and CLICKS_ON not in program.output
    program.output.clear()
    program.press("g", "m")
    program.wait_for("The mouse is for fdtui")
    assert CLICKS_ON in program.output
