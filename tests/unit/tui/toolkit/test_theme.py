import pytest

from fdtui.core.schema import Stage
from fdtui.tui.presentation.stages import stage_role
from fdtui.tui.toolkit.theme import PALETTES, Paint, contrast, readable


@pytest.mark.parametrize("name", PALETTES)
def test_text_can_be_read(name: str) -> None:
    palette = PALETTES[name]
    for ground in (palette.background, palette.card, palette.cursor, palette.tint, palette.panel):
        assert contrast(palette.text, ground) >= 4.5
        assert contrast(palette.dim, ground) >= 3
    for colour in (palette.accent, palette.good, palette.warn, palette.bad, *palette.people):
        assert contrast(colour, palette.card) >= 4.5, colour
        assert contrast(colour, palette.cursor) >= 3, colour
    assert contrast(palette.on_accent, palette.accent) >= 4.5


@pytest.mark.parametrize("name", PALETTES)
@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#808080", "#ff0000", "#ffff00"])
def test_any_stage_colour_is_made_visible(name: str, colour: str) -> None:
    palette = PALETTES[name]
    assert contrast(readable(colour, palette), palette.background) >= 3


def test_a_stage_has_its_own_colour_or_one_by_its_place() -> None:
    assert stage_role(Stage("a", color="Green"), 0) == "good"
    assert stage_role(Stage("a", color="#AA00ff"), 0) == "#aa00ff"
    assert stage_role(Stage("a", color="url(javascript:)"), 1) == "blue"
    assert stage_role(Stage("a", end=True), 0) == "good"


@pytest.mark.parametrize("name", PALETTES)
def test_every_role_has_a_style(name: str) -> None:
    paint = Paint(PALETTES[name])
    for role in ("bold text", "italic dim", "person11", "bold on_accent@accent", "#123456", "caret"):
        assert paint.style(role, "card").color is not None
