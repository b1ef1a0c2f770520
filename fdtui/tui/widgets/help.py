"""What can be done here and with which key: from the registry, with the user's own keys."""

from __future__ import annotations

from collections.abc import Callable

from textual.strip import Strip

from fdtui.core.commands import COMMANDS, Command, Group
from fdtui.core.keymap import Keymap
from fdtui.tui.cells import Line, fit, line_width, wrap
from fdtui.tui.look import Glyphs
from fdtui.tui.panekeys import HELP, Keys
from fdtui.tui.theme import paint_of
from fdtui.tui.widgets.footer import key_label
from fdtui.tui.widgets.overlay import Overlay

_KEYS = 14
_TITLE = 28

TAB_KEYS = {
    "Comments": "enter writes; in the text ^j, or \\ before enter, begins a new line, @ names people",
    "Checklist": "space ticks, s skips, r resets, n adds, d deletes, a shows all stages",
    "Links": "enter opens the other task, n links one, d unlinks it",
}
"""The keys that mean something only in a tab of the task."""

NOTES = {
    "task.select": "m H L A I e d then ask for all that are selected, and show first what will change.",
    "task.move-next": "The cursor stays in place, so that pressing it again moves the next card.",
    "task.edit": "In a form: ^o saves, ^n empties a field, ^x is the calendar or your $EDITOR.",
    "cursor.down": "Type a number first to repeat: 5j.",
}
"""Sentences beside the registry's, where a habit from another program would mislead."""


def help_lines(keymap: Keymap, pane: str, width: int, glyphs: Glyphs) -> list[Line]:
    """The help as lines; what the pane with the keys can do comes first."""
    where = "the detail pane" if pane == "detail" else "the board"
    lines: list[Line] = [((f"Help for {where}", "bold text"),), ()]
    if pane == "detail":
        lines += [
            (("The movement keys walk through this pane; tab goes back to the board.", "dim"),),
            (),
        ]
        for tab, keys in TAB_KEYS.items():
            lines.append(((f"  {tab:<{_KEYS - 2}}", "bold accent"), (keys, "dim")))
        lines.append(())
    for group in Group:
        lines.append(((str(group), "bold accent"),))
        for command in COMMANDS:
            if command.group is group:
                lines += _entry(command, keymap, width, glyphs)
        lines.append(())
    lines.append((("Signs on a card", "bold accent"),))
    for sign, role, words in (
        (glyphs.selected, "purple", "selected: what is moved, assigned, edited or deleted next"),
        (glyphs.conflict, "warn", "somebody else was faster: both sides wait for your choice"),
        (glyphs.waiting, "warn", "a change that the server has not confirmed yet"),
        (glyphs.refused, "bad", "a change that was refused; open the card to read why"),
        (glyphs.doubtful, "bad", "the card cannot be changed safely; open it to read why"),
        (glyphs.late, "bad", "late: the date has passed and the card is not done"),
    ):
        lines.append(((f"  {sign:<{_KEYS - 2}}", f"bold {role}"), (words, "dim")))
    return lines


def _entry(command: Command, keymap: Keymap, width: int, glyphs: Glyphs) -> list[Line]:
    keys = "  ".join(key_label(each) for each in keymap.keys_of(command.id)) or glyphs.dash
    words = f"{command.help} {NOTES.get(command.id, '')}".strip()
    title = _TITLE if width >= 76 else 0
    parts = wrap(words, max(16, width - _KEYS - title))
    if not title:
        parts = wrap(f"{command.title}: {words}", max(16, width - _KEYS))
    name = (fit(command.title, _TITLE, glyphs.cut), "text") if title else ("", "text")
    first: Line = ((fit(f"  {keys}", _KEYS, glyphs.cut), "bold accent"), name, (parts[0], "dim"))
    indent = " " * (_KEYS + title)
    return [first, *(((indent, "dim"), (part, "dim")) for part in parts[1:])]


class Help(Overlay):
    """Lies over the columns; scrolls with the movement keys; any of esc, q and ? closes it."""

    def __init__(self, keymap: Keymap, pane: str, glyphs: Glyphs, *, closed: Callable[[], None]) -> None:
        super().__init__(id="help")
        self._keymap, self._pane, self._glyphs, self._leave = keymap, pane, glyphs, closed
        self._lines: list[Line] = []
        self.top = 0

    def place(self) -> None:
        """Over all but the first and the last line."""
        size = self.app.size
        self.styles.width, self.styles.height = size.width, max(1, size.height - 2)
        self.styles.offset = (0, 1)

    def on_mount(self) -> None:
        """Stand over the columns."""
        self.place()

    def on_resize(self) -> None:
        """Wrap the text for this width."""
        self._lines = help_lines(self._keymap, self._pane, self.size.width - 4, self._glyphs)
        self.scroll_by(0)

    def press(self, name: str, character: str | None) -> None:
        """Scroll or close."""
        half = max(1, self.size.height // 2)
        page = max(1, self.size.height - 2)  # the last line of the page was hidden by “more”
        steps = {
            "j": 1, "down": 1, "k": -1, "up": -1, "ctrl+d": half, "ctrl+u": -half, "space": page,
            "pagedown": page, "pageup": -page, "G": 10**6, "end": 10**6, "g": -(10**6),
            "home": -(10**6),
        }  # fmt: skip
        if name in ("escape", "q", "?", "enter"):
            self._leave()
        else:
            self.scroll_by(steps.get(name, 0))

    def hints(self) -> Keys:
        """How to read on."""
        return HELP

    def scroll_by(self, lines: int) -> None:
        """Scroll down, or with a negative number up."""
        self.top = max(0, min(self.top + lines, len(self._lines) - self.size.height + 1))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Line ``y`` of what is in view."""
        width, at = self.size.width, self.top + y - 1
        line: Line = (("  ", "dim"), *self._lines[at]) if 0 <= at < len(self._lines) else ()
        if y == self.size.height - 1 and at + 1 < len(self._lines):
            line = ((f"  {self._glyphs.down} more: scroll with the movement keys", "italic dim"),)
        rest = (" " * max(0, width - line_width(line)), "text")
        return paint_of(self.app.theme).strip((*line, rest), width, "panel").crop(0, width)

    def on_mouse_scroll_down(self) -> None:
        """Three lines further."""
        self.scroll_by(3)

    def on_mouse_scroll_up(self) -> None:
        """Three lines back."""
        self.scroll_by(-3)
