"""Holds every answer that the suite gets against its model: nothing missing, nothing extra."""

from __future__ import annotations

import httpx
from pydantic import TypeAdapter

from fdtui.core.strictjson import loads
from fdtui.server.answers.models import Refusal
from fdtui.server.answers.operations import OPERATIONS, Bytes, Operation, Several

BASE = "/api/v1"


async def judge(answer: httpx.Response) -> None:
    """Raise where ``answer`` is not as the API says; for the event hooks of a client."""
    await answer.aread()
    if answer.request.method == "HEAD":
        assert not answer.content
        return
    operation = operation_of(answer.request)
    check(operation, answer.status_code, answer.content, answer.headers.get("content-type", ""))


def operation_of(request: httpx.Request) -> Operation | None:
    """What was asked; ``None`` for what the API does not have."""
    path = request.url.raw_path.partition(b"?")[0].decode()
    parts = path.removeprefix(BASE).split("/")
    for (method, template), operation in OPERATIONS.items():
        wanted = template.split("/")
        if (
            method == request.method
            and path.startswith(BASE)
            and len(wanted) == len(parts)
            and all(
                part == here or part.startswith("{") for part, here in zip(wanted, parts, strict=True)
            )
        ):
            # the webhook address repeats what was sent, whatever that was
            return None if parts[2:3] and parts[2].startswith("fd_") else operation
    return None


def check(operation: Operation | None, status: int, content: bytes, kind: str) -> None:
    """Raise where an answer of ``status`` is not of its shape."""
    if status >= 400:
        Refusal.model_validate(loads(content))
        return
    if operation is None or status == 304:
        assert operation is None or not content
        return
    assert status in operation.answers, f"{operation.id} answered {status}"
    shape = operation.answers[status]
    if shape is None:
        assert not content
    elif not isinstance(shape, Bytes):
        assert kind == "application/json"
        wanted = list[shape.of] if isinstance(shape, Several) else shape  # type: ignore[name-defined]
        TypeAdapter(wanted).validate_python(loads(content), strict=True)
