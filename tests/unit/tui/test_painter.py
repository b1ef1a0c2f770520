"""What the painter writes, played into a terminal, is what Textual wanted to be seen."""

import random

import pyte
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from fdtui.tui.painter import Painter, is_known_textual

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


def test_the_picture_is_the_same_as_textuals() -> None:
    rng = random.Random(7)
    console = Console(color_system="truecolor", force_terminal=True)
    painter = Painter()
    ours, theirs = pyte.Screen(WIDTH, HEIGHT), pyte.Screen(WIDTH, HEIGHT)
    our_stream, their_stream = pyte.Stream(ours), pyte.Stream(theirs)
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
        our_stream.feed(painter.sequence(update, console))
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


def test_this_textual_is_one_it_was_tried_with() -> None:
    assert is_known_textual(), "try painter and driver with this Textual, then add it to TRIED_WITH"
