"""``fdtui task list`` as a person reads it, and in all forms but the two that scripts know longest."""

from __future__ import annotations

from collections.abc import Iterable

from fdtui.cli import output
from fdtui.cli.client import ConnectedWorkflow, with_workflow
from fdtui.cli.listing import ListForm
from fdtui.cli.tables import print_rows
from fdtui.core.entry import fields_of
from fdtui.core.schema import ASSIGNEE, BUILT_INS, STAGE, TASK_URL, Field, Schema
from fdtui.core.task import tasks_from_rows
from fdtui.core.values import Row


def print_tasks(listing: ListForm) -> None:
    """Print the tasks; what a query asks for may need to know the people and stages."""

    async def work(connected: ConnectedWorkflow) -> tuple[list[Row], Schema]:
        found = await connected.gateway.tasks(connected.workflow.id)
        for complaint in found.complaints if found else ():
            output.notify(complaint)
        rows: Iterable[Row] = found.rows if found else ()
        return found_by(listing.query, rows, connected.schema), connected.schema

    rows, schema = with_workflow(work, is_whole=bool(listing.query or listing.sort))
    print_rows(rows, columns_of(schema, rows), usual_columns(schema), listing, schema)


def found_by(query: str, rows: Iterable[Row], schema: Schema) -> list[Row]:
    """Those of ``rows`` that the query finds, all for an empty one; raises `QueryError`."""
    if not query:
        return list(rows)
    from fdtui.cli.tasks.selection import predicate_of

    predicate = predicate_of(query, schema)
    unique_id = schema.unique_id.name if schema.unique_id else None
    return [dict(each.row) for each in tasks_from_rows(rows, unique_id).values() if predicate(each)]


def columns_of(schema: Schema, rows: Iterable[Row]) -> tuple[Field, ...]:
    """What a column can be: the fields, and what the tasks hold besides."""
    known = fields_of(schema)
    names = {each.name for each in known}
    more = dict.fromkeys(
        name for row in rows for name in row if name not in names and name not in BUILT_INS
    )
    return (*known, Field(TASK_URL), *(Field(name, "unknown") for name in more))


def usual_columns(schema: Schema) -> list[str]:
    """Unique id, stage, assignee and title, as far as there are such."""
    first = [schema.unique_id.name] if schema.unique_id else []
    last = [schema.title.name] if schema.title and schema.title != schema.unique_id else []
    return [*first, STAGE, ASSIGNEE, *last]
