"""The demo workspace: the same everywhere, and nothing in it that the server would refuse."""

from __future__ import annotations

import subprocess
import sys

import httpx
import pytest

from fdtui.core.errors import StorageError
from fdtui.core.schema import FieldType
from fdtui.server import EMBEDDED_URL, render, rules, seed
from fdtui.server.execution.engine import Engine
from fdtui.server.http.app import utc_now
from fdtui.server.http.auth import OneKey
from fdtui.server.store import Store, open_store, tasks, workspace
from fdtui.server.store.checklists import STATUSES
from tests.contract.conftest import serving


@pytest.mark.parametrize("workflow", seed.WORKFLOWS, ids=lambda each: each.name)
async def test_the_snapshot_is_what_the_server_answers(store: Store, workflow: object) -> None:
    seed.fill(store)
    workflow_id = workflow.id  # type: ignore[attr-defined]
    schema, rows = seed.snapshot(workflow_id)
    async with serving(store, auth=OneKey("k"), base_url=EMBEDDED_URL) as running:
        running.client.headers["Authorization"] = "Bearer k"
        path = f"/workflows/{workflow_id}"
        assert render.encode(rows) == (await running.client.get(f"{path}/tasks")).content
        for call, parts in (
            ("stages", [render.stage(each) for each in schema.stages]),
            ("fields", [render.field(each) for each in schema.fields]),
            ("users", [render.person(each) for each in schema.people]),
            ("roles", [render.role(each) for each in schema.roles]),
        ):
            assert render.encode(parts) == (await running.client.get(f"{path}/{call}")).content


def test_the_snapshot_imports_nothing_heavy() -> None:
    code = (
        "import sys; from fdtui.server import seed; seed.snapshot('bT7rG4');"
        "print([m for m in ('sqlalchemy', 'starlette', 'httpx', 'uvicorn', 'asyncio', 'pydantic')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("workflow_id", seed.KEYS.values())
def test_every_task_would_be_taken(workflow_id: str) -> None:
    sample = seed.load(workflow_id)
    workflow, links = sample.workflow, {link.name for link in sample.workflow.links}
    for row in seed.snapshot(workflow_id)[1]:
        skipped = {"Task URL", "Bug ID", "Expense ID", "Bug", *links}
        files = {each.name for each in workflow.schema.fields if each.type == FieldType.FILE}
        body = {name: value for name, value in row.items() if name not in skipped | files}
        assert rules.judge(workflow, body, current=None).errors == {}
    assert len({record.id for record in sample.records}) == len(sample.records)


def test_the_demo_is_rich_enough() -> None:
    samples = [seed.load(each.id) for each in seed.WORKFLOWS]
    kinds = {field.type for sample in samples for field in sample.workflow.schema.fields}
    assert kinds == set(FieldType)
    for ref, sample in zip(seed.WORKFLOWS, samples, strict=True):
        assert (ref.id, ref.name) == (sample.workflow.id, sample.workflow.name)
        stages = {record.stage for record in sample.records}
        assert stages == {stage.name for stage in sample.workflow.schema.stages}
        assert sample.workflow.schema.person("user@example.com") is not None
    assert [len(sample.records) for sample in samples] == [24, 24, 16]


def test_filling_is_for_empty_stores(store: Store) -> None:
    seed.fill(store)
    with pytest.raises(StorageError):
        seed.fill(store)


@pytest.mark.parametrize("key", seed.KEYS)
@pytest.mark.parametrize("with_examples", [True, False])
async def test_a_workspace_of_ones_own(key: str, with_examples: bool) -> None:
    store = open_store("sqlite://")
    seed.local(store, key, with_examples=with_examples)
    async with serving(store) as running:
        [workflow] = (await running.client.get("/workflows")).json()
        assert workflow["id"] == seed.KEYS[key]
        rows = (await running.client.get(f"/workflows/{workflow['id']}/tasks")).json()
        assert bool(rows) == with_examples
        body = {"Company ID": "1"} if key == "onboarding" else {"Title": "x", "Purpose": "x"}
        body = {name: value for name, value in body.items() if key != "bugs" or name == "Title"}
        body = {name: value for name, value in body.items() if key != "expenses" or name == "Purpose"}
        assert (
            await running.client.post(f"/workflows/{workflow['id']}/tasks", json=body)
        ).status_code == 201
    store.close()


def test_two_fillings_are_the_same() -> None:
    dumps = []
    for _ in range(2):
        store = open_store("sqlite://")
        seed.fill(store)
        dumps.append(store.read(lambda tx: [tasks.everything(tx, each) for each in seed.KEYS.values()]))
        assert store.read(workspace.workspace) == seed.DEMO
        store.close()
    assert dumps[0] == dumps[1]


async def test_linked_bugs_and_expenses(api: httpx.AsyncClient) -> None:
    bug = (await api.get("/workflows/bT7rG4/tasks/3")).json()
    assert [each["Expense ID"] for each in bug["Expenses"]] == ["1", "6"]
    expense = (await api.get("/workflows/eX9pA2/tasks/6")).json()
    assert expense["Bug"]["Bug ID"] == "3"
    assert "Expenses" not in expense["Bug"]


async def test_the_demo_has_comments_checklists_and_actions(api: httpx.AsyncClient) -> None:
    task = "/workflows/2ylSaZ/tasks/57"
    assert [each["author"] for each in (await api.get(f"{task}/comments")).json()] == [
        "ada@example.com",
        "omar@example.com",
    ]
    items = (await api.get(f"{task}/checklist_items")).json()
    assert [(each["title"], each["status"], each["editable"]) for each in items] == [
        ("Contract is signed by both", "Completed", False),
        ("Invoice address is known", "Blank", False),
        ("Clause 7 is checked", "Blank", True),
    ]
    assert (await api.get(f"{task}/actions")).json() == [
        {"id": "edHR10", "name": "Approve"},
        {"id": "PvHaOO", "name": "Reject", "confirm": "Send it back to whoever has it?"},
    ]


@pytest.mark.parametrize("workflow_id", seed.KEYS.values())
def test_the_details_fit_the_tasks(workflow_id: str) -> None:
    sample, told = seed.load(workflow_id), seed.details(workflow_id)
    stages = {record.uid: record.stage for record in sample.records}
    people = {person.email for person in sample.workflow.schema.people}
    for uid, author, _, _ in told["comments"]:
        assert uid in stages
        assert author in people
    for uid, title, status, who in told["ticked"]:
        assert title in sample.workflow.checklists[stages[uid]]
        assert status in STATUSES
        assert who is None or who in people
    for uid, stage, _, status, who in told["items"]:
        assert stages[uid] == stage
        assert status in STATUSES
        assert who is None or who in people


async def test_a_walk_through_the_demo(store: Store) -> None:
    """Every demo workflow has a way from its first stage to its last, by actions alone."""
    seed.fill(store)
    engine = Engine(store, utc_now, poll=60)
    engine.start()
    async with serving(store, wake=engine.wake) as running:
        ways = {
            "2ylSaZ": ("43", ["aSt1rt", "aRv2ew", "edHR10"], "Done"),
            "bT7rG4": ("10", ["bFx4ed"], "Fixed"),
            "eX9pA2": ("4", ["eAp3ve", "ePa4id"], "Paid"),
        }
        for workflow, (uid, actions, end) in ways.items():
            for action in actions:
                body = {"task_id": uid, "action_id": action, "performed_by": "user@example.com"}
                answer = await running.client.post(f"/workflows/{workflow}/executions", json=body)
                assert answer.status_code == 201, answer.text
                assert engine.settle(20)
            row = (await running.client.get(f"/workflows/{workflow}/tasks/{uid}")).json()
            assert row["Stage"] == end
    engine.stop()
