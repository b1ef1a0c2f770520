"""Rows as people and programs read them: aligned, JSON, JSON Lines, CSV, Markdown, by a template."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import string
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from fdtui.cli import output
from fdtui.cli.listing import ListForm
from fdtui.config.locales import ascii_of
from fdtui.core.errors import UsageError
from fdtui.core.fields import show
from fdtui.core.formulas import guarded
from fdtui.core.names import find_all
from fdtui.core.ordering import RowOrder, ordered
from fdtui.core.safetext import quoted, safe
from fdtui.core.schema import Field, FieldType, Schema
from fdtui.core.several import parted
from fdtui.core.sort_terms import read_sort, sort_keys
from fdtui.core.strictjson import dumps
from fdtui.core.values import Row, Value
from fdtui.tui.toolkit.cells import cut, width_of

ROWS_MEASURED = 1_000
"""Rows whose cells say how wide the columns are; so that the first is shown before the last is read."""
MAX_CELL_LENGTH = 200
LEAST_WIDTH = 6
"""Cells below which no column is narrowed, however narrow the terminal is."""
COLUMN_GAP = "  "
NO_SCHEMA = Schema()
_BOLD, _DIM, _RESET = "\x1b[1m", "\x1b[36m", "\x1b[0m"


def print_rows(
    rows: Iterable[Row],
    fields: Sequence[Field],
    shown: Sequence[str],
    listing: ListForm,
    schema: Schema = NO_SCHEMA,
) -> None:
    """Print ``rows`` as ``listing`` says: the columns ``shown``, unless it names others.

    ``schema`` knows the names of people, by which they are sorted. Raises `UsageError` for a name that
    is none of ``fields``.
    """
    rows, wanted = as_asked(rows, fields, listing, schema)
    columns = wanted or [named(each, fields) for each in shown]
    match listing.form:
        case "json":
            output.json_rows(only(row, wanted) for row in rows)
        case "jsonl":
            output.lines((dumps(only(row, wanted)) for row in rows), is_json=True)
        case "csv":
            output.lines(csv_lines(rows, wanted or list(fields)))
        case "markdown":
            output.lines(_markdown(rows, columns))
        case "template":
            output.lines(_filled(rows, fields, listing.template))
        case _:
            output.lines(_table(rows, columns), is_ready=True)


def table_lines(
    rows: Iterable[Row],
    fields: Sequence[Field],
    shown: Sequence[str],
    listing: ListForm,
    schema: Schema = NO_SCHEMA,
) -> Iterator[str]:
    """What `print_rows` prints of rows for a person, a line each."""
    rows, wanted = as_asked(rows, fields, listing, schema)
    return _table(rows, wanted or [named(each, fields) for each in shown])


def as_asked(
    rows: Iterable[Row], fields: Sequence[Field], listing: ListForm, schema: Schema
) -> tuple[Iterable[Row], list[Field]]:
    """``rows`` in the order that ``listing`` asks for, and the fields that it names.

    To sort them, all are held; ``schema`` knows the names of people. Raises `UsageError` for a name that
    is none of ``fields``.
    """
    wanted = [named(each, fields) for each in parted(listing.fields, [f.name for f in fields])]
    if not listing.sort:
        return rows, wanted
    return ordered(rows, RowOrder(sort_keys(read_sort(listing.sort), fields), schema)), wanted


def named(said: str, fields: Sequence[Field]) -> Field:
    """The one of ``fields`` that is meant; raises `UsageError`."""
    found = find_all(said, fields, lambda each: each.name)
    if len(found) == 1:
        return found[0]
    listed = ", ".join(quoted(each.name) for each in fields)
    raise UsageError(f"There is no field {quoted(said[:80])}.", f"There are {listed}.")


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A line for each row, aligned by the cells of a terminal; the last column may be long."""
    if not rows:
        return
    cells = [[safe(cell) for cell in row] for row in rows]
    widths = _widths(cells)
    for row in cells:
        yield _line(row, widths)


def only(row: Row, wanted: Sequence[Field]) -> Row:
    """``row`` with the fields ``wanted``, in their order; whole where none are."""
    return {each.name: row.get(each.name) for each in wanted} if wanted else dict(row)


# ---- aligned ----


def _table(rows: Iterable[Row], columns: Sequence[Field]) -> Iterator[str]:
    """On a terminal with a header, cut to its width; for a program without, and whole."""
    is_terminal = sys.stdout.isatty()
    cells = ([_cell(each, row.get(each.name)) for each in columns] for row in rows)
    first = list(islice(cells, ROWS_MEASURED))
    head = [safe(each.name) for each in columns]
    if not is_terminal:
        widths = _widths(first)
        yield from (_line(row, widths) for row in chain(first, cells))
        return
    widths = _fitted(_widths([head, *first], is_whole=True), shutil.get_terminal_size().columns)
    mark = "..." if ascii_of(False, os.environ)[0] else "…"

    def line_of(row: Sequence[str]) -> str:
        shown = [cut(cell, width, mark) for cell, width in zip(row, widths, strict=True)]
        return _line(shown, widths[:-1])

    bold, dim, plain = ("", "", "") if os.environ.get("NO_COLOR") else (_BOLD, _DIM, _RESET)
    yield f"{bold}{line_of(head)}{plain}"
    for row in chain(first, cells):
        line = line_of(row)
        split = min(widths[0], len(line)) if len(row) > 1 and row[0].isascii() else 0
        yield f"{dim}{line[:split]}{plain}{line[split:]}" if split else line


def _fitted(widths: Sequence[int], room: int) -> list[int]:
    """``widths`` that fit into ``room`` cells: the widest columns give way first.

    The first, which is mostly the unique id, stays whole unless it takes a third of the room.
    """
    if len(widths) > 1 and widths[0] <= room // 3:
        return [widths[0], *_fitted(widths[1:], room - widths[0] - len(COLUMN_GAP))]
    fitted = list(widths)
    while (over := sum(fitted) + len(COLUMN_GAP) * (len(fitted) - 1) - room) > 0:
        ranked = sorted(fitted, reverse=True)
        widest, following = ranked[0], next((each for each in ranked if each < ranked[0]), 0)
        if widest <= LEAST_WIDTH:
            break
        many = ranked.count(widest)
        less = min(max(1, over // many), widest - max(following, LEAST_WIDTH) or 1)
        fitted = [each - less if each == widest else each for each in fitted]
    return fitted


def _cell(field: Field, value: Value) -> str:
    text = show(field, value)[:MAX_CELL_LENGTH]
    return safe(text) if text else "-"


def _widths(rows: Sequence[Sequence[str]], *, is_whole: bool = False) -> list[int]:
    """What each column needs but the last, which may be as long as it likes unless ``is_whole``."""
    widths = [max(map(width_of, column)) for column in zip(*rows, strict=True)]
    return widths if is_whole else widths[:-1]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [cell + " " * (width - width_of(cell)) for cell, width in zip(row, widths, strict=False)]
    return COLUMN_GAP.join([*cells, *row[-1:]]).rstrip()


# ---- for other programs ----


def csv_lines(rows: Iterable[Row], columns: Sequence[Field]) -> Iterator[str]:
    """A header and a line for each of ``rows``, without line ends; safe for a spreadsheet."""
    head = [each.name for each in columns]
    for line in chain([head], ([_plain(each, row.get(each.name)) for each in columns] for row in rows)):
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="").writerow([guarded(cell) for cell in line])
        yield buffer.getvalue()


def _plain(field: Field, value: Value) -> str:
    """A value as text that loses nothing: numbers and moments as the API writes them."""
    if value is None:
        return ""
    if isinstance(value, list | dict):
        is_choice = field.type == FieldType.MULTIPLE_SELECT
        return show(field, value) if is_choice else dumps(value)
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _markdown(rows: Iterable[Row], columns: Sequence[Field]) -> Iterator[str]:
    yield _markdown_line(each.name for each in columns)
    yield _markdown_line("---" for _ in columns)
    for row in rows:
        yield _markdown_line(show(each, row.get(each.name)) for each in columns)


def _markdown_line(cells: Iterable[str]) -> str:
    kept = (
        re.sub(r"([\\|`*_\[\]<>])", r"\\\1", cell).replace("\r\n", "\n").replace("\n", "<br>")
        for cell in cells
    )
    return f"| {' | '.join(kept)} |"


class _RowTemplate(string.Template):
    """Takes any name in braces, for fields have blanks in theirs."""

    braceidpattern = r"[^{}]+"


def _filled(rows: Iterable[Row], fields: Sequence[Field], text: str) -> Iterator[str]:
    template = _RowTemplate(text)
    if not template.is_valid():
        raise UsageError("The template has a $ without a name.", "Write $$ for a dollar sign.")
    known: Mapping[str, Field] = {each: named(each, fields) for each in template.get_identifiers()}
    for row in rows:
        yield template.substitute(
            {said: show(field, row.get(field.name)) for said, field in known.items()}
        )
