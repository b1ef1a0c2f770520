"""Drives the whole program by our nouns: columns, cards, commands. Names commands, not keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

import pytest
from rich.segment import Segment
from textual.pilot import Pilot

from fdtui.core.board import Column
from fdtui.core.keymap import build_keymap
from fdtui.core.views import AS_LEFT, BoardStart
from fdtui.sync.session import Session
from fdtui.tui.app import FdtuiApp
from fdtui.tui.board.column import HEAD_LINES, CardFace, ColumnView
from fdtui.tui.board.filter import FilterBar
from fdtui.tui.board.host import BoardHost
from fdtui.tui.board.screen import BoardScreen
from fdtui.tui.board.view_tabs import ViewBook
from fdtui.tui.focus import Hints
from fdtui.tui.preferences import Look
from fdtui.tui.presentation.groups import GroupFace
from fdtui.tui.toolkit.picker import ItemList
from fdtui.tui.toolkit.question import Question
from tests.flows.nouns import (
    ActionListNoun,
    AskedNoun,
    CardNoun,
    DialogNoun,
    FormNoun,
    ListNoun,
    PaneNoun,
)
from tests.terminal.painted import on_terminal, painted

NOW = 1_795_000_000.0  # 2026-11-18
_NAMES = {
    "?": "question_mark",
    "/": "slash",
    ".": "full_stop",
    ":": "colon",
    "$": "dollar_sign",
    "*": "asterisk",
    "{": "left_curly_bracket",
    "}": "right_curly_bracket",
}


class Driver:
    """A board under test."""

    def __init__(self, app: FdtuiApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot
        self.session: Session = app.session
        self.form, self.pane, self.actions = FormNoun(self), PaneNoun(self), ActionListNoun(self)
        self.list, self.dialog = ListNoun(self), DialogNoun(self)

    def card(self, said: str) -> CardNoun:
        """The card of that unique id or title."""
        return CardNoun(self, said)

    def asks(self, words: str = "") -> AskedNoun:
        """The question that lies over the board, with ``words`` in it."""
        return AskedNoun(self, words)

    def close(self) -> None:
        """Close what lies over the board, as its own end would."""
        if (overlay := self.board.host.overlay) is not None:
            self.host.close(overlay)

    @property
    def host(self) -> BoardHost:
        """What features are given of the board, for tests of what asks."""
        return self.board.host

    @property
    def is_covered(self) -> bool:
        """Whether a dialog lies over the board."""
        return self.board.host.overlay is not None

    @property
    def is_searching(self) -> bool:
        """Whether a filter has not looked at every card yet."""
        return self.board.model.is_searching

    @property
    def is_painting(self) -> bool:
        """Whether frames are painted: not while a change is being saved."""
        return not self.app.board.hold.is_holding

    @property
    def is_modal(self) -> bool:
        """Whether what is topmost takes all keys."""
        return self.board.host.focus.top.is_modal

    @property
    def covered_by(self) -> str:
        """The name of the dialog that lies over the board, if it has one; empty for none."""
        return (self.board.host.overlay.id or "") if self.board.host.overlay is not None else ""

    @property
    def typed(self) -> str:
        """What stands in the line of the filter."""
        top = self.board.host.overlay
        assert isinstance(top, FilterBar), self.screen
        return top.edit.text

    @property
    def searched(self) -> str:
        """What was typed to search the list that lies over the board."""
        top = self.board.host.overlay
        assert isinstance(top, ItemList) and top.edit is not None, self.screen
        return top.edit.text

    @property
    def bound(self) -> set[str]:
        """The commands that the dialog over the board obeys now."""
        assert self.board.host.overlay is not None, self.screen
        return set(self.board.host.overlay.bindings())

    @property
    def hints(self) -> Hints:
        """The commands that this dialog names in the last line, and its words for them."""
        assert self.board.host.overlay is not None, self.screen
        return self.board.host.overlay.footer()

    def notify(self, text: str, severity: str = "information") -> None:
        """Say something to the user as a feature does."""
        self.board.host.notify(text, severity)

    @property
    def is_choosing(self) -> bool:
        """Whether a list of choices lies over the field that is edited."""
        return isinstance(self.board.host.overlay, ItemList)

    @property
    def is_asking(self) -> bool:
        """Whether a question lies over the board."""
        return isinstance(self.board.host.overlay, Question)

    @property
    def is_running(self) -> bool:
        return self.app.is_running

    @property
    def clipboard(self) -> str:
        return self.app.clipboard

    @property
    def theme(self) -> str:
        return self.app.theme

    @property
    def _columns(self) -> Sequence[Column]:
        return self.board.model.columns

    @property
    def column(self) -> str | None:
        """The stage of the column where the cursor is."""
        column = self.board.model.column
        return None if column is None else column.stage.name

    @property
    def column_number(self) -> int:
        """The place of that column, from 0."""
        return self.board.model.active

    @property
    def selected(self) -> frozenset[str]:
        """The keys of the tasks that are selected."""
        return frozenset(self.board.model.selection)

    @property
    def filtered_by(self) -> str:
        return self.board.model.view.filter

    def filter(self, text: str) -> None:
        """Show only the cards that match ``text``."""
        self.board.commands.filter(text)

    def key_of(self, command: str) -> str:
        """The key of a command as the screen tells it."""
        return self.board.host.key_of(command)

    def leave_view(self) -> None:
        """Remember how the board is shown, as whatever changes that does."""
        self.session.save_view(self.board.model.saved)

    @property
    def is_as_the_next_start(self) -> bool:
        """Whether a next start would show the board as it is shown now."""
        return self.board.beginning.is_kept(self.board.model.saved)

    @property
    def commands(self) -> set[str]:
        """The ids of all commands that the board obeys."""
        return set(self.board.commands.commands)

    @property
    def is_waiting(self) -> bool:
        """Whether keys are kept for a dialog that is on its way."""
        return self.board.host.conversations.is_keeping

    @property
    def is_work_open(self) -> bool:
        """Whether the pane of executions is open."""
        return self.board.features.activity.is_open

    @property
    def grounds(self) -> list[str]:
        """The grounds of the first column's cards, from the top."""
        slots = self.board.widgets.lanes._views[0]._slots
        return [face.ground for _, _, face in slots if isinstance(face, CardFace)]

    @property
    def heads(self) -> list[str]:
        """The heads of groups in the first column, without their rules."""
        view = self.board.widgets.lanes._views[0]
        lines = [
            view.render_line(HEAD_LINES + y).text
            for y, _, face in view._slots
            if isinstance(face, GroupFace)
        ]
        return [" ".join(line.replace("─", "").strip("▌▕ ").split()) for line in lines]

    def catch_up(self) -> None:
        """Draw what the session holds now, without waiting."""
        self.board.catch_up()

    @property
    def board(self) -> BoardScreen:
        return self.app.board

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for something to hold; fails when it never does."""
        for _ in range(400):
            if holds():
                return
            await self.pilot.pause(0.01)
        raise AssertionError(f"it never came to hold; the screen:\n{self.screen}")

    async def settle(self) -> None:
        """Wait until nothing that the user caused is under way and all of it is drawn."""
        async with asyncio.timeout(10):
            await self.session.idle()
        await self.until(lambda: self.board.host.state is self.session.state)
        await self.pilot.pause()

    async def give(self, *commands: str) -> None:
        """Give commands by their ids, through the keys they have."""
        for command in commands:
            keys = self.board.keymap.keys_of(command)
            assert keys, f"{command} has no key"
            await self.press(*keys[0].split(" "))

    def obey(self, command: str) -> None:
        """Give a command that has no key."""
        self.board.give(command)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*(_NAMES.get(key, key) for key in keys))
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        await self.press(*text)

    async def paste(self, text: str) -> None:
        from textual.events import Paste

        self.app.post_message(Paste(text))
        await self.pilot.pause()

    def titles(self, stage: str) -> list[str]:
        """What stands in a column, by unique id."""
        column = next(each for each in self.board.model.columns if each.stage.name == stage)
        return [task.uid or "" for task in column.tasks]

    @property
    def stages(self) -> list[str]:
        return [column.stage.name for column in self.board.model.columns]

    @property
    def current(self) -> str | None:
        return self.board.host.current.uid if self.board.host.current else None

    async def go_to(self, uid: str) -> None:
        """Put the cursor on a card."""
        for column in self.board.model.columns:
            for index, task in enumerate(column.tasks):
                if task.uid == uid:
                    self.board.model.turn_to(column.stage.name)
                    self.board.model.go(index)
                    self.board.moved()
                    return
        raise AssertionError(f"{uid} is on no column")

    @property
    def place(self) -> str:
        """Where the movement keys go: ``board``, ``detail``, ``runs`` or ``triage``."""
        names = {"DetailCommands": "detail", "ActivityPane": "runs", "Triage": "triage"}
        return names.get(type(self.board.host.focus.pane).__name__, "board")

    @property
    def has_detail(self) -> bool:
        """Whether the detail pane is open."""
        return self.board.features.panes.has_detail

    @property
    def card_segments(self) -> list[Segment]:
        """What the columns are painted with, but for blanks."""
        views = [each for each in self.app.screen.query(ColumnView) if each.display]
        strips = [strip for view in views for strip in view.render_lines(view.size.region)]
        return [segment for strip in strips for segment in strip if segment.text.strip()]

    @property
    def on_terminal(self) -> list[str]:
        """The rows that a terminal shows; the second cell of a wide letter is a NUL."""
        return on_terminal(self.app.screen)

    @property
    def screen(self) -> str:
        """The screen as text."""
        strips = painted(self.app.screen)
        return "\n".join(strip.text.rstrip() for strip in strips)

    @property
    def words(self) -> str:
        """The words of the screen without frames and line ends."""
        return " ".join(self.screen.replace("│", " ").split())

    @property
    def footer(self) -> str:
        """The keys on the last line."""
        return self.screen.splitlines()[-1]

    @property
    def said(self) -> str:
        return self.board.widgets.message.text


@asynccontextmanager
async def running(
    session: Session,
    size: tuple[int, int] = (120, 40),
    look: Look | None = None,
    *,
    keys: Mapping[str, Sequence[str]] | None = None,
    views: ViewBook | None = None,
    start: BoardStart = AS_LEFT,
) -> AsyncIterator[Driver]:
    """The app on ``session``, connected and drawn; ``keys`` are the user's own."""
    keymap, look = build_keymap("vim", keys), look or Look()
    app = FdtuiApp(session, keymap=keymap, look=look, clock=lambda: NOW, views=views, start=start)
    async with app.run_test(size=size) as pilot:
        driver = Driver(app, pilot)
        await driver.until(lambda: app.board.is_mounted)
        await driver.settle()
        yield driver


def search_slowly(monkeypatch: pytest.MonkeyPatch, pause: float = 3600.0) -> None:
    """Let a filter look at a few cards first, and at the others after ``pause`` seconds each."""
    monkeypatch.setattr("fdtui.tui.board.model.FIRST_LOOK", 0.0)
    monkeypatch.setattr("fdtui.tui.board.sliced_sorter.CARDS_AT_ONCE", 3)
    monkeypatch.setattr("fdtui.tui.board.searching.SEARCH_SLICE", 0.0)
    monkeypatch.setattr("fdtui.tui.board.searching.KEY_PAUSE", pause)
