import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from fdtui.core.schema import Field, FieldType, Schema, WorkflowRef
from fdtui.core.state import State
from fdtui.core.task import tasks_from_rows
from fdtui.core.task_map import TaskMap
from fdtui.core.transfer import Status, Transfer
from fdtui.sync.files.transfers import Transfers
from fdtui.sync.storage.transfer_book import TransferBook
from fdtui.sync.store import Notice, StateStore
from tests.unit.sync.files.file_server import FileServer, no_wait, opened
from tests.unit.sync.session_driver import until


class Moving:
    """Transfers to and from a shelf, and what they told."""

    def __init__(self, shelf: FileServer, transfers: Transfers, holder: StateStore) -> None:
        self.shelf, self.transfers, self.holder = shelf, transfers, holder
        self.notices: list[Notice] = []
        self.seen: list[tuple[Transfer, ...]] = []
        holder.on_notice = self.notices.append
        holder.on_change = lambda state: self.seen.append(state.transfers)

    @property
    def all(self) -> tuple[Transfer, ...]:
        return self.holder.state.transfers

    @property
    def most_at_once(self) -> int:
        running = {Status.RUNNING, Status.CHECKING}
        return max(sum(each.status in running for each in moment) for moment in self.seen)

    async def until_running(self) -> None:
        async with asyncio.timeout(10):
            while not any(each.status is Status.RUNNING and each.moved for each in self.all):
                await asyncio.sleep(0.005)


@asynccontextmanager
async def moving(
    shelf: FileServer, *, read_only: bool = False, book: Callable[[], TransferBook] | None = None
) -> AsyncIterator[Moving]:
    fields = (Field("ID", FieldType.UNIQUE_ID), Field("Docs", FieldType.FILE, limit=4))
    state = State(
        workflow=WorkflowRef("w", "W"),
        schema=Schema(fields=fields),
        base=TaskMap(tasks_from_rows([shelf.row], "ID")),
        read_only=read_only,
    )
    ticks = iter(range(10**6))
    holder = StateStore(state, clock=lambda: float(next(ticks)))
    holder.online.set()
    async with opened(shelf) as client:
        transfers = Transfers(
            holder, gateway=lambda: client, nudge=lambda: None, sleep=no_wait, open_book=book
        )
        it = Moving(shelf, transfers, holder)
        running = asyncio.create_task(transfers.run())
        try:
            yield it
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


def some_file(folder: Path, name: str, size: int = 1000) -> Path:
    path = folder / name
    path.write_bytes(os.urandom(size))
    return path


async def test_several_files_all_arrive_one_after_the_other(tmp_path: Path) -> None:
    shelf = FileServer()
    shelf.put_in("old.txt", b"old")
    async with moving(shelf) as it:
        paths = [some_file(tmp_path, f"{number}.bin", 1_200_000) for number in range(3)]
        assert it.transfers.attach("T-1", "Docs", paths) == ()
        await it.holder.idle()
        assert [each.status for each in it.all] == [Status.DONE] * 3
        assert it.most_at_once == 1  # one task, one list: who overtook the other would drop it
        assert [n.text for n in it.notices] == [f"{number}.bin is attached." for number in range(3)]
        task = it.holder.state.base["T-1"]
        assert {each["filename"] for each in task.row["Docs"]} == {"old.txt", "0.bin", "1.bin", "2.bin"}
    assert sorted(shelf.names) == ["0.bin", "1.bin", "2.bin", "old.txt"]


async def test_two_downloads_go_at_once(tmp_path: Path) -> None:
    shelf = FileServer()
    blobs = [shelf.put_in(f"{number}.bin", os.urandom(2_000_000)) for number in range(4)]
    async with moving(shelf) as it:
        for number, blob in enumerate(blobs):
            it.transfers.fetch("T-1", "Docs", blob, f"{number}.bin", tmp_path)
        await it.holder.idle()
        assert it.most_at_once == 2
        assert {each.status for each in it.all} == {Status.DONE}
        assert [each.digest for each in it.all] == [shelf.digest(f"{number}.bin") for number in range(4)]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["0.bin", "1.bin", "2.bin", "3.bin"]


async def test_one_that_is_cancelled_can_be_tried_again(tmp_path: Path) -> None:
    shelf = FileServer()
    shelf.stand_still_after = 400_000
    async with moving(shelf) as it:
        it.transfers.attach("T-1", "Docs", [some_file(tmp_path, "a.bin", 20_000_000)])
        await it.until_running()
        it.transfers.cancel(1)
        await it.holder.idle()
        assert (it.all[0].status, shelf.names) == (Status.CANCELLED, [])
        shelf.stand_still_after = None
        it.transfers.retry(1)
        await it.holder.idle()
        assert (it.all[0].status, shelf.names) == (Status.DONE, ["a.bin"])


async def test_one_that_waits_is_cancelled_without_a_request(tmp_path: Path) -> None:
    shelf = FileServer()
    async with moving(shelf) as it:
        it.transfers.attach("T-1", "Docs", [some_file(tmp_path, "a.bin")])
        it.transfers.cancel(1)
        await it.holder.idle()
        assert it.all[0].status is Status.CANCELLED
        it.transfers.dismiss(1)
        assert it.all == ()
    assert shelf.received == 0


async def test_a_lost_answer_and_a_retry_by_hand_do_not_make_two(tmp_path: Path) -> None:
    shelf = FileServer()
    async with moving(shelf) as it:
        it.transfers.attach("T-1", "Docs", [some_file(tmp_path, "a.bin")])
        shelf.lose_answers, real = 1, shelf._answer
        shelf._answer = lambda writer, status, body: (
            real(writer, status, body) if not shelf.puts else False
        )
        await it.holder.idle()
        assert it.all[0].status is Status.FAILED
        shelf._answer = real
        it.transfers.retry(1)
        await it.holder.idle()
        assert it.all[0].status is Status.DONE
    assert shelf.names == ["a.bin"]


async def test_one_that_is_cancelled_when_all_has_arrived_is_not_attached_twice(tmp_path: Path) -> None:
    shelf, arrived = FileServer(), asyncio.Event()
    real = shelf._answer
    async with moving(shelf) as it:
        shelf.after_put = [arrived.set]
        shelf._answer = lambda *answer: True if arrived.is_set() else real(*answer)
        it.transfers.attach("T-1", "Docs", [some_file(tmp_path, "a.bin")])
        await arrived.wait()
        it.transfers.cancel(1)
        await it.holder.idle()
        assert it.all[0].status is Status.CANCELLED
        shelf._answer = real
        it.transfers.retry(1)
        await it.holder.idle()
        assert it.all[0].status is Status.DONE
    assert (shelf.names, len(shelf.puts)) == (["a.bin"], 1)


async def test_a_file_that_was_written_meanwhile_is_sent_as_it_is_now(tmp_path: Path) -> None:
    shelf = FileServer()
    shelf.cut_after = [10, 10, 10]
    async with moving(shelf) as it:
        path = some_file(tmp_path, "a.bin", 3_000_000)
        it.transfers.attach("T-1", "Docs", [path])
        await it.holder.idle()
        assert it.all[0].status is Status.FAILED
        path.write_bytes(b"new")
        it.transfers.retry(1)
        await it.holder.idle()
        assert it.all[0].status is Status.DONE
    assert list(shelf.blobs.values()) == [b"new"]


async def test_what_cannot_be_attached_is_told_at_once(tmp_path: Path) -> None:
    shelf = FileServer()
    async with moving(shelf) as it:
        attach = it.transfers.attach
        many = [some_file(tmp_path, f"{number}.bin") for number in range(5)]
        assert attach("T-1", "Docs", many) == ("Docs takes at most 4 files, and has 0.",)
        assert "cannot be read" in attach("T-1", "Docs", [tmp_path / "none"])[0]
        assert "no longer on the board" in attach("T-9", "Docs", many[:1])[0]
        assert "not an http" in it.transfers.attach_url("T-1", "Docs", "file:///etc/passwd")
        assert it.all == ()
    async with moving(shelf, read_only=True) as it:
        assert "Read-only" in it.transfers.attach("T-1", "Docs", many[:1])[0]


@pytest.mark.parametrize("name", ["../../evil", "a\x1b[31m.txt"])
async def test_a_download_lands_where_it_was_told_to(tmp_path: Path, name: str) -> None:
    shelf = FileServer()
    blob = shelf.put_in(name, b"x")
    (tmp_path / "in").mkdir()
    async with moving(shelf) as it:
        it.transfers.fetch("T-1", "Docs", blob, name, tmp_path / "in")
        await until(lambda: it.all)
        await it.holder.idle()
        assert Path(it.all[0].target).parent == tmp_path / "in"
    assert [each.name for each in tmp_path.iterdir()] == ["in"]


SLIPS = [(400, b""), (403, b"{}"), (404, b"<html>"), (405, b""), (451, b""), (422, b"[]")]


@pytest.mark.parametrize("slip", SLIPS, ids=str)
async def test_one_bad_answer_to_a_download_is_asked_again(
    tmp_path: Path, slip: tuple[int, bytes]
) -> None:
    shelf = FileServer()
    blob = shelf.put_in("a.bin", os.urandom(100_000))
    shelf.slips = [(True, *slip)]
    async with moving(shelf) as it:
        it.transfers.fetch("T-1", "Docs", blob, "a.bin", tmp_path)
        await it.holder.idle()
        assert (it.all[0].status, it.all[0].digest) == (Status.DONE, shelf.digest("a.bin"))
        shelf.slips = [(True, *slip)] * 2
        it.transfers.fetch("T-1", "Docs", blob, "b.bin", tmp_path)
        await it.holder.idle()
        assert (it.all[1].status, shelf.slips) == (Status.FAILED, [])
    assert [each.name for each in tmp_path.iterdir()] == ["a.bin"]


@pytest.mark.parametrize("slip", [*SLIPS, (200, b"<html>log in</html>")], ids=str)
@pytest.mark.parametrize("place", ["before", "after"])
async def test_one_bad_answer_during_an_upload_is_asked_again_and_nothing_is_sent_twice(
    tmp_path: Path, slip: tuple[int, bytes], place: str
) -> None:
    shelf = FileServer()

    def slipping() -> None:
        shelf.slips = [(False, *slip)]

    if place == "before":
        slipping()
    else:
        shelf.after_put.append(slipping)
    async with moving(shelf) as it:
        it.transfers.attach("T-1", "Docs", [some_file(tmp_path, "a.bin")])
        await it.holder.idle()
        assert (it.all[0].status, it.all[0].error) == (Status.DONE, "")
    assert (shelf.names, len(shelf.puts), shelf.slips) == (["a.bin"], 1, [])
