"""What scripts do with files: the commands, on a served demo."""

from __future__ import annotations

from pathlib import Path

from tests.pty.conftest import Server
from tests.pty.test_files import fdtui

FUNABASHI = "58"
"""A task of the demo without files."""


def test_force_writes_over_what_was_there_but_not_over_itself(server: Server, tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / "a.txt").write_text(str(number))
        assert fdtui(server, tmp_path, "task", "attach", FUNABASHI, "a.txt").returncode == 0
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("old")
    ran = fdtui(server, tmp_path, "task", "download", FUNABASHI, "--to", "in", "--force")
    names = ["a.txt", "a (1).txt", "a (2).txt", "a (3).txt"]
    assert ran.stdout.decode().splitlines() == [f"in/{name}" for name in names]
    assert [(tmp_path / "in" / name).read_text() for name in names] == ["0", "1", "2", "3"]
