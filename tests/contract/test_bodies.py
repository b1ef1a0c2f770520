"""Bodies that are not what they should be (rows J, S6, S8)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from fdtui.server.http import bodies
from tests.contract.conftest import TASKS

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"Company ID":"1",}',
        b"{'Company ID':'1'}",
        b'{"Company ID":"1"} // done',
        b'{"Company ID":"1","Stage":"Done","Stage":"In Progress"}',
        b'{"Company ID":"1","Number of Employees":NaN}',
        b'{"Company ID":"1","Number of Employees":Infinity}',
        b'{"Company ID":"1","Number of Employees":1e999}',
        b'{"Company ID":"1","Number of Employees":' + b"9" * 5000 + b"}",
        b'{"Company ID":"1","Company Name":"\\ud800"}',
        b'{"Company ID":"\xff"}',
        b'{"Company ID":' + b"[" * 65 + b"]" * 65 + b"}",
        b"[" * 1000,
        b'{"a":' * 100_000,
        b"null",
        b"1",
        b'"text"',
        b"[]",
        b"[null]",
        b"[[]]",
        b'[{"Company ID":"1"}]',
        b"{" + b",".join(b'"k%d":1' % n for n in range(100_001)) + b"}",
    ],
)
async def test_what_is_no_task(api: httpx.AsyncClient, body: bytes) -> None:
    for method in ("POST", "PUT"):
        answer = await api.request(method, TASKS, content=body, headers=JSON)
        assert answer.status_code == 400, answer.text
        [sentence] = answer.json()["errors"]
        assert sentence.endswith(".")
    assert (await api.get(f"{TASKS}/1")).status_code == 404


async def test_the_place_of_the_error_is_told(api: httpx.AsyncClient) -> None:
    answer = await api.post(TASKS, content=b'{\n  "Company ID": "1",\n}', headers=JSON)
    assert "line 3, column 1" in answer.json()["errors"][0]


async def test_truncated_at_every_byte(api: httpx.AsyncClient) -> None:
    whole = b'{"Company ID":"q","Number of Employees":12,"International?":true}'
    for end in range(len(whole)):
        answer = await api.post(TASKS, content=whole[:end], headers=JSON)
        assert answer.status_code == 400
    assert (await api.get(f"{TASKS}/q")).status_code == 404


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
        "application/jsonx",
    ],
)
async def test_a_body_of_another_content_type_answers_415(api: httpx.AsyncClient, kind: str) -> None:
    headers = {"Content-Type": kind} if kind else {}
    answer = await api.post(TASKS, content=b'{"Company ID":"1"}', headers=headers)
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/json;charset=latin1"]
)
async def test_content_types_that_will_do(api: httpx.AsyncClient, kind: str) -> None:
    answer = await api.post(TASKS, content='{"Company ID":"é"}'.encode(), headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["Company ID"]) == (201, "é")


async def test_a_byte_order_mark_is_let_pass(api: httpx.AsyncClient) -> None:
    answer = await api.post(TASKS, content=b'\xef\xbb\xbf{"Company ID":"1"}', headers=JSON)
    assert answer.status_code == 201


async def test_a_body_over_the_limit(wire: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MAX_BODY", 1000)
    start, end = b'{"Company ID":"1","Company Name":"', b'"}'
    fits = start + b"x" * (1000 - len(start) - len(end)) + end
    assert (await wire.post(TASKS, content=fits, headers=JSON)).status_code == 201
    answer = await wire.post(TASKS, content=fits + b" ", headers=JSON)
    assert (answer.status_code, answer.headers["connection"]) == (413, "close")
    assert (await wire.get("/workspace")).status_code == 200


async def test_an_endless_body(api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MAX_BODY", 100_000)
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 10_000_000:
            sent += 1000
            yield b" " * 1000

    answer = await api.post(TASKS, content=endless(), headers=JSON)
    assert answer.status_code == 413
    assert sent <= 102_000


async def test_ten_megabytes_of_text(api: httpx.AsyncClient) -> None:
    text = "ä\n" * 3_400_000
    answer = await api.put(f"{TASKS}/42", json={"Company Name": text})
    assert answer.status_code == 200
    assert (await api.get(f"{TASKS}/42")).json()["Company Name"] == text
