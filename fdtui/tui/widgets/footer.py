"""What one can do here, from the command registry and the user's own keys."""

from __future__ import annotations

from fdtui.core.commands import BY_ID, COMMANDS, WRITES, Command
from fdtui.core.keymap import Keymap
from fdtui.tui.cells import Line, Piece, line_width
from fdtui.tui.panekeys import PANE_KEYS, Keys
from fdtui.tui.tabs import Tab
from fdtui.tui.widgets.lineview import LineView

_PANE: tuple[tuple[str, str], ...] = (
    ("cursor.down", "down"),
    ("cursor.up", "up"),
    ("task.open", "edit the field"),
    ("task.edit", "form"),
    ("cursor.half-down", "half a page"),
    ("pane.tab-next", "next tab"),
    ("pane.next", "to the board"),
    ("app.cancel", "close"),
    ("app.help", "help"),
)
_FIELDS = frozenset({"task.open", "task.edit"})
"""What only the fields' tab has use for while the pane has the keys."""

HINTS: dict[Tab, tuple[tuple[str, str], ...]] = {
    Tab.COMMENTS: (("enter", "write"),),
    Tab.CHECKLIST: (
        ("space", "tick"), ("s", "skip"), ("r", "reset"), ("n", "add"), ("d", "delete"),
        ("a", "all stages"),
    ),
    Tab.LINKS: (("enter", "open"), ("n", "link"), ("d", "unlink")),
}  # fmt: skip
"""The keys that mean something only in a tab."""


class Footer(LineView):
    """The last line of the board."""

    GROUND = "panel"

    def show(
        self,
        keymap: Keymap,
        *,
        pane: str,
        writable: bool,
        pending: str,
        tab: Tab = Tab.FIELDS,
        over: Keys | None = None,
    ) -> None:
        """Draw the commands of that pane, and what has been typed of one at the right.

        Where something lies ``over`` the board, its keys are drawn and nothing else.
        """
        fixed = PANE_KEYS.get(pane) if over is None else over
        if fixed is not None:
            self._line(_fixed(fixed), pending)
        else:
            self._line(self._own(keymap, pane, writable=writable, tab=tab), pending)

    def _own(self, keymap: Keymap, pane: str, *, writable: bool, tab: Tab) -> list[Line]:
        own_tab = pane != "board" and tab is not Tab.FIELDS
        given = [e for e in _commands(pane, writable) if not own_tab or e[0] not in _FIELDS]
        own = HINTS.get(tab, ()) if writable and pane != "board" else ()
        return [*_fixed(own), *(_entry(keymap, id_, word) for id_, word in given)]

    def _line(self, entries: list[Line], pending: str) -> None:
        width = self.size.width or self.app.size.width
        tail: Line = ((f" {pending} ", "bold on_accent@accent"),) if pending else ()
        room = width - line_width(tail)
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


def _fixed(keys: Keys) -> list[Line]:
    return [((f" {key}", "bold accent"), (f" {word} ", "dim")) for key, word in keys]


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
