"""Where a caret may stand: letters as people see them (grapheme clusters), and words. Pure.

A flag, a family or an accented letter is one letter, however many code points it has. What the
screen spells out (a zero-width joiner in a word) is a letter of its own: one sees it, so one can
step over it and delete it.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from rich.cells import split_graphemes

from fdtui.core.safetext import safe

LETTER_CONTEXT = 128
"""Code points around a caret that are looked at; no letter that a person types is longer."""

_FLAGS = range(0x1F1E6, 0x1F200)
_NON_JOINER = "\u200c"
"""Stands within words of Persian and of Indian scripts."""


def clusters(text: str) -> list[tuple[int, int]]:
    """Where each letter of ``text`` begins and ends."""
    if text.isascii() and "\r" not in text:
        return [(at, at + 1) for at in range(len(text))]
    found: list[tuple[int, int]] = []
    flag_open = False
    for start, end, _ in split_graphemes(text)[0]:
        for begin, close in _told_apart(text, start, end):
            is_flag = ord(text[begin]) in _FLAGS
            if found and is_flag and flag_open:
                found[-1] = (found[-1][0], close)
                flag_open = False
            elif found and text[begin:close] == "\n" and text[found[-1][0] : begin] == "\r":
                found[-1] = (found[-1][0], close)
            else:
                found.append((begin, close))
                flag_open = is_flag
    return found


def _told_apart(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The span, cut around each code point in it that is shown spelled out."""
    if end - start == 1:
        return [(start, end)]
    shown = safe(text[start:end])
    if shown == text[start:end]:
        return [(start, end)]
    cuts = {start, end}
    for at in range(start, end):
        alone = safe(text[at])
        if alone != text[at] and (alone in shown or text[at] == "\r"):
            cuts |= {at, at + 1}
    places = sorted(cuts)
    return list(pairwise(places))


def before(text: str, at: int) -> int:
    """The nearest place for a caret to the left of ``at``."""
    if at <= 1:
        return 0
    last = text[at - 1]
    if last.isascii() and last != "\n":
        return at - 1
    return max((place for place in _places(text, at) if place < at), default=at - 1)


def after(text: str, at: int) -> int:
    """The nearest place for a caret to the right of ``at``."""
    if at + 1 >= len(text):
        return len(text)
    if text[at].isascii() and text[at] != "\r" and text[at + 1].isascii():
        return at + 1
    return min((place for place in _places(text, at) if place > at), default=at + 1)


def settle(text: str, at: int) -> int:
    """``at``, or where it is within a letter, the place before that."""
    at = max(0, min(at, len(text)))
    beside = text[max(0, at - 1) : at + 1]
    if beside.isascii() and beside != "\r\n":
        return at
    return max((place for place in _places(text, at) if place <= at), default=at)


def _places(text: str, at: int) -> list[int]:
    """The places for a caret around ``at``."""
    first = max(0, at - LETTER_CONTEXT)
    # A letter begins at each ASCII character but a line feed, so what is before it cannot matter.
    while 0 < first < at - 1 and (not text[first].isascii() or text[first] == "\n"):
        first += 1
    if first >= at - 1:
        first = max(0, at - LETTER_CONTEXT)
    part = text[first : at + LETTER_CONTEXT]
    return [first + start for start, _ in clusters(part)] + [first + len(part)]


def word_before(text: str, at: int) -> int:
    """Where the word at the left of ``at`` begins."""
    while at > 0 and not _is_of_word(text[at - 1]):
        at -= 1
    while at > 0 and _is_of_word(text[at - 1]):
        at -= 1
    return settle(text, at)


def word_after(text: str, at: int) -> int:
    """Where the word at the right of ``at`` ends."""
    while at < len(text) and not _is_of_word(text[at]):
        at += 1
    while at < len(text) and _is_of_word(text[at]):
        at += 1
    return at if settle(text, at) == at else after(text, at)


def blank_before(text: str, at: int) -> int:
    """Where what stands between the blanks at the left of ``at`` begins."""
    while at > 0 and text[at - 1].isspace():
        at -= 1
    while at > 0 and not text[at - 1].isspace():
        at -= 1
    return settle(text, at)


def _is_of_word(letter: str) -> bool:
    if letter.isascii():
        return letter.isalnum() or letter == "_"
    if letter.isalnum() or letter == _NON_JOINER:
        return True
    return unicodedata.category(letter).startswith("M") and not "\ufe00" <= letter <= "\ufe0f"
