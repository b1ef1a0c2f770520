"""The colours of stages. Pure."""

from __future__ import annotations

import re

from fdtui.core.schema import Stage

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_NAMES = {
    "gray": "grey", "grey": "grey", "blue": "blue", "green": "good", "yellow": "warn",
    "amber": "warn", "red": "bad", "cyan": "running", "teal": "teal", "purple": "purple",
    "violet": "purple", "pink": "pink", "orange": "orange",
}  # fmt: skip
_BY_POSITION = ("grey", "blue", "warn", "purple", "teal", "pink", "orange")


def stage_role(stage: Stage, position: int) -> str:
    """The role of a stage's dot and name: its own colour, green at the end, else by its place."""
    wanted = stage.color.strip().lower()
    if wanted in _NAMES:
        return _NAMES[wanted]
    if _HEX.fullmatch(wanted):
        return wanted
    if stage.end:
        return "good"
    return _BY_POSITION[position % len(_BY_POSITION)]
