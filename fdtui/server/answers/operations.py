"""What can be asked of the server: by method and address the handler, what it takes and answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from fdtui.core.schema import ASSIGNEE, STAGE
from fdtui.server.answers import bodies, models


@dataclass(frozen=True)
class Several:
    """A list of answers of one shape."""

    of: type[BaseModel]


@dataclass(frozen=True)
class Bytes:
    """No JSON, but a file of a media type."""

    media_type: str


Shape = type[BaseModel] | Several | Bytes | None


@dataclass(frozen=True)
class Parameter:
    """What may stand in the query or the header of a request."""

    name: str
    says: str
    place: str = "query"
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string"})


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked; ``id`` names its handler among `fdtui.server.routes`."""

    id: str
    says: str
    answers: dict[int, Shape]
    body: type[BaseModel] | None = None
    parameters: tuple[Parameter, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    """What stands in the header of an answer when all is well, by name."""
    streams: bool = False
    """Whether it may also be asked for as a stream of events."""
    is_open: bool = False
    """Whether it is answered without a key."""


_FLOW = "/workflows/{workflow}"
_TASKS, _TASK = _FLOW + "/tasks", _FLOW + "/tasks/{uid}"
_ITEMS, _ITEM = _TASK + "/checklist_items", _TASK + "/checklist_items/{item}"

MATCH = Parameter(
    "If-Match", "The task's ETag: 412 where somebody has changed the task meanwhile.", "header"
)
CREATE_ONLY = Parameter(
    "If-None-Match", "``*`` only creates: 412 where the unique id is taken.", "header"
)
BATCH_CREATE_ONLY = Parameter(
    "If-None-Match", "``*`` only creates: a task whose unique id is taken is refused with 412.", "header"
)
ONCE = Parameter(
    "Idempotency-Key",
    "A name for this request, kept for a day: repeated with the same body it gets its first answer, and"
    " nothing is done again; with another body it is refused (422).",
    "header",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
)
SINCE = Parameter("since", "The id of the last entry that is known, or a moment (ISO 8601).")
TOKEN = Parameter(
    "since",
    "The token of a list (its header Changes-Token) or of the last answer; without one, nothing is told"
    " but the token to begin with.",
)
WAIT = Parameter(
    "wait",
    "Seconds, 30 at most, that the answer may wait for news; by default it comes at once.",
    schema={"type": "number", "minimum": 0, "maximum": 30},
)
LAST_EVENT = Parameter("Last-Event-ID", "The id of the last event, instead of ``since``.", "header")
STAGE_OF = Parameter(STAGE, "Only the items of this stage.")
RUN_OF = Parameter("task_id", "Only the executions of the task with this unique id.")
FILTERS = (
    Parameter(STAGE, "Only tasks in this stage."),
    Parameter(ASSIGNEE, "Only the tasks of this e-mail; empty for those of nobody."),
    Parameter(
        "filters",
        "Any field by its name: only tasks that hold this value; empty for those without one.",
        schema={"type": "object", "additionalProperties": {"type": "string"}},
    ),
    Parameter(
        "q",
        "A query in fdtui's filter language, beside the other filters: ``severity:critical -late``,"
        " ``me or assignee:none``, ``due<+3d``; words are looked for in every field. ``me`` is the"
        " person of Performed-By, days are UTC's. What is not understood is refused (422) with the"
        " column of each mistake. Where the workflow has a field of this name, it is a filter.",
        schema={"type": "string", "maxLength": 10_000},
    ),
)
PAGES = (
    Parameter(
        "limit",
        "At most this number of tasks, in the order of their creation; without it, all. Where the"
        " workflow has a field of this name, it is a filter.",
        schema={"type": "integer", "minimum": 1, "maximum": 1000},
    ),
    Parameter("cursor", "The Next-Cursor of the part before: only the tasks that come after it."),
)

LISTED = {
    "Changes-Token": "From where /workflows/{workflow}/changes goes on after this list.",
    "Next-Cursor": "Where there are more tasks than the limit, the cursor of the next part.",
}

OPERATIONS: dict[tuple[str, str], Operation] = {
    ("GET", "/workspace"): Operation(
        "workspace.show_workspace", "Whose key this is", {200: models.Named}
    ),
    ("GET", "/workflows"): Operation(
        "workspace.list_workflows", "The workflows that the key may use", {200: Several(models.Named)}
    ),
    ("GET", _FLOW + "/stages"): Operation(
        "workspace.list_stages", "Stages in board order", {200: Several(models.Stage)}
    ),
    ("GET", _FLOW + "/fields"): Operation(
        "workspace.list_fields", "Custom fields", {200: Several(models.CustomField)}
    ),
    ("GET", _FLOW + "/users"): Operation("workspace.list_users", "People", {200: Several(models.User)}),
    ("GET", _FLOW + "/users/{user}"): Operation(
        "workspace.show_user", "One of the people", {200: models.User}
    ),
    ("DELETE", _FLOW + "/users/{user}"): Operation(
        "workspace.delete_user", "Take a person out", {204: None}
    ),
    ("GET", _FLOW + "/roles"): Operation("workspace.list_roles", "Roles", {200: Several(models.Role)}),
    ("GET", _TASKS): Operation(
        "tasks.list_tasks",
        "Tasks",
        {200: Several(models.Task)},
        parameters=(*FILTERS, *PAGES),
        headers=LISTED,
    ),
    ("POST", _TASKS): Operation(
        "tasks.upsert",
        "Create a task, or change the one of the unique id",
        {200: models.Task, 201: models.Task},
        bodies.TaskChange,
        (CREATE_ONLY, MATCH, ONCE),
    ),
    ("PUT", _TASKS): Operation(
        "tasks.update_named", "Change by unique id", {200: models.Task}, bodies.TaskChange, (MATCH,)
    ),
    ("POST", _TASKS + "/batch"): Operation(
        "batches.create",
        "Create or change up to 1,000 tasks by unique id, each as if it were sent alone: one that is"
        " refused does not keep the others back",
        {200: models.BatchResults},
        bodies.NewBatch,
        (BATCH_CREATE_ONLY, ONCE),
    ),
    ("GET", _TASKS + "/active"): Operation(
        "tasks.list_active",
        "Tasks in no end stage",
        {200: Several(models.Task)},
        parameters=(*FILTERS, *PAGES),
        headers=LISTED,
    ),
    ("GET", _FLOW + "/changes"): Operation(
        "changes.show",
        "What changed in the tasks, at once or as soon as something does; with Accept:"
        " text/event-stream, a stream of such answers as events `changes`, whose id is the token",
        {200: models.Changes},
        parameters=(TOKEN, WAIT, LAST_EVENT),
        streams=True,
    ),
    ("GET", _TASK): Operation("tasks.show", "One task", {200: models.Task}),
    ("PUT", _TASK): Operation(
        "tasks.update", "Change a task", {200: models.Task}, bodies.TaskChange, (MATCH,)
    ),
    ("DELETE", _TASK): Operation(
        "tasks.delete", "Delete a task for good", {204: None}, parameters=(MATCH,)
    ),
    ("GET", _TASK + "/actions"): Operation(
        "executions.list_actions", "Actions that the stage offers", {200: Several(models.Action)}
    ),
    ("GET", _TASK + "/comments"): Operation(
        "comments.list_comments", "Comments, oldest first", {200: Several(models.Comment)}
    ),
    ("POST", _TASK + "/comments"): Operation(
        "comments.create", "Comment", {201: models.Comment}, bodies.NewComment, (ONCE,)
    ),
    ("GET", _ITEMS): Operation(
        "checklists.list_items",
        "Checklist",
        {200: Several(models.ChecklistItem)},
        parameters=(STAGE_OF,),
    ),
    ("POST", _ITEMS): Operation(
        "checklists.create", "Add an item", {201: models.ChecklistItem}, bodies.NewItem, (ONCE,)
    ),
    ("GET", _ITEM): Operation("checklists.show", "One item", {200: models.ChecklistItem}),
    ("PUT", _ITEM): Operation(
        "checklists.update", "Change an item", {200: models.ChecklistItem}, bodies.ChangedItem
    ),
    ("DELETE", _ITEM): Operation("checklists.delete", "Delete an item", {204: None}),
    ("GET", _TASK + "/activity"): Operation(
        "activity.list_of_task",
        "What happened to a task",
        {200: Several(models.Change)},
        parameters=(SINCE,),
    ),
    ("GET", _FLOW + "/activity"): Operation(
        "activity.list_of_workflow",
        "What happened in a workflow",
        {200: Several(models.Change)},
        parameters=(SINCE,),
    ),
    ("GET", _FLOW + "/executions"): Operation(
        "executions.list_executions",
        "Executions, newest first",
        {200: Several(models.ListedExecution)},
        parameters=(RUN_OF,),
    ),
    ("POST", _FLOW + "/executions"): Operation(
        "executions.create",
        "Run an action on a task",
        {201: models.Execution},
        bodies.NewExecution,
        (ONCE,),
    ),
    ("GET", _FLOW + "/executions/{execution}"): Operation(
        "executions.show", "One execution", {200: models.Execution}
    ),
    ("POST", _FLOW + "/data_syncs"): Operation(
        "jobs.sync", "Run the data syncs", {202: models.DataSync}, parameters=(ONCE,)
    ),
    ("GET", _FLOW + "/data_syncs/{sync}"): Operation(
        "jobs.show_sync", "One run of the data syncs", {200: models.DataSync}
    ),
    ("POST", _FLOW + "/analytics/exports"): Operation(
        "jobs.export", "Export the time in stages", {201: models.Started}, bodies.NewExport, (ONCE,)
    ),
    ("GET", _FLOW + "/analytics/exports/{export}"): Operation(
        "jobs.show_export", "One export", {200: models.Export}
    ),
    ("GET", _FLOW + "/analytics/exports/{export}/stages.csv"): Operation(
        "jobs.download_export", "Its file", {200: Bytes("text/csv")}
    ),
    ("GET", "/files/{blob}"): Operation("files.download", "The bytes of a file", {200: Bytes("*/*")}),
    ("GET", "/openapi.json"): Operation(
        "openapi.show", "This document", {200: models.Document}, is_open=True
    ),
}
"""By method and template, as the routes have them; what is answered when all is well, by status."""
