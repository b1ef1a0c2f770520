"""The address of the OpenAPI document, which needs no key."""

from __future__ import annotations

from functools import cache
from typing import Any

from starlette.responses import Response

from fdtui.server.http.call import Call

PLACE = "/openapi.json"


def show(call: Call) -> Response:
    """The document."""
    return call.answer(document())


@cache
def document() -> dict[str, Any]:
    """What the server can be asked, made of the models once somebody asks."""
    from fdtui.server.answers import document as made  # noqa: PLC0415 - pydantic

    return made.document()
