"""One zone for what is shown and typed: the user's own, whatever the server speaks of."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.pty.conftest import FDTUI, Server, wait_until
from tests.pty.test_files import environ
from tests.terminal import Program

BUGS = "bT7rG4"
TOLD = "2028-11-03T21:00:00Z"
LATER = datetime(2028, 11, 3, 21, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("America/Los_Angeles", "2028-11-03 14:00 -07:00"),
        ("Australia/Sydney", "2028-11-04 08:00 +11:00"),
        ("Pacific/Kiritimati", "2028-11-04 11:00 +14:00"),
    ],
)
def test_a_moment_is_shown_and_typed_in_the_users_zone(
    start: Callable[..., Program], server: Server, tmp_path: Path, zone: str, shown: str
) -> None:
    made = server.call(
        "POST", "/tasks", {"Title": "Zoned", "Stage": "New", "Found On": TOLD}, workflow=BUGS
    )
    path = f"/tasks/{made['Bug ID']}"
    here = {"FDTUI_WORKFLOW": BUGS, "TZ": zone}

    def asked(*more: str) -> str:
        ran = subprocess.run(
            [*FDTUI, "task", "show", str(made["Bug ID"]), *more],
            check=True,
            capture_output=True,
            env={**environ(server, tmp_path), **here},
        )
        return ran.stdout.decode()

    assert f"Found On: {shown}\n" in asked()
    assert json.loads(asked("--json"))["Found On"] == TOLD

    board = start(columns=170, FDTUI_URL=server.url, FDTUI_API_KEY=server.key, **here)
    board.wait_for(r"● live")
    board.settle()
    board.press("/", *"Zoned")
    board.wait_for("/Zoned")
    board.press("enter")
    board.wait_gone("Rate limit counts")
    board.settle()
    board.press("enter")
    board.wait_for(shown.replace("+", r"\+"))
    board.press("e")
    board.wait_for("Edit Zoned")
    board.settle()
    assert shown in board.screen
    board.press(*" 2", "ctrl+o")
    board.wait_gone("Edit Zoned")
    wait_until(lambda: server.call("GET", path, workflow=BUGS)["Title"] == "Zoned 2", board)
    assert server.call("GET", path, workflow=BUGS)["Found On"] == TOLD

    board.settle()
    board.press("tab", *"jjjjjj", "enter")
    board.wait_for("enter save")
    board.settle()
    board.press("ctrl+u", *shown[:15], "5", "enter")
    wait_until(lambda: server.call("GET", path, workflow=BUGS)["Found On"] != TOLD, board)
    assert datetime.fromisoformat(server.call("GET", path, workflow=BUGS)["Found On"]) == LATER
