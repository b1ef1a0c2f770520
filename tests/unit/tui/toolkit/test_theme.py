import re
from itertools import product
from pathlib import Path

import pytest

import fdtui.tui
from fdtui.core.schema import Stage
from fdtui.tui.presentation.stages import stage_role
from fdtui.tui.toolkit.palettes import DEPTHS, Palette, contrast, palette_of, readable, shown
from fdtui.tui.toolkit.theme import Paint, other_theme, paint_of, theme_name

GROUNDS = ("background", "card", "cursor", "tint", "panel", "chip")
INKS = (
    *("text", "dim", "accent", "good", "warn", "bad", "running"),
    *("grey", "blue", "teal", "purple", "pink", "orange"),
    *(f"person{number}" for number in range(8)),
    *("#000000", "#ffffff", "#808080", "#ff0000", "#ffff00", "#0000ff"),
)
NAMES = [theme_name(kind, depth) for kind in ("dark", "light") for depth in DEPTHS if depth != "none"]
PALETTES = [palette_of(depth, is_dark=dark) for dark in (True, False) for depth in ("full", "256", "16")]


def _hex(colour: object) -> str:
    return str(getattr(colour, "name", ""))


@pytest.mark.parametrize("name", NAMES)
def test_every_ink_can_be_read_on_every_ground(name: str) -> None:
    paint = paint_of(name)
    for ink, ground in product(INKS, GROUNDS):
        for style in (paint.style(ink, ground), paint.style(f"bold {ink}", ground)):
            assert contrast(_hex(style.color), _hex(style.bgcolor)) >= 4.5, (ink, ground)


@pytest.mark.parametrize("name", NAMES)
def test_what_brings_its_own_ground_can_be_read(name: str) -> None:
    source = "\n".join(each.read_text("utf-8") for each in Path(fdtui.tui.__file__).parent.rglob("*.py"))
    roles = set(re.findall(r'"((?:bold |italic )*[a-z_]+@[a-z]+)"', source))
    assert {"bold on_accent@accent", "text@background"} <= roles
    for role in roles - {"line@panel"}:  # a rule, and no text
        style = paint_of(name).style(role, "card")
        assert contrast(_hex(style.color), _hex(style.bgcolor)) >= 4.5, role


@pytest.mark.parametrize("name", NAMES)
def test_what_is_dimmed_behind_a_dialog_can_be_read(name: str) -> None:
    paint = paint_of(name)
    for ink, ground in product(INKS, GROUNDS):
        strip = paint.dimmed(paint.strip((("x", f"bold {ink}"),), 1, ground))
        style = next(iter(strip)).style
        assert style is not None
        assert not style.bold
        assert contrast(_hex(style.color), _hex(style.bgcolor)) >= 4.5, (ink, ground)


@pytest.mark.parametrize("palette", PALETTES, ids=lambda each: f"{each.depth}-{each.is_dark}")
def test_a_palette_holds_only_colours_that_its_terminal_has(palette: Palette) -> None:
    values = [each for each in vars(palette).values() if isinstance(each, str) and each.startswith("#")]
    for colour in (*values, *palette.people):
        assert shown(colour, palette.depth) == colour


@pytest.mark.parametrize("palette", PALETTES, ids=lambda each: f"{each.depth}-{each.is_dark}")
def test_what_can_be_read_already_keeps_its_hue(palette: Palette) -> None:
    for ground in (palette.background, palette.card):
        for colour in (palette.text, palette.dim, palette.accent, palette.bad, *palette.people):
            assert readable(colour, ground, palette) == colour


def test_the_cursor_and_what_others_changed_stand_out() -> None:
    for palette in PALETTES:
        assert len({palette.card, palette.cursor, palette.tint}) == 3


@pytest.mark.parametrize("kind", ["dark", "light"])
def test_without_colours_nothing_has_one(kind: str) -> None:
    paint = paint_of(theme_name(kind, "none"))
    for ink, ground in product((*INKS, "bold on_accent@accent", "line", "caret"), GROUNDS):
        style = paint.style(ink, ground)
        assert style.color is None
        assert style.bgcolor is None
    assert paint.style("text", "cursor").reverse
    assert paint.style("bold on_accent@accent").reverse
    assert not paint.style("text", "card").reverse


def test_a_theme_has_a_twin() -> None:
    for name in (*NAMES, theme_name("dark", "none")):
        assert other_theme(name) != name
        assert other_theme(other_theme(name)) == name


def test_a_stage_has_its_own_colour_or_one_by_its_place() -> None:
    assert stage_role(Stage("a", color="Green"), 0) == "good"
    assert stage_role(Stage("a", color="#AA00ff"), 0) == "#aa00ff"
    assert stage_role(Stage("a", color="url(javascript:)"), 1) == "blue"
    assert stage_role(Stage("a", end=True), 0) == "good"


@pytest.mark.parametrize("palette", PALETTES, ids=lambda each: f"{each.depth}-{each.is_dark}")
def test_every_role_has_a_style(palette: Palette) -> None:
    paint = Paint(palette)
    for role in ("bold text", "italic dim", "person11", "bold on_accent@accent", "#123456", "caret"):
        assert paint.style(role, "card").color is not None
