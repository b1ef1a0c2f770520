"""Text from outside made fit to be shown.

A terminal obeys control characters: a task's title could write the clipboard, rename the window or
type an answer on the user's behalf. So nothing untrusted reaches a screen, a title, a log or stdout
but through `safe`. It is a mask for display only: storage and the wire keep the exact text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NewType

SafeText = NewType("SafeText", str)
"""Text that holds nothing a terminal would act on."""

MAX_MARKS = 8
"""Combining marks that one letter may carry (more would spill over the lines around it)."""

_ZWJ, _VS16 = "\u200d", "\ufe0f"
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
_MARKS = re.compile(
    r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{9,}"
)


def is_control(letter: str) -> bool:
    """Whether no text holds it that a person typed: C0, DEL, C1, half of a surrogate pair.

    Blanks of every width, joiners and marks of direction are text; `safe` shows them.
    """
    return letter < " " or "\x7f" <= letter < "\xa0" or "\ud800" <= letter <= "\udfff"


def is_typed(character: str | None) -> bool:
    """Whether a key's character is text."""
    return bool(character) and not any(map(is_control, character or ""))


def _is_pictograph(char: str) -> bool:
    code = ord(char)
    return code >= 0x1F000 or 0x2190 <= code <= 0x2BFF or 0x1F3FB <= code <= 0x1F3FF


def _visible(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def safe(text: str, *, multiline: bool = False) -> SafeText:
    """``text`` with every character that a terminal would act on, or not show, made visible.

    ``multiline`` keeps line ends and widens tabs; otherwise they are shown as ``␊`` and ``␉``. CR LF
    is one line end.
    A zero-width joiner or variation selector stays where it holds an emoji together.
    """
    if text.isascii() and text.isprintable():
        return SafeText(text)
    text = text.replace("\r\n", "\n")

    def replace(match: re.Match[str]) -> str:
        char, at = match[0], match.start()
        if multiline and char == "\n":
            return char
        if multiline and char == "\t":
            return "    "
        if char == _VS16 and at and (_is_pictograph(text[at - 1]) or text[at - 1] in "#*0123456789"):
            return char
        if char == _ZWJ and at and at + 1 < len(text):
            before = text[at - 1] if text[at - 1] != _VS16 or at < 2 else text[at - 2]
            if _is_pictograph(before) and _is_pictograph(text[at + 1]):
                return char
        return _visible(char)

    cleaned = _UNSAFE.sub(replace, text)
    cleaned = _MARKS.sub(lambda marks: marks[0][:MAX_MARKS], cleaned)
    if not cleaned.isascii() and _has_crowd(cleaned):
        cleaned = _thin(cleaned)
    return SafeText(cleaned)


def _has_crowd(text: str) -> bool:
    run = 0
    for char in text:
        run = run + 1 if char > "\u02ff" and unicodedata.combining(char) else 0
        if run > MAX_MARKS:
            return True
    return False


def _thin(text: str) -> str:
    kept, run = [], 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run <= MAX_MARKS:
            kept.append(char)
    return "".join(kept)


def escaped(text: str, *, is_json: bool = False) -> SafeText:
    """A TOML or JSON document with an escape for all that a terminal would act on, or not show.

    Line ends and tabs stay. Read again it is the same document: such characters stand only in its texts,
    and JSON has its own way to write those beyond U+FFFF.
    """

    def escape(match: re.Match[str]) -> str:
        char = match[0]
        if char in "\n\t":
            return char
        if ord(char) > 0xFFFF and not is_json:
            return f"\\U{ord(char):08x}"
        units = char.encode("utf-16-be", "surrogatepass").hex()
        return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))

    return SafeText(_UNSAFE.sub(escape, text))


def quoted(text: str) -> SafeText:
    """``text`` for a sentence: quoted where its ends or its emptiness could not be seen."""
    shown = safe(text)
    if not text or text != text.strip() or text != shown:
        return SafeText(f"“{shown}”")
    return shown
