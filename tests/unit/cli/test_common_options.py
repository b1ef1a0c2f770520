"""Every command with every common option: honoured, or refused with the reason; nothing in between."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest

from fdtui import wiring
from fdtui.cli import setup
from fdtui.cli.commands import fdtui
from fdtui.cli.options import NAMES, declared_by
from fdtui.config.load import Options, load
from fdtui.config.paths import find_folders
from fdtui.config.settings import Settings
from fdtui.core.errors import ReadOnlyError
from fdtui.core.frozen import replace
from fdtui.core.intents import MoveTask, Pending
from fdtui.core.schema import WorkflowRef
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.server import seed
from fdtui.sync.storage.journal import JournalEntry
from fdtui.sync.storage.journal_table import JournalTable
from fdtui.tui.app import FdtuiApp
from tests.unit.cli.conftest import WORKFLOW, Home

FLOW = """id = "flow"
name = "Flow"
stages = [{ name = "New" }, { name = "Done", end = true }]
fields = [{ name = "ID", type = "uniqueId" }, { name = "Title" }]
"""
SAMPLES: dict[tuple[str, ...], tuple[str, ...]] = {
    (): (),
    ("demo",): (),
    ("serve",): ("--port", "0"),
    ("workflow", "apply"): ("flow.toml", "--yes"),
    ("workflow", "export"): (WORKFLOW,),
    ("workflow", "list"): (),
    ("workflow", "show"): (WORKFLOW,),
    ("key", "create"): (),
    ("key", "webhook"): (WORKFLOW,),
    ("key", "list"): (),
    ("key", "revoke"): ("KEY",),
    ("backup",): ("copy.db",),
    ("restore",): ("old.db",),
    ("task", "list"): (),
    ("task", "show"): ("42",),
    ("task", "new"): ("Company ID=one more",),
    ("task", "set"): ("42", "Number of Employees=11"),
    ("task", "assign"): ("42", "me"),
    ("task", "move"): ("42", "Done"),
    ("task", "rm"): ("58", "--yes"),
    ("task", "link"): ("1", "Expenses", "2", "--workflow", "bT7rG4"),
    ("task", "unlink"): ("1", "Expenses", "3", "--workflow", "bT7rG4"),
    ("task", "attach"): ("58", "flow.toml"),
    ("task", "detach"): ("42", "FILE"),
    ("task", "export"): (),
    ("task", "import"): ("more.csv", "--yes"),
    ("task", "download"): ("42", "--to", "in"),
    ("config", "path"): (),
    ("config", "schema"): (),
    ("workflow", "schema"): (),
    ("config", "show"): (),
    ("config", "check"): (),
    ("action", "list"): ("42",),
    ("action", "run"): ("43", "Start", "--wait"),
    ("execution", "list"): (),
    ("execution", "show"): ("EXECUTION",),
    ("execution", "wait"): ("EXECUTION",),
    ("comment", "list"): ("57",),
    ("comment", "add"): ("57", "Hello"),
    ("checklist", "list"): ("57",),
    ("checklist", "add"): ("57", "Call them"),
    ("checklist", "done"): ("57", "Invoice address is known"),
    ("checklist", "skip"): ("57", "Invoice address is known"),
    ("checklist", "reset"): ("57", "Contract is signed by both"),
    ("checklist", "rm"): ("57", "Clause 7 is checked"),
    ("user", "list"): (),
    ("watch",): (),
    ("mcp",): (),
    ("auth", "login"): (),
    ("auth", "logout"): (),
    ("auth", "status"): (),
    ("completion",): ("bash",),
    ("doctor",): (),
    ("sync",): (),
    ("journal", "list"): (),
    ("journal", "show"): ("CHANGE",),
    ("journal", "export"): (),
}
"""How each command is called so that it succeeds, but for those that do not end."""
ENDLESS = {(), ("demo",), ("serve",), ("watch",), ("mcp",), ("auth", "login"), ("auth", "logout")}
"""Those that do not end, and those that need a key: see `test_task_belongings`."""
VALUES = {
    "profile": ("nope",),
    "url": ("http://127.0.0.1:1",),
    "workflow": ("nope",),
    "config": ("no.toml",),
    "json": (),
    "read_only": (),
    "insecure_http": (),
    "verbose": (),
}
SAYS = {
    "profile": "There is no profile nope",
    "url": "127.0.0.1:1",
    "workflow": "There is no workflow “nope”",
    "config": "no.toml",
}


def commands(
    group: click.Command = fdtui, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(group, click.Group):
        yield path, group
        return
    if not path:
        yield path, group
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield from commands(command, (*path, name))


COMMANDS = dict(commands())
PAIRS = [(path, option) for path in COMMANDS for option in NAMES]


def arguments(home: Home, path: tuple[str, ...]) -> list[str]:
    (home.root / "flow.toml").write_text(FLOW)
    (home.root / "more.csv").write_text("Company ID,Company Name\nmore,More\n")
    given = [*path, *SAMPLES[path]]
    if "KEY" in given:
        given[-1] = home.run("key", "create").out.strip().split("_")[1]
    if "FILE" in given:
        given[-1] = home.run("task", "attach", "42", "flow.toml").out.split()[0]
    if "EXECUTION" in given:
        home.run("action", "run", "44", "Start")
        given[-1] = home.run("execution", "list", "--template", "$id").out.split()[-1]
    if "old.db" in given and not (home.root / "old.db").exists():
        assert home.run("backup", "old.db").code == 0
    if path[0:1] in {("sync",), ("journal",)}:
        waiting(home)
        ticket = waiting(home)
        given = [str(ticket) if each == "CHANGE" else each for each in given]
    return given


def waiting(home: Home) -> int:
    """Let a change wait, as if it had been made while the server was away; its name."""
    folders, found = find_folders(os.environ), settings()
    options = wiring.options_of(found)
    book = JournalTable(wiring.journal_path(folders, found.profile, options))
    ticket = next(book.tickets())
    schema, rows = seed.snapshot(WORKFLOW)
    row = next(row for row in rows if str(row["Company ID"]) == "43")
    stage = "Done" if book.done(1) == () else "In Progress"
    pending = Pending(ticket, MoveTask("43", stage))
    book.append([JournalEntry(pending, WorkflowRef(WORKFLOW, "x"), schema, Task("43", "43", row), 1.0)])
    book.close()
    return ticket


def test_every_command_has_its_sample_and_its_declaration() -> None:
    assert set(SAMPLES) == set(COMMANDS)
    assert [path for path, command in COMMANDS.items() if declared_by(command) is None] == []


@pytest.mark.parametrize("path", [path for path in SAMPLES if path not in ENDLESS], ids=" ".join)
def test_the_sample_succeeds(home: Home, path: tuple[str, ...]) -> None:
    ran = home.run(*arguments(home, path))
    assert ran.code == 0, ran.err


def refused() -> list[tuple[tuple[str, ...], str]]:
    found = []
    for path, option in PAIRS:
        declared = declared_by(COMMANDS[path])
        assert declared is not None
        if NAMES[option] not in declared.options:
            found.append((path, option))
    return found


@pytest.mark.parametrize(("path", "option"), refused(), ids=str)
@pytest.mark.parametrize("place", ["before", "after"])
def test_what_is_not_honoured_is_refused_and_changes_nothing(
    home: Home, path: tuple[str, ...], option: str, place: str
) -> None:
    given, said = arguments(home, path), [option, *VALUES[NAMES[option]]]
    declared = declared_by(COMMANDS[path])
    assert declared is not None
    if place == "after" and NAMES[option] in declared.own:
        pytest.skip("it means something else there")
    before = home.contents()
    ran = home.run(*(said + given if place == "before" else given + said))
    assert ran.code == 2
    assert option in ran.err
    assert ran.out == ""
    assert home.contents() == before


def honoured(*names: str) -> list[tuple[tuple[str, ...], str]]:
    told = set(refused())
    chosen = [(path, o) for path, o in PAIRS if (path, o) not in told and NAMES[o] in names]
    return [(path, option) for path, option in chosen if path not in ENDLESS]


@pytest.mark.parametrize(("path", "option"), honoured("profile", "url", "workflow", "config"), ids=str)
def test_an_address_or_a_name_that_is_honoured_decides(
    home: Home, path: tuple[str, ...], option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, said = arguments(home, path), (option, *VALUES[NAMES[option]])
    monkeypatch.setenv("FDTUI_API_KEY", "fd_key")
    before = home.contents()
    ran = home.run(*given, *said)
    if path[0] in {"sync", "journal"} and option == "--url":
        assert home.run(*given).out != ran.out  # nothing was ever done there
        return
    if path == ("doctor",):  # what is wrong is what it was asked for
        assert (ran.code, SAYS[NAMES[option]] in ran.out) == (1, True)
        return
    if path[0] == "config" and ran.code == 0:
        assert ran.out != home.run(*given).out or path[1] == "check"
        if path[1] == "check":
            assert home.run(*given, option, "a\x07").code == 2
        return
    assert ran.code in {2, 3, 6}
    assert SAYS[NAMES[option]] in ran.err
    assert home.contents() == before


@pytest.mark.parametrize(("path", "option"), honoured("json"), ids=str)
def test_json_is_one_document(home: Home, path: tuple[str, ...], option: str) -> None:
    given = arguments(home, path)
    json.loads(home.run(option, *given).out)
    again = arguments(home, path) if path[-1] == "detach" else given
    with pytest.raises(json.JSONDecodeError):
        json.loads(home.run(*again).out)


@pytest.mark.parametrize(("path", "option"), honoured("insecure_http"), ids=str)
def test_an_unencrypted_address_is_taken_only_when_allowed(
    home: Home, path: tuple[str, ...], option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = [*arguments(home, path), "--url", "http://fdtui.invalid"]
    monkeypatch.setenv("FDTUI_API_KEY", "fd_key")
    if path == ("config", "show"):
        assert "insecure_http = false" in home.run(*given).out
        assert "insecure_http = true" in home.run(*given, option).out
        return
    without, ran = home.run(*given), home.run(*given, option)
    if path == ("doctor",):
        assert (without.code, ran.code) == (1, 1)
        assert without.out != ran.out
        return
    assert without.code == 2, without.err
    assert ran.code in {0, 6}, ran.err


def changes_something(home: Home, path: tuple[str, ...]) -> bool:
    given = arguments(home, path)
    before = home.contents()
    assert home.run(*given).code == 0
    known = {"copy.db", "in"}  # a copy and a download are a reader's own files
    after = "\n".join(
        line for line in home.contents().splitlines() if not known & set(Path(line[:200]).parts)
    )
    return before != after


@pytest.mark.parametrize("path", [path for path in SAMPLES if path not in ENDLESS], ids=" ".join)
@pytest.mark.parametrize("way", ["option", "environment", "profile"])
def test_read_only_holds_for_everything_that_writes(
    home: Home, path: tuple[str, ...], way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = declared_by(COMMANDS[path])
    assert declared is not None
    assert changes_something(home, path) == declared.writes
    given = arguments(home, path)
    for name in ("copy.db", "in"):
        (home.root / name).rename(home.root / f"{name}.was") if (home.root / name).exists() else None
    if way == "profile":
        home.configure(home.config.read_text().replace("local = true", "local = true\nread_only = true"))
        if path[0] in {"key", "restore"}:
            return  # a server's own database belongs to no profile
    elif way == "environment":
        monkeypatch.setenv("FDTUI_READ_ONLY", "1")
    else:
        given.append("--read-only") if "read_only" not in declared.own else given.insert(
            0, "--read-only"
        )
    before = home.contents()
    ran = home.run(*given)
    if not declared.writes:
        assert ran.code == 0, ran.err
        return
    assert (ran.code, ran.out) == (2, "")
    assert str(ReadOnlyError()) in ran.err
    assert home.contents() == before


@pytest.mark.parametrize("path", [("task", "list"), ("task", "attach"), ("sync",)], ids=" ".join)
def test_a_command_reads_the_settings_once(
    home: Home, path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    given, reads = arguments(home, path), list[Options]()

    def counted(environ: Mapping[str, str], said: Options, *more: Any, **named: Any) -> Settings:
        reads.append(said)
        return load(environ, said, *more, **named)

    monkeypatch.setattr(setup, "load", counted)
    assert home.run(*given).code == 0
    assert len(reads) == 1


def test_a_server_in_read_only_mode_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FDTUI_READ_ONLY", "1")
    ran = home.run("serve", "--db", "sqlite:///new.db", "--port", "0")
    assert ran.code == 2
    assert not (home.root / "new.db").exists()


def settings(**said: str | bool) -> Settings:
    return load(os.environ, replace(Options(), **said), find_folders(os.environ))


async def state_of(app: FdtuiApp) -> State:
    """The state of a board's session once it is at rest."""
    run = asyncio.create_task(app.session.run())
    await asyncio.sleep(0)
    await app.session.idle()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    return app.session.state


async def test_the_board_is_that_of_the_options(home: Home) -> None:
    def board(**said: str | bool) -> FdtuiApp:
        folders = find_folders(os.environ)
        environ = {"FDTUI_API_KEY": "fd_key"}
        return wiring.profile_board(settings(**said), folders, environ, note=print)

    plain = await state_of(board())
    assert plain.workflow is not None
    assert (plain.workflow.id, plain.read_only) == (WORKFLOW, False)
    other = await state_of(board(workflow="bT7rG4", read_only=True))
    assert other.workflow is not None
    assert (other.workflow.id, other.read_only) == ("bT7rG4", True)
    assert board(url="http://127.0.0.1:1").session.log.url == "http://127.0.0.1:1"
    for option in ("--profile", "--config"):
        ran = home.run(option, *VALUES[NAMES[option]])
        assert (ran.code, SAYS[NAMES[option]] in ran.err) == (2, True)


async def test_the_demo_takes_only_a_workflow_that_was_meant_for_it(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FDTUI_WORKFLOW", "one-of-the-team")
    plain = await state_of(wiring.demo_board(settings()))
    assert plain.workflow is not None
    chosen = await state_of(wiring.demo_board(settings(workflow="bT7rG4", read_only=True)))
    assert chosen.workflow is not None
    assert (chosen.workflow.id, chosen.read_only) == ("bT7rG4", True)
    assert home.run("demo", "--config", "no.toml").code == 2


def test_a_webhook_s_form_is_for_one_workflow(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.configure("")
    monkeypatch.setenv("FDTUI_WEBHOOK_URL", "http://127.0.0.1:1/api/v1/workflows/x/tasks")
    ran = home.run("--workflow", WORKFLOW)
    assert (ran.code, "--workflow" in ran.err) == (2, True)


@pytest.mark.parametrize("option", [option for option in NAMES if VALUES[NAMES[option]]])
def test_an_empty_value_is_no_value(home: Home, option: str) -> None:
    ran = home.run("task", "list", option, " ")
    assert (ran.code, ran.out) == (2, "")
    assert f"{option} is empty" in ran.err
