"""Tools that change tasks: through the journal, as the board and the commands do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from fdtui.cli.client import ConnectedWorkflow
from fdtui.cli.mcp_server.connection import AgentConnection
from fdtui.cli.mcp_server.tool import TASK, WORKFLOW, Arguments, Parameter, ParameterKind, Tool
from fdtui.cli.submitting import send, whoami, why_not
from fdtui.cli.tasks.creating import planned_task
from fdtui.cli.tasks.edits import assigning, deleting, moving
from fdtui.cli.tasks.selection import Wish, check_conditions, planned_for
from fdtui.cli.tasks.values import ValueReader, assignments_of, guards
from fdtui.core.errors import FdtuiError, UsageError
from fdtui.core.intents import AddComment, Intent, SetFields
from fdtui.core.task import Task
from fdtui.core.values import Row, Value
from fdtui.sync.storage.journal import EntryState
from fdtui.sync.writing.submitter import PlannedIntent

if TYPE_CHECKING:
    from fdtui.sync.storage.journal import JournalEntry


async def _new(connection: AgentConnection, said: Arguments) -> object:
    async with connection.turn:
        connected = await connection.workflow(said.get("workflow"))
        reader = ValueReader.here(connected.schema, whoami())
        values = reader.values(assignments_of(said["values"], connected.schema), {}, is_new=True)
        return await _made(connected, [planned_task(values, connected.schema)])


async def _set(connection: AgentConnection, said: Arguments) -> object:
    if not said["values"]:
        raise UsageError("What to change is not said.", "`values` has no field.")
    return await _changed(connection, said, lambda reader: _setting(said["values"], reader))


async def _move(connection: AgentConnection, said: Arguments) -> object:
    return await _changed(connection, said, lambda reader: moving(said["stage"], reader))


async def _assign(connection: AgentConnection, said: Arguments) -> object:
    return await _changed(connection, said, lambda reader: assigning(said["person"], reader))


async def _delete(connection: AgentConnection, said: Arguments) -> object:
    return await _changed(connection, said, lambda _: deleting)


async def _comment(connection: AgentConnection, said: Arguments) -> object:
    async with connection.turn:
        connected = await connection.workflow(said.get("workflow"))
        task = await connected.read(said["task"])
        return await _made(connected, [PlannedIntent(task, AddComment(task.key, said["text"]))])


def _setting(values: Mapping[str, Value], reader: ValueReader) -> Wish:
    found = assignments_of(values, reader.schema)

    async def wish(task: Task) -> Intent | None:
        changed = reader.values(found, task.row)
        return SetFields(task.key, tuple(changed.items())) if changed else None

    return wish


async def _changed(
    connection: AgentConnection, said: Arguments, prepare: Callable[[ValueReader], Wish]
) -> object:
    """Do to the task what ``prepare`` makes of it, where it is as ``expected``."""
    async with connection.turn:
        connected = await connection.workflow(said.get("workflow"))
        reader = ValueReader.here(connected.schema, whoami())
        wish = prepare(reader)
        wanted = guards(assignments_of(said.get("expected", {}), connected.schema), reader)
        task = await connected.read(said["task"])
        check_conditions(task, wanted, connected.schema)
        planned = await planned_for(task, wish, wanted)
        if not planned:
            return {"done": "Nothing was to be changed.", "task": dict(task.row)}
        return await _made(connected, planned)


async def _made(connected: ConnectedWorkflow, planned: Sequence[PlannedIntent]) -> Row:
    """What came of one change; raises `FdtuiError` where it was not done."""
    outcome = await send(connected, planned, settled=lambda _: None)
    if outcome.problem is not None:
        raise outcome.problem
    return _told(outcome.entries[0])


def _told(entry: JournalEntry) -> Row:
    if entry.state is not EntryState.DONE:
        raise FdtuiError(why_not(entry))
    told: dict[str, Value] = {"done": entry.pending.intent.sentence()}
    if entry.why:
        told["note"] = entry.why
    if entry.answer is not None:
        told["task"] = dict(entry.answer.row)
    return told


_VALUES = Parameter(
    "values",
    ParameterKind.FIELDS,
    "Field names with their values. A text is read by the field's type, as typed in the board (`fri`, "
    "`12.50`, `me`); any other JSON is taken as it is, null empties.",
    is_required=True,
)
_EXPECTED = Parameter(
    "expected",
    ParameterKind.FIELDS,
    "Fields with the values that they have to have now; otherwise nothing is sent.",
)
CHANGE_TOOLS = (
    Tool(
        "new_task",
        "Make a task",
        "Make a task of field values. Answers the task with its unique id.",
        _new,
        (WORKFLOW, _VALUES),
        changes=True,
    ),
    Tool(
        "set_fields",
        "Set fields",
        "Change fields of a task. What someone else changes meanwhile is a conflict, not overwritten.",
        _set,
        (WORKFLOW, TASK, _VALUES, _EXPECTED),
        changes=True,
        destroys=True,
    ),
    Tool(
        "move_task",
        "Move a task",
        "Put a task into a stage.",
        _move,
        (
            WORKFLOW,
            TASK,
            Parameter("stage", ParameterKind.TEXT, "The name of the stage.", is_required=True),
            _EXPECTED,
        ),
        changes=True,
    ),
    Tool(
        "assign_task",
        "Assign a task",
        "Give a task to a person.",
        _assign,
        (
            WORKFLOW,
            TASK,
            Parameter(
                "person", ParameterKind.TEXT, "E-mail or name, `me`, or `none`.", is_required=True
            ),
            _EXPECTED,
        ),
        changes=True,
    ),
    Tool(
        "add_comment",
        "Comment on a task",
        "Say something about a task; `@Full Name` mentions a person.",
        _comment,
        (WORKFLOW, TASK, Parameter("text", ParameterKind.TEXT, "The comment.", is_required=True)),
        changes=True,
    ),
    Tool(
        "delete_task",
        "Delete a task",
        "Delete a task for good, with its comments and files.",
        _delete,
        (WORKFLOW, TASK, _EXPECTED),
        changes=True,
        destroys=True,
    ),
)
