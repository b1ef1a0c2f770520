"""How soon after a frame the next may be painted."""

from textual.app import App

from fdtui.tui.terminal.app import TerminalApp
from fdtui.tui.terminal.frame_timer import FRAME_PERIOD


async def test_the_screen_of_our_app_ticks_as_often_as_we_say() -> None:
    app: App[None] = TerminalApp()
    async with app.run_test():
        assert app.screen._update_timer._interval == FRAME_PERIOD
