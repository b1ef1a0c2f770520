"""What a Textual screen shows, as text; the one place of the tests that asks its compositor."""

from rich.console import Console
from textual.screen import Screen
from textual.strip import Strip

from fdtui.tui.terminal.painter import Painter
from tests.terminal.vt import Vt


def painted(screen: Screen[object]) -> list[Strip]:
    """The lines of the screen, as they would be painted."""
    return screen._compositor.render_strips()


def whole_update(screen: Screen[object]) -> object:
    """What Textual hands to the driver to paint the whole screen."""
    return screen._compositor.render_update(full=True)


def dirty_update(screen: Screen[object]) -> object | None:
    """The same for what is dirty, as while a program runs; ``None`` where nothing is."""
    return screen._compositor.render_update()


def on_terminal(screen: Screen[object]) -> list[str]:
    """The rows that a terminal shows of the screen; the second cell of a wide letter is a NUL."""
    width, height = screen.size
    vt = Vt(width, height, lambda _: None)
    console = Console(force_terminal=True, color_system="truecolor", width=width, height=height)
    vt.feed(Painter().sequence(screen._compositor.render_update(full=True), console).encode())
    buffer = vt.screen.buffer
    return ["".join(buffer[y][x].data or "\0" for x in range(width)) for y in range(height)]
