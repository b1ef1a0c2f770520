"""Whether a view means something in a workflow: its filter, sort, groups, fields and stages. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from fdtui.core.entry import fields_of
from fdtui.core.errors import UsageError
from fdtui.core.frozen import frozen
from fdtui.core.grouping import grouping_fields, summed_fields
from fdtui.core.query import Setting, read, understand
from fdtui.core.safetext import quoted
from fdtui.core.schema import Schema
from fdtui.core.sort_terms import field_meant, read_sort, sort_keys
from fdtui.core.views import Arrangement


@frozen
class ViewMistake:
    """What means nothing: the part of the view, a sentence without its full stop, and a hint."""

    part: str
    what: str
    hint: str = ""


def view_mistakes(shows: Arrangement, schema: Schema, today: date) -> Iterator[ViewMistake]:
    """Everything in an arrangement that a workflow of that shape does not know."""
    fields = fields_of(schema)
    if shows.filter:
        # Whether a person is known says less than whether there is such a field: `me` may be nobody.
        query = understand(
            read(shows.filter), Setting(schema, "me@example.com", today, changed=frozenset())
        )
        for problem in query.wrong:
            yield ViewMistake("filter", problem.message, problem.hint)
    yield from _wrong("sort", lambda: sort_keys(read_sort(shows.sort), fields))
    if shows.group:
        yield from _wrong("group", lambda: field_meant(shows.group, grouping_fields(fields)))
    if shows.sum:
        yield from _wrong("sum", lambda: field_meant(shows.sum, summed_fields(fields)))
    for name in shows.fields or ():
        if schema.named(name) is None:
            yield ViewMistake("fields", f"There is no field {quoted(name)}")
    for name in shows.folded:
        if schema.stage(name) is None:
            yield ViewMistake("folded", f"There is no stage {quoted(name)}")


def _wrong(part: str, understood: Callable[[], object]) -> Iterator[ViewMistake]:
    try:
        understood()
    except UsageError as error:
        yield ViewMistake(part, error.message.rstrip("."), error.hint)
