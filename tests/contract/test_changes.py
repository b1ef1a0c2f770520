"""The change feed: complete, in order, seen by nobody who may not, and cheap to wait for."""

from __future__ import annotations

import asyncio
import json
import signal
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as futures_wait
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from fdtui.server import data_sync, feed_tokens, workflow_apply
from fdtui.server.store import Store, backups, changes, open_store, tasks, workspace
from fdtui.server.store.activity import Actor
from fdtui.server.store.engines import connections, parse_url
from fdtui.server.store.keys import create_key, list_keys, revoke_key
from fdtui.server.store.migrations import STEPS, migrate
from fdtui.server.task_service import TaskService
from fdtui.server.workflow.definition import parse, tables_of
from tests.contract.conftest import HOGWARTS, NOW, TASKS, Served, put_workflow, serving
from tests.contract.test_serve import running

FEED = "/workflows/2ylSaZ/changes"
NOTHING = {"tasks": [], "deleted": [], "reset": False, "workflow": False}


class Follower:
    """A client that keeps a copy of a workflow: the list once, and then only what changed."""

    def __init__(self, client: httpx.AsyncClient, flow: str = "2ylSaZ", uid: str = "Company ID") -> None:
        self.client, self.flow, self.uid = client, f"/workflows/{flow}", uid
        self.rows: dict[str, Any] = {}
        self.token, self.told = "", 0

    async def read(self) -> None:
        answer = await self.client.get(f"{self.flow}/tasks")
        self.rows = {str(row[self.uid]): row for row in answer.json()}
        self.token = answer.headers["changes-token"]

    async def ask(self, wait: float = 0, **headers: str) -> dict[str, Any]:
        """What the feed answers now, which is taken into the copy."""
        query = {"since": self.token, **({"wait": wait} if wait else {})}
        answer = await self.client.get(f"{self.flow}/changes", params=query, headers=headers, timeout=60)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        self.token, self.told = told.pop("next"), len(answer.content)
        for uid in told["deleted"]:
            self.rows.pop(uid, None)
        self.rows.update({str(row[self.uid]): row for row in told["tasks"]})
        return told

    async def check(self) -> None:
        """The copy is what the list says."""
        before = self.rows
        await self.ask()
        kept = dict(self.rows)
        await self.read()
        assert kept == self.rows, (before, kept)


async def follow(client: httpx.AsyncClient, *args: str) -> Follower:
    made = Follower(client, *args)
    await made.read()
    return made


def uids(told: dict[str, Any]) -> list[str]:
    return [row["Company ID"] for row in told["tasks"]]


async def test_what_changed_is_told_once_and_as_the_list_has_it(api: httpx.AsyncClient) -> None:
    here = await follow(api)
    assert await here.ask() == NOTHING
    assert (await api.put(f"{TASKS}/42", json={"Number of Employees": 7})).status_code == 200
    made = await api.post(TASKS, json={"Company ID": "new", "Company Name": "New"})
    assert made.status_code == 201
    told = await here.ask()
    assert (uids(told), told["deleted"]) == (["42", "new"], [])
    assert await here.ask() == NOTHING
    assert (await api.delete(f"{TASKS}/43")).status_code == 204
    assert await here.ask() == {**NOTHING, "deleted": ["43"]}
    await here.check()


async def test_a_write_that_changes_nothing_is_no_news(api: httpx.AsyncClient) -> None:
    here = await follow(api)
    row = (await api.get(f"{TASKS}/42")).json()
    assert (await api.put(f"{TASKS}/42", json={"Stage": row["Stage"]})).status_code == 200
    assert (await api.put(f"{TASKS}/42", json={"Stage": "No such"})).status_code == 422
    assert await here.ask() == NOTHING


async def test_deleted_and_made_again_and_renamed(api: httpx.AsyncClient) -> None:
    here = await follow(api)
    assert (await api.delete(f"{TASKS}/42")).status_code == 204
    again = await api.post(TASKS, json={"Company ID": "42", "Company Name": "Again"})
    assert again.status_code == 201
    told = await here.ask()
    assert (uids(told), told["deleted"]) == (["42"], [])
    await here.check()


async def test_without_a_token_there_is_one_to_begin_with(api: httpx.AsyncClient) -> None:
    begun = (await api.get(FEED)).json()
    assert begun == {**NOTHING, "next": begun["next"]}
    here = Follower(api)
    here.token = begun["next"]
    await api.put(f"{TASKS}/42", json={"Number of Employees": 7})
    assert uids(await here.ask()) == ["42"]


@pytest.mark.parametrize("token", ["x", "AAAAAAAAAAA", "AAAA", "ä", "Zm9vYmFyYmF", "%00", "=" * 5000])
async def test_an_unknown_token_says_to_read_the_list_again(api: httpx.AsyncClient, token: str) -> None:
    answer = await api.get(FEED, params={"since": token, "wait": "5"})
    told = answer.json()
    assert (told["reset"], told["workflow"], told["tasks"], told["deleted"]) == (True, True, [], [])
    here = Follower(api)
    here.token = told["next"]
    assert await here.ask() == NOTHING


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("wait=31", "wait"),
        ("wait=-1", "wait"),
        ("wait=x", "wait"),
        ("wait=nan", "wait"),
        ("wait=", "wait"),
        ("limit=1", "limit"),
    ],
)
async def test_what_is_asked_wrongly(api: httpx.AsyncClient, query: str, wrong: str) -> None:
    answer = await api.get(f"{FEED}?{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [wrong])


async def test_no_workflow_and_no_key(api: httpx.AsyncClient) -> None:
    assert (await api.get("/workflows/no/changes")).status_code == 404
    assert (await api.get(FEED, headers={"Authorization": "Bearer no"})).status_code == 401
    assert (await api.post(FEED, json={})).status_code == 405


async def test_a_token_of_another_database_is_not_taken(api: httpx.AsyncClient, store: Store) -> None:
    here = await follow(api)
    await api.put(f"{TASKS}/42", json={"Number of Employees": 7})
    old = here.token
    store.write(lambda tx: workspace.put(tx, "store", "another"))
    assert (await here.ask())["reset"]
    assert here.token != old
    assert await here.ask() == NOTHING


async def test_links_are_told_at_both_ends(hogwarts: httpx.AsyncClient) -> None:
    houses = await follow(hogwarts, "hOu5es", "House ID")
    wizards = await follow(hogwarts, "wIz4rd", "Wizard ID")
    ghosts = await follow(hogwarts, "gHo5ts", "Ghost ID")
    there, put = "/workflows/{}/tasks/{}", hogwarts.put
    everyone = (houses, wizards, ghosts)

    async def told() -> list[list[str]]:
        found = []
        for each in everyone:
            rows = (await each.ask())["tasks"]
            found.append([str(row[each.uid]) for row in rows])
            await each.check()
        return found

    # a name is shown by whoever is linked, a stage is not
    assert (await put(there.format("wIz4rd", 1), json={"Last Name": "P"})).status_code == 200
    assert await told() == [["1"], ["1"], []]
    assert (await put(there.format("hOu5es", 1), json={"Stage": "Closed"})).status_code == 200
    assert await told() == [["1"], [], []]
    assert (await put(there.format("hOu5es", 1), json={"Name": "G"})).status_code == 200
    assert await told() == [["1"], ["1", "2"], []]
    # taken over: the house that loses a wizard changes, too
    body = {"Wizards": [{"Wizard ID": 1}, {"Wizard ID": 666}]}
    assert (await put(there.format("hOu5es", 2), json=body)).status_code == 200
    assert await told() == [["1", "2"], ["1", "666"], []]
    assert (await put(there.format("wIz4rd", 2), json={"House": None})).status_code == 200
    assert await told() == [["1"], ["2"], []]
    # a workflow linked with itself
    assert (await put(there.format("hOu5es", 2), json={"Ally": [{"House ID": 1}]})).status_code == 200
    assert await told() == [["1", "2"], [], []]
    assert (await put(there.format("hOu5es", 1), json={"Name": "H"})).status_code == 200
    assert await told() == [["1", "2"], [], []]
    # deleted
    assert (await hogwarts.delete(there.format("wIz4rd", 1))).status_code == 204
    assert await told() == [["2"], [], []]
    assert (await hogwarts.delete(there.format("hOu5es", 2))).status_code == 204
    assert await told() == [["1"], ["666"], []]


async def test_a_new_shape_is_told_to_all_who_show_it(hogwarts: httpx.AsyncClient, store: Store) -> None:
    houses = await follow(hogwarts, "hOu5es", "House ID")
    wizards = await follow(hogwarts, "wIz4rd", "Wizard ID")
    ghosts = await follow(hogwarts, "gHo5ts", "Ghost ID")
    renamed = HOGWARTS[1].replace('name = "Last Name"', 'name = "Surname", was = "Last Name"')
    text = renamed.strip()

    def apply(toml: str) -> None:
        definition = workflow_apply.read_file(store, toml, "x.toml")
        workflow_apply.apply(store, definition, Actor("x", NOW), allow_loss=True)

    apply(text)
    assert [(await each.ask())["reset"] for each in (houses, wizards, ghosts)] == [True, True, False]
    people = text + '\npeople = [{ email = "a@x.org", first_name = "A", last_name = "B" }]'
    apply(people.replace('name = "Surname", was = "Last Name"', 'name = "Surname"'))
    told = await wizards.ask()
    assert (told["reset"], told["workflow"]) == (False, True)
    assert await houses.ask() == NOTHING
    there = (await hogwarts.get("/workflows/wIz4rd/users")).json()[0]["id"]
    assert (await hogwarts.delete(f"/workflows/wIz4rd/users/{there}")).status_code == 204
    assert await wizards.ask() == {**NOTHING, "workflow": True}


async def test_a_new_link_from_elsewhere_is_another_shape(
    hogwarts: httpx.AsyncClient, store: Store
) -> None:
    wizards = await follow(hogwarts, "wIz4rd", "Wizard ID")
    definition = workflow_apply.read_file(
        store,
        HOGWARTS[2] + 'links = [{ id = "gW", name = "Scares", to = "wIz4rd", back = "Fears" }]',
        "x.toml",
    )
    workflow_apply.apply(store, definition, Actor("x", NOW))
    assert (await wizards.ask())["reset"]
    await wizards.read()
    assert "Fears" in wizards.rows["1"]


async def test_syncs_bring_news(api: httpx.AsyncClient, store: Store, tmp_path: Any) -> None:
    import sqlite3

    from fdtui.server.workflow.definition import Sync

    with sqlite3.connect(tmp_path / "x.db") as other:
        other.execute('CREATE TABLE x ("Company ID" TEXT, "Company Name" TEXT)')
        other.execute("INSERT INTO x VALUES ('42', 'Synced'), ('s1', 'One')")
    here = await follow(api)
    _, flow = store.read(lambda tx: workspace.workflow(store, tx, "2ylSaZ"))
    sync = Sync("s", f"sqlite:///{tmp_path / 'x.db'}", "SELECT * FROM x")
    data_sync.run(store, flow, sync, base_url="http://flowdash.test", actor=Actor("s", NOW))
    assert uids(await here.ask()) == ["42", "s1"]
    await here.check()


async def test_a_lower_revision_never_appears_after_a_higher_one(database: str) -> None:
    """Two writers at the same time, the first of which commits last: no reader may pass it by."""
    first, second = open_store(database), open_store(database)
    put_workflow(first, HOGWARTS[2])
    actor, inside, go = Actor("x", NOW), threading.Event(), threading.Event()
    seen: list[list[str]] = []

    def create(store: Store, uid: str, held: bool) -> None:
        def work(tx: Any) -> None:
            TaskService.open(store, tx, "gHo5ts", "", actor).create({"Ghost ID": uid})
            if held:
                inside.set()
                assert go.wait(20)

        store.write(work)

    slow = threading.Thread(target=create, args=(first, "slow", True))
    fast = threading.Thread(target=create, args=(second, "fast", False))
    slow.start()
    assert inside.wait(20)
    fast.start()
    token = 0
    for step in range(3):
        if step == 1:
            fast.join(0.3)
        if step == 2:
            go.set()
            slow.join(20)
            fast.join(20)
        read = first.read(lambda tx, token=token: changes.since(tx, "gHo5ts", token))  # type: ignore[misc]
        token = read.last
        ids = [note.task for note in read.notes if note.task]
        found = first.read(lambda tx, ids=ids: tasks.by_ids(tx, ids))  # type: ignore[misc]
        seen.append([str(found[each].uid) for each in ids])
    assert seen == [[], [], ["slow", "fast"]]
    first.close()
    second.close()


async def test_a_change_without_a_note_is_found_out(api: httpx.AsyncClient, store: Store) -> None:
    """By an older program that serves the same database, for one."""
    here = await follow(api)
    await api.put(f"{TASKS}/42", json={"Number of Employees": 7})
    store.write(lambda tx: list(changes._RAISE.run(tx, workflow="2ylSaZ")))
    assert (await here.ask())["reset"]
    assert await here.ask() == NOTHING


async def test_old_notes_go_and_who_needs_them_reads_the_list(
    api: httpx.AsyncClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "KEPT_REVISIONS", 20)
    monkeypatch.setattr(changes, "PRUNE_EVERY", 8)
    old = await follow(api)
    for n in range(25):
        await api.put(f"{TASKS}/42", json={"Number of Employees": n})
    near = await follow(api)
    for n in range(10):
        await api.put(f"{TASKS}/43", json={"Number of Employees": n})
    assert (await old.ask())["reset"]
    assert uids(await near.ask()) == ["43"]
    from sqlalchemy import func, select

    from fdtui.server.store import tables

    count = store.read(lambda tx: tx.execute(select(func.count()).select_from(tables.changes)).scalar())
    workflows = 4
    assert count is not None and count <= 28 + workflows


async def test_many_changes_come_in_pages(
    api: httpx.AsyncClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = await follow(api)
    bodies: list[dict[str, Any]] = [{"Company ID": f"p{n}", "Company Name": "P"} for n in range(1100)]

    def work(tx: Any) -> None:
        book = TaskService.open(store, tx, "2ylSaZ", "http://flowdash.test", Actor("x", NOW))
        for body in bodies:
            book.create(body)

    store.write(work)
    told = [uids(await here.ask()) for _ in range(3)]
    assert [len(each) for each in told][-1] == 0
    assert [uid for each in told for uid in each] == [body["Company ID"] for body in bodies]
    await here.check()


def test_an_older_database_has_a_feed_from_where_it_is(database: str) -> None:
    opened, _ = connections(parse_url(database))
    with opened.transaction(write=True) as connection:
        for _ in range(len(STEPS)):
            migrate(connection, STEPS[:3])
        definition = json.dumps(tables_of(parse(HOGWARTS[2])))
        connection.execute(
            text("INSERT INTO workflows VALUES ('gHo5ts', 0, :definition, 7, 1)"),
            {"definition": definition},
        )
    opened.close()
    store = open_store(database)
    read = store.read(lambda tx: changes.since(tx, "gHo5ts", 7))
    assert (read.notes, read.last, read.whole) == ((), 7, True)
    actor = Actor("x", NOW)
    store.write(lambda tx: TaskService.open(store, tx, "gHo5ts", "", actor).create({"Ghost ID": "a"}))
    read = store.read(lambda tx: changes.since(tx, "gHo5ts", 7))
    assert ([note.what for note in read.notes], read.last, read.whole) == (["row"], 8, True)
    assert not store.read(lambda tx: changes.since(tx, "gHo5ts", 3)).whole
    store.close()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_who_waits_when_a_backup_is_restored_reads_the_list(
    database: str, served: Served, tmp_path: Path
) -> None:
    here = await follow(served.client)
    await asyncio.to_thread(backups.back_up, database, tmp_path / "backup.db")
    await served.client.put(f"{TASKS}/42", json={"Number of Employees": 7})
    assert uids(await here.ask()) == ["42"]
    waiting = asyncio.create_task(here.ask(25))
    await bell_has(served.store, 1)
    await asyncio.to_thread(partial(backups.restore, tmp_path / "backup.db", database, now=NOW))
    async with asyncio.timeout(15):
        assert (await waiting)["reset"]
    await here.read()
    await here.check()


# ---- who may not see everything ----


@asynccontextmanager
async def limited(store: Store, client: httpx.AsyncClient, *flows: str) -> AsyncIterator[None]:
    key, before = create_key(store, "limited", now=NOW, workflows=flows), client.headers["authorization"]
    client.headers["authorization"] = f"Bearer {key}"
    yield
    client.headers["authorization"] = before


async def test_a_limited_key_is_told_nothing_of_what_it_may_not_see(
    hogwarts: httpx.AsyncClient, store: Store
) -> None:
    async with limited(store, hogwarts, "wIz4rd"):
        wizards = await follow(hogwarts, "wIz4rd", "Wizard ID")
        token = wizards.token
        assert (await hogwarts.get("/workflows/hOu5es/changes")).status_code == 404
    unseen: list[tuple[str, dict[str, Any]]] = [
        ("hOu5es/tasks/1", {"Name": "zq"}),  # which a wizard's row shows to others
        ("hOu5es/tasks/2", {"Wizards": [{"Wizard ID": 1}]}),
        ("wIz4rd/tasks/666", {"House": {"House ID": 2}}),  # nothing but a hidden link
    ]
    for path, body in unseen:
        assert (await hogwarts.put(f"/workflows/{path}", json=body)).status_code == 200
    async with limited(store, hogwarts, "wIz4rd"):
        assert await wizards.ask() == NOTHING
        assert wizards.token == token  # not even that something changed
        await wizards.read()
        assert wizards.token == token
    assert (await hogwarts.put("/workflows/wIz4rd/tasks/1", json={"Last Name": "X"})).status_code == 200
    assert (await hogwarts.put(f"/workflows/{unseen[1][0]}", json={"Wizards": []})).status_code == 200
    async with limited(store, hogwarts, "wIz4rd"):
        told = await wizards.ask()
        assert [str(row["Wizard ID"]) for row in told["tasks"]] == ["1"]
        assert "House" not in told["tasks"][0]
        assert await wizards.ask() == NOTHING


async def test_a_waiting_limited_key_is_not_woken_by_what_is_hidden(
    hogwarts: httpx.AsyncClient, store: Store
) -> None:
    async with limited(store, hogwarts, "wIz4rd"):
        headers = {"authorization": hogwarts.headers["authorization"]}
        wizards = await follow(hogwarts, "wIz4rd", "Wizard ID")
    waiting = asyncio.create_task(wizards.ask(20, **headers))
    await bell_has(store, 1)
    assert (await hogwarts.put("/workflows/hOu5es/tasks/2", json={"Wizards": []})).status_code == 200
    assert (
        await hogwarts.put("/workflows/wIz4rd/tasks/666", json={"House": {"House ID": 2}})
    ).status_code == 200
    assert not waiting.done()
    assert (await hogwarts.put("/workflows/wIz4rd/tasks/1", json={"Last Name": "X"})).status_code == 200
    assert [str(row["Wizard ID"]) for row in (await waiting)["tasks"]] == ["1"]


async def test_a_key_that_gains_or_loses_sight_reads_the_list(
    hogwarts: httpx.AsyncClient, store: Store
) -> None:
    async with limited(store, hogwarts, "wIz4rd"):
        wizards = await follow(hogwarts, "wIz4rd", "Wizard ID")
    assert (await wizards.ask())["reset"]


def test_a_token_is_sealed() -> None:
    for revision in (0, 1, 2, 2**40):
        token = feed_tokens.sealed("secret", {"a": revision, "b": 5})
        assert feed_tokens.opened("secret", token, ["b", "a"]) == {"a": revision, "b": 5}
        assert feed_tokens.opened("secret", token, ["a"]) is None
        other = feed_tokens.opened("another", token, ["a", "b"])
        assert other is not None and min(other.values()) > 2**41
    near = [feed_tokens.sealed("secret", {"a": n}) for n in range(100)]
    assert len({token[:4] for token in near}) > 95


# ---- waiting ----


async def bell_has(store: Store, count: int) -> None:
    """Wait until so many wait for the bell."""
    async with asyncio.timeout(30):
        while len(store.bell) < count:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("how", ["asgi", "socket"])
async def test_a_long_poll_answers_as_soon_as_there_is_news(store: Store, how: str) -> None:
    from fdtui.server import seed

    seed.fill(store)
    async with serving(store, how) as running:
        here = await follow(running.client)
        waiting = asyncio.create_task(here.ask(25))
        await bell_has(store, 1)
        put = await running.client.put(f"{TASKS}/42", json={"Number of Employees": 7})
        assert put.status_code == 200
        assert uids(await waiting) == ["42"]
        assert await here.ask(0.2) == NOTHING


async def test_many_wait_and_hold_no_thread(served: Served) -> None:
    client, store = served.client, served.store
    here = [await follow(client)]
    for _ in range(199):
        here.append(Follower(client))
        here[-1].token = here[0].token
    waiting = [asyncio.create_task(each.ask(25)) for each in here]
    await bell_has(store, 200)
    assert (await client.get(f"{TASKS}/42")).status_code == 200  # 40 threads are free for others
    names = [each.name for each in threading.enumerate() if each.name.startswith("fdtui-watch")]
    assert len(names) == 1  # and one listens for all of them
    await client.put(f"{TASKS}/42", json={"Number of Employees": 7})
    assert [uids(told) for told in await asyncio.gather(*waiting)] == [["42"]] * 200
    assert not len(store.bell)


async def test_who_hangs_up_waits_no_more(served: Served) -> None:
    here = await follow(served.client)
    waiting = asyncio.create_task(here.ask(25))
    await bell_has(served.store, 1)
    waiting.cancel()
    async with asyncio.timeout(20):
        while len(served.store.bell):
            await asyncio.sleep(0.01)


async def test_another_process_is_heard(database: str) -> None:
    """Here: another store on the same database, which shares nothing with the first but that."""
    from fdtui.server import seed

    store, other = open_store(database), open_store(database)
    seed.fill(store)
    async with serving(store) as one, serving(other) as two:
        for n in range(3):
            here = await follow(one.client)
            waiting = asyncio.create_task(here.ask(25))
            await bell_has(store, 1)
            put = await two.client.put(f"{TASKS}/42", json={"Number of Employees": n})
            assert put.status_code == 200
            async with asyncio.timeout(5):
                assert uids(await waiting) == ["42"]
    store.close()
    other.close()


async def test_the_end_of_the_server_is_the_end_of_all_waiting(store: Store) -> None:
    from fdtui.server import seed

    seed.fill(store)
    async with serving(store) as running:
        here = await follow(running.client)
        waiting = asyncio.create_task(here.ask(25))
        await bell_has(store, 1)
        store.bell.close()
        assert await waiting == NOTHING


async def test_a_revoked_key_is_refused_though_it_waits(served: Served) -> None:
    client, store = served.client, served.store
    key = create_key(store, "short", now=NOW)
    here = await follow(client)
    query: dict[str, Any] = {"since": here.token, "wait": 25}
    asked = client.get(FEED, params=query, headers={"Authorization": f"Bearer {key}"}, timeout=60)
    waiting = asyncio.create_task(asked)
    await bell_has(store, 1)
    assert revoke_key(store, next(each.id for each in list_keys(store) if each.grant.name == "short"))
    await client.put(f"{TASKS}/42", json={"Number of Employees": 7})
    assert (await waiting).status_code == 401


async def test_too_many_are_sent_away(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    from fdtui.server.routes import changes as route

    monkeypatch.setattr(route, "MAX_WAITING", 0)
    here = await follow(served.client)
    answer = await served.client.get(FEED, params={"since": here.token, "wait": "5"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert await here.ask() == NOTHING


# ---- server-sent events ----


class Events:
    """The events of a stream, as they come."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()

    async def next(self) -> dict[str, str]:
        found: dict[str, str] = {}
        async with asyncio.timeout(30):
            async for line in self._lines:
                if not line:
                    return found
                name, _, value = line.partition(":")
                found[name] = value.strip()
        raise EOFError


@asynccontextmanager
async def stream(client: httpx.AsyncClient, **headers: str) -> AsyncIterator[Events]:
    given = {"Accept": "text/event-stream", **headers}
    base, key = str(client.base_url), client.headers["authorization"]
    async with (
        httpx.AsyncClient(base_url=base, headers={"authorization": key}) as own,
        own.stream("GET", FEED, headers=given, timeout=60) as response,
    ):
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/event-stream"
        yield Events(response)


async def test_a_stream_tells_each_change_and_goes_on_where_it_was_cut(store: Store) -> None:
    from fdtui.server import seed

    seed.fill(store)
    async with serving(store, "socket") as running:
        client = running.client
        async with stream(client) as events:
            first = await events.next()
            assert first.keys() == {"id"}
            await client.put(f"{TASKS}/42", json={"Number of Employees": 7})
            event = await events.next()
            assert (event["event"], event["id"]) == ("changes", json.loads(event["data"])["next"])
            assert uids(json.loads(event["data"])) == ["42"]
        await client.put(f"{TASKS}/43", json={"Number of Employees": 8})
        async with stream(client, **{"Last-Event-ID": event["id"]}) as events:
            assert uids(json.loads((await events.next())["data"])) == ["43"]
        async with stream(client, **{"Last-Event-ID": "of long ago"}) as events:
            assert json.loads((await events.next())["data"])["reset"]
            store.bell.close()
            with pytest.raises(EOFError):
                await events.next()


async def test_a_quiet_stream_has_a_heartbeat(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from fdtui.server import seed
    from fdtui.server.http import feed

    monkeypatch.setattr(feed, "HEARTBEAT_INTERVAL", 0.1)
    seed.fill(store)
    async with serving(store, "socket") as running, stream(running.client) as events:
        await events.next()
        assert await events.next() == {"": ""}
        assert await events.next() == {"": ""}


async def test_a_reader_that_does_not_read_is_dropped(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    from fdtui.server import seed
    from fdtui.server.http import feed

    monkeypatch.setattr(feed, "SLOW_READER", 0.5)
    seed.fill(store)
    async with serving(store, "socket") as running:
        client = running.client
        address, key = client.base_url, client.headers["authorization"]
        lazy = socket.socket()
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.connect((address.host, address.port))
        lines = (
            f"GET /api/v1{FEED} HTTP/1.1",
            f"Host: {address.host}:{address.port}",
            f"Authorization: {key}",
            "Accept: text/event-stream",
        )
        lazy.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        await bell_has(store, 1)
        long = "x" * 200_000
        async with asyncio.timeout(60):
            for n in range(200):
                put = await client.put(f"{TASKS}/42", json={"Company Name": f"{n}{long}"})
                assert put.status_code == 200, put.text
                if not len(store.bell):
                    break
                await asyncio.sleep(0.05)
        assert not len(store.bell)
        lazy.close()


async def test_only_a_quiet_answer_waits(served: Served) -> None:
    """What there is to tell is told at once, whatever the wait."""
    here = await follow(served.client)
    await served.client.put(f"{TASKS}/42", json={"Number of Employees": 7})
    assert uids(await here.ask(25)) == ["42"]


# ---- processes ----


def test_several_processes_tell_each_other_and_end_at_once(database: str) -> None:
    """Six wait at three processes, for whichever of them the change comes to."""
    options = json.dumps({"db": database, "port": 0, "demo": True, "workers": 3})
    with running(options, 2) as (process, said):
        base, headers = (
            f"{said['FDTUI_URL']}/api/v1",
            {"Authorization": f"Bearer {said['FDTUI_API_KEY']}"},
        )
        with ThreadPoolExecutor(8) as pool:
            token = httpx.get(base + TASKS, headers=headers).headers["changes-token"]
            for n in range(3):

                def wait(since: str = token) -> dict[str, Any]:
                    query: dict[str, Any] = {"since": since, "wait": 20}
                    answer = httpx.get(base + FEED, params=query, headers=headers, timeout=60)
                    told: dict[str, Any] = answer.json()
                    return told

                waiting = [pool.submit(wait) for _ in range(6)]
                done, _ = futures_wait(waiting, 0.5)
                assert not done
                put = httpx.put(f"{base}{TASKS}/42", headers=headers, json={"Number of Employees": n})
                assert put.status_code == 200
                told = [each.result(10) for each in waiting]
                assert [uids(each) for each in told] == [["42"]] * 6
                assert len({each["next"] for each in told}) == 1
                token = told[0]["next"]
            begun = threading.Barrier(7)

            def listen() -> list[str]:
                asked = {**headers, "Accept": "text/event-stream"}
                with httpx.stream("GET", base + FEED, headers=asked, timeout=60) as answer:
                    lines = answer.iter_lines()
                    first = next(lines)
                    begun.wait(30)
                    return [first, *lines]

            streams = [pool.submit(listen) for _ in range(6)]
            begun.wait(30)
            process.terminate()
            assert [each.result(15) for each in streams] == [[f"id: {token}", ""]] * 6
            assert process.wait(15) == -signal.SIGTERM
