"""The older webhook URL: ``POST /workflows/<secret token>/tasks`` without a header (Tasks API).

Whoever knows it can create and change tasks and read nothing: the answer repeats what was sent.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote, unquote

from starlette.responses import Response
from starlette.types import Scope

from fdtui.core.strictjson import dumps
from fdtui.core.values import Row, Value
from fdtui.server.http.call import Call, Handler
from fdtui.server.routes import once, remote_files
from fdtui.server.store import Transaction
from fdtui.server.task_service import TaskService

_BEFORE, _AFTER = b"/api/v1/workflows/", b"/tasks"


def token_in(scope: Scope) -> str:
    """The secret in the request's address; empty where its form is another one."""
    raw = scope.get("raw_path") or quote(scope["path"]).encode()
    path = raw.partition(b"?")[0]
    token = path.removeprefix(_BEFORE).removesuffix(_AFTER)
    good = path == _BEFORE + token + _AFTER and token.startswith(b"fd_") and b"/" not in token
    return unquote(token.decode("latin-1")) if good and len(token) < 512 else ""


def route() -> tuple[Handler, dict[str, str], bytes]:
    """Where such a request goes; the address itself is forgotten, for it is the secret."""
    return take, {}, b""


def take(call: Call) -> Response:
    """Create the task, or change the one that has its unique id."""
    [workflow] = call.caller.workflows or ("",)
    given = call.row()
    if remote_files.asked_in(given) and (answer := once.replayed(call)) is not None:
        return answer
    body = remote_files.bring(replace(call, params={"workflow": workflow}), given)

    def work(tx: Transaction) -> Response:
        book = TaskService.open(call.store, tx, workflow, call.base_url, call.actor)
        record = book.named_in(body)
        if record is None:
            book.create(body)
        else:
            book.change(record, body)
        return Response(dumps(_without_contents(body)), media_type="application/json")

    return once.write(call, work)


def _without_contents(body: Row) -> dict[str, Value]:
    return {
        name: [
            {key: text for key, text in each.items() if key != "base64contents"}
            if isinstance(each, dict)
            else each
            for each in value
        ]
        if isinstance(value, list)
        else value
        for name, value in body.items()
    }
