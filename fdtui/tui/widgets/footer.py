"""What one can do here, from the command registry and the user's own keys."""

from __future__ import annotations

from fdtui.core.commands import BY_ID, COMMANDS, WRITES, Command
from fdtui.core.keymap import Keymap
from fdtui.tui.cells import Line, Piece, line_width
from fdtui.tui.panekeys import PANE_KEYS
from fdtui.tui.widgets.lineview import LineView

_PANE: tuple[tuple[str, str], ...] = (
    ("cursor.down", "down"),
    ("cursor.up", "up"),
    ("cursor.half-down", "half a page"),
    ("pane.next", "to the board"),
    ("app.cancel", "close"),
    ("app.help", "help"),
)


class Footer(LineView):
    """The last line of the board."""

    GROUND = "panel"

    def show(self, keymap: Keymap, *, pane: str, writable: bool, pending: str) -> None:
        """Draw the commands of that pane, and what has been typed of one at the right."""
        width = self.size.width or self.app.size.width
        tail: Line = ((f" {pending} ", "bold on_accent@accent"),) if pending else ()
        room = width - line_width(tail)
        fixed: list[Line] = [
            ((f" {key}", "bold accent"), (f" {word} ", "dim")) for key, word in PANE_KEYS.get(pane, ())
        ]
        entries = fixed or [_entry(keymap, id_, word) for id_, word in _commands(pane, writable)]
        entries = [entry for entry in entries if entry]
        # Help is the way to all the rest, so it is the last to go.
        while len(entries) > 1 and sum(map(line_width, entries)) > room:
            del entries[-2]
        line: tuple[Piece, ...] = tuple(piece for entry in entries for piece in entry)
        self.draw((*line, (" " * max(0, room - line_width(line)), "dim"), *tail))


def _commands(pane: str, writable: bool) -> list[tuple[str, str]]:
    if pane != "board":
        return list(_PANE)
    return [(c.id, c.footer) for c in COMMANDS if c.footer and (writable or c.id not in WRITES)]


def _entry(keymap: Keymap, command_id: str, word: str) -> Line:
    key = first_key(keymap, BY_ID[command_id])
    return ((f" {key}", "bold accent"), (f" {word} ", "dim")) if key else ()


def first_key(keymap: Keymap, command: Command) -> str:
    """The shortest way to press a command, as shown to people; empty where it has no key."""
    keys = keymap.keys_of(command.id)
    return key_label(keys[0]) if keys else ""


def key_label(keys: str) -> str:
    """A key sequence as people read it: ``gg``, ``esc``, ``^d``."""
    words = {"escape": "esc", "pagedown": "pgdn", "pageup": "pgup"}
    return "".join(
        part if len(part) == 1 else words.get(part, part.replace("ctrl+", "^"))
        for part in keys.split(" ")
    )
