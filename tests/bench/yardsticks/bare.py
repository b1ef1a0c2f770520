"""Yardstick: the smallest Textual app, one Static. The floor for start-up and memory."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class Bare(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("Hello, yardstick")


if __name__ == "__main__":
    Bare().run()
