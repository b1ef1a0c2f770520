"""Whether the terminal's character set is said to be another than UTF-8."""

from __future__ import annotations

from collections.abc import Mapping

from fdtui.core.safetext import safe

ASCII_VARIABLE = "FDTUI_ASCII"
"""Overrules the locale: 1 for plain ASCII signs, 0 for others."""

_DECIDING = ("LC_ALL", "LC_CTYPE", "LANG")
_NO = frozenset({"0", "false", "no", "off"})


def ascii_of(wanted: bool, environ: Mapping[str, str]) -> tuple[bool, str]:
    """Whether to draw with ASCII signs only, and what to say where the locale made it so.

    Where no variable says anything, UTF-8 is taken for granted, as terminals have it today.
    """
    if said := environ.get(ASCII_VARIABLE, "").strip():
        return said.lower() not in _NO, ""
    found = next((f"{name}={environ[name]}" for name in _DECIDING if environ.get(name)), "")
    if wanted or not found or "utf8" in found.lower().replace("-", ""):
        return wanted, ""
    return True, f"Plain ASCII signs, for {safe(found)} is not UTF-8. {ASCII_VARIABLE}=0 overrules that."
