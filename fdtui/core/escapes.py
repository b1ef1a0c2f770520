r"""Text that a screen cannot show, in a form that a person can edit: ``\x1b``, ``\u202e``, ``\\``.

Exact both ways: whoever changes one letter of such a text changes nothing else.
"""

from __future__ import annotations

import re
from functools import lru_cache

from fdtui.core.safetext import safe

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.)|$)", re.ASCII | re.DOTALL
)


def needs_escapes(text: str, *, multiline: bool = False) -> bool:
    """Whether ``text`` holds what a person could neither see nor type."""
    if multiline:
        plain = text.replace("\r\n", "\n").replace("\t", "    ")
        return safe(text, multiline=True) != plain
    return safe(text) != text


def escaped(text: str, *, multiline: bool = False) -> str:
    """``text`` with all that cannot be seen spelled out; ``multiline`` keeps line breaks and tabs."""
    if multiline and "\r\n" in text:
        return "\r\n".join(escaped(line, multiline=True) for line in text.split("\r\n"))
    kept = "\n\t" if multiline else ""
    return "".join(letter if letter in kept else _spelled(letter) for letter in text)


@lru_cache(maxsize=512)
def _spelled(letter: str) -> str:
    if letter in _NAMED:
        return _NAMED[letter]
    if safe(letter) == letter:
        return letter
    code = ord(letter)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def unescaped(text: str) -> str:
    r"""The text that ``escaped`` made this of; raises `ValueError` at a ``\`` that means nothing."""

    def meant(match: re.Match[str]) -> str:
        code = match[1] or match[2] or match[3]
        if code:
            return chr(int(code, 16))
        if match[4] in _LETTERS:
            return _LETTERS[match[4]]
        raise ValueError(f"“{match[0]}” is not an escape: write \\\\ for a backslash")

    return _ESCAPE.sub(meant, text)
