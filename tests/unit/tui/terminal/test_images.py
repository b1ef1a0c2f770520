"""Pictures come and go with the cell that they hang on."""

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from fdtui.tui.terminal.images import ANCHOR, Picture
from fdtui.tui.terminal.painter import Painter

WIDTH, HEIGHT = 12, 6
GROUND = Style.parse("#ffffff on #000000")
CONSOLE = Console(color_system="truecolor", force_terminal=True)
WIPED = Picture(4, 3, "<draw>")
ABOVE = Picture(4, 3, "<draw>", "<erase>")


class Screen:
    """Frames as Textual makes them."""

    def __init__(self) -> None:
        self.painter = Painter()

    def show(self, rows: list[list[Segment]]) -> str:
        """What is written for a whole frame."""
        strips = [[Strip(row)] for row in rows]
        return self.painter.sequence(LayoutUpdate(strips, Region(0, 0, WIDTH, HEIGHT)), CONSOLE)

    def change(self, y: int, text: str) -> str:
        """What is written when a row becomes ``text``."""
        chops = [{0: Strip([Segment(text, GROUND)]) if y == row else None} for row in range(HEIGHT)]
        return self.painter.sequence(ChopsUpdate(chops, [(y, 0, WIDTH)], [[WIDTH]] * HEIGHT), CONSOLE)

    def hung(self, picture: Picture) -> list[list[Segment]]:
        """A frame with the picture in its third row and column."""
        rows = blank()
        anchor = self.painter.pictures.anchor(picture, GROUND)
        rows[2] = [Segment("  ", GROUND), anchor, Segment(" " * (WIDTH - 3), GROUND)]
        return rows


def blank() -> list[list[Segment]]:
    return [[Segment(" " * WIDTH, GROUND)] for _ in range(HEIGHT)]


def test_a_picture_is_drawn_after_the_text_and_once() -> None:
    screen = Screen()
    frame = screen.hung(WIPED)
    written = screen.show(frame)
    assert written.endswith("\x1b[0m\x1b[3;3H<draw>")
    assert ANCHOR not in written
    assert screen.show(frame) == ""
    assert "<draw>" not in screen.change(0, "elsewhere   ")


def test_a_picture_that_was_written_over_is_drawn_again() -> None:
    screen = Screen()
    screen.show(screen.hung(WIPED))
    assert "<draw>" in screen.change(4, "   over it  ")
    assert "<draw>" not in screen.change(5, "  below it  ")


def test_a_picture_above_the_text_is_not_sent_again() -> None:
    screen = Screen()
    screen.show(screen.hung(ABOVE))
    assert "<draw>" not in screen.change(4, "   over it  ")


def test_what_a_picture_had_covered_is_written_whole() -> None:
    screen = Screen()
    screen.show(screen.hung(WIPED))
    written = screen.show(blank())
    for row in (3, 4, 5):
        assert f"\x1b[{row};3H" in written, "blanks on blanks, but pixels lie between"
    assert written.count(" ") >= 12
    assert screen.show(blank()) == ""


def test_a_picture_above_the_text_is_erased() -> None:
    screen = Screen()
    screen.show(screen.hung(ABOVE))
    assert "<erase>" in screen.show(blank())
    assert "<erase>" not in screen.show(blank())


def test_another_picture_in_its_place() -> None:
    screen = Screen()
    screen.show(screen.hung(ABOVE))
    written = screen.show(screen.hung(Picture(4, 3, "<other>", "<gone>")))
    assert written.endswith("<erase>\x1b[3;3H<other>")


def test_after_the_screen_was_lost_it_is_drawn_again() -> None:
    screen = Screen()
    frame = screen.hung(ABOVE)
    screen.show(frame)
    assert screen.painter.pictures.farewell() == "<erase>"
    screen.painter.forget()
    assert screen.show(frame).endswith("<draw>")


def test_a_letter_like_an_anchor_is_text() -> None:
    screen = Screen()
    screen.show(screen.hung(WIPED))
    assert ANCHOR in screen.change(0, f"{ANCHOR}           ")
