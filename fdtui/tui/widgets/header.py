"""What one sees: workflow, filter, how many cards, how we stand with the server."""

from __future__ import annotations

import time
from datetime import datetime

from fdtui.core.board import View
from fdtui.core.safetext import safe
from fdtui.core.state import Link, State
from fdtui.tui.cells import Line, Piece, cut, line_width, width_of
from fdtui.tui.look import Glyphs
from fdtui.tui.runwords import count_of
from fdtui.tui.widgets.lineview import LineView


class Header(LineView):
    """The first line of the board."""

    def show(
        self, state: State, view: View, counts: tuple[int, int], glyphs: Glyphs, *, selected: int = 0
    ) -> None:
        """Draw what the state says; where room is short the least important goes first."""
        width = self.size.width or self.app.size.width
        if not width:
            return
        name = safe(state.workflow.name) if state.workflow else ""
        left: list[Piece] = [(" fdtui ", "bold on_accent@accent"), ("  ", "text")]
        more = f" {glyphs.down}" if len(state.workflows) > 1 else ""
        right = _right(state, view, counts, glyphs, selected)
        room = width - line_width(tuple(left)) - width_of(more)
        while len(right) > 1 and sum(_size(each) for each in right) > room - min(width_of(name), 20):
            right.pop()
        # What matters most comes first in the list and stands furthest to the right but for ``me``.
        tail: Line = tuple(piece for each in right for piece in (*each, ("  ", "dim")))
        room = max(0, room - line_width(tail))
        left.append((cut(name, room, glyphs.cut), "bold text"))
        left.append((more, "dim"))
        gap = max(0, width - line_width((*left, *tail)))
        self.draw((*left, (" " * gap, "text"), *tail))


def _size(line: Line) -> int:
    return line_width(line) + 2


def _right(
    state: State, view: View, counts: tuple[int, int], glyphs: Glyphs, selected: int
) -> list[Line]:
    shown, total = counts
    parts: list[Line] = [link_line(state, glyphs), *((piece,) for piece in count_of(state, glyphs))]
    if selected:
        parts.append(((f"{glyphs.selected} {selected:,} selected", "bold purple"),))
    if view.filter:
        parts.append(((f"/{cut(safe(view.filter), 30, glyphs.cut)}", "bold accent"),))
    if state.loaded:
        count = f"{shown:,} of {total:,}" if view.filter else f"{total:,}"
        parts.append(((f"{count} task{'' if total == 1 else 's'}", "dim"),))
    if state.read_only or (state.loaded and not state.writable):
        parts.append((("read-only", "bold warn"),))
    if state.pending:
        parts.append(((f"{glyphs.waiting} {len(state.pending)}", "bold warn"),))
    if view.hide_end:
        parts.append((("end stages hidden", "italic dim"),))
    if state.me:
        parts.append(((safe(state.me), "dim"),))
    return parts


def link_line(state: State, glyphs: Glyphs) -> Line:
    """How we stand with the server, in a glyph and a word or two."""
    since = clock_time(state.link_since)
    match state.link:
        case Link.LIVE:
            return ((f"{glyphs.dot} live", "good"),)
        case Link.OFFLINE:
            words = f"offline since {since}" if since else "offline"
            return ((f"{glyphs.hollow} {words}", "bold warn"),)
        case Link.DENIED:
            return ((f"{glyphs.refused} key refused", "bold bad"),)
        case Link.CONNECTING:
            if state.as_of is not None:
                return ((f"{glyphs.hollow} as of {clock_time(state.as_of)}", "dim"),)
            return ((f"{glyphs.hollow} connecting", "dim"),)


def clock_time(seconds: float) -> str:
    """``14:03``; with the day where it is not of the last twelve hours is for another line."""
    if not seconds:
        return ""
    try:
        return f"{datetime.fromtimestamp(seconds):%H:%M}"
    except (OverflowError, OSError, ValueError):
        return time.strftime("%H:%M")
