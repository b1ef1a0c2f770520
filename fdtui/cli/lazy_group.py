"""A group of commands that are imported when they run, and not when a shell completes their names."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click
from click.shell_completion import CompletionItem

Table = Mapping[str, tuple[str, str, str]]
"""Name to module, function and sentence."""


class LazyGroup(click.Group):
    """Knows the commands of a table by their names, beside those that are its own."""

    def __init__(self, *given: Any, table: Table, **named: Any) -> None:
        super().__init__(*given, **named)
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Those of the table in its order where there are no others, else all by name."""
        return sorted([*self.commands, *self._table]) if self.commands else list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in self._table:
            return super().get_command(ctx, cmd_name)
        module, name, _ = self._table[cmd_name]
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101 (a table of our own)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Names and sentences without their modules, and the group's own options."""
        says = {name: sentence for name, (_, _, sentence) in self._table.items()}
        says |= {name: command.get_short_help_str() for name, command in self.commands.items()}
        names = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        items = [CompletionItem(name, help=says[name]) for name in names]
        return [*items, *click.Command.shell_complete(self, ctx, incomplete)]
