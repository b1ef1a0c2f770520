"""What can be done here and with which key: from the registry, with the user's own keys."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from textual.strip import Strip

from fdtui.core.commands import BY_ID, COMMANDS, IN_SCOPE, Command, Group, Scope
from fdtui.core.frozen import frozen
from fdtui.core.keymap import Keymap
from fdtui.core.names import plain
from fdtui.core.safetext import quoted, safe
from fdtui.tui.focus import FocusStack
from fdtui.tui.footer import key_label, key_of
from fdtui.tui.preferences import Glyphs
from fdtui.tui.presentation.actions import ACTION_KEYS_SHOWN
from fdtui.tui.toolkit.cells import Line, cut, fit, line_width, wrap
from fdtui.tui.toolkit.frame import PANEL
from fdtui.tui.toolkit.line_editor import LineEditor
from fdtui.tui.toolkit.overlay import Dialog, Handler, Hints
from fdtui.tui.toolkit.theme import paint_of

NO_MEANINGS: Mapping[str, str] = MappingProxyType({})
_KEY_CELLS = 14
_TITLE_CELLS = 28

NOTES = {
    "task.select": "{task.move} {task.move-previous} {task.move-next} {task.assign} {task.assign-me}"
    " {task.edit} {task.delete} then ask for all that are selected, and show first what will change.",
    "task.move-next": "The cursor stays in place, so that pressing it again moves the next card.",
    "task.edit": "In a form: {form.save} saves, {form.empty} empties a field, {form.open} is the"
    " calendar or your $EDITOR.",
    "cursor.down": "Type a number first to repeat: 5{cursor.down}.",
}
"""Sentences beside the registry's, where a habit from another program would mislead.

A command's id in braces stands for its key.
"""


def note_on(command: str, keymap: Keymap, dash: str) -> str:
    """The sentence beside a command's own, with the keys that the user has; empty for none."""

    def key(found: re.Match[str]) -> str:
        return key_of(keymap, found[1]) or dash

    return re.sub(r"\{([a-z.-]+)\}", key, NOTES.get(command, ""))


@frozen
class HelpEntry:
    """One command, or one sign: its keys, its name, and what it does."""

    keys: str
    title: str
    words: str
    role: str = "accent"
    key_cells: int = _KEY_CELLS

    def holds(self, wanted: Iterable[str]) -> bool:
        """Whether it holds all these words, folded; a key counts as it is typed."""
        text = plain(f"{self.title} {self.words}")
        keys = self.keys.split()
        return all(word in keys or plain(word) in text for word in wanted)


@frozen
class HelpSection:
    """What belongs together, with its name."""

    title: str
    entries: tuple[HelpEntry, ...]


def available(focus: FocusStack) -> frozenset[str]:
    """The commands that the layers with the keys do now, and none that one of them refuses."""
    layers = focus.layers
    found: set[str] = set()
    for at, layer in enumerate(layers):
        found |= {
            command
            for command in layer.bindings()
            if not any(
                above.refuses(command) for above in layers[: at or None] if above is not layers[-1]
            )
        }
    return frozenset(found)


def meanings(focus: FocusStack) -> Mapping[str, str]:
    """What commands of the board mean to the pane with the keys, where it gives them another sense."""
    found: Mapping[str, str] = getattr(focus.top, "meanings", {})
    return found


def help_sections(
    keymap: Keymap,
    scopes: Sequence[Scope],
    glyphs: Glyphs,
    bound: frozenset[str] | None = None,
    means: Mapping[str, str] = NO_MEANINGS,
) -> list[HelpSection]:
    """What the keys mean where one is comes first; of ``bound`` commands only, where it is given."""
    names: list[tuple[str, list[Command]]] = [
        (f"In {scope.place}", list(IN_SCOPE[scope])) for scope in scopes if scope is not Scope.BOARD
    ]
    if names:
        names[-1][1].extend(BY_ID[command] for command in means)
    if Scope.BOARD in scopes:
        rest = [each for each in COMMANDS if each.id not in means]
        names += [(str(group), [each for each in rest if each.group is group]) for group in Group]
    sections = [
        HelpSection(title, _entries(commands, keymap, glyphs, bound, means)) for title, commands in names
    ]
    if Scope.FILTER in scopes:
        sections.insert(0, _language())
    elif Scope.BOARD in scopes:
        sections += [_signs(glyphs), _language()]
    return [section for section in sections if section.entries]


def _entries(
    commands: Sequence[Command],
    keymap: Keymap,
    glyphs: Glyphs,
    bound: frozenset[str] | None,
    means: Mapping[str, str],
) -> tuple[HelpEntry, ...]:
    shown = [each for each in commands if bound is None or each.id in bound]
    # Commands that differ by a number only are one entry, while each has its own number for a key.
    numbered = [
        each
        for each in shown
        if each.id[-1] in ACTION_KEYS_SHOWN and keymap.keys_of(each.id) == (each.id[-1],)
    ]
    entries: list[HelpEntry] = []
    for each in shown:
        if len(numbered) > 1 and each in numbered:
            if each is numbered[0]:
                keys = f"{each.id[-1]} to {numbered[-1].id[-1]}"
                entries.append(HelpEntry(keys, f"{each.title[:-2]}s", "Run the action of that number."))
            continue
        keys = "  ".join(key_label(key) for key in keymap.keys_of(each.id)) or glyphs.dash
        words = means.get(each.id, f"{each.help} {note_on(each.id, keymap, glyphs.dash)}".strip())
        entries.append(HelpEntry(keys, each.title, words))
    return tuple(entries)


def _signs(glyphs: Glyphs) -> HelpSection:
    signs = (
        (glyphs.selected, "purple", "selected: what is moved, assigned, edited or deleted next"),
        (glyphs.conflict, "warn", "conflict: someone else changed it first; both sides wait for you"),
        (glyphs.waiting, "warn", "a change that the server has not confirmed yet"),
        (glyphs.refused, "bad", "a change that was refused; open the card to read why"),
        (glyphs.doubtful, "bad", "the card cannot be changed safely; open it to read why"),
        (
            glyphs.changed,
            "accent",
            "someone changed it since you last looked; open it to read what",
        ),
        (glyphs.late, "bad", "late: the date has passed and the card is not done"),
    )
    return HelpSection(
        "Signs on a card", tuple(HelpEntry(sign, "", words, role) for sign, role, words in signs)
    )


def _language() -> HelpSection:
    """The filter language by examples."""
    from fdtui.core.query.guide import GUIDE, NAMES  # noqa: PLC0415  # not before the help

    cells = max(len(each.query) for each in GUIDE) + 4
    rows = [HelpEntry(each.query, "", each.words, key_cells=cells) for each in GUIDE]
    return HelpSection("What a filter can ask", (*rows, HelpEntry("", "", NAMES, key_cells=cells)))


def help_lines(
    keymap: Keymap,
    scopes: Sequence[Scope],
    width: int,
    glyphs: Glyphs,
    *,
    bound: frozenset[str] | None = None,
    means: Mapping[str, str] = NO_MEANINGS,
    typed: str = "",
) -> list[Line]:
    """The help as lines; with something ``typed``, only the entries that hold its words."""
    first = Scope.FILTER if Scope.FILTER in scopes else next(iter(scopes), Scope.BOARD)
    place = first.place
    lines: list[Line] = [((f"Help for {place}", "bold text"),)]
    wanted = typed.split()
    for section in help_sections(keymap, scopes, glyphs, bound, means):
        entries = [each for each in section.entries if each.holds(wanted)]
        if entries:
            lines += [(), ((section.title, "bold accent"),)]
            for entry in entries:
                lines += _entry_lines(entry, width, glyphs)
    if len(lines) == 1:
        lines += [(), ((f"Nothing fits {quoted(typed.strip()[:60])}.", "italic dim"),)]
    return lines


def _entry_lines(entry: HelpEntry, width: int, glyphs: Glyphs) -> list[Line]:
    title = _TITLE_CELLS if width >= 76 and entry.title else 0
    words = f"{entry.title}: {entry.words}" if entry.title and not title else entry.words
    cells = min(entry.key_cells, max(_KEY_CELLS, width // 2))
    parts = wrap(words, max(16, width - cells - title))
    name = (fit(entry.title, title, glyphs.cut), "text")
    keys = (f"{fit(f'  {entry.keys}', cells - 1, glyphs.cut)} ", f"bold {entry.role}")
    indent = " " * (cells + title)
    return [(keys, name, (parts[0], "dim")), *(((indent, "dim"), (part, "dim")) for part in parts[1:])]


class Help(Dialog[None]):
    """Lies over the columns; scrolls with the movement keys, and is searched as one types."""

    def __init__(
        self,
        keymap: Keymap,
        scopes: Sequence[Scope],
        glyphs: Glyphs,
        *,
        bound: frozenset[str] | None = None,
        means: Mapping[str, str] = NO_MEANINGS,
    ) -> None:
        super().__init__(id="help")
        self._means = means
        self._keymap, self._places, self._glyphs, self._bound = keymap, scopes, glyphs, bound
        self._edit = LineEditor()
        self._is_searching = False
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
        self._make()

    def _make(self) -> None:
        self._lines = help_lines(
            self._keymap,
            self._places,
            self.size.width - 4,
            self._glyphs,
            bound=self._bound,
            means=self._means,
            typed=self._edit.text,
        )
        self.scroll_by(0)

    # Keys

    @property
    def scopes(self) -> tuple[str, ...]:  # type: ignore[override]
        """Those of the help, or of the line in which a search is typed."""
        return ("prompt", "text") if self._is_searching else ("help",)

    @property
    def is_typing(self) -> bool:
        """While a search is typed."""
        return self._is_searching

    def bindings(self) -> Mapping[str, Handler]:
        """Scroll, search, close."""
        if self._is_searching:
            return {
                **self._edit.bindings(self._edited),
                "prompt.accept": lambda _: self._search(is_on=False),
                "prompt.cancel": lambda _: self._end_search(),
            }
        half = max(1, self.size.height // 2)
        page = max(1, self.size.height - 2)  # the last line of the page was hidden by “more”
        return {
            "help.search": lambda _: self._search(is_on=True),
            "help.down": lambda _: self.scroll_by(1),
            "help.up": lambda _: self.scroll_by(-1),
            "help.half-down": lambda _: self.scroll_by(half),
            "help.half-up": lambda _: self.scroll_by(-half),
            "help.page-down": lambda _: self.scroll_by(page),
            "help.page-up": lambda _: self.scroll_by(-page),
            "help.top": lambda _: self.scroll_by(-len(self._lines)),
            "help.bottom": lambda _: self.scroll_by(len(self._lines)),
            "help.close": lambda _: self._end_search() if self._edit.text else self.answer(),
        }

    def footer(self) -> Hints:
        """How to read on, to search and to close."""
        if self._is_searching:
            return (("prompt.accept", "read"), ("prompt.cancel", "end the search"))
        close = "end the search" if self._edit.text else "close"
        return (
            ("help.down", "down"),
            ("help.up", "up"),
            ("help.page-down", "page"),
            ("help.search", "search"),
            ("help.close", close),
        )

    def type(self, name: str, character: str | None) -> bool:
        """Narrow the help down, while it is searched."""
        if not self._is_searching:
            return False
        typed = self._edit.type(name, character)
        self._edited()
        return typed

    def paste(self, text: str) -> None:
        """Search for it, while a search is typed."""
        if self._is_searching:
            self._edit.paste(text)
            self._edited()

    def _search(self, *, is_on: bool) -> None:
        self._is_searching = is_on
        self.refresh()

    def _end_search(self) -> None:
        self._edit = LineEditor()
        self._search(is_on=False)
        self._edited()

    def _edited(self) -> None:
        self.top = 0
        self._make()

    def scroll_by(self, lines: int) -> None:
        """Scroll down, or with a negative number up."""
        self.top = max(0, min(self.top + lines, len(self._lines) - self.size.height + 1))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Line ``y`` of what is in view; the first is empty, or what is searched for."""
        width, at = self.size.width, self.top + y - 1
        line: Line = (("  ", "dim"), *self._lines[at]) if 0 <= at < len(self._lines) else ()
        if y == 0 and self._is_searching:
            line = (("  /", "bold accent"), *self._edit.line(max(4, width - 4)))
        elif y == 0 and self._edit.text:
            line = (("  /", "bold accent"), (self._searched(width - 4), "text"))
        elif y == self.size.height - 1 and at + 1 < len(self._lines):
            line = ((f"  {self._glyphs.down} more", "italic dim"),)
        rest = (" " * max(0, width - line_width(line)), "text")
        return paint_of(self.app.theme).strip((*line, rest), width, PANEL).crop(0, width)

    def _searched(self, width: int) -> str:
        return cut(safe(self._edit.text), max(4, width), self._glyphs.cut)

    def on_mouse_scroll_down(self) -> None:
        """Three lines further."""
        self.scroll_by(3)

    def on_mouse_scroll_up(self) -> None:
        """Three lines back."""
        self.scroll_by(-3)
