"""The cache on the disk: what was seen is there again, as it was, and what is damaged is thrown away."""

import contextlib
import os
import random
import shutil
import sqlite3
import stat
import threading
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fdtui.core.details import Activity, ChecklistItem, Comment, Details, Part
from fdtui.core.schema import Field, FieldType, Person, Role, Schema, Stage, WorkflowRef, Workspace
from fdtui.core.task import Task, tasks_from_rows
from fdtui.core.task_map import TaskMap
from fdtui.sync.storage import cache as cache_module
from fdtui.sync.storage import cache_file
from fdtui.sync.storage.cache import DAMAGED, OTHER_VERSION, DiskCache
from fdtui.sync.storage.cache_codec import packed, unpacked
from fdtui.sync.storage.cache_file import BusyError, cache_error
from fdtui.sync.storage.protocols import CursorPlace, Snapshot

WORK, OTHER = WorkflowRef("w", "Work"), WorkflowRef("v", "Other ß")
SCHEMA = Schema(
    (Stage("To do", end=False, color="#fff"), Stage("Done", end=True), Stage("New")),
    (
        Field("ID", FieldType.UNIQUE_ID, "f1", editable=False, required=True, autoincrement=True),
        Field("Size", FieldType.SINGLE_SELECT, options=("S", "M")),
        Field("Files", FieldType.FILE, limit=3),
    ),
    (Person("ada@example.com", "Ada", "Lovelace", "p1", "r1"),),
    (Role("r1", "Admin", admin=True),),
    frozenset({"people"}),
    ("roles",),
    stages_guessed=True,
)


def row(uid: Any, stage: Any = "To do", **more: Any) -> dict[str, Any]:
    return {"ID": uid, "Stage": stage, "Assigned To": None, **more}


def board(*rows: dict[str, Any], at: float = 100.0, workflow: WorkflowRef = WORK) -> Snapshot:
    tasks = tasks_from_rows(rows, "ID")
    return Snapshot(workflow, SCHEMA, tasks, at, (WORK, OTHER), Workspace("ws", "Acme"))


def many(count: int) -> Snapshot:
    return board(
        *(row(f"{index}", Name=f"Task {index}", Price=Decimal("1.50")) for index in range(count))
    )


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache_module, "WRITE_DELAY", 0.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "cache-1.db"


@pytest.fixture
def open_cache(path: Path) -> Iterator[Any]:
    opened: list[DiskCache] = []

    def make() -> DiskCache:
        opened.append(DiskCache(path))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


def kept(cache: DiskCache, *snapshots: Snapshot) -> None:
    for each in snapshots:
        cache.remember(each)
    assert cache.flush()


def heard(cache: DiskCache) -> list[str]:
    said: list[str] = []
    cache.listen(said.append)
    return said


def test_a_task_that_no_file_can_hold_is_left_out(open_cache: Any) -> None:
    endless: Any = []
    endless.append(endless)
    tasks = TaskMap.packed({key: Task(key, key, row(key, A=key)) for key in "abcd"})
    tasks = tasks.with_changes({key: Task(key, key, row(key, A=endless)) for key in "bx"})
    cache = open_cache()
    kept(cache, Snapshot(WORK, SCHEMA, tasks, 100.0, feed="token"))
    found = open_cache().recall(None)
    assert list(found.tasks) == ["a", "c", "d"]
    assert found.feed == ""  # it would go on from tasks that are not all there
    kept(cache, Snapshot(WORK, SCHEMA, dict(tasks), 200.0, feed="token"))
    assert list(open_cache().recall(None).tasks) == ["a", "c", "d"]
    better = tasks.with_changes({key: Task(key, key, row(key)) for key in "bx"})
    kept(cache, Snapshot(WORK, SCHEMA, better, 300.0, feed="token"))
    found = open_cache().recall(None)
    assert (list(found.tasks), found.feed) == (list("abcdx"), "token")


def test_a_board_is_there_again_as_it_was(open_cache: Any, path: Path) -> None:
    strange = board(
        row(
            "1",
            Price=Decimal("10.00"),
            Big=10**60,
            Tiny=Decimal("1E-50"),
            Nested={"a": [None, True, "é"]},
        ),
        row("2", None, Half="\ud800", Nul="a\0b", **{"\0": 1}),
        row("2", ["no", "text"]),
        {"Stage": "Done", "Task URL": "/x", "Name": "no id"},
        row("a\0b"),
        row("\udcff", "\udcff"),
        row(7, "Done"),
    )
    kept(open_cache(), strange)
    found = open_cache().recall(None)
    assert found is not None
    assert list(found.tasks.items()) == list(strange.tasks.items())
    assert [task.stage for task in found.tasks.values()] == [t.stage for t in strange.tasks.values()]
    assert str(found.tasks["1"].row["Price"]) == "10.00"
    assert (found.schema, found.at, found.workflow) == (SCHEMA, 100.0, WORK)
    assert (found.workflows, found.workspace) == ((WORK, OTHER), Workspace("ws", "Acme"))
    assert {stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30).map(
        lambda number: Decimal(f"{number:f}") if "." in f"{number:f}" else int(number)
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), VALUES, max_size=6))
@settings(deadline=None)
def test_any_row_comes_back_with_its_digits(values: dict[str, Any]) -> None:
    again = unpacked(packed(values))
    assert again == values
    assert repr(again) == repr(values)


def test_one_change_of_ten_thousand_writes_one_row(open_cache: Any) -> None:
    cache, tasks = open_cache(), TaskMap.of(many(10_000).tasks)
    kept(cache, Snapshot(WORK, SCHEMA, tasks, 100.0))
    assert cache.written_tasks == 10_000
    tasks = tasks.with_changes({"77": tasks["77"].with_changes({"Stage": "Done"})})
    kept(cache, Snapshot(WORK, SCHEMA, tasks, 200.0))
    assert cache.written_tasks == 10_001
    again = open_cache()
    found = again.recall("w")
    assert found is not None
    assert (found.tasks, list(found.tasks), found.at) == (tasks, list(tasks), 200.0)
    grown = found.tasks.with_changes({"new": Task("new", "new", row("new"))}, {"5"})
    kept(again, Snapshot(WORK, SCHEMA, grown, 300.0))
    assert again.written_tasks == 2
    back = grown.with_changes({"77": Task("77", "77", row("77"))}, {"new"})
    kept(again, Snapshot(WORK, SCHEMA, back, 400.0))
    assert again.written_tasks == 4
    last = open_cache().recall("w")
    assert last is not None
    assert list(last.tasks.items()) == list(back.items())


@given(st.lists(st.permutations(range(8)), min_size=1, max_size=5))
@settings(deadline=None, max_examples=40)
def test_the_order_is_kept_however_it_changes(orders: list[list[int]]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        cache = DiskCache(Path(folder) / "cache-1.db")
        tasks = board(*(row(str(index)) for index in range(8))).tasks
        for at, order in enumerate(orders):
            wanted = {str(each): tasks[str(each)] for each in order[: 4 + at]}
            kept(cache, Snapshot(WORK, SCHEMA, wanted, float(at)))
            again = DiskCache(Path(folder) / "cache-1.db")
            found = again.recall(None)
            again.close()
            assert found is not None
            assert list(found.tasks) == list(wanted)
        cache.close()


def test_the_workflow_seen_last_is_the_one_without_a_name(open_cache: Any) -> None:
    kept(open_cache(), board(row("1"), at=5.0), board(row("2"), at=9.0, workflow=OTHER))
    cache = open_cache()
    for wanted, key in ((None, "2"), ("w", "1"), ("Work", "1"), ("v", "2"), ("Other ß", "2")):
        found = cache.recall(wanted)
        assert found is not None
        assert list(found.tasks) == [key]
    assert cache.recall("nothing") is None


def test_windows_share_the_file_and_neither_writes_twice(open_cache: Any) -> None:
    one, two = open_cache(), open_cache()
    kept(one, many(50))
    kept(two, many(50))
    assert two.written_tasks == 0  # the other window had written the same
    changed = TaskMap.of(many(50).tasks)
    kept(one, Snapshot(WORK, SCHEMA, changed, 150.0))
    third = open_cache()
    seen = third.recall(None)
    changed = changed.with_changes({"3": Task("3", "3", row("3", "Done"))})
    kept(one, Snapshot(WORK, SCHEMA, changed, 200.0))
    assert one.written_tasks == 51
    mine = seen.tasks.with_changes({}, {"4"})
    kept(third, Snapshot(WORK, SCHEMA, mine, 300.0))
    assert third.written_tasks == 2  # what the first one wrote goes, and what is gone is written
    found = open_cache().recall(None)
    assert found is not None
    assert list(found.tasks.items()) == list(mine.items())  # the last writer wins, as a whole


def test_a_reader_never_waits_for_a_writer(open_cache: Any, path: Path) -> None:
    kept(open_cache(), many(10))
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("begin exclusive")
        other.execute("delete from listing")
        found = open_cache().recall(None)
        assert found is not None
        assert len(found.tasks) == 10
        other.execute("rollback")
    other.close()


def test_what_is_denied_is_gone_with_all_that_belongs_to_it(open_cache: Any) -> None:
    cache = open_cache()
    kept(cache, board(row("1")), board(row("2"), workflow=OTHER))
    cache.remember_details("w", "1", Details(comments=(Comment("a", "b", "c"),)), 5.0)
    cache.remember_place("w", CursorPlace("To do", "1"))
    cache.forget("w")
    assert cache.flush()
    again = open_cache()
    assert (again.recall("w"), again.details("w", "1"), again.place("w")) == (None, None, None)
    assert again.recall("v") is not None
    again.keep_only(["x"])
    assert again.flush()
    assert open_cache().recall("v") is None


DETAILS = Details(
    comments=(Comment("API", "half \ud800 \0 é", "2020"),),
    checklist=(ChecklistItem("i", "Title", "Blank", editable=False, assignee=None, stage="To do"),),
    activity=(Activity("2020", "me", "task.updated", {"Price": Decimal("1.0")}, {"Price": None}),),
)


def test_the_details_of_a_task_come_back_with_their_age(open_cache: Any) -> None:
    cache = open_cache()
    cache.remember_details("w", "k\0\ud800", DETAILS, 5.0)
    cache.remember_details("w", "k\0\ud800", Details(comments=()), 9.0)
    assert cache.flush()
    found = open_cache().details("w", "k\0\ud800")
    assert found is not None
    assert (found.comments, found.checklist, found.activity) == ((), DETAILS.checklist, DETAILS.activity)
    assert (found.as_of(Part.COMMENTS), found.as_of(Part.ACTIVITY)) == (9.0, 5.0)
    cache.forget_details("w", "k\0\ud800", Part.ACTIVITY)
    assert cache.flush()
    found = open_cache().details("w", "k\0\ud800")
    assert found is not None
    assert found.activity is None


def test_details_are_bounded(open_cache: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fdtui.sync.storage.cache_parts.MAX_PARTS", 3)
    cache = open_cache()
    for index in range(5):
        cache.remember_details("w", str(index), Details(comments=()), 5.0)
    cache.remember_details("w", "long", Details(comments=(Comment("a", "x" * (1 << 18), ""),)), 5.0)
    assert cache.flush()
    again = open_cache()
    assert [key for key in [*"01234", "long"] if again.details("w", key)] == ["2", "3", "4"]


# What is not ours, damaged, or refused


def damage(path: Path, how: str) -> None:
    match how:
        case "truncated":
            path.write_bytes(path.read_bytes()[:5000])
        case "foreign":
            path.write_bytes(b"not a database " * 400)
        case "another program's":
            path.unlink()
            with sqlite3.connect(path) as db:
                db.execute("create table workflow (id text)")
            db.close()
        case "newer" | "older":
            with sqlite3.connect(path) as db:
                db.execute(f"pragma user_version = {99 if how == 'newer' else 0}")
            db.close()
        case "a link":
            target = path.with_name("elsewhere")
            path.rename(target)
            path.symlink_to(target)
        case "an empty folder":
            path.unlink()
            path.mkdir()
        case "a folder":
            path.unlink()
            (path / "of the user's").mkdir(parents=True)
        case "without a table":
            with sqlite3.connect(path) as db:
                db.execute("drop table listing")
            db.close()


HOWS = (
    "truncated", "foreign", "another program's", "newer", "older", "a link", "an empty folder",
    "a folder", "without a table",
)  # fmt: skip


@pytest.mark.parametrize("how", HOWS)
def test_a_file_that_is_not_ours_is_thrown_away_said_and_made_again(
    open_cache: Any, path: Path, how: str
) -> None:
    first = open_cache()
    kept(first, many(300))
    first.close()
    damage(path, how)
    cache = open_cache()
    said = heard(cache)
    assert cache.recall(None) is None
    assert said == [OTHER_VERSION if how in {"newer", "older"} else DAMAGED]
    kept(cache, many(3))
    assert len(said) == 1
    found = open_cache().recall(None)
    assert found is not None
    assert len(found.tasks) == 3
    if how == "a folder":
        assert (path.with_name(f"{path.name}.aside") / "of the user's").is_dir()


def test_an_empty_file_is_as_good_as_none(open_cache: Any, path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    cache = open_cache()
    cache.recall(None)
    kept(cache, many(3))
    assert open_cache().recall(None) is not None


def test_a_thousand_flipped_bits_show_nothing_false(tmp_path: Path) -> None:
    source = tmp_path / "cache-0.db"
    cache, wanted = DiskCache(source), many(60)
    kept(cache, wanted)
    cache.remember_details("w", "1", DETAILS, 5.0)
    cache.remember_place("w", CursorPlace("Done", "1"))
    assert cache.flush()
    cache.close()
    whole = source.read_bytes()
    chance = random.Random(7)
    outcomes = {"whole": 0, "none": 0}
    for _ in range(1000):
        path = tmp_path / "cache-1.db"
        for each in tmp_path.glob("cache-1.db*"):
            each.unlink()
        bits = bytearray(whole)
        for _ in range(chance.choice((1, 1, 8))):
            bits[chance.randrange(len(bits))] ^= 1 << chance.randrange(8)
        path.write_bytes(bits)
        damaged = DiskCache(path)
        said = heard(damaged)
        found = damaged.recall(None)
        details = damaged.details("w", "1")
        damaged.place("w")
        damaged.close()
        assert set(said) <= {DAMAGED, OTHER_VERSION}
        outcomes["none" if found is None else "whole"] += 1
        if found is not None:
            assert dict(found.tasks) == dict(wanted.tasks)
            assert list(found.tasks) == list(wanted.tasks)
            assert found.schema == SCHEMA
        if details is not None:
            known = (DETAILS.comments, DETAILS.checklist, DETAILS.activity)
            shown = (details.comments, details.checklist, details.activity)
            assert all(one in (None, other) for one, other in zip(shown, known, strict=True))
    assert all(outcomes.values()), outcomes


def test_a_file_that_another_window_is_making_is_none(open_cache: Any, path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path, isolation_level=None) as db:
        db.execute("pragma journal_mode = wal")
        db.execute("begin immediate")
        cache = open_cache()
        said = heard(cache)
        assert cache.recall(None) is None
        assert path.exists()
        db.execute("rollback")
        kept(cache, many(2))
    db.close()
    assert said == []
    assert open_cache().recall(None) is not None


def test_a_damage_that_the_writer_finds_is_repaired(open_cache: Any, path: Path) -> None:
    cache = open_cache()
    kept(cache, many(5))
    with sqlite3.connect(path) as db:
        db.execute("drop table listing")
    db.close()
    said = heard(cache)
    changed = {**many(5).tasks, "9": Task("9", "9", row("9"))}
    kept(cache, Snapshot(WORK, SCHEMA, changed, 200.0))
    assert said == [DAMAGED]
    found = open_cache().recall(None)
    assert found is not None
    assert len(found.tasks) == 6


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unwritable for root")
def test_a_folder_that_cannot_be_written_is_said_once(open_cache: Any, path: Path) -> None:
    path.parent.mkdir(mode=0o500)
    try:
        cache = open_cache()
        said = heard(cache)
        cache.remember(many(3))
        cache.remember_place("w", CursorPlace("To do"))
        assert not cache.flush(0.5)
        assert said == ["The board is not being cached: permission denied."]
        assert cache.recall("w") is not None  # for this run it is known all the same
    finally:
        path.parent.chmod(0o700)


def test_a_cache_folder_that_is_a_file_is_said_once(open_cache: Any, path: Path) -> None:
    path.parent.touch()
    cache = open_cache()
    said = heard(cache)
    assert cache.recall(None) is None
    cache.remember(many(3))
    assert not cache.flush(0.5)
    assert len(said) == 1
    assert said[0].startswith("The board is not being cached: ")


def test_a_full_disk_is_said_once_and_what_was_there_stays(open_cache: Any, path: Path) -> None:
    first = open_cache()
    kept(first, many(3))
    cache = open_cache()
    said = heard(cache)
    assert cache.recall(None) is not None
    with sqlite3.connect(path) as db:
        db.execute("create trigger full before insert on apart begin select raise(abort, 'full'); end")
        db.execute("drop trigger full")
        (pages,) = db.execute("pragma page_count").fetchone()
    db.close()
    full: Any = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    assert cache_error(full).message == "the disk is full"
    assert pages > 1

    def refuse(*_: object, **__: object) -> None:
        raise full

    cache._boards.write = refuse
    cache.remember(many(4))
    assert not cache.flush(0.5)
    assert said == ["The board is not being cached: the disk is full."]
    found = open_cache().recall(None)
    assert found is not None
    assert len(found.tasks) == 3


def test_a_locked_file_is_no_trouble() -> None:
    busy: Any = sqlite3.OperationalError("database is locked")
    busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
    assert isinstance(cache_error(busy), BusyError)


def test_the_end_of_the_program_writes_the_age_and_does_not_wait_long(open_cache: Any) -> None:
    cache, first = open_cache(), many(5)
    kept(cache, first)
    cache.remember(Snapshot(WORK, SCHEMA, first.tasks, 130.0, first.workflows, first.workspace))
    cache.close()
    found = open_cache().recall(None)
    assert found is not None
    assert found.at == 130.0
    assert not [each for each in threading.enumerate() if each.name == "fdtui-cache"]


def test_caches_that_nobody_uses_are_removed(open_cache: Any, path: Path) -> None:
    kept(open_cache(), many(1))
    old, recent = path.with_name("cache-2.db"), path.with_name("cache-3.db")
    for each in (old, recent):
        shutil.copy(path, each)
    os.utime(old, (1, 1))
    kept(open_cache(), many(2))
    assert not old.exists()
    assert recent.exists()


def test_a_file_that_another_window_is_making_is_never_taken_for_a_foreign_one(tmp_path: Path) -> None:
    def make(path: Path) -> None:
        cache_file.open_for_writing(path).close()

    for number in range(60):  # without one transaction, one in six is
        path = tmp_path / f"cache-{number}.db"
        making = threading.Thread(target=make, args=(path,))
        making.start()
        while making.is_alive():
            with contextlib.suppress(BusyError):
                if (reader := cache_file.open_for_reading(path)) is not None:
                    reader.close()
        making.join()
