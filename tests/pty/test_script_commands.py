"""The commands of scripts as they are started: in a pipe, in LANG=C, on a terminal that asks."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.conftest import FDTUI, WORKFLOW, Server
from tests.pty.test_files import environ
from tests.terminal import Program


def test_what_others_change_is_printed_as_it_happens(server: Server, tmp_path: Path) -> None:
    watch = subprocess.Popen(
        [*FDTUI, "watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environ(server, tmp_path),
        text=True,
    )
    assert watch.stdout is not None
    assert watch.stderr is not None
    try:
        assert watch.stderr.readline() == "Watching Company onboarding: 24 tasks.\n"
        server.call("PUT", "/tasks", {"Company ID": "42", "Stage": "Done"})
        line = json.loads(watch.stdout.readline())
        assert (line["event"], line["task"]) == ("updated", "42")
        assert line["changes"] == {"Stage": {"was": "In Progress", "now": "Done"}}
        server.call("POST", "/tasks", {"Company ID": "new", "Company Name": "New"})
        line = json.loads(watch.stdout.readline())
        assert (line["event"], line["row"]["Company Name"]) == ("created", "New")
        server.call("DELETE", "/tasks/new")
        line = json.loads(watch.stdout.readline())
        assert (line["event"], line["task"], line["changes"]) == ("deleted", "new", {})
    finally:
        watch.send_signal(signal.SIGTERM)
        _, errors = watch.communicate(timeout=20)
    assert (watch.returncode, errors) == (128 + signal.SIGTERM, "")


def test_a_command_runs_for_each_change_and_a_failure_stops_nothing(
    server: Server, tmp_path: Path
) -> None:
    script = tmp_path / "on change"
    script.write_text(
        '#!/bin/sh\ncat\necho "$FDTUI_EVENT $FDTUI_TASK $FDTUI_FIELD_COMPANY_NAME"\n'
        'test "$1" != "$FDTUI_TASK"\n'
    )
    script.chmod(0o700)
    watch = subprocess.Popen(
        [*FDTUI, "watch", "--exec", f"'{script}' 43"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environ(server, tmp_path),
        text=True,
    )
    assert watch.stdout is not None
    assert watch.stderr is not None
    name = "$(touch pwned) `id`; x"
    try:
        assert watch.stderr.readline() == "Watching Company onboarding: 24 tasks.\n"
        for uid in ("43", "42"):
            server.call("PUT", "/tasks", {"Company ID": uid, "Company Name": name})
            line = json.loads(watch.stdout.readline())
            assert (line["event"], line["task"], line["row"]["Company Name"]) == ("updated", uid, name)
            assert watch.stdout.readline() == f"updated {uid} {name}\n"
        assert watch.stderr.readline() == f"{script} ended with 1, for task 43 (updated).\n"
    finally:
        watch.send_signal(signal.SIGTERM)
        _, errors = watch.communicate(timeout=20)
    assert (watch.returncode, errors) == (128 + signal.SIGTERM, "")


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_a_name_in_other_letters_arrives_whole(server: Server, tmp_path: Path, locale: str) -> None:
    where = {**environ(server, tmp_path), "LC_ALL": locale, "LANG": locale}

    def run(*said: str) -> str:
        done = subprocess.run([*FDTUI, "task", *said], capture_output=True, check=True, env=where)
        return done.stdout.decode()

    assert run("set", "42", "Company Name=Žlutý 株式会社") == "done: 42: change Company Name\n"
    assert server.call("GET", "/tasks/42")["Company Name"] == "Žlutý 株式会社"
    assert run("list", "--filter", "id:42", "--template", "${Company Name}") == "Žlutý 株式会社\n"


def test_a_person_is_asked_before_much_is_done(
    start: Callable[..., Program], server: Server, tmp_path: Path
) -> None:
    names = {
        name: value
        for name, value in environ(server, tmp_path).items()
        if name.startswith("FDTUI") and name not in os.environ
    }
    assert names["FDTUI_WORKFLOW"] == WORKFLOW
    for answer, stage in (("n", "In Progress"), ("y", "Done")):
        asked = start("task", "move", "--where", "id:42,43", "Done", **names)
        asked.wait_for(re.escape("Move to Done: 2 tasks? [y/N]:"))
        assert "Acme Corp" in asked.screen
        asked.write(f"{answer}\n".encode())
        assert asked.wait_end() == (130 if answer == "n" else 0)
        assert server.call("GET", "/tasks/42")["Stage"] == stage
    removed = start("task", "rm", "42", **names)
    removed.wait_for(re.escape("Delete 42 Acme Corp for good? [y/N]:"))
    removed.write(b"y\n")
    assert removed.wait_end() == 0
