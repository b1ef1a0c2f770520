"""The JSON Schemas that ship are those of the code, and take what the program takes."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import click.testing
import jsonschema_rs
import pytest

from fdtui.cli.commands import fdtui
from fdtui.config import schema as config
from fdtui.server import seed
from fdtui.server.workflow import exporting
from tests.schemas import made

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("path", made(), ids=lambda path: path.name)
def test_what_ships_is_what_the_code_declares(path: Path) -> None:
    assert path.read_text("utf-8") == made()[path], "run: python -m tests.schemas"


@pytest.mark.parametrize(
    ("command", "text"), [("config", config.shipped()), ("workflow", exporting.schema())]
)
def test_both_are_printed(command: str, text: str) -> None:
    printed = click.testing.CliRunner().invoke(fdtui, [command, "schema"], standalone_mode=False)
    assert printed.stdout == text
    jsonschema_rs.meta.validate(json.loads(text))


def judged(schema: str, tables: dict[str, Any]) -> bool:
    return jsonschema_rs.validator_for(json.loads(schema)).is_valid(tables)


def shown(page: str) -> dict[str, Any]:
    """The first example of a page of the reference."""
    text = (REFERENCE / page).read_text("utf-8")
    return tomllib.loads(text.partition("```toml")[2].partition("```")[0])


@pytest.mark.parametrize("workflow_id", seed.KEYS.values())
def test_workflow_files_are_taken(workflow_id: str) -> None:
    tables = tomllib.loads(exporting.export(seed.load(workflow_id).workflow))
    assert judged(exporting.schema(), tables)
    assert judged(exporting.schema(), shown("workflow-file.md"))
    renamed = [{"name": "A", "options": ["S", {"name": "Large", "was": "L"}], "was": "B"}]
    assert judged(exporting.schema(), {**tables, "fields": renamed})
    for bad in (
        {"colour": "red"},
        {"stages": []},
        {"fields": [{"name": "A", "type": "nubmer"}]},
        {"actions": [{"name": "A", "steps": [{"kind": "move"}]}]},
    ):
        assert not judged(exporting.schema(), {**tables, **bad})


def test_settings_are_taken() -> None:
    tables = shown("settings.md")
    assert judged(config.shipped(), tables)
    assert judged(config.shipped(), {"keys": {"preset": "plain", "task": {"move": ["m", "f2"]}}})
    for bad in (
        {"profil": "x"},
        {"board": {"theme": "blue"}},
        {"profiles": {"work": {"poll": 1}}},
        {"keys": {"task.move": 3}},
    ):
        assert not judged(config.shipped(), {**tables, **bad})
