"""Commands that are imported when they run: their table says what they say themselves."""

from __future__ import annotations

import importlib

import click
import pytest

from fdtui.cli.commands import COMMANDS, fdtui
from fdtui.cli.lazy_group import LazyGroup, Table
from fdtui.cli.task import ELSEWHERE, task


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_command_says_itself_what_the_table_says(name: str) -> None:
    module, function, sentence = ELSEWHERE[name]
    command = getattr(importlib.import_module(module), function)
    assert (command.name, command.get_short_help_str(200)) == (name, sentence)
    assert task.get_command(click.Context(task), name) is command


@pytest.mark.parametrize(("group", "table"), [(fdtui, COMMANDS), (task, ELSEWHERE)], ids=["all", "task"])
def test_names_are_completed_with_their_sentences(group: LazyGroup, table: Table) -> None:
    context = click.Context(group, resilient_parsing=True)
    found = {item.value: item.help for item in group.shell_complete(context, "")}
    names = group.list_commands(context)
    assert list(found) == names
    assert set(names) >= set(table)
    assert all(found.values())
    assert [each.value for each in group.shell_complete(context, "zzz")] == []
    assert "--help" in [each.value for each in group.shell_complete(context, "--")]
