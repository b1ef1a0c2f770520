"""Many tasks at once: in batches where the server has them (ours has), one by one on any other."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from fdtui.api import codec, one_by_one
from fdtui.api.limits import KIB
from fdtui.api.urls import target
from fdtui.core.answers import Creation, ManyAtOnce, WholeTask
from fdtui.core.errors import ApiError, InvalidError, NotFlowdashError, UsageError
from fdtui.core.frozen import frozen
from fdtui.core.values import Row, Value

if TYPE_CHECKING:
    from fdtui.api.transport import Transport

MAX_BATCH_TASKS = 1_000
"""Tasks of one request: as many as our server takes."""
_MAX_BATCH_BYTES = 4_096 * KIB
_MAX_BATCH_KEYS = 50_000
"""Keys of one request, in which values may have keys, too: the server takes twice as many."""
_NO_BATCHES = (404, 405)
"""How a server answers that has none, or no such workflow: which of them, the first task shows."""
_CREATED, _EXISTS = 201, 412


@frozen
class _Item:
    """A task, and what is sent of it, or why it cannot be."""

    task: WholeTask
    text: bytes | UsageError
    belongings: bytes = b"null"

    @property
    def is_for_itself(self) -> bool:
        """Whether the server has to fetch files for it, for which a batch would wait."""
        return isinstance(self.text, bytes) and b'"remoteUrl":' in self.text


async def create_many(
    client: one_by_one.OneByOne,
    transport: Transport,
    workflow: str,
    tasks: Iterable[Row | WholeTask],
    how: ManyAtOnce,
    *,
    once: str = "",
) -> AsyncIterator[Creation]:
    """Create each of ``tasks`` as `Client.create` would, and tell what became of each, in their order.

    One that is refused keeps no other back. Raises `ApiError` for what concerns all of them: what was
    told before that is done. ``once`` names the whole; without a name it gets one, so that an answer
    that was lost is asked for again.
    """
    once = once or secrets.token_hex(16)
    has_batches = await _has_batches(client, transport)
    for number, items in enumerate(_batches(tasks)):
        name = f"{once}-{number}"
        if has_batches and not items[0].is_for_itself:
            try:
                told = await _sent(transport, workflow, items, how, once=name)
            except ApiError as error:
                if number or error.status not in _NO_BATCHES:
                    raise
                has_batches = False
            else:
                for each in told:
                    yield each
                continue
        if not has_batches or items[0].is_for_itself:
            for at, each_item in enumerate(items):
                if how.is_rehearsed:
                    yield Creation()
                    continue
                yield await one_by_one.create(client, workflow, each_item.task, how, f"{name}-{at}")


async def _has_batches(client: one_by_one.OneByOne, transport: Transport) -> bool:
    """Whether the server may have batches: only one that keeps the names of requests, as ours does.

    Where nothing was asked of it yet, something cheap is.
    """
    if transport.keeps_keys_for == 0:
        await client.workspace()
    return transport.keeps_keys_for > 0


def _batches(tasks: Iterable[Row | WholeTask]) -> Iterator[list[_Item]]:
    batch: list[_Item] = []
    size = keys = 0
    for task in tasks:
        item = _item(task)
        text = item.text if isinstance(item.text, bytes) else b""
        its_size = len(text) + len(item.belongings)
        its_keys = text.count(b'":') + item.belongings.count(b'":')
        if item.is_for_itself:
            if batch:
                yield batch
            yield [item]
            batch, size, keys = [], 0, 0
            continue
        is_full = len(batch) == MAX_BATCH_TASKS or size + its_size > _MAX_BATCH_BYTES
        if batch and (is_full or keys + its_keys > _MAX_BATCH_KEYS):
            yield batch
            batch, size, keys = [], 0, 0
        batch.append(item)
        size, keys = size + its_size, keys + its_keys
    if batch:
        yield batch


def _item(task: Row | WholeTask) -> _Item:
    whole = task if isinstance(task, WholeTask) else WholeTask(task)
    try:
        text = codec.encode(whole.row)
        if not (whole.comments or whole.checklist):
            return _Item(whole, text)
        comments: list[Value] = [dict(each) for each in whole.comments]
        given: Row = {"comments": comments, "checklist": [dict(each) for each in whole.checklist]}
        return _Item(whole, text, codec.encode(given))
    except UsageError as error:
        return _Item(whole, error)


async def _sent(
    transport: Transport, workflow: str, items: list[_Item], how: ManyAtOnce, *, once: str
) -> list[Creation]:
    good = [each for each in items if isinstance(each.text, bytes)]
    reply = await transport.request(
        "POST",
        target("workflows", workflow, "tasks", "batch"),
        body=_body(good, how),
        what=f"workflow {workflow}",
        known="*" if how.only_new else "",
        once=once,
    )
    told = await codec.decode_written(reply, _results)
    if len(told) != len(good):
        raise codec.unclear(reply)
    left = iter(told)
    return [
        Creation(error=each.text) if isinstance(each.text, UsageError) else next(left) for each in items
    ]


def _body(items: list[_Item], how: ManyAtOnce) -> bytes:
    """The request; what is as usual is not said, so that a server of an older version takes it."""
    texts = [each.text for each in items if isinstance(each.text, bytes)]
    body = b'{"tasks":[' + b",".join(texts) + b"]"
    if any(each.belongings != b"null" for each in items):
        body += b',"belongings":[' + b",".join(each.belongings for each in items) + b"]"
    body += b',"restore":true' if how.restores else b""
    return body + (b',"dry_run":true}' if how.is_rehearsed else b"}")


def _results(value: Any) -> list[Creation]:
    told = value.get("results") if isinstance(value, dict) else None
    if not isinstance(told, list) or not all(isinstance(each, dict) for each in told):
        raise NotFlowdashError("Not a Flowdash answer: no results of a batch.")
    return [_result(each) for each in told]


def _result(told: dict[str, Any]) -> Creation:
    status, uid, errors = told.get("status"), told.get("task_id"), told.get("errors")
    if not isinstance(status, int):
        raise NotFlowdashError("Not a Flowdash answer: a result without a status.")
    named = uid if isinstance(uid, str) else ""
    if status < 400:
        return Creation(named, is_new=status == _CREATED)
    if isinstance(errors, dict):
        fields = {name: list(map(str, says)) for name, says in errors.items() if isinstance(says, list)}
        return Creation(named, error=InvalidError(fields, status=status))
    says = list(map(str, errors)) if isinstance(errors, list) else []
    if status == _EXISTS:
        return Creation(named, error=ApiError("; ".join(says), status=status))
    return Creation(named, error=InvalidError(errors=says, status=status))
