"""From the bytes of an answer to rows, and from a row to the bytes of a request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from fdtui.api.limits import KIB
from fdtui.api.reply import Reply, as_feed_token
from fdtui.core import strictjson
from fdtui.core.answers import ChangedRows
from fdtui.core.errors import BadJsonError, NotFlowdashError, UnclearError, UsageError
from fdtui.core.strictjson import MAX_DEPTH, RepeatedKeys
from fdtui.core.uncollected import uncollected
from fdtui.core.values import Row

T = TypeVar("T")

_IN_THREAD_FROM = 256 * KIB
"""Bytes from which reading takes longer than a frame (about 5 ms), and is done beside the screen."""
MAX_COMPLAINTS = 20
_BINARY = ("image/", "audio/", "video/", "font/", "multipart/", "application/octet-stream")

Rows = tuple[tuple[Row, ...], tuple[str, ...]]
"""The records that are tasks, and a sentence for each that is none."""


async def decode(reply: Reply, shape: Callable[[Any], T]) -> T:
    """What ``shape`` makes of the answer's JSON.

    Raises `NotFlowdashError` where it is no JSON or ``shape`` finds it is of another kind.
    """
    if len(reply.body) > _IN_THREAD_FROM:
        return await asyncio.to_thread(_unhurried, reply, shape)
    return shape(parse(reply))


def _unhurried(reply: Reply, shape: Callable[[Any], T]) -> T:
    with uncollected():
        return shape(parse(reply))


async def decode_written(reply: Reply, shape: Callable[[Any], T]) -> T:
    """As `decode`, of the answer to a write; `UnclearError` where it does not show what was done."""
    try:
        return await decode(reply, shape)
    except NotFlowdashError:
        raise unclear(reply) from None


def unclear(reply: Reply) -> UnclearError:
    """A success whose answer does not show what was done."""
    try:
        if reply.body.strip():
            parse(reply)
    except NotFlowdashError as error:
        return UnclearError(error.message, error.hint, status=reply.status, is_foreign=True)
    return UnclearError(
        f"The server answered with success ({reply.status}), but not with what it did.",
        status=reply.status,
    )


def parse(reply: Reply) -> Any:
    """The JSON value in the answer; `NotFlowdashError` where there is none."""
    if not reply.body.strip():
        raise _foreign("an empty answer", reply)
    if reply.media_type.startswith(_BINARY):
        raise _foreign(f"a file of type {reply.media_type[:60]}", reply)
    try:
        return strictjson.loads(reply.body, forgiving=True)
    except BadJsonError as error:
        if reply.body.lstrip()[:1] == b"<":
            hint = "Is there a login page or a proxy in between?"
            raise _foreign("a web page", reply, hint) from None
        raise _foreign(f"broken JSON ({error.message})", reply) from None


def _foreign(what: str, reply: Reply, hint: str = "") -> NotFlowdashError:
    return NotFlowdashError(f"Not a Flowdash answer: {what}.", hint, status=reply.status)


def row(value: object) -> Row:
    """One task."""
    problem = row_problem(value)
    if problem or not value:
        raise NotFlowdashError(f"Not a Flowdash answer: the task {problem or 'is empty'}.")
    assert isinstance(value, dict)  # noqa: S101 - what row_problem says
    return value


def rows(value: object) -> Rows:
    """The tasks of a list. What is no task is left out and told; one bad record spoils no list."""
    if not isinstance(value, list):
        raise NotFlowdashError("Not a Flowdash answer: not a list.")
    good: list[Row] = []
    bad: list[str] = []
    for index, record in enumerate(value, start=1):
        problem = row_problem(record)
        if problem:
            bad.append(f"Record {index} of {len(value)} {problem} and was left out.")
        else:
            good.append(record)
    if bad and not good:
        raise NotFlowdashError(f"Not a Flowdash answer: {bad[0]}")
    if len(bad) > MAX_COMPLAINTS:
        more = len(bad) - MAX_COMPLAINTS
        bad[MAX_COMPLAINTS:] = [f"{more} more records were left out."]
    return tuple(good), tuple(bad)


def changed_rows(value: object) -> ChangedRows:
    """An answer of the change feed; raises `NotFlowdashError` where it cannot be relied on."""
    told = value if isinstance(value, dict) else {}
    good, bad = rows(told.get("tasks"))
    deleted, after = told.get("deleted"), as_feed_token(told.get("next"))
    if bad or not after or not isinstance(deleted, list) or not all(isinstance(u, str) for u in deleted):
        raise NotFlowdashError("Not a Flowdash answer: no list of changes.")
    reset, reshaped = told.get("reset") is True, told.get("workflow") is True
    return ChangedRows(good, tuple(deleted), after, reset, reshaped)


def row_problem(record: object) -> str:
    """Why ``record`` is no task; empty where it is one."""
    if not isinstance(record, dict):
        return "is not an object"
    if isinstance(record, RepeatedKeys):
        return "names a field twice"
    nested = [each for each in record.values() if isinstance(each, list | dict)]
    for _ in range(MAX_DEPTH):
        if not nested:
            return ""
        if any(isinstance(each, RepeatedKeys) for each in nested):
            return "names a field twice"
        inner = [each.values() if isinstance(each, dict) else each for each in nested]
        nested = [item for items in inner for item in items if isinstance(item, list | dict)]
    return "is nested too deeply"


def encode(body: Row) -> bytes:
    """``body`` as it goes out; `UsageError` for what JSON cannot say."""
    try:
        return strictjson.dumps(body).encode()
    except UnicodeEncodeError:
        raise UsageError("A value holds half of a character, so nothing was sent.") from None
    except (ValueError, RecursionError):
        raise UsageError("A value cannot be written as JSON, so nothing was sent.") from None
