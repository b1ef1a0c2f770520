"""Files on their way in a ledger: what a kill leaves, what another try does with it, two windows."""

import asyncio
import os
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from fdtui.core.errors import StorageError
from fdtui.core.frozen import replace
from fdtui.core.transfer import Status, Transfer, TransferKind
from fdtui.sync.files.destination import new_part, remove_part
from fdtui.sync.files.transfers import MAX_ENDED_TRANSFERS
from fdtui.sync.storage.database import Ledger
from fdtui.sync.storage.transfer_book import LONGEST_KEPT, FileSlot, SavedTransfer, UploadProgress
from fdtui.sync.storage.transfer_table import TransferTable
from tests.unit.sync.files.file_server import FileServer
from tests.unit.sync.files.test_transfers import Moving, moving, some_file

HERE = frozenset({"w"})
MOVING = Transfer(3, TransferKind.UPLOAD, "w", "T-1", "T-1", "Docs", "a \udcff.bin", "/x/a.bin", total=5)
KEPT = SavedTransfer(
    "ab",
    MOVING,
    9.0,
    FileSlot("w", "T-1", "ID", "Docs", 4),
    stamp=(5, 2**62),
    progress=UploadProgress(frozenset({"b2", "b1"}), "00ff", True),
    part=".fdtui-0123456789abcdef.part",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "state").mkdir()
    return tmp_path / "state" / "ledger.db"


@pytest.fixture
def ledgers(path: Path) -> Iterator[list[Ledger]]:
    """Opened ones, which end with the test."""
    opened: list[Ledger] = []
    yield opened
    for each in opened:
        each.close()


@asynccontextmanager
async def window(shelf: FileServer, path: Path) -> AsyncIterator[Moving]:
    """A run of the program on the ledger at ``path``; what it still has to store is stored."""
    ledger = Ledger(path)
    try:
        async with moving(shelf, book=ledger.transfers) as it:
            yield it
    finally:
        ledger.close()


def snapshot(path: Path, to: Path) -> Path:
    """The ledger as a kill at this moment would leave it: what is committed, and no living window."""
    with closing(sqlite3.connect(path)) as here, closing(sqlite3.connect(to)) as there:
        here.backup(there)
    return to


def rows(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        (count,) = db.execute("select count(*) from transfer").fetchone()
    return int(count)


async def recalled(it: Moving, count: int = 1) -> None:
    async with asyncio.timeout(10):
        while len(it.all) < count:
            await asyncio.sleep(0.005)


async def stored(path: Path, count: int) -> None:
    async with asyncio.timeout(10):
        while rows(path) != count:
            await asyncio.sleep(0.005)


# The table


def test_what_is_kept_is_read_as_it_was(path: Path, ledgers: list[Ledger]) -> None:
    one = Ledger(path)
    one.transfers().store({"ab": KEPT, "cd": replace(KEPT, id="cd", slot=None, stamp=None)})
    one.close()
    ledgers.append(Ledger(path))
    first, second = ledgers[0].transfers().claim(HERE, 10.0)
    assert first == KEPT
    assert second == replace(KEPT, id="cd", slot=None, stamp=None)
    ledgers[0].transfers().store({"ab": None, "cd": None})
    assert rows(path) == 0


def test_what_a_living_window_has_is_not_claimed(path: Path, ledgers: list[Ledger]) -> None:
    one, two = Ledger(path), Ledger(path)
    ledgers.append(two)
    one.transfers().store({"ab": KEPT})
    assert one.transfers().claim(HERE, 10.0) == ()
    assert two.transfers().claim(HERE, 10.0) == ()
    one.close()
    assert two.transfers().claim(HERE, 10.0) == (KEPT,)
    assert two.transfers().claim(HERE, 10.0) == ()  # it has been told


def test_another_workspaces_transfers_are_left_alone(path: Path, ledgers: list[Ledger]) -> None:
    one = Ledger(path)
    one.transfers().store({"ab": KEPT})
    one.close()
    ledgers += [Ledger(path), Ledger(path)]
    assert ledgers[0].transfers().claim(frozenset({"other"}), 10.0) == ()
    assert ledgers[1].transfers().claim(HERE, 10.0) == (KEPT,)


def test_what_is_too_old_or_cannot_be_read_is_passed_over(path: Path, ledgers: list[Ledger]) -> None:
    one = Ledger(path)
    one.transfers().store({"ab": KEPT, "cd": replace(KEPT, id="cd", at=LONGEST_KEPT)})
    one._ask("insert into transfer values (?, ?, ?, ?, ?)", "x", "w", "gone", LONGEST_KEPT, "no json")
    one._ask("insert into transfer values (?, ?, ?, ?, ?)", "y", "w", "gone", LONGEST_KEPT, "{}")
    one.close()
    ledgers.append(Ledger(path))
    (left,) = ledgers[0].transfers().claim(HERE, LONGEST_KEPT + 100)
    assert left.id == "cd"


# What goes in, and what goes out


async def test_what_is_done_or_dismissed_leaves_the_ledger(tmp_path: Path, path: Path) -> None:
    shelf = FileServer()
    blob = shelf.put_in("old.txt", b"old")
    async with window(shelf, path) as it:
        it.transfers.attach("T-1", "Docs", [some_file(tmp_path, "a.bin")])
        it.transfers.fetch("T-1", "Docs", blob, "old.txt", tmp_path)
        await it.holder.idle()
        assert [each.status for each in it.all] == [Status.DONE, Status.DONE]
        await stored(path, 0)
        it.transfers.fetch("T-1", "Docs", blob, "old.txt", tmp_path / "none")
        await it.holder.idle()
        await stored(path, 1)
        it.transfers.dismiss(3)
        await stored(path, 0)


async def test_a_failure_is_there_after_a_restart_and_told_no_more(tmp_path: Path, path: Path) -> None:
    shelf = FileServer()
    blob = shelf.put_in("old.txt", b"old")
    async with window(shelf, path) as it:
        it.transfers.fetch("T-1", "Docs", blob, "old.txt", tmp_path / "none")
        await it.holder.idle()
    async with window(shelf, path) as it:
        await recalled(it)
        assert (it.all[0].status, "No such file" in it.all[0].error) == (Status.FAILED, True)
        assert it.notices == []
        (tmp_path / "none").mkdir()
        it.transfers.retry(it.all[0].ticket)
        await it.holder.idle()
        assert (tmp_path / "none" / "old.txt").read_bytes() == b"old"
    assert rows(path) == 0


async def test_only_so_many_are_kept(path: Path) -> None:
    ledger = Ledger(path)
    failed = replace(MOVING, status=Status.FAILED)
    many = [replace(KEPT, id=str(number), transfer=failed) for number in range(MAX_ENDED_TRANSFERS + 7)]
    ledger.transfers().store({each.id: each for each in many})
    ledger.close()
    async with window(FileServer(), path) as it:
        await recalled(it, MAX_ENDED_TRANSFERS)
        await stored(path, MAX_ENDED_TRANSFERS)


# What a kill leaves


async def test_one_that_was_killed_is_told_once_and_waits_for_the_user(
    tmp_path: Path, path: Path
) -> None:
    shelf = FileServer()
    shelf.stand_still_after = 400_000
    async with window(shelf, path) as it:
        files = [some_file(tmp_path, "a.bin", 20_000_000), some_file(tmp_path, "b.bin")]
        it.transfers.attach("T-1", "Docs", files)
        await it.until_running()
        await stored(path, 2)
        left = snapshot(path, tmp_path / "left.db")
        assert len(it.all) == 2  # and not once more as interrupted
    shelf.stand_still_after, shelf.received = None, 0
    async with window(shelf, left) as it:
        await recalled(it, 2)
        await asyncio.sleep(0.05)
        assert [each.status for each in it.all] == [Status.INTERRUPTED] * 2
        assert [each.text[:27] for each in it.notices] == ["2 transfers were interrupte"]
        assert shelf.received == 0
    async with window(shelf, left) as it:
        await recalled(it, 2)
        assert it.notices == []
        for each in it.all:
            it.transfers.retry(each.ticket)
        await it.holder.idle()
        assert [each.status for each in it.all] == [Status.DONE] * 2
    assert (shelf.names, rows(left)) == (["a.bin", "b.bin"], 0)


async def test_what_ends_in_good_order_is_interrupted_all_the_same(tmp_path: Path, path: Path) -> None:
    shelf = FileServer()
    shelf.stand_still_after = 400_000
    async with window(shelf, path) as it:
        it.transfers.attach("T-1", "Docs", [some_file(tmp_path, "a.bin", 20_000_000)])
        await it.until_running()
    assert it.notices == []
    async with window(shelf, path) as it:
        await recalled(it)
        assert it.all[0].status is Status.INTERRUPTED
        assert len(it.notices) == 1


@pytest.mark.parametrize("is_gone", [False, True])
@pytest.mark.parametrize("size", [1000, 1_200_000])
async def test_a_file_that_had_arrived_is_not_attached_twice(
    tmp_path: Path, path: Path, size: int, is_gone: bool
) -> None:
    shelf, left = FileServer(), tmp_path / "left.db"
    shelf.put_in("a.bin", b"a colleague's of the same name")
    file = some_file(tmp_path, "a.bin", size)
    async with window(shelf, path) as it:
        shelf.after_put = [lambda: snapshot(path, left) and None]
        it.transfers.attach("T-1", "Docs", [file])
        await it.holder.idle()
    shelf.put_in("a.bin", b"another colleague's")
    names, puts = shelf.names, len(shelf.puts)
    if is_gone:
        file.unlink()
    async with window(shelf, left) as it:
        await recalled(it)
        it.transfers.retry(it.all[0].ticket)
        await it.holder.idle()
        assert (it.all[0].status, it.all[0].error) == (Status.DONE, "")
    assert (shelf.names, len(shelf.puts), rows(left)) == (names, puts, 0)


async def test_a_colleagues_file_of_the_same_name_is_not_taken_for_ours(
    tmp_path: Path, path: Path
) -> None:
    shelf, left = FileServer(), tmp_path / "left.db"
    async with window(shelf, path) as it:
        shelf.before_put = [lambda: snapshot(path, left) and None]
        it.transfers.attach("T-1", "Docs", [some_file(tmp_path, "a.bin")])
        await it.holder.idle()
    mine = shelf.digest("a.bin")
    shelf.files = []  # the kill came before the server had done anything
    shelf.put_in("a.bin", b"a colleague's")
    async with window(shelf, left) as it:
        await recalled(it)
        it.transfers.retry(it.all[0].ticket)
        await it.holder.idle()
    assert (shelf.names, len(shelf.puts)) == (["a.bin", "a.bin"], 2)
    shelf.files.pop(0)
    assert shelf.digest("a.bin") == mine


async def test_an_older_copy_of_the_same_file_is_not_taken_for_the_new_one(
    tmp_path: Path, path: Path
) -> None:
    shelf, left, file = FileServer(), tmp_path / "left.db", some_file(tmp_path, "a.bin")
    shelf.put_in("a.bin", file.read_bytes())
    async with window(shelf, path) as it:
        shelf.before_put = [lambda: snapshot(path, left) and None]
        it.transfers.attach("T-1", "Docs", [file])
        await it.holder.idle()
    shelf.files = shelf.files[:1]  # the kill came before the server had done anything
    async with window(shelf, left) as it:
        await recalled(it)
        it.transfers.retry(it.all[0].ticket)
        await it.holder.idle()
    assert shelf.names == ["a.bin", "a.bin"]


async def test_an_address_whose_file_had_arrived_is_not_fetched_twice(
    tmp_path: Path, path: Path
) -> None:
    shelf, left = FileServer(), tmp_path / "left.db"
    async with window(shelf, path) as it:
        shelf.after_put = [lambda: snapshot(path, left) and None]
        it.transfers.attach_url("T-1", "Docs", "https://example.com/in/plan.pdf")
        await it.holder.idle()
    async with window(shelf, left) as it:
        await recalled(it)
        it.transfers.retry(it.all[0].ticket)
        await it.holder.idle()
        assert it.all[0].status is Status.DONE
    assert (shelf.names, len(shelf.puts)) == (["plan.pdf"], 1)


async def test_an_address_whose_file_may_have_arrived_is_asked_about(tmp_path: Path, path: Path) -> None:
    shelf, left = FileServer(), tmp_path / "left.db"
    async with window(shelf, path) as it:
        shelf.after_put = [lambda: snapshot(path, left) and None]
        it.transfers.attach_url("T-1", "Docs", "https://example.com/in?id=7")  # called otherwise there
        await it.holder.idle()
    async with window(shelf, left) as it:
        await recalled(it)
        it.transfers.retry(it.all[0].ticket)
        await it.holder.idle()
        assert "arrived meanwhile" in it.all[0].error
        assert len(shelf.puts) == 1
        it.transfers.retry(it.all[0].ticket)
        await it.holder.idle()
        assert it.all[0].status is Status.DONE
    assert len(shelf.puts) == 2


@pytest.mark.parametrize("is_gone", [False, True])
async def test_a_source_that_is_gone_or_changed_is_told(
    tmp_path: Path, path: Path, is_gone: bool
) -> None:
    shelf, file = FileServer(), some_file(tmp_path, "a.bin", 20_000_000)
    shelf.stand_still_after = 400_000
    async with window(shelf, path) as it:
        it.transfers.attach("T-1", "Docs", [file])
        await it.until_running()
    shelf.stand_still_after = None
    file.unlink() if is_gone else file.write_bytes(b"other")
    async with window(shelf, path) as it:
        await recalled(it)
        it.transfers.retry(it.all[0].ticket)
        await it.holder.idle()
        assert it.all[0].status is Status.FAILED
        told = "No such file" if is_gone else "changed since you chose it, so it was not sent"
        assert told in it.all[0].error
        assert (shelf.names, shelf.puts) == ([], [])
        if is_gone:
            file.write_bytes(b"other")
        for _ in range(1 + is_gone):  # what came anew is another file, too
            it.transfers.retry(it.all[0].ticket)
            await it.holder.idle()
        assert (it.all[0].status, it.all[0].total) == (Status.DONE, 5)
    assert list(shelf.blobs.values()) == [b"other"]


async def test_a_download_leaves_nothing_half_and_begins_anew(tmp_path: Path, path: Path) -> None:
    shelf, folder, left = FileServer(), tmp_path / "in", tmp_path / "left.db"
    blob = shelf.put_in("a.bin", os.urandom(3_000_000))
    folder.mkdir()
    half: list[str] = []

    def cut(data: bytes) -> bytes:
        half[:] = [each.name for each in folder.iterdir()]
        snapshot(path, left)
        return data

    async with window(shelf, path) as it:
        shelf.sends = cut
        it.transfers.fetch("T-1", "Docs", blob, "a.bin", folder)
        await it.holder.idle()
    (folder / "a.bin").unlink()
    with closing(sqlite3.connect(left)) as db:
        (body,) = db.execute("select body from transfer").fetchone()
    part = next(word for word in body.split('"') if word.startswith(".fdtui-"))
    other = new_part()
    for name in (part, other, "a.part"):
        (folder / name).write_bytes(b"half")
    shelf.sends = lambda data: data
    async with window(shelf, left) as it:
        await recalled(it)
        assert it.all[0].status is Status.INTERRUPTED
        assert {each.name for each in folder.iterdir()} == {other, "a.part"}
        it.transfers.retry(it.all[0].ticket)
        await it.holder.idle()
        assert it.all[0].digest == shelf.digest("a.bin")
    assert {each.name for each in folder.iterdir()} == {other, "a.part", "a.bin"}


def test_only_a_half_file_of_ours_is_removed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "mine").write_text("mine")
    for name in ("../mine", "mine", "", ".fdtui-1.part", ".fdtui-0123456789abcdeX.part", "\0"):
        remove_part(tmp_path / "in", name)
        remove_part(tmp_path, name)
    link, folder, pipe, gone = (new_part() for _ in range(4))
    (tmp_path / link).symlink_to(tmp_path / "mine")
    (tmp_path / folder).mkdir()
    os.mkfifo(tmp_path / pipe)
    for name in (link, folder, pipe, gone):
        remove_part(tmp_path, name)
    remove_part(tmp_path / "none", gone)
    assert {each.name for each in tmp_path.iterdir()} == {"in", "mine", link, folder, pipe}


# Two windows, and a disk that refuses


async def test_another_window_shows_it_only_once_its_own_is_gone(tmp_path: Path, path: Path) -> None:
    shelf = FileServer()
    shelf.stand_still_after = 400_000
    async with window(shelf, path) as second:
        async with window(shelf, path) as first:
            first.transfers.attach("T-1", "Docs", [some_file(tmp_path, "a.bin", 20_000_000)])
            await first.until_running()
            await stored(path, 1)
            second.transfers.look_again()
            await asyncio.sleep(0.1)
            assert second.all == ()
        second.transfers.look_again()
        await recalled(second)
        assert second.all[0].status is Status.INTERRUPTED


async def test_a_ledger_that_cannot_be_opened_stops_nothing(tmp_path: Path) -> None:
    shelf = FileServer()
    blob = shelf.put_in("old.txt", b"old")

    def refuse() -> Ledger:
        raise StorageError("The disk refuses.")

    async with moving(shelf, book=refuse) as it:
        it.transfers.attach("T-1", "Docs", [some_file(tmp_path, "a.bin")])
        it.transfers.fetch("T-1", "Docs", blob, "old.txt", tmp_path)
        await it.holder.idle()
        assert [each.status for each in it.all] == [Status.DONE] * 2
        told = [each.text for each in it.notices if "outlive" in each.text]
        assert told == ["Files on their way will not outlive the program: The disk refuses."]


async def test_a_ledger_that_breaks_meanwhile_stops_nothing(tmp_path: Path, path: Path) -> None:
    shelf = FileServer()
    async with window(shelf, path) as it:
        with closing(sqlite3.connect(path)) as db:
            db.execute("drop table transfer")
        for name in ("a.bin", "b.bin"):
            it.transfers.attach("T-1", "Docs", [some_file(tmp_path, name)])
            await it.holder.idle()
        assert [each.status for each in it.all] == [Status.DONE] * 2
        assert sum("outlive" in each.text for each in it.notices) == 1
    assert shelf.names == ["a.bin", "b.bin"]


class SlowTable:
    """A real table on a disk that stands still while ``gate`` is closed."""

    def __init__(self, table: TransferTable) -> None:
        self._table, self.gate = table, threading.Event()
        self.gate.set()

    def store(self, changes: Mapping[str, SavedTransfer | None]) -> None:
        self.gate.wait(20)
        self._table.store(changes)

    def claim(self, workflows: frozenset[str], now: float) -> tuple[SavedTransfer, ...]:
        return self._table.claim(workflows, now)


@asynccontextmanager
async def on_a_slow_disk(shelf: FileServer, path: Path) -> AsyncIterator[tuple[Moving, SlowTable]]:
    ledger = Ledger(path)
    table = SlowTable(ledger.transfers())
    try:
        async with moving(shelf, book=lambda: table) as it:
            yield it, table
            table.gate.set()
    finally:
        table.gate.set()
        ledger.close()


async def test_no_request_is_whole_before_the_ledger_knows_of_it(tmp_path: Path, path: Path) -> None:
    shelf = FileServer()
    async with on_a_slow_disk(shelf, path) as (it, table):
        table.gate.clear()
        it.transfers.attach("T-1", "Docs", [some_file(tmp_path, "a.bin")])
        async with asyncio.timeout(10):
            while not shelf.received:
                await asyncio.sleep(0.005)
        await asyncio.sleep(0.2)
        assert shelf.puts == []
        table.gate.set()
        await it.holder.idle()
        assert it.all[0].status is Status.DONE


async def test_a_disk_that_stands_still_stops_nothing(
    tmp_path: Path, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fdtui.sync.files.registry.REGISTRY_BUSY_TIMEOUT", 0.05)
    shelf = FileServer()
    async with on_a_slow_disk(shelf, path) as (it, table):
        table.gate.clear()
        it.transfers.attach("T-1", "Docs", [some_file(tmp_path, "a.bin")])
        await it.holder.idle()
        assert it.all[0].status is Status.DONE
        assert sum("outlive" in each.text for each in it.notices) == 1
