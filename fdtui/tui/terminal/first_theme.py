"""The theme that an app begins in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from textual.app import App
from textual.theme import Theme


def begin_in(app: App[Any], themes: Iterable[Theme], name: str) -> None:
    """Let ``app``, which does not run yet, know ``themes``, and begin in that of this name.

    Setting the theme alone would let all styles be made for another one first, and then again.
    """
    for theme in themes:
        app.register_theme(theme)
    app.set_reactive(App.theme, name)
    is_dark = app.current_theme.dark
    for mode, is_on in ((f"-theme-{name}", True), ("-dark-mode", is_dark), ("-light-mode", not is_dark)):
        app.set_class(is_on, mode, update=False)
    app._refresh_truecolor_filter(app.ansi_theme)
    app.stylesheet.set_variables(app.get_css_variables())
