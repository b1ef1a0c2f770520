"""``fdtui key`` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from fdtui.cli.key import key
from fdtui.core.errors import NotFoundError
from fdtui.server import seed
from fdtui.server.store import open_store
from fdtui.server.store.keys import grant_of


@pytest.fixture
def db(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    store = open_store(url)
    seed.fill(store)
    store.close()
    return url


def run(*arguments: str) -> str:
    result = CliRunner().invoke(key, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_create_list_revoke(db: str) -> None:
    made = run("create", "--db", db, "--name", "ci", "--workflow", "Bug triage", "--read-only").strip()
    url = run("webhook", "--db", db, "2ylSaZ", "--url", "https://board.example.com/").strip()
    token = url.removeprefix("https://board.example.com/api/v1/workflows/").removesuffix("/tasks")
    store = open_store(db)
    assert store.read(lambda tx: grant_of(tx, made)).workflows == {"bT7rG4"}  # type: ignore[union-attr]
    assert store.read(lambda tx: grant_of(tx, token, "webhook")).workflows == {"2ylSaZ"}  # type: ignore[union-attr]
    assert store.read(lambda tx: grant_of(tx, token)) is None
    rows = json.loads(run("list", "--db", db, "--json"))
    assert {row["kind"] for row in rows} == {"key", "webhook"}
    assert made not in run("list", "--db", db)
    run("revoke", "--db", db, made.split("_")[1])
    assert store.read(lambda tx: grant_of(tx, made)) is None
    store.close()
    assert "revoked" in run("list", "--db", db)


def test_what_is_not_there(db: str) -> None:
    with pytest.raises(NotFoundError, match="Bug triage"):
        run("create", "--db", db, "--workflow", "Bug triag")
    with pytest.raises(NotFoundError, match="key list"):
        run("revoke", "--db", db, "nope")
