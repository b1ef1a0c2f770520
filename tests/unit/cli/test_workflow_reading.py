"""What workflows there are, and what they are made of: the same of a server and of a file."""

from __future__ import annotations

import json

import pytest

from tests.unit.cli.conftest import WORKFLOW, Home
from tests.unit.cli.test_task_changes import office  # noqa: F401 (fixture)


def test_the_workflows_are_listed(office: Home) -> None:  # noqa: F811
    rows = json.loads(office.run("workflow", "list", "--json").out)
    assert {"id": WORKFLOW, "name": "Company onboarding"} in rows
    assert len(rows) == 3
    lines = office.run("workflow", "list").out.splitlines()
    assert lines == [f"{each['id']}\t{each['name']}" for each in rows]
    named = office.run("workflow", "list", "--sort", "name", "--template", "$name").out.splitlines()
    assert named == sorted(each["name"] for each in rows)


@pytest.mark.parametrize("name", [WORKFLOW, "company ONBOARDING"])
def test_a_workflow_is_described(office: Home, name: str) -> None:  # noqa: F811
    told = json.loads(office.run("workflow", "show", name, "--json").out)
    assert (told["id"], told["name"]) == (WORKFLOW, "Company onboarding")
    assert [each["name"] for each in told["stages"] if each["end"]] == ["Done"]
    assert [each["name"] for each in told["fields"] if each["type"] == "uniqueId"] == ["Company ID"]
    assert "user@example.com" in [each["email"] for each in told["people"]]
    lines = office.run("workflow", "show", name).out.splitlines()
    assert lines[0] == f"Company onboarding ({WORKFLOW})"
    kinds = [line.split()[0] for line in lines[1:]]
    for kind, many in (
        ("stage", "stages"),
        ("field", "fields"),
        ("role", "roles"),
        ("person", "people"),
    ):
        assert kinds.count(kind) == len(told[many])


def test_a_name_that_is_not_there_is_refused(office: Home) -> None:  # noqa: F811
    ran = office.run("workflow", "show", "nope")
    assert (ran.code, ran.out) == (3, "")
    assert "There is no workflow “nope”" in ran.err or "There is no workflow nope" in ran.err


def test_a_server_and_a_database_exclude_each_other(home: Home) -> None:
    for said in (("list",), ("show", WORKFLOW)):
        database = f"sqlite:///{home.server}"
        ran = home.run("workflow", *said, "--url", "http://127.0.0.1:1", "--db", database)
        assert (ran.code, ran.out) == (2, "")
        assert "--url and --db" in ran.err
