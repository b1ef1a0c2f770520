"""Entity tags, and lists of ten thousand."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator

import httpx
import pytest

from fdtui.server import render
from fdtui.server.record import Record
from fdtui.server.render import encode
from fdtui.server.store import Store, task_lists
from fdtui.server.task_service import TaskService
from tests.contract.conftest import TASKS, put_workflow, serving


@pytest.mark.parametrize(
    "change",
    [
        ("POST", TASKS, {"Company ID": "new"}),
        ("PUT", TASKS, {"Company ID": "42", "Stage": "Done"}),
        ("PUT", f"{TASKS}/42", {"Number of Employees": "11"}),
        ("DELETE", f"{TASKS}/42", None),
    ],
)
async def test_any_change_changes_the_tag(
    wire: httpx.AsyncClient, change: tuple[str, str, object]
) -> None:
    lists = [TASKS, f"{TASKS}/active", f"{TASKS}?Stage=In%20Progress"]
    tags = [(await wire.get(path)).headers["etag"] for path in lists]
    assert len(set(tags)) == 3
    method, path, body = change
    await wire.request(method, path, json=body)
    for known, path in zip(tags, lists, strict=True):
        answer = await wire.get(path, headers={"If-None-Match": known})
        assert (answer.status_code, answer.headers["etag"] == known) == (200, False)


async def test_a_refused_change_changes_nothing(api: httpx.AsyncClient) -> None:
    tag = (await api.get(TASKS)).headers["etag"]
    await api.put(TASKS, json={"Company ID": "42", "Stage": "Nowhere", "Company Name": "x"})
    await api.put(TASKS, json={"Company ID": "nobody"})
    assert (await api.get(TASKS, headers={"If-None-Match": tag})).status_code == 304


async def test_a_change_in_another_workflow_does_not(api: httpx.AsyncClient) -> None:
    tag = (await api.get(TASKS)).headers["etag"]
    await api.post("/workflows/bT7rG4/tasks", json={"Title": "x"})
    assert (await api.get(TASKS, headers={"If-None-Match": tag})).status_code == 304


async def test_an_unchanged_list_is_not_rendered_again(
    api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await api.get(TASKS)

    def unwanted(*_: object, **__: object) -> None:
        raise AssertionError("rendered again")

    monkeypatch.setattr(TaskService, "rows", unwanted)
    assert (await api.get(TASKS)).content == first.content
    again = await api.get(TASKS, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


async def test_answers_are_utf8_without_needless_escapes(api: httpx.AsyncClient) -> None:
    content = (await api.get(TASKS)).content
    assert "株式会社さくら製作所".encode() in content
    assert content == encode((await api.get(TASKS)).json())


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", TASKS), ("PUT", f"{TASKS}/42"), ("POST", TASKS), ("NEW", TASKS)]
)
async def test_the_tag_of_a_write_is_the_tag_of_what_it_left(
    wire: httpx.AsyncClient, method: str, path: str
) -> None:
    body = {"Company ID": "new" if method == "NEW" else "42", "Contract Value": 10000}
    wrote = await wire.request("POST" if method == "NEW" else method, path, json=body)
    assert wrote.json()["Contract Value"] == "10000"  # as it was given, which is documented
    read = await wire.get(f"{TASKS}/{body['Company ID']}")
    assert (read.json()["Contract Value"], read.headers["etag"]) == ("10000.00", wrote.headers["etag"])
    headers = {"If-Match": wrote.headers["etag"]}
    for _ in range(2):
        again = await wire.put(TASKS, json={**body, "Contract Value": "7.5"}, headers=headers)
        assert again.status_code == 200, again.text
        headers = {"If-Match": again.headers["etag"]}


async def test_a_write_is_never_answered_with_not_modified(api: httpx.AsyncClient) -> None:
    tag = (await api.get(f"{TASKS}/42")).headers["etag"]
    same = await api.put(f"{TASKS}/42", json={"Stage": "In Progress"}, headers={"If-None-Match": tag})
    assert (same.status_code, same.headers["etag"]) == (200, tag)


@pytest.mark.parametrize("path", [TASKS, f"{TASKS}/42", "/workspace", f"{TASKS}/nobody", "/nowhere"])
async def test_head_is_get_without_the_body(wire: httpx.AsyncClient, path: str) -> None:
    got, head = await wire.get(path), await wire.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    for name in ("etag", "content-type", "content-length", "cache-control"):
        assert head.headers.get(name) == got.headers.get(name), name
    if "etag" in got.headers:
        known = await wire.head(path, headers={"If-None-Match": got.headers["etag"]})
        assert (known.status_code, known.content) == (304, b"")


async def test_head_of_a_big_file_and_after_it(wire: httpx.AsyncClient) -> None:
    contents = base64.b64encode(b"x" * 600_000).decode()
    big = {"filename": "big", "contentType": "text/plain", "base64contents": contents}
    row = (await wire.put(f"{TASKS}/42", json={"Documents": [big]})).json()
    path = f"/files/{row['Documents'][0]['blobId']}"
    head = await wire.head(path)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "600000")
    assert len((await wire.get(path)).content) == 600_000


LISTED = """
id = "lIsted"
name = "Listed"
stages = [{ name = "New" }, { name = "Done", end = true }]
fields = [
    { id = "no", name = "No", type = "uniqueId" },
    { id = "txt", name = "Text" },
    { id = "sum", name = "Sum", type = "currency" },
    { id = "ok", name = "Ok", type = "checkbox" },
    { id = "filename", name = "Name" },
    { id = "doc", name = "Docs", type = "file" },
    { id = "limit", name = "limit", type = "number" },
]
people = [{ id = "u1", email = "Ada@Example.com", first_name = "Ada" }]
"""
OF_LISTED = "/workflows/lIsted/tasks"
ROWS: tuple[dict[str, object], ...] = (
    {"No": "1", "Text": 'say "Sum": 1', "Ok": True, "Assigned To": "Ada@Example.com"},
    {"No": "2", "Text": "", "Sum": "1", "Stage": "Done", "Ok": False},
    {"No": "02", "Text": "ünï", "Name": "x", "limit": 7},
    {"No": "3", "Docs": [{"filename": "x", "contentType": "text/plain", "base64contents": "eA=="}]},
)


@pytest.fixture
async def listed(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    put_workflow(store, LISTED)
    async with serving(store) as running:
        for row in ROWS:
            assert (await running.client.post(OF_LISTED, json=row)).status_code == 201
        yield running.client


async def test_what_the_database_narrows_is_what_the_values_mean(listed: httpx.AsyncClient) -> None:
    for asked, found in (
        ({"No": "2"}, ["2"]),
        ({"No": "02"}, ["02"]),
        ({"No": "2", "Stage": "New"}, []),
        ({"No": ""}, []),
        ({"No": "\0"}, []),
        ({"Stage": "New"}, ["1", "02", "3"]),
        ({"Stage": ""}, []),
        ({"Assigned To": "ADA@example.com"}, ["1"]),
        ({"Assigned To": "nobody@example.com"}, []),
        ({"Assigned To": ""}, ["2", "02", "3"]),
        ({"Text": 'say "Sum": 1'}, ["1"]),
        ({"Text": "ünï"}, ["02"]),
        ({"Text": ""}, ["3"]),
        ({"Text": "say"}, []),
        ({"Sum": "1.000"}, ["2"]),
        ({"Sum": ""}, ["1", "02", "3"]),
        ({"Ok": "true"}, ["1"]),
        ({"Ok": "false"}, ["2"]),
        ({"Ok": "True"}, []),
        ({"Name": ""}, ["1", "2", "3"]),  # the key of a file is no field
        ({"Docs": "x"}, ["3"]),
        ({"Docs": ""}, ["1", "2", "02"]),
    ):
        rows = (await listed.get(OF_LISTED, params=asked)).json()
        assert [each["No"] for each in rows] == found, asked


async def test_a_filter_reads_only_the_tasks_that_may_be_meant(
    listed: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Record] = []
    real = task_lists.read_record
    monkeypatch.setattr(task_lists, "read_record", lambda row: read.append(real(row)) or read[-1])
    for asked in ({"No": "02"}, {"Assigned To": "ADA@example.com"}, {"Stage": "Done"}, {"Text": "ünï"}):
        read.clear()
        await listed.get(OF_LISTED, params=asked)
        assert len(read) == 1, asked


async def in_parts(api: httpx.AsyncClient, limit: int, **filters: str) -> list[list[str]]:
    parts, query = [], {"limit": str(limit), **filters}
    while True:
        answer = await api.get(OF_PLAIN, params=query)
        assert answer.status_code == 200, answer.text
        parts.append([each["No"] for each in answer.json()])
        if "next-cursor" not in answer.headers:
            return parts
        query["cursor"] = answer.headers["next-cursor"]


PLAIN = (
    LISTED.replace("lIsted", "pLain").replace("Listed", "Plain").replace('name = "limit"', 'name = "L"')
)
OF_PLAIN = "/workflows/pLain/tasks"


@pytest.fixture
async def plain(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    put_workflow(store, PLAIN)
    put_workflow(store, LISTED)
    async with serving(store) as running:
        for n in range(7):
            row = {"No": str(n), "Sum": n % 2, "Stage": "Done" if n == 3 else "New"}
            assert (await running.client.post(OF_PLAIN, json=row)).status_code == 201
        yield running.client


async def test_a_list_comes_in_parts(plain: httpx.AsyncClient) -> None:
    assert await in_parts(plain, 3) == [["0", "1", "2"], ["3", "4", "5"], ["6"]]
    assert await in_parts(plain, 7) == [[str(n) for n in range(7)]]
    assert await in_parts(plain, 2, Sum="0") == [["0", "2"], ["4", "6"]]
    assert await in_parts(plain, 2, Stage="Done") == [["3"]]
    assert await in_parts(plain, 2, Text="nothing") == [[]]
    first = await plain.get(f"{OF_PLAIN}/active?limit=4")
    assert [each["No"] for each in first.json()] == ["0", "1", "2", "4"]
    known = {"If-None-Match": first.headers["etag"]}
    assert (await plain.get(f"{OF_PLAIN}/active?limit=4", headers=known)).status_code == 304
    assert (await plain.get(f"{OF_PLAIN}/active?limit=5", headers=known)).status_code == 200


async def test_what_others_do_meanwhile_moves_no_part(plain: httpx.AsyncClient) -> None:
    first = await plain.get(f"{OF_PLAIN}?limit=3")
    await plain.delete(f"{OF_PLAIN}/2")  # the one that the cursor stands at
    await plain.delete(f"{OF_PLAIN}/0")
    await plain.post(OF_PLAIN, json={"No": "new"})
    rest = await plain.get(OF_PLAIN, params={"cursor": first.headers["next-cursor"]})
    assert [each["No"] for each in rest.json()] == ["3", "4", "5", "6", "new"]


async def test_a_part_that_cannot_be_is_refused(plain: httpx.AsyncClient) -> None:
    cursor = (await plain.get(f"{OF_PLAIN}?limit=3")).headers["next-cursor"]
    for query, wrong in (
        ({"limit": "0"}, "limit"),
        ({"limit": "1001"}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"limit": ""}, "limit"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": cursor[:-2] + "xx"}, "cursor"),
    ):
        answer = await plain.get(OF_PLAIN, params=query)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [wrong]), query
    other = await plain.get(OF_LISTED, params={"cursor": cursor})
    assert other.status_code == 422  # it is of another workflow


async def test_a_field_of_that_name_is_a_filter(listed: httpx.AsyncClient) -> None:
    assert [each["No"] for each in (await listed.get(f"{OF_LISTED}?limit=7")).json()] == ["02"]


async def test_who_asks_gets_it_packed(wire: httpx.AsyncClient) -> None:
    plain = await wire.get(TASKS, headers={"Accept-Encoding": "identity"})
    for asked in ("gzip", "br, gzip;q=0.5", "*", "x-gzip"):
        answer = await wire.get(TASKS, headers={"Accept-Encoding": asked})
        assert answer.headers["content-encoding"] == "gzip", asked
        assert (answer.content, answer.headers["etag"]) == (plain.content, plain.headers["etag"])
        assert int(answer.headers["content-length"]) < len(plain.content) / 2
        head = await wire.head(TASKS, headers={"Accept-Encoding": asked})
        assert head.headers["content-length"] == answer.headers["content-length"]
    for asked in ("gzip;q=0", "br", "", "*;q=0", "gzip;q=x"):
        answer = await wire.get(TASKS, headers={"Accept-Encoding": asked})
        assert "content-encoding" not in answer.headers, asked
        assert answer.headers["vary"] == "Accept-Encoding"
    small = await wire.get("/workspace", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in small.headers


async def test_kept_rows_are_what_rendering_gives(hogwarts: httpx.AsyncClient) -> None:
    """Whatever happens, the list that follows the changes is the list that is read anew."""
    houses, wizards = "/workflows/hOu5es/tasks", "/workflows/wIz4rd/tasks"
    steps: list[tuple[str, str, object]] = [
        ("PUT", f"{wizards}/1", {"First Name": "James"}),
        ("PUT", f"{houses}/1", {"Name": "Lions", "Stage": "Closed"}),
        ("POST", houses, {"House ID": 3, "Wizards": [{"Wizard ID": 666}]}),
        ("PUT", f"{houses}/2", {"House ID": 7}),
        ("PUT", f"{houses}/3", {"House ID": 2}),
        ("DELETE", f"{houses}/1", None),
        ("POST", houses, {"House ID": 1, "Name": "Again"}),
        ("PUT", f"{houses}/7", {"Ally": [{"House ID": 1}]}),
        ("DELETE", f"{wizards}/666", None),
        ("PUT", f"{houses}/1", {"Stage": "Open"}),
    ]
    for at, (method, path, body) in enumerate(steps):
        assert (await hogwarts.request(method, path, json=body)).status_code < 300, path
        if at % 3 == 1:
            continue  # several changes at once, too
        for list_ in (houses, f"{houses}/active", wizards):
            stages = {"Open", "Closed", "Student"} - ({"Closed"} if "active" in list_ else set())
            kept = (await hogwarts.get(list_)).json()
            anew = [
                row
                for row in (
                    await hogwarts.get(list_.removesuffix("/active"), params={"limit": 999})
                ).json()
                if row["Stage"] in stages
            ]
            assert kept == anew, (at, list_)


async def test_a_change_renders_only_what_changed(
    plain: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await plain.get(OF_PLAIN)
    rendered: list[str] = []
    real = render.row
    monkeypatch.setattr(
        render,
        "row",
        lambda flow, record, *rest: rendered.append(record.uid) or real(flow, record, *rest),
    )
    await plain.put(f"{OF_PLAIN}/3", json={"Text": "changed"})
    rendered.clear()
    rows = (await plain.get(OF_PLAIN)).json()
    assert (rows[3]["Text"], rendered) == ("changed", ["3"])
