"""One thing of a list. Pure."""

from __future__ import annotations

from fdtui.core.frozen import frozen
from fdtui.tui.toolkit.cells import Piece


@frozen
class Item:
    """One thing to choose; ``why_not`` says why it cannot be chosen."""

    id: str
    text: str
    note: str = ""
    """Said dim at the right edge: keys, an e-mail, a count."""
    about: str = ""
    """Said dim behind the text, where there is room."""
    words: str = ""
    """What it is found by besides its text; never shown."""
    why_not: str = ""
    sign: Piece = ("", "dim")
    """A glyph before the text, with its role."""
    letter: str = ""
    """The key that chooses it at once; in a list that is searched a digit, while nothing is typed."""
