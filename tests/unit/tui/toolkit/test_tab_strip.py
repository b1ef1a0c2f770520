"""The names of tabs where there is too little room for all of them."""

import pytest

from fdtui.tui.toolkit.tab_strip import TabStrip

LABELS = ("Fields", "Comments 3", "Checklist 2/5", "Links", "Activity")


class Strip(TabStrip):
    """Keeps what it would draw."""

    text = ""

    def draw(self, *lines: tuple[tuple[str, str], ...]) -> None:
        self.text = "".join(text for text, _ in lines[0])


def shown(at: int, width: int) -> str:
    strip = Strip()
    strip.show(LABELS, at, ("|", "line"), width, ("<", ">"))
    return strip.text


def test_all_of_them_need_no_mark() -> None:
    assert shown(0, 60).split() == ["|", *" ".join(LABELS).split()]


def test_what_is_cut_away_has_a_mark() -> None:
    assert shown(0, 46).endswith(">") and "Links" in shown(0, 46) and "Activity" not in shown(0, 46)
    assert shown(4, 46).startswith("|<") and "Activity" in shown(4, 46) and ">" not in shown(4, 46)
    assert shown(2, 18).startswith("|<") and shown(2, 18).endswith(">") and "2/5" in shown(2, 18)


@pytest.mark.parametrize("at", range(len(LABELS)))
@pytest.mark.parametrize("width", range(18, 70))
def test_the_open_one_is_always_there_and_no_line_is_too_long(at: int, width: int) -> None:
    line = shown(at, width)
    assert LABELS[at] in line and len(line) <= width
    assert ("<" in line) == (LABELS[0] not in line) and (">" in line) == (LABELS[-1] not in line)
