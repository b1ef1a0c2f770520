"""Tools that read tasks: those that a query finds, and one with all that belongs to it."""

from __future__ import annotations

import asyncio
from itertools import islice

from fdtui.cli.checklist import item_row
from fdtui.cli.comment import comment_row
from fdtui.cli.listing import ListForm
from fdtui.cli.mcp_server.connection import AgentConnection
from fdtui.cli.mcp_server.tool import TASK, WORKFLOW, Arguments, Parameter, ParameterKind, Tool
from fdtui.cli.tables import as_asked, named, only
from fdtui.cli.tasks.listing import columns_of, found_by

TASKS_LISTED = 50
"""Tasks that a list has, unless it is asked for another number."""


async def _list(connection: AgentConnection, said: Arguments) -> object:
    connected = await connection.workflow(said.get("workflow"))
    listing = await connected.gateway.tasks(connected.workflow.id)
    rows = listing.rows if listing else ()
    fields = columns_of(connected.schema, rows)
    wanted = [named(each, fields) for each in said.get("fields", ())]
    found = found_by(said.get("query", ""), rows, connected.schema)
    ordered, _ = as_asked(found, fields, ListForm(sort=said.get("sort", "")), connected.schema)
    shown = [only(row, wanted) for row in islice(ordered, said.get("limit", TASKS_LISTED))]
    told: dict[str, object] = {"found": len(found), "shown": len(shown), "tasks": shown}
    if listing and listing.complaints:
        told["complaints"] = list(listing.complaints)
    return told


async def _show(connection: AgentConnection, said: Arguments) -> object:
    connected = await connection.workflow(said.get("workflow"))
    uid, row = await connected.task(said["task"])
    comments, items = await asyncio.gather(
        connected.gateway.comments(connected.workflow.id, uid),
        connected.gateway.checklist(connected.workflow.id, uid),
    )
    return {
        "task": dict(row),
        "comments": [comment_row(each) for each in comments],
        "checklist": [item_row(each) for each in items],
    }


TASK_TOOLS = (
    Tool(
        "list_tasks",
        "List tasks",
        "The tasks of a workflow that a query finds. `found` is how many there are, `tasks` has the "
        f"first of them: {TASKS_LISTED}, or `limit`.",
        _list,
        (
            WORKFLOW,
            Parameter(
                "query",
                ParameterKind.TEXT,
                "What to find, in the language of the board's filter: words, `stage:New`, "
                "`assignee:me`, `assignee:none`, `due<today`, `-` for not. All tasks without it.",
            ),
            Parameter("fields", ParameterKind.NAMES, "The fields to answer; all without it."),
            Parameter(
                "sort",
                ParameterKind.TEXT,
                "Fields to sort by, separated by commas; ` desc` after one turns it.",
            ),
            Parameter("limit", ParameterKind.COUNT, "How many tasks to answer at most."),
        ),
    ),
    Tool(
        "show_task",
        "Show a task",
        "Every field of one task, its comments and its checklist.",
        _show,
        (WORKFLOW, TASK),
    ),
)
