"""What the painter writes, played into a terminal, is what Textual wanted to be seen."""

import random

import pyte
import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from fdtui.tui.terminal.abilities import Abilities
from fdtui.tui.terminal.painter import Painter
from fdtui.tui.toolkit.whole_strip import WholeStrip
from tests.terminal.vt import Screen, Vt

WIDTH, HEIGHT = 24, 6
STYLES = [
    Style.parse(text)
    for text in (
        "#d8dee9 on #12151c",
        "bold #d8dee9 on #12151c",
        "italic #ff0000 on #283248",
        "dim #ffffff on #000000",
        "bold dim #00ff00 on #000000",
        "underline #7aa2f7 on #283248",
    )
]
WORDS = ["Acme", "東京データ", " ", "   ", "a", "é", "☑", "x" * 9, "ー", "Zürich"]


def random_line(rng: random.Random) -> Strip:
    segments, left = [], WIDTH
    while left > 0:
        segment = Segment(rng.choice(WORDS), rng.choice(STYLES))
        strip = Strip([segment])
        if strip.cell_length > left:
            segment = Segment(" " * left, rng.choice(STYLES))
            strip = Strip([segment])
        segments.append(segment)
        left -= strip.cell_length
    return Strip(segments, WIDTH)


def seen(cell: pyte.screens.Char) -> tuple[object, ...]:
    """What can be told by eye: a blank has no ink."""
    ink = (cell.fg, cell.bold, cell.italics) if cell.data.strip() else ()
    return cell.data, cell.bg, cell.underscore, ink


def picture(screen: pyte.Screen) -> list[list[tuple[object, ...]]]:
    return [[seen(screen.buffer[y][x]) for x in range(WIDTH)] for y in range(HEIGHT)]


@pytest.mark.parametrize("abilities", [Abilities(), Abilities(erases=False)])
@pytest.mark.parametrize("frames", [1, 3], ids=["each", "some left out"])
def test_the_picture_is_the_same_as_textuals(abilities: Abilities, frames: int) -> None:
    rng = random.Random(7)
    console = Console(color_system="truecolor", force_terminal=True)
    painter = Painter(abilities)
    theirs, vt = Screen(WIDTH, HEIGHT), Vt(WIDTH, HEIGHT, lambda _: None)
    ours, their_stream = vt.screen, pyte.Stream(theirs)
    for number in range(150):
        if number % 5 == 0:
            update = LayoutUpdate(
                [[random_line(rng)] for _ in range(HEIGHT)], Region(0, 0, WIDTH, HEIGHT)
            )
        else:
            rows = sorted(rng.sample(range(HEIGHT), rng.randint(1, HEIGHT)))
            chops = [{0: random_line(rng) if y in rows else None} for y in range(HEIGHT)]
            update = ChopsUpdate(chops, [(y, 0, WIDTH) for y in rows], [[WIDTH]] * HEIGHT)
        their_stream.feed(update.render_segments(console).replace("\n", "\r\n"))
        painter.take(update, console)
        if number % frames == 0:
            vt.feed(painter.frame().encode())
            assert picture(ours) == picture(theirs), number


def test_nothing_is_written_twice() -> None:
    console = Console(color_system="truecolor", force_terminal=True)
    painter = Painter()
    lines = [[random_line(random.Random(1))] for _ in range(HEIGHT)]
    update = LayoutUpdate(lines, Region(0, 0, WIDTH, HEIGHT))
    assert painter.sequence(update, console)
    assert painter.sequence(update, console) == ""
    painter.forget()
    assert painter.sequence(update, console)


def test_blanks_that_change_no_ground_are_not_written() -> None:
    """What dims a board changes only its ink, and most of a board is blank."""
    console = Console(color_system="truecolor", force_terminal=True)
    painter, region = Painter(), Region(0, 0, WIDTH, 1)

    def painted(colour: str, ground: str, text: str = " " * WIDTH) -> str:
        strip = Strip([Segment(text, Style.parse(f"{colour} on {ground}"))], WIDTH)
        return painter.sequence(LayoutUpdate([[strip]], region), console)

    assert painted("#ffffff", "#12151c")
    assert not painted("bold #8790a3", "#12151c")
    assert "\x1b[K" in painted("#8790a3", "#283248")
    assert painted("underline #8790a3", "#283248")


def test_a_wide_letter_that_another_part_covers_pushes_nothing_aside() -> None:
    console = Console(color_system="truecolor", force_terminal=True)
    screen = Screen(WIDTH, HEIGHT)
    below = WholeStrip([Segment("ab東cd" + " " * (WIDTH - 6), STYLES[0])], WIDTH)
    first, _ = below.divide([3, WIDTH])
    over = Strip([Segment("|" * (WIDTH - 3), STYLES[1])], WIDTH - 3)
    written = Painter().sequence(LayoutUpdate([[first, over]], Region(0, 0, WIDTH, 1)), console)
    pyte.Stream(screen).feed(written)
    assert screen.display[0] == "ab " + "|" * (WIDTH - 3)
