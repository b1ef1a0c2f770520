from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from fdtui.config.load import Options, load
from fdtui.config.paths import Folders, ensure_private, find_folders, write_private
from fdtui.config.profiles import local_database
from fdtui.config.settings import Profile
from fdtui.core.errors import ConfigError, StorageError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o777])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def test_one_folder_for_all(tmp_path: Path) -> None:
    found = find_folders({"FDTUI_HOME": str(tmp_path)})
    assert found == Folders(*(tmp_path / name for name in ("config", "data", "state", "cache")))
    assert found.config_file == tmp_path / "config" / "config.toml"


def test_a_relative_home_means_the_same_for_the_whole_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_folders({"FDTUI_HOME": "x"}).data == tmp_path / "x" / "data"


def test_the_folders_of_the_platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    found = find_folders({})
    assert all(path.is_absolute() and "fdtui" in path.parts for path in (found.config, found.state))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("existing", [None, 0o755, 0o777, 0o700])
def test_a_private_folder_whatever_the_umask(tmp_path: Path, umask: None, existing: int | None) -> None:
    folder = tmp_path / "a"
    if existing is not None:
        folder.mkdir()
        folder.chmod(existing)
    assert ensure_private(folder) == folder
    assert mode(folder) == 0o700


def test_parents_are_made(tmp_path: Path) -> None:
    ensure_private(tmp_path / "a" / "b" / "c")
    assert mode(tmp_path / "a" / "b" / "c") == 0o700


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(StorageError, match="Cannot make"):
        ensure_private(tmp_path / "a")
    with pytest.raises(StorageError):
        ensure_private(tmp_path / "a" / "b")


def test_a_private_file_whatever_the_umask(tmp_path: Path, umask: None) -> None:
    path = tmp_path / "d" / "f"
    write_private(path, "eins\r\nzwei ü")
    assert path.read_bytes() == "eins\r\nzwei ü".encode()
    assert mode(path) == 0o600
    assert mode(path.parent) == 0o700


def test_a_wider_file_becomes_private_and_a_link_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "f").write_text("old")
    (folder / "f").chmod(0o644)
    write_private(folder / "f", "new")
    assert mode(folder / "f") == 0o600
    (tmp_path / "elsewhere").write_text("old")
    (folder / "g").symlink_to(tmp_path / "elsewhere")
    write_private(folder / "g", "new")
    assert (tmp_path / "elsewhere").read_text() == "old"
    assert not (folder / "g").is_symlink()


def test_a_failed_write_leaves_the_old_and_no_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "d" / "f"
    write_private(path, "old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left"):
        write_private(path, "new")
    assert path.read_text() == "old"
    assert [each.name for each in path.parent.iterdir()] == ["f"]


def test_a_home_folder_that_nobody_has_is_named(tmp_path: Path) -> None:
    nowhere, words = "~nobody-of-that-name/x", "~nobody-of-that-name/x begins in a home folder"
    with pytest.raises(ConfigError, match=words):
        find_folders({"FDTUI_HOME": nowhere})
    folders = find_folders({"FDTUI_HOME": str(tmp_path)})
    with pytest.raises(ConfigError, match=words):
        local_database(folders, Profile("mine", local=True, database=nowhere))
    with pytest.raises(ConfigError, match=words):
        load({"FDTUI_CONFIG": nowhere}, Options(), folders)


def test_a_user_without_a_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pwd.getpwuid", {}.__getitem__)  # as for a number that stands in no table
    with pytest.raises(ConfigError, match=r"This user has no home folder\. Name a folder in FDTUI_HOME"):
        find_folders({})
    with pytest.raises(ConfigError, match="~/x begins in a home folder that this machine does not know"):
        find_folders({"FDTUI_HOME": "~/x"})
