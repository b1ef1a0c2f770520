from __future__ import annotations

from typing import Any

import pytest

from fdtui.api.embedded import open_embedded
from fdtui.api.limits import MIB
from fdtui.core.errors import UnavailableError
from tests.unit.api.raw_server import KEY


async def test_a_server_that_breaks_in_process_is_a_server_that_is_unavailable() -> None:
    paths: list[bytes] = []
    closed: list[bool] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        paths.append(scope["raw_path"])
        raise RuntimeError("a bug")

    client = open_embedded(
        app, "http://127.0.0.1", KEY, read_only=False, on_close=lambda: closed.append(True)
    )
    with pytest.raises(UnavailableError, match="500"):
        await client.delete("w", "a/b")
    await client.aclose()
    assert paths == [b"/api/v1/workflows/w/tasks/a%2Fb"]
    assert closed == [True]


async def test_a_list_in_this_process_may_be_of_any_length() -> None:
    body = b"[" + b" " * 70 * MIB + b'{"ID": "1"}]'

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    client = open_embedded(app, "http://127.0.0.1", KEY, read_only=False, on_close=lambda: None)
    listing = await client.tasks("w")
    assert listing is not None
    assert listing.rows == ({"ID": "1"},)
    await client.aclose()
