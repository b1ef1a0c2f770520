"""How the board is to look: the user's choices and the signs that the frame is made of."""

from __future__ import annotations

from fdtui.core.frozen import frozen

DENSITIES = ("comfortable", "compact", "line")
"""Three lines a card, two, or one."""

THEMES = ("dark", "light")


@frozen
class Glyphs:
    """The signs of the frame, each one cell wide unless it says otherwise."""

    dot: str = "●"
    hollow: str = "○"
    bar: str = "▌"
    late: str = "!"
    running: str = "⟳"
    waiting: str = "↑"
    selected: str = "┃"
    conflict: str = "≠"
    arrow: str = "→"
    refused: str = "✗"
    doubtful: str = "≠"
    done: str = "✓"
    files: str = "▤"
    box: str = "☐"
    ticked: str = "☑"
    more: str = "›"
    less: str = "‹"
    cut: str = "…"
    dash: str = "—"
    middot: str = "·"
    rule: str = "─"
    strong_rule: str = "━"
    wall: str = "│"
    down: str = "▾"


UNICODE = Glyphs()
ASCII = Glyphs(
    dot="*",
    hollow="o",
    bar=">",
    running="~",
    waiting="^",
    selected="+",
    conflict="=",
    arrow=">",
    refused="x",
    doubtful="?",
    done="ok",
    files="f",
    box="[ ]",
    ticked="[x]",
    more=">",
    less="<",
    cut="~",
    dash="-",
    middot="-",
    rule="-",
    strong_rule="=",
    wall="|",
    down="v",
)


@frozen
class Look:
    """The user's choices; made once by wiring and handed to the screen."""

    theme: str = "dark"
    ascii: bool = False
    density: str = "comfortable"
    hide_end: bool = False
    card_fields: tuple[str, ...] | None = None
    """The fields that a card shows beside title and unique id; ``None`` lets the program choose."""
    title: str | None = None
    """The field that serves as a card's title; ``None`` lets the program choose."""
    previews: bool = True
    """Whether files are fetched to be shown."""
    pictures: str = "auto"
    """What images are drawn with: a `fdtui.tui.graphics.Way`, or ``auto`` to ask the terminal."""
    motion: bool = True
    """Whether a card that somebody else changed is tinted for a moment."""

    @property
    def glyphs(self) -> Glyphs:
        """The signs to draw with."""
        return ASCII if self.ascii else UNICODE

    @property
    def card_lines(self) -> int:
        """Lines of text in a card."""
        return {"compact": 2, "line": 1}.get(self.density, 3)

    @property
    def card_height(self) -> int:
        """Lines from one card to the next, the gap included."""
        return self.card_lines + (0 if self.density == "line" else 1)
