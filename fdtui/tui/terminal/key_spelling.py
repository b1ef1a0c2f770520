"""The ways in which terminals spell a key with modifiers, brought to one. Pure.

Sources: the kitty keyboard protocol (``CSI code:shifted:base ; modifiers:event ; text u``), xterm's
modifyOtherKeys (``CSI 27 ; modifiers ; code ~``) and its function keys (``CSI 1 ; modifiers A``).
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import NamedTuple

_KITTY = re.compile(
    r"\x1b\[(\d{1,7})(?::\d{0,7})?(?::(\d{1,7}))?(?:;(\d{0,3})(?::([123]))?)?(?:;([\d:]{0,64}))?u"
)
_OTHER = re.compile(r"\x1b\[27;(\d{1,3});(\d{1,7})~")
_FUNCTION = re.compile(r"\x1b\[(\d{1,5})?(?:;(\d{1,3})(?::([123]))?)?([~A-HPQS])")
_RELEASED = "3"
_MAX = 0x10FFFF


class Spelling(NamedTuple):
    """A sequence that may be a key, as Textual reads it best."""

    text: str
    base: str = ""
    """What a US keyboard has in its place, where the terminal says so."""
    function: str = ""
    """Number and last letter of a key that has a name and no character; empty for a character."""

    def is_named(self, names: Container[str]) -> bool:
        """Whether it is a character, or one of the keys that have a name."""
        return not self.function or self.function in names


def spelled(sequence: str) -> Spelling | None:
    """The key that a whole sequence may be; ``None`` for a key let go, and for what is none."""
    if match := _KITTY.fullmatch(sequence):
        code, base, modifiers, event, text = match.groups(default="")
        if event == _RELEASED or int(code) > _MAX:
            return None
        plain = f"\x1b[{code};{modifiers or 1};{text}u" if text else f"\x1b[{code};{modifiers or 1}u"
        return Spelling(plain, _letter(base))
    if match := _OTHER.fullmatch(sequence):
        return spelled(f"\x1b[{match[2]};{match[1]}u")
    if match := _FUNCTION.fullmatch(sequence):
        number, modifiers, event, last = match.groups(default="")
        if event == _RELEASED:
            return None
        plain = f"\x1b[{number};{modifiers}{last}" if modifiers else f"\x1b[{number}{last}"
        return Spelling(plain, function=f"{number or 1}{last}")
    return Spelling(sequence, function=sequence)


def _letter(code: str) -> str:
    number = int(code or 0)
    return chr(number) if " " < chr(min(number, _MAX)) <= "~" else ""
