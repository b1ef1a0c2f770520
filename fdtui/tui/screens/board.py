"""The board: columns of cards, a pane for one task, a line above and two below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget
from textual.widget import Widget

from fdtui.core.board import Column, View, columns, counts
from fdtui.core.keymap import Keymap
from fdtui.core.safetext import safe
from fdtui.core.search import CardSearch
from fdtui.core.state import Link, State
from fdtui.core.task import NO_UNIQUE_ID, Task
from fdtui.tui.changes import changed_by_others
from fdtui.tui.handlers import Handlers
from fdtui.tui.keys import KeySequence, key_name
from fdtui.tui.lane import Lane
from fdtui.tui.look import Look
from fdtui.tui.present import CardPlan, plan_card
from fdtui.tui.terminal import TerminalApp
from fdtui.tui.theme import stage_role
from fdtui.tui.widgets.column import ColumnView, Face, Head
from fdtui.tui.widgets.detail import Detail
from fdtui.tui.widgets.footer import Footer
from fdtui.tui.widgets.header import Header
from fdtui.tui.widgets.lanes import LaneFace, Lanes
from fdtui.tui.widgets.lined import Ground
from fdtui.tui.widgets.lineview import LineView
from fdtui.tui.widgets.message import MessageLine
from fdtui.tui.widgets.overlay import Overlay
from fdtui.tui.widgets.placeholder import Placeholder
from fdtui.tui.widgets.spine import Spine

if TYPE_CHECKING:
    from fdtui.sync.session import Session

BESIDE_FROM = 120
"""Screens of this width and more show the detail pane beside the board."""

SMALLEST = (20, 6)
SETTLE = 0.08
"""Seconds after the last move before the detail pane follows the cursor."""

TINTED = 2.0
"""Seconds that a card which somebody else changed is tinted."""


class StateChanged(Message, bubble=False):
    """The session has another state; a newer message takes an older one's place."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self.state = state

    def can_replace(self, message: Message) -> bool:
        """Only the newest state is worth drawing."""
        return isinstance(message, StateChanged)


class BoardScreen(Screen[None], inherit_bindings=False):
    """Shows a `State`, keeps the cursor, and gives commands to `Handlers`."""

    ALLOW_SELECT = False
    AUTO_FOCUS = ""
    BLANK = True
    DEFAULT_CSS = """
    BoardScreen { background: $fd-background; layers: below above; overflow: hidden; }
    BoardScreen > #air { height: 1; }
    BoardScreen > #body { height: 1fr; layout: horizontal; }
    """

    def __init__(self, session: Session, keymap: Keymap, look: Look, clock: Callable[[], float]) -> None:
        super().__init__(id="board")
        self.session, self.keymap, self.look = session, keymap, look
        self._clock = clock
        self.state = session.state
        self.view = View(hide_end=look.hide_end)
        self.columns: tuple[Column, ...] = ()
        self.active = 0
        self.folded: set[str] = set()
        self.pane = "board"
        """Where the movement keys go: ``board`` or ``detail``."""
        self.has_detail = False
        self._detail_width = (0, False)
        self.overlay: Overlay | None = None
        self._search = CardSearch()
        self._plan = plan_card(self.state.schema, look)
        self._lane_of: dict[str, Lane] = {}
        self._tinted: frozenset[str] = frozenset()
        self._tint_timer: Timer | None = None
        self._settle_timer: Timer | None = None
        self.sequence = KeySequence(keymap)
        self.handlers = Handlers(self)

    # What stands on the screen

    def compose(self) -> ComposeResult:
        """The lines and panes, from top to bottom."""
        glyphs = self.look.glyphs
        yield Header("header")
        yield LineView("air")
        with Ground(id="body"):
            yield Lanes(glyphs)
            yield Placeholder(name="nothing")
            yield Detail(glyphs.wall)
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
        self.detail = self.query_one(Detail)
        self.message = self.query_one(MessageLine)
        self.footer = self.query_one(Footer)
        self._take(self.session.state, first=True)

    def on_resize(self, event: events.Resize) -> None:
        """Choose what fits and draw it."""
        if not self.is_beside and self.has_detail:
            self.pane = "detail"
        self.draw()
        if self.overlay is not None:
            self.overlay.place()

    def _arrange_panes(self) -> None:
        """Show the parts that there is room and reason for."""
        width, height = self.app.size
        small = width < SMALLEST[0] or height < SMALLEST[1]
        over = self.has_detail and not self.is_beside
        show(self.small, small)
        for part in (self.header, self.body, self.message, self.footer):
            show(part, not small)
        show(self.air, not small and height >= 16)
        show(self.detail, self.has_detail)
        show(self.nothing, not self.columns)
        show(self.lanes, bool(self.columns) and not over)
        wanted = max(40, min(76, width // 3)) if self.is_beside else width
        if self._detail_width != (wanted, over):
            self._detail_width = (wanted, over)
            self.detail.styles.width = "1fr" if over else wanted
            self.detail.styles.margin = (0, 0, 0, 0 if over else 1)

    @property
    def is_beside(self) -> bool:
        """Whether the detail pane has room beside the board."""
        return self.app.size.width >= BESIDE_FROM

    @property
    def today(self) -> date:
        """The day it is for the user."""
        return datetime.fromtimestamp(self._clock()).date()

    @property
    def card_plan(self) -> CardPlan:
        """Which fields stand where on a card."""
        return self._plan

    # From the session

    def on_state_changed(self, message: StateChanged) -> None:
        """Take the newest state."""
        self._take(message.state)

    def _take(self, state: State, *, first: bool = False) -> None:
        old, self.state = self.state, state
        if first or state.workflow != old.workflow:
            self._lane_of, self.active, self._tinted = {}, 0, frozenset()
            self.view = replace(self.view, filter="")
            self.folded.clear()
            self._search = CardSearch()
        if first or state.schema is not old.schema:
            self._plan = plan_card(state.schema, self.look)
        if self.look.motion and not first:
            self._tint(changed_by_others(old, state))
        self.sort_cards()
        if not old.loaded or first:
            self._start_on_cards()
        self.draw()

    def _start_on_cards(self) -> None:
        full = (index for index, column in enumerate(self.columns) if column.tasks)
        self.active = next(full, 0)

    def _tint(self, keys: frozenset[str]) -> None:
        if not keys:
            return
        self._tinted |= keys
        if self._tint_timer is not None:
            self._tint_timer.stop()
        self._tint_timer = self.set_timer(TINTED, self._untint)

    def _untint(self) -> None:
        self._tinted = frozenset()
        self.draw()

    # What is drawn

    def sort_cards(self) -> None:
        """Sort the tasks into columns again, as state and view are now."""
        name = self.columns[self.active].stage.name if self.active < len(self.columns) else None
        self.columns = columns(self.state, self.view, self._search) if self.state.loaded else ()
        names = [column.stage.name for column in self.columns]
        self.active = names.index(name) if name in names else min(self.active, max(0, len(names) - 1))
        for column in self.columns:
            self.lane(column).show(column.tasks)

    def lane(self, column: Column) -> Lane:
        """The cursor and view of a column; they outlive its being out of sight."""
        return self._lane_of.setdefault(column.stage.name, Lane())

    @property
    def column(self) -> Column | None:
        """The column under the cursor."""
        return self.columns[self.active] if self.active < len(self.columns) else None

    @property
    def current(self) -> Task | None:
        """The task under the cursor, or ``None`` (also in a folded column)."""
        column = self.column
        if column is None or column.stage.name in self.folded:
            return None
        return self.lane(column).task

    def role_of(self, stage: str) -> str:
        """The role of a stage's colour."""
        for index, each in enumerate(self.state.schema.stages):
            if each.name == stage:
                return stage_role(each, index)
        return "warn"

    def draw(self) -> None:
        """Bring the screen up to date; what is right already is not painted again."""
        self._arrange_panes()
        shown, total = counts(self.columns)
        self.header.show(
            self.state, self.view.filter, shown, total, self.view.hide_end, self.look.glyphs
        )
        self.nothing.say(*self._emptiness())
        if self.columns:
            self.lanes.show(self._lane_faces(), self.active, self._plan, self.today, self._face)
        self._draw_detail()
        self.draw_footer()
        self.message.rest(*self._standing_words())
        self.detail.give_keys(self.pane == "detail")

    def _face(self, task: Task, at_cursor: bool) -> Face:
        tinted = task.key in self._tinted
        ground = "cursor" if at_cursor else "tint" if tinted else "card"
        return Face(task, self.state.mark(task), ground)

    def draw_footer(self) -> None:
        """Say what can be done, and what has been typed of a command."""
        self.footer.show(
            self.keymap, pane=self.pane, writable=self.state.writable, pending=self.sequence.pending
        )

    def _draw_detail(self) -> None:
        if self.has_detail:
            task = self.current
            role = self.role_of(task.stage) if task else "dim"
            self.detail.show(task, self._plan, self.state, role, self.today)

    def _lane_faces(self) -> list[LaneFace]:
        filtered = bool(self.view.filter)
        faces = []
        for index, column in enumerate(self.columns):
            known, name = column.stage, column.stage.name or "(no stage)"
            count = f"{len(column.tasks):,}"
            if filtered:
                count += f" of {column.total:,}"
            role = stage_role(known, index) if column.known else "warn"
            head = Head(
                name=name if column.known else f"unknown stage: {name}",
                role=role,
                count=count,
                active=index == self.active,
                hint="nothing fits the filter" if filtered and column.total else "no cards",
            )
            faces.append(LaneFace(known.name, self.lane(column), head, known.name in self.folded))
        return faces

    def _emptiness(self) -> tuple[str, str]:
        """What to say where there are no columns, and the next step."""
        state = self.state
        if not state.loaded:
            if state.link is Link.CONNECTING:
                return "Connecting…", ""
            return state.link_reason or "Nothing has been loaded.", self._next_step()
        if self.view.hide_end and state.shown:
            return "All cards are in hidden end stages.", "Press . to show them."
        return "This workflow has no stages and no tasks yet.", ""

    def _next_step(self) -> str:
        if self.state.link is Link.DENIED:
            return "`fdtui auth login` takes another key; `fdtui auth status` says which one is used."
        return "It is tried again by itself; r tries now."

    def _standing_words(self) -> tuple[str, str]:
        """What stands in the message line while nothing happens."""
        state = self.state
        if state.loaded and state.link in (Link.OFFLINE, Link.DENIED):
            return f"{state.link_reason} {self._next_step()}".strip(), "warn"
        if state.loaded and state.schema.unique_id is None and not state.read_only:
            return NO_UNIQUE_ID, "warn"
        if state.complaints:
            count = len(state.complaints)
            return f"{count} record{'' if count == 1 else 's'} could not be shown", "dim"
        return "", "dim"

    # What the user does; `Handlers` calls these

    def say(self, text: str, severity: str = "information") -> None:
        """Say something in the line above the footer."""
        self.message.say(text, severity)

    def move_cursor(self, step: int) -> None:
        """Down by so many cards, or up."""
        if (column := self.column) is not None:
            self.go(self.lane(column).cursor + step)

    def go(self, index: int) -> None:
        """To the card at that place of the column."""
        column = self.column
        if column is not None and self.lane(column).go(index):
            self._moved()

    def move_column(self, step: int) -> None:
        """To another column; past the ends, to the last one there."""
        active = max(0, min(self.active + step, len(self.columns) - 1))
        if active != self.active:
            self.active = active
            self._moved()

    def _moved(self) -> None:
        if self.columns:
            self.lanes.show(self._lane_faces(), self.active, self._plan, self.today, self._face)
        task = self.current
        if task is not None and task.key in self.state.refused:
            self.say(self.state.refused[task.key], "error")
        if self.has_detail:
            if self._settle_timer is not None:
                self._settle_timer.stop()
            self._settle_timer = self.set_timer(SETTLE, self._draw_detail)

    def set_filter(self, text: str) -> None:
        """Show only cards that hold these words."""
        if text != self.view.filter:
            self.view = replace(self.view, filter=text)
            self.sort_cards()
            self.draw()

    def toggle_end(self) -> None:
        """Hide or show the end stages."""
        self.view = replace(self.view, hide_end=not self.view.hide_end)
        self.sort_cards()
        self.draw()

    def toggle_fold(self) -> None:
        """Fold the column under the cursor to a strip, or unfold it."""
        if (column := self.column) is not None:
            self.folded ^= {column.stage.name}
            self.draw()

    def open_detail(self) -> None:
        """Show every field of the task; where it is open already, give it the keys."""
        if self.has_detail or not self.is_beside:
            self.pane = "detail"
        self.has_detail = True
        self.draw()

    def close_detail(self) -> None:
        """Give the board its room back; what the pane told of a refusal counts as seen."""
        task = self.current
        self.has_detail = False
        self.pane = "board"
        if task is not None and task.key in self.state.refused:
            self.session.acknowledge(task.key)
        self.draw()

    def next_pane(self) -> None:
        """Give the keys to the other pane."""
        if not self.has_detail:
            self.open_detail()
            self.pane = "detail"
        elif self.is_beside:
            self.pane = "board" if self.pane == "detail" else "detail"
        self.draw()

    def toggle_theme(self) -> None:
        """Change between dark and light."""
        self.app.theme = "fdtui-dark" if self.app.theme == "fdtui-light" else "fdtui-light"
        self.draw()
        self.repaint_all()

    def repaint_all(self) -> None:
        """Paint every cell again, also where the terminal shows something else by now."""
        if isinstance(self.app, TerminalApp):
            self.app.forget_painted()
        self.refresh(layout=True)
        for widget in self.query("*"):
            widget.refresh()

    def quit_when_sent(self) -> None:
        """Leave once nothing that the user did is under way."""

        async def wait() -> None:
            await self.session.idle()
            self.app.exit()

        self.run_worker(wait(), group="quit", exclusive=True, exit_on_error=False)

    def open(self, overlay: Overlay) -> None:
        """Lay something over the board; it has the keys until it is closed."""
        self.close()
        self.overlay = overlay
        self.mount(overlay)

    def close(self) -> None:
        """Take away what lies over the board."""
        if self.overlay is not None:
            overlay, self.overlay = self.overlay, None
            overlay.remove()

    # Keys, paste, mouse

    def on_key(self, event: events.Key) -> None:
        """The one place where keys become commands."""
        event.stop()
        event.prevent_default()
        name = key_name(event)
        if event.key == "ctrl+c":
            self.handlers.quit()
            return
        if self.overlay is not None:
            self.overlay.press(name, event.character)
            return
        self.message.hush()
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
        self._to_stage(message.view.stage)
        if message.row is not None and (column := self.column) is not None:
            if message.row < len(column.tasks):
                self.lane(column).go(message.row)
        self.pane = "board"
        self._moved()
        self.draw()

    def on_column_view_scrolled(self, message: ColumnView.Scrolled) -> None:
        """The wheel moves the column's view."""
        for column in self.columns:
            if column.stage.name == message.view.stage and self.lane(column).scroll(message.cards):
                self._moved()

    def on_spine_chosen(self, message: Spine.Chosen) -> None:
        """A click on a strip goes to its column."""
        self.move_column(message.index - self.active)

    def on_detail_clicked(self) -> None:
        """A click on the detail pane gives it the keys."""
        self.pane = "detail"
        self.draw()

    def _to_stage(self, stage: str) -> None:
        for index, column in enumerate(self.columns):
            if column.stage.name == stage:
                self.active = index


def show(widget: Widget, shown: bool) -> None:
    """Show or hide a part; asking for what is so already costs no layout."""
    if widget.display != shown:
        widget.display = shown
