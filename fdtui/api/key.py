"""Whether a text can be an API key at all; said before it meets a header."""

from __future__ import annotations

from fdtui.core.errors import UsageError

MAX_KEY = 4096
"""Characters of the longest key that is taken for one."""


def checked_key(text: str) -> str:
    """The key without the line end that a file or a command leaves behind it.

    Raises `UsageError`, which names what is wrong and never the key.
    """
    key = text.rstrip("\r\n")
    problem = _problem(key)
    if problem:
        raise UsageError(f"The API key {problem}.", "Copy it again from Flowdash's settings.")
    return key


def _problem(key: str) -> str:
    if not key.strip():
        return "is empty"
    if key.lower().startswith("bearer "):
        return 'starts with "Bearer "; only what follows is the key'
    if len(key) > MAX_KEY:
        return f"is longer than {MAX_KEY} characters"
    if not key.isascii():
        return "holds a character that is not ASCII"
    if any(char.isspace() for char in key):
        return "holds a space or a line break"
    if not key.isprintable():
        return "holds a control character"
    return ""
