"""What must not differ between the two databases, and how each comes back (A11, A13, A16, S19)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from fdtui.core.errors import ConfigError, StorageError
from fdtui.server import seed
from fdtui.server.store import Store, open_store
from fdtui.server.store.engines import parse_url
from fdtui.server.store.tables import metadata
from tests.contract.conftest import TASKS, Served, serving
from tests.postgres import Postgres


async def test_nul_is_found_nowhere_and_breaks_nothing(api: httpx.AsyncClient) -> None:
    for name in ("Stage", "Assigned To", "Company ID", "Company Name"):
        answer = await api.get(TASKS, params={name: "a\0b"})
        assert (answer.status_code, answer.json()) == (200, []), name
    assert (await api.get("/files/a%00b")).status_code == 404
    assert (await api.get("/workflows/a%00b/tasks")).status_code == 404
    assert (await api.get(f"{TASKS}/a%00b")).status_code == 422
    link = {"Company ID": "42", "Company Name": "a\0b"}
    assert (await api.put(TASKS, json=link)).status_code == 422


async def test_ids_are_compared_byte_by_byte(api: httpx.AsyncClient) -> None:
    ids = ["ID", "id", "é", "e\u0301", "ß", "ss", " id", "id "]
    for uid in ids:
        assert (await api.post(TASKS, json={"Company ID": uid})).status_code == 201, uid
    for uid in ids:
        found = (await api.get(TASKS, params={"Company ID": uid})).json()
        assert [each["Company ID"] for each in found] == [uid]


async def test_two_servers_on_one_database(database: str) -> None:
    one, two = open_store(database), open_store(database)
    seed.fill(one)
    async with serving(one) as first, serving(two) as second:
        tag = (await second.client.get(TASKS)).headers["etag"]
        posts = [
            server.client.post(TASKS, json={"Company ID": f"{name}{n}", "Number of Employees": n})
            for n in range(20)
            for name, server in (("a", first), ("b", second), ("same", first), ("same", second))
        ]
        answers = await asyncio.gather(*posts)
        assert sum(answer.status_code == 201 for answer in answers) == 60
        answer = await second.client.get(TASKS, headers={"If-None-Match": tag})
        assert answer.status_code == 200
        assert answer.content == (await first.client.get(TASKS)).content
        assert len(answer.json()) == 24 + 60
    one.close()
    two.close()


def test_the_tables_are_what_the_steps_make(store: Store) -> None:
    for table in metadata.tables.values():
        rows = store.read(lambda tx, table=table: tx.execute(table.select()).keys())  # type: ignore[misc]
        assert set(rows) == {column.name for column in table.columns}


def test_opening_at_the_same_time_migrates_once(database: str) -> None:
    async def both() -> list[Store]:
        return await asyncio.gather(*(asyncio.to_thread(open_store, database) for _ in range(4)))

    stores = asyncio.run(both())
    names = {
        store.read(lambda tx: tx.exec_driver_sql("SELECT value FROM meta WHERE key = 'store'").scalar())
        for store in stores
    }
    assert len(names) == 1
    for store in stores:
        store.close()


async def test_a_restarted_postgresql_is_found_again(postgres: Postgres) -> None:
    import psycopg

    with postgres.schema() as url:
        store = open_store(url)
        seed.fill(store)
        async with serving(store) as running:
            for _ in range(2):
                with psycopg.connect(postgres.url, autocommit=True) as admin:
                    admin.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE application_name = %s",
                        [parse_url(url).query["application_name"]],
                    )
                answer = await running.client.put(f"{TASKS}/42", json={"Number of Employees": 7})
                assert answer.status_code == 200
                assert (await running.client.get(f"{TASKS}/42")).status_code == 200
        store.close()


def test_a_postgresql_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="refused"):
        open_store(f"postgresql://nobody@/nothing?host={tmp_path}")


def test_without_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ConfigError, match="package"):
        open_store("postgresql://localhost/x")


async def test_a_database_file_that_is_gone_acknowledges_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    store = open_store(f"sqlite:///{path}")
    seed.fill(store)
    async with serving(store) as running:
        moved = path.rename(tmp_path / "away.db")
        for answer in (
            await running.client.put(f"{TASKS}/42", json={"Number of Employees": 7}),
            await running.client.get(f"{TASKS}/42"),
        ):
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "1"
        moved.rename(path)
        answer = await running.client.put(f"{TASKS}/42", json={"Number of Employees": 7})
        assert answer.status_code == 200
    store.close()


async def test_a_refused_write_takes_nothing_of_its_neighbours(served: Served) -> None:
    bodies = [{"Number of Employees": n if n % 3 else "many"} for n in range(30)]
    uids = [str(42 + n % 5) for n in range(30)]
    answers = await asyncio.gather(
        *(served.client.put(f"{TASKS}/{u}", json=b) for u, b in zip(uids, bodies, strict=True))
    )
    assert [answer.status_code for answer in answers] == [422 if n % 3 == 0 else 200 for n in range(30)]
    for n, answer in enumerate(answers):
        if answer.status_code == 200:
            assert answer.json()["Number of Employees"] == str(n)
