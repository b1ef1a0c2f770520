"""What each field type takes and how it reads back (rows B)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from fdtui.server.store import Store
from tests.contract.conftest import put_workflow, serving

ALL = """
id = "aLlfLd"
name = "All fields"
stages = [{ name = "Open" }, { name = "Shut", end = true }]
fields = [
    { id = "f01", name = "ID", type = "uniqueId" },
    { id = "f02", name = "text", type = "text" },
    { id = "f03", name = "longText", type = "longText" },
    { id = "f04", name = "number", type = "number" },
    { id = "f05", name = "phone", type = "phone" },
    { id = "f06", name = "currency", type = "currency" },
    { id = "f07", name = "date", type = "date" },
    { id = "f08", name = "datetime", type = "datetime" },
    { id = "f09", name = "person", type = "person" },
    { id = "f10", name = "singleSelect", type = "singleSelect", options = ["a", "b, c"] },
    { id = "f11", name = "multipleSelect", type = "multipleSelect", options = ["a", "b", "c"] },
    { id = "f12", name = "checkbox", type = "checkbox" },
    { id = "f13", name = "file", type = "file", limit = 2 },
    { id = "f14", name = "email", type = "email" },
    { id = "f15", name = "url", type = "url" },
    { id = "f16", name = "fixed", editable = false },
    { id = "f17", name = "must", required = true },
    { id = "f18", name = 'odd "name" \\ $.x', type = "text" },
]
people = [{ id = "u", email = "user@example.com" }]
"""
TASKS = "/workflows/aLlfLd/tasks"


@pytest.fixture
async def api(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    put_workflow(store, ALL.replace(r"\\", "\\"))
    async with serving(store) as running:
        await running.client.post(TASKS, json={"ID": "1", "must": "m"})
        yield running.client


GOOD: list[tuple[str, object, object, object]] = [
    ("text", "", "", ""),
    ("text", " x\n\t\u202e ", " x\n\t\u202e ", " x\n\t\u202e "),
    ("text", "'; DROP TABLE tasks; --", "'; DROP TABLE tasks; --", "'; DROP TABLE tasks; --"),
    ("longText", "a\r\nb", "a\r\nb", "a\r\nb"),
    ("number", 10, "10", "10"),
    ("number", "10.50", "10.50", "10.50"),
    ("number", 10**30, "1" + "0" * 30, "1" + "0" * 30),
    ("number", "0." + "1" * 40, "0." + "1" * 40, "0." + "1" * 40),
    ("number", -3, "-3", "-3"),
    ("phone", "+1 (202) 555-0143", "+1 (202) 555-0143", "+1 (202) 555-0143"),
    ("currency", 10000, "10000", "10000.00"),
    ("currency", "10000", "10000", "10000.00"),
    ("currency", "0.1", "0.1", "0.10"),
    ("currency", "0.12345678901234567", "0.12345678901234567", "0.12"),
    ("currency", "-5", "-5", "-5.00"),
    ("date", "2020-02-29", "2020-02-29", "2020-02-29"),
    ("datetime", "2020-02-29T23:59:59+14:00", "2020-02-29T23:59:59+14:00", "2020-02-29T23:59:59+14:00"),
    ("datetime", "2020-02-29T23:59:59Z", "2020-02-29T23:59:59Z", "2020-02-29T23:59:59Z"),
    ("person", "user@example.com", "user@example.com", "user@example.com"),
    ("singleSelect", "b, c", "b, c", "b, c"),
    ("multipleSelect", ["c", "a"], ["c", "a"], ["c", "a"]),
    ("multipleSelect", [], [], []),
    ("checkbox", True, True, True),
    ("checkbox", False, False, False),
    ("file", [], [], []),
    ("file", None, [], []),
    ("email", "Über@exämple.com", "Über@exämple.com", "Über@exämple.com"),
    ("url", "https://example.com/?q=ü", "https://example.com/?q=ü", "https://example.com/?q=ü"),
    ('odd "name" \\ $.x', "v", "v", "v"),
    ("text", None, None, None),
    ("number", None, None, None),
    ("Assigned To", "user@example.com", "user@example.com", "user@example.com"),
    ("Assigned To", None, None, None),
    ("Stage", "Shut", "Shut", "Shut"),
]


@pytest.mark.parametrize(("name", "given", "echoed", "read"), GOOD)
async def test_what_is_taken(
    api: httpx.AsyncClient, name: str, given: object, echoed: object, read: object
) -> None:
    answer = await api.put(f"{TASKS}/1", json={name: given})
    assert answer.status_code == 200, answer.text
    assert answer.json()[name] == echoed
    assert (await api.get(f"{TASKS}/1")).json()[name] == read
    assert (await api.get(TASKS)).json()[0][name] == read


INVALID: dict[str, list[object]] = {
    "text": [1, True, [], {}, "a\0b"],
    "longText": [1, ["x"], "\0"],
    "number": ["1e400", "NaN", "Infinity", "1,000", "0x10", " 5 ", "five", True, [], {}, "٣"],
    "phone": [5, "call me", "-"],
    "currency": ["1e400", "NaN", "$5", "1 000", True, "--1"],
    "date": [
        "2020-02-30",
        "0000-00-00",
        "10000-01-01",
        "31/12/2020",
        "2020-1-1",
        20200101,
        "2020-01-01T00:00Z",
    ],
    "datetime": [
        "2020-01-01T10:00:00",
        "2020-01-01",
        "2016-12-31T23:59:60Z",
        0,
        "2020-01-01T25:00:00Z",
    ],
    "person": [1, "nobody", "a@b\r\nBcc: c@d"],
    "checkbox": ["true", 1, 0, "", []],
    "multipleSelect": ["a", {}, [1], ["a", "a"]],
    "singleSelect": [1, []],
    "email": ["x", "a@b\r\nBcc: c@d", "a b@c", 1],
    "url": ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "x", "http://", 1],
    "file": ["x", [1], [None], [[]], {}],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in INVALID.items() for value in values]
)
async def test_what_is_invalid(api: httpx.AsyncClient, name: str, value: object) -> None:
    before = (await api.get(TASKS)).content
    answer = await api.put(
        f"{TASKS}/1", json={name: value, "text": "new"} if name != "text" else {name: value}
    )
    assert (answer.status_code, answer.json()) == (422, {"errors": {name: ["is invalid"]}})
    assert (await api.get(TASKS)).content == before


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("Stage", "Nowhere", "is not a stage of this workflow"),
        ("Stage", "open", "is not a stage of this workflow"),
        ("Stage", None, "is not a stage of this workflow"),
        ("Stage", ["Open"], "is not a stage of this workflow"),
        ("Assigned To", "nobody@example.com", "is not a user of this workflow"),
        ("Assigned To", {"email": "user@example.com"}, "is not a user of this workflow"),
        ("person", "nobody@example.com", "is not a user of this workflow"),
        ("singleSelect", "d", "is not one of its options"),
        ("multipleSelect", ["a", "d"], "is not one of its options"),
        ("fixed", "x", "is not editable"),
        ("Task URL", "http://x", "is not editable"),
        ("must", None, "is required"),
        ("must", "", "is required"),
        ("id", "x", "is not a field of this workflow"),
        ("created_by", "x", "is not a field of this workflow"),
        ("version", 1, "is not a field of this workflow"),
        ("workflow", "2ylSaZ", "is not a field of this workflow"),
        ("Text", "x", "is not a field of this workflow"),
        ("", "x", "is not a field of this workflow"),
        ("\0", "x", "is not a field of this workflow"),
        ("f02", "x", "is not a field of this workflow"),
    ],
)
async def test_what_is_refused(api: httpx.AsyncClient, name: str, value: object, why: str) -> None:
    for method, path in (("PUT", f"{TASKS}/1"), ("POST", TASKS)):
        body = {"ID": "1", name: value}
        answer = await api.request(method, path, json=body)
        assert (answer.status_code, answer.json()) == (422, {"errors": {name: [why]}})


async def test_everything_wrong_is_told_at_once(api: httpx.AsyncClient) -> None:
    body = {"date": "x", "number": "x", "nope": 1, "Stage": "x", "Task URL": "x", "file": "x"}
    answer = await api.post(TASKS, json=body)
    assert answer.json() == {
        "errors": {
            "date": ["is invalid"],
            "number": ["is invalid"],
            "nope": ["is not a field of this workflow"],
            "Stage": ["is not a stage of this workflow"],
            "Task URL": ["is not editable"],
            "file": ["is invalid"],
            "ID": ["is required"],
            "must": ["is required"],
        }
    }


async def test_filters_by_meaning(api: httpx.AsyncClient) -> None:
    two = {
        "ID": "2",
        "must": "m",
        "number": "7.0",
        "currency": "10000.00",
        "checkbox": False,
        "singleSelect": "b, c",
        "multipleSelect": ["a", "b"],
        "datetime": "2020-01-01T01:00:00+01:00",
        "text": "a+b & c=d",
        'odd "name" \\ $.x': "v",
        "Assigned To": "user@example.com",
    }
    assert (await api.post(TASKS, json=two)).status_code == 201
    for name, text in (
        ("number", "7"),
        ("currency", "10000"),
        ("checkbox", "false"),
        ("singleSelect", "b, c"),
        ("multipleSelect", "b,a"),
        ("datetime", "2020-01-01T00:00:00Z"),
        ("text", "a+b & c=d"),
        ('odd "name" \\ $.x', "v"),
        ("Assigned To", "user@example.com"),
        ("must", "m"),
    ):
        rows = (await api.get(TASKS, params={name: text, "ID": "2"})).json()
        assert [row["ID"] for row in rows] == ["2"], name
        rows = (await api.get(TASKS, params={name: text + "x"})).json()
        assert rows == [], name
        if name != "must":
            rows = (await api.get(TASKS, params={name: ""})).json()
            assert [row["ID"] for row in rows] == ["1"], name
    assert (await api.get(TASKS, params={"Stage": "Nowhere"})).json() == []
    assert len((await api.get(f"{TASKS}/active", params={"Stage": "Shut"})).json()) == 0


async def test_an_unknown_filter_is_named(api: httpx.AsyncClient) -> None:
    answer = await api.get(TASKS, params={"nope": "1", "Stage": "Open"})
    assert (answer.status_code, answer.json()) == (
        422,
        {"errors": {"nope": ["is not a field of this workflow"]}},
    )


@pytest.mark.parametrize("query", ["Stage=Open&Stage=Shut", "Stage=%ff", "Stage=%zz", "%=1"])
async def test_a_query_that_is_none(api: httpx.AsyncClient, query: str) -> None:
    request = api.build_request("GET", TASKS)
    request.url = request.url.copy_with(query=query.encode())
    assert (await api.send(request)).status_code == 400
