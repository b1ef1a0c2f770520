import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from fdtui.core.errors import (
    ConflictError,
    FdtuiError,
    InvalidError,
    NotFlowdashError,
    StorageError,
    UnreachableError,
)
from fdtui.sync.files.detach import detach
from fdtui.sync.files.download import fetch
from fdtui.sync.files.source import FileSource
from fdtui.sync.files.upload import GUARDED_TO, LATE_FROM, NewFile, UploadRun
from fdtui.sync.storage.transfer_book import FileSlot
from tests.unit.sync.files.file_server import FileServer, no_wait, opened

SPOT = FileSlot("w", "T-1", "ID", "Docs", 5)
SMALL, LARGE = 1000, LATE_FROM + 12_345


OPEN: list[FileSource] = []


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    while OPEN:
        OPEN.pop().close()


def novelty(folder: Path, name: str = "mine.bin", size: int = SMALL) -> NewFile:
    (folder / name).write_bytes(os.urandom(size))
    source = FileSource.open(folder / name)
    OPEN.append(source)
    return NewFile(source.name, source.media_type, source)


def digest_of(new: NewFile) -> str:
    assert new.source is not None
    return new.source.digest


@pytest.mark.parametrize("size", [0, 1, SMALL, LARGE])
async def test_a_file_is_added_and_what_was_there_stays(tmp_path: Path, size: int) -> None:
    shelf, new = FileServer(), novelty(tmp_path, size=size)
    shelf.put_in("old.txt", b"old")
    async with opened(shelf) as client:
        way = UploadRun(client, SPOT, new, sleep=no_wait)
        row = await way.run()
    assert row["Docs"] == shelf.files
    assert sorted(shelf.names) == ["mine.bin", "old.txt"]
    assert shelf.digest("mine.bin") == digest_of(new)
    assert len(shelf.puts) == 1
    assert {"blobId": "blob1", "contentType": "text/plain", "filename": "old.txt"} in shelf.puts[0]


@pytest.mark.parametrize("size", [SMALL, LARGE])
@pytest.mark.parametrize("heeds_tags", [True, False])
async def test_a_colleague_who_was_faster_is_not_overwritten_for_long(
    tmp_path: Path, size: int, heeds_tags: bool
) -> None:
    shelf, new = FileServer(), novelty(tmp_path, size=size)
    shelf.heeds_tags = heeds_tags
    if size == LARGE:
        # While it is on its way: the list is read again before the last bytes leave.
        started = False

        def moved(_: int) -> None:
            nonlocal started
            if not started:
                started = True
                shelf.put_in("hers.txt", b"hers")

    else:

        def moved(_: int) -> None: ...

        if heeds_tags:
            shelf.before_put = [lambda: shelf.put_in("hers.txt", b"hers")]
    async with opened(shelf) as client:
        await UploadRun(client, SPOT, new, sleep=no_wait, moved=moved).run()
    wanted = ["mine.bin"] if size == SMALL and not heeds_tags else ["hers.txt", "mine.bin"]
    assert sorted(shelf.names) == wanted


async def test_who_was_overwritten_attaches_again(tmp_path: Path) -> None:
    shelf, new = FileServer(), novelty(tmp_path)

    def overwrite() -> None:
        shelf.files = []
        shelf.put_in("hers.txt", b"hers")

    shelf.after_put = [lambda: asyncio.get_running_loop().call_soon(overwrite) and None]
    waits = 0

    async def sleep(_: float) -> None:
        nonlocal waits
        waits += 1
        await asyncio.sleep(0.01)

    async with opened(shelf) as client:
        await UploadRun(client, SPOT, new, sleep=sleep).run()
    assert sorted(shelf.names) == ["hers.txt", "mine.bin"]


@pytest.mark.parametrize("size", [SMALL, LARGE, GUARDED_TO + 1])
@pytest.mark.parametrize("heeds_tags", [True, False])
async def test_a_list_that_names_what_is_gone_is_read_again(
    tmp_path: Path, size: int, heeds_tags: bool
) -> None:
    shelf, new = FileServer(), novelty(tmp_path, size=size)
    shelf.heeds_tags = heeds_tags
    shelf.put_in("gone.txt", b"gone")
    shelf.put_in("stays.txt", b"stays")
    shelf.before_put = [lambda: shelf.files.pop(0) and None]
    async with opened(shelf) as client:
        await UploadRun(client, SPOT, new, sleep=no_wait).run()
    assert sorted(shelf.names) == ["mine.bin", "stays.txt"]


@pytest.mark.parametrize(
    ("why", "says"),
    [
        ("is invalid", "The server could not fetch that address."),
        ("could not be fetched: no public address", "Docs could not be fetched: no public address"),
    ],
)
async def test_an_address_that_is_refused_is_told_as_one(why: str, says: str) -> None:
    shelf, new = FileServer(), NewFile("a.txt", url="http://10.0.0.1/a.txt")
    shelf.refuses = why
    async with opened(shelf) as client:
        with pytest.raises(InvalidError) as told:
            await UploadRun(client, SPOT, new, sleep=no_wait).run()
    assert str(told.value) == says


async def test_a_refusal_of_another_kind_is_told_at_once(tmp_path: Path) -> None:
    shelf, new = FileServer(), novelty(tmp_path, size=LARGE)
    shelf.refuses = "is invalid"
    async with opened(shelf) as client:
        with pytest.raises(InvalidError, match="Docs is invalid"):
            await UploadRun(client, SPOT, new, sleep=no_wait).run()
    assert len(shelf.puts) == 1


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_who_is_always_overtaken_is_told_in_the_end(tmp_path: Path, size: int) -> None:
    shelf, new = FileServer(), novelty(tmp_path, size=size)
    shelf.put_in("0.txt", b"")

    def overtake() -> None:
        shelf.files.clear()
        shelf.put_in("next.txt", b"")

    shelf.before_put = [overtake] * 20
    async with opened(shelf) as client:
        with pytest.raises(ConflictError, match="was not attached: others keep changing"):
            await UploadRun(client, SPOT, new, sleep=no_wait).run()
    assert shelf.names == ["next.txt"]
    assert len(shelf.before_put) == 9


async def test_it_is_looked_for_later_where_answers_take_long(tmp_path: Path) -> None:
    shelf, new, waits = FileServer(), novelty(tmp_path), []
    times = iter([0.0, 3.0])

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async with opened(shelf) as client:
        await UploadRun(client, SPOT, new, sleep=sleep, clock=lambda: next(times)).run()
    assert waits == [3.0]


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_a_lost_answer_never_makes_two_of_one(tmp_path: Path, size: int) -> None:
    shelf, new = FileServer(), novelty(tmp_path, size=size)
    shelf.lose_answers = 1
    async with opened(shelf) as client:
        way = UploadRun(client, SPOT, new, sleep=no_wait)
        await way.run()
    assert shelf.names == ["mine.bin"]
    assert len(shelf.puts) == 1
    assert way.blob == shelf.files[0]["blobId"]


async def test_a_colleagues_file_of_the_same_name_is_not_taken_for_ours(tmp_path: Path) -> None:
    shelf, new = FileServer(), novelty(tmp_path)
    shelf.cut_after = [500]
    shelf.put_in("mine.bin", b"older")
    async with opened(shelf) as client:
        way = UploadRun(client, SPOT, new, sleep=no_wait)
        await way.run()
    assert shelf.names == ["mine.bin", "mine.bin"]
    assert len(shelf.puts) == 1


async def test_a_cut_in_the_middle_is_sent_again_from_the_start(tmp_path: Path) -> None:
    shelf, new = FileServer(), novelty(tmp_path, size=20_000_000)
    shelf.cut_after = [1_000_000, 2_000_000]
    async with opened(shelf) as client:
        await UploadRun(client, SPOT, new, sleep=no_wait).run()
    assert shelf.names == ["mine.bin"]
    assert shelf.digest("mine.bin") == digest_of(new)


async def test_three_cuts_are_enough(tmp_path: Path) -> None:
    shelf, new = FileServer(), novelty(tmp_path, size=20_000_000)
    shelf.cut_after = [1_000_000] * 9
    async with opened(shelf) as client:
        with pytest.raises(UnreachableError):
            await UploadRun(client, SPOT, new, sleep=no_wait).run()
    assert len(shelf.cut_after) == 6
    assert shelf.names == []


async def test_a_file_that_changes_on_its_way_is_not_attached(tmp_path: Path) -> None:
    shelf, new = FileServer(), novelty(tmp_path, size=20_000_000)

    def moved(at: int) -> None:
        (tmp_path / "mine.bin").write_bytes(b"other")

    async with opened(shelf) as client:
        with pytest.raises(StorageError, match="changed during"):
            await UploadRun(client, SPOT, new, sleep=no_wait, moved=moved).run()
    assert (shelf.names, shelf.puts) == ([], [])


async def test_a_link_that_stands_still_is_given_up(tmp_path: Path) -> None:
    shelf, new = FileServer(), novelty(tmp_path, size=20_000_000)
    shelf.stand_still_after = 100_000
    async with opened(shelf) as client:
        with pytest.raises(UnreachableError, match="Nothing moves"):
            await UploadRun(client, SPOT, new, sleep=no_wait).run()
    assert shelf.puts == []


async def test_the_limit_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    shelf, new = FileServer(), novelty(tmp_path)
    for number in range(5):
        shelf.put_in(f"{number}.txt", b"")
    async with opened(shelf) as client:
        with pytest.raises(InvalidError, match="at most 5 files"):
            await UploadRun(client, SPOT, new, sleep=no_wait).run()
    assert shelf.received == 0


async def test_a_server_that_keeps_nothing_is_told_on(tmp_path: Path) -> None:
    shelf, new = FileServer(), novelty(tmp_path)
    shelf.after_put = [shelf.files.clear, lambda: None]
    shelf.after_put[0] = lambda: setattr(shelf, "files", [])
    async with opened(shelf) as client:
        with pytest.raises(ConflictError, match="not in the field"):
            await UploadRun(client, SPOT, new, sleep=no_wait).run()


async def test_a_cancelled_upload_is_not_heard_of(tmp_path: Path) -> None:
    shelf, new, under_way = FileServer(), novelty(tmp_path, size=20_000_000), asyncio.Event()
    async with opened(shelf) as client:
        way = UploadRun(client, SPOT, new, sleep=no_wait, moved=lambda _: under_way.set())
        task = asyncio.create_task(way.run())
        await under_way.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await client.task("w", "T-1", unique_id="ID"))["Docs"] == []
    assert shelf.puts == []


async def test_a_file_is_taken_out_and_a_colleagues_stays() -> None:
    shelf = FileServer()
    mine = shelf.put_in("mine.bin", b"mine")
    shelf.before_put = [lambda: shelf.put_in("hers.txt", b"hers") and None]
    async with opened(shelf) as client:
        await detach(client, SPOT, mine)
    assert shelf.names == ["hers.txt"]


@pytest.mark.parametrize("size", [0, 1, 3_000_000])
async def test_a_download_is_what_was_uploaded(tmp_path: Path, size: int) -> None:
    shelf, data = FileServer(), os.urandom(size)
    blob = shelf.put_in("a.bin", data)
    async with opened(shelf) as client:
        found = await fetch(client, blob, "../a.bin", tmp_path, sleep=no_wait)
    assert (found.path, found.size) == (tmp_path / "a.bin", size)
    assert found.path.read_bytes() == data
    assert found.digest == shelf.digest("a.bin")


async def test_a_cut_download_begins_anew_and_leaves_nothing_half(tmp_path: Path) -> None:
    shelf = FileServer()
    blob, cuts = shelf.put_in("a.bin", os.urandom(3_000_000)), [1_000_000, 0]
    shelf.sends = lambda data: data[: cuts.pop(0)] if cuts else data
    async with opened(shelf) as client:
        found = await fetch(client, blob, "a.bin", tmp_path, sleep=no_wait)
        assert found.digest == shelf.digest("a.bin")
        cuts[:] = [5, 6, 7]
        with pytest.raises((UnreachableError, NotFlowdashError)):
            await fetch(client, blob, "b.bin", tmp_path, sleep=no_wait)
    assert [each.name for each in tmp_path.iterdir()] == ["a.bin"]


async def test_a_download_longer_than_it_says_is_not_kept(tmp_path: Path) -> None:
    shelf = FileServer()
    blob = shelf.put_in("a.bin", b"x" * 100)
    shelf.sends = lambda data: data + b"HTTP/1.1 200 OK\r\n\r\n"
    async with opened(shelf) as client:
        with pytest.raises(FdtuiError, match="longer than it says"):
            await fetch(client, blob, "a.bin", tmp_path, sleep=no_wait)
    assert not list(tmp_path.iterdir())


YESES = [(204, b""), (201, b"{}"), (202, b""), (200, b"[]"), (206, b""), (200, b"<html>in</html>")]


@pytest.mark.parametrize("yes", YESES, ids=ascii)
async def test_an_unreadable_yes_is_decided_by_a_look(tmp_path: Path, yes: tuple[int, bytes]) -> None:
    shelf, new = FileServer(), novelty(tmp_path)
    old = shelf.put_in("old.txt", b"old")
    shelf.says = yes
    async with opened(shelf) as client:
        row = await UploadRun(client, SPOT, new, sleep=no_wait).run()
        assert sorted(shelf.names) == ["mine.bin", "old.txt"]
        assert len(shelf.puts) == 1
        assert row["Docs"] == shelf.files
        row = await detach(client, SPOT, old)
        assert row["Docs"] == shelf.files
        assert shelf.names == ["mine.bin"]


async def test_a_yes_of_a_portal_attaches_and_removes_nothing(tmp_path: Path) -> None:
    shelf, new = FileServer(), novelty(tmp_path)
    old = shelf.put_in("old.txt", b"old")
    shelf.says, shelf.swallows = (200, b"<html>in</html>"), True
    shelf.before_put.append(lambda: void(shelf.put_in("theirs.bin", b"theirs")))
    async with opened(shelf) as client:
        with pytest.raises(ConflictError, match=r"mine\.bin is not in the field"):
            await UploadRun(client, SPOT, new, sleep=no_wait).run()
        with pytest.raises(ConflictError, match="The file is still there"):
            await detach(client, SPOT, old)


def void(_: object) -> None:
    """For a callback that answers nothing."""
