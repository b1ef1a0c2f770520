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
    state = board.state
    is_bare = board.overlay is None and not board.features.is_triaging and not board.is_small
    is_open = board.features.activity.is_shown or (
        board.panes.has_detail and (board.panes.has_detail_keys or not board.panes.is_resident)
    )
    is_usual = board.app.theme == theme_name(board.look.theme, board.look.depth)
    if not (is_bare and is_usual and state.loaded) or is_open or board.hold.is_holding:
        return None
    paint, width = paint_of(board.app.theme), board.app.size.width
    words = f"{board.look.glyphs.hollow} {dated_words(_as_of(state, board.clock()))}"
    header = board.drawing.header_line(as_before_connecting(state), ((words, "dim"),))
    lines = {board.header.region.y: paint.strip(header, width, board.header.GROUND)}
    if board.message.is_saying:
        region = board.message.region
        blank: Strip = paint.blank(width, board.message.GROUND)
        lines |= dict.fromkeys(range(region.y, region.bottom), blank)
    return OldPage(lines, mark_of(board.deck))


def _as_of(state: State, now: float) -> float:
    """When the tasks were last known to be right."""
    if state.as_of is not None:
        return state.as_of
    return now if state.connection is ConnectionState.LIVE else (state.connection_since or now)


def as_before_connecting(state: State) -> State:
    """The state as its header would be while nothing is known of the server."""
    return replace(state, connection=ConnectionState.CONNECTING, connection_reason="")
