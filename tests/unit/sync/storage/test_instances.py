"""Which windows are alive, and what is left of those that are not."""

import subprocess
import sys
from pathlib import Path

import pytest

from fdtui.sync.storage.instances import Instance

_WINDOW = """
import sys, pathlib
from fdtui.sync.storage.instances import Instance
Instance(pathlib.Path(sys.argv[1]), sys.argv[2]).open()
print("open", flush=True)
sys.stdin.read()
"""


def test_what_a_killed_window_left_is_removed_by_the_next(tmp_path: Path) -> None:
    beside = tmp_path / "book.db"
    arguments = [sys.executable, "-c", _WINDOW, str(beside)]
    with (
        subprocess.Popen([*arguments, "dead"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as dead,
        subprocess.Popen([*arguments, "live"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as live,
    ):
        assert dead.stdout is not None
        assert live.stdout is not None
        assert dead.stdout.readline() == live.stdout.readline() == b"open\n"
        dead.kill()
        dead.wait()
        one = Instance(beside, "one")
        one.open()
        assert sorted(each.name for each in tmp_path.iterdir()) == ["book-live.lock", "book-one.lock"]
        assert one.is_alive("live")
        assert not one.is_alive("dead")
        live.kill()
    one.close()


def test_a_window_whose_file_is_taken_away_before_it_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")
    path, lock, taken = tmp_path / "book-one.lock", fcntl.flock, list[Path]()

    def late(held: int, how: int) -> None:
        if not taken:
            path.unlink()
            taken.append(path)
        lock(held, how)

    monkeypatch.setattr(fcntl, "flock", late)
    one = Instance(tmp_path / "book.db", "one")
    one.open()
    assert taken
    assert path.exists()
    assert Instance(tmp_path / "book.db", "other").is_alive("one")
