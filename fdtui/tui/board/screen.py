"""The board: columns of cards, a pane for one task, a line above and two below."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from fdtui.core.keymap import Keymap
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.views import BoardStart
from fdtui.sync.writing.draft_keeper import DraftKeeper
from fdtui.tui.board.arranging_commands import ArrangingCommands
from fdtui.tui.board.attention import Attention
from fdtui.tui.board.collapsed_column import CollapsedColumn
from fdtui.tui.board.column import ColumnView
from fdtui.tui.board.commands import BoardCommands
from fdtui.tui.board.dispatch import Dispatch
from fdtui.tui.board.drawing import Drawing
from fdtui.tui.board.features import Features
from fdtui.tui.board.frame_hold import FrameHold
from fdtui.tui.board.header import Header
from fdtui.tui.board.highlights import Highlights
from fdtui.tui.board.host import BoardHost, local_time
from fdtui.tui.board.intake import Intake
from fdtui.tui.board.key_gate import KeyGate
from fdtui.tui.board.left_card import LeftCard
from fdtui.tui.board.model import BoardModel
from fdtui.tui.board.mouse import Mouse
from fdtui.tui.board.next_keys import NextKeys
from fdtui.tui.board.quitting import Quitting
from fdtui.tui.board.searching import Searching
from fdtui.tui.board.view_tabs import BoardBeginning, ViewBook, ViewTabs
from fdtui.tui.board.widgets import BoardWidgets
from fdtui.tui.footer import Footer
from fdtui.tui.preferences import Behaviour, Look
from fdtui.tui.toolkit.key_events import Burst, KeyRead

if TYPE_CHECKING:
    from fdtui.sync.session import Session


class BoardScreen(Screen[None], inherit_bindings=False):
    """Builds the parts of the board and hands them what comes: states, keys, clicks.

    A part takes the parts below it, and of the screen no more than a `BoardFace`.
    """

    ALLOW_SELECT = False
    AUTO_FOCUS = ""
    BLANK = True
    DEFAULT_CSS = """
    BoardScreen { background: $fd-background; layers: below above; overflow: hidden; }
    BoardScreen > #air { height: 1; }
    BoardScreen > #body { height: 1fr; layout: horizontal; }
    """

    def __init__(
        self,
        session: Session,
        keymap: Keymap,
        look: Look,
        clock: Callable[[], float],
        behaviour: Behaviour,
        *,
        views: ViewBook,
        start: BoardStart,
    ) -> None:
        super().__init__(id="board")
        self.session, self.keymap, self.look, self._wall_clock = session, keymap, look, clock
        self.keeper = DraftKeeper(session.drafts, clock, self.set_timer)
        self.beginning = BoardBeginning(views, start, session, hide_end=look.hide_end)
        self.model = model = BoardModel(
            session.state,
            look,
            self.beginning,
            session.cached.place,
            lambda: local_time(clock()).date(),
        )
        tabs = ViewTabs(model, views, hide_end=look.hide_end)
        self.widgets = BoardWidgets(look.glyphs)
        self.host = host = BoardHost(
            self, model, self.widgets, look, keymap, session=session, keeper=self.keeper, clock=clock
        )
        self._attention = Attention(session, model)
        self._highlights = Highlights(is_wanted=look.motion, set_timer=self.set_timer, draw=self.draw)
        self._left_card = LeftCard(
            host,
            model,
            subject=lambda: self.subject,
            is_in_pane=lambda: self.features.panes.has_detail_keys,
            is_single=lambda: self.features.is_triaging,
        )
        self.features = Features(
            self, host, model, self.widgets, behaviour, walked=self._left_card.walked
        )
        self._searching = Searching(host, model)
        self._next_keys = NextKeys(host)
        quitting = Quitting(host, self.widgets.small)
        self._arranging = ArrangingCommands(
            host, model, tabs, left_card=self._left_card, moved=self.moved, start=start.view
        )
        self.commands = BoardCommands(
            self,
            host,
            model,
            self.features,
            left_card=self._left_card,
            arranging=self._arranging,
            keymap=keymap,
            is_quiet=lambda: not self.widgets.message.is_saying,
            quit=quitting.quit,
        )
        host.focus.begin_with(self.commands)
        self._intake = Intake(host, model, keymap, press=self.take_key, quit=quitting.quit)
        self._dispatch = Dispatch(
            host,
            keymap,
            gate=KeyGate(host, keymap, quitting),
            intake=self._intake,
            left_card=self._left_card,
            searching=self._searching,
            next_keys=self._next_keys,
            catch_up=self.catch_up,
        )
        self._mouse = Mouse(self, host, model, self.features, self._searching, fold=self._arranging.fold)
        self.drawing = Drawing(
            host,
            model,
            self.widgets,
            self.features,
            tabs,
            highlights=self._highlights,
            attention=self._attention,
        )
        self.hold = FrameHold(
            lambda: self.app, self.set_timer, self.check_idle, lambda: session.waiting.is_closing
        )

    def compose(self) -> ComposeResult:
        """The lines and panes, from top to bottom."""
        widgets = self.widgets
        yield widgets.header
        yield widgets.air
        with widgets.body:
            yield widgets.lanes
            yield widgets.nothing
            yield widgets.detail
        yield widgets.progress
        yield self.features.activity.pane
        yield widgets.message
        yield widgets.footer
        yield widgets.small

    def on_mount(self) -> None:
        """Draw what is known already: it is the first frame."""
        if self.session.state is not self.model.state:
            self.model.on_state(self.session.state)
        self.session.when_fetched(self.features.actions.looked)
        self.features.activity.start()
        self._intake.early.on_state(self.session.state)
        self.draw()

    def on_unmount(self) -> None:
        """Nothing is asked from now on."""
        self.hold.release()
        self.host.conversations.end()
        self._attention.end()
        self._searching.end()
        self._next_keys.end()
        self.drawing.end()

    def on_resize(self) -> None:
        """Choose what fits and draw it."""
        self._next_keys.end()
        self.features.on_resize()
        panes = self.features.panes
        if not self.host.is_beside and panes.has_detail:
            panes.give_detail_keys()
        self.draw()
        for overlay in self.host.overlays:
            overlay.place()

    # What the parts ask; see `BoardFace`

    @property
    def subject(self) -> Task | None:
        """See `BoardFace.subject`."""
        return self.features.subject

    @property
    def read(self) -> KeyRead | None:
        """See `BoardFace.read`."""
        return self._intake.read

    def draw(self) -> None:
        """See `BoardFace.draw`."""
        self.drawing.draw()
        self._searching.go_on()

    def moved(self, has_moved: bool = True) -> None:
        """See `BoardFace.moved`; a change of this card that was refused is told."""
        if not has_moved:
            return
        task, refused = self.host.current, self.model.state.refused
        if task is not None and task.key in refused:
            self.host.notify(refused[task.key], "error")
        self.drawing.follow_cursor()

    def chose_card(self) -> None:
        """See `BoardFace.chose_card`."""
        self._left_card.forget()
        self.moved()
        self.draw()

    def take_key(self, name: str, character: str | None, *, is_kept: bool = False) -> None:
        """See `BoardFace.take_key`."""
        self._dispatch.take_key(name, character, is_kept=is_kept)

    def give(self, command: str) -> None:
        """See `BoardFace.give`."""
        self._dispatch.give(command)

    # From the session

    def on_state_changed(self) -> None:
        """Follow the session, unless a key was faster."""
        self.catch_up()

    def catch_up(self) -> None:
        """See `BoardFace.catch_up`."""
        if self.session.state is not self.model.state:
            self._follow(self.session.state)

    def _follow(self, state: State) -> None:
        """Take another state, and tint what others have changed."""
        before, subject = self.model.state, self.subject
        self.hold.on_state(state)
        self._highlights.add(self.model.on_state(state))
        self._left_card.on_state(before, state, subject)
        self.features.on_state(before, state)
        self.draw()
        self.commands.on_state(before, state)
        self._intake.early.on_state(state)
        self.commands.answer(before, state)

    # Keys, paste, mouse

    async def on_key(self, event: events.Key) -> None:
        """The one place where keys come in."""
        event.stop().prevent_default()
        self.session.act()
        await self._intake.take(event)

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text goes where one types, and nowhere else: it is never a command."""
        event.stop()
        if not self.host.is_small:
            self._intake.paste(event)

    async def on_burst(self, event: Burst) -> None:
        """So does text that came all at once, though the terminal does not call it pasted."""
        event.stop()
        if not self.host.is_small:
            await self._intake.burst(event)

    def on_column_view_chosen(self, message: ColumnView.Chosen) -> None:
        """A card was clicked."""
        self._mouse.card(message.view.stage, message.place, message.group)

    def on_column_view_scrolled(self, message: ColumnView.Scrolled) -> None:
        """The wheel was turned over a column."""
        self._mouse.wheel(message.view.stage, message.cards)

    def on_collapsed_column_chosen(self, message: CollapsedColumn.Chosen) -> None:
        """A strip was clicked."""
        self._mouse.strip(message.index)

    def on_footer_chosen(self, message: Footer.Chosen) -> None:
        """A key in the footer was clicked."""
        self._mouse.hint(message.command)

    def on_header_tab_chosen(self, message: Header.TabChosen) -> None:
        """The tab of a view was clicked."""
        if self.host.overlay is None:
            self._arranging.show_tab(message.tab)

    def on_header_workflow_chosen(self) -> None:
        """The workflow's name was clicked."""
        self._mouse.workflow()
