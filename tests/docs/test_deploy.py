"""The files of deploy/ start the program as it can be started, and the page names each of them."""

from __future__ import annotations

import configparser
import json
import re
import shlex
from pathlib import Path

import click
import pytest

from fdtui.cli.commands import fdtui

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


def commands() -> list[list[str]]:
    """What the files run, without what is before the program's name."""
    docker = (DEPLOY / "Dockerfile").read_text("utf-8")
    found = re.search(r"^ENTRYPOINT (\[.*\])$", docker, re.MULTILINE)
    more = re.search(
        r"^    command: (\[.*\])$", (DEPLOY / "compose.yaml").read_text("utf-8"), re.MULTILINE
    )
    assert found is not None
    assert more is not None
    entry = json.loads(found[1])
    started = [entry, entry + json.loads(more[1])]
    for unit in DEPLOY.glob("*.service"):
        parser = configparser.ConfigParser(strict=False, interpolation=None)
        parser.optionxform = str  # type: ignore[assignment,method-assign]
        parser.read(unit, "utf-8")
        words = shlex.split(parser["Service"]["ExecStart"])
        started.append(shlex.split(words[-1])[1:] if words[0] == "/bin/sh" else words)
    return [each[1:] for each in started]


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_each_command_is_one_of_the_program(command: list[str]) -> None:
    name, *options = command
    found = fdtui.get_command(click.Context(fdtui), name)
    assert found is not None
    found.make_context(name, options)


def test_the_page_names_each_file() -> None:
    page = (ROOT / "docs/how-to/serve-a-team.md").read_text("utf-8")
    assert not [each.name for each in DEPLOY.iterdir() if f"`{each.name}`" not in page]
