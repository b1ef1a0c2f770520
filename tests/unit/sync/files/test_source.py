import base64
import os
from pathlib import Path

import pytest

from fdtui.core.errors import StorageError, UsageError
from fdtui.sync.files.source import MAX_FILE, FileSource, encoded_length


async def encoded(source: FileSource) -> bytes:
    return b"".join([piece async for piece in source.slices(lambda _: None)])


@pytest.mark.parametrize("size", [0, 1, 2, 3, 196_607, 196_608, 196_609, 500_000])
async def test_slices_join_to_the_files_base64(tmp_path: Path, size: int) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(data := os.urandom(size))
    source = FileSource.open(path)
    text = await encoded(source)
    assert base64.b64decode(text, validate=True) == data
    assert len(text) == encoded_length(source.size) == encoded_length(size)
    assert await encoded(source) == text
    source.close()


@pytest.mark.parametrize("change", ["grown", "cut", "other"])
async def test_a_file_that_changes_never_comes_to_its_end(tmp_path: Path, change: str) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"x" * 500_000)
    source, taken = FileSource.open(path), 0
    with pytest.raises(StorageError, match="changed during"):
        async for piece in source.slices(lambda _: None):
            taken += len(piece)
            if change == "grown":
                path.write_bytes(b"x" * 600_000)
            elif change == "cut":
                path.write_bytes(b"x")
            else:
                path.write_bytes(b"y" * 500_000)
                os.utime(path, ns=(1, 1))
    assert taken < encoded_length(500_000)
    source.close()


async def test_a_second_reading_is_held_against_the_first(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"x" * 100)
    source, times = FileSource.open(path), path.stat()
    await encoded(source)
    with path.open("r+b") as file:
        file.write(b"y")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    with pytest.raises(StorageError, match="changed during"):
        await encoded(source)
    source.close()


def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/zero"), tmp_path / "none", Path("a\0b")):
        before = len(list(Path("/dev/fd").iterdir()))
        with pytest.raises(UsageError):
            FileSource.open(path)
        assert len(list(Path("/dev/fd").iterdir())) == before


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.truncate(MAX_FILE + 1)
    with pytest.raises(UsageError, match=r"huge has more than 74\.0 MB; at most 74\.0 MB"):
        FileSource.open(path)
