"""What the board's screen shows of a state: each part gets what is its own, and paints what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.timer import Timer

from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.board.column import CardFace
from fdtui.tui.board.header import link_line
from fdtui.tui.board.lane_faces import lane_face
from fdtui.tui.board.status_line import StatusKeys, emptiness, standing_words
from fdtui.tui.toolkit.cells import Line
from fdtui.tui.toolkit.lined import show

if TYPE_CHECKING:
    from fdtui.tui.board.screen import BoardScreen

AIR_FROM = 16
"""Screens of this height and more have an empty line under the header."""

DETAIL_DELAY = 0.08
"""Seconds after the last move before the detail pane follows the cursor."""


class Drawing:
    """Draws one board. Has no state of its own but the time until the detail pane follows."""

    def __init__(self, board: BoardScreen) -> None:
        self._board = board
        self._timer: Timer | None = None

    def draw(self) -> None:
        """Bring the screen up to date."""
        board, glyphs = self._board, self._board.look.glyphs
        self._arrange()
        view, state = board.deck.view, board.state
        ids = ("board.refresh", "board.resolve", "board.toggle-end")
        keys = StatusKeys(*map(board.host.key_of, ids))
        board.header.draw(self.header_line(state, link_line(state, glyphs, board.now)))
        board.progress.show(state.batch, glyphs, board.host.key_of("board.stop"))
        board.nothing.say(*emptiness(state, keys, hide_end=view.hide_end))
        if not board.features.is_triaging:
            self.lanes()
            self.detail()
        self.footer()
        board.message.rest(*standing_words(state, keys, glyphs.conflict))
        board.side.give_keys(board.panes.has_detail_keys)
        if board.features.is_triaging:
            board.features.triage.draw()
        board.attention.follow(board.subject)
        board.features.activity.draw()

    def header_line(self, state: State, link: Line) -> Line:
        """The first line, of ``state``, with ``link`` for how we stand with the server."""
        board, deck = self._board, self._board.deck
        return board.header.line(
            state,
            deck.view,
            deck.counts,
            board.look.glyphs,
            board.now,
            link=link,
            selected=len(deck.selection),
            drafts=board.draft_count,
        )

    def footer(self) -> None:
        """Say what can be done, and what has been typed of a command."""
        board = self._board
        board.footer.show(board.keymap, board.host.focus)

    def _arrange(self) -> None:
        board = self._board
        width, height = board.app.size
        small = board.is_small
        over = board.panes.has_detail and not board.is_beside
        show(board.small, small)
        for part in (board.header, board.message, board.footer):
            show(part, not small)
        show(board.body, not small and not board.features.is_triaging)
        board.features.activity.arrange(height, small=small)
        show(board.air, not small and height >= AIR_FROM)
        show(board.side, board.panes.has_detail)
        show(board.nothing, not board.deck.columns)
        show(board.lanes, bool(board.deck.columns) and not over)
        wanted = max(46, min(76, width * 36 // 100)) if board.is_beside else width
        board.side.fit(wanted, over=over)
        board.lanes.expect(width - (wanted + 1 if board.panes.has_detail and board.is_beside else 0))

    def lanes(self) -> None:
        """Draw the columns."""
        board, deck = self._board, self._board.deck
        if deck.columns:
            faces = [lane_face(deck, index) for index in range(len(deck.columns))]
            board.lanes.show(faces, deck.active, deck.plan, board.today, self._face)

    def _face(self, task: Task, at_cursor: bool) -> CardFace:
        board = self._board
        ground = "cursor" if at_cursor else board.highlights.ground(task.key)
        return CardFace(task, board.state.mark(task), ground, task.key in board.deck.selection)

    def detail(self) -> None:
        """Draw the detail pane, where it is open."""
        board = self._board
        if board.panes.has_detail:
            task = board.current
            board.features.actions.look(task)
            role = board.deck.role_of(task.stage) if task else "dim"
            board.handlers.tabs.follow_cursor()
            board.side.show(task, board.deck.plan, board.state, stage=role, now=board.now)

    def follow_cursor(self) -> None:
        """Draw what depends on the cursor; the detail pane a little later, unless it has the keys."""
        board = self._board
        self.lanes()
        board.attention.follow(board.subject)
        if not board.panes.has_detail:
            return
        if self._timer is not None:
            self._timer.stop()
        self._timer = board.set_timer(DETAIL_DELAY, self.detail)
        if board.panes.has_detail_keys:
            self.detail()  # the next key is for a field of it
