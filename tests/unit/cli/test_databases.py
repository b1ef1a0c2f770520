"""Commands on a database of one's own: the one that was meant, and never a new one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fdtui.config.load import Options, load
from fdtui.config.paths import find_folders
from fdtui.core.errors import NotFoundError
from fdtui.server.store import open_store
from fdtui.server.store.existing import check_exists, open_existing
from tests import postgres as wheel
from tests.unit.cli.conftest import WORKFLOW, Home

FLOW = 'id = "flow"\nname = "Flow"\nstages = [{ name = "New" }]\n'
ON_A_DATABASE = [
    ("workflow", "apply", "flow.toml", "--yes"),
    ("workflow", "list"),
    ("workflow", "show", WORKFLOW),
    ("workflow", "export", WORKFLOW),
    ("key", "create"),
    ("key", "list"),
    ("key", "webhook", WORKFLOW),
    ("key", "revoke", "x"),
    ("backup", "copy.db"),
]


def files(home: Home) -> list[Path]:
    return sorted(path for path in home.root.rglob("*") if not path.name.endswith(("-wal", "-shm")))


@pytest.mark.parametrize("command", ON_A_DATABASE, ids=" ".join)
def test_a_database_that_is_not_there_is_not_made(home: Home, command: tuple[str, ...]) -> None:
    (home.root / "flow.toml").write_text(FLOW)
    before = files(home)
    ran = home.run(*command, "--db", f"sqlite:///{home.root}/new/typo.db")
    assert (ran.code, ran.out) == (3, "")
    assert "typo.db" in ran.err
    assert files(home) == before


@pytest.mark.parametrize("command", ON_A_DATABASE, ids=" ".join)
def test_a_database_of_another_program_is_left_alone(home: Home, command: tuple[str, ...]) -> None:
    (home.root / "flow.toml").write_text(FLOW)
    other = home.root / "other.db"
    with closing(sqlite3.connect(other)) as database:
        database.execute("CREATE TABLE songs (title TEXT)")
    (home.root / "empty.db").touch()
    for path in (other, home.root / "empty.db"):
        before = path.read_bytes()
        ran = home.run(*command, "--db", f"sqlite:///{path}")
        assert (ran.code, ran.out) == (3, "")
        assert path.read_bytes() == before


@pytest.mark.parametrize("command", ON_A_DATABASE, ids=" ".join)
@pytest.mark.parametrize("db", ["", " ", "sqlite://", "sqlite:///:memory:", "mysql://x/y", "\x9b"])
def test_a_database_that_can_be_none_is_refused(home: Home, command: tuple[str, ...], db: str) -> None:
    (home.root / "flow.toml").write_text(FLOW)
    ran = home.run(*command, "--db", db)
    assert (ran.code, ran.out) == (2, "")


def test_a_postgresql_that_holds_something_else_is_left_alone(postgres: wheel.Postgres) -> None:
    with postgres.schema() as url:
        with pytest.raises(NotFoundError, match="not a database of a fdtui server"):
            open_existing(url)
        with pytest.raises(NotFoundError):
            check_exists(url)
        open_store(url).close()
        open_existing(url).close()


@pytest.mark.parametrize("way", ["environment", "profile"])
def test_a_server_s_workflow_is_not_taken_for_one_of_the_local_database(
    home: Home, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home.root / "flow.toml").write_text(FLOW)
    if way == "environment":
        monkeypatch.setenv("FDTUI_URL", "https://u:hidden@flow.example")
    else:
        monkeypatch.setenv("FDTUI_PROFILE", "team")
    before = home.contents()
    ran = home.run("workflow", "apply", "flow.toml", "--yes")
    assert (ran.code, ran.out) == (2, "")
    assert ("FDTUI_URL" if way == "environment" else "config.toml") in ran.err
    assert "--db sqlite:///" in ran.err
    assert "hidden" not in ran.err
    assert home.contents() == before
    assert (
        home.run("workflow", "apply", "flow.toml", "--yes", "--db", f"sqlite:///{home.server}").code == 0
    )


def test_where_a_command_works_is_told(home: Home) -> None:
    assert str(home.workspace) in home.run("workflow", "list").err
    assert str(home.server) in home.run("key", "create").err
    home.configure("[profiles.nowhere]\nuser = 'a@example.com'\n")
    assert home.run("workflow", "list", "--profile", "nowhere").code == 2
    assert str(home.server) in home.run("workflow", "list").err


@pytest.mark.parametrize("option", [("--profile", "home"), ("--config", "config/config.toml")])
def test_a_profile_and_a_database_are_two_answers_to_one_question(
    home: Home, option: tuple[str, str]
) -> None:
    ran = home.run("workflow", "list", *option, "--db", f"sqlite:///{home.server}")
    assert (ran.code, ran.out) == (2, "")
    assert option[0] in ran.err


def test_a_local_workspace_that_is_not_there_is_not_made(home: Home) -> None:
    home.workspace.unlink()
    ran = home.run("task", "list")
    assert (ran.code, ran.out) == (3, "")
    assert str(home.workspace) in ran.err
    assert not home.workspace.exists()
    with pytest.raises(NotFoundError):
        from fdtui import wiring

        folders = find_folders({"FDTUI_HOME": str(home.root)})
        wiring.profile_board(load({}, Options(), folders), folders, {}, note=print)
    assert not home.workspace.exists()


def test_one_of_several_workflows_is_not_chosen_by_chance(home: Home) -> None:
    home.configure("[profiles.home]\nlocal = true\n")
    for command in (
        ("list",),
        ("show", "42"),
        ("attach", "42", "config/config.toml"),
        ("download", "42"),
    ):
        ran = home.run("task", *command)
        assert (ran.code, ran.out) == (2, "")
        assert WORKFLOW in ran.err
        assert "--workflow" in ran.err
    assert home.run("task", "list", "--workflow", WORKFLOW).code == 0


def test_a_choice_that_would_be_ignored_is_refused(home: Home) -> None:
    (home.root / "a.txt").write_text("a")
    home.run("task", "attach", "42", "a.txt")
    for more in (("--to", "in", "-"), ("-", "--force"), ("--to", "-", "--force"), ("-", "--json")):
        assert home.run("task", "download", "42", "a.txt", *more).code == 2
    for more in (("--host", "::1"), ("--port", "1")):
        assert home.run("serve", "--uds", "x.sock", *more).code == 2


def test_a_name_that_two_workflows_have_is_not_chosen_by_chance(home: Home) -> None:
    for number in "12":
        (home.root / "flow.toml").write_text(FLOW.replace('"flow"', f'"flow{number}"'))
        assert (
            home.run("workflow", "apply", "flow.toml", "--yes", "--db", f"sqlite:///{home.server}").code
            == 0
        )
        assert home.run("workflow", "apply", "flow.toml", "--yes").code == 0
    before = home.contents()
    for command in (
        ("key", "create", "--workflow", "Flow"),
        ("key", "webhook", "Flow"),
        ("workflow", "show", "Flow"),
        ("workflow", "export", "Flow"),
        ("task", "list", "--workflow", "Flow"),
    ):
        ran = home.run(*command)
        assert (ran.code, ran.out) == (2, ""), command
        assert "Give the id" in ran.err
    assert home.contents() == before
    assert home.run("task", "list", "--workflow", "flow2").code == 0


def test_a_workflow_is_named_by_what_its_name_means(home: Home) -> None:
    assert home.run("task", "list", "--workflow", "BUG TRIAGE").code == 0
    database = f"sqlite:///{home.server}"
    assert home.run("key", "create", "--workflow", "bug triage", "--db", database).code == 0
