"""The files of a task: fields, files, what is on its way; each key does something with one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual import events
from textual.strip import Strip

from fdtui.core.safetext import safe
from fdtui.core.state import State
from fdtui.core.transfer import Status
from fdtui.tui.cells import Line, spread, width_of
from fdtui.tui.filerows import FileRow, Is, line_of
from fdtui.tui.look import Glyphs
from fdtui.tui.theme import paint_of
from fdtui.tui.widgets.overlay import Overlay

GROUND = "panel"
MAX_WIDTH = 92
_FEET = {
    Is.FIELD: (("a", "attach"), ("U", "from address"), ("D", "download all")),
    Is.FILE: (("enter", "look"), ("D", "download"), ("a", "attach"), ("d", "remove"), ("o", "open")),
    Is.REMOVED: (("b", "bring back"),),
    Is.BLANK: (("a", "attach"),),
}


class FilesPane(Overlay):
    """Draws rows and hands keys on; whoever opened it knows what they do."""

    DEFAULT_CSS = """
    FilesPane { border: round $fd-accent; padding: 0 1; }
    FilesPane.-ascii { border: ascii $fd-accent; }
    """

    def __init__(
        self,
        title: str,
        glyphs: Glyphs,
        *,
        rows: Callable[[], list[FileRow]],
        sizes: Mapping[str, int],
        act: Callable[[str, FileRow | None], object],
        closed: Callable[[], None],
        at: tuple[object, ...] | None = None,
    ) -> None:
        super().__init__(classes="-ascii" if glyphs.wall == "|" else "")
        self.heading, self._glyphs, self._make, self._sizes = title, glyphs, rows, sizes
        self._act, self._leave = act, closed
        self.rows: list[FileRow] = rows()
        self._told, self._told_role = "", "warn"
        self._top = 0
        self.at = next((i for i, row in enumerate(self.rows) if row.identity == at), -1)
        if self.at < 0:
            self.at = next((i for i, row in enumerate(self.rows) if row.kind is Is.FILE), 0)

    @property
    def row(self) -> FileRow | None:
        """The row under the bar."""
        return self.rows[self.at] if self.at < len(self.rows) else None

    def place(self) -> None:
        """In the middle, as wide as there is room for names and progress."""
        screen = self.app.size
        width = max(8, min(MAX_WIDTH, screen.width - 2))
        height = max(6, min(len(self.rows) + 6, screen.height - 2))
        self.styles.width, self.styles.height = width, height
        x, y = (screen.width - width) // 2, max(0, (screen.height - height) // 3)
        self.styles.offset = (max(0, x), y)

    def on_mount(self) -> None:
        """Stand where the eye is."""
        self.place()

    def on_resize(self) -> None:
        """Keep the bar in view."""
        self._reveal()

    def heed(self, state: State) -> None:
        """Show what there is by now; the bar stays on what it was on."""
        rows = self._make()
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

    def hear(self, text: str, severity: str) -> bool:
        """Say it at the pane's foot."""
        self._told = text
        self._told_role = {"error": "bad", "warning": "warn"}.get(severity, "text")
        self.refresh()
        return True

    def press(self, name: str, character: str | None) -> None:
        """Move, close, or do something with the row under the bar."""
        self._told = ""
        row = self.row
        page = max(1, self._room - 1)
        steps = {
            "j": 1, "down": 1, "k": -1, "up": -1, "pagedown": page, "pageup": -page, "tab": 1,
            "G": len(self.rows), "end": len(self.rows), "g": -len(self.rows), "home": -len(self.rows),
        }  # fmt: skip
        running = row is not None and row.transfer is not None and not row.transfer.is_over
        if name in steps:
            self._move(steps[name])
        elif name == "escape" and running:
            self._act("cancel", row)
        elif name in {"escape", "q", "f"}:
            self._leave()
            return
        else:
            self._act(name, row)
        self.refresh()

    def _move(self, step: int) -> None:
        way = 1 if step > 0 else -1
        at = max(0, min(self.at + step, len(self.rows) - 1))
        while 0 <= at < len(self.rows) and self.rows[at].kind is Is.BLANK:
            at += way
        if 0 <= at < len(self.rows):
            self.at = at
        self._reveal()

    @property
    def _room(self) -> int:
        return max(1, self.content_size.height - 4)

    def _reveal(self) -> None:
        if self.at < self._top + 1:
            self._top = max(0, self.at - 1)
        if self.at >= self._top + self._room:
            self._top = self.at - self._room + 1
        self._top = max(0, min(self._top, len(self.rows) - self._room))

    def render_line(self, y: int) -> Strip:
        """Line ``y`` inside the border."""
        paint, width = paint_of(self.app.theme), self.content_size.width
        line, ground = self._line(y, width)
        return paint.strip(spread(line, (), width, "text", self._glyphs.cut), width, ground)

    def _line(self, y: int, width: int) -> tuple[Line, str]:
        if y == 0:
            return spread(
                ((safe(self.heading), "bold text"),), (("files", "dim"),), width, "dim"
            ), GROUND
        if y in {1, self._room + 2}:
            return ((self._glyphs.rule * width, "line"),), GROUND
        if y == self._room + 3:
            return self._foot(width), GROUND
        at = self._top + y - 2
        if not 0 <= at < len(self.rows):
            return (), GROUND
        here = at == self.at
        return line_of(
            self.rows[at], width, self._glyphs, self._sizes, here
        ), "cursor" if here else GROUND

    def _foot(self, width: int) -> Line:
        row = self.row
        if self._told:
            return ((safe(self._told[:1000]), self._told_role),)
        pieces: list[tuple[str, str]] = []
        left = width
        for key, word in self._keys(row):
            need = width_of(key) + width_of(word) + 3
            if need > left:
                break
            pieces += [(key, "bold accent"), (f" {word}  ", "dim")]
            left -= need
        return tuple(pieces)

    def _keys(self, row: FileRow | None) -> tuple[tuple[str, str], ...]:
        if row is None:
            return ()
        if row.transfer is None:
            return (*_FEET.get(row.kind, ()), ("esc", "close"))
        match row.transfer.status:
            case Status.DONE:
                return (("y", "copy its path"), ("o", "open"), ("-", "forget"), ("esc", "close"))
            case Status.FAILED | Status.CANCELLED | Status.INTERRUPTED:
                return (("r", "try again"), ("-", "forget"), ("esc", "close"))
            case _:
                return (("esc", "cancel it"), ("q", "close"))

    def on_click(self, event: events.Click) -> None:
        """Put the bar on what was clicked; once more looks at it."""
        event.stop()
        at = self._top + event.y - self.gutter.top - 2
        if 0 <= at < len(self.rows) and self.rows[at].kind is not Is.BLANK:
            if at == self.at:
                self._act("enter", self.row)
            self.at = at
            self.refresh()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """One row further."""
        event.stop()
        self.press("down", None)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """One row back."""
        event.stop()
        self.press("up", None)
