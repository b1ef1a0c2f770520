"""`fdtui doctor` finds what is not well, says how to repair it, changes nothing and shows no key."""

from __future__ import annotations

import json
import os
import pty
import sys
from typing import Any

import pytest

from fdtui.cli.connection_findings import clock
from fdtui.cli.findings import Verdict
from fdtui.cli.terminal_findings import clipboard, colours, tmux
from tests.unit.cli.conftest import Home, Ran
from tests.unit.cli.test_task_changes import office  # noqa: F401 (fixture)


def looked(home: Home, *said: str) -> tuple[Ran, dict[str, dict[str, Any]]]:
    ran = home.run("doctor", "--json", *said)
    return ran, {each["name"]: each for each in json.loads(ran.out)}


def test_all_is_well(office: Home) -> None:  # noqa: F811
    for folder in (office.config.parent, office.workspace.parent):
        folder.chmod(0o700)
    ran, found = looked(office)
    assert (ran.code, ran.err) == (0, "")
    wanted = ("settings", "connection", "config permissions", "config file permissions", "database")
    assert {name: found[name]["verdict"] for name in wanted} == dict.fromkeys(wanted, "ok")
    if "key" in found:
        assert found["key"]["says"].startswith("accepted, from FDTUI_API_KEY")
        assert found["clock"]["says"] == "agrees with the server's"
    text = office.run("doctor")
    assert text.out.count(" ok ") >= len(wanted)


def test_a_key_that_is_refused_is_found_and_not_shown(
    office: Home,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FDTUI_API_KEY", "fd_wrong")
    ran, found = looked(office)
    assert "fd_wrong" not in ran.out + ran.err
    if "key" in found:
        assert (ran.code, found["key"]["verdict"], found["connection"]["verdict"]) == (1, "failed", "ok")


def test_what_is_not_well_is_found(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FDTUI_API_KEY", "fd_key")
    ran, found = looked(home, "--url", "http://127.0.0.1:1")
    assert (ran.code, found["connection"]["verdict"]) == (1, "failed")
    monkeypatch.delenv("FDTUI_API_KEY")
    ran, found = looked(home, "--profile", "team")
    assert (ran.code, found["key"]["verdict"]) == (1, "failed")
    assert "fdtui auth login" in found["key"]["hint"]
    home.workspace.parent.chmod(0o755)
    ran, found = looked(home)
    assert (ran.code, found["data and journal permissions"]["verdict"]) == (0, "warning")
    assert "chmod 700" in found["data and journal permissions"]["hint"]
    home.workspace.write_text("no database")
    ran, found = looked(home)
    assert (ran.code, found["database"]["verdict"]) == (1, "failed")
    home.configure("[profiles.home]\nlocal = 3\n")
    ran, found = looked(home)
    assert (ran.code, found["settings"]["verdict"]) == (1, "failed")


@pytest.mark.parametrize(
    ("differ", "verdict", "says"),
    [
        (0, Verdict.OK, "agrees"),
        (59, Verdict.OK, "agrees"),
        (-900, Verdict.WARNING, "900 s ahead"),
        (900, Verdict.WARNING, "900 s behind"),
    ],
)
def test_a_clock_that_differs_is_told(differ: float, verdict: Verdict, says: str) -> None:
    found = clock(1e9 + differ, 1e9)
    assert (found.verdict, says in found.says) == (verdict, True)
    assert clock(None, 1e9).verdict is Verdict.OK


def test_the_terminal_s_settings_are_judged() -> None:
    inside = {"TMUX": "/tmp/x,1,0"}
    assert clipboard(inside, {"set-clipboard": "off"}).hint == "Run: tmux set -s set-clipboard on"
    assert clipboard(inside, {"set-clipboard": "external"}).verdict is Verdict.OK
    assert "500 ms" in tmux(inside, {"escape-time": "500"}).says
    assert tmux(inside, {"escape-time": "10", "focus-events": "off"}).verdict is Verdict.WARNING
    assert tmux(inside, {"escape-time": "10", "focus-events": "on"}).verdict is Verdict.OK
    assert tmux({}, {}).verdict is Verdict.OK
    assert colours({"TERM": "xterm"}).verdict is Verdict.WARNING
    assert colours({"TERM": "xterm", "COLORTERM": "truecolor"}).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("answer", "verdict"), [(b"\x1b[?1u\x1b[?62;4c", "ok"), (b"\x1b[?62c", "warning")]
)
def test_a_terminal_is_asked_how_it_tells_keys(home: Home, answer: bytes, verdict: str) -> None:
    environ = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    process, terminal = pty.fork()
    if process == 0:
        os.execve(sys.executable, [sys.executable, "-m", "fdtui", "doctor", "--json"], environ)
    told, is_asked = b"", False
    try:
        while data := os.read(terminal, 65536):
            told += data
            if not is_asked and b"\x1b[?u\x1b[c" in told:
                is_asked = True
                os.write(terminal, answer)
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0
    document = told.decode().partition("\x1b[c")[2]
    found = {each["name"]: each for each in json.loads(document[document.index("[\r\n") :])}
    assert found["keyboard"]["verdict"] == verdict
    assert found["terminal"]["verdict"] == "ok"
