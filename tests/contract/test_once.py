"""``Idempotency-Key``: repeated requests are answered as at first, and done once, on both databases."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import create_engine

from fdtui.server import seed
from fdtui.server.answers.operations import ONCE, OPERATIONS
from fdtui.server.execution.http_client import FetchedFile, OutboundError
from fdtui.server.http import openapi
from fdtui.server.http.app import create_app
from fdtui.server.store import Store, kept_answers, open_store
from fdtui.server.store.backups import back_up, restore
from fdtui.server.store.keys import create_key, revoke_key
from fdtui.server.store.migrations import STEPS, migrate
from tests.contract.conftest import NOW, TASKS, Served, put_workflow
from tests.contract.judge import judge

BARE = "/workflows/counted/tasks"
COUNTED = """
id = "counted"
name = "Counted"
stages = [{ name = "Open" }]
fields = [{ name = "No", type = "uniqueId", autoincrement = true }, { name = "Name" }]
"""
COMMENTS, ITEMS = f"{TASKS}/42/comments", f"{TASKS}/42/checklist_items"
RUNS = "/workflows/2ylSaZ/executions"


class Hands:
    """A clock that a test can set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@contextlib.asynccontextmanager
async def calling(
    store: Store, key: str, clock: Hands, **options: object
) -> AsyncIterator[httpx.AsyncClient]:
    """A client with ``key`` of a server of its own over ``store``."""
    app = create_app(store, clock=clock, **options)  # type: ignore[arg-type]
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://flowdash.test/api/v1",
        headers=headers,
        event_hooks={"response": [judge]},
    ) as client:
        yield client


@pytest.fixture
def clock() -> Hands:
    return Hands()


async def said(api: httpx.AsyncClient, address: str) -> list[dict[str, object]]:
    answer: list[dict[str, object]] = (await api.get(address)).json()
    return answer


def once(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


async def offered(api: httpx.AsyncClient) -> tuple[str, str]:
    """A task and an action that can be run on it."""
    for row in (await api.get(TASKS)).json():
        uid = row["Company ID"]
        for action in (await api.get(f"{TASKS}/{uid}/actions")).json():
            body = {"task_id": uid, "action_id": action["id"]}
            if (await api.post(RUNS, json=body)).status_code == 201:
                return str(uid), action["id"]
    raise AssertionError("no action can be run")


def is_the_same(first: httpx.Response, again: httpx.Response) -> bool:
    """Whether ``again`` is the answer ``first``, marked as repeated."""
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    mine = {name: value for name, value in again.headers.items() if name != "idempotency-replayed"}
    return (again.status_code, again.content, mine) == (
        first.status_code,
        first.content,
        dict(first.headers),
    )


@pytest.mark.parametrize(
    ("address", "body"),
    [
        (BARE, {"Name": "Once Ltd"}),
        (COMMENTS, {"body": "hello"}),
        (ITEMS, {"title": "Call them", "Stage": "Not Started"}),
    ],
)
async def test_the_same_again_is_the_first_answer(
    served: Served, address: str, body: dict[str, str]
) -> None:
    put_workflow(served.store, COUNTED)
    api = served.client
    before = len(await said(api, address))
    first = await api.post(address, json=body, headers=once("a key"))
    assert first.status_code == 201
    assert "etag" in first.headers
    for _ in range(2):
        assert is_the_same(first, await api.post(address, json=body, headers=once("a key")))
    assert len(await said(api, address)) == before + 1
    other = await api.post(address, json=body, headers=once("another"))
    assert (other.status_code, len(await said(api, address))) == (201, before + 2)
    await api.post(address, json=body)
    await api.post(address, json=body)
    assert len(await said(api, address)) == before + 4


async def test_an_execution_is_started_once(api: httpx.AsyncClient) -> None:
    uid, action = await offered(api)
    body = {"task_id": uid, "action_id": action}
    first = await api.post(RUNS, json=body, headers=once("run"))
    assert first.status_code == 201
    assert is_the_same(first, await api.post(RUNS, json=body, headers=once("run")))
    ids = [each["id"] for each in (await api.get(RUNS, params={"task_id": uid})).json()]
    assert ids.count(first.json()["id"]) == 1
    assert len(ids) == 2  # the one that `offered` tried, and ours


async def test_a_change_by_post_is_done_once(api: httpx.AsyncClient) -> None:
    body = {"Company ID": 42, "Company Name": "Mine"}
    first = await api.post(TASKS, json=body, headers=once("x"))
    assert first.status_code == 200
    await api.put(TASKS, json={"Company ID": 42, "Company Name": "Theirs"})
    assert is_the_same(first, await api.post(TASKS, json=body, headers=once("x")))
    assert (await api.get(f"{TASKS}/42")).json()["Company Name"] == "Theirs"


async def test_the_answer_outlives_what_was_made(api: httpx.AsyncClient) -> None:
    body = {"Company ID": 777, "Company Name": "Short"}
    first = await api.post(TASKS, json=body, headers=once("x"))
    assert (await api.delete(f"{TASKS}/{first.json()['Company ID']}")).status_code == 204
    assert is_the_same(first, await api.post(TASKS, json=body, headers=once("x")))


@pytest.mark.parametrize("address", [COMMENTS, BARE])
async def test_another_body_is_refused(served: Served, address: str) -> None:
    put_workflow(served.store, COUNTED)
    api, field = served.client, "body" if address == COMMENTS else "Name"
    await api.post(address, json={field: "one"}, headers=once("x"))
    before = await said(api, address)
    answer = await api.post(address, json={field: "two"}, headers=once("x"))
    assert answer.status_code == 422
    assert answer.json() == {
        "errors": ["This Idempotency-Key was sent before with another body, so nothing was done."]
    }
    assert await said(api, address) == before


async def test_the_address_is_part_of_it_however_it_is_spelled(api: httpx.AsyncClient) -> None:
    first = await api.post(COMMENTS, json={"body": "hi"}, headers=once("x"))
    elsewhere = await api.post(f"{TASKS}/43/comments", json={"body": "hi"}, headers=once("x"))
    assert (elsewhere.status_code, elsewhere.headers.get("idempotency-replayed")) == (201, None)
    spelled = await api.post(f"{TASKS}/%34%32/comments", json={"body": "hi"}, headers=once("x"))
    assert is_the_same(first, spelled)


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "caf\u00e9", "a\tb", "\x7f"])
async def test_what_is_no_key_is_refused(api: httpx.AsyncClient, key: str) -> None:
    headers = [(b"Idempotency-Key", key.encode("latin-1"))]
    before = await said(api, COMMENTS)
    answer = await api.post(COMMENTS, json={"body": "no"}, headers=headers)
    assert answer.status_code == 400
    assert "1 to 255 printable ASCII" in answer.json()["errors"][0]
    assert await said(api, COMMENTS) == before


async def test_two_keys_are_refused_and_the_longest_is_taken(api: httpx.AsyncClient) -> None:
    both = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    assert (await api.post(COMMENTS, json={"body": "no"}, headers=both)).status_code == 400
    longest = once('"' + "~ " * 127)
    assert (await api.post(COMMENTS, json={"body": "x"}, headers=longest)).status_code == 201


async def test_what_was_refused_is_judged_again(api: httpx.AsyncClient) -> None:
    body = {"Company ID": 777_777, "Company Name": "Late"}
    strict = {**once("x"), "If-Match": '"none"'}
    assert (await api.post(TASKS, json=body, headers=strict)).status_code == 412
    made = await api.post(TASKS, json=body, headers=once("x"))
    assert (made.status_code, "idempotency-replayed" in made.headers) == (201, False)
    only_new = {**once("x"), "If-None-Match": "*"}
    assert is_the_same(made, await api.post(TASKS, json=body, headers=only_new))
    wrong = await api.post(COMMENTS, json={"body": ""}, headers=once("y"))
    assert wrong.status_code == 422
    assert (await api.post(COMMENTS, json={"body": "right"}, headers=once("y"))).status_code == 201


async def test_after_a_day_it_is_forgotten(store: Store, clock: Hands) -> None:
    seed.fill(store)
    async with calling(store, create_key(store, "me", now=NOW), clock) as api:
        first = await api.post(COMMENTS, json={"body": "hi"}, headers=once("x"))
        clock.now = NOW + timedelta(hours=23, minutes=59, seconds=59)
        assert is_the_same(first, await api.post(COMMENTS, json={"body": "hi"}, headers=once("x")))
        clock.now = NOW + timedelta(hours=24)
        for body, status in (("other", 201), ("hi", 422)):
            answer = await api.post(COMMENTS, json={"body": body}, headers=once("x"))
            assert answer.status_code == status
            assert "idempotency-replayed" not in answer.headers
    assert kept_count(store) == 1


def kept_count(store: Store) -> int:
    return int(
        store.read(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM kept_answers").scalar() or 0)
    )


async def test_old_answers_do_not_pile_up(store: Store, clock: Hands) -> None:
    seed.fill(store)
    count = 2 * kept_answers.SWEEP_AT_MOST
    async with calling(store, create_key(store, "me", now=NOW), clock) as api:
        for number in range(count):
            await api.post(COMMENTS, json={"body": "hi"}, headers=once(f"old {number}"))
        assert kept_count(store) == count
        clock.now = NOW + timedelta(days=1)
        await api.post(COMMENTS, json={"body": "hi"}, headers=once("one"))
        assert kept_count(store) == count - kept_answers.SWEEP_AT_MOST + 1
        for number in range(kept_answers.SWEEP_EVERY):
            await api.post(COMMENTS, json={"body": "hi"}, headers=once(f"new {number}"))
        assert kept_count(store) == kept_answers.SWEEP_EVERY + 1


async def test_nobody_is_shown_the_answer_of_another(store: Store, clock: Hands) -> None:
    seed.fill(store)
    flows = ["2ylSaZ"]
    made = [create_key(store, "me", now=NOW) for _ in range(2)]  # of one name, as it may be
    limited = create_key(store, "limited", now=NOW, workflows=flows)
    strangers = create_key(store, "elsewhere", now=NOW, workflows=["other"])
    reader = create_key(store, "reader", now=NOW, read_only=True)
    sent, headers = {"body": "hi"}, once("the same")
    async with contextlib.AsyncExitStack() as stack:
        mine, other, few, foreign, reading = [
            await stack.enter_async_context(calling(store, key, clock))
            for key in (*made, limited, strangers, reader)
        ]
        first = await mine.post(COMMENTS, json=sent, headers=headers)
        for each in (other, few):
            answer = await each.post(COMMENTS, json=sent, headers=headers)
            assert (answer.status_code, answer.headers.get("idempotency-replayed")) == (201, None)
        assert (await foreign.post(COMMENTS, json=sent, headers=headers)).status_code == 404
        assert (await reading.post(COMMENTS, json=sent, headers=headers)).status_code == 403
        for person in ("ada@example.com", "grace@example.com"):
            named = {**headers, "Performed-By": person}
            answer = await mine.post(COMMENTS, json=sent, headers=named)
            assert (answer.status_code, answer.headers.get("idempotency-replayed")) == (201, None)
        assert is_the_same(first, await mine.post(COMMENTS, json=sent, headers=headers))
        assert revoke_key(store, made[0].split("_")[1])
        assert (await mine.post(COMMENTS, json=sent, headers=headers)).status_code == 401


async def test_the_address_with_a_secret_keeps_answers_too(store: Store, clock: Hands) -> None:
    seed.fill(store)
    tokens = [
        create_key(store, "form", now=NOW, workflows=["counted"], kind="webhook") for _ in range(2)
    ]
    put_workflow(store, COUNTED)
    body = {"Name": "From a form"}
    key = create_key(store, "me", now=NOW)
    async with calling(store, "", clock) as web, calling(store, key, clock) as api:
        before = len(await said(api, BARE))
        first = await web.post(f"/workflows/{tokens[0]}/tasks", json=body, headers=once("x"))
        again = await web.post(f"/workflows/{tokens[0]}/tasks", json=body, headers=once("x"))
        assert first.status_code == 200
        assert is_the_same(first, again)
        assert len(await said(api, BARE)) == before + 1
        other = await web.post(f"/workflows/{tokens[1]}/tasks", json=body, headers=once("x"))
        assert "idempotency-replayed" not in other.headers
        assert len(await said(api, BARE)) == before + 2
    rows = store.read(lambda tx: tx.exec_driver_sql("SELECT * FROM kept_answers").all())
    assert len(rows) == 2
    assert not any(token in repr(row) for token in tokens for row in rows)


async def test_many_at_once_are_done_once(store: Store, clock: Hands) -> None:
    seed.fill(store)
    key = create_key(store, "me", now=NOW)
    async with calling(store, key, clock) as one, calling(store, key, clock) as other:
        for round_ in range(10):
            answers = await asyncio.gather(
                *(
                    api.post(COMMENTS, json={"body": f"round {round_}"}, headers=once(f"{round_}"))
                    for api in (one, other) * 10
                )
            )
            assert {each.status_code for each in answers} == {201}
            assert sum("idempotency-replayed" in each.headers for each in answers) == 19
        bodies = Counter(str(each["body"]) for each in await said(one, COMMENTS))
        assert [bodies[f"round {round_}"] for round_ in range(10)] == [1] * 10


async def test_every_answer_says_that_keys_are_kept(api: httpx.AsyncClient) -> None:
    stranger = {"Authorization": "Bearer nobody"}
    for answer in (
        await api.get("/workspace"),
        await api.get("/nothing"),
        await api.get("/workspace", headers=stranger),
        await api.put(TASKS, json={"Company ID": 42, "Company Name": "x"}),
    ):
        assert answer.headers["idempotency-kept-for"] == "86400"


async def test_a_key_is_no_matter_where_a_repeat_does_no_harm(served: Served) -> None:
    body = {"Company ID": 42, "Company Name": "x"}
    for _ in range(2):
        answer = await served.client.put(TASKS, json=body, headers=once("\x7f"))
        assert (answer.status_code, "idempotency-replayed" in answer.headers) == (200, False)
    assert kept_count(served.store) == 0


async def test_what_a_backup_holds_of_it_comes_back_with_it(tmp_path: Path, clock: Hands) -> None:
    url, copy = f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "copy.db"
    store = open_store(url)
    seed.fill(store)
    async with calling(store, create_key(store, "me", now=NOW), clock) as api:
        first = await api.post(COMMENTS, json={"body": "before"}, headers=once("before"))
        await asyncio.to_thread(back_up, url, copy)
        count = len(await said(api, COMMENTS))
        await api.post(COMMENTS, json={"body": "after"}, headers=once("after"))
        await asyncio.to_thread(restore, copy, url, now=NOW)
        assert len(await said(api, COMMENTS)) == count
        again = await api.post(COMMENTS, json={"body": "before"}, headers=once("before"))
        assert is_the_same(first, again)
        made = await api.post(COMMENTS, json={"body": "after"}, headers=once("after"))
        assert "idempotency-replayed" not in made.headers
        assert [each["body"] for each in await said(api, COMMENTS)][count - 1 :] == ["before", "after"]
    store.close()


async def test_a_database_from_before_gets_the_table(tmp_path: Path, clock: Hands) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    before = [step for step in STEPS if "kept_answers" not in step[0]][:3]
    engine = create_engine(url)
    for _ in before:
        with engine.begin() as connection:
            assert migrate(connection, before)
    engine.dispose()
    store = open_store(url)
    seed.fill(store)
    async with calling(store, create_key(store, "me", now=NOW), clock) as api:
        first = await api.post(COMMENTS, json={"body": "hi"}, headers=once("x"))
        assert is_the_same(first, await api.post(COMMENTS, json={"body": "hi"}, headers=once("x")))
    store.close()


async def test_a_remote_file_is_not_fetched_again_for_a_repeat(store: Store, clock: Hands) -> None:
    seed.fill(store)
    asked = list[str]()

    def fetch(url: str, *_: object, **__: object) -> FetchedFile:
        asked.append(url)
        if len(asked) > 1:
            raise OutboundError("gone")
        return FetchedFile(200, {"content-type": "text/plain"}, b"text")

    body = {"Company ID": "42", "Documents": [{"remoteUrl": "https://files.example.com/a.txt"}]}
    async with calling(store, create_key(store, "me", now=NOW), clock, fetch=fetch) as api:
        first = await api.post(TASKS, json=body, headers=once("x"))
        assert first.status_code == 200, first.text
        assert is_the_same(first, await api.post(TASKS, json=body, headers=once("x")))
    assert len(asked) == 1


async def test_an_export_is_begun_once(served: Served) -> None:
    address, days = "/workflows/2ylSaZ/analytics/exports", {"start_date": "2020-01-01"}
    whole = {**days, "end_date": "2020-02-01"}
    first = await served.client.post(address, json=whole, headers=once("x"))
    assert first.status_code == 201
    assert is_the_same(first, await served.client.post(address, json=whole, headers=once("x")))
    count = served.store.read(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM jobs").scalar())
    assert count == 1


def test_every_post_of_the_document_takes_a_key() -> None:
    posts = [each for (method, _), each in OPERATIONS.items() if method == "POST"]
    assert posts
    assert all(ONCE in each.parameters for each in posts)
    others = [each for (method, _), each in OPERATIONS.items() if method != "POST"]
    assert not any(ONCE in each.parameters for each in others)


def test_the_headers_of_answers_are_in_the_document() -> None:
    document = openapi.document()
    post = document["paths"]["/workflows/{workflow}/tasks"]["post"]["responses"]
    assert set(post["201"]["headers"]) == {"Idempotency-Kept-For", "Idempotency-Replayed"}
    for answers in (post["201"], document["paths"]["/workspace"]["get"]["responses"]["200"]):
        for each in answers["headers"].values():
            assert each["$ref"].rpartition("/")[2] in document["components"]["headers"]
