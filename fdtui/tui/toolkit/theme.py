"""The Textual themes of the palettes, and the style of a piece of text.

A role is a colour with words before it: ``dim``, ``bold text``, ``italic dim``, ``bold person3``,
``#aa3355``. A ground is what lies behind: ``background``, ``card``, ``cursor``, ``tint`` …; a role may
bring its own: ``bold on_accent@accent``. A colour that cannot be read on its ground is moved until it
can.
"""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.theme import Theme

from fdtui.tui.toolkit.cells import Line
from fdtui.tui.toolkit.palettes import DEPTHS, Palette, palette_of, readable

PLAIN = "none"
"""The depth at which nothing is coloured: words and grounds are told apart by bold and reverse."""
_REVERSED = frozenset({"cursor", "accent"})
"""The grounds that stand out where there are no colours."""
_UNCOLOURED = "ansi_default"
_NOT_TEXT = frozenset({"line"})


def theme_name(choice: str, depth: str = "full") -> str:
    """The Textual theme of ``dark`` or ``light`` for a terminal with that many colours."""
    kind = "light" if choice == "light" else "dark"
    return f"fdtui-{kind}" if depth == "full" else f"fdtui-{kind}-{depth}"


def other_theme(name: str) -> str:
    """The light theme for a dark one, and the other way round."""
    kind, depth = _parts(name)
    return theme_name("dark" if kind == "light" else "light", depth)


def _parts(name: str) -> tuple[str, str]:
    _, kind, depth = (*name.split("-"), "full", "full")[:3]
    return kind, depth if depth in DEPTHS else "full"


def textual_themes(depth: str = "full") -> tuple[Theme, Theme]:
    """Dark and light as Textual themes; each colour is a CSS variable ``$fd-…`` too."""
    return _textual_theme("dark", depth), _textual_theme("light", depth)


def _textual_theme(kind: str, depth: str) -> Theme:
    palette = palette_of(depth, is_dark=kind == "dark")
    colours = {each.name: getattr(palette, each.name) for each in fields(palette)}
    variables = {
        f"fd-{key.replace('_', '-')}": _UNCOLOURED if depth == PLAIN else value
        for key, value in colours.items()
        if isinstance(value, str) and value.startswith("#")
    }
    return Theme(
        name=theme_name(kind, depth),
        primary=palette.accent,
        secondary=palette.running,
        accent=palette.accent,
        warning=palette.warn,
        error=palette.bad,
        success=palette.good,
        foreground=_UNCOLOURED if depth == PLAIN else palette.text,
        background=palette.background,
        surface=palette.card,
        panel=palette.panel,
        dark=palette.is_dark,
        variables=variables,
    )


CARET = {"caret": True}
"""Marks the style of the cell where one types; the painter puts the terminal's cursor there."""


class Paint:
    """Makes styles and strips for one palette; every style is made once."""

    def __init__(self, palette: Palette, *, is_plain: bool = False) -> None:
        """``is_plain`` shows no colour at all."""
        self.palette, self._is_plain = palette, is_plain
        self._styles: dict[tuple[str, str], Style] = {}
        self._dimmed: dict[Style | None, Style | None] = {}

    def style(self, role: str, ground: str = "background") -> Style:
        """How a piece of that role looks on that ground."""
        known = self._styles.get((role, ground))
        if known is None:
            known = self._styles[role, ground] = self._made(role, ground)
        return known

    def _made(self, role: str, ground: str) -> Style:
        if role == "caret":
            if self._is_plain:
                return Style(reverse=True, meta=CARET)
            return Style(color=self.colour(ground), bgcolor=self.colour("text"), meta=CARET)
        role, _, own = role.partition("@")
        ground = own or ground
        *words, name = role.split(" ")
        look = Style(
            bold="bold" in words or None,
            italic="italic" in words or None,
            underline="underline" in words or None,
            reverse=(self._is_plain and ground in _REVERSED) or None,
        )
        if self._is_plain:
            return look
        return look + Style(color=self.ink(name, ground), bgcolor=self.colour(ground))

    def colour(self, name: str) -> str:
        """The ``#rrggbb`` that a role or ground names, wherever it is."""
        if name.startswith("=#"):  # a picture's own colour, whatever can be read on it
            return name[1:]
        if name.startswith("#"):
            return name
        if name.startswith("person"):
            return self.palette.people[int(name[6:]) % len(self.palette.people)]
        colour: str = getattr(self.palette, name)
        return colour

    def ink(self, name: str, ground: str) -> str:
        """The same where it can be read on that ground, else the nearest that can."""
        colour = self.colour(name)
        if name in _NOT_TEXT or name.startswith("=#"):
            return colour
        return readable(colour, self.colour(ground), self.palette)

    def strip(self, line: Line, width: int, ground: str = "background") -> Strip:
        """``line``, which has to cover ``width`` cells, ready for the screen."""
        return Strip([Segment(text, self.style(role, ground)) for text, role in line if text], width)

    def dimmed(self, strip: Strip) -> Strip:
        """The same letters on the same grounds, all in the quiet colour and none of them bold."""
        known = self._dimmed
        segments = []
        for text, style, control in strip:
            if style not in known:
                known[style] = self._made_dim(style)
            segments.append(Segment(text, known[style], control))
        return Strip(segments, strip.cell_length)

    def _made_dim(self, style: Style | None) -> Style | None:
        """What is quieter already stays, and so does what stands on a ground of its own."""
        palette = self.palette
        if style is None or style.color is None or style.color.name == palette.line:
            return style
        if style.bgcolor is None or style.bgcolor.name not in palette.grounds:
            return style
        ground = style.bgcolor.name
        return Style(color=readable(palette.dim, ground, palette), bgcolor=ground)

    def blank(self, width: int, ground: str = "background") -> Strip:
        """Nothing, ``width`` cells of it."""
        return Strip([Segment(" " * width, self.style("text", ground))] if width else [], width)


@lru_cache(maxsize=8)
def paint_of(name: str) -> Paint:
    """The paint of a Textual theme; any but our own gets the dark one."""
    kind, depth = _parts(name)
    return Paint(palette_of(depth, is_dark=kind != "light"), is_plain=depth == PLAIN)
