"""The colours that a workflow may name, as roles. Pure."""

from __future__ import annotations

import re

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_NAMES = {
    "gray": "grey", "grey": "grey", "blue": "blue", "green": "good", "yellow": "warn",
    "amber": "warn", "red": "bad", "cyan": "running", "teal": "teal", "purple": "purple",
    "violet": "purple", "pink": "pink", "orange": "orange",
}  # fmt: skip


def colour_role(said: str) -> str:
    """The role of a colour by its name or as ``#rrggbb``; empty where it is neither."""
    wanted = said.strip().lower()
    if wanted in _NAMES:
        return _NAMES[wanted]
    return wanted if _HEX.fullmatch(wanted) else ""
