"""The colours by what they mean: dark and light, each for terminals with all, 256, 16 and no colours."""

from __future__ import annotations

from functools import cached_property, lru_cache
from itertools import product

from fdtui.core.frozen import frozen

READABLE = 4.5
"""The contrast that text needs, as WCAG counts it."""

DEPTHS = ("full", "256", "16", "none")
"""How many colours a terminal has, or is to be shown."""


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
    chip: str
    """Lies behind a value that stands out of its line."""
    is_dark: bool = True
    depth: str = "full"

    @cached_property
    def grounds(self) -> tuple[str, ...]:
        """What lies behind text, but for a ground that a role brings with it."""
        return (self.background, self.card, self.cursor, self.tint, self.panel, self.chip)


DARK = Palette(
    background="#12151c",
    card="#1b202b",
    cursor="#283248",
    tint="#2b2a45",
    panel="#171b24",
    line="#2b3242",
    text="#d8dee9",
    dim="#929bae",
    accent="#7aa2f7",
    on_accent="#12151c",
    good="#9ece6a",
    warn="#e0af68",
    bad="#f7768e",
    running="#7dcfff",
    people=(
        "#bb9af7", "#7dcfff", "#9ece6a", "#e0af68", "#f7768e", "#73daca", "#ff9e64", "#c0caf5",
    ),
    grey="#929bae",
    blue="#7aa2f7",
    teal="#73daca",
    purple="#bb9af7",
    pink="#f49ac2",
    orange="#ff9e64",
    chip="#293041",
)  # fmt: skip
LIGHT = Palette(
    background="#f4f5f7",
    card="#ffffff",
    cursor="#dfe8fb",
    tint="#efe9fb",
    panel="#eceef2",
    line="#d5d9e0",
    text="#262b36",
    dim="#5f6879",
    accent="#2e5fd8",
    on_accent="#ffffff",
    good="#3d7a1f",
    warn="#8a5800",
    bad="#c2293f",
    running="#007197",
    people=(
        "#7847bd", "#007197", "#3d7a1f", "#8a5800", "#c2293f", "#0b7566", "#b04a00", "#3f4f9e",
    ),
    grey="#5f6879",
    blue="#2e5fd8",
    teal="#0b7566",
    purple="#7847bd",
    pink="#b03078",
    orange="#b04a00",
    chip="#e6e9ef",
    is_dark=False,
)  # fmt: skip

# Only colours of the 256 that terminals do not let one change: the cube and the greys.
DARK_256 = Palette(
    background="#121212",
    card="#262626",
    cursor="#3a3a3a",
    tint="#00005f",
    panel="#1c1c1c",
    line="#444444",
    text="#dadada",
    dim="#a8a8a8",
    accent="#87afff",
    on_accent="#121212",
    good="#afd787",
    warn="#d7af5f",
    bad="#ff8787",
    running="#87d7ff",
    people=(
        "#d7afff", "#87d7ff", "#afd787", "#d7af5f", "#ff8787", "#5fd7af", "#ffaf5f", "#d7d7ff",
    ),
    grey="#a8a8a8",
    blue="#87afff",
    teal="#5fd7af",
    purple="#d7afff",
    pink="#ff87af",
    orange="#ffaf5f",
    chip="#303030",
    depth="256",
)  # fmt: skip
LIGHT_256 = Palette(
    background="#eeeeee",
    card="#ffffff",
    cursor="#d7d7ff",
    tint="#ffd7ff",
    panel="#e4e4e4",
    line="#c6c6c6",
    text="#262626",
    dim="#585858",
    accent="#005faf",
    on_accent="#ffffff",
    good="#005f00",
    warn="#875f00",
    bad="#af0000",
    running="#005f87",
    people=(
        "#5f00af", "#005f87", "#005f00", "#875f00", "#af0000", "#005f5f", "#870000", "#000087",
    ),
    grey="#585858",
    blue="#005faf",
    teal="#005f5f",
    purple="#5f00af",
    pink="#87005f",
    orange="#870000",
    chip="#dadada",
    is_dark=False,
    depth="256",
)  # fmt: skip

# Only the 16, as rich and the Linux console have them. Of these few pairs can be read, so the grounds
# are black or white but for the cursor's, and the hues those that can be read in xterm, too.
DARK_16 = Palette(
    background="#000000",
    card="#000000",
    cursor="#0000aa",
    tint="#555555",
    panel="#000000",
    line="#555555",
    text="#ffffff",
    dim="#aaaaaa",
    accent="#55ffff",
    on_accent="#000000",
    good="#55ff55",
    warn="#ffff55",
    bad="#ff5555",
    running="#55ffff",
    people=(
        "#ff55ff", "#55ffff", "#55ff55", "#ffff55", "#ff5555", "#00aaaa", "#00aa00", "#ffffff",
    ),
    grey="#aaaaaa",
    blue="#55ffff",
    teal="#00aaaa",
    purple="#ff55ff",
    pink="#ff55ff",
    orange="#ffff55",
    chip="#000000",
    depth="16",
)  # fmt: skip
LIGHT_16 = Palette(
    background="#ffffff",
    card="#ffffff",
    cursor="#00aaaa",
    tint="#aaaaaa",
    panel="#ffffff",
    line="#aaaaaa",
    text="#000000",
    dim="#555555",
    accent="#0000aa",
    on_accent="#ffffff",
    good="#000000",
    warn="#aa00aa",
    bad="#aa0000",
    running="#0000aa",
    people=(
        "#aa00aa", "#0000aa", "#aa0000", "#000000", "#aa00aa", "#0000aa", "#aa0000", "#555555",
    ),
    grey="#555555",
    blue="#0000aa",
    teal="#0000aa",
    purple="#aa00aa",
    pink="#aa00aa",
    orange="#aa0000",
    chip="#ffffff",
    is_dark=False,
    depth="16",
)  # fmt: skip
_BY_DEPTH = {"full": (DARK, LIGHT), "256": (DARK_256, LIGHT_256), "16": (DARK_16, LIGHT_16)}
_LEVELS = (0, 95, 135, 175, 215, 255)
_COLOURS = {
    "256": (*product(_LEVELS, repeat=3), *((grey, grey, grey) for grey in range(8, 248, 10))),
    "16": (
        *((0, 0, 0), (170, 0, 0), (0, 170, 0), (170, 85, 0)),
        *((0, 0, 170), (170, 0, 170), (0, 170, 170), (170, 170, 170)),
        *product((85, 255), repeat=3),
    ),
}
"""What a terminal has; of the 256 without the first 16, which every terminal shows differently."""


def palette_of(depth: str, *, is_dark: bool) -> Palette:
    """The palette for a terminal of that depth; where no colour is to be shown, the full one counts."""
    dark, light = _BY_DEPTH.get(depth, (DARK, LIGHT))
    return dark if is_dark else light


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


def shown(colour: str, depth: str) -> str:
    """What a terminal of that depth makes of a ``#rrggbb``."""
    if depth not in _COLOURS:
        return colour
    wanted = _channels(colour)
    red, green, blue = min(_COLOURS[depth], key=lambda each: _distance(each, wanted))
    return f"#{red:02x}{green:02x}{blue:02x}"


def _distance(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """How different two colours look, roughly: the eye tells greens apart best."""
    red, green, blue = (a - b for a, b in zip(one, other, strict=True))
    return 2 * red * red + 4 * green * green + 3 * blue * blue


@lru_cache(maxsize=1024)
def readable(colour: str, ground: str, palette: Palette) -> str:
    """``colour`` moved towards the text colour until it can be read on ``ground``."""
    ink = _channels(palette.text)
    for step in range(11):
        mixed = "#" + "".join(
            f"{round(a + (b - a) * step / 10):02x}" for a, b in zip(_channels(colour), ink, strict=True)
        )
        mixed = shown(mixed, palette.depth)
        if contrast(mixed, ground) >= READABLE:
            return mixed
    return max("#ffffff", "#000000", key=lambda each: contrast(each, ground))
