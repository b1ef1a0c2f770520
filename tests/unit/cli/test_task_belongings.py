"""Scripts and what belongs to a task: actions, comments, the checklist; local and served."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.conftest import Server
from tests.unit.cli.conftest import Home
from tests.unit.cli.test_task_changes import office  # noqa: F401 (fixture)


def test_an_action_is_run_and_its_end_is_the_exit_code(office: Home) -> None:  # noqa: F811
    offered = [each["name"] for each in json.loads(office.run("action", "list", "47", "--json").out)]
    assert offered == ["Start", "Postpone a month"]
    ran = office.run("action", "run", "47", "start", "--wait")
    assert (ran.code, ran.out.split()[1]) == (0, "Success"), ran.err
    known = ran.out.split()[0]
    assert office.run("execution", "wait", known).out == ran.out
    assert known in office.run("execution", "list").out
    gone = office.run("action", "run", "47", "Start")
    assert (gone.code, gone.out) == (3, "")
    assert "The task offers no action Start." in gone.err
    assert office.run("execution", "show", "nope").code == 3


def test_a_requirement_that_is_missing_refuses_an_action(office: Home) -> None:  # noqa: F811
    assert office.run("task", "set", "46", "Stage=Under Review", "Assigned To=none").code == 0
    ran = office.run("action", "run", "46", "Approve", "--yes")
    assert (ran.code, ran.out) == (5, "")
    assert "Must be assigned" in ran.err


def test_comments_and_checklist_items(office: Home) -> None:  # noqa: F811
    assert office.run("comment", "add", "57", "-", text="two\nlines\n").code == 0
    assert json.loads(office.run("comment", "list", "57", "--json").out)[-1]["body"] == "two\nlines"
    assert office.run("comment", "add", "57", " ").code == 2
    assert office.run("comment", "add", "none", "x").code == 3
    assert office.run("checklist", "add", "57", "Call them", "--stage", "done").code == 0
    assert office.run("checklist", "done", "57", "call them").code == 0
    rows = json.loads(office.run("checklist", "list", "57", "--json").out)
    assert [(each["title"], each["Stage"], each["status"]) for each in rows][-1] == (
        "Call them",
        "Done",
        "Completed",
    )
    assert office.run("checklist", "skip", "57", rows[-1]["id"]).code == 0
    assert office.run("checklist", "reset", "57", rows[-1]["id"]).code == 0
    assert office.run("checklist", "rm", "57", "Call them").code == 0
    template = office.run("checklist", "rm", "57", "Invoice address is known")
    assert (template.code, "can only be skipped" in template.err) == (2, True)
    assert office.run("checklist", "done", "57", "Call them").code == 3
    assert office.run("checklist", "add", "57", "x", "--stage", "nowhere").code == 5


def test_the_status_says_whose_key_it_is_and_whether_it_is_good(
    office: Home,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = json.loads(office.run("auth", "status", "--json").out)
    assert told["workflows"] == ["Company onboarding", "Bug triage", "Expense approval"]
    assert told["key"] == ("FDTUI_API_KEY" if told["url"] else None)
    assert told["user"] == "user@example.com"
    if told["url"]:
        monkeypatch.setenv("FDTUI_API_KEY", "fd_wrong")
        assert office.run("auth", "status").code == 4
        monkeypatch.delenv("FDTUI_API_KEY")
        assert office.run("auth", "status").code == 4


def test_a_key_is_saved_once_it_is_accepted_and_removed_again(
    make_home: Callable[[Path], Home],
    served: Server,
    tmp_path: Path,
) -> None:
    home = make_home(tmp_path / "new")
    home.configure("")
    wrong = home.run("auth", "login", "--url", served.url, text="fd_wrong\n")
    assert (wrong.code, home.config.read_text()) == (4, "")
    assert home.run("auth", "login", "--url", served.url, text="").code == 2
    ran = home.run("auth", "login", "--url", served.url, text=f"{served.key}\n")
    assert (ran.code, ran.out) == (0, "")
    assert served.key not in ran.err
    assert home.config.stat().st_mode & 0o777 == 0o600
    status = json.loads(home.run("auth", "status", "--json").out)
    assert (status["profile"], status["url"], status["key"]) == ("default", served.url, str(home.config))
    assert home.run("--read-only", "auth", "logout").code == 2
    assert home.run("auth", "logout").code == 0
    assert served.key not in home.config.read_text()
    assert home.run("auth", "logout").code == 3
    assert home.run("auth", "status").code == 4


def test_people_are_listed(office: Home) -> None:  # noqa: F811
    out = office.run("user", "list", "--csv", "--fields", "email,role").out.splitlines()
    assert out[:2] == ["email,role", "user@example.com,Administrator"]
