"""The bytes of a frame are what a slow link makes the user wait for."""

from fdtui.tui.terminal.abilities import Abilities
from fdtui.tui.terminal.strokes import FEW_LOOKS, PLAIN, Pen, Stroke, indexed

RED, BLUE = ("31", "40", 0), ("34", "40", 0)


def stroke(y: int, x: int, text: str, look: tuple[str, str, int] = RED) -> Stroke:
    return Stroke(y, x, x + len(text), look, text, has_ink=bool(text.strip()))


def written(*strokes: Stroke, abilities: Abilities | None = None) -> str:
    pen = Pen(abilities or Abilities(), 40)
    pen.write(strokes)
    return pen.written


def test_each_look_is_said_once() -> None:
    lines = [stroke(y, x, "ab", look) for y in range(3) for x, look in ((0, RED), (9, BLUE))]
    assert written(*lines).count("m") == 3, "two looks, and plain at the end"


def test_the_shortest_way_to_the_next_place() -> None:
    assert "ab\x1b[5Ccd" in written(stroke(3, 0, "ab"), stroke(3, 7, "cd"))
    assert "ab\x1b[Bcd" in written(stroke(3, 0, "ab"), stroke(4, 2, "cd"))
    assert "ab\x1b[6Hcd" in written(stroke(3, 0, "ab"), stroke(5, 0, "cd"))
    assert "ab\x1b[6;11Hcd" in written(stroke(3, 0, "ab"), stroke(5, 10, "cd"))


def test_behind_a_letter_of_doubtful_width_the_place_is_said_whole() -> None:
    assert "東\x1b[4;6Hcd" in written(stroke(3, 0, "東"), stroke(3, 5, "cd"))


def test_blanks_are_erased_where_that_is_shorter_and_safe() -> None:
    line = stroke(0, 0, "ab" + " " * 9)
    assert "ab\x1b[9X" in written(line)
    assert "ab" + " " * 9 in written(line, abilities=Abilities(erases=False))
    assert "ab\x1b[K" in written(stroke(0, 29, "ab" + " " * 9)), "to the edge"
    assert "ab    \x1b" in written(stroke(0, 0, "ab    "))
    line.is_raw = True
    assert "ab" + " " * 9 in written(line), "pixels may lie there"
    assert "ab" + " " * 9 in written(stroke(0, 0, "ab" + " " * 9, ("31", "40", 8))), "underlined"


def test_blanks_take_any_ink() -> None:
    assert written(stroke(0, 0, "  ", ("32", "40", 1))) == "\x1b[40m\x1b[1H  \x1b[0m"


def test_bold_text_of_a_whole_screen_comes_first_on_its_ground() -> None:
    many = [stroke(y, 0, "quiet", (str(y), "40", 0)) for y in range(FEW_LOOKS)]
    out = written(*many, stroke(1, 9, "LOUD", (*RED[:2], 1)))
    assert out.index("LOUD") < out.index("quiet")


def test_of_few_looks_the_cheapest_to_change_to_is_next() -> None:
    red, blue, ground = "38;2;255;0;0", "38;2;0;0;255", "48;2;9;9;9"
    looks = [(red, "40", 1), (blue, "40", 0), (red, ground, 1), (blue, ground, 0)]
    out = written(*(stroke(y, 0, "ab", look) for y, look in enumerate(looks)))
    assert out.count(red) == out.count(blue) == 1 and out.count(ground) <= 2


def test_a_colour_of_the_palette_is_told_by_its_number() -> None:
    assert indexed(255, 255, 255) == 231
    assert indexed(95, 0, 135) == 54
    assert indexed(8, 8, 8) == 232
    assert indexed(238, 238, 238) == 255
    assert indexed(18, 21, 28) is None
    assert indexed(248, 248, 248) is None


def test_nothing_to_write_is_no_byte() -> None:
    assert written() == ""
    assert written(stroke(0, 0, "a", PLAIN)) == "\x1b[1Ha"
