"""The files of a task: fields, files, what is on its way; each key does something with one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from textual import events

from fdtui.core.safetext import safe
from fdtui.core.state import State
from fdtui.tui.files.rows import FileRow, Is, RowLook, line_of
from fdtui.tui.focus import Handler, Hints, declared_hints
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, spread
from fdtui.tui.toolkit.frame import PANEL, Frame

FILES_WIDTH = 92
TOP_LINES = 2
"""Lines above the rows: the heading and a rule."""
FIELD_WORDS = {"files.look": "attach", "files.attach": "", "files.download": "download all"}
"""What commands do on a field, for the footer; empty for what another one does there, too."""


class Files(Protocol):
    """What the pane shows, and what can be done with it."""

    def rows(self) -> list[FileRow]:
        """All rows, from top to bottom."""

    def look(self) -> RowLook:
        """What rows are drawn with."""

    def bindings(self, row: FileRow | None) -> Mapping[str, Handler]:
        """What can be done with a row."""

    def refuses(self, command: str, row: FileRow | None) -> str:
        """Why a command cannot be given for a row."""


class FilesPane(Frame[None]):
    """Draws rows and moves over them; `Files` knows what can be done with the one under the cursor."""

    scopes = ("files", "board")

    def __init__(
        self,
        title: str,
        glyphs: Glyphs,
        files: Files,
        *,
        moved: Callable[[], object],
        at: tuple[object, ...] | None = None,
    ) -> None:
        """``moved`` hears that other things can be done, though no key was pressed."""
        super().__init__(title, glyphs)
        self._files, self._moved = files, moved
        self.rows = files.rows()
        self._top = 0
        self.at = next((i for i, row in enumerate(self.rows) if row.identity == at), -1)
        if self.at < 0:
            self.at = next((i for i, row in enumerate(self.rows) if row.kind is Is.FILE), 0)

    @property
    def row(self) -> FileRow | None:
        """The row under the cursor."""
        return self.rows[self.at] if self.at < len(self.rows) else None

    def place(self) -> None:
        """In the middle, as wide as there is room for names and progress."""
        screen = self.app.size
        width = max(8, min(FILES_WIDTH, screen.width - 2))
        height = max(6, min(len(self.rows) + TOP_LINES + 2, screen.height - 2))
        self.styles.width, self.styles.height = width, height
        x, y = (screen.width - width) // 2, max(0, (screen.height - height) // 3)
        self.styles.offset = (max(0, x), y)

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self._reveal()

    def on_state(self, before: State, state: State) -> None:
        """Show what there is by now."""
        self.update_rows()

    def update_rows(self) -> None:
        """Show other rows, where there are others; the cursor stays on what it was on."""
        rows = self._files.rows()
        if rows == self.rows:
            return
        identity = self.row.identity if self.row else None
        grew = len(rows) != len(self.rows)
        self.rows = rows
        self.at = next((i for i, row in enumerate(rows) if row.identity == identity), self.at)
        self.at = min(self.at, len(rows) - 1)
        if grew:
            self.place()
        self._reveal()
        self.refresh()
        self._moved()

    # The layer with the keys

    def bindings(self) -> Mapping[str, Handler]:
        """What can be done with the row under the cursor, and the ways out."""
        half = max(1, self._room // 2)
        every = len(self.rows)
        return {
            "cursor.down": lambda n: self._move(n or 1),
            "cursor.up": lambda n: self._move(-(n or 1)),
            "pane.next": lambda _: self._move(1),
            "cursor.half-down": lambda n: self._move(half * (n or 1)),
            "cursor.half-up": lambda n: self._move(-half * (n or 1)),
            "cursor.top": lambda _: self._move(-every),
            "cursor.bottom": lambda _: self._move(every),
            **dict.fromkeys(
                ("files.close", "task.files", "app.cancel", "app.back"), lambda _: self.answer()
            ),
            **self._files.bindings(self.row),
        }

    def refuses(self, command: str) -> str:
        """Why a command cannot be given for the row under the cursor."""
        return self._files.refuses(command, self.row)

    def footer(self) -> Hints:
        """What can be done with the row, and the way out."""
        bound = self._files.bindings(self.row)
        words = FIELD_WORDS if self.row is not None and self.row.kind is Is.FIELD else {}
        own = [(each, words.get(each, word)) for each, word in declared_hints("files") if each in bound]
        leave = "files.close" if "files.cancel" in bound else "app.cancel"
        return (*(hint for hint in own if hint[1]), (leave, "close"))

    def _move(self, step: int) -> None:
        way = 1 if step > 0 else -1
        at = max(0, min(self.at + step, len(self.rows) - 1))
        while 0 <= at < len(self.rows) and self.rows[at].kind is Is.BLANK:
            at += way
        if 0 <= at < len(self.rows):
            self.at = at
        self._reveal()
        self.refresh()

    # What is drawn

    @property
    def _room(self) -> int:
        return max(1, self.content_size.height - TOP_LINES)

    def _reveal(self) -> None:
        if self.at < self._top + 1:
            self._top = max(0, self.at - 1)
        if self.at >= self._top + self._room:
            self._top = self.at - self._room + 1
        self._top = max(0, min(self._top, len(self.rows) - self._room))

    def line(self, y: int, width: int) -> tuple[Line, str]:
        """The heading, a rule, the rows."""
        if y == 0:
            heading: Line = ((safe(self.heading), "bold text"),)
            return spread(heading, (("files", "dim"),), width, "dim", self.glyphs.cut), PANEL
        if y == 1:
            return self.rule_line(width), PANEL
        at = self._top + y - TOP_LINES
        if not 0 <= at < len(self.rows):
            return (), PANEL
        here = at == self.at
        line = line_of(self.rows[at], width, self._files.look(), here=here)
        return line, "cursor" if here else PANEL

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on what was clicked; once more previews it."""
        event.stop()
        at = self._top + event.y - self.gutter.top - TOP_LINES
        if 0 <= at < len(self.rows) and self.rows[at].kind is not Is.BLANK:
            if at == self.at and (look := self.bindings().get("files.look")) is not None:
                look(None)
            self.at = at
            self.refresh()
            self._moved()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """One row further."""
        event.stop()
        self._move(1)
        self._moved()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """One row back."""
        event.stop()
        self._move(-1)
        self._moved()
