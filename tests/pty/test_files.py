import asyncio
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fdtui.tui.files.paths import MAX_ENTRIES
from tests.pty.conftest import FDTUI, WORKFLOW, Server, wait_until
from tests.terminal import Program

GLOBEX = "50"
"""The demo's task with two files."""
MIB = 1024 * 1024


def files_of(server: Server, uid: str) -> list[dict[str, str]]:
    return server.call("GET", f"/tasks/{uid}")["Documents"]


def names_of(server: Server, uid: str) -> list[str]:
    return [each["filename"] for each in files_of(server, uid)]


def environ(server: Server, folder: Path) -> dict[str, str]:
    where = {"FDTUI_URL": server.url, "FDTUI_API_KEY": server.key, "FDTUI_WORKFLOW": WORKFLOW}
    return {**os.environ, **where, "FDTUI_HOME": str(folder / "home")}


def fdtui(server: Server, folder: Path, *arguments: str, data: bytes = b"") -> Any:
    return subprocess.run(
        [*FDTUI, *arguments],
        check=False,
        input=data,
        capture_output=True,
        env=environ(server, folder),
        cwd=folder,
    )


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def open_files(board: Program) -> None:
    board.press("0", "l", "g", "g", "j")  # from the first card, wherever the last run left off
    board.settle()
    board.press("f")
    board.wait_for("Files of Globex")


def test_attach_look_remove_and_bring_back(board: Program, server: Server, tmp_path: Path) -> None:
    (tmp_path / "minutes of May.txt").write_text("first line\nsecond \x1b[31mline\n")
    before = files_of(server, GLOBEX)
    open_files(board)
    board.wait_for("contract-draft.pdf")
    board.press("a")
    board.wait_for("Attach to Documents")
    board.press(*f"{tmp_path}/minu", "tab")
    board.wait_for("minutes of May.txt")
    board.settle()
    board.press("enter")
    wait_until(lambda: "minutes of May.txt" in names_of(server, GLOBEX), board)
    assert files_of(server, GLOBEX)[:2] == before
    board.wait_for("is attached")
    board.settle()
    board.press("G", "enter")
    board.wait_for("first line")
    assert "second ␛[31mline" in board.screen
    board.press("escape")
    board.wait_for("Files of Globex")
    board.settle()
    board.press("G", "d")
    board.wait_for("Remove minutes of May.txt")
    board.settle(0.4)  # as long as it takes to read the question
    board.press("y")
    wait_until(lambda: names_of(server, GLOBEX) == [each["filename"] for each in before], board)
    board.wait_for("brings it back")
    board.settle()
    board.press("u")
    wait_until(lambda: names_of(server, GLOBEX)[-1:] == ["minutes of May.txt"], board)
    assert files_of(server, GLOBEX)[:2] == before
    board.wait_for("is attached")
    board.settle()
    board.press("G", "d")
    board.wait_for("Remove minutes of May.txt")
    board.settle(0.4)  # as long as it takes to read the question
    board.press("y")
    board.wait_for("brings it back")
    wait_until(lambda: files_of(server, GLOBEX) == before, board)
    board.settle()
    board.press("q")
    board.wait_gone("Files of Globex")
    board.press("u")
    wait_until(lambda: names_of(server, GLOBEX)[-1:] == ["minutes of May.txt"], board)


def test_download_from_the_pane_keeps_what_is_there(
    board: Program, server: Server, tmp_path: Path
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "contacts.csv").write_text("mine")
    open_files(board)
    board.wait_for("contacts.csv")
    board.press("j", "D")
    board.wait_for("Save contacts.csv in")
    board.press(*f"{folder}/")
    board.wait_for("save in this folder")
    board.settle()
    board.press("enter")
    board.wait_for("Saved as")
    assert (folder / "contacts.csv").read_text() == "mine"
    assert (folder / "contacts (1).csv").read_text().startswith("name,role")


def test_a_path_typed_faster_than_folders_are_read(
    board: Program, server: Server, tmp_path: Path
) -> None:
    for name in ("one.txt", "two.txt", "three.txt"):
        (tmp_path / name).write_text(name)
    open_files(board)
    for name in ("one.txt", "two.txt", "three.txt"):  # from the second on, it begins where it ends
        board.press("a")
        board.wait_for("Attach to Documents")
        board.settle()
        board.write(f"{tmp_path}/{name}\r".encode())
        wait_until(lambda name=name: name in names_of(server, GLOBEX), board)
        board.wait_for(f"{name} is attached")


def test_the_last_folder_is_where_the_next_start_begins(
    start: Callable[..., Program], server: Server, tmp_path: Path
) -> None:
    folder = tmp_path / "invoices"
    folder.mkdir()
    (folder / "may.txt").write_text("5")
    for typed in (f"{folder}/may.txt\r", "may.txt\r"):
        board = start(FDTUI_URL=server.url, FDTUI_API_KEY=server.key, FDTUI_USER="user@example.com")
        board.wait_for(r"● live")
        board.settle()
        open_files(board)
        board.press("a")
        board.wait_for("Attach to Documents")
        board.settle()
        board.write(typed.encode())
        board.wait_for("may.txt is attached")
        board.press("q", "q")
        assert board.wait_end() == 0
    assert names_of(server, GLOBEX).count("may.txt") == 2


def test_a_file_of_a_folder_too_full_to_be_listed(
    board: Program, server: Server, tmp_path: Path
) -> None:
    folder = tmp_path / "spool"
    folder.mkdir()
    for number in range(MAX_ENTRIES + 1):
        (folder / f"{number}.log").touch()
    last = list(os.scandir(folder))[-1].name  # the one that is not listed
    open_files(board)
    board.press("a")
    board.wait_for("Attach to Documents")
    board.write(f"{folder}/{last}".encode())
    board.wait_for("the first 5,000 files")
    board.settle()
    board.press("enter")
    wait_until(lambda: last in names_of(server, GLOBEX), board)


def test_an_open_pane_writes_nothing(board: Program) -> None:
    open_files(board)
    board.settle()
    written = len(board.output)
    board.read(1.5)
    assert len(board.output) == written


@pytest.mark.parametrize("data", [b"", b"x", os.urandom(300_000)], ids=["none", "one", "many"])
def test_round_trip_through_the_command_line(server: Server, tmp_path: Path, data: bytes) -> None:
    before = files_of(server, GLOBEX)
    (tmp_path / "a.bin").write_bytes(data)
    assert fdtui(server, tmp_path, "task", "attach", GLOBEX, "a.bin").returncode == 0
    assert [each for each in files_of(server, GLOBEX) if each["filename"] != "a.bin"] == before
    ran = fdtui(server, tmp_path, "task", "download", GLOBEX, "a.bin", "--to", "-")
    assert (ran.returncode, ran.stdout) == (0, data)
    ran = fdtui(server, tmp_path, "task", "download", GLOBEX, "a.bin", "--json")
    (fact,) = json.loads(ran.stdout)
    assert (tmp_path / fact["path"]).name == "a (1).bin"
    assert fact["sha256"] == digest(tmp_path / "a (1).bin") == digest(tmp_path / "a.bin")


def test_stdin_names_and_exit_codes(server: Server, tmp_path: Path) -> None:
    run = lambda *arguments, **more: fdtui(server, tmp_path, "task", *arguments, **more)  # noqa: E731
    assert run("attach", GLOBEX, "-", data=b"x").returncode == 2
    assert run("attach", GLOBEX, "-", "--name", "../../x.txt", data=b"piped").returncode == 0
    assert "../../x.txt" in names_of(server, GLOBEX)
    (tmp_path / "in").mkdir()
    assert run("download", GLOBEX, "../../x.txt", "--to", "in").stdout == b"in/x.txt\n"
    assert (tmp_path / "in" / "x.txt").read_bytes() == b"piped"
    assert run("attach", GLOBEX, "none.txt").returncode == 2
    assert run("attach", "no-such-task", "-", "--name", "x", data=b"").returncode == 3
    assert run("download", GLOBEX, "none").returncode == 3
    assert run("detach", GLOBEX, "contacts.csv").returncode == 0
    assert run("detach", GLOBEX, "contacts.csv").returncode == 3
    assert names_of(server, GLOBEX) == ["contract-draft.pdf", "../../x.txt"]
    assert run("--read-only", "list").returncode == 2  # the option belongs behind the command's name
    assert run("attach", GLOBEX, "-", "--name", "x", "--read-only", data=b"").returncode == 2
    rows = json.loads(run("list", "--json").stdout)
    assert {row["Company ID"] for row in rows} > {"42", "43"}
    assert b"Globex" in run("show", GLOBEX).stdout


async def test_people_who_attach_at_once_all_keep_their_files(server: Server, tmp_path: Path) -> None:
    before = names_of(server, GLOBEX)
    names = [f"from {who}.txt" for who in ("Ada", "Grace", "Linus")]
    for name in names:
        (tmp_path / name).write_text(name)

    async def attach(name: str) -> int:
        process = await asyncio.create_subprocess_exec(
            *FDTUI,
            "task",
            "attach",
            GLOBEX,
            name,
            stdout=asyncio.subprocess.DEVNULL,
            env=environ(server, tmp_path),
            cwd=tmp_path,
        )
        return await process.wait()

    assert await asyncio.gather(*map(attach, names)) == [0, 0, 0]
    assert sorted(names_of(server, GLOBEX)) == sorted(before + names)


def test_fifty_megabytes_cost_little(
    server: Server, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    path = tmp_path / "big.bin"
    path.write_bytes(os.urandom(50_000_000))
    (tmp_path / "back").mkdir()
    script, blob = str(Path(__file__).with_name("bigfile.py")), ""
    for what, target in (("attach", path), ("fetch", tmp_path / "back" / "big.bin")):
        ran = subprocess.run(
            [sys.executable, script, server.url, server.key, what, str(target), blob],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
        cost = json.loads(ran.stdout)
        record_property(what, cost)
        print(what, cost)
        blob = cost["blob"]
        assert cost["digest"] == digest(path)
        assert cost["grown"] < 32 * MIB
        assert cost["longest"] < 0.05
    assert digest(tmp_path / "back" / "big.bin") == digest(path)
