import os
import random
from pathlib import Path

import pytest

from fdtui.core.errors import StorageError
from fdtui.sync.files.destination import DownloadTarget
from tests.unit.core.test_filename import TRAPS

PIECES = [
    "..", ".", "/", "\\", "~", "-", " ", "\0", "\n", "\x1b]0;x\x07", "\u202e", "\u200f", "CON",
    "nul.txt", "a", "é", "株", "🚀", ".ssh", "authorized_keys", "etc", "passwd", "%2e%2e%2f", "$HOME",
    "`id`", ":", "*",
    "x" * 260, "\ud800", ".pdf", "COM1", "\u2215", "\uff0f",
]  # fmt: skip


def hostile_names() -> list[str]:
    chance = random.Random(6)
    made = ["".join(chance.choices(PIECES, k=chance.randint(0, 8))) for _ in range(1000 - len(TRAPS))]
    return made + [name for name, _ in TRAPS]


async def land(folder: Path, name: str, data: bytes = b"data", *, force: bool = False) -> Path:
    landing = DownloadTarget(folder, name, force=force)
    try:
        await landing.begin(len(data))
        await landing.write(data)
        return await landing.finish()
    finally:
        landing.discard()


def tree(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


async def test_a_thousand_hostile_names_write_nothing_outside(tmp_path: Path) -> None:
    folder = tmp_path / "chosen"
    folder.mkdir()
    (tmp_path / "passwd").write_text("mine")
    for name in hostile_names():
        path = await land(folder, name)
        assert path.parent == folder
        assert path.is_file()
    assert tree(tmp_path) - tree(folder) == {tmp_path / "passwd"}
    assert len(tree(folder)) == 1000
    assert {path.stat().st_mode & 0o777 for path in tree(folder)} == {0o600}


async def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text("mine")
    assert await land(tmp_path, "a.pdf") == tmp_path / "a (1).pdf"
    assert await land(tmp_path, "a.pdf") == tmp_path / "a (2).pdf"
    assert (tmp_path / "a.pdf").read_text() == "mine"


async def test_force_writes_over_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text("mine")
    assert await land(tmp_path, "a.pdf", force=True) == tmp_path / "a.pdf"
    assert (tmp_path / "a.pdf").read_bytes() == b"data"


async def test_force_writes_over_no_file_of_the_same_run(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text("mine")
    (tmp_path / "a (1).pdf").write_text("mine, too")
    run: set[tuple[int, int]] = set()
    paths = []
    for number in range(3):
        landing = DownloadTarget(tmp_path, "a.pdf", force=True, run=run)
        await landing.begin(1)
        await landing.write(b"%d" % number)
        paths.append((await landing.finish()).name)
    assert paths == ["a.pdf", "a (2).pdf", "a (3).pdf"]
    assert [(tmp_path / name).read_text() for name in paths] == ["0", "1", "2"]
    assert (tmp_path / "a (1).pdf").read_text() == "mine, too"


@pytest.mark.parametrize("kind", ["symlink", "fifo", "folder", "dangling"])
@pytest.mark.parametrize("force", [False, True])
async def test_what_is_no_file_stays_as_it_is(tmp_path: Path, kind: str, force: bool) -> None:
    target, outside = tmp_path / "in" / "a", tmp_path / "outside"
    target.parent.mkdir()
    outside.write_text("mine")
    if kind == "symlink":
        target.symlink_to(outside)
    elif kind == "dangling":
        target.symlink_to(tmp_path / "nowhere")
    elif kind == "fifo":
        os.mkfifo(target)
    else:
        target.mkdir()
    if force:
        with pytest.raises(StorageError):
            await land(target.parent, "a", force=True)
        assert sorted(each.name for each in target.parent.iterdir()) == ["a"]
    else:
        assert (await land(target.parent, "a")).name == "a (1)"
    assert outside.read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()


async def test_what_is_not_finished_leaves_nothing(tmp_path: Path) -> None:
    landing = DownloadTarget(tmp_path, "a")
    await landing.begin(None)
    await landing.write(b"x" * 1_000_000)
    assert [each.suffix for each in tmp_path.iterdir()] == [".part"]
    landing.discard()
    assert not list(tmp_path.iterdir())


async def test_a_full_disk_is_told_before_anything_is_written(tmp_path: Path) -> None:
    landing = DownloadTarget(tmp_path, "a")
    with pytest.raises(StorageError, match=r"needs .* are free"):
        await landing.begin(1 << 60)
    landing.discard()
    assert not list(tmp_path.iterdir())


async def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="Choose another folder"):
        await land(tmp_path / "none", "a")
