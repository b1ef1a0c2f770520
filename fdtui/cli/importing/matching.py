"""Where the columns of a file go, by its first rows, the workflow, and what was said."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from fdtui.cli.importing.mapping_file import SaidMapping
from fdtui.cli.importing.origin import OpenFile
from fdtui.core.errors import UsageError
from fdtui.core.frozen import replace
from fdtui.core.schema import STAGE, TASK_URL, FieldType, Schema
from fdtui.importing.mapping import ColumnMap, corrected, guessed
from fdtui.importing.moments import DateOrder, shown_order
from fdtui.importing.rows import SourceRow
from fdtui.importing.values import text_of

SAMPLED = 1_000
"""Rows that say which columns there are and what stands in them."""


def sample_of(file: OpenFile) -> list[SourceRow]:
    """The first rows."""
    return list(islice(file.rows(), SAMPLED))


def matched(file: OpenFile, sample: Sequence[SourceRow], schema: Schema, said: SaidMapping) -> ColumnMap:
    """Where the columns go, as it was guessed and said; raises `UsageError`."""
    columns = dict.fromkeys(column for row in sample for column in row.values)
    if not columns:
        raise UsageError("No row of the file can be read.", _first_problem(sample))
    links = _links(sample, set(columns), {each.name for each in schema.fields})
    restores = file.archive is not None
    mapping = guessed(columns, file.source.roles, schema, links, restores=restores)
    pairs = [each for each in said.columns if each[0] in columns or each not in said.saved]
    mapping = corrected(mapping, pairs, schema)
    if not any(mapping.targets.values()):
        raise UsageError("No column of the file is like a field of the workflow.", "Say --map.")
    return replace(mapping, stages=said.stages, people=said.people)


def order_of(
    file: OpenFile, sample: Sequence[SourceRow], mapping: ColumnMap, schema: Schema
) -> DateOrder | None:
    """The order of day and month that all rows show; ``None`` where they show none, or both."""
    dated = {each.name for each in schema.fields if each.type in (FieldType.DATE, FieldType.DATETIME)}
    columns = [name for name, target in mapping.targets.items() if target in dated]
    if not any("/" in text_of(row.values.get(name)) for row in sample for name in columns):
        return None
    texts = (text_of(row.values.get(name)) for row in file.rows() for name in columns)
    found = {order for text in texts if (order := shown_order(text))}
    return found.pop() if len(found) == 1 else None


def _first_problem(sample: Sequence[SourceRow]) -> str:
    problem = next((each.problem for each in sample if each.problem), "")
    return f"{problem[:1].upper()}{problem[1:]}." if problem else ""


def _links(sample: Sequence[SourceRow], columns: set[str], fields: set[str]) -> frozenset[str]:
    """The columns that lead to tasks of other workflows, in what we have exported ourselves."""
    if not {STAGE, TASK_URL} <= columns:  # no list of tasks of ours
        return frozenset()
    return frozenset(
        column for column in columns - fields if any(_is_task(row.values.get(column)) for row in sample)
    )


def _is_task(value: object) -> bool:
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, dict)
