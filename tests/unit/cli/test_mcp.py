"""The tools for agents, called by the protocol's own client from the program as a host starts it."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from fdtui.cli.mcp import INSTALL
from fdtui.core.frozen import frozen
from tests.pty.conftest import Server
from tests.unit.cli.conftest import WORKFLOW, Home

LOCAL = ("--profile", "home")
READING = [
    "list_workflows",
    "show_workflow",
    "list_tasks",
    "show_task",
    "list_actions",
    "show_execution",
]
CHANGING = [
    "new_task",
    "set_fields",
    "move_task",
    "assign_task",
    "add_comment",
    "delete_task",
    "run_action",
]
TITLE = "Company Name"
NASTY = "red \x1b[31m\u202e\u009b end"
"""What a terminal would act on: colours, the direction of text, a C1 control."""


@frozen
class Answer:
    """What a tool answered, as text."""

    text: str
    is_error: bool

    @property
    def value(self) -> Any:
        """The JSON of a call that went well."""
        assert not self.is_error, self.text
        return json.loads(self.text)

    @property
    def problem(self) -> str:
        """The sentence of a call that did not."""
        assert self.is_error, self.text
        return self.text


class Agent:
    """Calls tools."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def names(self) -> list[str]:
        """The tools that are offered."""
        return [each.name for each in (await self.client.list_tools()).tools]

    async def call(self, tool: str, **arguments: Any) -> Answer:
        """One call."""
        found = await self.client.call_tool(tool, arguments)
        (content,) = found.content
        return Answer(content.text, bool(found.is_error))


@asynccontextmanager
async def agent(*options: str) -> AsyncIterator[Agent]:
    program = StdioServerParameters(
        command=sys.executable, args=["-m", "fdtui", "mcp", *options], env=dict(os.environ)
    )
    async with Client(program) as client:
        yield Agent(client)


async def _out(home: Home, *command: str) -> str:
    """What a command prints, which runs a loop of its own."""
    return (await asyncio.to_thread(home.run, *LOCAL, *command)).out


async def test_an_agent_reads_and_changes_nothing_unless_it_is_allowed(home: Home) -> None:
    before = await _out(home, "task", "list", "--json")
    async with agent(*LOCAL) as it:
        assert await it.names() == READING
        found = (await it.call("list_workflows")).value["workflows"]
        assert {"id": WORKFLOW, "name": "Company onboarding"} in found
        shape = (await it.call("show_workflow")).value
        assert shape["unique_id"] == "Company ID"
        assert "In Progress" in [each["name"] for each in shape["stages"]]
        listed = (
            await it.call("list_tasks", query="-stage:Done", fields=[TITLE], sort="Company ID", limit=2)
        ).value
        assert listed["shown"] == 2 < listed["found"] < len(json.loads(before))
        assert all(list(each) == [TITLE] for each in listed["tasks"])
        shown = (await it.call("show_task", task="42")).value
        assert shown["task"][TITLE] == "Acme Corp"
        assert shown["comments"]
        assert shown["checklist"]
        for each in CHANGING:
            assert "--allow-changes" in (await it.call(each)).problem
        assert "no such task" in (await it.call("show_task", task="none such")).problem
        assert "takes no" in (await it.call("show_task", uid="42")).problem
        assert "is empty" in (await it.call("show_task", task=" ")).problem
        assert "whole number" in (await it.call("list_tasks", limit=0)).problem
        assert "column 7" in (await it.call("list_tasks", query="stage:")).problem
        assert "no tool" in (await it.call("rm")).problem
    assert await _out(home, "task", "list", "--json") == before


async def test_an_agent_changes_a_local_workspace_when_it_is_allowed(home: Home) -> None:
    async with agent(*LOCAL, "--allow-changes") as it:
        assert set(await it.names()) == {*READING, *CHANGING}
        made = (
            await it.call(
                "new_task", values={"Company ID": "NEW-1", TITLE: NASTY, "Expected Close Date": "fri"}
            )
        ).value["task"]
        uid = made["Company ID"]
        assert made[TITLE] == NASTY
        text = (await it.call("show_task", task=uid)).text
        assert not [each for each in text if each != "\n" and not each.isprintable()]
        moved = await it.call("move_task", task=uid, stage="in progress")
        assert moved.value["task"]["Stage"] == "In Progress"
        assert (
            (await it.call("move_task", task=uid, stage="In Progress")).value["done"].startswith("Noth")
        )
        given = await it.call("assign_task", task=uid, person="me")
        assert given.value["task"]["Assigned To"] == "user@example.com"
        offered = (await it.call("list_actions", task=uid)).value["actions"]
        ran = (await it.call("run_action", task=uid, action=offered[0]["name"])).value
        assert ran["status"] == "Success"
        shown = (await it.call("show_execution", execution=ran["execution"])).value
        assert shown["status"] == "Success"
        assert (await it.call("add_comment", task=uid, text="Called.")).value["done"]
        comments = (await it.call("show_task", task=uid)).value["comments"]
        assert [each["body"] for each in comments][-1] == "Called."
        assert (await it.call("delete_task", task=uid)).value["done"]
        assert "no such task" in (await it.call("show_task", task=uid)).problem
    assert "comment" in await _out(home, "journal", "list", "--all")


async def test_what_an_agent_gets_wrong_is_told_and_changes_nothing(
    served: Server, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FDTUI_URL", served.url)
    monkeypatch.setenv("FDTUI_API_KEY", served.key)
    monkeypatch.setenv("FDTUI_WORKFLOW", WORKFLOW)
    before = served.call("GET", "/tasks/42")
    async with agent("--allow-changes") as it:
        wrong = await it.call("set_fields", task="42", values={"Number of Employees": "many"})
        assert "Number of Employees" in wrong.problem
        assert "not a stage" in (await it.call("move_task", task="42", stage="Nowhere")).problem
        unknown = await it.call("set_fields", task="42", values={"Nmae": "x"})
        assert "no field Nmae" in unknown.problem
        overtaken = await it.call(
            "set_fields", task="42", values={TITLE: "Ours"}, expected={TITLE: "Somebody's"}
        )
        assert "Nothing was sent" in overtaken.problem
        assert served.call("GET", "/tasks/42") == before
        done = await it.call(
            "set_fields", task="42", values={TITLE: "Ours"}, expected={TITLE: "Acme Corp"}
        )
        assert done.value["task"][TITLE] == "Ours"
        at_once = (
            it.call("set_fields", task="42", values={"Number of Employees": each})
            for each in range(1, 5)
        )
        for each in await asyncio.gather(*at_once):
            assert each.value["done"]
    assert served.call("GET", "/tasks/42")[TITLE] == "Ours"


def test_what_forbids_changes_is_honoured(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    assert home.run("mcp", *LOCAL, "--read-only", "--allow-changes").code == 2
    monkeypatch.setenv("FDTUI_READ_ONLY", "1")
    ran = home.run("mcp", *LOCAL, "--allow-changes")
    assert (ran.code, ran.out) == (2, "")
    assert "Read-only" in ran.err


def test_a_missing_package_is_named_with_its_install_line(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    ran = home.run("mcp", *LOCAL)
    assert (ran.code, ran.out) == (2, "")
    assert INSTALL in ran.err


def test_settings_that_are_wrong_are_named_at_the_start(home: Home) -> None:
    ran = home.run("mcp", "--profile", "nope")
    assert (ran.code, ran.out) == (2, "")
    assert "There is no profile nope" in ran.err
