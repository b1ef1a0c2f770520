"""A local workspace read from its file says what its server would, and leaves the rest to the server."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from fdtui.core.answers import ChangedRows
from fdtui.core.errors import DamagedError, NotFoundError, StorageError
from fdtui.server import seed
from fdtui.server.store import open_store
from fdtui.sync.gateway import Gateway, is_known_again
from fdtui.sync.options import SessionOptions
from fdtui.sync.reading.opening import only_workflows, open_workflow
from fdtui.sync.requestlog import RequestLog
from fdtui.wiring import local
from fdtui.wiring.embedded import embedded
from fdtui.wiring.local import local_gateway

READS = SessionOptions(read_only=True)


class Starts:
    """Starts the server of a database, and counts how often."""

    def __init__(self, database: Path) -> None:
        self.database, self.count = database, 0

    def __call__(self) -> Gateway:
        self.count += 1
        return embedded(f"sqlite:///{self.database}", READS)

    def writing(self) -> Gateway:
        return embedded(f"sqlite:///{self.database}", SessionOptions())


@pytest.fixture
def starts(tmp_path: Path) -> Iterator[Starts]:
    database = tmp_path / "mine.db"
    store = open_store(f"sqlite:///{database}")
    seed.fill(store)
    store.close()
    yield Starts(database)


class Kept:
    """A sink that keeps all bytes."""

    def __init__(self) -> None:
        self.data = b""

    async def begin(self, total: int | None) -> None:
        self.data = b""

    async def write(self, data: bytes) -> None:
        self.data += data


@pytest.mark.parametrize("size", [1, 7, 500])
@pytest.mark.parametrize("workflow", [each.id for each in seed.WORKFLOWS])
async def test_a_copy_of_all_tasks_is_what_the_server_answers(
    starts: Starts, workflow: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "ROWS_PER_SLICE", size)
    mine, theirs = local_gateway(starts.database, starts), starts()
    ours, whole = Kept(), Kept()
    await mine.copy_tasks(workflow, ours)
    await theirs.copy_tasks(workflow, whole)
    assert json.loads(ours.data) == json.loads(whole.data)
    assert starts.count == 1, "the file was enough"
    await mine.copy_tasks(workflow, ours)
    await mine.aclose()
    await theirs.aclose()


@pytest.mark.parametrize("workflow", [each.id for each in seed.WORKFLOWS])
async def test_the_file_says_what_the_server_says(starts: Starts, workflow: str) -> None:
    mine, theirs = local_gateway(starts.database, starts), starts()
    starts.count = 0
    assert await mine.workspace() == await theirs.workspace()
    assert await mine.workflows() == await theirs.workflows()
    assert await mine.stages(workflow) == await theirs.stages(workflow)
    assert await mine.fields(workflow) == await theirs.fields(workflow)
    assert await mine.users(workflow) == await theirs.users(workflow)
    assert await mine.roles(workflow) == await theirs.roles(workflow)
    ours, listed = await mine.tasks(workflow), await theirs.tasks(workflow)
    assert ours is not None
    assert listed is not None
    assert len(ours.rows) > 10
    assert [repr(row) for row in ours.rows] == [repr(row) for row in listed.rows]
    assert ours.feed == listed.feed != ""
    fields = await theirs.fields(workflow)
    name = next(each.name for each in fields if each.type == "uniqueId")
    uid = str(listed.rows[3][name])
    row = await mine.task(workflow, uid, unique_id=name)
    assert repr(row) == repr(await theirs.task(workflow, uid, unique_id=name))
    assert starts.count == 0
    await mine.aclose()
    await theirs.aclose()


async def test_what_is_not_there_is_told_by_the_server(starts: Starts) -> None:
    gateway = local_gateway(starts.database, starts)
    with pytest.raises(NotFoundError, match="no such task"):
        await gateway.task("2ylSaZ", "nope", unique_id="Customer ID")
    with pytest.raises(NotFoundError):
        await gateway.fields("nope")
    with pytest.raises(NotFoundError):
        await gateway.tasks("nope")
    assert starts.count == 1
    await gateway.aclose()


async def test_more_than_reading_is_the_servers(starts: Starts) -> None:
    gateway = local_gateway(starts.database, starts)
    gateway.hurry()
    assert starts.count == 0
    assert len((await gateway.active("2ylSaZ")).rows) > 10
    assert starts.count == 1
    assert gateway.keeps_keys_for > 0
    gateway.hurry()
    await gateway.aclose()


async def test_the_parts_of_a_board_are_read_at_once_and_without_a_server(starts: Starts) -> None:
    gateway = local_gateway(starts.database, starts, checks=False)
    for _ in range(5):
        opened = await open_workflow(gateway, "2ylSaZ")
        assert not opened.schema.inferred
        assert opened.listing.feed
    assert starts.count == 0
    await gateway.aclose()


async def test_only_what_has_changed_and_who_waits_need_the_server(starts: Starts) -> None:
    gateway = local_gateway(starts.database, starts)
    listing = await gateway.tasks("2ylSaZ")
    assert listing is not None
    answer = await gateway.changes("2ylSaZ", listing.feed, wait=0)
    assert answer == ChangedRows((), (), listing.feed)
    assert starts.count == 0
    other = starts.writing()
    await other.create("2ylSaZ", {"Company ID": "N1", "Company Name": "Fresh", "Stage": "Done"})
    answer = await gateway.changes("2ylSaZ", listing.feed, wait=0)
    assert [row["Company ID"] for row in answer.rows] == ["N1"]
    assert starts.count == 1
    again = await gateway.changes("2ylSaZ", answer.next, wait=0.1)
    assert (again.rows, again.next) == ((), answer.next)
    assert starts.count == 1
    await gateway.aclose()
    await other.aclose()


async def test_a_workflow_that_is_changed_meanwhile_is_read_again(starts: Starts) -> None:
    gateway = local_gateway(starts.database, starts)
    assert len(await gateway.workflows()) == len(seed.WORKFLOWS)
    with closing(sqlite3.connect(starts.database)) as database:
        database.execute("UPDATE workflows SET definition = json_set(definition, '$.name', 'Renamed')")
        database.commit()
    assert {each.name for each in await gateway.workflows()} == {"Renamed"}
    await gateway.aclose()


async def test_who_stops_waiting_does_not_start_the_server_twice(starts: Starts) -> None:
    may_start = threading.Event()
    begun = threading.Event()

    def start() -> Gateway:
        begun.set()
        assert may_start.wait(60)
        return starts()

    gateway = local_gateway(starts.database, start)
    first = asyncio.create_task(gateway.comments("2ylSaZ", "C-1"))
    assert await asyncio.to_thread(begun.wait, 60)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    second = asyncio.create_task(gateway.active("2ylSaZ"))
    may_start.set()
    assert (await second).rows
    assert starts.count == 1
    await gateway.aclose()


async def test_a_server_that_could_not_start_is_started_again(starts: Starts) -> None:
    refusals = [StorageError("The disk is busy.")]

    def start() -> Gateway:
        if refusals:
            raise refusals.pop()
        return starts()

    gateway = local_gateway(starts.database, start)
    with pytest.raises(StorageError, match="busy"):
        await gateway.active("2ylSaZ")
    assert (await gateway.active("2ylSaZ")).rows
    await gateway.aclose()


async def test_damage_that_was_not_looked_for_is_told_once_the_server_starts(starts: Starts) -> None:
    _damage(starts.database)
    gateway = local_gateway(starts.database, starts, checks=False)
    assert await gateway.workflows() == seed.WORKFLOWS
    with pytest.raises(DamagedError, match="tasks holds values that are none"):
        await gateway.changes("2ylSaZ", "any", wait=0)
    await gateway.aclose()


async def test_what_a_dead_run_asked_for_is_done_once_though_it_is_the_first_question(
    starts: Starts,
) -> None:
    made = {"Company ID": "N1", "Company Name": "Fresh", "Stage": "Done"}
    for _ in range(2):
        run = local_gateway(starts.database, starts.writing)
        assert is_known_again(run, "a name", since=1000.0, now=1200.0)
        await run.create("2ylSaZ", made, once="a name")
        await run.add_comment("2ylSaZ", "N1", "said", once="another")
        assert [each.body for each in await run.comments("2ylSaZ", "N1")] == ["said"]
        await run.aclose()


def test_of_another_version_the_server_says_so(starts: Starts) -> None:
    with closing(sqlite3.connect(starts.database)) as database:
        database.execute("INSERT INTO schema_version VALUES (1000)")
        database.commit()
    with pytest.raises(StorageError, match="schema 1000"):
        local_gateway(starts.database, starts)


def _damage(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE tasks SET data = '{' WHERE number = 1")
        database.commit()


def test_of_damage_the_server_says_so(starts: Starts) -> None:
    _damage(starts.database)
    with pytest.raises(DamagedError, match="tasks holds values that are none"):
        local_gateway(starts.database, starts)


def test_where_there_is_no_file_the_server_says_so(tmp_path: Path) -> None:
    database = tmp_path / "none.db"
    with pytest.raises(NotFoundError, match="There is no database"):
        local_gateway(database, Starts(database))
    assert not database.exists()


async def test_a_list_of_tasks_does_not_ask_whose_workspace_it_is(starts: Starts) -> None:
    log = RequestLog()
    gateway = embedded(f"sqlite:///{starts.database}", READS, log)
    assert await only_workflows(gateway, None) == seed.WORKFLOWS
    assert [each.path for each in log.requests] == ["/api/v1/workflows"]
    await gateway.aclose()
