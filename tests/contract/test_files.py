"""Whole-list semantics of file fields, and what is no file (L8, L9)."""

from __future__ import annotations

import base64
import json

import httpx
import pytest

from tests.contract.conftest import TASKS, Served

HELLO = {"filename": "hello.txt", "contentType": "text/plain", "base64contents": "aGVsbG8="}


async def put(api: httpx.AsyncClient, uid: str, files: object) -> httpx.Response:
    return await api.put(TASKS, json={"Company ID": uid, "Documents": files})


@pytest.mark.parametrize(
    "entry",
    [
        {**HELLO, "base64contents": "aGVsbG8"},
        {**HELLO, "base64contents": "aGVs bG8="},
        {**HELLO, "base64contents": "aGVsbG8=\n"},
        {**HELLO, "base64contents": "data:text/plain;base64,aGVsbG8="},
        {**HELLO, "base64contents": "=" * 100},
        {**HELLO, "base64contents": "äöü="},
        {**HELLO, "base64contents": 5},
        {**HELLO, "filename": ""},
        {**HELLO, "filename": "a\0b"},
        {**HELLO, "filename": "x" * 256},
        {**HELLO, "filename": None},
        {**HELLO, "contentType": "text"},
        {**HELLO, "contentType": "text/plain\r\nX-Evil: 1"},
        {**HELLO, "blobId": "abc"},
        {"blobId": "nOsuch"},
        {"blobId": 5},
        {"filename": "x"},
        {**HELLO, "remoteUrl": "http://127.0.0.1/"},
        {},
    ],
)
async def test_what_is_no_file(api: httpx.AsyncClient, entry: object) -> None:
    before = (await api.get(TASKS)).content
    answer = await put(api, "50", [entry])
    assert (answer.status_code, answer.json()) == (422, {"errors": {"Documents": ["is invalid"]}})
    assert (await api.get(TASKS)).content == before


async def test_a_file_of_another_task_cannot_be_taken(api: httpx.AsyncClient) -> None:
    documents = (await api.get(f"{TASKS}/57")).json()["Documents"]
    assert (await put(api, "50", documents)).status_code == 422
    assert (await put(api, "57", documents * 2)).status_code == 422
    assert (await put(api, "57", documents)).json()["Documents"] == documents


async def test_slashes_may_be_escaped_as_json_allows(api: httpx.AsyncClient) -> None:
    for size in (30, 3_000_000):
        contents = base64.b64encode(b"\xff" * size).decode()
        text = json.dumps({"Company ID": "42", "Documents": [{**HELLO, "base64contents": contents}]})
        headers = {"Content-Type": "application/json"}
        answer = await api.put(TASKS, content=text.replace("/", "\\/"), headers=headers)
        [document] = answer.json()["Documents"]
        assert (await api.get(f"/files/{document['blobId']}")).content == b"\xff" * size


@pytest.mark.parametrize("spoil", ["A" * 3 + "=", "=", "é", "*", " ", '\\"'])
async def test_a_big_file_is_as_strict(api: httpx.AsyncClient, spoil: str) -> None:
    contents = base64.b64encode(bytes(3_000_000)).decode()
    for at in (0, 1_048_576, 1_500_001, len(contents)):
        spoilt = contents[:at] + spoil + contents[at:]
        text = json.dumps({"Company ID": "42", "Documents": [{**HELLO, "base64contents": "@"}]})
        content = text.replace("@", spoilt).encode()
        answer = await api.put(TASKS, content=content, headers={"Content-Type": "application/json"})
        good = spoil == "AAA=" and at == len(contents)
        assert answer.status_code == (200 if good else 422), at


async def test_a_long_text_that_looks_like_a_file_stays_a_text(api: httpx.AsyncClient) -> None:
    text = '"base64contents": "' + "A" * 1_500_000 + '"'
    answer = await api.put(TASKS, json={"Company ID": "42", "Company Name": text})
    assert answer.json()["Company Name"] == text
    assert (await api.get(f"{TASKS}/42")).json()["Company Name"] == text


async def test_a_file_of_50_mb_holds_up_nobody(wire: httpx.AsyncClient) -> None:
    data = bytes(range(256)) * 200_000
    contents = base64.b64encode(data).decode()
    body = json.dumps(
        {"Company ID": "42", "Documents": [{**HELLO, "base64contents": contents}]}
    ).encode()
    answer = await wire.put(
        TASKS, content=body, headers={"Content-Type": "application/json"}, timeout=60
    )
    [document] = answer.json()["Documents"]
    answer = await wire.get(f"/files/{document['blobId']}", timeout=60)
    assert answer.content == data
    assert answer.headers["content-length"] == str(len(data))


async def test_more_files_than_the_limit_are_refused(api: httpx.AsyncClient) -> None:
    assert (await put(api, "42", [HELLO] * 10)).status_code == 200
    answer = await put(api, "42", [HELLO] * 11)
    assert answer.json() == {"errors": {"Documents": ["allows at most 10 files"]}}
    assert len((await api.get(f"{TASKS}/42")).json()["Documents"]) == 10


async def test_contents_are_stored_once_and_forgotten_with_the_last(served: Served) -> None:
    api = served.client
    empty = {**HELLO, "base64contents": ""}
    first, second, third = (await put(api, "42", [HELLO, HELLO, empty])).json()["Documents"]
    [other] = (await put(api, "43", [HELLO])).json()["Documents"]
    assert len({each["blobId"] for each in (first, second, third, other)}) == 4
    assert (await api.get(f"/files/{third['blobId']}")).content == b""
    await api.delete(f"{TASKS}/42")
    assert (await api.get(f"/files/{first['blobId']}")).status_code == 404
    assert (await api.get(f"/files/{other['blobId']}")).content == b"hello"
    await put(api, "43", [])
    count = served.store.read(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM contents").scalar())
    assert count == served.store.read(
        lambda tx: tx.exec_driver_sql("SELECT count(DISTINCT sha256) FROM blobs").scalar()
    )


@pytest.mark.parametrize(
    "name", ["../../.ssh/authorized_keys", 'a"b', "a\r\nX: 1", "日本 .txt", "\u202egnp.exe"]
)
async def test_names_are_kept_and_cannot_break_the_header(api: httpx.AsyncClient, name: str) -> None:
    [document] = (
        await put(api, "42", [{**HELLO, "filename": name, "contentType": "text/html"}])
    ).json()["Documents"]
    assert document["filename"] == name
    answer = await api.get(f"/files/{document['blobId']}")
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "x" not in answer.headers
