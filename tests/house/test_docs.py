"""What a user can do is written down: a key, setting or command that is not fails here."""

from pathlib import Path

import pytest

from fdtui.core.commands import COMMANDS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_every_command_and_its_keys_are_in_the_readme(command) -> None:
    assert f"`{command.id}`" in README
    for key in command.keys:
        assert f"`{key}`" in README
