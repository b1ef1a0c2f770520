"""The colours: two palettes, their Textual themes, and the style of a piece of text.

A role is a colour with words before it: ``dim``, ``bold text``, ``italic dim``, ``bold person3``,
``#aa3355``. A ground is what lies behind: ``background``, ``card``, ``cursor``, ``tint`` …; a role may
bring its own: ``bold on_accent@accent``.
"""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.theme import Theme

from fdtui.core.frozen import frozen
from fdtui.tui.toolkit.cells import Line


@frozen
class Palette:
    """Every colour of a theme, by what it means."""

    background: str
    card: str
    cursor: str
    tint: str
    panel: str
    line: str
    text: str
    dim: str
    accent: str
    on_accent: str
    good: str
    warn: str
    bad: str
    running: str
    people: tuple[str, ...]
    grey: str
    blue: str
    teal: str
    purple: str
    pink: str
    orange: str


DARK = Palette(
    background="#12151c",
    card="#1b202b",
    cursor="#283248",
    tint="#2b2a45",
    panel="#171b24",
    line="#2b3242",
    text="#d8dee9",
    dim="#8790a3",
    accent="#7aa2f7",
    on_accent="#12151c",
    good="#9ece6a",
    warn="#e0af68",
    bad="#f7768e",
    running="#7dcfff",
    people=(
        "#bb9af7", "#7dcfff", "#9ece6a", "#e0af68", "#f7768e", "#73daca", "#ff9e64", "#c0caf5",
    ),
    grey="#8790a3",
    blue="#7aa2f7",
    teal="#73daca",
    purple="#bb9af7",
    pink="#f49ac2",
    orange="#ff9e64",
)  # fmt: skip
LIGHT = Palette(
    background="#f4f5f7",
    card="#ffffff",
    cursor="#dfe8fb",
    tint="#efe9fb",
    panel="#eceef2",
    line="#d5d9e0",
    text="#262b36",
    dim="#666f80",
    accent="#2e5fd8",
    on_accent="#ffffff",
    good="#3d7a1f",
    warn="#8a5800",
    bad="#c2293f",
    running="#007197",
    people=(
        "#7847bd", "#007197", "#3d7a1f", "#8a5800", "#c2293f", "#0b7566", "#b04a00", "#3f4f9e",
    ),
    grey="#666f80",
    blue="#2e5fd8",
    teal="#0b7566",
    purple="#7847bd",
    pink="#b03078",
    orange="#b04a00",
)  # fmt: skip
PALETTES = {"fdtui-dark": DARK, "fdtui-light": LIGHT}


def theme_name(choice: str) -> str:
    """The Textual theme of ``dark`` or ``light``."""
    return "fdtui-light" if choice == "light" else "fdtui-dark"


def textual_themes() -> tuple[Theme, Theme]:
    """The palettes as Textual themes; each colour is a CSS variable ``$fd-…`` too."""
    dark, light = (_textual_theme(name, palette) for name, palette in PALETTES.items())
    return dark, light


def _textual_theme(name: str, palette: Palette) -> Theme:
    colours = {each.name: getattr(palette, each.name) for each in fields(palette)}
    variables = {
        f"fd-{key.replace('_', '-')}": value for key, value in colours.items() if isinstance(value, str)
    }
    return Theme(
        name=name,
        primary=palette.accent,
        secondary=palette.running,
        accent=palette.accent,
        warning=palette.warn,
        error=palette.bad,
        success=palette.good,
        foreground=palette.text,
        background=palette.background,
        surface=palette.card,
        panel=palette.panel,
        dark=palette is DARK,
        variables=variables,
    )


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [
        part / 12.92 if (part := channel / 255) <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for channel in _channels(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast of two ``#rrggbb`` colours as WCAG counts it, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colour: str, palette: Palette, wanted: float = 3.0) -> str:
    """``colour`` moved towards the text colour until it can be seen on card and background."""
    ink = _channels(palette.text)
    for step in range(11):
        mixed = "#" + "".join(
            f"{round(a + (b - a) * step / 10):02x}" for a, b in zip(_channels(colour), ink, strict=True)
        )
        if min(contrast(mixed, palette.card), contrast(mixed, palette.background)) >= wanted:
            return mixed
    return palette.text


CARET = {"caret": True}
"""Marks the style of the cell where one types; the painter puts the terminal's cursor there."""


class Paint:
    """Makes styles and strips for one palette; every style is made once."""

    def __init__(self, palette: Palette) -> None:
        self.palette = palette
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
            return Style(color=self.colour(ground), bgcolor=self.colour("text"), meta=CARET)
        role, _, own = role.partition("@")
        ground = own or ground
        *words, name = role.split(" ")
        return Style(
            color=self.colour(name),
            bgcolor=self.colour(ground),
            bold="bold" in words or None,
            italic="italic" in words or None,
            underline="underline" in words or None,
        )

    def colour(self, name: str) -> str:
        """The ``#rrggbb`` that a role or ground names."""
        if name.startswith("=#"):  # a picture's own colour, whatever can be read on it
            return name[1:]
        if name.startswith("#"):
            return readable(name, self.palette)
        if name.startswith("person"):
            return self.palette.people[int(name[6:]) % len(self.palette.people)]
        colour: str = getattr(self.palette, name)
        return colour

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
        grounds = (palette.background, palette.card, palette.cursor, palette.tint, palette.panel)
        if style.bgcolor is None or style.bgcolor.name not in grounds:
            return style
        return Style(color=palette.dim, bgcolor=style.bgcolor.name)

    def blank(self, width: int, ground: str = "background") -> Strip:
        """Nothing, ``width`` cells of it."""
        return Strip([Segment(" " * width, self.style("text", ground))] if width else [], width)


@lru_cache(maxsize=4)
def paint_of(name: str) -> Paint:
    """The paint of a Textual theme; any but our own gets the dark one."""
    return Paint(PALETTES.get(name, DARK))
