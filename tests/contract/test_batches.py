"""Many tasks in one request: each as if it came alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from fdtui.server import task_batch
from fdtui.server.store import Store
from fdtui.server.store.activity import Actor
from fdtui.server.store.keys import create_key
from tests.contract.conftest import HOGWARTS, NOW, put_workflow, serving
from tests.contract.test_lists import LISTED, OF_LISTED

COUNTED = """
id = "cOunted"
name = "Counted"
stages = [{ name = "New", checklist = ["Call", "Write"] }, { name = "Done", end = true }]
fields = [
    { id = "no", name = "No", type = "uniqueId", autoincrement = true },
    { id = "txt", name = "Text", required = true },
]
"""
OF_COUNTED = "/workflows/cOunted/tasks"


@pytest.fixture
async def api(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    for toml in (LISTED, COUNTED, *HOGWARTS):
        put_workflow(store, toml)
    async with serving(store) as running:
        yield running.client


async def sent(api: httpx.AsyncClient, path: str, items: list[Any], **headers: str) -> list[Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = await api.post(f"{path}/batch", json={"tasks": items}, headers=named)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["results"])


async def test_each_is_created_changed_or_refused_alone(api: httpx.AsyncClient) -> None:
    await api.post(OF_LISTED, json={"No": "1", "Text": "old", "Sum": "5"})
    file = {"filename": "x", "contentType": "text/plain", "base64contents": "eA=="}
    items: list[Any] = [
        {"No": "2", "Sum": 1},
        {"No": "1", "Text": "new"},
        {"No": "3", "Sum": "much", "Stage": "Nowhere"},
        {"Text": "without"},
        {"No": "2", "Text": "again"},
        {"No": "1", "Sum": "much"},
        "no task",
        {"No": "4", "Docs": [file]},
        {"No": "5", "Docs": [{"remoteUrl": "https://example.com/x"}]},
        {"No": "6", "Stage": "Done", "Assigned To": "ADA@example.com"},
    ]
    assert await sent(api, OF_LISTED, items) == [
        {"status": 201, "task_id": "2"},
        {"status": 200, "task_id": "1"},
        {
            "status": 422,
            "task_id": "3",
            "errors": {"Sum": ["is invalid"], "Stage": ["is not a stage of this workflow"]},
        },
        {"status": 422, "task_id": None, "errors": {"No": ["is required"]}},
        {"status": 200, "task_id": "2"},
        {"status": 422, "task_id": "1", "errors": {"Sum": ["is invalid"]}},
        {"status": 400, "task_id": None, "errors": ["A task is sent as one JSON object."]},
        {"status": 201, "task_id": "4"},
        {"status": 422, "task_id": "5", "errors": {"Docs": ["is invalid"]}},
        {"status": 201, "task_id": "6"},
    ]
    rows = {each["No"]: each for each in (await api.get(OF_LISTED)).json()}
    assert list(rows) == ["1", "2", "4", "6"]
    assert (rows["1"]["Text"], rows["1"]["Sum"]) == ("new", "5.00")
    assert (rows["2"]["Text"], rows["2"]["Sum"], rows["2"]["Stage"]) == ("again", "1.00", "New")
    assert (await api.get(f"/files/{rows['4']['Docs'][0]['blobId']}")).content == b"x"
    assert (rows["6"]["Stage"], rows["6"]["Assigned To"]) == ("Done", "Ada@Example.com")


async def test_what_a_batch_leaves_is_what_single_requests_leave(api: httpx.AsyncClient) -> None:
    async def told(since: str) -> tuple[Any, Any]:
        log = (await api.get("/workflows/lIsted/activity")).json()
        changes = (await api.get(f"/workflows/lIsted/changes?since={since}")).json()
        news = [{k: v for k, v in each.items() if k != "Task URL"} for each in changes["tasks"]]
        entries = [{k: v for k, v in each.items() if k != "id"} for each in log]
        return entries, (news, changes["deleted"], changes["reset"])

    items = [{"No": str(n), "Text": f"t{n}", "Ok": n == 1} for n in range(3)]
    since = (await api.get(OF_LISTED)).headers["changes-token"]
    for each in items:
        await api.post(OF_LISTED, json=each)
    log, news = await told(since)
    since = (await api.get(OF_LISTED)).headers["changes-token"]
    for each in items:
        await api.delete(f"{OF_LISTED}/{each['No']}")
    since = (await api.get(OF_LISTED)).headers["changes-token"]
    await sent(api, OF_LISTED, items)
    log_of_batch, news_of_batch = await told(since)
    assert (log_of_batch[-3:], news_of_batch) == (log, news)


async def test_numbers_are_given_in_order_and_none_twice(api: httpx.AsyncClient) -> None:
    await api.post(OF_COUNTED, json={"Text": "one"})
    for _ in range(2):
        found = await sent(api, OF_COUNTED, [{"Text": "a"}, {}, {"Text": "b"}, {"No": "1", "Text": "c"}])
        assert [each["status"] for each in found] == [201, 422, 201, 200]
    assert (await api.post(OF_COUNTED, json={"Text": "last"})).json()["No"] == "6"
    rows = (await api.get(OF_COUNTED)).json()
    assert [each["No"] for each in rows] == ["1", "2", "3", "4", "5", "6"]
    items = (await api.get(f"{OF_COUNTED}/3/checklist_items")).json()
    assert [each["title"] for each in items] == ["Call", "Write"]


async def test_links_come_in_their_place(api: httpx.AsyncClient) -> None:
    wizards = [{"Wizard ID": n, "First Name": "W"} for n in (1, 2)]
    await sent(api, "/workflows/wIz4rd/tasks", wizards)
    houses = [
        {"House ID": 1, "Wizards": [{"Wizard ID": 1}, {"Wizard ID": 2}]},
        {"House ID": 2, "Ally": [{"House ID": 1}]},
        {"House ID": 3, "Wizards": [{"Wizard ID": 9}]},
    ]
    found = await sent(api, "/workflows/hOu5es/tasks", houses)
    assert [each["status"] for each in found] == [201, 201, 422]
    rows = (await api.get("/workflows/hOu5es/tasks")).json()
    assert [len(each["Wizards"]) for each in rows] == [2, 0]
    assert rows[1]["Ally"][0]["House ID"] == 1


async def test_a_repeated_batch_is_not_done_again(api: httpx.AsyncClient) -> None:
    items = [{"Text": "a"}, {"Text": "b"}]
    first = await sent(api, OF_COUNTED, items, Idempotency_Key="k")
    assert await sent(api, OF_COUNTED, items, Idempotency_Key="k") == first
    assert len((await api.get(OF_COUNTED)).json()) == 2


async def test_if_none_match_only_creates(api: httpx.AsyncClient) -> None:
    await api.post(OF_LISTED, json={"No": "1", "Text": "old"})
    found = await sent(api, OF_LISTED, [{"No": "1", "Text": "new"}, {"No": "2"}], If_None_Match="*")
    assert [each["status"] for each in found] == [412, 201]
    assert (await api.get(f"{OF_LISTED}/1")).json()["Text"] == "old"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"tasks": {}}, 422),
        ({"tasks": [], "x": 1}, 422),
        ({"tasks": [{}] * 1001}, 413),
        ({"tasks": []}, 200),
    ],
)
async def test_a_batch_has_a_shape(api: httpx.AsyncClient, body: Any, status: int) -> None:
    assert (await api.post(f"{OF_LISTED}/batch", json=body)).status_code == status
    assert (await api.get(OF_LISTED)).json() == []


async def test_a_task_may_be_named_batch(api: httpx.AsyncClient) -> None:
    await sent(api, OF_LISTED, [{"No": "batch"}])
    assert (await api.put(f"{OF_LISTED}/batch", json={"Text": "x"})).status_code == 200
    assert (await api.get(f"{OF_LISTED}/batch")).json()["Text"] == "x"
    assert (await api.delete(f"{OF_LISTED}/batch")).status_code == 204


async def test_a_batch_needs_what_a_write_needs(store: Store, api: httpx.AsyncClient) -> None:
    for options, status in (
        ({"read_only": True}, 403),
        ({"workflows": ["wIz4rd"]}, 404),
    ):
        key = create_key(store, "other", now=NOW, **options)  # type: ignore[arg-type]
        headers = {"Authorization": f"Bearer {key}"}
        body = {"tasks": [{"No": "1"}]}
        answer = await api.post(f"{OF_LISTED}/batch", json=body, headers=headers)
        assert answer.status_code == status
    # who may not know of houses cannot link with one
    key = create_key(store, "one", now=NOW, workflows=["wIz4rd"])
    body = {"tasks": [{"Wizard ID": 1, "House": {"House ID": 1}}]}
    path = "/workflows/wIz4rd/tasks/batch"
    answer = await api.post(path, json=body, headers={"Authorization": f"Bearer {key}"})
    [told] = answer.json()["results"]
    assert (told["status"], told["errors"]) == (422, {"House": ["is not a field of this workflow"]})


def test_a_workspace_is_filled_without_http(store: Store) -> None:
    put_workflow(store, LISTED)
    rows = ({"No": str(n % 2_500), "Text": f"t{n}"} for n in range(2_600))
    results = task_batch.fill(store, "lIsted", rows, lambda: Actor("me", NOW), base_url="http://x")
    assert next(results).status == 201
    assert [each.status for each in results] == [201] * 2_499 + [200] * 100


COMMENT = {"author": "Ada", "timestamp": "2021-06-22T22:39:48Z", "body": "said before"}
ITEM = {"title": "Call", "status": "Completed", "Stage": "New"}


async def batch(api: httpx.AsyncClient, path: str, **body: Any) -> Any:
    answer = await api.post(f"{path}/batch", json=body)
    return answer.json() if answer.status_code == 200 else answer.status_code


async def test_tasks_bring_their_comments_and_checklists_once(api: httpx.AsyncClient) -> None:
    tasks: list[Any] = [{"Text": "a"}, {"Text": "b"}, {"Text": "c"}]
    more = {"title": "More", "Assigned To": None, "editable": True}
    given = [{"comments": [COMMENT, {"body": "now"}], "checklist": [ITEM, more]}, None]
    told = await batch(api, OF_COUNTED, tasks=tasks, belongings=given)
    assert [each["status"] for each in told["results"]] == [201, 201, 201]
    again = await batch(api, OF_COUNTED, tasks=[{"No": "1"}], belongings=given[:1])
    assert again["results"] == [{"status": 200, "task_id": "1"}]
    said = (await api.get(f"{OF_COUNTED}/1/comments")).json()
    assert said[0] == COMMENT
    assert [each["body"] for each in said] == ["said before", "now"]
    items = (await api.get(f"{OF_COUNTED}/1/checklist_items")).json()
    assert [(each["title"], each["status"], each["editable"]) for each in items] == [
        ("Call", "Completed", False),
        ("Write", "Blank", False),
        ("More", "Blank", True),
    ]
    assert (await api.get(f"{OF_COUNTED}/2/comments")).json() == []


async def test_what_a_task_brings_is_judged_with_it(api: httpx.AsyncClient) -> None:
    wrong: list[Any] = [
        {"comments": [{"body": ""}]},
        {"comments": [{**COMMENT, "timestamp": "then"}]},
        {"comments": [{**COMMENT, "more": 1}]},
        {"checklist": [{"title": "x", "status": "Half"}]},
        {"checklist": [{"title": "x", "Stage": "Nowhere"}]},
        {"checklist": [{"title": "x", "Assigned To": "a@b.example"}]},
        {"checklist": {}},
        {"more": []},
        "text",
    ]
    tasks = [{"Text": "a"} for _ in wrong]
    told = await batch(api, OF_COUNTED, tasks=tasks, belongings=wrong)
    assert [each["status"] for each in told["results"]] == [422] * len(wrong)
    assert (await api.get(OF_COUNTED)).json() == []
    assert await batch(api, OF_COUNTED, tasks=[], belongings=[None]) == 422
    assert await batch(api, OF_COUNTED, tasks=[], restore=1) == 422


async def test_a_rehearsed_batch_tells_the_same_and_leaves_nothing(api: httpx.AsyncClient) -> None:
    body = {"tasks": [{"Text": "a"}, {}], "belongings": [{"comments": [COMMENT]}]}
    tried = await batch(api, OF_COUNTED, **body, dry_run=True)
    assert (await api.get(OF_COUNTED)).json() == []
    assert tried == await batch(api, OF_COUNTED, **body)
    assert [each["No"] for each in (await api.get(OF_COUNTED)).json()] == ["1"]


async def test_what_is_restored_keeps_its_number(api: httpx.AsyncClient) -> None:
    refused = await batch(api, OF_COUNTED, tasks=[{"No": "7", "Text": "a"}])
    assert refused["results"][0]["errors"] == {"No": ["is not editable"]}
    told = await batch(api, OF_COUNTED, tasks=[{"No": "7"}, {"Text": "b"}, {"No": "x"}], restore=True)
    assert [each["task_id"] for each in told["results"]] == ["7", "8", "x"]
    assert (await api.post(OF_COUNTED, json={"Text": "c"})).json()["No"] == "9"
