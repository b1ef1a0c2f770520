"""What one can do here, from the command registry and the user's own keys."""

from __future__ import annotations

from textual import events
from textual.message import Message

from fdtui.core.commands import BY_ID
from fdtui.core.keymap import Keymap
from fdtui.tui.focus import FocusStack
from fdtui.tui.toolkit.cells import Line, Piece, line_width
from fdtui.tui.toolkit.frame import PANEL
from fdtui.tui.toolkit.key_names import key_label
from fdtui.tui.toolkit.line_view import LineView

__all__ = ["Footer", "key_label", "key_of"]


class Footer(LineView):
    """The last line of the board."""

    class Chosen(Message):
        """A command was clicked; its id, as the layer with the keys names it."""

        def __init__(self, command: str) -> None:
            super().__init__()
            self.command = command

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name)
        self._cells: list[str] = []
        """The command that each cell belongs to, from the left."""

    GROUND = PANEL

    def show(self, keymap: Keymap, focus: FocusStack) -> None:
        """Draw what the layer with the keys can do; at the right, what has been typed of a command."""
        hints = focus.top.footer()
        is_typing = focus.top.is_typing
        entries = [(command, _entry(keymap, command, word, is_typing)) for command, word in hints]
        self._line(entries, focus.pending)

    def _line(self, entries: list[tuple[str, Line]], pending: str) -> None:
        width = self.size.width or self.app.size.width
        tail: Line = ((f" {pending} ", "bold on_accent@accent"),) if pending else ()
        room = width - line_width(tail)
        entries = [(command, entry) for command, entry in entries if entry]
        # Help is the way to all the rest, so it is the last to go.
        while len(entries) > 1 and sum(line_width(entry) for _, entry in entries) > room:
            del entries[-2]
        self._cells = [command for command, entry in entries for _ in range(line_width(entry))]
        line: tuple[Piece, ...] = tuple(piece for _, entry in entries for piece in entry)
        self.draw((*line, (" " * max(0, room - line_width(line)), "dim"), *tail))

    def on_click(self, event: events.Click) -> None:
        """A key that is named here can be clicked, too."""
        event.stop()
        command = self._cells[event.x] if event.x < len(self._cells) else ""
        if command:
            self.post_message(self.Chosen(command))


def _entry(keymap: Keymap, command_id: str, word: str, is_typing: bool) -> Line:
    """A command with its key; what is no command is the key of an answer."""
    key = key_of(keymap, command_id) if command_id in BY_ID else key_label(command_id)
    if is_typing and len(key) == 1 and command_id in BY_ID:
        keys = (each for each in keymap.keys_of(command_id) if len(each) > 1)
        key = key_label(next(keys, ""))
    return ((f" {key}", "bold accent"), (f" {word} ", "dim")) if key else ()


def key_of(keymap: Keymap, command: str) -> str:
    """The first key of a command as people read it; empty where it has none."""
    keys = keymap.keys_of(command)
    return key_label(keys[0]) if keys else ""
