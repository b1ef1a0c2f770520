"""`fdtui workflow`, as a script would use it."""

from __future__ import annotations

from pathlib import Path

import click.testing
import pytest

from fdtui.cli.commands import fdtui
from fdtui.core.errors import ConfigError, NotFoundError, UsageError
from fdtui.server.store import open_store

FLOW = """id = "flow"
name = "Flow"
stages = [{ name = "New" }, { name = "Done", end = true }]
fields = [{ name = "ID", type = "uniqueId" }, { name = "Title" }]

[[actions]]
name = "Finish"

[[actions.steps]]
kind = "move"
stage = "Done"
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FDTUI_HOME", str(tmp_path / "home"))
    open_store(f"sqlite:///{tmp_path / 'x.db'}").close()  # a server made it

    def run(*arguments: str, text: str | None = None) -> click.testing.Result:
        runner = click.testing.CliRunner()
        given = [*arguments, "--db", f"sqlite:///{tmp_path / 'x.db'}"]
        return runner.invoke(fdtui, ["workflow", *given], input=text, standalone_mode=False)

    return run


def test_what_is_applied_is_exported_again(run) -> None:
    dry = run("apply", "-", "--dry-run", text=FLOW)
    assert dry.stdout == "Create the workflow Flow (flow) with 2 stages and 2 fields.\n"
    assert run("list").stdout == ""
    assert run("apply", "-", "--yes", text=FLOW).exception is None
    assert run("list").stdout == "flow\tFlow\n"
    exported = run("export", "Flow").stdout
    again = run("apply", "-", text=exported)
    assert (again.stdout, again.stderr) == ("", "Nothing would change.\n")
    assert run("export", "flow").stdout == exported
    assert "action  Finish: everywhere, 1 steps" in run("show", "flow").stdout


def test_what_loses_data_is_not_even_asked_for(run) -> None:
    run("apply", "-", "--yes", text=FLOW)
    result = run("apply", "-", text=FLOW.replace('{ name = "New" }, ', ""))
    assert isinstance(result.exception, UsageError)  # no terminal, no --yes
    assert result.stdout == "Remove the stage New.\n"


def test_what_is_wrong_is_told(run, tmp_path: Path) -> None:
    bad = run("apply", "-", text=FLOW.replace('stage = "Done"', 'stage = "Dome"'))
    assert isinstance(bad.exception, ConfigError)
    assert str(bad.exception) == (
        "stdin, line 11: actions[0].steps[0].stage: there is no stage 'Dome'. Did you mean 'Done'?"
    )
    assert isinstance(run("export", "nope").exception, NotFoundError)
    missing = run("apply", str(tmp_path / "no.toml"))
    assert isinstance(missing.exception, click.UsageError)
