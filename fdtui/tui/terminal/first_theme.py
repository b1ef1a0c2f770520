"""The theme that an app begins in."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.filter import NoColor

from fdtui.tui.toolkit.theme import PLAIN, textual_themes, theme_name


def begin_in(app: App[Any], choice: str, depth: str) -> None:
    """Let ``app``, which does not run yet, begin in ``dark`` or ``light``, in colours of that depth.

    Setting the theme alone would let all styles be made for another one first, and then again.
    """
    for theme in textual_themes(depth):
        app.register_theme(theme)
    name = theme_name(choice, depth)
    app.no_color = depth == PLAIN
    app.set_reactive(App.theme, name)
    is_dark = app.current_theme.dark
    for mode, is_on in ((f"-theme-{name}", True), ("-dark-mode", is_dark), ("-light-mode", not is_dark)):
        app.set_class(is_on, mode, update=False)
    app._refresh_truecolor_filter(app.ansi_theme)
    if app.no_color:  # Textual would show greys, and with them grounds
        app._filters = [NoColor()]
    app.stylesheet.set_variables(app.get_css_variables())
