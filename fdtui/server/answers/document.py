"""The OpenAPI document, made of the models of answers and bodies.

The keys of a task are the names of its workflow's fields, so the document can only say *an object*; what
a workflow's tasks hold is answered by ``/workflows/{workflow}/fields``.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from fdtui.server.answers.models import Refusal
from fdtui.server.answers.operations import ONCE, OPERATIONS, Bytes, Operation, Parameter, Several, Shape

_REFUSALS = (400, 401, 403, 404, 408, 409, 412, 413, 414, 415, 421, 422, 429, 431, 503)
_ABOUT = (
    "The Flowdash API as fdtui serves it. The keys of a task, and so the bodies of most requests,"
    " depend on the workflow: GET /workflows/{workflow}/fields lists them. Where a task's files and"
    " links are sent, the whole list is. POST of a task with If-None-Match: * only creates, and answers"
    " 412 where its unique id is taken. Performed-By: an e-mail says for whom of the workflow's people a"
    " change is made. A POST may have an Idempotency-Key: repeated with it, it is not done"
    " again, but gets its first answer, marked with Idempotency-Replayed: true. Every answer says with"
    " Idempotency-Kept-For for how many seconds that holds. A key belongs to who sent it, the method and"
    " the address; a refused request is not kept, and is judged again."
    " Answers are packed with gzip for who sends Accept-Encoding: gzip."
    " Errors are {errors: {field: [what]}} for data, and {errors: [sentence]} otherwise."
)
_KNOWN = Parameter(
    "If-None-Match", "The ETag of an answer that is known: 304 where it is the same.", "header"
)
_KEPT_FOR, _REPLAYED = "Idempotency-Kept-For", "Idempotency-Replayed"
_HEADERS: dict[str, Any] = {
    _KEPT_FOR: {
        "description": "Seconds for which a POST may be repeated with its Idempotency-Key.",
        "schema": {"type": "integer"},
    },
    _REPLAYED: {
        "description": "``true`` where this is the kept answer to a repeated request.",
        "schema": {"type": "string", "enum": ["true"]},
    },
}


def document() -> dict[str, Any]:
    """The document, for a server at the place it was fetched from."""
    paths: dict[str, Any] = {}
    for (method, template), operation in OPERATIONS.items():
        paths.setdefault(template, {})[method.lower()] = _operation(method, template, operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Flowdash API", "version": "1", "description": _ABOUT},
        "servers": [{"url": "/api/v1"}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "headers": _HEADERS,
            "schemas": _components(),
        },
    }


def _components() -> dict[str, Any]:
    shapes: dict[str, type[BaseModel]] = {Refusal.__name__: Refusal}
    for operation in OPERATIONS.values():
        for each in (operation.body, *operation.answers.values()):
            model = each.of if isinstance(each, Several) else each
            if isinstance(model, type):
                shapes[model.__name__] = model
    _, made = models_json_schema(
        [(each, "validation") for each in shapes.values()],
        ref_template="#/components/schemas/{model}",
    )
    found: dict[str, Any] = made["$defs"]
    return found


def _operation(method: str, template: str, operation: Operation) -> dict[str, Any]:
    variables = [part[1:-1] for part in template.split("/") if part.startswith("{")]
    refusal = {"description": "Refused", "content": _json(_shape(Refusal))}
    is_kept = ONCE in operation.parameters
    answers = {
        str(status): _answer(shape, is_kept=is_kept) for status, shape in operation.answers.items()
    }
    if operation.streams:
        answers["200"]["content"]["text/event-stream"] = {}
    if operation.headers:
        answers["200"]["headers"] = {
            **answers["200"].get("headers", {}),
            **{
                name: {"description": says, "schema": {"type": "string"}}
                for name, says in operation.headers.items()
            },
        }
    parameters = [_parameter(each) for each in operation.parameters]
    if method == "GET":
        answers["304"] = {"description": "The same as before"}
        parameters.append(_parameter(_KNOWN))
    made: dict[str, Any] = {
        "operationId": operation.id,
        "summary": operation.says,
        "tags": [operation.id.partition(".")[0]],
        "parameters": [*map(_variable, variables), *parameters],
        "responses": {**answers, **{str(status): refusal for status in _REFUSALS}},
    }
    if operation.body is not None:
        made["requestBody"] = {"required": True, "content": _json(_shape(operation.body))}
    if operation.is_open:
        made["security"] = []
    return made


def _variable(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _parameter(each: Parameter) -> dict[str, Any]:
    return {"name": each.name, "in": each.place, "description": each.says, "schema": each.schema}


def _answer(shape: Shape, *, is_kept: bool) -> dict[str, Any]:
    made: dict[str, Any] = {"description": "Done"}
    if isinstance(shape, Bytes):
        made["content"] = {shape.media_type: {}}
    elif shape is not None:
        made["content"] = _json(_shape(shape))
    names = (_KEPT_FOR, _REPLAYED) if is_kept else (_KEPT_FOR,)
    made["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    return made


def _shape(shape: type[BaseModel] | Several) -> dict[str, Any]:
    if isinstance(shape, Several):
        return {"type": "array", "items": _shape(shape.of)}
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
