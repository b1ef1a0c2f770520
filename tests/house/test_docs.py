"""What a user can do is written down: a key, setting, command or exit code that is not fails here."""

import dataclasses
import re
from pathlib import Path

import click
import pytest

from fdtui.cli.commands import COMMANDS as CLI
from fdtui.cli.commands import fdtui
from fdtui.cli.exit_codes import ExitCode
from fdtui.config.settings import Actions, Board, Notify, Profile, ViewSettings
from fdtui.core.commands import IN_SCOPE, Scope
from tests.readme import made

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
VARIABLES = {
    name
    for path in (ROOT / "fdtui").rglob("*.py")
    for name in re.findall(r"\bFDTUI_[A-Z_]+\b", path.read_text("utf-8"))
}


def test_the_tables_are_those_of_the_code() -> None:
    assert made(README) == README, "run: python -m tests.readme"


@pytest.mark.parametrize("scope", Scope)
def test_every_command_and_its_keys_are_in_the_readme(scope: Scope) -> None:
    rows = [line for line in README.splitlines() if line.startswith("| ")]
    for command in IN_SCOPE[scope]:
        series = re.sub(r"\d+$", "", command.id)
        wanted = f"`{command.id}`" if series == command.id else f"`{series}"
        row = next(line for line in rows if wanted in line)
        assert all(f"`{key}`" in row or f"`` {key} ``" in row or key.isdigit() for key in command.keys)


def test_every_setting_is_in_the_readme() -> None:
    for table in (Profile, Board, Actions, Notify, ViewSettings):
        for each in dataclasses.fields(table):
            if "says" in each.metadata:
                assert f"| `{each.name}` |" in README
                assert each.metadata["says"] in README


@pytest.mark.parametrize("name", CLI)
def test_every_subcommand_is_in_the_readme(name: str) -> None:
    assert f"`fdtui {name}" in README


@pytest.mark.parametrize("code", ExitCode)
def test_every_exit_code_is_in_the_readme(code: ExitCode) -> None:
    assert re.search(rf"^\| {code.value} \| ", README, re.MULTILINE)


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_every_variable_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in README


def test_every_picture_of_the_readme_is_there() -> None:
    for path in re.findall(r"\]\((screenshots/[^)]+)\)", README):
        assert (ROOT / path).stat().st_size > 10_000


def named_commands() -> set[tuple[str, ...]]:
    texts = [path.read_text("utf-8") for path in (ROOT / "fdtui").rglob("*.py")]
    found = re.findall(r"`fdtui ([a-z]+)(?: ([a-z]+))?", "\n".join([README, *texts]))
    return {tuple(filter(None, words)) for words in found}


@pytest.mark.parametrize("words", sorted(named_commands()), ids=" ".join)
def test_every_command_that_is_recommended_exists(words: tuple[str, ...]) -> None:
    context = click.Context(fdtui)
    command = fdtui.get_command(context, words[0])
    assert command is not None
    if len(words) > 1 and isinstance(command, click.Group):
        assert command.get_command(context, words[1]) is not None
