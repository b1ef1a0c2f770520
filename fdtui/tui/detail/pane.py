"""The pane of one task: its tabs, and the one that is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from textual.app import ComposeResult

from fdtui.core.details import Comment, Details
from fdtui.core.remarks import with_pending
from fdtui.core.state import ConnectionState, State
from fdtui.core.task import Task
from fdtui.tui.detail.blocks_view import BlocksView
from fdtui.tui.detail.fields_view import FieldsView
from fdtui.tui.preferences import Glyphs
from fdtui.tui.presentation.ages import age_words
from fdtui.tui.presentation.cards import CardPlan, title_of
from fdtui.tui.presentation.details import (
    PARTS,
    Block,
    Page,
    Tab,
    activity_blocks,
    checklist_blocks,
    comment_blocks,
    label,
    words,
)
from fdtui.tui.presentation.links import count, link_blocks, relations
from fdtui.tui.presentation.stacked import stacked
from fdtui.tui.toolkit.cells import Line, cut
from fdtui.tui.toolkit.lined import Ground, show
from fdtui.tui.toolkit.pager import Pager
from fdtui.tui.toolkit.tab_strip import TabStrip

STACKED_FROM = 50
"""Windows of this height and more show checklist, comments and activity below the fields."""


class DetailPane(Ground):
    """Shows the fields by `FieldsView` and every other tab by `BlocksView`, below all their names."""

    DEFAULT_CSS = """
    DetailPane { display: none; layout: vertical; height: 1fr; background: $fd-background; }
    DetailPane > TabStrip { width: 1fr; }
    """

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="side")
        self._glyphs = glyphs
        self.detail = FieldsView(glyphs.wall)
        self.aside = BlocksView(glyphs)
        self.strip = TabStrip("tabs")
        self.tab = Tab.FIELDS
        self.everything = False
        """Whether the checklist shows all stages."""
        self.unsent = ""
        """A comment that was refused, or left before it was sent."""
        self.key_of: Callable[[str], str] = lambda _: ""
        """The key of a command as people read it; told by whoever gives the pane its commands."""
        self.tab_clicked: Callable[[Tab], object] = lambda _: None
        self.clicked: Callable[[str], object] = lambda _: None
        """Called with the field or block that was clicked; empty for neither."""
        self._drawn: tuple[object, ...] = ()
        self._seen: tuple[str | None, Tab] = (None, Tab.FIELDS)
        self._wanted: tuple[Task | None, CardPlan, State, str, datetime] | None = None
        self._shape = (0, False)
        self.aside.sized = self._again
        self.detail.below = self._below

    def compose(self) -> ComposeResult:
        """The names, and both kinds of tab; one of them is to be seen."""
        yield self.strip
        yield self.detail
        yield self.aside

    def fit(self, width: int, *, over: bool) -> None:
        """Take this many cells beside the board, or all of them over it."""
        if self._shape != (width, over):
            self._shape = (width, over)
            self.styles.width = "1fr" if over else width
            self.styles.margin = (0, 0, 0, 0 if over else 1)

    @property
    def active(self) -> Pager:
        """What is to be seen below the names."""
        return self.detail if self.tab is Tab.FIELDS else self.aside

    def open(self, tab: Tab) -> None:
        """Show another tab; whoever asks draws afterwards."""
        self.tab = tab
        for part in (self.detail, self.aside):
            show(part, part is self.active)

    def on_tab_strip_clicked(self, message: TabStrip.Clicked) -> None:
        """The name of a tab was clicked."""
        message.stop()
        self.tab_clicked(list(Tab)[message.at])

    def on_fields_view_clicked(self, message: FieldsView.Clicked) -> None:
        """What is to be seen below the names was clicked."""
        message.stop()
        self.clicked(message.name)

    def put_cursor(self, name: str) -> bool:
        """Put the cursor on a field or block in view; false where it is there already."""
        return self.detail.put_cursor(name) if self.tab is Tab.FIELDS else self.aside.put_cursor(name)

    def turn(self, step: int) -> None:
        """Show the next tab, or one before."""
        tabs = list(Tab)
        self.open(tabs[(tabs.index(self.tab) + step) % len(tabs)])

    @property
    def room(self) -> int:
        """How far a page goes: lines of the fields, blocks of the other tabs."""
        height = self.active.size.height
        return height if self.tab is Tab.FIELDS else max(1, height // 3)

    def walk(self, step: int) -> None:
        """To another field or block."""
        if self.tab is Tab.FIELDS:
            self.detail.walk(step)
        else:
            self.aside.scroll_by(step)

    def turn_page(self, lines: int) -> None:
        """Further by this many lines or blocks."""
        if self.tab is Tab.FIELDS:
            self.detail.page(lines)
        else:
            self.aside.scroll_by(lines)

    def jump(self, place: int) -> None:
        """To that line or block."""
        if self.tab is Tab.FIELDS:
            self.detail.page(place - self.detail.top)
        else:
            self.aside.to_end(place)

    def give_keys(self, has_keys: bool) -> None:
        """Show whether the movement keys go here."""
        changed = has_keys != self.active.has_keys
        for part in (self.detail, self.aside):
            part.give_keys(has_keys)
        if changed:
            self._again()

    def on_resize(self) -> None:
        """Fit the names of the tabs into another width."""
        self._again()

    def _again(self) -> None:
        if self._wanted is not None:
            task, plan, state, stage, now = self._wanted
            self.show(task, plan, state, stage=stage, now=now)

    def show(
        self, task: Task | None, plan: CardPlan, state: State, *, stage: str, now: datetime
    ) -> None:
        """Draw the task; ``stage`` is the role of its stage's colour."""
        self._wanted = (task, plan, state, stage, now)
        details = details_of(state, task)
        width = self.size.width
        links = count(task, state.schema)
        labels = [label(each, details, task, links) for each in Tab]
        wall = (self._glyphs.wall, "accent" if self.active.has_keys else "line")
        marks = (self._glyphs.less, self._glyphs.more)
        self.strip.show(labels, list(Tab).index(self.tab), wall, width, marks)
        if self.tab is Tab.FIELDS:
            self.open(Tab.FIELDS)
            self.detail.show(task, plan, state, stage, now.date())
            return
        if not self.aside.size:
            return  # comes again with the first layout
        wide = self.aside.block_width
        problems = (state.connection, self.everything, self.unsent, self.app.theme, wide, now.date())
        drawn = (task, details, self.tab, state.schema, own_comments(state, task), *problems)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        seen = (task.key if task else None, self.tab)
        blocks = [words("No card is under the cursor.", width=wide)]
        if task is not None:
            title: Line = ((cut(title_of(task, plan), wide, self._glyphs.cut), "bold text"),)
            page = Page(task, state.schema, wide, self._glyphs, now)
            blocks = [Block("", (title, ())), *self._blocks(task, details, state, page)]
        self.aside.show(blocks, reset=seen != self._seen, last=self.tab is Tab.COMMENTS)
        self._seen = seen

    @property
    def is_stacked(self) -> bool:
        """Whether there is room for everything of the task below its fields."""
        return self.tab is Tab.FIELDS and self.app.size.height >= STACKED_FROM

    def _below(self) -> tuple[Line, ...]:
        """What stands below the fields."""
        if self._wanted is None or not self.is_stacked:
            return ()
        task, _, state, _, now = self._wanted
        if task is None:
            return ()
        page = Page(task, state.schema, max(12, self.detail.text_width), self._glyphs, now)
        return stacked(details_of(state, task), page)

    def _blocks(self, task: Task, details: Details, state: State, page: Page) -> list[Block]:
        if self.tab is Tab.LINKS:
            return link_blocks(relations(task, state), page)
        part = PARTS[self.tab]
        found = getattr(details, part)
        if found is None:
            absent = words(_absent(details.problem(part), task, state, self.tab), width=page.width)
            mine = own_comments(state, task) if self.tab is Tab.COMMENTS else ()
            return [absent, *(comment_blocks(mine, page) if mine else ())]
        as_of = details.as_of(part)
        age = [] if as_of is None else [words(_aged(as_of, page.now), width=page.width)]
        if self.tab is Tab.CHECKLIST:
            all_key = self.key_of("checklist.all-stages")
            return age + checklist_blocks(found, page, everything=self.everything, all_key=all_key)
        if self.tab is Tab.ACTIVITY:
            return age + activity_blocks(found, page)
        blocks = age + comment_blocks(found, page)
        if self.unsent:
            kept = f"{self._glyphs.refused} Not sent: {self.unsent[:200]}"
            key = self.key_of("comments.write")
            hint = (f"Press {key} to continue.",) if key else ()
            blocks.append(words(kept, *hint, width=page.width, role="warn"))
        return blocks


def details_of(state: State, task: Task | None) -> Details:
    """What is known of the task beside its row, with what is on its way."""
    if task is None:
        return Details()
    known = state.details.get(task.key, Details())
    return with_pending(known, state.pending, task.key, state.me or "you")


def own_comments(state: State, task: Task | None) -> tuple[Comment, ...]:
    """What the user has said and the server does not have yet, whether others' is known or not."""
    if task is None or task.key not in state.waiting:
        return ()
    said = with_pending(Details(comments=()), state.pending, task.key, state.me or "you")
    return said.comments or ()


def _aged(as_of: float, now: datetime) -> str:
    words_ = age_words(as_of, now)
    return f"{words_[:1].upper()}{words_[1:]}; not refreshed yet."


def _absent(problem: str, task: Task, state: State, tab: Tab) -> str:
    if problem:
        return problem
    if task.uid is None or task.problem:
        return task.problem or "Available once the server has given the task its id."
    if state.connection in (ConnectionState.OFFLINE, ConnectionState.DENIED, ConnectionState.REFUSED):
        return "Not loaded: there is no connection."
    return f"Loading {str(tab).lower()}…"
