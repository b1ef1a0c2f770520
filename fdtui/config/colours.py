"""How many colours the terminal is said to have."""

from __future__ import annotations

from collections.abc import Mapping

_BY_SYSTEM = {"truecolor": "full", "256": "256", "standard": "16", "windows": "16"}
_ALL = frozenset({"truecolor", "24bit"})
_MANY = frozenset({"256color", "kitty"})


def depth_of(environ: Mapping[str, str]) -> str:
    """``full``, ``256`` or ``16``, and ``none`` where ``NO_COLOR`` asks for none."""
    if environ.get("NO_COLOR"):
        return "none"
    if told := _BY_SYSTEM.get(environ.get("TEXTUAL_COLOR_SYSTEM", "").strip().lower()):
        return told
    if environ.get("COLORTERM", "").strip().lower() in _ALL:
        return "full"
    ending = environ.get("TERM", "").strip().lower().rpartition("-")[2]
    return "256" if ending in _MANY else "16"
