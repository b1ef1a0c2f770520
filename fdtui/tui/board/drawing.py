"""What the board's screen shows of a state: each part gets what is its own, and paints what differs."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from textual.timer import Timer

from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.board.column import HEAD_LINES, CardFace
from fdtui.tui.board.header import link_line
from fdtui.tui.board.lane_faces import lane_face
from fdtui.tui.board.status_line import StatusKeys, emptiness, standing_words
from fdtui.tui.presentation.besides import beside
from fdtui.tui.toolkit.cells import Line
from fdtui.tui.toolkit.lined import show

if TYPE_CHECKING:
    from fdtui.tui.board.empty_filter import EmptyFilter
    from fdtui.tui.board.screen import BoardScreen

STATUS_IDS = ("board.refresh", "board.resolve", "board.toggle-end", "app.cancel", "board.filter")
"""The commands whose keys the words of `status_line` name, as `StatusKeys` has them."""

AIR_FROM = 16
"""Screens of this height and more have an empty line under the header."""

FRAME_LINES = 3
"""The header, and the two lines below the columns."""

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
        board.panes.offer_detail()
        self._arrange()
        view, state = board.deck.view, board.state
        keys = StatusKeys(*map(board.host.key_of, STATUS_IDS))
        board.header.draw(self.header_line(state, link_line(state, glyphs, board.now)))
        board.progress.show(state.batch, glyphs, board.host.key_of("board.stop"))
        if self._is_emptied:
            board.nothing.show_text(*self._emptied.words(keys))
        else:
            board.nothing.show_text(*emptiness(state, keys, hide_end=view.hide_end))
        if not board.features.is_triaging:
            self.lanes()
            self.detail()
        self.footer()
        board.message.show_resting(*standing_words(state, keys, glyphs.conflict))
        board.side.give_keys(board.panes.has_detail_keys)
        if board.features.is_triaging:
            board.features.triage.draw()
        board.attention.follow(board.subject)
        board.features.activity.draw()

    @property
    def _is_emptied(self) -> bool:
        """Whether a filter that is kept hides every card."""
        deck, overlay = self._board.deck, self._board.overlay
        if deck.query is None or deck.is_searching or (overlay is not None and overlay.id == "filter"):
            return False
        shown, total = deck.counts
        return not shown and bool(total)

    @cached_property
    def _emptied(self) -> EmptyFilter:
        from fdtui.tui.board.empty_filter import EmptyFilter  # noqa: PLC0415  # not before a filter

        return EmptyFilter(self._board.deck, self._board.draw)

    def end(self) -> None:
        """Draw nothing more."""
        if "_emptied" in self.__dict__:
            self._emptied.end()

    def _chips(self) -> Line:
        """The filter as it stands in the header."""
        query = self._board.deck.query
        if query is None:
            return ()
        from fdtui.tui.presentation.filters import chips  # noqa: PLC0415  # not before the first filter

        return chips(query, max(30, self._board.app.size.width // 3), self._board.look.glyphs)

    def _sort_chips(self) -> Line:
        """The sort as it stands in the header."""
        board, sort = self._board, self._board.deck.view.sort
        if not sort:
            return ()
        from fdtui.tui.presentation.sorts import sort_chips  # noqa: PLC0415  # not before the first sort

        room = max(24, board.app.size.width // 4)
        return sort_chips(sort, board.state.schema, room, board.look.glyphs)

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
            chips=self._chips(),
            sort=self._sort_chips(),
            selected=len(deck.selection),
            drafts=board.draft_count,
            away="" if deck.since_last.is_seen else deck.since_last.away.words,
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
        is_empty = not board.deck.columns or self._is_emptied
        show(board.nothing, is_empty and not (over and board.deck.columns))
        show(board.lanes, not is_empty and not over)
        wanted = max(46, min(100, width * 36 // 100)) if board.is_beside else width
        board.side.fit(wanted, over=over)
        board.lanes.expect(width - (wanted + 1 if board.panes.has_detail and board.is_beside else 0))

    def _column_rows(self) -> int:
        """Lines for cards in a column while nothing else is open: panes do not change the density."""
        height = self._board.app.size.height
        return height - HEAD_LINES - FRAME_LINES - (1 if height >= AIR_FROM else 0)

    def lanes(self) -> None:
        """Draw the columns."""
        board, deck = self._board, self._board.deck
        if deck.columns:
            faces = [lane_face(deck, index) for index in range(len(deck.columns))]
            deck.fit(self._column_rows())
            board.lanes.show(faces, deck.active, deck.plan, board.today, self._face)

    def _face(self, task: Task, at_cursor: bool) -> CardFace:
        board = self._board
        ground = "cursor" if at_cursor else board.highlights.ground(task.key)
        state = board.state
        mark, is_selected = state.mark(task), task.key in board.deck.selection
        return CardFace(task, mark, ground, is_selected, beside(task, state, board.now))

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
