"""Drives the whole program by our nouns: columns, cards, commands. Names commands, not keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from fdtui.core.keymap import build_keymap
from fdtui.sync.session import Session
from fdtui.tui.app import FdtuiApp
from fdtui.tui.look import Look
from fdtui.tui.screens.board import BoardScreen

NOW = 1_795_000_000.0  # 2026-11-18
_NAMES = {"?": "question_mark", "/": "slash", ".": "full_stop", ":": "colon", "$": "dollar_sign"}


class Driver:
    """A board under test."""

    def __init__(self, app: FdtuiApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot
        self.session: Session = app.session

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
        await self.until(lambda: self.board.state is self.session.state)
        await self.pilot.pause()

    async def give(self, *commands: str) -> None:
        """Give commands by their ids, through the keys they have."""
        for command in commands:
            keys = self.board.keymap.keys_of(command)
            assert keys, f"{command} has no key"
            await self.press(*keys[0].split(" "))

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
        column = next(each for each in self.board.deck.columns if each.stage.name == stage)
        return [task.uid or "" for task in column.tasks]

    @property
    def stages(self) -> list[str]:
        return [column.stage.name for column in self.board.deck.columns]

    @property
    def current(self) -> str | None:
        return self.board.current.uid if self.board.current else None

    async def go_to(self, uid: str) -> None:
        """Put the cursor on a card."""
        for column in self.board.deck.columns:
            for index, task in enumerate(column.tasks):
                if task.uid == uid:
                    self.board.deck.turn_to(column.stage.name)
                    self.board.deck.go(index)
                    self.board.moved()
                    return
        raise AssertionError(f"{uid} is on no column")

    @property
    def screen(self) -> str:
        """The screen as text."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    @property
    def said(self) -> str:
        return self.board.message.text


@asynccontextmanager
async def running(
    session: Session, size: tuple[int, int] = (120, 40), look: Look | None = None
) -> AsyncIterator[Driver]:
    """The app on ``session``, connected and drawn."""
    app = FdtuiApp(session, keymap=build_keymap(), look=look or Look(), clock=lambda: NOW)
    async with app.run_test(size=size) as pilot:
        driver = Driver(app, pilot)
        await driver.until(lambda: app.board.is_mounted)
        await driver.settle()
        yield driver
