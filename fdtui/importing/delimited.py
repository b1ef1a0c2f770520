"""Tables as text: comma, semicolon, tab or bar between the cells, which may hold lines and quotes."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TextIO

from fdtui.core.formulas import unguarded
from fdtui.core.frozen import frozen
from fdtui.core.values import Value
from fdtui.importing.rows import SourceRow

_SEPARATORS = (",", ";", "\t", "|")
_SAID = "sep="
"""Begins a line before the header, with which a spreadsheet says the separator."""
_LOOKED_AT = 50
"""Rows that say which separator it is, and where the header stands."""
MAX_CELL_LETTERS = 64 * 1024 * 1024


@frozen
class Layout:
    """How the table is written."""

    separator: str
    header: tuple[str, ...]
    rows_before: int
    """Rows before the header, with the line that says the separator."""

    @property
    def has_twins(self) -> bool:
        """Whether a column stands several times."""
        return len(set(self.header)) < len(self.header)


def layout_of(head: str) -> Layout:
    """How a table is written that begins with ``head``; a file of one column is separated by commas."""
    first, _, _ = head.partition("\n")
    said = first.strip("\r\ufeff").lower()
    if said.startswith(_SAID) and len(said) == len(_SAID) + 1:
        separator = first.strip("\r\ufeff")[-1]
        return _laid_out(_first_rows(head, separator), separator, skipped=1)
    found = [(separator, _first_rows(head, separator)) for separator in _SEPARATORS]
    separator, rows = max(found, key=lambda each: _regularity(each[1]))
    return _laid_out(rows, separator)


def read(text: TextIO, layout: Layout) -> Iterator[SourceRow]:
    """The rows below the header; of a column that stands several times, the list of what is in it.

    A row that is too long, or not written as a table is, has a problem.
    """
    csv.field_size_limit(MAX_CELL_LETTERS)
    lines: list[str] = []
    reader = csv.reader(_kept(text, lines), delimiter=layout.separator, strict=True)
    header, width = layout.header, len(layout.header)
    left = layout.rows_before + 1
    while True:
        begins = reader.line_num + 1
        lines.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield SourceRow(begins, {}, "".join(lines), _broken(error))
            continue
        if left:
            left -= 1
            continue
        if not any(cells):
            continue
        problem = ""
        if len(cells) > width and any(cells[width:]):
            problem = f"it has {len(cells)} cells, and the header {width}"
        clean = [unguarded(cell) if cell[:1] == "'" else cell for cell in cells]
        values = _gathered(header, clean) if layout.has_twins else dict(zip(header, clean, strict=False))
        yield SourceRow(begins, values, cells, problem)


def _kept(text: TextIO, lines: list[str]) -> Iterator[str]:
    """The lines of ``text``, each put into ``lines``: where they are no row, they are all there is."""
    for line in text:
        lines.append(line)
        yield line


def _gathered(header: Sequence[str], cells: Sequence[str]) -> dict[str, Value]:
    twins = {name for name, count in Counter(header).items() if count > 1}
    values: dict[str, Value] = {}
    for name, cell in zip(header, cells, strict=False):
        if name not in twins:
            values[name] = cell
            continue
        known = values.setdefault(name, [])
        assert isinstance(known, list)  # noqa: S101 (made in the line above)
        if cell:
            known.append(cell)
    return values


def _broken(error: csv.Error) -> str:
    if "unexpected end" in str(error):
        return "a quotation mark is opened here and never closed"
    if "field larger" in str(error):
        return f"a cell has more than {MAX_CELL_LETTERS:,} letters"
    return "behind a closing quotation mark stands neither a separator nor the end of the line"


def _first_rows(head: str, separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    # newline="" keeps the line ends that stand in cells
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=separator, strict=True)
    try:
        for row in reader:
            rows.append(row)
            if len(rows) == _LOOKED_AT:
                break
    except csv.Error:
        pass  # the head may end within a cell
    return rows


def _regularity(rows: Sequence[Sequence[str]]) -> tuple[float, int]:
    """How much ``rows`` look like a table: the share that has the usual width, and that width."""
    widths = Counter(len(row) for row in rows if any(row))
    if not widths:
        return 0, 0
    width, count = max(widths.items(), key=lambda each: (each[1] if each[0] > 1 else 0, each[0]))
    return (count / sum(widths.values()) if width > 1 else 0), width


def _laid_out(rows: Sequence[Sequence[str]], separator: str, skipped: int = 0) -> Layout:
    _, width = _regularity(rows[skipped:])
    for at, row in enumerate(rows):
        filled = sum(1 for cell in row if cell.strip())
        # above the header some programs write where the table comes from
        if at >= skipped and filled and 2 * filled >= min(width, len(row)) and len(row) * 2 >= width:
            return Layout(separator, _named(row), at)
    first = rows[skipped] if len(rows) > skipped else []
    return Layout(separator, _named(first), skipped)


def _named(row: Sequence[str]) -> tuple[str, ...]:
    names = (" ".join(cell.strip("\ufeff").split()) for cell in row)
    return tuple(name or f"Column {at}" for at, name in enumerate(names, 1))


def line_of(cells: Sequence[str], separator: str) -> str:
    """``cells`` as `read` reads them, with the line's end."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=separator, lineterminator="\n").writerow(list(chain(cells)))
    return buffer.getvalue()
