"""Many tasks at once: in batches where the server has them (ours has), one by one on any other."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

from fdtui.api import codec
from fdtui.api.limits import KIB
from fdtui.api.urls import target
from fdtui.core.answers import Creation
from fdtui.core.errors import ApiError, ConflictError, InvalidError, NotFlowdashError, UsageError
from fdtui.core.values import Row

if TYPE_CHECKING:
    from fdtui.api.transport import Transport

MAX_BATCH_TASKS = 1_000
"""Tasks of one request: as many as our server takes."""
_MAX_BATCH_BYTES = 4_096 * KIB
_MAX_BATCH_KEYS = 50_000
"""Keys of one request, in which values may have keys, too: the server takes twice as many."""
_NO_BATCHES = (404, 405)
"""How a server answers that has none, or no such workflow: which of them, the first task shows."""
_EXISTS = 412


class OneByOne(Protocol):
    """A client, for a server that has no batches."""

    async def workspace(self) -> object:
        """Something that costs little, to learn what the server can do."""
        ...

    async def create(self, workflow: str, body: Row, *, only_new: bool, once: str) -> Row:
        """A task."""
        ...


_Item = tuple[Row, bytes | UsageError]
"""A task, and what is sent of it, or why it cannot be."""


async def create_many(
    client: OneByOne,
    transport: Transport,
    workflow: str,
    bodies: Iterable[Row],
    *,
    only_new: bool = False,
    once: str = "",
) -> AsyncIterator[Creation]:
    """Create each of ``bodies`` as `Client.create` would, and tell what became of each, in their order.

    One that is refused keeps no other back. Raises `ApiError` for what concerns all of them: what was
    told before that is done. ``once`` names the whole; without a name it gets one, so that an answer
    that was lost is asked for again.
    """
    once = once or secrets.token_hex(16)
    has_batches = await _has_batches(client, transport)
    for number, items in enumerate(_batches(bodies)):
        name = f"{once}-{number}"
        if has_batches:
            try:
                told = await _sent(transport, workflow, items, only_new=only_new, once=name)
            except ApiError as error:
                if number or error.status not in _NO_BATCHES:
                    raise
                has_batches = False
            else:
                for each in told:
                    yield each
        if not has_batches:
            for at, (body, _) in enumerate(items):
                yield await _alone(client, workflow, body, only_new=only_new, once=f"{name}-{at}")


async def _has_batches(client: OneByOne, transport: Transport) -> bool:
    """Whether the server may have batches: only one that keeps the names of requests, as ours does.

    Where nothing was asked of it yet, something cheap is.
    """
    if transport.keeps_keys_for == 0:
        await client.workspace()
    return transport.keeps_keys_for > 0


def _batches(bodies: Iterable[Row]) -> Iterator[list[_Item]]:
    batch: list[_Item] = []
    size = keys = 0
    for body in bodies:
        text = _encoded(body)
        its_size, its_keys = (0, 0) if isinstance(text, UsageError) else (len(text), text.count(b'":'))
        is_full = len(batch) == MAX_BATCH_TASKS or size + its_size > _MAX_BATCH_BYTES
        if batch and (is_full or keys + its_keys > _MAX_BATCH_KEYS):
            yield batch
            batch, size, keys = [], 0, 0
        batch.append((body, text))
        size, keys = size + its_size, keys + its_keys
    if batch:
        yield batch


def _encoded(body: Row) -> bytes | UsageError:
    try:
        return codec.encode(body)
    except UsageError as error:
        return error


async def _sent(
    transport: Transport, workflow: str, items: list[_Item], *, only_new: bool, once: str
) -> list[Creation]:
    texts = [text for _, text in items if isinstance(text, bytes)]
    reply = await transport.request(
        "POST",
        target("workflows", workflow, "tasks", "batch"),
        body=b'{"tasks":[' + b",".join(texts) + b"]}",
        what=f"workflow {workflow}",
        known="*" if only_new else "",
        once=once,
    )
    told = await codec.decode_written(reply, _results)
    if len(told) != len(texts):
        raise codec.unclear(reply)
    left = iter(told)
    return [next(left) if isinstance(text, bytes) else Creation(error=text) for _, text in items]


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
        return Creation(named)
    if isinstance(errors, dict):
        fields = {name: list(map(str, says)) for name, says in errors.items() if isinstance(says, list)}
        return Creation(named, InvalidError(fields, status=status))
    says = list(map(str, errors)) if isinstance(errors, list) else []
    if status == _EXISTS:
        return Creation(named, ApiError("; ".join(says), status=status))
    return Creation(named, InvalidError(errors=says, status=status))


async def _alone(client: OneByOne, workflow: str, body: Row, *, only_new: bool, once: str) -> Creation:
    try:
        row = await client.create(workflow, body, only_new=only_new, once=once)
    except (InvalidError, ConflictError, UsageError) as error:
        return Creation(error=error)
    except ApiError as error:
        if error.status != _EXISTS:
            raise
        return Creation(error=error)
    return Creation(row=row)
