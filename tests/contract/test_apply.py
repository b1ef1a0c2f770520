"""A workflow's file applied to a store that holds tasks."""

from __future__ import annotations

import httpx
import pytest

from fdtui.core.errors import ConfigError
from fdtui.server import seed
from fdtui.server.applying import LosesDataError, apply, planned, read_file
from fdtui.server.exporting import export
from fdtui.server.store import Store, tasks, workspace
from fdtui.server.store.activity import Hand
from tests.contract.conftest import NOW, serving

HAND = Hand("tester", NOW)
FLOW = """
id = "flow"
name = "Flow"
stages = [{ name = "New" }, { name = "Doing", checklist = ["Look"] }, { name = "Done", end = true }]
fields = [
    { id = "u", name = "ID", type = "uniqueId" },
    { id = "t", name = "Title" },
    { id = "s", name = "Size", type = "singleSelect", options = ["S", "L"] },
    { id = "f", name = "Files", type = "file" },
]
"""
FILE = {"filename": "a.txt", "contentType": "text/plain", "base64contents": "YQ=="}


def put(store: Store, text: str, *, allow_loss: bool = False) -> list[str]:
    definition = read_file(store, text, "flow.toml")
    expected = planned(store, definition)
    changes = apply(store, definition, HAND, allow_loss=allow_loss)
    assert changes == expected
    assert planned(store, read_file(store, text, "flow.toml")) == ()
    return [each.says for each in changes]


async def fill(client: httpx.AsyncClient) -> None:
    for body in (
        {"ID": "1", "Title": "one", "Size": "S", "Files": [FILE]},
        {"ID": "2", "Title": "2", "Size": "L", "Stage": "Doing"},
    ):
        answer = await client.post("/workflows/flow/tasks", json=body)
        assert answer.status_code == 201, answer.text


async def rows(client: httpx.AsyncClient) -> list[dict[str, object]]:
    found: list[dict[str, object]] = (await client.get("/workflows/flow/tasks")).json()
    return found


async def test_renaming_keeps_everything(store: Store) -> None:
    assert put(store, FLOW) == ["Create the workflow Flow (flow) with 3 stages and 4 fields."]
    assert put(store, FLOW) == []
    async with serving(store) as running:
        await fill(running.client)
        changed = FLOW.replace('name = "Doing"', 'name = "Busy", was = "Doing"')
        put(store, changed.replace('name = "Title"', 'name = "Subject"'))
        found = await rows(running.client)
        assert [each["Stage"] for each in found] == ["New", "Busy"]
        assert [each["Subject"] for each in found] == ["one", "2"]
        [item] = (await running.client.get("/workflows/flow/tasks/2/checklist_items")).json()
        assert item["Stage"] == "Busy"
        [entry] = [
            each
            for each in (await running.client.get("/workflows/flow/activity")).json()
            if each["what"] == "workflow.applied"
        ][1:]
        assert entry["who"] == "tester"
        assert "Rename the stage Doing to Busy." in entry["after"]["changes"]


async def test_a_loss_is_refused_until_it_is_allowed(store: Store) -> None:
    put(store, FLOW)
    async with serving(store) as running:
        await fill(running.client)
        before = await rows(running.client)
        changed = (
            FLOW.replace('{ name = "Doing", checklist = ["Look"] }, ', "")
            .replace('{ id = "f", name = "Files", type = "file" },', "")
            .replace('options = ["S", "L"]', 'options = ["S"]')
            .replace('name = "Title"', 'name = "Title", type = "number"')
        )
        with pytest.raises(LosesDataError) as caught:
            put(store, changed)
        assert "Remove the field Files, which 1 task have." in caught.value.message
        assert await rows(running.client) == before
        put(store, changed, allow_loss=True)
        after = await rows(running.client)
        assert [(each["Stage"], each["Title"], each["Size"]) for each in after] == [
            ("New", None, "S"),
            ("New", "2", None),
        ]
        assert all("Files" not in each for each in after)
        blob = before[0]["Files"][0]["blobId"]  # type: ignore[index]
        assert (await running.client.get(f"/files/{blob}")).status_code == 404


async def test_another_unique_id(store: Store) -> None:
    put(store, FLOW)
    async with serving(store) as running:
        await fill(running.client)
        changed = FLOW.replace(', type = "uniqueId"', "")
        put(store, changed.replace('name = "Title"', 'name = "Title", type = "uniqueId"'))
        assert (await running.client.get("/workflows/flow/tasks/one")).json()["ID"] == "1"
        assert (await running.client.get("/workflows/flow/tasks/1")).status_code == 404
        with pytest.raises(ConfigError, match="cannot tell the tasks apart"):
            bad = changed.replace('name = "Files", type = "file"', 'name = "Files", type = "uniqueId"')
            put(store, bad, allow_loss=True)


async def test_numbers_for_tasks_that_had_none(store: Store) -> None:
    put(store, FLOW.replace('{ id = "u", name = "ID", type = "uniqueId" },', ""))
    async with serving(store) as running:
        for title in ("a", "b"):
            await running.client.post("/workflows/flow/tasks", json={"Title": title})
        put(store, FLOW.replace('"uniqueId"', '"uniqueId", autoincrement = true'))
        assert (await running.client.get("/workflows/flow/tasks/2")).json()["Title"] == "b"
        made = await running.client.post("/workflows/flow/tasks", json={"Title": "c"})
        assert made.json()["ID"] == "3"


def test_names_that_collide_over_there(store: Store) -> None:
    put(store, FLOW)
    other = 'id = "o"\nname = "Other"\nstages = [{ name = "A" }]\n'
    with pytest.raises(ConfigError, match="The tasks of Flow would have 2 keys 'Title'"):
        put(store, other + 'links = [{ name = "Flows", to = "flow", back = "Title" }]')
    put(store, other + 'links = [{ name = "Flows", to = "flow", back = "Others" }]')


@pytest.mark.parametrize("workflow_id", seed.KEYS.values())
def test_the_demo_applied_again_changes_nothing(store: Store, workflow_id: str) -> None:
    seed.fill(store)
    workflow = store.read(lambda tx: workspace.catalog(store, tx)).workflows[workflow_id]
    before = store.read(lambda tx: tasks.everything(tx, workflow_id))
    assert put(store, export(workflow)) == []
    assert store.read(lambda tx: tasks.everything(tx, workflow_id)) == before
