"""The colours of stages. Pure."""

from __future__ import annotations

from fdtui.core.schema import Stage
from fdtui.tui.presentation.colours import colour_role

_BY_POSITION = ("grey", "blue", "warn", "purple", "teal", "pink", "orange")


def stage_role(stage: Stage, position: int) -> str:
    """The role of a stage's dot and name: its own colour, green at the end, else by its place."""
    own = colour_role(stage.color)
    if own:
        return own
    if stage.end:
        return "good"
    return _BY_POSITION[position % len(_BY_POSITION)]
