"""How each command ends: the numbers are a promise to scripts."""

from __future__ import annotations

import contextlib
import os
import pty
import signal
import subprocess
import sys

import pytest

from tests.unit.cli.conftest import CONFIG, WORKFLOW, Home

MISSING = [
    (("task", "show", "no-such-task"), 3),
    (("task", "attach", "no-such-task", "a.txt"), 3),
    (("task", "detach", "42", "no-such-file"), 3),
    (("task", "download", "42", "no-such-file"), 3),
    (("task", "download", "no-such-task"), 3),
    (("task", "list", "--workflow", "no-such-workflow"), 3),
    (("workflow", "show", "no-such-workflow"), 3),
    (("workflow", "export", "no-such-workflow"), 3),
    (("key", "create", "--workflow", "no-such-workflow"), 3),
    (("key", "webhook", "no-such-workflow"), 3),
    (("key", "revoke", "no-such-key"), 3),
    (("backup", "copy.db", "--db", "sqlite:///no-such.db"), 3),
    (("workflow", "list", "--db", "sqlite:///no-such.db"), 3),
    (("key", "list", "--db", "sqlite:///no-such.db"), 3),
    (("restore", "a.txt"), 1),
    (("workflow", "apply", "no-such.toml"), 2),
    (("workflow", "apply", "a.txt", "--yes"), 2),
    (("task", "attach", "42", "no-such.txt"), 2),
    (("task", "attach", "42", "a.txt", "--field", "No such field"), 2),
    (("task", "attach", "42"), 2),
    (("task", "show"), 2),
    (("task",), 2),
    (("no-such-command",), 2),
    (("config", "show", "--profile", "no-such-profile"), 2),
    (("config", "check", "--config", "no-such.toml"), 2),
    (("config", "path", "extra"), 2),
    (("serve", "--port", "70000"), 2),
    (("serve", "--host", "0.0.0.0"), 2),
    (("demo", "extra"), 2),
    (("key", "webhook", WORKFLOW, "--url", "ftp://x"), 2),
]


@pytest.mark.parametrize(
    ("command", "code"), MISSING, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_what_cannot_be_done_has_its_number(home: Home, command: tuple[str, ...], code: int) -> None:
    (home.root / "a.txt").write_text("a")
    ran = home.run(*command)
    assert (ran.code, ran.out) == (code, ""), ran.err
    assert ran.err


@pytest.mark.parametrize(
    "command",
    [("list",), ("show", "42"), ("attach", "42", "a.txt"), ("detach", "42", "x"), ("download", "42")],
    ids=" ".join,
)
def test_a_server_out_of_reach_and_a_key_that_is_none(
    home: Home, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    (home.root / "a.txt").write_text("a")
    monkeypatch.setenv("FDTUI_API_KEY", "fd_key")
    given = ("task", *command, "--workflow", WORKFLOW)
    assert home.run(*given, "--profile", "team").code == 6
    served = subprocess.Popen(
        [sys.executable, "-m", "fdtui", "serve", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert served.stdout is not None
        url = served.stdout.readline().strip().partition("=")[2]
        home.configure(CONFIG.replace("http://127.0.0.1:1", url))
        assert home.run(*given, "--profile", "team").code == 4
    finally:
        served.terminate()
        served.communicate(timeout=15)


def test_a_full_field_is_refused_by_validation(home: Home) -> None:
    (home.root / "a.txt").write_text("a")
    ran = home.run("task", "attach", "42", *["a.txt"] * 99)
    assert (ran.code, ran.out) == (5, ""), ran.err


def test_an_interrupted_question_is_130_and_changes_nothing(home: Home) -> None:
    (home.root / "flow.toml").write_text('id = "flow"\nname = "Flow"\nstages = [{ name = "New" }]\n')
    before = home.contents()
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "fdtui", "workflow", "apply", "flow.toml"]
    asking = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs)
    told = b""
    while b"Apply this?" not in told:
        told += os.read(ours, 4096)
    # One that comes just before it begins to read waits for a key; one on its way out is left alone.
    for patience in (0.5, 1, 2, 4, 8, 16, 32):
        asking.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            asking.wait(patience)
            break
    asking.kill()
    assert asking.wait() == 130
    os.close(ours)
    os.close(theirs)
    assert home.contents() == before


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("can't start new thread")])
def test_too_little_memory_is_no_bug(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from fdtui.cli import commands

    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(commands.fdtui, "main", fail)
    assert commands.run() == 1
    assert "There is not enough memory" in capsys.readouterr().err
