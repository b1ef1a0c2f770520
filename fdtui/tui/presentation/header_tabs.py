"""The views of a workflow as tabs in the first line, each with its digit. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from fdtui.core.frozen import frozen
from fdtui.core.safetext import safe
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, cut, line_width, width_of

CHANGED_SIGN = "*"
"""Behind the name of a view that was changed since it was kept."""
SHORTEST_NAME = 6
"""Cells of a name that is cut."""
_MOST_DIGITS = 9
_GAP: Line = (("   ", "text"),)


@frozen
class HeaderTab:
    """A view, or the board without one."""

    name: str
    is_shown: bool
    is_changed: bool = False


def tab_lines(tabs: Sequence[HeaderTab], room: int, glyphs: Glyphs) -> list[tuple[int, Line]]:
    """Those of ``tabs`` that are drawn, by number, each with a gap before it.

    All of them where there is room, else as many as fit around the one that is shown, with a sign
    that there are more; that one is drawn in any case, and cut.
    """
    shown = next((at for at, each in enumerate(tabs) if each.is_shown), None)
    if shown is None:
        return []
    lines = [(*_GAP, *_tab(number, each, glyphs)) for number, each in enumerate(tabs, 1)]
    if sum(map(line_width, lines)) <= room:
        return list(enumerate(lines))
    more: Line = ((f" {glyphs.more}", "dim"),)
    room -= line_width(more)
    first = last = shown
    used = line_width(lines[shown])
    if used > room:
        left = max(SHORTEST_NAME, room - (used - width_of(tabs[shown].name)))
        lines[shown] = (*_GAP, *_tab(shown + 1, tabs[shown], glyphs, left))
    while True:
        if last + 1 < len(lines) and used + line_width(lines[last + 1]) <= room:
            last += 1
            used += line_width(lines[last])
        elif first > 0 and used + line_width(lines[first - 1]) <= room:
            first -= 1
            used += line_width(lines[first])
        else:
            break
    lines[last] = (*lines[last], *more)
    return [(at, lines[at]) for at in range(first, last + 1)]


def tabs_width(tabs: Sequence[HeaderTab], most: int, glyphs: Glyphs) -> int:
    """Cells that the tabs should have, however many parts want some of the line: ``most``, or less."""
    whole = sum(line_width(line) for _, line in tab_lines(tabs, 10**6, glyphs))
    least = sum(line_width(line) for _, line in tab_lines(tabs, 0, glyphs))
    return max(min(whole, most), least)


def _tab(number: int, tab: HeaderTab, glyphs: Glyphs, room: int = 40) -> Line:
    name = cut(safe(tab.name), room, glyphs.cut) + CHANGED_SIGN * tab.is_changed
    digit = f"{number} " if number <= _MOST_DIGITS else ""
    if tab.is_shown:
        return ((digit, "accent"), (name, "bold accent"))
    return ((digit, "dim"), (name, "dim"))
