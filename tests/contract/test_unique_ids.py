"""Unique ids are user data: any text, exact, and never a way to another address (rows A, T5, T6)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import quote

import httpx
import pytest

from tests.contract.conftest import TASKS, Served, put_workflow, serving

Raw = Callable[..., Awaitable[tuple[int, dict[str, str], bytes]]]

STRANGE = [
    "a/b",
    "a%2Fb",
    "a%252Fb",
    "a/actions",
    "42/",
    "../../users/456",
    "...",
    " ",
    " 7",
    "7 ",
    "a\tb",
    "two\nlines",
    "?",
    "#",
    "&x=1",
    ";",
    "%",
    "+",
    "\\",
    '"',
    "'); DROP TABLE tasks; --",
    "é",
    "e\u0301",
    "ID",
    "id",
    "👩‍👩‍👧‍👦",
    "שלום",
    "\u202egnp.exe",
    "\u200b",
    "0",
    "042",
    "x" * 255,
    "y" * 8000,
]


def at(uid: str) -> str:
    return f"{TASKS}/{quote(uid, safe='')}"


async def test_every_strange_id_is_its_own_task(wire: httpx.AsyncClient) -> None:
    for uid in STRANGE:
        answer = await wire.post(TASKS, json={"Company ID": uid, "Company Name": uid})
        assert answer.status_code == 201, uid
    for uid in STRANGE:
        row = (await wire.get(at(uid))).json()
        assert (row["Company ID"], row["Company Name"]) == (uid, uid)
        found = await wire.get(TASKS, params={"Company ID": uid})
        assert [each["Company ID"] for each in found.json()] == [uid]
        answer = await wire.put(at(uid), json={"Number of Employees": 1})
        assert (answer.status_code, answer.json()["Company ID"]) == (200, uid)
    for uid in STRANGE:
        assert (await wire.delete(at(uid))).status_code == 204
        assert (await wire.get(at(uid))).status_code == 404
    assert (await wire.get("/workflows/2ylSaZ/users/uExm01")).status_code == 200
    assert (await wire.get(f"{TASKS}/42")).status_code == 200


async def test_encoded_slashes_reach_no_other_route(raw: Raw) -> None:
    for path in (b"/tasks/a%2Factions", b"/tasks%2Factive", b"/tasks/..%2Fstages", b"/tasks/%2e%2e"):
        status, _, _ = await raw("GET", b"/api/v1/workflows/2ylSaZ" + path)
        assert status == 404, path


@pytest.mark.parametrize("uid", [b"%ff", b"%zz", b"%", b"a%2", b"%c3%28", b"\xff"])
async def test_a_path_that_is_no_utf8_is_a_400(raw: Raw, uid: bytes) -> None:
    status, _, body = await raw("GET", b"/api/v1/workflows/2ylSaZ/tasks/" + uid)
    assert (status, body[:11]) == (400, b'{"errors":[')


async def test_a_path_without_end_is_a_414(raw: Raw) -> None:
    status, _, _ = await raw("GET", b"/api/v1/workflows/2ylSaZ/tasks/" + b"a" * 70_000)
    assert status == 414


@pytest.mark.parametrize(
    ("uid", "why"),
    [
        (None, "is required"),
        ("", "is required"),
        (".", "is invalid"),
        ("..", "is invalid"),
        ("a\0b", "is invalid"),
        ("active", "is reserved"),
        (True, "is invalid"),
        (1.5, "is invalid"),
        ([], "is required"),
        (["1"], "is invalid"),
        ({}, "is invalid"),
        ("z" * 8193, "is invalid"),
    ],
)
async def test_ids_that_cannot_be(api: httpx.AsyncClient, uid: object, why: str) -> None:
    before = (await api.get(TASKS)).content
    for method in ("POST", "PUT"):
        answer = await api.request(method, TASKS, json={"Company ID": uid})
        assert (answer.status_code, answer.json()) == (422, {"errors": {"Company ID": [why]}})
    assert (await api.get(TASKS)).content == before


async def test_a_nul_in_the_path_is_invalid(raw: Raw) -> None:
    for method in ("GET", "DELETE"):
        status, _, body = await raw(method, b"/api/v1/workflows/2ylSaZ/tasks/a%00b")
        assert (status, body) == (422, b'{"errors":{"Company ID":["is invalid"]}}')


async def test_active_is_an_endpoint(api: httpx.AsyncClient) -> None:
    answer = await api.put(f"{TASKS}/active", json={"Stage": "Done"})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


async def test_a_number_is_the_same_id_as_its_text(api: httpx.AsyncClient) -> None:
    answer = await api.post(TASKS, json={"Company ID": 42, "Number of Employees": 11})
    assert (answer.status_code, answer.json()["Company ID"]) == (200, "42")


async def test_an_id_may_change_through_the_path_if_it_is_free(api: httpx.AsyncClient) -> None:
    answer = await api.put(f"{TASKS}/42", json={"Company ID": "43"})
    assert answer.json() == {"errors": {"Company ID": ["has already been taken"]}}
    answer = await api.put(f"{TASKS}/42", json={"Company ID": "42a", "Stage": "Done"})
    assert (answer.status_code, answer.json()["Company ID"]) == (200, "42a")
    assert (await api.get(f"{TASKS}/42")).status_code == 404
    assert (await api.put(f"{TASKS}/42a", json={"Company ID": "42a"})).status_code == 200


async def test_a_counted_id_is_given_by_the_server(api: httpx.AsyncClient) -> None:
    bugs = "/workflows/bT7rG4/tasks"
    answer = await api.post(bugs, json={"Title": "One more"})
    assert (answer.status_code, answer.json()["Bug ID"]) == (201, "25")
    answer = await api.post(bugs, json={"Title": "And another", "Bug ID": None})
    assert (answer.status_code, answer.json()["Bug ID"]) == (201, "26")
    assert (await api.post(bugs, json={"Bug ID": 26, "Title": "Changed"})).status_code == 200
    answer = await api.post(bugs, json={"Bug ID": "99", "Title": "Not yet"})
    assert answer.json() == {"errors": {"Bug ID": ["is not editable"]}}
    answer = await api.put(f"{bugs}/26", json={"Bug ID": "27"})
    assert answer.json() == {"errors": {"Bug ID": ["is not editable"]}}
    await api.delete(f"{bugs}/26")
    assert (await api.post(bugs, json={"Title": "No id twice"})).json()["Bug ID"] == "27"


async def test_without_a_unique_id_tasks_are_only_listed_and_created(served: Served) -> None:
    put_workflow(
        served.store,
        """
        id = "nOu1d"
        name = "Notes"
        stages = [{ name = "Open" }]
        fields = [{ id = "t", name = "Text" }]
        """,
    )
    async with serving(served.store) as running:
        notes = "/workflows/nOu1d/tasks"
        assert (await running.client.post(notes, json={"Text": "a"})).status_code == 201
        assert (await running.client.post(notes, json={"Text": "a"})).status_code == 201
        assert len((await running.client.get(notes)).json()) == 2
        for method, path in (
            ("PUT", notes),
            ("GET", f"{notes}/a"),
            ("PUT", f"{notes}/a"),
            ("DELETE", f"{notes}/a"),
        ):
            json = {"Text": "b"} if method == "PUT" else None
            assert (await running.client.request(method, path, json=json)).status_code == 404
