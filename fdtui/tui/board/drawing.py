"""What the board's screen shows of a state: each part gets what is its own, and paints what differs."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from textual.timer import Timer

from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.board.attention import Attention
from fdtui.tui.board.column import HEAD_LINES, CardFace
from fdtui.tui.board.features import Features
from fdtui.tui.board.header import link_line
from fdtui.tui.board.highlights import Highlights
from fdtui.tui.board.host import BoardHost
from fdtui.tui.board.lane_faces import lane_face
from fdtui.tui.board.model import BoardModel
from fdtui.tui.board.status_line import StatusKeys, emptiness, standing_words
from fdtui.tui.board.view_tabs import ViewTabs
from fdtui.tui.board.widgets import BoardWidgets
from fdtui.tui.presentation.besides import beside
from fdtui.tui.toolkit.cells import Line
from fdtui.tui.toolkit.lined import show

if TYPE_CHECKING:
    from fdtui.tui.board.empty_filter import EmptyFilter

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

    def __init__(
        self,
        host: BoardHost,
        model: BoardModel,
        widgets: BoardWidgets,
        features: Features,
        tabs: ViewTabs,
        *,
        highlights: Highlights,
        attention: Attention,
    ) -> None:
        self._host, self._model, self._widgets, self._features = host, model, widgets, features
        self._tabs, self._highlights, self._attention = tabs, highlights, attention
        self._timer: Timer | None = None

    def draw(self) -> None:
        """Bring the screen up to date."""
        host, widgets, features = self._host, self._widgets, self._features
        glyphs, state = host.look.glyphs, host.state
        features.panes.offer_detail()
        self._arrange()
        keys = StatusKeys(*map(host.key_of, STATUS_IDS))
        widgets.header.draw(self.header_line(state, link_line(state, glyphs, host.now)))
        widgets.progress.show(state.batch, glyphs, host.key_of("board.stop"))
        if self._is_emptied:
            widgets.nothing.show_text(*self._emptied.words(keys))
        else:
            hide_end = self._model.view.hide_end
            widgets.nothing.show_text(*emptiness(state, keys, hide_end=hide_end))
        if not features.is_triaging:
            self.lanes()
            self.detail()
        host.draw_footer()
        widgets.message.show_resting(*standing_words(state, keys, glyphs.conflict))
        widgets.detail.give_keys(features.panes.has_detail_keys)
        if features.is_triaging:
            features.triage.draw()
        self._attention.on_cursor(features.subject)
        features.activity.draw()

    @property
    def _is_emptied(self) -> bool:
        """Whether a filter that is kept hides every card."""
        model, overlay = self._model, self._host.overlay
        if model.query is None or model.is_searching or (overlay is not None and overlay.id == "filter"):
            return False
        shown, total = model.counts
        return not shown and bool(total)

    @cached_property
    def _emptied(self) -> EmptyFilter:
        from fdtui.tui.board.empty_filter import EmptyFilter  # noqa: PLC0415  # not before a filter

        return EmptyFilter(self._model, self._host.draw)

    def end(self) -> None:
        """Draw nothing more."""
        if "_emptied" in self.__dict__:
            self._emptied.end()

    def _chips(self) -> Line:
        """The filter as it stands in the header."""
        query = self._model.query
        if query is None:
            return ()
        from fdtui.tui.presentation.filters import chips  # noqa: PLC0415  # not before the first filter

        return chips(query, max(30, self._host.app.size.width // 3), self._host.look.glyphs)

    def _sort_chips(self) -> Line:
        """The sort as it stands in the header."""
        host, sort = self._host, self._model.view.sort
        if not sort:
            return ()
        from fdtui.tui.presentation.sorts import sort_chips  # noqa: PLC0415  # not before the first sort

        room = max(24, host.app.size.width // 4)
        return sort_chips(sort, host.state.schema, room, host.look.glyphs)

    def header_line(self, state: State, link: Line) -> Line:
        """The first line, of ``state``, with ``link`` for how we stand with the server."""
        host, model = self._host, self._model
        return self._widgets.header.line(
            state,
            model.view,
            model.counts,
            host.look.glyphs,
            host.now,
            link=link,
            tabs=self._tabs.tabs,
            chips=self._chips(),
            sort=self._sort_chips(),
            selected=len(model.selection),
            drafts=host.draft_count,
            away="" if model.since_last.is_seen else model.since_last.away.words,
        )

    def _arrange(self) -> None:
        widgets, features, columns = self._widgets, self._features, self._model.columns
        width, height = self._host.app.size
        is_small, is_beside = self._host.is_small, self._host.is_beside
        has_detail = features.panes.has_detail
        is_over = has_detail and not is_beside
        show(widgets.small, is_small)
        for part in (widgets.header, widgets.message, widgets.footer):
            show(part, not is_small)
        show(widgets.body, not is_small and not features.is_triaging)
        features.activity.arrange(height, small=is_small)
        show(widgets.air, not is_small and height >= AIR_FROM)
        show(widgets.detail, has_detail)
        is_empty = not columns or self._is_emptied
        show(widgets.nothing, is_empty and not (is_over and columns))
        show(widgets.lanes, not is_empty and not is_over)
        wanted = max(46, min(100, width * 36 // 100)) if is_beside else width
        widgets.detail.fit(wanted, over=is_over)
        widgets.lanes.expect(width - (wanted + 1 if has_detail and is_beside else 0))

    def _column_rows(self) -> int:
        """Lines for cards in a column while nothing else is open: panes do not change the density."""
        height = self._host.app.size.height
        return height - HEAD_LINES - FRAME_LINES - (1 if height >= AIR_FROM else 0)

    def lanes(self) -> None:
        """Draw the columns."""
        model = self._model
        if model.columns:
            faces = [lane_face(model, index) for index in range(len(model.columns))]
            model.fit(self._column_rows())
            self._widgets.lanes.show(faces, model.active, model.plan, self._host.now.date(), self._face)

    def _face(self, task: Task, at_cursor: bool) -> CardFace:
        ground = "cursor" if at_cursor else self._highlights.ground(task.key)
        state = self._model.state
        mark, is_selected = state.mark(task), task.key in self._model.selection
        return CardFace(task, mark, ground, is_selected, beside(task, state, self._host.now))

    def detail(self) -> None:
        """Draw the detail pane, where it is open."""
        host, model, features = self._host, self._model, self._features
        if features.panes.has_detail:
            task = host.current
            features.actions.look(task)
            role = model.role_of(task.stage) if task else "dim"
            features.panes.detail.follow_cursor()
            self._widgets.detail.show(task, model.plan, host.state, stage=role, now=host.now)

    def follow_cursor(self) -> None:
        """Draw what depends on the cursor; the detail pane a little later, unless it has the keys."""
        panes = self._features.panes
        self.lanes()
        self._attention.on_cursor(self._features.subject)
        if not panes.has_detail:
            return
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._host.screen.set_timer(DETAIL_DELAY, self.detail)
        if panes.has_detail_keys:
            self.detail()  # the next key is for a field of it
