"""Backup while writing, restore of good and of bad files (S26, S25)."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import update

from fdtui.core.errors import DamagedError, StorageError, UsageError
from fdtui.server import seed
from fdtui.server.http.serve import serve
from fdtui.server.store import open_store, schedules
from fdtui.server.store.backups import back_up, restore
from fdtui.server.store.checking import check_whole
from fdtui.server.store.keys import create_key, list_keys, revoke_key
from fdtui.server.store.reviving import NOT_AGAIN, REVIVABLE
from fdtui.server.store.tables import contents as stored
from tests.contract.conftest import NOW, TASKS, Served, put_workflow, serving
from tests.contract.test_actions import Clock, engine


async def test_a_backup_while_writing_is_whole_and_comes_back_while_serving(tmp_path: Path) -> None:
    url, copy = f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "copy.db"
    store = open_store(url)
    seed.fill(store)
    async with serving(store) as running:
        api = running.client

        async def write(count: int) -> None:
            for n in range(count):
                body = {"Company ID": "42", "Number of Employees": n, "Company Name": str(n)}
                assert (await api.put(TASKS, json=body)).status_code == 200

        await asyncio.gather(write(30), asyncio.to_thread(back_up, url, copy))
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        with sqlite3.connect(copy) as database:
            [data] = database.execute("SELECT data FROM tasks WHERE uid = '42'").fetchone()
        database.close()
        assert data
        before = await api.get(TASKS)
        assert (await api.delete(f"{TASKS}/43")).status_code == 204
        kept = (await asyncio.to_thread(restore, copy, url, now=NOW)).kept
        assert kept is not None
        assert kept.exists()
        after = await api.get(TASKS, headers={"If-None-Match": before.headers["etag"]})
        assert after.status_code == 200
        assert "43" in {row["Company ID"] for row in after.json()}
        assert (await api.put(f"{TASKS}/43", json={"Stage": "Done"})).status_code == 200
    store.close()
    assert not list(tmp_path.glob("*.part*"))


def test_a_restore_where_nothing_was(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    store = open_store(url)
    seed.fill(store)
    store.close()
    back_up(url, tmp_path / "copy.db")
    new = f"sqlite:///{tmp_path / 'new' / 'y.db'}"
    assert restore(tmp_path / "copy.db", new, now=NOW).kept is None
    again = open_store(new)
    assert again.read(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM tasks").scalar()) == 64
    again.close()


def test_a_bad_backup_changes_nothing(tmp_path: Path) -> None:
    url, place = f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "x.db"
    store = open_store(url)
    seed.fill(store)
    store.close()
    good = tmp_path / "good.db"
    back_up(url, good)
    whole, before = good.read_bytes(), place.read_bytes()
    bad = tmp_path / "bad.db"
    newer = tmp_path / "newer.db"
    newer.write_bytes(whole)
    with sqlite3.connect(newer) as database:
        database.execute("INSERT INTO schema_version VALUES (99)")
    database.close()
    torn = bytearray(whole)
    torn[8192:20480] = b"\xa5" * 12288
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE notes (text TEXT)")
    database.close()
    contents = [b"", b"no database at all" * 100, whole[: len(whole) // 2], bytes(torn)]
    contents += [newer.read_bytes(), other.read_bytes()]
    for data in contents:
        bad.write_bytes(data)
        with pytest.raises(StorageError):
            restore(bad, url, now=NOW)
        assert place.read_bytes() == before
    with pytest.raises(StorageError):
        restore(tmp_path / "missing.db", url, now=NOW)


def test_what_a_backup_refuses(tmp_path: Path) -> None:
    url, target = f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "mine"
    with pytest.raises(StorageError, match="no database"):
        back_up(url, target)
    open_store(url).close()
    target.write_text("mine")
    with pytest.raises(UsageError, match="already"):
        back_up(url, target)
    assert target.read_text() == "mine"
    with pytest.raises(UsageError, match="own tools"):
        back_up("postgresql://localhost/x", tmp_path / "y")
    with pytest.raises(UsageError):
        restore(target, "sqlite://", now=NOW)


async def test_damaged_contents_are_told_and_never_served(served: Served) -> None:
    api, store = served.client, served.store
    [document] = (await api.get(f"{TASKS}/57")).json()["Documents"][:1]
    store.write(lambda tx: tx.execute(update(stored).values(data=b"spoilt")))
    answer = await api.get(f"/files/{document['blobId']}")
    assert answer.status_code == 500
    assert document["blobId"] in answer.text
    assert (await api.get(f"{TASKS}/57")).status_code == 200


FLOW = """
id = "flow"
name = "Flow"
stages = [{ name = "New" }, { name = "Done" }]
fields = [{ name = "ID", type = "uniqueId" }]
people = [
    { id = "a", email = "ada@x.org", first_name = "Ada", last_name = "L" },
    { id = "b", email = "bob@x.org", first_name = "Bob", last_name = "M" },
]
[[actions]]
id = "call"
name = "Call"
[[actions.steps]]
kind = "move"
stage = "Done"
"""
ASK = {"task_id": "1", "action_id": "call"}


@pytest.mark.parametrize("revive", [(), ("keys",), ("people",), ("executions",), REVIVABLE])
async def test_what_was_ended_after_the_backup_stays_ended(
    tmp_path: Path, revive: tuple[str, ...]
) -> None:
    url, copy = f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "copy.db"
    store = open_store(url)
    put_workflow(store, FLOW)
    old = {kind: create_key(store, f"old {kind}", now=NOW, kind=kind) for kind in ("key", "webhook")}
    async with serving(store) as running:
        api = running.client
        assert (await api.post("/workflows/flow/tasks", json={"ID": "1"})).status_code == 201
        run = (await api.post("/workflows/flow/executions", json=ASK)).json()["id"]  # nobody runs it yet
        back_up(url, copy)
        for key in old.values():
            assert revoke_key(store, key.split("_")[1])
        assert (await api.delete("/workflows/flow/users/b")).status_code == 204
        late = create_key(store, "late", now=NOW)
        done = await asyncio.to_thread(restore, copy, url, now=NOW, revive=revive)
        told = "\n".join(done.told)
        working = {key.grant.name for key in list_keys(store) if not key.revoked}
        assert working == {"test"} | ({"old key", "old webhook"} if "keys" in revive else set())
        assert ("Working again, as you asked: " if "keys" in revive else "Revoked again: ") in told
        for name, key in old.items():
            assert f"old {name} ({name} {key.split('_')[1]})" in told
        assert "1 key made after the backup will no longer work." in told
        headers = {"Authorization": f"Bearer {late}"}
        assert (await api.get("/workspace", headers=headers)).status_code == 401
        people = [each["email"] for each in (await api.get("/workflows/flow/users")).json()]
        assert people == ["ada@x.org", *(["bob@x.org"] if "people" in revive else [])]
        assert ("Back, as you asked" if "people" in revive else "Taken out again") in told
        found = (await api.get(f"/workflows/flow/executions/{run}")).json()
        asked = "executions" in revive
        assert (found["status"], found.get("errors")) == (
            ("Pending", None) if asked else ("Fail", [NOT_AGAIN])
        )
        assert "Call on 1" in told
        with engine(store, Clock()) as started:
            started.wake()
            assert started.settle(20)
        task = (await api.get("/workflows/flow/tasks/1")).json()
        assert task["Stage"] == ("Done" if asked else "New")
    store.close()


def test_a_stage_change_that_is_due_is_told(tmp_path: Path) -> None:
    url, copy = f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "copy.db"
    store = open_store(url)
    seed.fill(store)
    task = store.read(lambda tx: tx.exec_driver_sql("SELECT id FROM tasks LIMIT 1").scalar())
    given: dict[str, Any] = {"task": task, "workflow": "2ylSaZ", "stage": "Done", "who": "x"}
    store.write(lambda tx: schedules.add(tx, due=NOW.timestamp() - 1, base_url="", **given))
    store.close()
    back_up(url, copy)
    told = restore(copy, url, now=NOW).told
    assert told == ("1 scheduled stage change due since the backup will happen at once.",)
    assert restore(copy, url, now=NOW - timedelta(days=1)).told == ()


def test_a_backup_for_a_place_where_nothing_can_be_asked_tells_what_works(tmp_path: Path) -> None:
    url, copy = f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "copy.db"
    store = open_store(url)
    create_key(store, "ci", now=NOW)
    store.close()
    back_up(url, copy)
    [told] = restore(copy, f"sqlite:///{tmp_path / 'new.db'}", now=NOW).told
    assert told.startswith("These keys work, even if they were revoked after the backup: ci (key ")


def test_a_damaged_database_is_not_served_and_its_backup_takes_its_place(tmp_path: Path) -> None:
    """Forty bytes are turned over in each of forty copies, all over the file."""
    url, place, copy = f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "x.db", tmp_path / "copy.db"
    store = open_store(url)
    seed.fill(store)
    store.close()
    back_up(url, copy)
    whole, chance = place.read_bytes(), Random(7)
    for turn in range(40):
        spoilt = bytearray(whole)
        for _ in range(40):
            spoilt[chance.randrange(len(spoilt))] ^= chance.randrange(1, 256)
        if turn == 0:
            spoilt[:40] = b"x" * 40
        place.write_bytes(spoilt)
        with pytest.raises(DamagedError) as told:
            serve(db=url, port=0, announce=lambda _: None)
        assert "is damaged" in told.value.message
        assert f"fdtui restore FILE --db {url}" in told.value.hint
        assert place.read_bytes() == bytes(spoilt)
        done = restore(copy, url, now=NOW)
        assert done.kept is not None
        assert done.kept.read_bytes() == bytes(spoilt)
        assert any("damaged" in each for each in done.told)
        assert check_whole(url)
    again = open_store(url)
    assert again.read(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM tasks").scalar()) == 64
    again.close()


def test_a_check_that_takes_too_long_is_not_waited_for(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    store = open_store(url)
    store.write(
        lambda tx: tx.exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)"
            " INSERT INTO meta SELECT i, hex(zeroblob(40)) FROM n"
        )
    )
    store.close()
    assert check_whole(url)
    assert check_whole(url, seconds=0) is False


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_damage_while_serving_is_told_as_lasting(served: Served) -> None:
    def spoil(tx: Any) -> None:
        tx.exec_driver_sql("UPDATE tasks SET data = CAST(x'7b22ff' AS TEXT) WHERE uid = '42'")

    served.store.write(spoil)
    answer = await served.client.get(f"{TASKS}/42")
    assert (answer.status_code, "retry-after" in answer.headers) == (500, False)
    assert "damaged" in answer.text
    assert (await served.client.get(f"{TASKS}/43")).status_code == 200
