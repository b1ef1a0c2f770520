"""A kept frame is for one start only, and is painted only if it is ours, whole and private."""

import os
from pathlib import Path

import pytest

from fdtui.config.paths import find_folders
from fdtui.launch.kept_frame import (
    MAX_FRAMES,
    FrameShelf,
    KeptFrame,
    cache_folder,
    fingerprint,
    frame_path,
    identity,
    read_frame,
)

SIZE = (80, 24)
USUAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "HOME": "/home/a", "FDTUI_USER": "a"}
MARK = "0" * 32


@pytest.fixture
def shelf(tmp_path: Path) -> FrameShelf:
    shelf = FrameShelf(str(tmp_path / "cache"), MARK, str(tmp_path / "config.toml"))
    assert shelf.keep(KeptFrame(SIZE, b"\x1b[Hpainting\n", b"cells\n"))
    return shelf


def read(folder: Path, size: tuple[int, int] = SIZE) -> KeptFrame | None:
    return read_frame(str(folder / "cache"), MARK, size)


def kept(folder: Path) -> Path:
    return Path(frame_path(str(folder / "cache"), MARK, SIZE))


@pytest.mark.usefixtures("shelf")
def test_a_frame_is_read_as_it_was_kept(tmp_path: Path) -> None:
    frame = read(tmp_path)
    assert frame is not None
    assert (frame.size, frame.painting, frame.cells) == (SIZE, b"\x1b[Hpainting\n", b"cells\n")
    assert kept(tmp_path).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "cache").stat().st_mode & 0o777 == 0o700
    assert read(tmp_path, (24, 80)) is None


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("at", range(0, 130, 7))
def test_a_damaged_frame_is_left_alone(tmp_path: Path, at: int) -> None:
    path = kept(tmp_path)
    whole = path.read_bytes()
    at %= len(whole)
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    assert read(tmp_path) is None
    path.write_bytes(whole[:at])
    assert read(tmp_path) is None
    path.write_bytes(whole)
    assert read(tmp_path) is not None


@pytest.mark.usefixtures("shelf")
def test_a_frame_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = kept(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"fdtui-frame 1", b"fdtui-frame 2"))
    assert read(tmp_path) is None


@pytest.mark.usefixtures("shelf")
def test_a_frame_that_others_can_reach_is_left_alone(tmp_path: Path) -> None:
    path, aside = kept(tmp_path), tmp_path / "aside"
    for mode in (0o640, 0o604, 0o620):
        path.chmod(mode)
        assert read(tmp_path) is None
    path.chmod(0o600)
    path.parent.chmod(0o750)
    assert read(tmp_path) is None
    path.parent.chmod(0o700)
    path.rename(aside)
    path.symlink_to(aside)
    assert read(tmp_path) is None
    path.unlink()
    path.hardlink_to(aside)
    assert read(tmp_path) is None
    path.unlink()
    os.mkfifo(path, 0o600)
    assert read(tmp_path) is None  # and it does not wait for a writer
    path.unlink()
    aside.rename(path)
    assert read(tmp_path) is not None


@pytest.mark.usefixtures("shelf")
def test_other_settings_have_another_frame(tmp_path: Path) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text("")
    assert read(tmp_path) is None
    shelf = FrameShelf(str(tmp_path / "cache"), MARK, str(settings))
    assert shelf.keep(KeptFrame(SIZE, b"x", b""))
    assert read(tmp_path) is not None
    settings.write_text("# changed")
    assert read(tmp_path) is None
    # The program still runs with what the file said before.
    assert shelf.keep(KeptFrame(SIZE, b"x", b""))
    assert read(tmp_path) is None


def test_a_link_in_place_of_the_frame_is_replaced_and_not_followed(
    tmp_path: Path, shelf: FrameShelf
) -> None:
    path, victim = kept(tmp_path), tmp_path / "victim"
    victim.write_bytes(b"mine")
    path.unlink()
    path.symlink_to(victim)
    assert shelf.keep(KeptFrame(SIZE, b"x", b""))
    assert victim.read_bytes() == b"mine"
    assert not path.is_symlink()


def test_nothing_is_kept_in_a_folder_that_others_can_reach(tmp_path: Path, shelf: FrameShelf) -> None:
    kept(tmp_path).unlink()
    (tmp_path / "cache").chmod(0o770)
    assert not shelf.keep(KeptFrame(SIZE, b"x", b""))
    assert not list((tmp_path / "cache").iterdir())


def test_frames_do_not_pile_up(tmp_path: Path, shelf: FrameShelf) -> None:
    for columns in range(MAX_FRAMES + 5):
        assert shelf.keep(KeptFrame((100 + columns, 24), b"x", b""))
    assert len(list((tmp_path / "cache").iterdir())) == MAX_FRAMES
    assert read(tmp_path, (100 + MAX_FRAMES + 4, 24)) is not None
    (tmp_path / "cache" / "cache-1.db").touch()
    shelf.discard()
    assert [each.name for each in (tmp_path / "cache").iterdir()] == ["cache-1.db"]


def test_a_start_has_one_mark_and_another_start_another() -> None:
    usual = fingerprint([], USUAL, "1")
    assert usual == fingerprint([], {**USUAL, "PWD": "/tmp", "EDITOR": "vi"}, "1")
    others = [
        fingerprint(["--read-only"], USUAL, "1"),
        fingerprint(["--profile", "b"], USUAL, "1"),
        fingerprint([], USUAL, "2"),
        *(
            fingerprint([], {**USUAL, name: "x"}, "1")
            for name in (
                "TERM", "COLORTERM", "COLORFGBG", "TMUX", "LANG", "LC_ALL", "TZ", "HOME", "FDTUI_URL",
                "FDTUI_USER", "FDTUI_API_KEY", "FDTUI_PROFILE", "FDTUI_WORKFLOW", "FDTUI_READ_ONLY",
                "FDTUI_CONFIG", "FDTUI_ASCII", "TEXTUAL_COLOR_SYSTEM", "XDG_CONFIG_HOME",
            )
        ),
    ]  # fmt: skip
    assert len({usual, *others}) == len(others) + 1
    assert "a" * 40 not in str(fingerprint([], {**USUAL, "FDTUI_API_KEY": "a" * 40}, "1"))


@pytest.mark.parametrize(
    "environ",
    [{**USUAL, "NO_COLOR": "1"}, {**USUAL, "COLUMNS": "80"}, {**USUAL, "LINES": "24"}, {"HOME": "/"}],
)
def test_no_frame_is_for_a_screen_that_is_not_what_the_terminal_says(environ: dict[str, str]) -> None:
    assert fingerprint([], environ, "1") is None


def test_a_relative_path_means_another_file_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    argv = ["--config", "mine.toml"]
    here = fingerprint(argv, USUAL, "1")
    monkeypatch.chdir(tmp_path)
    assert fingerprint(argv, USUAL, "1") != here
    assert fingerprint([], USUAL, "1") == fingerprint([], USUAL, "1")


@pytest.mark.parametrize("name", ["FDTUI_HOME", "XDG_CACHE_HOME", None])
def test_the_cache_is_where_the_settings_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str | None
) -> None:
    for each in ("FDTUI_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(each, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    if name is not None:
        monkeypatch.setenv(name, str(tmp_path / "there"))
    assert cache_folder(os.environ) == str(find_folders(os.environ).cache)


def test_a_file_that_is_not_there_is_always_the_same(tmp_path: Path) -> None:
    assert identity(str(tmp_path / "a")) == identity(str(tmp_path / "b"))
