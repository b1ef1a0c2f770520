"""The change feed: what changed in a workflow's tasks, at once or as soon as something does. Ours."""

from __future__ import annotations

import re
from dataclasses import replace

from starlette.responses import Response

from fdtui.core import fields
from fdtui.core.errors import InvalidError
from fdtui.server import change_feed
from fdtui.server.change_feed import FeedAnswer
from fdtui.server.http import address
from fdtui.server.http.call import Call
from fdtui.server.http.feed import (
    HEARTBEAT_INTERVAL,
    MAX_WAIT,
    MAX_WAITING,
    EventStream,
    FeedLook,
    LongPoll,
)
from fdtui.server.refusal import RefusedError
from fdtui.server.routes.tasks import book_of
from fdtui.server.store import Transaction

_WAIT = re.compile(r"\d{1,2}(\.\d{1,3})?", re.ASCII)
_MAX_TOKEN = 4096
"""Letters of a token; the longest of ours has eleven for each workflow that is linked with this one."""


def show(call: Call) -> Response:
    """What changed since the token ``since``; without one, the token to begin with.

    ``wait`` is how many seconds the answer may wait for news. With ``Accept: text/event-stream`` the
    news are a stream of events instead, which ``Last-Event-ID`` goes on with.
    """
    known, wait = _asked(call)
    is_stream = "text/event-stream" in call.headers.get("accept", "").lower()
    if not wait and not is_stream:
        return call.answer(_look(call, known).changes.answer())
    if len(call.store.bell) >= MAX_WAITING:
        raise RefusedError(
            "Too many clients wait for changes.", status=503, headers={"Retry-After": "5"}
        )
    call.store.watch.want(HEARTBEAT_INTERVAL if is_stream else wait)

    async def look(token: str) -> FeedLook:
        found: FeedLook = await call.in_thread(lambda: _look_again(call, token, is_stream=is_stream))
        return found

    first = _look(call, known)
    if is_stream:
        return EventStream(call.store.bell, first, look)
    if first.changes.is_news or known is None:
        return call.answer(first.changes.answer())
    return LongPoll(
        call.store.bell, first, look, seconds=wait, answer=lambda found: call.answer(found.answer())
    )


def _asked(call: Call) -> tuple[str | None, float]:
    """The token that is known, and the seconds to wait; raises `InvalidError`."""
    pairs = address.pairs(call.query)
    wrong = {name: [fields.NOT_A_FIELD] for name, _ in pairs if name not in ("since", "wait")}
    given = dict(pairs)
    wait = given.get("wait", "0")
    if not _WAIT.fullmatch(wait) or float(wait) > MAX_WAIT:
        wrong["wait"] = [fields.INVALID]
    if wrong:
        raise InvalidError(wrong)
    since = call.headers.get("last-event-id", "") or given.get("since", "")
    return since[:_MAX_TOKEN] or None, float(wait)


def _look_again(call: Call, token: str, *, is_stream: bool) -> FeedLook:
    """A later look, by who still may: a key may be revoked while its answer waits."""
    if is_stream:
        call.store.watch.want(HEARTBEAT_INTERVAL)
    caller = call.let_in()
    caller.check("GET", call.workflow)
    return _look(replace(call, caller=caller), token)


def _look(call: Call, known: str | None) -> FeedLook:
    mark = call.store.bell.mark()

    def work(tx: Transaction) -> FeedLook:
        book = book_of(call, tx)
        found = FeedAnswer(change_feed.token(book)) if known is None else change_feed.since(book, known)
        return FeedLook(found, change_feed.followed(book), mark)

    return call.store.read(work)
