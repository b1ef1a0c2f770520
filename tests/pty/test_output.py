"""What the commands write: exact for programs, and fit to be shown on a terminal."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import tomllib
from pathlib import Path

import pytest
from rich.cells import cell_len

from fdtui.server import seed
from fdtui.server.store import open_store
from tests.pty.conftest import FDTUI, WORKFLOW, Server
from tests.pty.test_files import environ

NASTY = "a\x9b2Jb\x9dc\u202ed\u200be\x7ff\U000e0041g\u0085h"
FORBIDDEN = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), 0x202E, 0x200B, 0xE0041)]
FORBIDDEN = [char for char in FORBIDDEN if char not in "\r\n\t"]
UID = "58"


def on_terminal(server: Server, folder: Path, *arguments: str) -> str:
    """What stdout and stderr show where both are a terminal."""
    ours, theirs = pty.openpty()
    run = subprocess.Popen(
        [*FDTUI, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env={**environ(server, folder), "NO_COLOR": "1"},  # so that no escape sequence is ours
        cwd=folder,
    )
    os.close(theirs)
    told = b""
    try:
        while data := os.read(ours, 65536):
            told += data
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(ours)
    run.wait(30)
    return told.decode()


def piped(server: Server, folder: Path, *arguments: str) -> str:
    run = subprocess.run(
        [*FDTUI, *arguments], capture_output=True, check=True, env=environ(server, folder), cwd=folder
    )
    return run.stdout.decode()


@pytest.fixture
def nasty(server: Server, tmp_path: Path) -> Server:
    server.call("PUT", f"/tasks/{UID}", {"Company Name": NASTY})
    return server


@pytest.mark.parametrize(
    "command", [("list", "--json"), ("show", UID, "--json"), ("list",), ("show", UID)]
)
def test_a_task_s_text_does_not_act_on_the_terminal(
    nasty: Server, tmp_path: Path, command: tuple[str, ...]
) -> None:
    told = on_terminal(nasty, tmp_path, "task", *command)
    assert not [char for char in FORBIDDEN if char in told]
    if "--json" not in command:
        return
    assert "\\u009b2J" in told
    found = json.loads(told)
    exact = piped(nasty, tmp_path, "task", *command)
    assert found == json.loads(exact)
    assert NASTY[:6] in exact


def test_a_file_on_the_terminal_is_its_text(nasty: Server, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("höflich\n" + NASTY, "utf-8")
    piped(nasty, tmp_path, "task", "attach", UID, "a.txt")
    told = on_terminal(nasty, tmp_path, "task", "download", UID, "a.txt", "-")
    assert "höflich" in told
    assert not [char for char in FORBIDDEN if char in told]
    assert piped(nasty, tmp_path, "task", "download", UID, "a.txt", "-") == "höflich\n" + NASTY


@pytest.mark.parametrize(
    "command",
    [
        ("task", "show", NASTY),
        ("task", NASTY),
        (NASTY,),
        (f"--{NASTY}",),
        ("task", "list", "--workflow", NASTY),
        ("task", "list", "--profile", NASTY),
        ("task", "list", "--url", NASTY),
        ("task", "list", "--config", NASTY),
        ("task", "attach", UID, NASTY),
        ("task", "download", UID, NASTY),
        ("task", "detach", UID, NASTY, "--field", NASTY),
        ("serve", "--port", NASTY),
        ("serve", "--host", NASTY),
        ("serve", "--db", NASTY),
        ("key", "list", "--db", f"sqlite:///{NASTY}"),
        ("key", "create", "--workflow", NASTY),
        ("key", "webhook", WORKFLOW, "--url", NASTY),
        ("workflow", "apply", NASTY),
        ("backup", NASTY, "--db", "sqlite:///none.db"),
        ("restore", NASTY),
        ("config", "show", "--workflow", NASTY),
        ("config", "path", "--config", NASTY),
    ],
    ids=ascii,
)
def test_what_is_typed_is_not_echoed_as_it_is(
    server: Server, tmp_path: Path, command: tuple[str, ...]
) -> None:
    told = on_terminal(server, tmp_path, *command)
    assert told.strip()
    assert not [char for char in FORBIDDEN if char in told], ascii(told)


def test_a_workflow_and_the_settings_stay_toml(server: Server, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'x.db'}"
    store = open_store(database)
    seed.fill(store)
    store.close()
    exported = piped(server, tmp_path, "workflow", "export", WORKFLOW, "--db", database)
    changed = exported.replace("Company onboarding", json.dumps(NASTY)[1:-1])
    (tmp_path / "flow.toml").write_text(changed.replace("\\udb40\\udc41", "\\U000e0041"), "utf-8")
    piped(server, tmp_path, "workflow", "apply", "flow.toml", "--yes", "--db", database)
    told = on_terminal(server, tmp_path, "workflow", "export", WORKFLOW, "--db", database)
    assert not [char for char in FORBIDDEN if char in told]
    again = piped(server, tmp_path, "workflow", "export", WORKFLOW, "--db", database)
    assert tomllib.loads(told.replace("\r\n", "\n")) == tomllib.loads(again)
    assert NASTY[:6] in again
    for command in ("list", "show"):
        words = [WORKFLOW] if command == "show" else []
        told = on_terminal(server, tmp_path, "workflow", command, *words, "--db", database)
        assert not [char for char in FORBIDDEN if char in told]


def test_columns_are_as_wide_as_they_look(server: Server, tmp_path: Path) -> None:
    for uid, name in (("検索", "全角"), ("👩‍👩‍👧", "family"), ("e\u0301", "accent"), ("🇺🇦", "flag")):
        server.call("POST", "/tasks", {"Company ID": uid, "Company Name": name, "Stage": "Done"})
    lines = piped(server, tmp_path, "task", "list").splitlines()
    starts = {
        cell_len(line[: line.rindex("  ")])
        for line in lines
        if line.endswith(("  全角", "  family", "  accent", "  flag"))
    }
    assert len([line for line in lines if line.endswith(("全角", "family", "accent", "flag"))]) == 4
    assert len(starts) == 1, lines
