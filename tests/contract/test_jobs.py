"""Analytics exports and data syncs (their pages of the API)."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import socket
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from fdtui.server import seed
from fdtui.server.store import Store, jobs
from tests.contract.conftest import NOW, TASKS, Served, put_workflow, serving
from tests.contract.test_actions import TASK, action, flow

FLOW = "/workflows/2ylSaZ"
DAYS = {"start_date": "2020-01-01", "end_date": "2020-03-01"}


async def done(api: httpx.AsyncClient, path: str) -> dict[str, object]:
    async with asyncio.timeout(20):
        while True:
            answer = await api.get(path)
            assert answer.status_code == 200, answer.text
            if answer.json()["status"] != "Pending":
                return dict(answer.json())


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


async def test_an_export_tells_the_time_in_stages(store: Store) -> None:
    seed.fill(store)
    clock = Clock()
    from fdtui.server.http.app import create_app
    from fdtui.server.store.keys import create_key

    app = create_app(store, clock=clock)
    headers = {"Authorization": f"Bearer {create_key(store, 'test', now=NOW)}"}
    transport, url = httpx.ASGITransport(app), "http://flowdash.test/api/v1"
    async with httpx.AsyncClient(transport=transport, base_url=url, headers=headers) as api:
        await api.post(TASKS, json={"Company ID": "=1+1", "Stage": "Not Started"})
        clock.now += timedelta(hours=2)
        await api.put(TASKS, json={"Company ID": "=1+1", "Stage": "In Progress"})
        clock.now += timedelta(hours=1)
        await api.put(TASKS, json={"Company ID": "=1+1", "Company Name": "Not a move"})
        clock.now += timedelta(hours=1)
        await api.delete(f"{TASKS}/%3D1%2B1")
        begun = await api.post(f"{FLOW}/analytics/exports", json=DAYS)
        assert begun.status_code == 201
        export = await done(api, f"{FLOW}/analytics/exports/{begun.json()['id']}")
        assert export["status"] == "Success"
        answer = await api.get(str(export["file_url"]))
        assert answer.headers["content-type"].startswith("text/csv")
        assert answer.headers["content-disposition"].startswith("attachment")
        rows = list(csv.reader(io.StringIO(answer.text)))
        assert rows[0] == ["Task", "Stage", "Entered", "Left", "Seconds"]
        assert [(row[0], row[1], row[4]) for row in rows[1:]] == [
            ("'=1+1", "Not Started", "7200"),
            ("'=1+1", "In Progress", "7200"),
        ]
        later = {"start_date": "2020-02-01", "end_date": "2020-02-02"}
        begun = await api.post(f"{FLOW}/analytics/exports", json=later)
        export = await done(api, f"{FLOW}/analytics/exports/{begun.json()['id']}")
        assert (await api.get(str(export["file_url"]))).text.count("\n") == 1


async def test_only_a_move_of_the_task_is_one(store: Store) -> None:
    """An item of the checklist has a stage, too, and a schedule names one that is yet to come."""
    async with flow(store, action('kind = "schedule"\nstage = "Done"\ndays = 3')) as running:
        api = running.client
        item = {"title": "Call", "Stage": "Done"}
        made = (await api.post(f"{TASK}/checklist_items", json=item)).json()["id"]
        await api.put(f"{TASK}/checklist_items/{made}", json={"Stage": "Doing"})
        await api.delete(f"{TASK}/checklist_items/{made}")
        await api.post(f"{TASK}/comments", json={"body": '{"Stage": "Done"}'})
        await running.run("act")
        noted = {each["what"] for each in (await api.get(f"{TASK}/activity")).json()}
        assert {"checklist.updated", "task.scheduled", "comment.created"} <= noted
        moves = store.read(lambda tx: list(jobs.moves(tx, "flow", "9999")))
        assert [(was, now) for _, _, _, was, now in moves] == [(None, "New")]


@pytest.mark.parametrize(
    ("body", "bad"),
    [
        ({}, {"start_date", "end_date"}),
        ({**DAYS, "start_date": "2020-02-30"}, {"start_date"}),
        ({**DAYS, "end_date": "2019-12-31"}, {"end_date"}),
        ({**DAYS, "end_date": 5}, {"end_date"}),
        ({**DAYS, "zone": "UTC"}, {"zone"}),
    ],
)
async def test_dates_that_are_none(api: httpx.AsyncClient, body: object, bad: set[str]) -> None:
    answer = await api.post(f"{FLOW}/analytics/exports", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"].keys() == bad


async def test_exports_of_others_are_not_there(api: httpx.AsyncClient) -> None:
    begun = (await api.post(f"{FLOW}/analytics/exports", json=DAYS)).json()["id"]
    await done(api, f"{FLOW}/analytics/exports/{begun}")
    for path in (
        "/workflows/bT7rG4/analytics/exports/",
        f"{FLOW}/analytics/exports/x",
        f"{FLOW}/data_syncs/",
    ):
        assert (await api.get(f"{path}{begun}")).status_code == 404


SYNCED = """
id = "sYnc01"
name = "Synced"
stages = [{ name = "New" }, { name = "Paid", end = true }]
fields = [
    { id = "no", name = "No", type = "uniqueId" },
    { id = "who", name = "Who" },
    { id = "sum", name = "Sum", type = "currency" },
    { id = "ok", name = "Checked", type = "checkbox" },
]
[[syncs]]
name = "invoices"
database = "$INVOICES"
query = %s
"""


@pytest.fixture
def invoices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "invoices.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE invoices (no INTEGER, who TEXT, sum REAL, checked INTEGER)")
        rows = [(n, f"Customer {n}", n + 0.5, n % 2) for n in range(500)]
        database.executemany("INSERT INTO invoices VALUES (?, ?, ?, ?)", rows)
    database.close()
    monkeypatch.setenv("INVOICES", f"sqlite:///{path}")
    return path


async def synced(served: Served) -> dict[str, object]:
    begun = await served.client.post("/workflows/sYnc01/data_syncs")
    assert begun.status_code == 202, begun.text
    assert begun.json()["status"] == "Pending"
    return await done(served.client, f"/workflows/sYnc01/data_syncs/{begun.json()['id']}")


QUERY = 'SELECT no AS "No", who AS "Who", sum AS "Sum", checked AS "Checked" FROM invoices'


async def test_a_sync_upserts_by_unique_id(store: Store, invoices: Path) -> None:
    put_workflow(store, SYNCED % json.dumps(QUERY))
    async with serving(store) as served:
        assert (await synced(served))["result"] == "500 created, 0 changed, 0 unchanged"
        with sqlite3.connect(invoices) as database:
            database.execute("UPDATE invoices SET who = 'Renamed' WHERE no = 7")
        database.close()
        assert (await synced(served))["result"] == "0 created, 1 changed, 499 unchanged"
        row = (await served.client.get("/workflows/sYnc01/tasks/7")).json()
        assert (row["Who"], row["Sum"], row["Checked"], row["Stage"]) == ("Renamed", "7.50", True, "New")


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM invoices",
        "SELECT 1; DELETE FROM invoices",
        "WITH x AS (SELECT 1) DELETE FROM invoices",
        'SELECT who AS "Who" FROM invoices',
        'SELECT no AS "No", 1 AS "Nope" FROM invoices',
        "SELECT * FROM nowhere",
        'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS "No" FROM n',
    ],
)
async def test_a_query_that_is_wrong_changes_nothing(store: Store, invoices: Path, query: str) -> None:
    put_workflow(store, SYNCED % json.dumps(query))
    before = invoices.read_bytes()
    async with serving(store) as served:
        ended = await synced(served)
        assert ended["status"] == "Fail"
        assert ended["errors"]
        assert (await served.client.get("/workflows/sYnc01/tasks")).json() == []
    assert invoices.read_bytes() == before


@pytest.mark.parametrize(
    ("source", "query"),
    [
        ("sqlite:///{invoices}", "SELECT secretive FROM invoices"),
        ("sqlite:///{invoices}.secretive", "SELECT 1"),
        ("postgresql://secretive:secretive@127.0.0.1:{port}/secretive", "SELECT 1"),
        ("secretive", "SELECT 1"),
        ("mysql://secretive@127.0.0.1/secretive", "SELECT 1"),
    ],
    ids=["query", "no file", "no server", "no URL", "unknown kind"],
)
async def test_the_words_of_another_database_are_for_the_log_alone(
    store: Store, invoices: Path, caplog: pytest.LogCaptureFixture, source: str, query: str
) -> None:
    """They name its host, its users, its folders and its rows."""
    with socket.socket() as nobody, pytest.MonkeyPatch.context() as patch:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        port = str(nobody.getsockname()[1])
        patch.setenv("INVOICES", source.format(invoices=invoices, port=port))
        put_workflow(store, SYNCED % json.dumps(query))
        async with serving(store) as served:
            ended = await synced(served)
    assert ended["status"] == "Fail"
    told = str(ended["errors"])
    assert not [each for each in ("secretive", "127.0.0.1", port, invoices.name) if each in told], told
    if "log" in told:
        assert "secretive" in caplog.text or port in caplog.text


async def test_a_workflow_without_a_sync(api: httpx.AsyncClient) -> None:
    answer = await api.post(f"{FLOW}/data_syncs")
    assert (answer.status_code, answer.json()) == (422, {"errors": ["This workflow has no data sync."]})
