"""The board: columns of cards, a pane for one task, a line above and two below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.timer import Timer

from fdtui.core.keymap import Keymap
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.deck import Deck
from fdtui.tui.handlers import Handlers
from fdtui.tui.keys import KeySequence, key_name
from fdtui.tui.lanefaces import lane_face
from fdtui.tui.look import Look
from fdtui.tui.standing import emptiness, standing_words
from fdtui.tui.terminal import TerminalApp
from fdtui.tui.tints import Tints
from fdtui.tui.widgets.column import ColumnView, Face
from fdtui.tui.widgets.footer import Footer, key_label
from fdtui.tui.widgets.header import Header
from fdtui.tui.widgets.lanes import Lanes
from fdtui.tui.widgets.lined import Ground, show
from fdtui.tui.widgets.lineview import LineView
from fdtui.tui.widgets.message import MessageLine
from fdtui.tui.widgets.overlay import Overlay
from fdtui.tui.widgets.placeholder import Placeholder
from fdtui.tui.widgets.progress import Progress
from fdtui.tui.widgets.side import Side
from fdtui.tui.widgets.spine import Spine
from fdtui.tui.work import Work

if TYPE_CHECKING:
    from fdtui.sync.session import Session

BESIDE_FROM = 120
"""Screens of this width and more show the detail pane beside the board."""

AIR_FROM = 16
"""Screens of this height and more have an empty line under the header."""

SMALLEST = (20, 6)
SETTLE = 0.08
"""Seconds after the last move before the detail pane follows the cursor."""


class BoardScreen(Screen[None], inherit_bindings=False):
    """Shows a `Deck` and gives commands to `Handlers`; has no state of its own but its panes."""

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
        work: Callable[[BoardScreen], Work],
    ) -> None:
        super().__init__(id="board")
        self.session, self.keymap, self.look = session, keymap, look
        self.clock = clock
        self.deck = Deck(session.state, look)
        self.sequence = KeySequence(keymap)
        self.handlers = Handlers(self)
        self.pane = "board"
        """Where the movement keys go: ``board`` or ``detail``."""
        self.has_detail = False
        self.overlay: Overlay | None = None
        """What lies over the board and has the keys."""
        self.work = work(self)
        self._tints = Tints(self)
        self._settle_timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """The lines and panes, from top to bottom."""
        glyphs = self.look.glyphs
        yield Header("header")
        yield LineView("air")
        with Ground(id="body"):
            yield Lanes(glyphs)
            yield Placeholder(name="nothing")
            yield Side(glyphs)
        yield Progress("progress")
        yield self.work.pane
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
        self.side = self.query_one(Side)
        self.detail = self.side.detail
        self.progress = self.query_one(Progress)
        self.message = self.query_one(MessageLine)
        self.footer = self.query_one(Footer)
        self.deck.take(self.session.state)
        self.work.start()
        self.draw()

    def on_resize(self) -> None:
        """Choose what fits and draw it."""
        if not self.is_beside and self.has_detail:
            self.pane = "detail"
        self.draw()
        if self.overlay is not None:
            self.overlay.place()

    @property
    def state(self) -> State:
        """What the session knows, as it is drawn."""
        return self.deck.state

    @property
    def current(self) -> Task | None:
        """The task under the cursor; while a field of one is edited in the pane, that one."""
        if self.overlay is not None and (held := self.overlay.hold(self.state)) is not None:
            return held
        return self.work.triage.task if self.work.is_triaging else self.deck.current

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
        """Take another state, and tint what somebody else has changed."""
        before = self.state
        self._tints.add(self.deck.take(state))
        self.work.take(before, state)
        self.draw()
        if state.batch is not before.batch:
            self.handlers.bulk.follow(state.batch)
        self.handlers.heed(state)

    # What is drawn

    def draw(self) -> None:
        """Bring the screen up to date; what is right already is not painted again."""
        self._arrange_panes()
        view = self.deck.view
        picked = len(self.deck.selection)
        self.header.show(self.state, view, self.deck.counts, self.look.glyphs, selected=picked)
        self.progress.show(self.state.batch, self.look.glyphs, self.key_of("board.stop"))
        self.nothing.say(*emptiness(self.state, hide_end=view.hide_end))
        if not self.work.is_triaging:
            self._draw_lanes()
            self._draw_detail()
        self.draw_footer()
        self.message.rest(
            *standing_words(self.state, self.key_of("board.resolve"), self.look.glyphs.conflict)
        )
        self.side.give_keys(self.pane == "detail")
        self.work.draw()

    def draw_footer(self) -> None:
        """Say what can be done, and what has been typed of a command."""
        self.footer.show(
            self.keymap,
            pane=self.work.footer,
            writable=self.state.writable,
            pending=self.sequence.pending,
            tab=self.side.tab,
            over=self.overlay.hints() if self.overlay is not None else None,
        )

    def _arrange_panes(self) -> None:
        width, height = self.app.size
        small = width < SMALLEST[0] or height < SMALLEST[1]
        over = self.has_detail and not self.is_beside
        show(self.small, small)
        for part in (self.header, self.message, self.footer):
            show(part, not small)
        show(self.body, not small and not self.work.is_triaging)
        self.work.arrange(height, small=small)
        show(self.air, not small and height >= AIR_FROM)
        show(self.side, self.has_detail)
        show(self.nothing, not self.deck.columns)
        show(self.lanes, bool(self.deck.columns) and not over)
        wanted = max(46, min(76, width * 36 // 100)) if self.is_beside else width
        self.side.fit(wanted, over=over)

    def _draw_lanes(self) -> None:
        deck = self.deck
        if deck.columns:
            faces = [lane_face(deck, index) for index in range(len(deck.columns))]
            self.lanes.show(faces, deck.active, deck.plan, self.today, self._face)

    def _face(self, task: Task, at_cursor: bool) -> Face:
        ground = "cursor" if at_cursor else self._tints.ground(task.key)
        return Face(task, self.state.mark(task), ground, task.key in self.deck.selection)

    def _draw_detail(self) -> None:
        if self.has_detail:
            task = self.current
            self.work.actions.look(task)
            role = self.deck.role_of(task.stage) if task else "dim"
            self.handlers.tabs.follow()
            self.side.show(task, self.deck.plan, self.state, stage=role, now=self.now)

    def key_of(self, command: str) -> str:
        """The key of a command as people read it; empty where the user took it away."""
        keys = self.keymap.keys_of(command)
        return key_label(keys[0]) if keys else ""

    # What the user does; `Handlers` and `Choices` call these

    def say(self, text: str, severity: str = "information") -> None:
        """Say something in the line above the footer."""
        if self.overlay is None or not self.overlay.hear(text, severity):
            self.message.say(text, severity)

    def moved(self, has_moved: bool = True) -> None:
        """Follow the cursor, which the deck has moved."""
        if not has_moved:
            return
        self._draw_lanes()
        task = self.current
        if task is not None and task.key in self.state.refused:
            self.say(self.state.refused[task.key], "error")
        if self.has_detail:
            if self._settle_timer is not None:
                self._settle_timer.stop()
            self._settle_timer = self.set_timer(SETTLE, self._draw_detail)
            if self.pane == "detail":
                self._draw_detail()  # the next key is for a field of it

    def filter(self, text: str) -> None:
        """Show only cards that hold these words."""
        if text != self.deck.view.filter:
            self.deck.filter(text)
            self.draw()

    def open_detail(self) -> None:
        """Show every field of the task; where it is open already, give it the keys."""
        if self.has_detail or not self.is_beside:
            self.pane = "detail"
        if not self.has_detail and self.current is not None:
            self.handlers.tabs.count(self.current)
        self.has_detail = True
        self.draw()

    def close_detail(self) -> None:
        """Give the board its room back; what the pane told of a refusal counts as seen."""
        task = self.current
        self.has_detail, self.pane = False, "board"
        if task is not None and task.key in self.state.refused:
            self.session.acknowledge(task.key)
        self.draw()

    def next_pane(self) -> None:
        """Give the keys to the next pane."""
        if self.work.next_pane():
            return
        if not self.has_detail:
            self.has_detail, self.pane = True, "detail"
        elif self.is_beside:
            self.pane = "board" if self.pane == "detail" else "detail"
        else:
            self.has_detail, self.pane = False, "board"
        self.draw()

    def toggle_theme(self) -> None:
        """Change between dark and light."""
        self.app.theme = "fdtui-dark" if self.app.theme == "fdtui-light" else "fdtui-light"
        self.repaint_all()

    def repaint_all(self) -> None:
        """Paint every cell again, also where the terminal shows something else by now."""
        if isinstance(self.app, TerminalApp):
            self.app.forget_painted()
        self.draw()
        for widget in self.query("*"):
            widget.refresh()
        self.refresh(layout=True)

    def open(self, overlay: Overlay) -> None:
        """Lay something over the board; it has the keys until it is closed."""
        self.close()
        self.overlay = overlay
        self.mount(overlay)
        self.draw_footer()

    def close(self) -> None:
        """Take away what lies over the board."""
        if self.overlay is not None:
            overlay, self.overlay = self.overlay, None
            overlay.remove()
            self.draw_footer()

    # Keys, paste, mouse

    def on_key(self, event: events.Key) -> None:
        """The one place where keys become commands."""
        event.stop()
        event.prevent_default()
        if event.key == "ctrl+c":
            self.handlers.quit()
            return
        self.take_key(key_name(event), event.character)

    def take_key(self, name: str, character: str | None) -> None:
        """Do what a key means; the next one, though it came with it, finds its effect on the board."""
        known = self.session.state
        self._press(name, character)
        if self.session.state is not known:
            self._follow(self.session.state)

    def _press(self, name: str, character: str | None) -> None:
        """A key is for what lies over the board, else part of a command."""
        if self.overlay is not None:
            self.overlay.press(name, character)
            self.draw_footer()
            return
        self.message.hush()
        if self.pane == "detail" and not self.sequence.pending and self.handlers.tabs.press(name):
            return
        if self.work.press(name):
            return
        before = self.sequence.pending
        given = self.sequence.press(name)
        if before != self.sequence.pending:
            self.draw_footer()
        if given is not None:
            self.handlers.give(given.command, given.count)

    def on_paste(self, event: events.Paste) -> None:
        """Pasted text goes where one types, and nowhere else: it is never a command."""
        event.stop()
        if self.overlay is not None:
            self.overlay.paste(event.text)

    def on_column_view_chosen(self, message: ColumnView.Chosen) -> None:
        """A click puts the cursor on the card."""
        column = self.deck.turn_to(message.view.stage)
        if column is not None and message.row is not None and message.row < len(column.tasks):
            self.deck.go(message.row)
        self.pane = "board"
        self.moved()
        self.draw()

    def on_column_view_scrolled(self, message: ColumnView.Scrolled) -> None:
        """The wheel moves the column's view."""
        for column in self.deck.columns:
            if column.stage.name == message.view.stage:
                self.moved(self.deck.lane(column).scroll(message.cards))

    def on_spine_chosen(self, message: Spine.Chosen) -> None:
        """A click on a strip goes to its column."""
        self.moved(self.deck.turn(message.index - self.deck.active))

    def on_detail_clicked(self) -> None:
        """A click on the detail pane gives it the keys."""
        self.pane = "detail"
        self.draw()
