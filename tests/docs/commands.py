"""The pages of commands, made of what `--help` is made of: click's tree of commands."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass

import click

from fdtui.cli.commands import COMMANDS, fdtui
from fdtui.cli.options import NAMES
from tests.docs.markdown import cell, plain, table


@dataclass(frozen=True)
class Described:
    """A command as ``--help`` describes it; an option is how it is written, and its sentence."""

    path: str
    usage: str
    help: str
    options: tuple[tuple[str, str], ...]
    common: tuple[str, ...]
    """The options that many commands share, of which it takes these."""


def every() -> Iterator[Described]:
    """All commands, a group before what is in it."""
    context = click.Context(fdtui, info_name="fdtui")
    yield _described(fdtui, context)
    for name in COMMANDS:
        command = fdtui.get_command(context, name)
        assert command is not None
        yield from _with_what_is_in_it(command, click.Context(command, context, info_name=name))


def _with_what_is_in_it(command: click.Command, context: click.Context) -> Iterator[Described]:
    yield _described(command, context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _with_what_is_in_it(inner, click.Context(inner, context, info_name=name))


def _described(command: click.Command, context: click.Context) -> Described:
    named = [each for each in command.params if isinstance(each, click.Option) and not each.hidden]
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    shared = {each.opts[0] for each in named if _is_common(each)}
    return Described(
        context.command_path,
        usage,
        inspect.cleandoc(command.help or ""),
        tuple(filter(None, (each.get_help_record(context) for each in named if not _is_common(each)))),
        tuple(name for name in NAMES if name in shared),
    )


def _is_common(option: click.Option) -> bool:
    return option.opts[0] in NAMES and not option.expose_value


def common() -> Iterator[str]:
    """The table of options that many commands share."""
    return table(
        ("option", "what it does"), ((f"`{cell(name)}`", cell(plain(says))) for name, says in shared())
    )


def shared() -> list[tuple[str, str]]:
    """The options that many commands share, and what each does."""
    context = click.Context(fdtui, info_name="fdtui")
    task = click.Context(fdtui, context, info_name="task")
    found = {}
    for command in (fdtui, _command("task", "list", task)):
        for each in command.params:
            if isinstance(each, click.Option) and _is_common(each):
                found[each.opts[0]] = each.get_help_record(context) or found.get(each.opts[0])
    return list(filter(None, found.values()))


def _command(group: str, name: str, context: click.Context) -> click.Command:
    outer = fdtui.get_command(context, group)
    assert isinstance(outer, click.Group)
    found = outer.get_command(context, name)
    assert found is not None
    return found


def reference() -> Iterator[str]:
    """A section for each command: how it is written, what it does, its options."""
    for each in every():
        level = "##" if " " not in each.path.partition(" ")[2] else "###"
        yield from (f"{level} `{each.path}`", "", "```text", each.usage, "```", "")
        yield from _paragraphs(each.help)
        yield from table(
            ("option", "what it does"),
            ((f"`{cell(name)}`", cell(plain(says))) for name, says in each.options),
        )
        if each.common:
            yield from (f"Common options: {', '.join(f'`{name}`' for name in each.common)}.", "")


def _paragraphs(text: str) -> Iterator[str]:
    for part in re.split(r"\n\s*\n", text):
        if part.startswith("\b"):  # click's sign for lines that stay as they are
            yield from ("```text", part.removeprefix("\b\n"), "```", "")
        elif part:
            yield from (plain(part), "")
