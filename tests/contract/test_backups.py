"""Backup while writing, restore of good and of bad files (S26, S25)."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import update

from fdtui.core.errors import StorageError, UsageError
from fdtui.server import seed
from fdtui.server.store import open_store
from fdtui.server.store.backups import back_up, restore
from fdtui.server.store.tables import contents as stored
from tests.contract.conftest import TASKS, Served, serving


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
        kept = await asyncio.to_thread(restore, copy, url)
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
    assert restore(tmp_path / "copy.db", new) is None
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
            restore(bad, url)
        assert place.read_bytes() == before
    with pytest.raises(StorageError):
        restore(tmp_path / "missing.db", url)


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
        restore(target, "sqlite://")


async def test_damaged_contents_are_told_and_never_served(served: Served) -> None:
    api, store = served.client, served.store
    [document] = (await api.get(f"{TASKS}/57")).json()["Documents"][:1]
    store.write(lambda tx: tx.execute(update(stored).values(data=b"spoilt")))
    answer = await api.get(f"/files/{document['blobId']}")
    assert answer.status_code == 500
    assert document["blobId"] in answer.text
    assert (await api.get(f"{TASKS}/57")).status_code == 200
