"""What lies over the board for a moment and has all the keys meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Generic, TypeAlias, TypeVar

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from fdtui.tui.toolkit.key_events import KeyRead
from fdtui.tui.toolkit.whole_strip import WholeStrip

ANSWER_DELAY = 0.3
"""Seconds after a question is drawn before a key can be an answer to it."""

T = TypeVar("T")
Handler: TypeAlias = Callable[[int | None], object]
"""Does a command; its argument is the number typed before it, or ``None``."""

Hints: TypeAlias = tuple[tuple[str, str], ...]
"""Command ids, or keys of single answers, each with a word for it."""


class Overlay(Widget, can_focus=False):
    """A widget on the upper layer. It has all the keys until it is closed."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Overlay { layer: above; position: absolute; background: $fd-panel; }
    """

    scopes: tuple[str, ...] = ()
    """The scopes whose keys count here."""
    is_modal = True
    dims = False
    """Whether what lies below steps back while it is open."""
    is_question = False
    """It asks before something that cannot be taken back, and only a key meant for it answers."""

    @property
    def letters(self) -> frozenset[str]:
        """Keys of single answers; they come before any command."""
        return frozenset()

    eye_time = ANSWER_DELAY
    """Seconds after it is drawn before a key can be meant for what cannot be undone."""
    opened_in: int | None = None
    """The number of the read that the key came with which opened it; 0 for none."""
    drawn_at: float | None = None
    """When it was first on the screen, by the monotonic clock."""

    def on_mount(self) -> None:
        """Note when it is seen; Textual calls this beside a subclass's own ``on_mount``."""
        self.call_after_refresh(self._note_drawn)

    def _note_drawn(self) -> None:
        self.drawn_at = time.monotonic()

    @property
    def is_typing(self) -> bool:
        """Whether keys are text now: then a letter of any alphabet is that letter."""
        return False

    def irreversible(self, name: str) -> bool:
        """Whether this key does here and now what cannot be undone."""
        return False

    def is_final(self, command: str) -> bool:
        """Whether this command does here and now what cannot be undone."""
        return False

    def note_opened(self, read: KeyRead | None) -> None:
        """Remember with which read it was opened, the first time."""
        if self.opened_in is None:
            self.opened_in = read.number if read is not None else 0

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of ``crop``; no edge of what lies below cuts a letter of them in half."""
        return [WholeStrip(strip, strip.cell_length) for strip in super().render_lines(crop)]

    def bindings(self) -> Mapping[str, Handler]:
        """Command ids to what they do here, as things stand now."""
        return {}

    def refuses(self, command: str) -> str:
        """Why a command makes no sense here; nothing goes past an overlay, so it says nothing."""
        return ""

    def type(self, name: str, character: str | None) -> bool:
        """Take a key that gives no command; most mean nothing then."""
        return False

    def footer(self) -> Hints:
        """What can be done here, for the last line of the window."""
        return ()

    def paste(self, text: str) -> None:
        """Take pasted text; most overlays have no place for it."""

    def take_notice(self, text: str, severity: str) -> bool:
        """Show a notice here instead of in the line above the footer; true where it was shown."""
        return False

    def place(self) -> None:
        """Choose size and place for the screen as it is now."""
        raise NotImplementedError


class Dialog(Overlay, Generic[T]):
    """An overlay that asks something and answers once; left without an answer, it answers ``None``."""

    _answer: asyncio.Future[T | None] | None = None

    def begin(self, told: Callable[[], None], close: Callable[[Overlay], None]) -> None:
        """``told`` is called when there is an answer, and ``close`` takes the dialog away."""
        self._answer = asyncio.get_running_loop().create_future()
        self._told_answer, self._close = told, close

    def answer(self, value: T | None = None) -> None:
        """Answer and go; the next key is for what lies below."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(value)
            self._close(self)
            self._told_answer()

    def on_unmount(self) -> None:
        """Whatever took it away, whoever asked goes on."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(None)
            self._told_answer()

    async def answered(self) -> T | None:
        """The answer, once there is one."""
        assert self._answer is not None, "it was not asked"  # noqa: S101
        return await self._answer
