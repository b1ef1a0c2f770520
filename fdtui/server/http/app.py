"""The server: routes as data, and the one way that every request takes to them.

Who calls (421, 403, 401), where to (400, 404, 405), with what (413, 415), and then the route, in a
thread, for the database may wait. A change of thread costs more than reading a task: what is
`ANSWERED_AT_ONCE` is done on the loop as long as nobody has to be waited for, and its writes by one
thread for all.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar
from urllib.parse import quote

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fdtui.server.execution import http_client
from fdtui.server.http import address, openapi, refusals
from fdtui.server.http.auth import Caller, Clock, Doorkeeper, StoredKeys
from fdtui.server.http.bodies import Body, read_body
from fdtui.server.http.call import Call, Fetch, Handler
from fdtui.server.http.found_headers import FoundHeaders
from fdtui.server.http.key_limits import KeyLimits
from fdtui.server.http.list_cache import ListCache
from fdtui.server.http.origins import check_origin, origin_of
from fdtui.server.http.packing import packed
from fdtui.server.http.visit import visit_of
from fdtui.server.kept_rows import KeptRows
from fdtui.server.refusal import RefusedError, no_such_page
from fdtui.server.routes import (
    activity,
    batches,
    changes,
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
from fdtui.server.store.database import DeferredWriteError, NotAtOnceError

REQUEST_THREADS = 40
"""Requests that are worked on at once; the disk lets as many writers share one commit."""

MAX_REQUESTS_UNDER_WAY = 500
"""Requests under way; more are sent away at once rather than left to wait in the dark."""

T = TypeVar("T")

_Found = tuple[Handler, dict[str, str], bytes]
"""The route, the variables of the path, and the path."""
BASE = "/api/v1"
_FLOW = "/workflows/{workflow}"
_BATCH = _FLOW + "/tasks/batch"
"""Ours, so a task may have that unique id: any other method means the task."""

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
    ("POST", _BATCH, batches.create),
    ("GET", _FLOW + "/changes", changes.show),
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
    ("GET", openapi.PLACE, openapi.show),
)
"""Method, template, handler; where two templates fit, the one that stands first is meant."""

ANSWERED_AT_ONCE = frozenset(
    {tasks.show, tasks.upsert, tasks.update_named, tasks.update, tasks.delete, executions.show}
)
"""Routes that read a few rows and end with their write, if they have one (`Store.at_once`)."""
MAX_BODY_AT_ONCE = 16_384
"""Bytes of a body that is read on the event loop."""


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
    fetch: Fetch = http_client.fetch,
    shares_loop: bool = False,
    limits: KeyLimits | None = None,
) -> ASGIApp:
    """The server over ``store`` as an ASGI application that needs no lifespan.

    ``auth`` is by default the keys in the store. ``base_url`` is where tasks say that their page is,
    by default wherever the request went. ``hosts`` are the names it answers to, by default any.
    ``wake`` is called when an execution waits to be run (`Engine.wake`), ``fetch`` gets remote files.
    ``shares_loop`` says that the loop has other things to do, a screen to draw: not even a disk that is
    slow to read may stop it, nothing is packed for itself, and no memory is taken to answer faster.
    ``limits`` say how much one key may ask.
    """
    door = auth if auth is not None else StoredKeys(store, clock)
    names = None if hosts is None else frozenset(hosts)
    return _App(
        store,
        door,
        clock,
        base_url=base_url,
        hosts=names,
        wake=wake,
        fetch=fetch,
        shares_loop=shares_loop,
        limits=limits,
    )


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
        shares_loop: bool,
        limits: KeyLimits | None,
    ) -> None:
        self._shares_loop = shares_loop
        self._rows = None if shares_loop else KeptRows()
        self._store, self._door, self._clock = store, door, clock
        self._base_url, self._hosts, self._wake = base_url, hosts, wake
        self._fetch, self._limits = fetch, limits
        self._public = origin_of(base_url or "")
        self._lists, self._under_way = ListCache(), 0
        self._threads = ThreadPoolExecutor(REQUEST_THREADS, "fdtui-request")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            raise ValueError(f"This is not a request: {scope['type']}")
        self._under_way += 1
        try:
            response = await refusals.guarded(self._admit(scope, receive))
        finally:
            self._under_way -= 1
        response.headers.update(refusals.ON_EVERY_ANSWER)
        await response(scope, receive, _headers_alone(send) if scope["method"] == "HEAD" else send)

    async def _admit(self, scope: Scope, receive: Receive) -> Response:
        if self._under_way > MAX_REQUESTS_UNDER_WAY:
            return refusals.sentence(503, "The server is busy.", {"Retry-After": "1"})
        return await self._respond(scope, receive)

    async def _respond(self, scope: Scope, receive: Receive) -> Response:
        headers, method = FoundHeaders(scope), _method(scope)
        own = check_origin(scope, headers, self._hosts, self._public)
        authorization, client = headers.getlist("authorization"), scope.get("client")
        place = client[0] if client else ""
        let_in: Callable[[], Caller] = partial(self._door.check, authorization, place)
        if scope["method"] == "GET" and scope["path"] == BASE + openapi.PLACE:
            let_in = Caller  # who may ask what, and how, is no secret
        route: Callable[[], _Found] = _Once(partial(_route, scope))
        if scope["method"] == "POST" and not authorization and (token := webhooks.token_in(scope)):
            let_in, route = partial(self._door.check_webhook, token, place), webhooks.route
        body, visit = Body(), visit_of(scope)
        if scope["method"] in ("POST", "PUT"):
            if not self._door.remembers(authorization):
                await self._in_thread(let_in)  # a stranger's body is not even read
            if route()[0] is not jobs.sync:  # which is documented without a body, and so without a type
                body = await read_body(headers, receive)

        def answer(*, is_on_loop: bool = False) -> Response:
            caller = let_in()
            handler, params, path = route()
            if visit is not None:
                visit.who, visit.workflow = caller.name, params.get("workflow", "")
                visit.place, visit.waits = _PLACES[handler], handler is changes.show
                if self._limits is not None and not visit.is_admitted:
                    self._limits.admit(caller.id, body.size)
                    visit.is_admitted = True
            caller.check(method, params.get("workflow"))
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
                reads=method == "GET",
                body=body,
                fetch=self._fetch,
                let_in=let_in,
                in_thread=self._in_thread,
                rows=self._rows,
                is_on_loop=is_on_loop,
            )
            answered = handler(call)
            return answered if self._shares_loop else packed(answered, headers, self._lists)

        with contextlib.closing(body):
            if self._shares_loop or body.size > MAX_BODY_AT_ONCE or not _is_at_once(route):
                return await self._in_thread(answer)
            try:
                found = self._store.at_once(partial(answer, is_on_loop=True))
            except NotAtOnceError:
                if method == "GET":
                    return await self._in_thread(partial(self._store.in_one_view, answer))
                return await self._in_thread(answer)
            if isinstance(found, DeferredWriteError):
                return await self._store.write_soon(found.work)
            return found

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


@dataclass(frozen=True, slots=True)
class _Template:
    """One address, ready to be compared with: its words and variables by their places."""

    parts: tuple[str, ...]
    words: tuple[tuple[int, str], ...]
    names: tuple[tuple[int, str], ...]
    methods: dict[str, Handler]

    @classmethod
    def of(cls, template: str) -> _Template:
        """The template of an address under `BASE`, without methods yet."""
        parts = tuple((BASE + template).strip("/").split("/"))
        places = list(enumerate(parts))
        names = tuple((at, part[1:-1]) for at, part in places if part.startswith("{"))
        # from the end, for all begin alike
        words = tuple((at, part) for at, part in reversed(places) if not part.startswith("{"))
        return cls(parts, words, names, {})

    def match(self, segments: tuple[str, ...]) -> dict[str, str] | None:
        """The variables of the path, which has as many parts, or ``None`` if it is another one."""
        for at, word in self.words:
            if segments[at] != word:
                return None
        params = {name: segments[at] for at, name in self.names}
        return params if all(params.values()) else None


def _templates() -> dict[int, tuple[_Template, ...]]:
    found: dict[str, _Template] = {}
    for method, template, handler in ROUTES:
        found.setdefault(template, _Template.of(template)).methods[method] = handler
    lengths = {len(each.parts) for each in found.values()}
    return {size: tuple(each for each in found.values() if len(each.parts) == size) for size in lengths}


_PLACES = {handler: BASE + template for _, template, handler in ROUTES}
_PLACES[webhooks.take] = BASE + "/workflows/{secret}/tasks"
"""The template of each route's address."""
_BATCH_PARTS = tuple((BASE + _BATCH).strip("/").split("/"))
_TEMPLATES = _templates()
"""By the number of their parts."""


class _Once:
    """What ``find`` answers, asked for when it is wanted first."""

    __slots__ = ("_find", "_found")

    def __init__(self, find: Callable[[], _Found]) -> None:
        self._find = find
        self._found: _Found | None = None

    def __call__(self) -> _Found:
        if self._found is None:
            self._found = self._find()
        return self._found


def _is_at_once(route: Callable[[], _Found]) -> bool:
    try:
        return route()[0] in ANSWERED_AT_ONCE
    except RefusedError:
        return False  # it is told once it is known who asks


def _route(scope: Scope) -> _Found:
    raw = scope.get("raw_path") or quote(scope["path"]).encode()
    path = raw.partition(b"?")[0]
    return (*_find(_method(scope), address.segments(path)), path)


def _method(scope: Scope) -> str:
    """What is asked for: HEAD is a GET of whose answer only the headers are sent."""
    method: str = scope["method"]
    return "GET" if method == "HEAD" else method


def _headers_alone(send: Send) -> Send:
    async def without_body(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {
                "type": message["type"],
                "body": b"",
                "more_body": message.get("more_body", False),
            }
        await send(message)

    return without_body


def _find(method: str, segments: tuple[str, ...]) -> tuple[Handler, dict[str, str]]:
    for template in _TEMPLATES.get(len(segments), ()):
        params = template.match(segments)
        if params is not None:
            if method not in template.methods and template.parts == _BATCH_PARTS:
                continue
            if method not in template.methods:
                read = ["HEAD"] if "GET" in template.methods else []
                allowed = ", ".join([*template.methods, *read])
                raise RefusedError(
                    f"{method} is not possible here, only {allowed}.",
                    status=405,
                    headers={"Allow": allowed},
                )
            if any("\0" in value for name, value in params.items() if name != "uid"):
                break  # none of our own ids has a NUL, and PostgreSQL cannot even be asked for it
            return template.methods[method], params
    raise no_such_page()
