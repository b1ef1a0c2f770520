"""Comments, checklists, deleted users and the activity log, as the pages of the API show them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from fdtui.server.store import Store
from fdtui.server.store.keys import create_key
from tests.contract.conftest import NOW, put_workflow, serving

SCHOOL = """
id = "school"
name = "School"
fields = [{ name = "ID", type = "uniqueId" }, { name = "Name" }, { name = "Value", type = "currency" }]
people = [
    { id = "456def", email = "harry@hogwarts.com", first_name = "Harry", last_name = "Potter" },
    { id = "def456", email = "hermione@hogwarts.com", first_name = "Hermione", last_name = "Granger" },
]
[[stages]]
name = "Letter"
[[stages]]
name = "School Supplies"
checklist = ["Cloak", "Nimbus 2000 broomstick"]
"""
TASK = "/workflows/school/tasks/123"


@pytest.fixture
async def school(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    put_workflow(store, SCHOOL)
    async with serving(store) as running:
        body = {"ID": "123", "Name": "Harry"}
        assert (await running.client.post("/workflows/school/tasks", json=body)).status_code == 201
        yield running.client


async def test_a_comment_is_added_and_listed(school: httpx.AsyncClient) -> None:
    assert (await school.get(f"{TASK}/comments")).json() == []
    text = "@Ron Weasley This is an automated comment posted via API."
    made = await school.post(f"{TASK}/comments", json={"body": text})
    assert made.status_code == 201
    assert made.json() == {"author": "API", "body": text, "timestamp": "2020-01-15T12:00:00Z"}
    await school.post(f"{TASK}/comments", json={"body": "two\n\x1b[2J \u202e"})
    listed = (await school.get(f"{TASK}/comments")).json()
    assert [each["body"] for each in listed] == [text, "two\n\x1b[2J \u202e"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, {"body": ["is required"]}),
        ({"body": ""}, {"body": ["is required"]}),
        ({"body": 3}, {"body": ["is invalid"]}),
        ({"body": "a\0"}, {"body": ["is invalid"]}),
        ({"body": "x", "author": "Ron"}, {"author": ["is not a field of this workflow"]}),
    ],
)
async def test_what_is_no_comment(
    school: httpx.AsyncClient, body: dict[str, object], says: dict[str, list[str]]
) -> None:
    answer = await school.post(f"{TASK}/comments", json=body)
    assert (answer.status_code, answer.json()) == (422, {"errors": says})
    assert (await school.get(f"{TASK}/comments")).json() == []


async def test_a_template_comes_with_the_stage_once(school: httpx.AsyncClient) -> None:
    assert (await school.get(f"{TASK}/checklist_items")).json() == []
    for stage in ("School Supplies", "Letter", "School Supplies"):
        await school.put(TASK, json={"Stage": stage})
    items = (await school.get(f"{TASK}/checklist_items")).json()
    assert [{**each, "id": ""} for each in items] == [
        {
            "id": "",
            "title": title,
            "status": "Blank",
            "editable": False,
            "Assigned To": None,
            "Stage": "School Supplies",
        }
        for title in ("Cloak", "Nimbus 2000 broomstick")
    ]


async def test_items_of_ones_own(school: httpx.AsyncClient) -> None:
    items = f"{TASK}/checklist_items"
    body = {"Stage": "School Supplies", "title": "Wand (Phoenix Tail Core)"}
    made = await school.post(items, json=body)
    assert made.status_code == 201
    item = made.json()
    assert item == {
        "id": item["id"],
        "title": "Wand (Phoenix Tail Core)",
        "status": "Blank",
        "editable": True,
        "Assigned To": None,
        "Stage": "School Supplies",
    }
    path = f"{items}/{item['id']}"
    done = await school.put(path, json={"status": "Completed", "Assigned To": "harry@hogwarts.com"})
    assert done.json() == {**item, "status": "Completed", "Assigned To": "harry@hogwarts.com"}
    assert (await school.get(path)).json() == done.json()
    assert (await school.get(items, params={"Stage": "School Supplies"})).json() == [done.json()]
    assert (await school.get(items, params={"Stage": "Letter"})).json() == []
    assert (await school.put(path, json=done.json())).status_code == 200
    assert (await school.delete(path)).status_code == 204
    assert (await school.get(path)).status_code == 404
    assert (await school.delete(path)).status_code == 404


async def test_template_items_are_only_ticked(school: httpx.AsyncClient) -> None:
    await school.put(TASK, json={"Stage": "School Supplies"})
    [item, _] = (await school.get(f"{TASK}/checklist_items")).json()
    path = f"{TASK}/checklist_items/{item['id']}"
    assert (await school.delete(path)).status_code == 422
    for body in ({"title": "Hat"}, {"Stage": "Letter"}, {"editable": True}, {"id": "x"}):
        answer = await school.put(path, json=body)
        assert answer.status_code == 422
        assert answer.json() == {"errors": {next(iter(body)): ["is not editable"]}}
    assert (await school.put(path, json={"status": "Skipped"})).json()["status"] == "Skipped"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, {"title": ["is required"], "Stage": ["is required"]}),
        ({"title": "x", "Stage": "Nope"}, {"Stage": ["is not a stage of this workflow"]}),
        (
            {"title": "x", "Stage": "Letter", "status": "done"},
            {"status": ["is not one of Blank, Skipped, Completed"]},
        ),
        (
            {"title": "x", "Stage": "Letter", "Assigned To": "ron@hogwarts.com"},
            {"Assigned To": ["is not a user of this workflow"]},
        ),
        (
            {"title": 3, "Stage": ["x"]},
            {"title": ["is invalid"], "Stage": ["is not a stage of this workflow"]},
        ),
        ({"title": "x", "Stage": "Letter", "x": 1}, {"x": ["is not a field of this workflow"]}),
    ],
)
async def test_what_is_no_item(
    school: httpx.AsyncClient, body: dict[str, object], says: dict[str, list[str]]
) -> None:
    answer = await school.post(f"{TASK}/checklist_items", json=body)
    assert (answer.status_code, answer.json()) == (422, {"errors": says})


async def test_another_tasks_item_is_not_found(school: httpx.AsyncClient) -> None:
    await school.post("/workflows/school/tasks", json={"ID": "4", "Stage": "School Supplies"})
    [item, _] = (await school.get("/workflows/school/tasks/4/checklist_items")).json()
    path = f"{TASK}/checklist_items/{item['id']}"
    assert (await school.get(path)).status_code == 404
    assert (await school.put(path, json={"status": "Completed"})).status_code == 404
    assert (await school.delete(path)).status_code == 404


async def test_tasks_keep_the_email_of_a_deleted_user(school: httpx.AsyncClient) -> None:
    await school.put(TASK, json={"Assigned To": "harry@hogwarts.com"})
    assert (await school.delete("/workflows/school/users/456def")).status_code == 204
    assert (await school.delete("/workflows/school/users/456def")).status_code == 404
    assert (await school.get("/workflows/school/users/456def")).status_code == 404
    assert [each["id"] for each in (await school.get("/workflows/school/users")).json()] == ["def456"]
    assert (await school.get(TASK)).json()["Assigned To"] == "harry@hogwarts.com"
    answer = await school.post(
        "/workflows/school/tasks", json={"ID": "5", "Assigned To": "harry@hogwarts.com"}
    )
    assert answer.status_code == 422


async def test_everything_is_logged(school: httpx.AsyncClient) -> None:
    await school.put(TASK, json={"Name": "Harry", "Value": 3})
    await school.put(TASK, json={"Value": "3.00"})
    await school.put(TASK, json={"Stage": "School Supplies", "Assigned To": "harry@hogwarts.com"})
    await school.post(f"{TASK}/comments", json={"body": "hello"})
    item = (await school.get(f"{TASK}/checklist_items")).json()[0]
    await school.put(f"{TASK}/checklist_items/{item['id']}", json={"status": "Completed"})
    log = (await school.get(f"{TASK}/activity")).json()
    assert [(each["what"], each["before"], each["after"]) for each in log] == [
        ("task.created", {}, {"Stage": "Letter", "ID": "123", "Name": "Harry"}),
        ("task.updated", {"Value": None}, {"Value": "3.00"}),
        (
            "task.updated",
            {"Stage": "Letter", "Assigned To": None},
            {"Stage": "School Supplies", "Assigned To": "harry@hogwarts.com"},
        ),
        ("comment.created", {}, {"body": "hello"}),
        ("checklist.updated", {"status": "Blank"}, {"title": "Cloak", "status": "Completed"}),
    ]
    assert {(each["who"], each["task_id"]) for each in log} == {("test", "123")}
    assert {each["timestamp"] for each in log} == {"2020-01-15T12:00:00.000000Z"}
    await school.delete(TASK)
    assert (await school.get(f"{TASK}/activity")).status_code == 404
    whole = (await school.get("/workflows/school/activity", params={"since": log[-1]["id"]})).json()
    assert [each["what"] for each in whole] == ["task.deleted"]
    assert whole[0]["before"]["Name"] == "Harry"


async def test_since_a_moment(school: httpx.AsyncClient) -> None:
    path = "/workflows/school/activity"
    assert len((await school.get(path, params={"since": "2020-01-15T12:00:00Z"})).json()) == 1
    assert len((await school.get(f"{path}?since=2020-01-15T13:00:00+01:00")).json()) == 1
    assert (await school.get(path, params={"since": "2020-01-15T12:00:01Z"})).json() == []
    assert (await school.get(path, params={"since": "yesterday"})).status_code == 422
    assert (await school.get(path, params={"until": "3"})).status_code == 422


async def test_a_refused_change_is_not_logged(school: httpx.AsyncClient) -> None:
    assert (await school.put(TASK, json={"Name": 3})).status_code == 422
    assert len((await school.get(f"{TASK}/activity")).json()) == 1


async def test_one_person_has_one_name_everywhere(store: Store) -> None:
    """A comment, a change, a checklist item, an execution and an end of a user say who acts alike."""
    ada = "hermione@hogwarts.com"
    put_workflow(store, SCHOOL + '[[actions]]\nid = "go"\nname = "Go"\n')
    async with serving(store) as running:
        api, runs = running.client, "/workflows/school/executions"
        await api.post("/workflows/school/tasks", json={"ID": "123", "Name": "Harry"})
        for given, who, author in (
            ({"Performed-By": ada}, ada, ada),
            ({"Performed-By": "nobody@else.org"}, "test", "API"),
            ({}, "test", "API"),
        ):
            headers: dict[str, str] = dict(given)
            item = {"title": f"Wand of {who}", "Stage": "Letter"}
            answers = [
                await api.put(TASK, json={"Name": f"By {given}"}, headers=headers),
                await api.post(f"{TASK}/comments", json={"body": "hi"}, headers=headers),
                await api.post(f"{TASK}/checklist_items", json=item, headers=headers),
                await api.post(runs, json={"task_id": "123", "action_id": "go"}, headers=headers),
            ]
            assert [each.status_code for each in answers] == [200, 201, 201, 201]
            assert answers[1].json()["author"] == author
            log = (await api.get(f"{TASK}/activity")).json()[-4:]
            assert [each["who"] for each in log] == [who] * 4
        body = {"task_id": "123", "action_id": "go", "performed_by": ada}
        assert (await api.post(runs, json=body)).status_code == 201
        assert (await api.get(f"{TASK}/activity")).json()[-1]["who"] == ada
        gone = await api.delete("/workflows/school/users/456def", headers={"Performed-By": ada})
        assert gone.status_code == 204
        assert (await api.get("/workflows/school/activity")).json()[-1]["who"] == ada


async def test_a_key_of_a_person_is_that_person(store: Store) -> None:
    put_workflow(store, SCHOOL)
    email = "harry@hogwarts.com"
    headers = {"Authorization": f"Bearer {create_key(store, email, now=NOW)}"}
    async with serving(store) as running:
        api = running.client
        await api.post("/workflows/school/tasks", json={"ID": "123"}, headers=headers)
        said = await api.post(f"{TASK}/comments", json={"body": "hi"}, headers=headers)
        assert said.json()["author"] == email
        assert {each["who"] for each in (await api.get(f"{TASK}/activity")).json()} == {email}
