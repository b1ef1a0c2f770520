"""What a terminal sends, cut into tokens: keys, sequences, pastes. Pure; nothing in it is guessed.

What lies between an escape and the end of a sequence is never a key, however it is cut on its way:
an unfinished sequence is dropped whole, and its rest with it. The grammar is that of ECMA-48, with
X10's mouse, the Linux console's function keys and the bracketed paste.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum, auto
from typing import NamedTuple

ESCAPE_WAIT = 0.025
"""Seconds after which an escape that nothing followed is the key."""
KITTY_WAIT = 0.3
"""The same once the terminal has sent the key as a sequence: then a lone escape is hardly ever one."""
HALF_WAIT = 1.0
"""Seconds without a byte after which an unfinished sequence is dropped."""
WHOLE_WAIT = 3.0
"""Seconds that a sequence may take from its first byte to its last."""
PASTE_WAIT = 3.0
"""Seconds without a byte after which a paste without an end has ended."""
REST_WAIT = 1.0
"""Seconds after the key escape in which the rest of a sequence is distinguished from keys."""
BURST_WAIT = 0.1
"""Seconds in which what comes behind a burst belongs to it."""

BURST = 8
"""As many characters in one read, with a blank or a line end between them, read like text."""
MAX_SEQUENCE = 4096

PASTE_BEGINS, PASTE_ENDS = "\x1b[200~", "\x1b[201~"
_ESCAPE, _INTERRUPT = "\x1b", "\x03"
_STRINGS = frozenset("]PX^_")
_ENDS_STRING = frozenset("\x07\x9c")
_CANCELS = frozenset("\x18\x1a")
_EIGHT_BIT = {
    0x8F: "\x1bO", 0x90: "\x1bP", 0x98: "\x1bX", 0x9B: "\x1b[",
    0x9D: "\x1b]", 0x9E: "\x1b^", 0x9F: "\x1b_",
}  # fmt: skip
"""Introducers of one byte, which mean the same as an escape and a letter."""
_CONTROL_BYTE = re.compile("(?<![\udc80-\udcff])\udc9b")
"""The commonest of them as a byte that is no UTF-8 (see ``surrogateescape``), but not within others."""
_REST = re.compile(
    r"\[[0-?]*[ -/]*[@-~]|\[[0-?]+[ -/]*\Z|O[ -~]\Z|\]\d+;|P[\d>!+$|]|_G"
    r"|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)"  # all but the escape
)
_KITTY_ESCAPE = re.compile(r"\x1b\[27(?:[;:][\d;:]*)?u")
_PRINTABLE = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*")
_BLANK = re.compile(r"[ \r\n]")


class Kind(Enum):
    """What a token is."""

    KEY = auto()
    """One character that was typed."""
    ESCAPE = auto()
    """The key."""
    ALT = auto()
    """An escape and a character right behind it: that key with alt, or the one after the other."""
    SEQUENCE = auto()
    """A whole control sequence: a key, the mouse, an answer."""
    REST = auto()
    """A sequence whose escape was taken for the key before the rest came; it cannot be a key."""
    PASTE = auto()
    """Text that the terminal calls pasted."""
    BURST = auto()
    """Text that came all at once, faster than anyone types."""


class Token(NamedTuple):
    """A piece of input."""

    kind: Kind
    text: str


def escape_wait(environment: Mapping[str, str]) -> float:
    """Seconds that an escape is waited for, which ``ESCDELAY`` says in milliseconds, as for curses."""
    said = environment.get("ESCDELAY", "")
    return min(int(said), 1000) / 1000 if said.isascii() and said.isdigit() else ESCAPE_WAIT


def is_text(text: str) -> bool:
    """Whether nothing in it is a byte that is no UTF-8 (see ``surrogateescape``)."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def clean(text: str) -> str:
    """Pasted text without bytes that are no UTF-8, and without NUL."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\0", "")


class _In(Enum):
    """Where in the grammar the next character stands."""

    GROUND = auto()
    ESCAPE = auto()
    CONTROL = auto()
    """Behind ``ESC [``."""
    CONSOLE = auto()
    """Behind ``ESC [ [``: one letter."""
    MOUSE = auto()
    """Behind ``ESC [ M``: three characters."""
    SINGLE = auto()
    """Behind ``ESC O``: digits and a letter."""
    STRING = auto()
    STRING_ESCAPE = auto()
    """Behind an escape in a string, which may be the first half of its end."""
    PASTE = auto()


class Tokenizer:
    """Takes what was read, when; gives tokens. ``tick`` gives those that silence completes."""

    def __init__(self, escape_wait: float = ESCAPE_WAIT) -> None:
        self._escape_wait = escape_wait
        self._state = _In.GROUND
        self._half = ""
        self._is_rest = False
        self._pasted: list[str] = []
        self._tail = ""
        """The last letters of a paste, in which its end may have begun."""
        self._began = self._last = 0.0
        self._escaped = self._burst = float("-inf")
        self._speaks_kitty = False

    @property
    def deadline(self) -> float | None:
        """When `tick` has something to do; ``None`` while nothing is unfinished."""
        match self._state:
            case _In.GROUND:
                return None
            case _In.ESCAPE:
                return self._last + (KITTY_WAIT if self._speaks_kitty else self._escape_wait)
            case _In.PASTE:
                return self._last + PASTE_WAIT
            case _:
                return min(self._last + HALF_WAIT, self._began + WHOLE_WAIT)

    def tick(self, now: float) -> list[Token]:
        """What is complete because nothing came behind it."""
        deadline = self.deadline
        if deadline is None or now < deadline:
            return []
        state = self._state
        self._forget()
        if state is _In.ESCAPE:
            self._escaped, self._speaks_kitty = now, False
            return [Token(Kind.ESCAPE, _ESCAPE)]
        return [self._paste_over()] if state is _In.PASTE else []

    def feed(self, data: str, now: float) -> list[Token]:
        """The tokens that are complete with ``data``, which was read at once."""
        found = self.tick(now)
        self._last = now
        data = _CONTROL_BYTE.sub("\x1b[", data).translate(_EIGHT_BIT)
        if self._state is _In.GROUND:
            if self._is_burst(data, now):
                self._burst = now
                return [*found, Token(Kind.BURST, data)]
            if now - self._escaped < REST_WAIT and _REST.match(data):
                data, self._is_rest = _ESCAPE + data, True
            end = data.find(PASTE_ENDS)
            if end >= 0 and PASTE_BEGINS not in data[:end]:  # its beginning was lost
                found.append(Token(Kind.PASTE, data[:end]))
                data = data[end + len(PASTE_ENDS) :]
        self._escaped = float("-inf")
        at = 0
        while at < len(data):
            if self._state is _In.PASTE:
                at = self._take_paste(data, at, found)
                continue
            found.extend(self._take(data[at], now))
            at += 1
        return found

    def _is_burst(self, data: str, now: float) -> bool:
        if len(data) < 2 or not _PRINTABLE.fullmatch(data) or len(set(data)) < 2:
            return False
        return now - self._burst < BURST_WAIT or (
            len(data) >= BURST and bool(_BLANK.search(data, 0, len(data) - 1))
        )

    # One character

    def _take(self, letter: str, now: float) -> Iterator[Token]:
        if self._state is _In.GROUND:
            if letter == _ESCAPE:
                self._begin(now)
            elif letter != "\x9c":
                yield Token(Kind.KEY, letter)
        elif self._state is _In.ESCAPE:
            yield from self._after_escape(letter)
        elif letter == _INTERRUPT:
            self._forget()
            yield Token(Kind.KEY, letter)
        elif letter in _CANCELS:
            self._forget()
        elif self._state is _In.STRING_ESCAPE and letter == "\\":
            yield from self._end(letter)
        elif self._state is _In.STRING_ESCAPE and letter != _ESCAPE:
            self._begin(now)  # the string was cut off by another sequence
            yield from self._after_escape(letter)
        elif letter == _ESCAPE and self._state is _In.STRING:
            self._grow(letter)
            self._state = _In.STRING_ESCAPE
        elif letter == _ESCAPE:
            self._begin(now)
        else:
            yield from self._within(letter)

    def _begin(self, now: float) -> None:
        self._state, self._half, self._began = _In.ESCAPE, _ESCAPE, now

    def _after_escape(self, letter: str) -> Iterator[Token]:
        self._half += letter
        if letter == _ESCAPE:  # pressed twice, or pressed right before a sequence
            self._half = _ESCAPE
            yield Token(Kind.ESCAPE, _ESCAPE)
        elif letter == "[":
            self._state = _In.CONTROL
        elif letter == "O":
            self._state = _In.SINGLE
        elif letter in _STRINGS:
            self._state = _In.STRING
        else:
            self._forget()
            if letter == "\\":  # the end of a string that is over already
                return
            yield Token(Kind.ALT, letter)

    def _within(self, letter: str) -> Iterator[Token]:
        if self._state is _In.STRING:
            if letter in _ENDS_STRING:
                yield from self._end(letter)
            else:
                self._grow(letter)
        elif self._state is _In.MOUSE:
            self._grow(letter)
            if len(self._half) == len("\x1b[Mbxy"):
                self._forget()
        elif (
            letter < " " or letter == "\x7f"
        ):  # no part of it: a key was pressed, and the sequence is cut off for good
            self._forget()
            yield Token(Kind.KEY, letter)
        elif self._state is _In.SINGLE:
            self._grow(letter)
            if not letter.isdigit() and letter != ";":
                yield from self._end("")
        elif self._state is _In.CONSOLE:
            yield from self._end(letter)
        else:
            yield from self._within_control(letter)

    def _within_control(self, letter: str) -> Iterator[Token]:
        is_first = len(self._half) == len("\x1b[")
        if is_first and letter == "[":
            self._grow(letter)
            self._state = _In.CONSOLE
        elif is_first and letter == "M":
            self._grow(letter)
            self._state = _In.MOUSE
        elif "@" <= letter <= "~":
            yield from self._end(letter)
        elif letter > "~":  # cut off: no sequence has such a letter
            self._forget()
        else:
            self._grow(letter)

    def _grow(self, letter: str) -> None:
        if len(self._half) < MAX_SEQUENCE:
            self._half += letter

    def _end(self, letter: str) -> Iterator[Token]:
        whole, kind = self._half + letter, Kind.REST if self._is_rest else Kind.SEQUENCE
        self._forget()
        if whole == PASTE_BEGINS:
            self._state = _In.PASTE
        elif len(whole) <= MAX_SEQUENCE and whole != PASTE_ENDS:
            self._speaks_kitty = self._speaks_kitty or bool(_KITTY_ESCAPE.fullmatch(whole))
            yield Token(kind, whole)

    def _forget(self) -> None:
        self._state, self._half, self._is_rest = _In.GROUND, "", False

    # A paste

    def _take_paste(self, data: str, at: int, found: list[Token]) -> int:
        """Take what belongs to the paste, and answer where it ends in ``data``."""
        text = self._tail + data[at:]
        end = text.find(PASTE_ENDS)
        if end >= 0:
            after = len(data) - (len(text) - end - len(PASTE_ENDS))
            self._tail = text[:end]
            found.append(self._paste_over())
            return after
        if text.endswith(_INTERRUPT):  # pressed, for nothing else came behind it
            self._tail = text[:-1]
            found.append(self._paste_over())
            return len(data)
        kept = len(text) - len(PASTE_ENDS) + 1
        self._pasted.append(text[: max(0, kept)])
        self._tail = text[max(0, kept) :]
        return len(data)

    def _paste_over(self) -> Token:
        text, self._pasted, self._tail = "".join(self._pasted) + self._tail, [], ""
        self._forget()
        return Token(Kind.PASTE, text)
