"""A workflow's file applied to a store that holds tasks."""

from __future__ import annotations

import httpx
import pytest

from fdtui.core.errors import ConfigError
from fdtui.server import seed
from fdtui.server.store import Store, tasks, workspace
from fdtui.server.store.activity import Actor
from fdtui.server.workflow.definition import parse
from fdtui.server.workflow.exporting import export
from fdtui.server.workflow_apply import LosesDataError, apply, planned, read_file
from tests.contract.conftest import NOW, serving

HAND = Actor("tester", NOW)
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


async def test_the_unique_id_field_can_be_changed(store: Store) -> None:
    put(store, FLOW)
    async with serving(store) as running:
        await fill(running.client)
        changed = FLOW.replace(', type = "uniqueId"', "")
        put(store, changed.replace('name = "Title"', 'name = "Title", type = "uniqueId"'))
        assert (await running.client.get("/workflows/flow/tasks/one")).json()["ID"] == "1"
        assert (await running.client.get("/workflows/flow/tasks/1")).status_code == 404
        with pytest.raises(ConfigError, match="cannot identify the tasks"):
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
    with pytest.raises(ConfigError, match="the tasks of 'Flow' have another key 'Title' already"):
        put(store, other + 'links = [{ name = "Flows", to = "flow", back = "Title" }]')
    put(store, other + 'links = [{ name = "Flows", to = "flow", back = "Others" }]')


@pytest.mark.parametrize("workflow_id", seed.KEYS.values())
def test_the_demo_applied_again_changes_nothing(store: Store, workflow_id: str) -> None:
    seed.fill(store)
    workflow = store.read(lambda tx: workspace.catalog(store, tx)).workflows[workflow_id]
    before = store.read(lambda tx: tasks.everything(tx, workflow_id))
    assert put(store, export(workflow)) == []
    assert store.read(lambda tx: tasks.everything(tx, workflow_id)) == before


NAMED = """
id = "flow"
name = "Flow"
stages = [{ name = "New", checklist = ["Look", "Ask"] }, { name = "Done", end = true }]
fields = [
    { name = "ID", type = "uniqueId" },
    { name = "Title" },
    { name = "Who", type = "person" },
    { name = "Size", type = "singleSelect", options = ["S", "L"] },
    { name = "Tags", type = "multipleSelect", options = ["a", "b"] },
]
roles = [{ name = "Boss" }]
people = [{ email = "ada@old.example", role = "Boss" }]
links = [{ name = "Next", to = "flow", back = "Previous" }]
actions = [{ name = "Go", roles = ["Boss"] }]
"""


async def test_everything_that_has_a_name_can_get_another_one(store: Store) -> None:
    put(store, NAMED)
    body = {
        "ID": "1",
        "Title": "one",
        "Who": "ada@old.example",
        "Assigned To": "ada@old.example",
        "Size": "L",
        "Tags": ["b", "a"],
    }
    async with serving(store) as running:
        client, tasks_at = running.client, "/workflows/flow/tasks"
        assert (await client.post(tasks_at, json=body)).status_code == 201
        linking = await client.post(tasks_at, json={"ID": "2", "Next": {"ID": "1"}})
        assert linking.status_code == 201, linking.text
        [item, *_] = (await client.get(f"{tasks_at}/1/checklist_items")).json()
        taken = {"status": "Completed", "Assigned To": "ada@old.example"}
        answer = await client.put(f"{tasks_at}/1/checklist_items/{item['id']}", json=taken)
        assert answer.status_code == 200, answer.text
        actions = (await client.get(f"{tasks_at}/1/actions")).json()
        changed = NAMED
        for old, new in (
            ('"Look"', '{ name = "See", was = "Look" }'),
            ('name = "Title"', 'name = "Subject", was = "Title"'),
            ('"L"]', '{ name = "Large", was = "L" }]'),
            ('"b"]', '{ name = "bee", was = "b" }]'),
            ('[{ name = "Boss" }]', '[{ name = "Chief", was = "Boss" }]'),
            ('roles = ["Boss"]', 'roles = ["Chief"]'),
            ('role = "Boss"', 'role = "Chief", was = "ada@old.example"'),
            ('email = "ada@old', 'email = "ada@new'),
            ('name = "Next"', 'name = "After", was = "Next"'),
            ('name = "Go"', 'name = "Do", was = "Go"'),
        ):  # fmt: skip
            assert old in changed
            changed = changed.replace(old, new)
        assert put(store, changed) == [
            "Rename the checklist item Look of the stage New to See.",
            "Rename the field Title to Subject.",
            "Rename the option L of Size to Large.",
            "Rename the option b of Tags to bee.",
            "Rename the role Boss to Chief.",
            "Rename the person ada@old.example to ada@new.example.",
            "Rename the link Next to After.",
            "Rename the action Go to Do.",
        ]
        [one, two] = await rows(client)
        assert one["Subject"] == "one"
        assert (one["Who"], one["Assigned To"]) == ("ada@new.example", "ada@new.example")
        assert (one["Size"], one["Tags"]) == ("Large", ["bee", "a"])
        assert two["After"]["ID"] == "1"  # type: ignore[index]
        items = (await client.get(f"{tasks_at}/1/checklist_items")).json()
        assert [(each["title"], each["status"], each["Assigned To"]) for each in items] == [
            ("See", "Completed", "ada@new.example"),
            ("Ask", "Blank", None),
        ]
        assert [each["id"] for each in (await client.get(f"{tasks_at}/1/actions")).json()] == [
            each["id"] for each in actions
        ]


def test_a_byte_order_mark_is_no_mistake(store: Store) -> None:
    assert len(put(store, "\ufeff" + FLOW)) == 1
    assert put(store, FLOW) == []


def test_a_new_field_of_an_old_name_is_another_field(store: Store) -> None:
    put(store, NAMED)
    renamed = NAMED.replace('name = "Title"', 'name = "Subject", was = "Title"')
    put(store, renamed)
    more = NAMED.replace('{ name = "Title" }', '{ name = "Subject" }, { name = "Title" }')
    assert put(store, more) == ["Add the field Title (text)."]


def test_a_link_to_a_workflow_that_is_not_there_is_refused(store: Store) -> None:
    put(store, FLOW)
    other = 'id = "o"\nname = "Other"\nstages = [{ name = "A" }]\n'
    link = 'links = [{ name = "Flows", to = "%s", back = "Others" }]'
    with pytest.raises(ConfigError, match=r"there is no workflow 'flw'\. Did you mean 'flow'\?"):
        put(store, other + link % "flw")
    with pytest.raises(ConfigError, match="leads to no workflow"):  # gone since the file was read
        planned(store, parse(other + link % "gone"))
    assert "o" not in store.read(lambda tx: workspace.catalog(store, tx)).workflows


@pytest.mark.parametrize("key", seed.KEYS)
def test_a_workspace_begun_with_one_workflow_can_be_exported_and_applied(store: Store, key: str) -> None:
    seed.local(store, key, with_examples=True)
    workflow = store.read(lambda tx: workspace.catalog(store, tx)).workflows[seed.KEYS[key]]
    assert put(store, export(workflow)) == []
