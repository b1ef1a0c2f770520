"""What scripts do with files: the commands, on a served demo."""

from __future__ import annotations

import asyncio
import os
import subprocess
from pathlib import Path

import pytest

from tests.pty.conftest import FDTUI, Server
from tests.pty.test_files import environ, fdtui, names_of

SOYLENT = "58"
"""A task of the demo without files."""


def test_force_writes_over_what_was_there_but_not_over_itself(server: Server, tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / "a.txt").write_text(str(number))
        assert fdtui(server, tmp_path, "task", "attach", SOYLENT, "a.txt").returncode == 0
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("old")
    ran = fdtui(server, tmp_path, "task", "download", SOYLENT, "--to", "in", "--force")
    names = ["a.txt", "a (1).txt", "a (2).txt", "a (3).txt"]
    assert ran.stdout.decode().splitlines() == [f"in/{name}" for name in names]
    assert [(tmp_path / "in" / name).read_text() for name in names] == ["0", "1", "2", "3"]


@pytest.mark.parametrize("size", [1_000_100, 8_000_100])
async def test_six_large_files_at_once_are_all_there_once(
    server: Server, tmp_path: Path, size: int
) -> None:
    (tmp_path / "big").write_bytes(os.urandom(size))

    async def attach(name: str) -> int:
        process = await asyncio.create_subprocess_exec(
            *FDTUI,
            *("task", "attach", SOYLENT, "big", "--name", name),
            stdout=asyncio.subprocess.DEVNULL,
            env=environ(server, tmp_path),
            cwd=tmp_path,
        )
        return await process.wait()

    names = [f"c{number}.bin" for number in range(6)]
    for _ in range(3):
        server.call("PUT", f"/tasks/{SOYLENT}", {"Documents": []})
        codes = await asyncio.gather(*map(attach, names))
        there = [name for name, code in zip(names, codes, strict=True) if code == 0]
        assert sorted(names_of(server, SOYLENT)) == there
        assert set(codes) <= {0, 7}


@pytest.mark.parametrize("size", [3, 300_000])
def test_a_full_disk_behind_stdout_is_no_fault_of_the_servers(
    server: Server, tmp_path: Path, size: int
) -> None:
    (tmp_path / "a.bin").write_bytes(bytes(size))
    assert fdtui(server, tmp_path, "task", "attach", SOYLENT, "a.bin").returncode == 0
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [*FDTUI, "task", "download", SOYLENT, "a.bin", "--to", "-"],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            env=environ(server, tmp_path),
        )
    said = b"fdtui: The output could not be written: No space left on device.\n"
    assert (ran.returncode, ran.stderr) == (1, said)
