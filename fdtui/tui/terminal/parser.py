"""What was typed, as events: whole sequences are named by Textual, everything else is dropped."""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS, MODIFIER_FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.keys import Keys
from textual.message import Message

from fdtui.tui.terminal.input_sequences import Kind, Token, Tokenizer, clean, escape_wait, is_text
from fdtui.tui.terminal.key_spelling import Spelling, spelled
from fdtui.tui.toolkit.key_events import Burst, Key, KeyRead

if TYPE_CHECKING:
    from fdtui.tui.terminal.pace import Pace
    from fdtui.tui.terminal.replies import Replies

MAX_SIDE = 2_000
"""Columns or lines that a terminal may claim to have."""

_MOUSE = re.compile(r"\x1b\[<\d{1,6};-?\d{1,6};-?\d{1,6}[Mm]")
_TOLD = re.compile(r"\x1b\[(?:\?\d{1,6};\d\$y|48(?:;[\d:]{1,32}){4}t)")
"""What Textual asks for, or was promised: the state of a mode, the size of the window."""
_FOCUS: dict[str, type[Message]] = {"\x1b[I": events.AppFocus, "\x1b[O": events.AppBlur}


class PatientParser(XTermParser):
    """Takes whatever comes: what is no key is dropped, nothing ends the program.

    `Tokenizer` says where a sequence ends; only whole ones are given to Textual to be named.
    """

    def __init__(
        self,
        debug: bool = False,
        replies: Callable[[], Replies | None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
        pace: Pace | None = None,
    ) -> None:
        super().__init__(debug)
        self._pace = pace
        self._replies, self._clock = replies, clock
        self._tokenizer = Tokenizer(escape_wait(os.environ))
        self._reads = 0

    def feed(self, data: str) -> Iterable[Message]:
        """The events of what was read at once; what is no whole sequence gives none."""
        now = self._clock()
        return self._events(self._tokenizer.feed(data, now), now)

    def replay(self, data: str, at: float) -> Iterable[Message]:
        """The same of what was read earlier, before there was a board; keys know that."""
        return self._events(self._tokenizer.feed(data, at), at, is_early=True)

    @property
    def patience(self) -> float | None:
        """Seconds after which `tick` has something to do; ``None`` while nothing is unfinished."""
        deadline = self._tokenizer.deadline
        return None if deadline is None else max(0.0, deadline - self._clock())

    def tick(self) -> Iterable[Message]:
        """The events of what is complete because nothing came after it."""
        now = self._clock()
        return self._events(self._tokenizer.tick(now), now)

    def _events(self, tokens: list[Token], at: float, *, is_early: bool = False) -> Iterator[Message]:
        self._reads += 1
        count = sum(each.kind is not Kind.REST for each in tokens)
        read = KeyRead(self._reads, at, count, is_early)
        for kind, text in tokens:
            match kind:
                case Kind.ESCAPE:
                    yield Key("escape", "\x1b", read=read)
                case Kind.KEY | Kind.ALT:
                    yield from self._keys(text, read, behind_escape=kind is Kind.ALT)
                case Kind.PASTE:
                    yield events.Paste(clean(text))
                case Kind.BURST:
                    keys = [key for letter in text for key in self._keys(letter, read)]
                    yield Burst(clean(text).replace("\r", "\n"), tuple(keys))
                case _:
                    yield from self._sequence(text, read, is_whole=kind is Kind.SEQUENCE)

    def _sequence(self, text: str, read: KeyRead, *, is_whole: bool) -> Iterator[Message]:
        replies = self._replies()
        if (focus := _FOCUS.get(text)) is not None:
            yield focus()
        elif _TOLD.fullmatch(text):
            yield from self._told(text)
        elif (self._pace is not None and self._pace.takes(text)) or (
            replies is not None and replies.takes(text)
        ):
            return
        elif is_whole and _MOUSE.fullmatch(text):
            if (event := self.parse_mouse_code(text)) is not None:
                yield event
        elif is_whole and (said := spelled(text)) is not None and _is_key(said):
            yield from self._keys(said.text, read, base=said.base)

    def _told(self, text: str) -> Iterator[Message]:
        with contextlib.suppress(ValueError, ArithmeticError, LookupError):
            for event in super().feed(text):
                if not isinstance(event, events.Resize) or max(event.size) <= MAX_SIDE:
                    yield event

    def _keys(
        self, text: str, read: KeyRead, *, base: str = "", behind_escape: bool = False
    ) -> Iterator[Key]:
        try:
            found = list(self._sequence_to_key_events(text))
        except (ValueError, ArithmeticError):
            return
        for key in found:
            letter = key.character or ""
            if key.key != Keys.Ignore and key.key not in MODIFIER_FUNCTIONAL_KEYS and is_text(letter):
                yield Key(key.key, key.character, read=read, base=base, behind_escape=behind_escape)

    def parse_mouse_code(self, code: str) -> Message | None:
        """The mouse event, if it is one."""
        try:
            return super().parse_mouse_code(code)
        except (ValueError, ArithmeticError):
            return None


def _is_key(said: Spelling) -> bool:
    return said.text in ANSI_SEQUENCES_KEYS or said.is_named(FUNCTIONAL_KEYS)
