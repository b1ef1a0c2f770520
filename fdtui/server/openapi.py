"""What the server can be asked, as an OpenAPI document: a table by hand, beside the routes' own.

The keys of a task are the names of its workflow's fields, so the document can only say *an object*; what
a workflow's tasks hold is answered by ``/workflows/{workflow}/fields``.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from starlette.responses import Response

from fdtui.server.call import Call

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
MAYBE: Schema = {"type": ["string", "null"]}
TASK: Schema = {
    "type": "object",
    "description": "Stage, Assigned To, Task URL, then a key for each field of the workflow.",
    "required": ["Stage", "Assigned To", "Task URL"],
    "properties": {"Stage": TEXT, "Assigned To": MAYBE, "Task URL": TEXT},
}
CHANGE: Schema = {
    "type": "object",
    "description": "Depends on the workflow: keys are names of fields; those left out stay.",
}
STATUS: Schema = {"type": "string", "enum": ["Pending", "Success", "Fail"]}


def _object(*needed: str, **properties: Schema) -> Schema:
    return {"type": "object", "required": list(needed or properties), "properties": properties}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


NAMED = _object(id=TEXT, name=TEXT)
STAGE = _object(name=TEXT, end={"type": "boolean"}, color=TEXT)
FIELD = _object(
    id=TEXT, name=TEXT, type=TEXT, editable={"type": "boolean"}, required={"type": "boolean"}
)
USER = _object(id=TEXT, email=TEXT, first_name=TEXT, last_name=TEXT, role_id=MAYBE, saml_user_id=MAYBE)
ROLE = _object(id=TEXT, name=TEXT, admin={"type": "boolean"})
COMMENT = _object(author=TEXT, body=TEXT, timestamp=TEXT)
ITEM = _object("id", "title", "status", "editable", id=TEXT, title=TEXT, status=TEXT, editable={})
ENTRY = _object("id", "timestamp", "who", "what", id={"type": "integer"}, timestamp=TEXT)
JOB = _object("id", "status", id=TEXT, status=STATUS)
RUN = _object("id", "status", id=TEXT, status=STATUS, errors=_list(TEXT))
START = _object("action_id", "task_id", action_id=TEXT, task_id={}, performed_by=MAYBE)
DAYS = _object(start_date={**TEXT, "format": "date"}, end_date={**TEXT, "format": "date"})
FILE: Schema = {}

_FLOW, _TASK = "/workflows/{workflow}", "/workflows/{workflow}/tasks/{uid}"

Operation = tuple[str, Schema | None, dict[int, Schema | None]]
OPERATIONS: dict[tuple[str, str], Operation] = {
    ("GET", "/workspace"): ("Whose key this is", None, {200: NAMED}),
    ("GET", "/workflows"): ("The workflows that the key may use", None, {200: _list(NAMED)}),
    ("GET", _FLOW + "/stages"): ("Stages in board order", None, {200: _list(STAGE)}),
    ("GET", _FLOW + "/fields"): ("Custom fields", None, {200: _list(FIELD)}),
    ("GET", _FLOW + "/users"): ("People", None, {200: _list(USER)}),
    ("GET", _FLOW + "/users/{user}"): ("One of the people", None, {200: USER}),
    ("DELETE", _FLOW + "/users/{user}"): ("Take a person out", None, {204: None}),
    ("GET", _FLOW + "/roles"): ("Roles", None, {200: _list(ROLE)}),
    ("GET", _FLOW + "/tasks"): ("Tasks; any field may be a filter", None, {200: _list(TASK)}),
    ("POST", _FLOW + "/tasks"): ("Create or change by unique id", CHANGE, {200: TASK, 201: TASK}),
    ("PUT", _FLOW + "/tasks"): ("Change by unique id", CHANGE, {200: TASK}),
    ("GET", _FLOW + "/tasks/active"): ("Tasks in no end stage", None, {200: _list(TASK)}),
    ("GET", _TASK): ("One task", None, {200: TASK}),
    ("PUT", _TASK): ("Change a task", CHANGE, {200: TASK}),
    ("DELETE", _TASK): ("Delete a task for good", None, {204: None}),
    ("GET", _TASK + "/actions"): ("Actions available now", None, {200: _list(NAMED)}),
    ("GET", _TASK + "/comments"): ("Comments", None, {200: _list(COMMENT)}),
    ("POST", _TASK + "/comments"): ("Comment", _object(body=TEXT), {201: COMMENT}),
    ("GET", _TASK + "/checklist_items"): ("Checklist", None, {200: _list(ITEM)}),
    ("POST", _TASK + "/checklist_items"): ("Add an item", CHANGE, {201: ITEM}),
    ("GET", _TASK + "/checklist_items/{item}"): ("One item", None, {200: ITEM}),
    ("PUT", _TASK + "/checklist_items/{item}"): ("Change an item", CHANGE, {200: ITEM}),
    ("DELETE", _TASK + "/checklist_items/{item}"): ("Delete an item", None, {204: None}),
    ("GET", _TASK + "/activity"): ("What happened to a task", None, {200: _list(ENTRY)}),
    ("GET", _FLOW + "/activity"): ("What happened in a workflow", None, {200: _list(ENTRY)}),
    ("GET", _FLOW + "/executions"): ("Executions", None, {200: _list(RUN)}),
    ("POST", _FLOW + "/executions"): ("Run an action on a task", START, {200: RUN, 201: RUN}),
    ("GET", _FLOW + "/executions/{execution}"): ("One execution", None, {200: RUN}),
    ("POST", _FLOW + "/data_syncs"): ("Run the data syncs", None, {202: JOB}),
    ("GET", _FLOW + "/data_syncs/{sync}"): ("One run of the data syncs", None, {200: JOB}),
    ("POST", _FLOW + "/analytics/exports"): ("Export the time in stages", DAYS, {201: _object(id=TEXT)}),
    ("GET", _FLOW + "/analytics/exports/{export}"): ("One export", None, {200: JOB}),
    ("GET", _FLOW + "/analytics/exports/{export}/stages.csv"): ("Its file", None, {200: FILE}),
    ("GET", "/files/{blob}"): ("The bytes of a file", None, {200: FILE}),
    ("GET", "/openapi.json"): ("This document", None, {200: {"type": "object"}}),
}
"""Method and template to what it does, what is sent, and what is answered when all is well."""

_REFUSALS = (400, 401, 403, 404, 408, 409, 412, 413, 414, 415, 421, 422, 429, 431, 503)
_ABOUT = (
    "The Flowdash API as fdtui serves it. The keys of a task, and so the bodies of most requests,"
    " depend on the workflow: GET /workflows/{workflow}/fields tells them. Where a task's files and"
    " links are sent, the whole list is. POST of a task with If-None-Match: * only creates, and answers"
    " 412 where its unique id is taken. Errors are {errors: {field: [what]}} for data, and"
    " {errors: [sentence]} otherwise."
)


def show(call: Call) -> Response:
    """The document."""
    return call.answer(document())


@cache
def document() -> dict[str, Any]:
    """The document, for a server at the place it was fetched from."""
    paths: dict[str, Any] = {}
    for (method, template), operation in OPERATIONS.items():
        paths.setdefault(template, {})[method.lower()] = _operation(method, template, *operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Flowdash API", "version": "1", "description": _ABOUT},
        "servers": [{"url": "/api/v1"}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Refusal": _object(errors={"type": ["array", "object"]})},
        },
    }


def _operation(
    method: str, template: str, says: str, body: Schema | None, answers: dict[int, Schema | None]
) -> dict[str, Any]:
    variables = [part[1:-1] for part in template.split("/") if part.startswith("{")]
    refusal = {
        "description": "Refused",
        "content": _json({"$ref": "#/components/schemas/Refusal"}),
    }
    made: dict[str, Any] = {
        "operationId": f"{method.lower()}{template}",
        "summary": says,
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {**TEXT, "minLength": 1}}
            for name in variables
        ],
        "responses": {
            **{str(status): _answer(schema) for status, schema in answers.items()},
            **{str(status): refusal for status in _REFUSALS},
        },
    }
    if body is not None:
        made["requestBody"] = {"required": True, "content": _json(body)}
    return made


def _answer(schema: Schema | None) -> dict[str, Any]:
    if schema is None:
        return {"description": "Done"}
    content = {"*/*": {}} if schema is FILE else _json(schema)
    return {"description": "Done", "content": content}


def _json(schema: Schema) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
