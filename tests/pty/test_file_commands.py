"""What scripts do with files: the commands, on a served demo."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import unicodedata
from pathlib import Path

import pytest

from tests.pty.conftest import FDTUI, Server
from tests.pty.test_files import GLOBEX, environ, fdtui, files_of, names_of

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


def test_nothing_is_attached_where_one_of_several_cannot_be(server: Server, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "folder").mkdir()
    with (tmp_path / "huge").open("wb") as huge:
        huge.truncate(80_000_000)
    for bad in ("none", "folder", "huge"):
        ran = fdtui(server, tmp_path, "task", "attach", SOYLENT, "a.txt", bad)
        assert ran.returncode != 0
        assert ran.stdout == b""
        assert bad.encode() in ran.stderr
    assert names_of(server, SOYLENT) == []


def test_what_was_attached_before_a_failure_is_told(server: Server, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    with subprocess.Popen(
        [*FDTUI, "task", "attach", SOYLENT, "a.txt", "b.txt", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environ(server, tmp_path),
        cwd=tmp_path,
    ) as process:
        while not files_of(server, SOYLENT):
            assert process.poll() is None
        (tmp_path / "b.txt").unlink()  # while it is asked whether the first one stays
        said, trouble = process.communicate()
    assert process.returncode != 0
    assert b"b.txt cannot be read" in trouble
    assert json.loads(said) == files_of(server, SOYLENT)


def test_what_was_fetched_before_a_failure_is_told(server: Server, tmp_path: Path) -> None:
    (tmp_path / "in" / "contacts.csv").mkdir(parents=True)
    arguments = ("task", "download", GLOBEX, "--to", "in", "--force", "--json")
    ran = fdtui(server, tmp_path, *arguments)
    assert (ran.returncode, b"not a regular file" in ran.stderr) == (1, True)
    assert [each["path"] for each in json.loads(ran.stdout)] == ["in/contract-draft.pdf"]


def test_no_name_and_no_text_can_forge_a_field(server: Server, tmp_path: Path) -> None:
    forged = {"filename": "a\nStage: Done", "base64contents": "QQ=="}
    server.call(
        "PUT", f"/tasks/{SOYLENT}", {"Documents": [forged], "Company Name": "Soylent\nStage: Done"}
    )
    said = fdtui(server, tmp_path, "task", "show", SOYLENT).stdout.decode()
    assert "Documents: a␊Stage: Done\n" in said
    assert "Company Name: Soylent␊Stage: Done\n" in said
    assert "\nStage: Done" not in said
    text = fdtui(server, tmp_path, "task", "show", "1", "--workflow", "Bug triage").stdout.decode()
    assert "\n  Seen: the import ends" in text  # the lines of a long text, each behind two blanks
    ran = fdtui(server, tmp_path, "task", "show", SOYLENT, "--json")
    assert json.loads(ran.stdout)["Documents"][0]["filename"] == "a\nStage: Done"
    ran = fdtui(server, tmp_path, "task", "detach", SOYLENT, "a\nStage: Done")
    assert ran.stdout.decode().endswith("  a␊Stage: Done\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("attach", "1", ""), "An empty path names no file."),
        (("attach", "1", "none"), "none cannot be read: No such file or directory."),
        (("attach", "1", "folder"), "folder is a folder and cannot be attached."),
        (("attach", "1", "pipe"), "pipe is not a regular file and cannot be attached."),
        (("attach", "1", "huge"), "huge has 80.0 MB; at most 74.0 MB can be attached."),
        (("attach", "1", "a", "--name", "   "), "“   ” is not a name for a file."),
        (("attach", "1", "a", "--name", ""), "“” is not a name for a file."),
        (
            ("attach", "1", "a", "--name", "n" * 300),
            "--name has 300 characters, and a file's name at most 255.",
        ),
        (("attach", "1", "huge", "--read-only"), "Read-only mode: nothing was changed."),
        (("detach", "1", "none", "--read-only"), "Read-only mode: nothing was changed."),
        (("download", "1", "--to", ""), "--to is empty, which names no folder."),
        (
            ("download", "1", "a", "--to", "-", "--json"),
            "--json has no effect when the file goes to stdout.",
        ),
    ],
)
def test_wrong_usage_is_told_before_any_request(
    tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    (tmp_path / "a").write_text("a")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "huge").open("wb") as huge:
        huge.truncate(80_000_000)
    own = {"FDTUI_URL": "http://127.0.0.1:1", "FDTUI_API_KEY": "k", "FDTUI_HOME": str(tmp_path)}
    ran = subprocess.run(
        [*FDTUI, "task", *arguments],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**os.environ, **own},
        cwd=tmp_path,
    )
    assert ran.returncode == 2
    assert ran.stdout == b""
    assert ran.stderr.decode().splitlines()[0] == f"fdtui: {says}"


def test_too_much_from_stdin_a_full_field_and_no_files_at_all(server: Server, tmp_path: Path) -> None:
    def run(*arguments: str, data: bytes = b"") -> tuple[int, str, str]:
        ran = fdtui(server, tmp_path, "task", *arguments, data=data)
        return ran.returncode, ran.stdout.decode(), ran.stderr.decode()

    assert run("attach", SOYLENT, "-", "--name", "big", data=bytes(80_000_000)) == (
        2,
        "",
        "fdtui: big has more than 74.0 MB; at most 74.0 MB can be attached.\n",
    )
    assert run("download", SOYLENT) == (0, "", "The task has no files.\n")
    assert run("download", SOYLENT, "--json") == (0, "[]\n", "The task has no files.\n")
    none = "fdtui: The task has no files.\n"
    assert run("download", SOYLENT, "--to", "-") == (3, "", none)
    full = [{"filename": f"{number}.txt", "base64contents": ""} for number in range(10)]
    server.call("PUT", f"/tasks/{SOYLENT}", {"Documents": full})
    (tmp_path / "a.txt").write_text("a")
    says = "fdtui: Documents allows at most 10 files, and has 10.\n"
    assert run("attach", SOYLENT, "a.txt") == (5, "", says)
    assert run("attach", SOYLENT, "a.txt", "--read-only")[0] == 2


def test_a_file_is_found_however_its_name_is_composed(server: Server, tmp_path: Path) -> None:
    composed = "Übersicht.txt"
    stored = unicodedata.normalize("NFD", composed)
    (tmp_path / "a.txt").write_text("read me")
    assert fdtui(server, tmp_path, "task", "attach", SOYLENT, "a.txt", "--name", stored).returncode == 0
    for typed in (composed, stored, "ÜBERSICHT.TXT"):
        ran = fdtui(server, tmp_path, "task", "download", SOYLENT, typed, "--to", "-")
        assert (ran.returncode, ran.stdout) == (0, b"read me"), ran.stderr
    assert names_of(server, SOYLENT) == [stored]  # kept as it was given


def test_a_task_is_found_however_its_id_is_written(server: Server, tmp_path: Path) -> None:
    composed = "Grün-7"
    stored = unicodedata.normalize("NFD", composed)
    server.call("POST", "/tasks", {"Company ID": stored, "Company Name": "Green"})
    (tmp_path / "a.txt").write_text("read me")
    for typed in (composed, stored, "GRÜN-7"):
        ran = fdtui(server, tmp_path, "task", "attach", typed, "a.txt")
        assert ran.returncode == 0, ran.stderr
        assert fdtui(server, tmp_path, "task", "show", typed).returncode == 0
        ran = fdtui(server, tmp_path, "task", "download", typed, "A.TXT", "--to", "-")
        assert (ran.returncode, ran.stdout) == (0, b"read me"), ran.stderr
        assert fdtui(server, tmp_path, "task", "detach", typed, "a.txt").returncode == 0
    listed = [row["Company ID"] for row in server.call("GET", "/tasks")]
    assert stored in listed and composed not in listed
    server.call("POST", "/tasks", {"Company ID": stored.upper(), "Company Name": "Other"})
    assert fdtui(server, tmp_path, "task", "show", "gRÜN-7").returncode == 3  # which of the two?
    assert fdtui(server, tmp_path, "task", "show", composed).returncode == 0
