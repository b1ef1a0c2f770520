"""How the board is shown at the beginning of the next start: as it is now, but marked as old."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.strip import Strip

from fdtui.core.state import ConnectionState, State
from fdtui.tui.board.early_keys import mark_of
from fdtui.tui.presentation.ages import dated_words
from fdtui.tui.terminal.last_frame import OldPage
from fdtui.tui.toolkit.theme import paint_of, theme_name

if TYPE_CHECKING:
    from fdtui.tui.board.screen import BoardScreen


def old_page(board: BoardScreen) -> OldPage | None:
    """The lines that change, with `mark_of`; ``None`` while it is not the bare board that is shown."""
    state = board.host.state
    is_bare = board.host.overlay is None and not board.features.is_triaging and not board.host.is_small
    panes, look = board.features.panes, board.host.look
    is_opened = panes.has_detail and (panes.has_detail_keys or not panes.is_resident)
    is_open = is_opened or board.features.activity.is_shown
    is_usual = board.app.theme == theme_name(look.theme, look.depth)
    if not (is_bare and is_usual and state.loaded) or is_open or board.hold.is_holding:
        return None
    if not board.beginning.is_kept(board.model.saved):
        return None  # the next start shows another view, or another filter
    paint, width = paint_of(board.app.theme), board.app.size.width
    words = f"{board.host.look.glyphs.hollow} {dated_words(_as_of(state, board.host.clock()))}"
    header = board.drawing.header_line(as_before_connecting(state), ((words, "dim"),))
    lines = {board.widgets.header.region.y: paint.strip(header, width, board.widgets.header.GROUND)}
    if board.widgets.message.is_saying:
        region = board.widgets.message.region
        blank: Strip = paint.blank(width, board.widgets.message.GROUND)
        lines |= dict.fromkeys(range(region.y, region.bottom), blank)
    return OldPage(lines, mark_of(board.model))


def _as_of(state: State, now: float) -> float:
    """When the tasks were last known to be right."""
    if state.as_of is not None:
        return state.as_of
    return now if state.connection is ConnectionState.LIVE else (state.connection_since or now)


def as_before_connecting(state: State) -> State:
    """The state as its header would be while nothing is known of the server."""
    return replace(state, connection=ConnectionState.CONNECTING, connection_reason="")
