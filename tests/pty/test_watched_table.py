"""``fdtui task list --watch``: the table as it is now, without a byte while nothing changes."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.conftest import WORKFLOW, Server
from tests.pty.test_files import fdtui
from tests.terminal import Program

HIDDEN = b"\x1b[?1049h\x1b[?25l"


def test_a_table_follows_what_others_change(start: Callable[..., Program], server: Server) -> None:
    said = ("task", "list", "--watch", "--filter", "-stage:Done", "--fields", "Company ID,Stage")
    where = {"FDTUI_URL": server.url, "FDTUI_API_KEY": server.key, "FDTUI_WORKFLOW": WORKFLOW}
    program = start(*said, columns=60, rows=40, **where)
    program.wait_for(r"(?m)^42 +In Progress")
    assert program.output.count(HIDDEN) == 1
    program.settle()
    written = len(program.output)
    server.call("PUT", "/tasks", {"Company ID": "42", "Company Name": "Not in this table"})
    server.call("PUT", "/tasks", {"Company ID": "42", "Stage": "Under Review"})
    program.wait_for(r"(?m)^42 +Under Review")
    assert program.output[written:].count(b"\x1b[H") == 1
    server.call("PUT", "/tasks", {"Company ID": "42", "Stage": "Done"})
    program.wait_gone(r"(?m)^42 ")
    program.resize(60, 8)
    program.wait_for(r"… and \d+ more")
    assert program.screen.startswith("Company ID")
    program.resize(60, 40)
    program.wait_gone(r"… and \d+ more")
    program.signal(signal.SIGINT)
    assert program.wait_end() == 130
    _, left, printed = bytes(program.output).rpartition(b"\x1b[?1049l\x1b[?25h")
    assert left
    lines = [line.split() for line in re.sub(r"\x1b\[\d*m", "", printed.decode()).splitlines()]
    assert lines[0] == ["Company", "ID", "Stage"]
    assert len(lines) > 2
    assert not [line for line in lines if line[0] == "42" or "Done" in line]


def test_a_field_that_is_none_ends_it(start: Callable[..., Program], server: Server) -> None:
    where = {"FDTUI_URL": server.url, "FDTUI_API_KEY": server.key, "FDTUI_WORKFLOW": WORKFLOW}
    program = start("task", "list", "--watch", "--fields", "Nope", **where)
    assert program.wait_end(30) == 2
    assert "There is no field Nope." in program.screen
    assert HIDDEN not in program.output


@pytest.mark.parametrize("form", [(), ("--json",), ("--jsonl",), ("--csv",)])
def test_what_is_no_table_on_a_terminal_is_refused(
    server: Server, tmp_path: Path, form: tuple[str, ...]
) -> None:
    ran = fdtui(server, tmp_path, "task", "list", "--watch", *form)
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert b"`fdtui watch`" in ran.stderr
