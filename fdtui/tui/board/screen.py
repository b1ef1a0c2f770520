"""The board: columns of cards, a pane for one task, a line above and two below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from fdtui.core.commands import BY_ID
from fdtui.core.keymap import Keymap
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.sync.writing.draft_keeper import DraftKeeper
from fdtui.tui.board.attention import Attention
from fdtui.tui.board.collapsed_column import CollapsedColumn
from fdtui.tui.board.column import ColumnView
from fdtui.tui.board.commands import BoardCommands
from fdtui.tui.board.drawing import Drawing
from fdtui.tui.board.features import Features
from fdtui.tui.board.frame_hold import FrameHold
from fdtui.tui.board.header import Header
from fdtui.tui.board.highlights import Highlights
from fdtui.tui.board.host import BoardHost
from fdtui.tui.board.intake import Intake
from fdtui.tui.board.key_gate import KeyGate
from fdtui.tui.board.lanes import Lanes
from fdtui.tui.board.left_card import LeftCard
from fdtui.tui.board.message import MessageLine
from fdtui.tui.board.model import BoardModel
from fdtui.tui.board.mouse import Mouse
from fdtui.tui.board.panes import Panes
from fdtui.tui.board.progress import ProgressLine
from fdtui.tui.board.quitting import Quitting
from fdtui.tui.board.searching import Searching
from fdtui.tui.detail.pane import DetailPane
from fdtui.tui.focus import Given
from fdtui.tui.footer import Footer
from fdtui.tui.preferences import Behaviour, Look
from fdtui.tui.toolkit.key_events import Burst
from fdtui.tui.toolkit.line_view import LineView
from fdtui.tui.toolkit.lined import Ground
from fdtui.tui.toolkit.overlay import Overlay
from fdtui.tui.toolkit.placeholder import Placeholder
from fdtui.tui.toolkit.theme import other_theme

if TYPE_CHECKING:
    from fdtui.sync.session import Session
    from fdtui.tui.board.answers import ChangeAnswers

BESIDE_FROM = 120
"""Screens of this width and more show the detail pane beside the board."""

SMALLEST_SCREEN = (20, 6)


class BoardScreen(Screen[None], inherit_bindings=False):
    """Shows a `BoardModel` and hands keys to the layers; has no state of its own but its panes."""

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
    ) -> None:
        super().__init__(id="board")
        self.session, self.keymap, self.look = session, keymap, look
        self.clock = clock
        self.draft_count = 0
        """Texts of this workflow that wait to be taken up again."""
        self.keeper = DraftKeeper(session.drafts, clock, self.set_timer)
        self.deck = BoardModel(
            session.state, look, session.last_view, session.cached.place, lambda: self.today
        )
        self.attention = Attention(session, self.deck)
        self.handlers = BoardCommands(self)
        self.host = BoardHost(self, keymap, self.handlers)
        self.intake = Intake(self)
        self.features = Features(self, behaviour)
        self.panes = Panes(self)
        self.drawing = Drawing(self)
        self.gate = KeyGate(self)
        self.left_card = LeftCard(
            self.host,
            self.deck,
            subject=lambda: self.subject,
            is_in_pane=lambda: self.panes.has_detail_keys,
            is_single=lambda: self.features.is_triaging,
        )
        self.highlights = Highlights(is_wanted=look.motion, set_timer=self.set_timer, draw=self.draw)
        self.mouse = Mouse(self)
        self.quitting = Quitting(self)
        self.searching = Searching(self)
        self.hold = FrameHold(
            lambda: self.app, self.set_timer, self.check_idle, lambda: session.waiting.is_closing
        )
        self._known_ticket = max((each.ticket for each in session.state.pending), default=0)
        """The last change that waited when the board was opened."""

    def compose(self) -> ComposeResult:
        """The lines and panes, from top to bottom."""
        glyphs = self.look.glyphs
        yield Header("header")
        yield LineView("air")
        with Ground(id="body"):
            yield Lanes(glyphs)
            yield Placeholder(name="nothing")
            yield DetailPane(glyphs)
        yield ProgressLine("progress")
        yield self.features.activity.pane
        yield MessageLine(glyphs)
        yield Footer("footer")
        yield Placeholder("Too small", "small")

    def on_mount(self) -> None:
        """Find the parts once, and draw what is known already: it is the first frame."""
        self.header = self.query_one(Header)
        self.air = self.query_one("#air", LineView)
        self.body = self.query_one("#body", Ground)
        self.lanes = self.query_one(Lanes)
        self.nothing = self.query_one("#nothing", Placeholder)
        self.small = self.query_one("#small", Placeholder)
        self.side = self.query_one(DetailPane)
        self.detail = self.side.detail
        self.progress = self.query_one(ProgressLine)
        self.message = self.query_one(MessageLine)
        self.footer = self.query_one(Footer)
        if self.session.state is not self.state:
            self.deck.on_state(self.session.state)
        self.session.when_fetched(self.features.actions.looked)
        self.features.activity.start()
        self.intake.early.on_state(self.session.state)
        self.draw()

    def on_unmount(self) -> None:
        """Nothing is asked from now on."""
        self.hold.release()
        self.host.conversations.end()
        self.attention.end()
        self.searching.end()
        self.drawing.end()

    def on_resize(self) -> None:
        """Choose what fits and draw it."""
        if not self.is_beside and self.panes.has_detail:
            self.panes.give_detail_keys()
        self.draw()
        for overlay in self.host.overlays:
            overlay.place()

    @property
    def state(self) -> State:
        """What the session knows, as it is drawn."""
        return self.deck.state

    @property
    def overlay(self) -> Overlay | None:
        """What lies over the board and has the keys."""
        top = self.host.focus.top
        return top if isinstance(top, Overlay) else None

    @property
    def current(self) -> Task | None:
        """The task under the cursor; while a field of one is edited in the pane, that one."""
        return self.host.held or self.subject

    @property
    def subject(self) -> Task | None:
        """The task that the keys of the board, or of triage, are for."""
        return self.features.triage.task if self.features.is_triaging else self.deck.current

    @property
    def is_small(self) -> bool:
        """Whether the screen is too small for the board, so that nothing of it is drawn."""
        width, height = self.app.size
        return width < SMALLEST_SCREEN[0] or height < SMALLEST_SCREEN[1]

    @property
    def is_beside(self) -> bool:
        """Whether the detail pane has room beside the board."""
        return self.app.size.width >= BESIDE_FROM

    @property
    def now(self) -> datetime:
        """The moment, in the user's time zone."""
        return datetime.fromtimestamp(self.clock()).astimezone()

    @property
    def today(self) -> date:
        """The day it is for the user."""
        return self.now.date()

    # From the session

    def on_state_changed(self) -> None:
        """Follow the session, unless a key was faster."""
        if self.session.state is not self.state:
            self._follow(self.session.state)

    def _follow(self, state: State) -> None:
        """Take another state, and tint what others have changed."""
        before, subject = self.state, self.subject
        self.hold.on_state(state)
        self.highlights.add(self.deck.on_state(state))
        self.left_card.on_state(before, state, subject)
        self.features.activity.on_state(before, state)
        self.features.actions.on_state(before, state)
        if self.features.is_triaging:
            self.features.triage.on_state(before, state)
        self.draw()
        if state.batch is not before.batch:
            self.handlers.bulk.on_state(before, state)
        self.handlers.on_state(before, state)
        self.intake.early.on_state(state)
        if state.pending or state.runs or "answers" in self.__dict__:
            self.answers.on_state(before, state)

    @cached_property
    def answers(self) -> ChangeAnswers:
        """Answers what the user changes; imported with the first change."""
        from fdtui.tui.board.answers import ChangeAnswers  # noqa: PLC0415

        return ChangeAnswers(
            self.host,
            self.deck,
            known=self._known_ticket,
            is_quiet=lambda: not self.message.is_saying,
            is_clear=lambda: self.overlay is None,
        )

    # What is drawn

    def draw(self) -> None:
        """Bring the screen up to date; what is right already is not painted again."""
        self.drawing.draw()
        self.searching.go_on()

    def draw_footer(self) -> None:
        """Say what can be done, and what has been typed of a command."""
        self.drawing.footer()

    # What the user does; `BoardCommands` and `BoardPickers` call these

    def show_notice(self, text: str, severity: str = "information") -> None:
        """Show a notice in the line above the footer, or in what lies over it."""
        if not any(overlay.take_notice(text, severity) for overlay in self.host.overlays):
            self.message.show_notice(text, severity)

    def count_drafts(self) -> None:
        """Count the texts that wait, and tell so in the header until there are none."""
        workflow = self.state.workflow_id
        count = sum(each.workflow == workflow for each in self.session.drafts.all())
        if count != self.draft_count:
            self.draft_count = count
            self.draw()

    def moved(self, has_moved: bool = True) -> None:
        """Follow the cursor, which the deck has moved."""
        if not has_moved:
            return
        task = self.current
        if task is not None and task.key in self.state.refused:
            self.show_notice(self.state.refused[task.key], "error")
        self.drawing.follow_cursor()

    def filter(self, text: str, caret: int | None = None) -> None:
        """Show only cards that pass this filter; while it is typed, ``caret`` is where."""
        if (text, caret) != (self.deck.view.filter, self.deck.caret):
            self.deck.filter(text, caret)
            self.left_card.forget()
            self.draw()

    def toggle_theme(self) -> None:
        """Change between dark and light."""
        self.app.theme = other_theme(self.app.theme)
        self.host.repaint()

    # Keys, paste, mouse

    async def on_key(self, event: events.Key) -> None:
        """The one place where keys become commands."""
        event.stop().prevent_default()
        self.session.act()
        await self.intake.take(event)

    def take_key(self, name: str, character: str | None, *, is_kept: bool = False) -> None:
        """Do what a key means; the next one, though it came with it, finds its effect on the board."""
        self.on_state_changed()
        if self.gate.takes(name, character, is_kept=is_kept):
            return
        if self.overlay is None or not self.overlay.is_typing:
            self.searching.finish()
        known = self.session.state
        self._press(name, character)
        if self.session.state is not known:
            self._follow(self.session.state)

    def _press(self, name: str, character: str | None) -> None:
        """A key is for the layer that has the keys, or a part of a command."""
        if self.overlay is not None and not self.intake.is_meant(self.overlay, name):
            return
        self.message.clear()
        if self._asks_for_repaint(name):
            self.host.repaint()
            return
        if self._asks_for_help(name):
            self.handlers.bindings()["app.help"](None)
            return
        pending = self.host.focus.pending
        given = self.host.focus.press(name, character)
        if given is not None:
            self._do(given)
        if self.overlay is not None or pending != self.host.focus.pending:
            self.draw_footer()

    def _asks_for_help(self, name: str) -> bool:
        """Whether the key asks for help on what lies over the board, and means nothing else there."""
        over, focus = self.overlay, self.host.focus
        if over is None or over.id == "help" or (over.is_typing and len(name) == 1):
            return False
        is_free = not focus.means(name) and name not in over.letters
        return is_free and self.keymap.resolve((name,)) == "app.help"

    def _asks_for_repaint(self, name: str) -> bool:
        """Whether the key asks to draw the screen again, whatever lies over the board."""
        is_typed = self.overlay is not None and self.overlay.is_typing and len(name) == 1
        return not is_typed and self.keymap.resolve((name,)) == "app.repaint"

    def give(self, command: str, count: int | None = None) -> None:
        """Give a command by its id, as if its key had been pressed."""
        self.searching.finish()
        given = self.host.focus.command(command, count)
        if given is not None:
            self._do(given)

    def _do(self, given: Given) -> None:
        """Do what a key has given, or say why it cannot be done now."""
        known, count = BY_ID[given.command], given.count
        if count is not None and not known.counts:
            title = known.title.rstrip("…")
            self.show_notice(f"{title} takes no number; press it without {count}.", "warning")
        elif self.intake.stops(given.command) or self.left_card.stops(given.command):
            return
        elif reason := given.layer.refuses(given.command):
            self.show_notice(reason, "warning")
        else:
            given.layer.bindings()[given.command](count)

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text goes where one types, and nowhere else: it is never a command."""
        event.stop()
        if not self.is_small:
            self.intake.paste(event)

    async def on_burst(self, event: Burst) -> None:
        """So does text that came all at once, though the terminal does not call it pasted."""
        event.stop()
        if not self.is_small:
            await self.intake.burst(event)

    def on_column_view_chosen(self, message: ColumnView.Chosen) -> None:
        """A card was clicked."""
        self.mouse.card(message.view.stage, message.row)

    def on_column_view_scrolled(self, message: ColumnView.Scrolled) -> None:
        """The wheel was turned over a column."""
        self.mouse.wheel(message.view.stage, message.cards)

    def on_collapsed_column_chosen(self, message: CollapsedColumn.Chosen) -> None:
        """A strip was clicked."""
        self.mouse.strip(message.index)

    def on_footer_chosen(self, message: Footer.Chosen) -> None:
        """A key in the footer was clicked."""
        self.mouse.hint(message.command)

    def on_header_workflow_chosen(self) -> None:
        """The workflow's name was clicked."""
        self.mouse.workflow()
