"""The conflict dialog: base, theirs and mine side by side, and the choice between them."""

from __future__ import annotations

from collections.abc import Mapping

from fdtui.core.safetext import safe
from fdtui.core.values import Value
from fdtui.tui.conflicts.drafts import ConflictDrafts
from fdtui.tui.conflicts.model import Choice, Resolution
from fdtui.tui.focus import Handler, Hints, declared_hints
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, wrapped
from fdtui.tui.toolkit.frame import BORDER, PANEL, Frame
from fdtui.tui.toolkit.line_editor import LineEditor

CONFLICT_WIDTH = 108
HEAD_AND_FOOT = 2
"""Lines above and below the fields."""
NO_LIMIT = 10**6
EDITING: Hints = (("conflict.apply", "take it"), ("conflict.close", "leave it as it was"))


class ConflictDialog(Frame[Mapping[str, Value]]):
    """Answers the fields that are to be mine, with their values; ``None`` leaves it for later."""

    DEFAULT_CSS = """
    ConflictDialog { border: round $fd-warn; padding: 0 1; }
    ConflictDialog.-ascii { border: ascii $fd-warn; }
    """

    def __init__(
        self, heading: str, resolution: Resolution, glyphs: Glyphs, *, drafts: ConflictDrafts
    ) -> None:
        super().__init__(heading, glyphs)
        self.resolution, self._drafts = resolution, drafts
        self._edit: LineEditor | None = None
        self._lines: list[Line] = []
        self._room = NO_LIMIT
        """Lines for the sentence and the fields at the most."""
        self._top = 0

    def place(self) -> None:
        """As high as the fields need."""
        self._room = self.app.size.height - 1 - BORDER - HEAD_AND_FOOT
        self._arrange(self.room_for(CONFLICT_WIDTH))
        self.fit(CONFLICT_WIDTH, max(7, len(self._lines) + HEAD_AND_FOOT + BORDER))

    def on_resize(self) -> None:
        """Wrap the values for this width."""
        self._draw()

    def _arrange(self, width: int) -> None:
        told = wrapped(self.resolution.sentence(), "text", width)
        fields = self.resolution.lines(width, self.glyphs)
        between: list[Line] = [()] if len(told) + 1 + len(fields) <= self._room else []
        self._lines = [*told, *between, *fields]

    def _draw(self) -> None:
        self._arrange(max(8, self.content_size.width))
        mark = f"{self.glyphs.bar} "
        at = [y for y, line in enumerate(self._lines) if line and line[0][0] == mark]
        if at and not (self._top <= at[0] and at[-1] < self._top + self._rows):
            self._top = max(0, at[0] - 2)
        self._top = max(0, min(self._top, len(self._lines) - self._rows))
        self.refresh()

    @property
    def _rows(self) -> int:
        return max(1, self.content_size.height - HEAD_AND_FOOT)

    @property
    def is_typing(self) -> bool:
        """While a value of mine is edited."""
        return self._edit is not None

    @property
    def scopes(self) -> tuple[str, ...]:  # type: ignore[override]
        """The keys of a text, too, while one is edited."""
        return ("conflict",) if self._edit is None else ("conflict", "text")

    def bindings(self) -> Mapping[str, Handler]:
        """Move, take a side, edit, send or leave."""
        if self._edit is not None:
            edit = self._edit
            return {
                **edit.bindings(self._edited),
                "conflict.apply": lambda _: self._take(edit),
                "conflict.close": lambda _: self._stop_editing(),
            }
        return {
            "conflict.down": lambda _: self._move(1),
            "conflict.up": lambda _: self._move(-1),
            "conflict.theirs": lambda _: self._choose(Choice.THEIRS),
            "conflict.mine": lambda _: self._choose(Choice.MINE),
            "conflict.all-theirs": lambda _: self._choose(Choice.THEIRS, all_fields=True),
            "conflict.all-mine": lambda _: self._choose(Choice.MINE, all_fields=True),
            "conflict.edit": lambda _: self._begin_editing(),
            "conflict.apply": lambda _: self.answer(self.resolution.wanted()),
            "conflict.close": lambda _: self.answer(),
        }

    def footer(self) -> Hints:
        """What can be done with the field, or with what is typed."""
        return declared_hints("conflict") if self._edit is None else EDITING

    def type(self, name: str, character: str | None) -> bool:
        """Type into my value, while it is edited."""
        typed = self._edit is not None and self._edit.type(name, character)
        self._edited()
        return typed

    def _edited(self) -> None:
        if self._edit is not None:
            self.told = ""
            self._drafts.type(self.resolution.field.name, self._edit.text)
            self._draw()

    def _move(self, step: int) -> None:
        self.resolution.move(step)
        self._draw()

    def _choose(self, side: Choice, *, all_fields: bool = False) -> None:
        self.resolution.choose(side, all_fields=all_fields)
        self._draw()

    def _begin_editing(self) -> None:
        self._edit = LineEditor(self._drafts.begin(self.resolution.field, self.resolution.text))
        self._draw()

    def _take(self, edit: LineEditor) -> None:
        self.told = self.resolution.edit(edit.text)
        if self.told:
            self._draw()
        else:
            self._stop_editing()

    def _stop_editing(self) -> None:
        self._edit, self.told = None, ""
        self._draw()

    def paste(self, text: str) -> None:
        """Type it, where my value is being edited."""
        if self._edit is not None:
            self.told = self._edit.paste(text)
            self._drafts.type(self.resolution.field.name, self._edit.text)
            self._draw()

    def line(self, y: int, width: int) -> tuple[Line, str]:
        """The heading, the fields, and at the foot the value that is edited."""
        if y == 0:
            sign = (f"{self.glyphs.conflict} ", "bold warn")
            return (sign, (safe(self.heading), "bold text")), PANEL
        if y == self.content_size.height - 1:
            return self._foot(width), PANEL
        at = self._top + y - 1
        return (self._lines[at] if at < len(self._lines) else ()), PANEL

    def _foot(self, width: int) -> Line:
        if self.told or self._edit is None:
            return self.told_line()
        return (("mine ", "bold accent"), *self._edit.line(width - 6))
