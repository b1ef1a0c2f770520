"""What one sees: workflow, filter, how many cards, how we stand with the server."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

from textual import events
from textual.message import Message

from fdtui.core.board import View
from fdtui.core.safetext import safe
from fdtui.core.state import ConnectionState, State
from fdtui.tui.preferences import Glyphs
from fdtui.tui.presentation.ages import age_words
from fdtui.tui.presentation.header_tabs import HeaderTab, tab_lines, tabs_width
from fdtui.tui.presentation.runs import count_of
from fdtui.tui.toolkit.cells import Line, Piece, cut, line_width, width_of
from fdtui.tui.toolkit.line_view import LineView

_CONNECTING = ConnectionState.CONNECTING


class Header(LineView):
    """The first line of the board."""

    class WorkflowChosen(Message):
        """The workflow's name was clicked."""

    class TabChosen(Message):
        """The tab of a view was clicked."""

        def __init__(self, tab: int) -> None:
            super().__init__()
            self.tab = tab

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name)
        self._name_cells = range(0)
        """The cells of the workflow's name."""
        self._tab_cells: dict[int, range] = {}
        """The cells of each tab."""

    def on_click(self, event: events.Click) -> None:
        """Tell that another workflow, or another view, is wanted."""
        event.stop()
        if event.x in self._name_cells:
            self.post_message(self.WorkflowChosen())
        for tab, cells in self._tab_cells.items():
            if event.x in cells:
                self.post_message(self.TabChosen(tab))

    def line(
        self,
        state: State,
        view: View,
        counts: tuple[int, int],
        glyphs: Glyphs,
        now: datetime,
        *,
        link: Line,
        tabs: Sequence[HeaderTab] = (),
        selected: int = 0,
        drafts: int = 0,
        chips: Line = (),
        sort: Line = (),
        away: str = "",
    ) -> Line:
        """What stands in the header, with ``link`` for how we stand with the server.

        Where room is short the least important goes first.
        """
        width = self.size.width or self.app.size.width
        name = safe(state.workflow.name) if state.workflow else ""
        left: list[Piece] = [(" fdtui ", "bold on_accent@accent"), ("  ", "text")]
        more = f" {glyphs.down}" if len(state.workflows) > 1 else ""
        right = [
            link,
            *_right(state, view, counts, glyphs, now, selected=selected, chips=chips, sort=sort),
        ]
        if away:
            right.insert(-1 if state.me else len(right), ((away, "accent"),))
        if drafts:
            right.insert(-1 if state.me else len(right), ((_drafts(drafts), "warn"),))
        tabs_room = tabs_width(tabs, width // 3, glyphs)
        room = width - line_width(tuple(left)) - width_of(more) - tabs_room
        while len(right) > 1 and sum(_size(each) for each in right) > room - min(width_of(name), 20):
            del right[_least(right)]
        # What matters most comes first in the list and stands furthest to the right but for ``me``.
        tail: Line = tuple(piece for each in right for piece in (*each, ("  ", "dim")))
        room = max(0, room - line_width(tail) - 1)  # a blank, so that the two never touch
        start = line_width(tuple(left))
        left.append((cut(name, room, glyphs.cut), "bold text"))
        left.append((more, "dim"))
        self._name_cells = range(start, line_width(tuple(left)))
        self._tab_cells.clear()
        for tab, line in tab_lines(tabs, width - line_width((*left, *tail)) - 1, glyphs):
            start = line_width(tuple(left))
            left += line
            self._tab_cells[tab] = range(start, line_width(tuple(left)))
        gap = max(0, width - line_width((*left, *tail)))
        return (*left, (" " * gap, "text"), *tail)


def _least(parts: list[Line]) -> int:
    """Which part can be spared: what is dim before what warns, and of these the last."""
    dim = (at for at in range(len(parts) - 1, 0, -1) if "dim" in parts[at][0][1])
    return next(dim, len(parts) - 1)


def _size(line: Line) -> int:
    return line_width(line) + 2


def _right(
    state: State,
    view: View,
    counts: tuple[int, int],
    glyphs: Glyphs,
    now: datetime,
    *,
    selected: int,
    chips: Line,
    sort: Line,
) -> list[Line]:
    """What stands behind how we stand with the server."""
    shown, total = counts
    parts: list[Line] = [(piece,) for piece in count_of(state, glyphs)]
    if state.as_of is not None and (state.connection, state.connection_reason) != (_CONNECTING, ""):
        parts.insert(0, ((age_words(state.as_of, now), "warn"),))
    if selected:
        parts.append(((f"{glyphs.selected} {selected:,} selected", "bold purple"),))
    if chips:
        parts.append(chips)
    if sort:
        parts.append(sort)
    if state.loaded:
        count = f"{shown:,} of {total:,}" if view.filter else f"{total:,}"
        parts.append(((f"{count} task{'' if total == 1 else 's'}", "dim"),))
    if state.read_only or (state.loaded and not state.writable):
        parts.append((("read-only", "bold warn"),))
    saved = sum(pending.saved for pending in state.pending)
    if saved:
        parts.append(((f"{glyphs.waiting} {saved}", "bold warn"),))
    if unsaved := len(state.pending) - saved:
        parts.append(((f"{glyphs.saving} saving {unsaved}", "dim"),))
    if elsewhere := sum(state.elsewhere.values()):
        parts.append(((f"{glyphs.waiting} {elsewhere} elsewhere", "bold warn"),))
    if view.hide_end:
        parts.append((("end stages hidden", "italic dim"),))
    if state.me:
        parts.append(((safe(state.me), "dim"),))
    return parts


def _drafts(count: int) -> str:
    return f"{count} draft{'' if count == 1 else 's'}"


def link_line(state: State, glyphs: Glyphs, now: datetime) -> Line:
    """How we stand with the server, in a glyph and a word or two."""
    since = clock_time(state.connection_since)
    match state.connection:
        case ConnectionState.LIVE:
            return ((f"{glyphs.dot} live", "good"),)
        case ConnectionState.OFFLINE:
            words = f"offline since {since}" if since else "offline"
            return ((f"{glyphs.hollow} {words}", "bold warn"),)
        case ConnectionState.DENIED:
            return ((f"{glyphs.refused} key refused", "bold bad"),)
        case ConnectionState.REFUSED:
            words = f"error since {since}" if since else "error"
            return ((f"{glyphs.refused} {words}", "bold warn"),)
        case ConnectionState.CONNECTING:
            if state.connection_reason:
                late = state.connection_reason.removesuffix(".")
                return ((f"{glyphs.hollow} {late[:1].lower()}{late[1:]}", "bold warn"),)
            if state.as_of is not None:
                return ((f"{glyphs.hollow} {age_words(state.as_of, now)}", "dim"),)
            return ((f"{glyphs.hollow} connecting", "dim"),)


def clock_time(seconds: float) -> str:
    """``14:03``."""
    if not seconds:
        return ""
    try:
        return f"{datetime.fromtimestamp(seconds):%H:%M}"
    except (OverflowError, OSError, ValueError):
        return time.strftime("%H:%M")
