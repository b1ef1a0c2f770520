"""A command that only reads leaves a database as it is, its schema and its file too."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fdtui.core.errors import ReadOnlyError, StorageError
from fdtui.server.store.database import open_store
from fdtui.server.store.existing import open_existing
from tests import postgres as wheel
from tests.unit.cli.conftest import WORKFLOW, Home

READING = [
    ("workflow", "list"),
    ("workflow", "show", WORKFLOW),
    ("workflow", "export", WORKFLOW),
    ("workflow", "apply", "flow.toml", "--dry-run"),
    ("key", "list"),
    ("task", "list"),
    ("task", "show", "42"),
    ("task", "download", "42"),
    ("task", "list", "--read-only"),
]
FLOW = 'id = "flow"\nname = "Flow"\nstages = [{ name = "New" }]\n'


def age(path: Path) -> None:
    """Make a database of schema 2 of it: the step back, by hand."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript(
            "PRAGMA journal_mode = DELETE; DROP TABLE jobs; DROP TABLE kept_answers; "
            "DROP TABLE changes; DROP INDEX tasks_by_stage; DROP INDEX tasks_by_assignee; "
            "DELETE FROM schema_version WHERE version > 2; "
            "ALTER TABLE keys DROP COLUMN kind; ALTER TABLE keys DROP COLUMN workflows; "
            "ALTER TABLE keys DROP COLUMN read_only;"
        )


def both(home: Home) -> list[bytes]:
    return [path.read_bytes() for path in (home.workspace, home.server)]


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_an_older_database_is_not_migrated_by_a_command_that_reads(
    home: Home, command: tuple[str, ...]
) -> None:
    (home.root / "flow.toml").write_text(FLOW)
    for path in (home.workspace, home.server):
        age(path)
    before = both(home)
    ran = home.run(*command)
    assert (ran.code != 0, ran.out) == (True, "")
    assert "older schema 2 of" in ran.err and "fdtui serve" in ran.err
    assert both(home) == before


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_a_command_that_reads_changes_no_byte(home: Home, command: tuple[str, ...]) -> None:
    (home.root / "flow.toml").write_text(FLOW)
    before = both(home)
    assert home.run(*command).code == 0
    assert both(home) == before


def test_a_command_that_writes_migrates(home: Home) -> None:
    age(home.server)
    assert home.run("key", "create").code == 0
    assert home.run("key", "list").code == 0


def test_config_check_names_an_older_database_and_leaves_it(home: Home) -> None:
    age(home.workspace)
    before = both(home)
    ran = home.run("config", "check")
    assert "older schema" in ran.out + ran.err
    assert both(home) == before


@pytest.mark.parametrize("command", [("backup", "copy.db"), ("restore", "copy.db")])
def test_a_backup_tells_the_database_that_nobody_named(home: Home, command: tuple[str, ...]) -> None:
    if command[0] == "restore":
        home.run("backup", "copy.db")
    ran = home.run(*command)
    assert ran.code == 0
    assert f"In the database {home.server}" in ran.err
    named = home.run("backup", "other.db", "--db", f"sqlite:///{home.server}")
    assert "In the database" not in named.err


def test_a_reader_of_postgresql_migrates_nothing(postgres: wheel.Postgres) -> None:
    with postgres.schema() as url:
        open_store(url).close()
        reader = open_existing(url, reads_only=True)
        with closing(reader), pytest.raises(ReadOnlyError):
            reader.write(lambda tx: None)
        store = open_store(url)
        with closing(store):
            from sqlalchemy import text

            store.write(lambda tx: tx.execute(text("DELETE FROM schema_version WHERE version > 2")))
            with pytest.raises(StorageError, match="older schema 2"):
                open_existing(url, reads_only=True)
