import multiprocessing
import os
import random
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from fdtui.core.errors import DamagedError, StorageError, UnwritableError
from fdtui.sync.storage.ballast import Ballast
from fdtui.sync.storage.faults import DiskFullError, fault_of
from fdtui.sync.storage.network_disk import host_name, network_disk_of
from fdtui.sync.storage.private_file import FileKind, Newer, PrivateFile, Surroundings, whole
from fdtui.sync.storage.salvage import Salvaged

TABLES = """
create table if not exists entry (id integer primary key, body text not null);
create table if not exists word (name text primary key, value blob);
create index if not exists by_body on entry (body);
"""
KIND = FileKind("the journal", 3, TABLES)
LOCAL = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
is_root = os.geteuid() == 0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.db"


def opened(path: Path, kind: FileKind = KIND, mounts: str = LOCAL, host: str = "alpha") -> PrivateFile:
    return PrivateFile(path, kind, surroundings=Surroundings(mounts, host), now=lambda: 1_700_000_000)


def fill(file: PrivateFile, count: int = 200) -> None:
    with closing(file.connect()) as db, whole(db) as cursor:
        rows = [(number, f"{number} " + "x" * 40) for number in range(1, count + 1)]
        cursor.executemany("insert or replace into entry values (?, ?)", rows)


def entries(file: PrivateFile) -> list[int]:
    with closing(file.connect()) as db:
        return [number for (number,) in db.execute("select id from entry order by id")]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# Whose it is


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_all_of_it_is_its_owners_alone_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "one" / "two" / "journal.db"
    before = os.umask(umask)
    try:
        file = opened(path)
        with closing(file.connect()) as db:
            db.execute("insert into entry values (1, 'a')").close()
            found = {each.name: mode(each) for each in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert {"journal.db", "journal.db-wal", "journal.db-shm"} <= found.keys()
    assert set(found.values()) == {0o600}
    assert mode(path.parent) == mode(path.parent.parent) == 0o700


def test_what_was_open_to_others_is_closed(path: Path) -> None:
    fill(opened(path))
    path.chmod(0o644)
    path.parent.chmod(0o755)
    opened(path)
    assert (mode(path), mode(path.parent)) == (0o600, 0o700)


def test_a_folder_that_anybody_can_write_to_is_refused(path: Path) -> None:
    path.parent.mkdir()
    path.parent.chmod(0o777)
    with pytest.raises(StorageError) as refused:
        opened(path)
    assert str(path.parent) in refused.value.message
    command = refused.value.hint.partition(": ")[2]
    subprocess.run(command, shell=True, check=True)
    opened(path)


def test_a_symbolic_link_is_refused(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    elsewhere = tmp_path / "elsewhere.db"
    path.symlink_to(elsewhere)
    with pytest.raises(StorageError, match="symbolic link") as refused:
        opened(path)
    assert not elsewhere.exists()
    subprocess.run(refused.value.hint.partition(": ")[2], shell=True, check=True)
    opened(path)


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file_is_refused(path: Path, kind: str) -> None:
    path.parent.mkdir()
    if kind == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    with pytest.raises(StorageError):
        opened(path)


@pytest.mark.skipif(not is_root, reason="only root can give a file away")
@pytest.mark.parametrize("whose", ["file", "folder"])
def test_what_belongs_to_another_user_is_refused(path: Path, whose: str) -> None:
    fill(opened(path))
    os.chown(path if whose == "file" else path.parent, 12345, -1)
    with pytest.raises(StorageError, match="belongs to another user") as refused:
        opened(path)
    assert "chown" in refused.value.hint


@contextmanager
def as_somebody() -> Iterator[None]:
    """Root may do anything; so be somebody else for a while."""
    if not is_root:
        yield
        return
    os.seteuid(12345)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_that_can_only_be_read(tmp_path: Path) -> None:
    place = Path("/tmp") / f"fdtui-{os.getpid()}"  # pytest's own folders are closed to others
    place.mkdir(mode=0o755)
    try:
        if is_root:
            os.chown(place, 12345, -1)
        with as_somebody():
            place.chmod(0o500)
            with pytest.raises(UnwritableError, match="can only be read"):
                opened(place / "state" / "journal.db")
            place.chmod(0o700)
            fill(opened(place / "state" / "journal.db"))
            (place / "state" / "journal.db").chmod(0o400)
            with pytest.raises(UnwritableError) as refused:
                opened(place / "state" / "journal.db")
            assert "chmod u+rw" in refused.value.hint
    finally:
        shutil.rmtree(place)


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(StorageError):
        opened(tmp_path / "home" / "state" / "journal.db")


# Network disks

MOUNTS = LOCAL + (
    "30 22 0:40 / /home rw - nfs4 server:/home rw\n"
    "31 22 0:41 / /home/me/local rw - tmpfs tmpfs rw\n"
    "32 22 0:42 / /mnt/with\\040space rw shared:9 master:1 - cifs //server/share rw\n"
    "33 22 0:43 / /remote rw - fuse.sshfs me@server:/ rw\n"
    "34 22 0:44 / /stick rw - fuseblk /dev/sdb1 rw\n"
    "35 22 0:45 / /over rw - nfs server:/over rw\n"
    "36 35 0:46 / /over rw - ext4 /dev/sdc1 rw\n"
    "a line that says nothing\n"
)


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/me", "nfs4"),
        ("/home", "nfs4"),
        ("/homestead", ""),
        ("/home/me/local/state", ""),
        ("/mnt/with space/fdtui", "cifs"),
        ("/remote/x", "fuse.sshfs"),
        ("/stick", ""),
        ("/over/here", ""),
        ("/", ""),
    ],
)
def test_the_disk_of_a_folder(folder: str, kind: str) -> None:
    assert network_disk_of(Path(folder), MOUNTS) == kind


def test_a_system_that_says_nothing_of_its_disks() -> None:
    assert network_disk_of(Path("/home"), "") == ""


def on_nfs(folder: Path) -> str:
    return f"{LOCAL}30 22 0:40 / {folder} rw - nfs4 server:/home rw\n"


def test_each_computer_has_its_own_file_on_a_network_disk_and_no_wal(path: Path) -> None:
    mounts = on_nfs(path.parent.parent)
    one, two = opened(path, mounts=mounts), opened(path, mounts=mounts, host="beta")
    fill(one)
    assert entries(two) == []
    assert [one.path.name, two.path.name] == ["journal-alpha.db", "journal-beta.db"]
    with closing(one.connect()) as db:
        assert db.execute("pragma journal_mode").fetchone() == ("delete",)
        assert db.execute("pragma synchronous").fetchone() == (2,)
    (notice,) = one.notices
    assert "nfs4" in notice and "journal-alpha.db" in notice
    assert not list(path.parent.glob("*-wal"))
    assert opened(path, mounts=mounts).notices == ()  # it has been said


def test_a_home_that_moves_to_a_network_disk_takes_what_was_there_along(path: Path) -> None:
    fill(opened(path))
    mounts = on_nfs(path.parent.parent)
    assert len(entries(opened(path, mounts=mounts))) == 200
    assert entries(opened(path, mounts=mounts, host="beta")) == []


def test_the_name_of_this_computer_is_fit_for_a_file() -> None:
    assert host_name().replace("-", "").isalnum()


# Versions

OLD = FileKind("the journal", 1, "create table if not exists entry (id integer primary key, body text);")


def test_an_older_file_is_copied_and_brought_up_to_date(path: Path) -> None:
    old = opened(path, OLD)
    fill(old, 3)
    seen: list[int] = []

    def first(cursor: sqlite3.Cursor) -> None:
        seen.append(1)
        cursor.execute("update entry set body = 'brought up'")

    def second(cursor: sqlite3.Cursor) -> None:
        seen.append(2)

    new = opened(path, FileKind("the journal", 3, TABLES, {1: first, 2: second}))
    assert seen == [1, 2]
    with closing(new.connect()) as db:
        assert db.execute("select distinct body from entry").fetchall() == [("brought up",)]
        assert db.execute("select count(*) from word").fetchone() == (0,)
        assert db.execute("pragma user_version").fetchone() == (3,)
    (copy,) = path.parent.glob("journal.db.version-1-*")
    assert mode(copy) == 0o600
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("select body from entry where id = 3").fetchone()[0].startswith("3 x")
    assert new.notices == ()


def test_a_step_that_fails_changes_nothing(path: Path) -> None:
    fill(opened(path, OLD), 3)

    def step(cursor: sqlite3.Cursor) -> None:
        cursor.execute("delete from entry")
        cursor.execute("select * from nowhere")

    with pytest.raises(StorageError):
        opened(path, FileKind("the journal", 2, TABLES, {1: step}))
    assert entries(opened(path, OLD)) == [1, 2, 3]


def newer(path: Path) -> None:
    fill(opened(path, FileKind("the journal", 7, TABLES + "create table if not exists more (x);")), 3)


def test_a_newer_file_is_only_read(path: Path) -> None:
    newer(path)
    before = path.read_bytes()
    file = opened(path, FileKind("the journal", 3, TABLES, newer=Newer.READ_ONLY))
    assert file.is_read_only and "newer fdtui" in file.notices[0]
    assert entries(file) == [1, 2, 3]
    with closing(file.connect()) as db, pytest.raises(UnwritableError), file.use():
        db.execute("delete from entry").close()
    with pytest.raises(UnwritableError, match="only read"), file.writing():
        pass
    assert path.read_bytes() == before


def test_a_newer_file_is_refused(path: Path) -> None:
    newer(path)
    with pytest.raises(UnwritableError, match="newer fdtui") as refused:
        opened(path)
    assert refused.value.hint == "Update fdtui."
    assert len(list(path.parent.glob("*damaged*"))) == 0


def test_many_windows_may_start_at_once(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(6) as pool:
        assert pool.map(_start, [path] * 24) == [()] * 24
    assert len(entries(opened(path))) == 24


def _start(path: Path) -> tuple[str, ...]:
    file = opened(path)
    with closing(file.connect()) as db:
        db.execute("insert into entry (body) values ('a')").close()
    return file.notices


# Damage


def asides(path: Path) -> list[Path]:
    return sorted(path.parent.glob("*.damaged-*"))


@pytest.mark.parametrize("text", [b"this is no database at all" * 100, b"\0" * 8192, b"short"])
def test_a_foreign_file_is_kept_aside(path: Path, text: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(text)
    file = opened(path)
    assert entries(file) == []
    assert file.aside is not None and file.aside.read_bytes() == text
    assert file.aside.name.startswith("journal.db.damaged-2023111")
    assert mode(file.aside) == 0o600
    assert str(file.aside) in file.notices[0]
    assert opened(path).notices == ()


def test_another_programs_database_is_kept_aside(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as db:
        db.execute("create table cookies (name)").close()
        db.execute("insert into cookies values ('theirs')").close()
        db.commit()
    file = opened(path)
    with closing(sqlite3.connect(str(file.aside))) as db:
        assert db.execute("select * from cookies").fetchall() == [("theirs",)]


def test_an_empty_file_is_new(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"")
    file = opened(path)
    assert (entries(file), file.notices, asides(path)) == ([], (), [])


def test_rows_around_the_damage_are_saved_and_the_lost_are_counted(path: Path) -> None:
    fill(opened(path), 2000)
    data = bytearray(path.read_bytes())
    for place in range(4096, len(data), 4096):
        is_of_the_table = data[place] == 0x0D  # and not of its index, which still tells the count
        if is_of_the_table and b"1000 xxx" in data[place : place + 4096]:
            data[place : place + 4096] = os.urandom(4096)
    path.write_bytes(data)
    file = opened(path)
    found = file.salvaged
    assert found is not None and found.kept == len(entries(file)) > 1850
    assert found.lost == 2000 - found.kept
    assert f"{found.kept} of 2000 entries" in file.notices[0]
    assert entries(file)[0] == 1 and entries(file)[-1] == 2000


def test_a_file_that_was_cut_gives_up_what_it_has(path: Path) -> None:
    fill(opened(path), 2000)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2 + 100])
    file = opened(path)
    assert file.salvaged is not None
    assert len(entries(file)) == file.salvaged.kept > 100


@pytest.mark.parametrize("place", [0, 18, 19, 21, 56, 60, 63, 68])
def test_a_damaged_beginning_loses_no_row(path: Path, place: int) -> None:
    fill(opened(path), 500)
    data = bytearray(path.read_bytes())
    data[place] ^= 0x40
    path.write_bytes(data)
    file = opened(path)
    assert len(entries(file)) == 500
    assert file.aside is not None
    assert file.salvaged == Salvaged(500, 0)


def test_what_can_be_fetched_again_is_not_salvaged(path: Path) -> None:
    fill(opened(path), 2000)
    path.write_bytes(b"x" + path.read_bytes()[1:])
    file = opened(path, FileKind("the cache", 3, TABLES, salvage=None))
    assert (entries(file), file.salvaged) == ([], None)
    assert "a new one was begun" in file.notices[0]


def test_bits_that_change_anywhere_never_end_the_program(path: Path) -> None:
    fill(opened(path), 300)
    whole_file, chance = path.read_bytes(), random.Random(12)
    told = 0
    for _ in range(300):
        shutil.rmtree(path.parent)
        path.parent.mkdir()
        data = bytearray(whole_file)
        for _ in range(chance.choice((1, 1, 1, 20))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        file = opened(path)
        found = entries(file)
        with closing(file.connect()) as db, file.writing():
            db.execute("insert or replace into entry values (9999, 'later')").close()
            bodies = db.execute("select * from entry, (select count(*) from word)").fetchall()
        assert len(bodies) == len(set(found) | {9999})
        if file.aside is None:
            assert len(found) == 300
        else:
            told += 1
            assert file.aside.read_bytes() == data
            assert file.salvaged is not None and file.salvaged.kept == len(found)
    assert told > 20


def test_files_cut_anywhere_never_end_the_program(path: Path) -> None:
    fill(opened(path), 300)
    data = path.read_bytes()
    for length in range(0, len(data), 777):
        shutil.rmtree(path.parent)
        path.parent.mkdir()
        path.write_bytes(data[:length])
        assert len(entries(opened(path))) <= 300


def test_what_is_not_yet_in_the_file_itself_is_salvaged_too(path: Path, tmp_path: Path) -> None:
    """SQLite keeps the last commits beside the file, and a program that is killed leaves them there."""
    file = opened(path)
    fill(file, 100)
    with closing(file.connect()) as db:
        db.execute("insert into entry values (101, 'the last')").close()
        kept = {each: each.read_bytes() for each in path.parent.glob("journal.db*")}
    for each, data in kept.items():
        each.write_bytes(data)
    data = bytearray(path.read_bytes())
    data[0] ^= 1
    path.write_bytes(data)
    again = opened(path)
    assert entries(again) == list(range(1, 102))
    assert {each.name[-4:] for each in asides(path)} >= {"-wal"}


def test_a_kill_between_the_two_names_loses_nothing(path: Path) -> None:
    fill(opened(path), 5)
    path.rename(path.with_name("journal.db.new"))
    assert entries(opened(path)) == [1, 2, 3, 4, 5]


def test_a_file_that_is_removed_or_replaced_takes_no_more(path: Path) -> None:
    file = opened(path)
    with closing(file.connect()):
        with file.writing():
            pass
        path.unlink()
        with pytest.raises(StorageError, match="removed or replaced"), file.writing():
            pass
        opened(path)
        with pytest.raises(StorageError, match="removed or replaced"), file.writing():
            pass


# Full disks


def test_a_full_disk_says_so_and_stores_nothing(path: Path) -> None:
    file = opened(path)
    fill(file, 100)
    with closing(file.connect()) as db:
        db.execute("pragma max_page_count = 8").close()
        with (
            pytest.raises(DiskFullError, match=r"disk is full .* free") as full,
            file.writing(),
            whole(db) as cursor,
        ):
            cursor.executemany("insert into word values (?, ?)", [(n, "x" * 999) for n in range(99)])
        assert str(path) in full.value.message
        assert db.execute("select count(*) from word").fetchone() == (0,)
        with file.writing():
            db.execute("insert into word values ('small', 1)").close()


_LIMITED = """
import resource, sys
from contextlib import closing
from pathlib import Path
from fdtui.core.errors import StorageError
from tests.unit.sync.storage.test_private_file import opened, entries, fill
path, limit = Path(sys.argv[1]), int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
stored = 0
try:
    file = opened(path)
    with closing(file.connect()) as db:
        for number in range(1, 400):
            with file.writing():
                db.execute("insert into entry values (?, ?)", (number, "x" * 200)).close()
            stored = number
except StorageError as error:
    print(stored, type(error).__name__, error)
"""


@pytest.mark.parametrize("limit", [0, 100, 4096, 5000, 20_000, 40_000, 70_000])
def test_a_disk_that_takes_no_more_loses_nothing_that_was_stored(path: Path, limit: int) -> None:
    run = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(path), str(limit)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=Path(__file__).parents[4],
    )
    assert run.stderr == ""
    stored = int(run.stdout.split()[0])
    assert entries(opened(path)) == list(range(1, stored + 1))


def test_the_ballast_is_given_up_for_what_must_be_stored(path: Path) -> None:
    path.parent.mkdir()
    ballast = Ballast(path)
    assert ballast.lay() and ballast.path.stat().st_size == 1_000_000
    assert mode(ballast.path) == 0o600
    tries: list[bool] = []

    def store() -> str:
        tries.append(ballast.path.exists())
        if ballast.path.exists():
            raise DiskFullError("full")
        return "stored"

    assert ballast.saving(store) == "stored"
    assert tries == [True, False] and not ballast.path.exists()
    assert ballast.lay() and ballast.path.exists()


def test_without_ballast_a_full_disk_is_told(path: Path) -> None:
    path.parent.mkdir()

    def store() -> None:
        raise DiskFullError("full")

    with pytest.raises(DiskFullError):
        Ballast(path).saving(store)


def test_no_ballast_is_laid_where_there_is_no_room(path: Path) -> None:
    path.parent.mkdir()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, before[1]))
    try:
        assert not Ballast(path).lay()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(path.parent.iterdir()) == []


# Words


def test_a_file_that_another_program_holds(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fdtui.sync.storage.private_file.BUSY_SECONDS", 0.05)
    file = opened(path)
    with closing(file.connect()) as one, closing(file.connect()) as two:
        one.execute("begin immediate").close()
        with pytest.raises(UnwritableError, match="Another program holds"), file.writing():
            two.execute("insert into entry values (1, 'a')").close()


def test_damage_that_shows_later(path: Path) -> None:
    file = opened(path)
    fill(file, 500)
    with closing(file.connect()) as db:
        db.execute("pragma wal_checkpoint(truncate)").close()
        data = path.read_bytes()
        path.write_bytes(data[:4096] + os.urandom(len(data) - 4096))
        with pytest.raises(DamagedError, match="is damaged"), file.use():
            db.execute("select * from entry").fetchall()


def test_a_strange_fault_keeps_the_systems_words(path: Path) -> None:
    assert "Input/output error" in str(fault_of(OSError(5, "Input/output error"), path))


def test_it_may_be_used_from_any_thread_that_asks_for_it(path: Path) -> None:
    file = opened(path)
    with closing(file.connect(any_thread=True)) as db:
        results: list[object] = []
        work: Callable[[], None] = lambda: results.append(db.execute("select 1").fetchone())  # noqa: E731
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert results == [(1,)]
