"""The server: routes as data, and the one way that every request takes to them.

Who calls (421, 403, 401), where to (400, 404, 405), with what (413, 415), and then the route, in a
thread, for the database may wait. One change of thread does, for it costs as much as reading a task.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from fdtui.core.errors import ApiError, BadJsonError, InvalidError, StorageError
from fdtui.server import address, openapi, outbound
from fdtui.server.auth import Clock, Doorkeeper, StoredKeys
from fdtui.server.bodies import Body, read_body
from fdtui.server.call import Call, Fetch, Handler
from fdtui.server.listcache import ListCache
from fdtui.server.refusal import RefusedError, no_such_page
from fdtui.server.render import encode
from fdtui.server.routes import (
    activity,
    checklists,
    comments,
    executions,
    files,
    jobs,
    tasks,
    webhooks,
    workspace,
)
from fdtui.server.store import Store

THREADS = 40
"""Requests that are worked on at once; the disk lets as many writers share one commit."""

ADMITTED = 500
"""Requests under way; more are sent away at once rather than left to wait in the dark."""
MAX_FIELDS, MAX_HEADER = 200, 65_536
"""Header fields of a request, and their bytes."""

T = TypeVar("T")

_log = logging.getLogger(__name__)

_Found = tuple[Handler, dict[str, str], bytes]
"""The route, the variables of the path, and the path."""
BASE = "/api/v1"
_FLOW = "/workflows/{workflow}"

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/workspace", workspace.show_workspace),
    ("GET", "/workflows", workspace.list_workflows),
    ("GET", _FLOW + "/stages", workspace.list_stages),
    ("GET", _FLOW + "/fields", workspace.list_fields),
    ("GET", _FLOW + "/users", workspace.list_users),
    ("GET", _FLOW + "/users/{user}", workspace.show_user),
    ("DELETE", _FLOW + "/users/{user}", workspace.delete_user),
    ("GET", _FLOW + "/roles", workspace.list_roles),
    ("GET", _FLOW + "/tasks", tasks.list_tasks),
    ("POST", _FLOW + "/tasks", tasks.upsert),
    ("PUT", _FLOW + "/tasks", tasks.update_named),
    ("GET", _FLOW + "/tasks/active", tasks.list_active),
    ("GET", _FLOW + "/tasks/{uid}", tasks.show),
    ("PUT", _FLOW + "/tasks/{uid}", tasks.update),
    ("DELETE", _FLOW + "/tasks/{uid}", tasks.delete),
    ("GET", _FLOW + "/tasks/{uid}/actions", executions.list_actions),
    ("GET", _FLOW + "/tasks/{uid}/comments", comments.list_comments),
    ("POST", _FLOW + "/tasks/{uid}/comments", comments.create),
    ("GET", _FLOW + "/tasks/{uid}/checklist_items", checklists.list_items),
    ("POST", _FLOW + "/tasks/{uid}/checklist_items", checklists.create),
    ("GET", _FLOW + "/tasks/{uid}/checklist_items/{item}", checklists.show),
    ("PUT", _FLOW + "/tasks/{uid}/checklist_items/{item}", checklists.update),
    ("DELETE", _FLOW + "/tasks/{uid}/checklist_items/{item}", checklists.delete),
    ("GET", _FLOW + "/tasks/{uid}/activity", activity.list_of_task),
    ("GET", _FLOW + "/activity", activity.list_of_workflow),
    ("GET", _FLOW + "/executions", executions.list_executions),
    ("POST", _FLOW + "/executions", executions.create),
    ("GET", _FLOW + "/executions/{execution}", executions.show),
    ("POST", _FLOW + "/data_syncs", jobs.sync),
    ("GET", _FLOW + "/data_syncs/{sync}", jobs.show_sync),
    ("POST", _FLOW + "/analytics/exports", jobs.export),
    ("GET", _FLOW + "/analytics/exports/{export}", jobs.show_export),
    ("GET", _FLOW + "/analytics/exports/{export}/stages.csv", jobs.download_export),
    ("GET", "/files/{blob}", files.download),
    ("GET", "/openapi.json", openapi.show),
)
"""Method, template, handler; where two templates fit, the one that stands first is meant."""


def utc_now() -> datetime:
    """The time of day, for those who start a server."""
    return datetime.now(UTC)


def create_app(
    store: Store,
    *,
    clock: Clock = utc_now,
    auth: Doorkeeper | None = None,
    base_url: str | None = None,
    hosts: Collection[str] | None = None,
    wake: Callable[[], None] = lambda: None,
    fetch: Fetch = outbound.fetch,
) -> ASGIApp:
    """The server over ``store`` as an ASGI application that needs no lifespan.

    ``auth`` is by default the keys in the store. ``base_url`` is where tasks say that their page is,
    by default wherever the request went. ``hosts`` are the names it answers to, by default any.
    ``wake`` is called when an execution waits to be run (`Engine.wake`), ``fetch`` gets remote files.
    """
    door = auth if auth is not None else StoredKeys(store, clock)
    names = None if hosts is None else frozenset(hosts)
    return _App(store, door, clock, base_url=base_url, hosts=names, wake=wake, fetch=fetch)


class _App:
    def __init__(
        self,
        store: Store,
        door: Doorkeeper,
        clock: Clock,
        *,
        base_url: str | None,
        hosts: frozenset[str] | None,
        wake: Callable[[], None],
        fetch: Fetch,
    ) -> None:
        self._store, self._door, self._clock = store, door, clock
        self._base_url, self._hosts, self._wake = base_url, hosts, wake
        self._fetch = fetch
        self._lists, self._under_way = ListCache(), 0
        self._threads = ThreadPoolExecutor(THREADS, "fdtui-request")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            raise ValueError(f"This is no request: {scope['type']}")
        self._under_way += 1
        try:
            response = await self._admit(scope, receive)
        except ApiError as error:
            response = _refused(error)
        except BadJsonError as error:
            response = _told(400, f"The body is not JSON as it should be: {error}.")
        except StorageError:
            _log.exception("the database failed")
            response = _told(503, "The database cannot serve now.", {"Retry-After": "1"})
        except Exception:  # noqa: BLE001 - the outermost border
            incident = secrets.token_hex(4)
            _log.exception("incident %s", incident)
            response = _told(500, f"The server failed; its log has more under {incident}.")
        finally:
            self._under_way -= 1
        response.headers["X-Content-Type-Options"] = "nosniff"
        await response(scope, receive, send)

    async def _admit(self, scope: Scope, receive: Receive) -> Response:
        if self._under_way > ADMITTED:
            return _told(503, "The server is busy.", {"Retry-After": "1"})
        return await self._respond(scope, receive)

    async def _respond(self, scope: Scope, receive: Receive) -> Response:
        headers = Headers(scope=scope)
        own = _check_origin(scope, headers, self._hosts)
        authorization, client = headers.getlist("authorization"), scope.get("client")
        place = client[0] if client else ""
        let_in = partial(self._door.check, authorization, place)
        route: Callable[[], _Found] = partial(_route, scope)
        if scope["method"] == "POST" and not authorization and (token := webhooks.token_in(scope)):
            let_in, route = partial(self._door.check_webhook, token, place), webhooks.route
        body = Body()
        if scope["method"] in ("POST", "PUT"):
            if not self._door.remembers(authorization):
                await self._in_thread(let_in)  # a stranger's body is not even read
            if route()[0] is not jobs.sync:  # which is documented without a body, and so without a type
                body = await read_body(headers, receive)

        def answer() -> Response:
            caller = let_in()
            handler, params, path = route()
            caller.check(scope["method"], params.get("workflow"))
            call = Call(
                store=self._store,
                headers=headers,
                base_url=self._base_url or own,
                lists=self._lists,
                now=self._clock(),
                caller=caller,
                wake=self._wake,
                params=params,
                query=scope["query_string"],
                path=path,
                body=body,
                fetch=self._fetch,
            )
            return handler(call)

        with contextlib.closing(body):
            return await self._in_thread(answer)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


@dataclass(frozen=True, slots=True)
class _Template:
    """One address, ready to be compared with."""

    parts: tuple[str, ...]
    methods: dict[str, Handler]

    def match(self, segments: tuple[str, ...]) -> dict[str, str] | None:
        """The variables of the path, or ``None`` if it is another one."""
        if len(segments) != len(self.parts):
            return None
        params = {}
        for part, segment in zip(self.parts, segments, strict=True):
            if part.startswith("{") and segment:
                params[part[1:-1]] = segment
            elif part != segment:
                return None
        return params


def _templates() -> tuple[_Template, ...]:
    found: dict[str, _Template] = {}
    for method, template, handler in ROUTES:
        parts = tuple((BASE + template).strip("/").split("/"))
        found.setdefault(template, _Template(parts, {})).methods[method] = handler
    return tuple(found.values())


_TEMPLATES = _templates()


def _route(scope: Scope) -> _Found:
    raw = scope.get("raw_path") or quote(scope["path"]).encode()
    path = raw.partition(b"?")[0]
    return (*_find(scope["method"], address.segments(path)), path)


def _find(method: str, segments: tuple[str, ...]) -> tuple[Handler, dict[str, str]]:
    for template in _TEMPLATES:
        params = template.match(segments)
        if params is not None:
            if method not in template.methods:
                allowed = ", ".join(template.methods)
                raise RefusedError(
                    f"{method} is not possible here, only {allowed}.",
                    status=405,
                    headers={"Allow": allowed},
                )
            if any("\0" in value for name, value in params.items() if name != "uid"):
                break  # none of our own ids has a NUL, and PostgreSQL cannot even be asked for it
            return template.methods[method], params
    raise no_such_page()


def _check_origin(scope: Scope, headers: Headers, hosts: frozenset[str] | None) -> str:
    """Our own scheme and host, once it is sure that no other site's page sent the request."""
    size = sum(len(name) + len(value) for name, value in headers.raw)
    if len(headers.raw) > MAX_FIELDS or size > MAX_HEADER:
        raise RefusedError("The header is too long.", status=431, headers={"Connection": "close"})
    if "transfer-encoding" in headers and "content-length" in headers:
        raise RefusedError("The body has two lengths.", status=400, headers={"Connection": "close"})
    given = headers.getlist("host")
    host = given[0] if len(given) == 1 else ""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    if hosts is not None and name.lower() not in hosts:
        raise RefusedError("This server does not go by that name.", status=421)
    own = f"{scope['scheme']}://{host}"
    if any(origin != own for origin in headers.getlist("origin")):
        raise RefusedError("Requests from pages of other sites are not answered.", status=403)
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        raise RefusedError("Requests from pages of other sites are not answered.", status=403)
    return own


def _refused(error: ApiError) -> Response:
    if isinstance(error, InvalidError):
        return _json(error.status, {"errors": error.fields or list(error.errors)}, {})
    headers = error.headers if isinstance(error, RefusedError) else {}
    return _told(error.status or 500, error.message, headers)


def _told(status: int, sentence: str, headers: dict[str, str] | None = None) -> Response:
    return _json(status, {"errors": [sentence]}, headers or {})


def _json(status: int, value: object, headers: dict[str, str]) -> Response:
    return Response(encode(value), status_code=status, headers=headers, media_type="application/json")
