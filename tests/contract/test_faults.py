"""A database that fails for a while: reading goes on, and writing too as soon as it can."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from fdtui.core.errors import StorageError, UnwritableError
from fdtui.server import seed
from fdtui.server.store import Store, engines, faults, open_store
from fdtui.server.store.engines import parse_url
from tests.contract.conftest import TASKS, Served, serving
from tests.postgres import Postgres

BIG = {"body": "x" * 300_000}
COMMENTS = f"{TASKS}/42/comments"
MANY_WAITS = 10
"""Waits for a lock that come together only where no end of waiting holds, whatever else runs here."""
SEEDED = 2
"""Comments that the demo comes with."""


def pragma(store: Store, text: str) -> int:
    """Set or ask something of the connection that the next transaction gets."""
    return store.write(lambda tx: int(tx.exec_driver_sql(f"PRAGMA {text}").scalar() or 0))


@contextmanager
def no_file_grows_beyond(size: int) -> Iterator[None]:
    """Let the disk refuse what would make a file longer; the database hears of it when it commits."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def still_reads(api: httpx.AsyncClient) -> None:
    for path in (TASKS, f"{TASKS}/42", COMMENTS, "/workspace"):
        answers = await asyncio.gather(*(api.get(path) for _ in range(6)))
        assert [each.status_code for each in answers] == [200] * 6, path


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///{}/x.db"])
async def test_a_full_disk(tmp_path: Path, url: str) -> None:
    store = open_store(url.format(tmp_path))
    seed.fill(store)
    async with serving(store) as running:
        pragma(store, f"max_page_count = {pragma(store, 'page_count')}")
        for _ in range(3 if url == "sqlite://" else 1):  # the quota is that of one connection
            answer = await running.client.post(COMMENTS, json=BIG)
            assert (answer.status_code, answer.json()) == (503, {"errors": [faults.FULL]})
            await still_reads(running.client)
        pragma(store, "max_page_count = 1000000")
        assert (await running.client.post(COMMENTS, json=BIG)).status_code == 201
        assert len((await running.client.get(COMMENTS)).json()) == SEEDED + 1
    store.close()


async def test_a_disk_that_fails_at_the_commit(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'x.db'}")
    seed.fill(store)
    async with serving(store) as running:
        api = running.client
        assert (await api.post(COMMENTS, json={"body": "one"})).status_code == 201
        with no_file_grows_beyond((tmp_path / "x.db-wal").stat().st_size):
            for _ in range(3):
                writes = (api.post(COMMENTS, json=BIG) for _ in range(8))
                assert {each.status_code for each in await asyncio.gather(*writes)} == {503}
                await still_reads(api)
        writes = (api.post(COMMENTS, json={"body": str(n)}) for n in range(8))
        assert {each.status_code for each in await asyncio.gather(*writes)} == {201}
        assert len((await api.get(COMMENTS)).json()) == SEEDED + 9
    store.close()


async def test_each_writer_of_a_common_commit_is_told_why() -> None:
    """Of those who shared a transaction with one that filled the disk, each hears of the disk."""
    store = open_store("sqlite://")
    seed.fill(store)
    async with serving(store) as running:
        api = running.client
        pragma(store, f"max_page_count = {pragma(store, 'page_count') + 3}")
        bad = [api.put(f"{TASKS}/42", json={"Stage": "Nowhere"}) for _ in range(8)]
        full = [api.post(COMMENTS, json=BIG) for _ in range(8)]
        answers = await asyncio.gather(*(each for pair in zip(bad, full, strict=True) for each in pair))
        assert {each.status_code for each in answers[::2]} <= {422, 503}
        assert {(each.status_code, each.text) for each in answers[1::2]} == {
            (503, f'{{"errors":["{faults.FULL}"]}}')
        }
        await still_reads(api)
    store.close()


def test_a_database_that_may_only_be_read(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'x.db'}")
    seed.fill(store)
    address = f"{(tmp_path / 'x.db').as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as reading:
        with pytest.raises(sqlite3.OperationalError) as refused:
            reading.execute("DELETE FROM tasks")
        assert faults.storage_error(refused.value).message == faults.READ_ONLY
        assert reading.execute("SELECT count(*) FROM tasks").fetchone() == (64,)
    store.close()


async def test_a_database_that_another_program_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "DATABASE_BUSY_TIMEOUT", 0.3)
    store = open_store(f"sqlite:///{tmp_path / 'x.db'}")
    seed.fill(store)
    async with serving(store) as running:
        await still_reads(running.client)  # several connections are open now, and each could wait
        other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        answer = await running.client.put(f"{TASKS}/42", json={"Stage": "Done"})
        assert (answer.status_code, answer.json()) == (503, {"errors": [faults.BUSY]})
        assert time.monotonic() - began < MANY_WAITS * 0.3
        await still_reads(running.client)
        other.execute("ROLLBACK")
        other.close()
        assert (await running.client.put(f"{TASKS}/42", json={"Stage": "Done"})).status_code == 200
    store.close()


async def test_a_postgresql_connection_that_is_lost_in_a_transaction(postgres: Postgres) -> None:
    import psycopg

    with postgres.schema() as url:
        store = open_store(url)
        seed.fill(store)
        name = parse_url(url).query["application_name"]

        def cut(tx: object) -> None:
            with psycopg.connect(postgres.url, autocommit=True) as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s",
                    [name],
                )
            tx.exec_driver_sql("UPDATE tasks SET stage = 'Done'")  # type: ignore[attr-defined]

        async with serving(store) as running:
            for _ in range(3):
                with pytest.raises(StorageError):
                    store.write(cut)
                await still_reads(running.client)
                answer = await running.client.put(f"{TASKS}/42", json={"Number of Employees": 7})
                assert answer.status_code == 200
            assert (await running.client.get(f"{TASKS}/42")).json()["Stage"] == "In Progress"
        store.close()


async def test_a_postgresql_that_another_server_holds(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "DATABASE_BUSY_TIMEOUT", 1)
    with postgres.schema() as url:
        store, other = open_store(url), open_store(url)
        seed.fill(store)
        async with serving(store) as running:
            await still_reads(running.client)

            def hold(_: object) -> tuple[float, UnwritableError]:
                began = time.monotonic()
                with pytest.raises(UnwritableError) as told:
                    store.write(lambda tx: tx.exec_driver_sql("UPDATE tasks SET stage = 'Done'"))
                return time.monotonic() - began, told.value

            seconds, error = other.write(hold)
            assert (error.message, seconds < MANY_WAITS * 1) == (faults.BUSY, True)
            await still_reads(running.client)
            answer = await running.client.put(f"{TASKS}/42", json={"Number of Employees": 7})
            assert answer.status_code == 200
        store.close()
        other.close()


async def test_a_refused_text_costs_no_connection(served: Served) -> None:
    """What is wrong with a request is not wrong with the database."""
    answer = await served.client.get(f"{TASKS}/a%00b")
    assert answer.status_code in {404, 422}
    await still_reads(served.client)
