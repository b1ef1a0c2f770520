"""A name in a line that parts what is above it from what is below. Pure."""

from __future__ import annotations

from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, width_of


def heading(name: str, width: int, glyphs: Glyphs) -> Line:
    """``─ Comments 4 ────────``; the name is safe, and short enough."""
    rest = max(0, width - width_of(name) - 3)
    return ((f"{glyphs.rule} ", "line"), (name, "dim"), (f" {glyphs.rule * rest}", "line"))
