"""The rows of the files pane: fields with their files, and what is on its way. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from fdtui.core.frozen import frozen
from fdtui.core.safetext import safe
from fdtui.core.schema import Field, FieldType
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.transfer import Status, Transfer, TransferKind, size_words
from fdtui.core.values import Value
from fdtui.tui.preferences import Glyphs
from fdtui.tui.presentation.transfers import stand_of
from fdtui.tui.toolkit.cells import Line, Piece, spread, wrap

MAX_ERROR_LINES = 4
"""Lines of what went wrong with a file, below its row."""
ERROR_WIDTH = 64
"""Cells of a line that says why a file did not get through; it has room in a narrow window, too."""


class Is(Enum):
    """What a row of the pane is."""

    FIELD = "field"
    FILE = "file"
    TRANSFER = "transfer"
    REMOVED = "removed"
    BLANK = "blank"
    """Nothing that the cursor could stand on."""


@frozen
class Removed:
    """A file that you removed, and whose content is kept."""

    number: int
    key: str
    field: str
    blob: str
    name: str
    path: str


@frozen
class FileRow:
    """One line of the pane."""

    kind: Is
    field: str = ""
    blob: str = ""
    name: str = ""
    media_type: str = ""
    transfer: Transfer | None = None
    removed: Removed | None = None
    text: str = ""

    @property
    def identity(self) -> tuple[Is, str, str, int]:
        """What stays the same of it when the rows are made again."""
        ticket = self.transfer.ticket if self.transfer else 0
        return self.kind, self.field, self.blob, ticket or (self.removed.number if self.removed else 0)


def file_fields(task: Task, state: State) -> list[Field]:
    """The task's file fields: those of the shape, or whatever holds files."""
    known = [each for each in state.schema.fields if each.type == FieldType.FILE]
    names = {each.name for each in state.schema.fields}
    strange = [
        Field(name, type=FieldType.FILE)
        for name, value in task.row.items()
        if name not in names and _holds_files(value)
    ]
    return known + strange


def rows_of(task: Task, state: State, removed: tuple[Removed, ...]) -> list[FileRow]:
    """All rows, from top to bottom."""
    rows: list[FileRow] = []
    for field in file_fields(task, state):
        files = [each for each in _files(task.row.get(field.name)) if each.get("blobId")]
        count = f"{len(files)}" if field.limit is None else f"{len(files)} of {field.limit}"
        rows.append(FileRow(Is.FIELD, field.name, text=count))
        rows += [_file_row(field.name, each) for each in files]
    if not rows:
        rows.append(FileRow(Is.BLANK, text="This workflow has no file field."))
    mine = [each for each in removed if each.key == task.key]
    if mine:
        rows += [FileRow(Is.BLANK), FileRow(Is.BLANK, text="Removed: can be brought back")]
        rows += [FileRow(Is.REMOVED, each.field, name=each.name, removed=each) for each in mine]
    return rows + _transfer_rows(task, state)


def _transfer_rows(task: Task, state: State) -> list[FileRow]:
    """What is on its way to or from this task, and a word on what goes elsewhere."""
    workflow = state.workflow_id
    mine, others = [], 0
    for each in state.transfers:
        if (each.workflow, each.key) == (workflow, task.key):
            if each.status is not Status.DONE or each.kind is TransferKind.DOWNLOAD:
                mine.append(each)
        elif not each.is_over:
            others += 1
    rows = [FileRow(Is.BLANK), FileRow(Is.BLANK, text="On their way")] if mine else []
    for each in sorted(mine, key=lambda each: each.status is Status.DONE):
        rows.append(FileRow(Is.TRANSFER, each.field, name=each.name, transfer=each))
        error = wrap(safe(each.error[:1000]), ERROR_WIDTH)[:MAX_ERROR_LINES] if each.error else []
        rows += [FileRow(Is.BLANK, text=f"      {line}") for line in error]
    if others:
        other = f"{others} {'file is' if others == 1 else 'files are'} on the way for other tasks."
        rows += [FileRow(Is.BLANK), FileRow(Is.BLANK, text=other)]
    return rows


@frozen
class RowLook:
    """What rows are drawn with."""

    glyphs: Glyphs
    sizes: Mapping[str, int]
    """Bytes of the files whose size is known, by blob."""
    retry: str = ""
    """The key that tries a transfer again, as people read it."""
    bring_back: str = ""
    """The key that brings a removed file back."""


def line_of(row: FileRow, width: int, look: RowLook, *, here: bool) -> Line:
    """The row as a line of ``width`` cells."""
    glyphs = look.glyphs
    bar: Piece = (f"{glyphs.bar} " if here else "  ", "accent")
    role = "bold text" if here else "text"
    match row.kind:
        case Is.FIELD:
            left: Line = (bar, (safe(row.field[:200]), "bold text"))
            return spread(left, ((row.text, "dim"),), width, "dim", glyphs.cut)
        case Is.FILE:
            size = look.sizes.get(row.blob)
            facts = safe(row.media_type[:60]) + (f"  {size_words(size)}" if size is not None else "")
            left = (bar, (f"  {glyphs.files} ", "accent"), (safe(row.name[:300]) or "(nameless)", role))
            return spread(left, ((facts, "dim"),), width, "dim", glyphs.cut)
        case Is.TRANSFER if row.transfer is not None:
            return _transfer_line(row.transfer, width, look, bar, role)
        case Is.REMOVED:
            left = (bar, (f"  {glyphs.refused} ", "dim"), (safe(row.name[:300]), "dim"))
            words = f"{look.bring_back} brings it back" if look.bring_back else ""
            return spread(left, ((words, "dim"),), width, "dim", glyphs.cut)
        case _:
            return spread((("  ", "dim"), (row.text, "italic dim")), (), width, "dim", glyphs.cut)


def _transfer_line(transfer: Transfer, width: int, look: RowLook, bar: Piece, role: str) -> Line:
    (sign, sign_role), words = stand_of(transfer, look.glyphs, look.retry)
    left: Line = (bar, (f"  {sign} ", sign_role), (safe(transfer.name[:300]) or "(nameless)", role))
    return spread(left, (words,), width, "dim", look.glyphs.cut)


def _file_row(field: str, entry: Mapping[str, Value]) -> FileRow:
    def text(name: str) -> str:
        value = entry.get(name)
        return value if isinstance(value, str) else ""

    return FileRow(Is.FILE, field, text("blobId"), text("filename"), text("contentType"))


def _files(value: Value) -> list[Mapping[str, Value]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _holds_files(value: Value) -> bool:
    files = _files(value)
    return bool(files) and all("blobId" in each for each in files)
