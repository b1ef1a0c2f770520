"""All commands: finds the one that is asked for; what goes wrong becomes a sentence and an exit code."""

from __future__ import annotations

import os

import click

from fdtui import __version__
from fdtui.cli import output
from fdtui.cli.completion import VARIABLE
from fdtui.cli.exit_codes import ExitCode
from fdtui.cli.failures import exit_code_after
from fdtui.cli.lazy_group import LazyGroup
from fdtui.cli.options import CONNECTION, beginning, common, honours
from fdtui.core.errors import UsageError
from fdtui.core.views import AS_LEFT, BoardStart

COMMANDS = {
    "demo": (
        "fdtui.cli.demo",
        "demo",
        "The board on sample data: no account, no network, no settings.",
    ),
    "serve": ("fdtui.cli.serve", "serve", "A Flowdash-compatible server for a team."),
    "workflow": (
        "fdtui.cli.workflow",
        "workflow",
        "Workflows as files: apply, export, list, show.",
    ),
    "key": ("fdtui.cli.key", "key", "The keys of your own server: create, list, revoke, webhook."),
    "backup": ("fdtui.cli.backup", "backup", "Copy a server's database into a file while it runs."),
    "restore": (
        "fdtui.cli.backup",
        "restore",
        "Put a backup in a database's place.",
    ),
    "task": ("fdtui.cli.task", "task", "Tasks and their files: list, show, new, set, move, attach, …"),
    "action": ("fdtui.cli.action", "action", "What can be done with a task: list, run."),
    "execution": ("fdtui.cli.action", "execution", "How actions went: list, show, wait."),
    "comment": ("fdtui.cli.comment", "comment", "Comments on a task: list, add."),
    "checklist": (
        "fdtui.cli.checklist",
        "checklist",
        "A task's checklist: list, add, done, skip, reset, rm.",
    ),
    "user": ("fdtui.cli.user", "user", "The people of a workflow: list."),
    "watch": ("fdtui.cli.watch", "watch", "What changes in a workflow, as lines of JSON."),
    "auth": ("fdtui.cli.auth", "auth", "Server and key: login, status, logout."),
    "sync": ("fdtui.cli.journal", "sync", "Send what waits for the server."),
    "journal": ("fdtui.cli.journal", "journal", "What waits, and what was done: list, show, export."),
    "mcp": ("fdtui.cli.mcp", "mcp", "Tools for agents: workflows, tasks and actions, over stdio."),
    "completion": ("fdtui.cli.completion", "completion", "A script that completes words in a shell."),
    "doctor": (
        "fdtui.cli.doctor",
        "doctor",
        "Check terminal, connection, key and files; say how to repair what is not well.",
    ),
    "config": (
        "fdtui.cli.config",
        "config",
        "Where the settings are, what they say, and whether they are right.",
    ),
}
"""Name to module, function and sentence. A command's module is imported when it runs."""


class _Commands(LazyGroup):
    """All of them, with their sentences as the table has them."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, says) for name, (_, _, says) in COMMANDS.items()])


@click.group(
    cls=_Commands,
    table=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "--version", message="fdtui %(version)s")
@click.pass_context
@beginning
@honours(CONNECTION)
def fdtui(context: click.Context, start: BoardStart) -> None:
    """The terminal board for Flowdash workflows.

    Without a command: the board of the current profile.
    """
    if context.invoked_subcommand is None:
        from fdtui.cli.board import open_board

        open_board(common(), start)
    elif start != AS_LEFT:
        raise UsageError(
            f"`fdtui {context.invoked_subcommand}` opens no board that --view or --filter could be for.",
            "Write `fdtui --view NAME`, or `fdtui demo --view NAME`.",
        )


def run() -> int:
    """Run the command line, and answer its exit code."""
    return exit_code_after(_run)


def _run() -> object:
    if VARIABLE in os.environ:
        from fdtui.cli import shells

        shells.register()
    try:
        return fdtui.main(standalone_mode=False, complete_var=VARIABLE)
    except click.exceptions.NoArgsIsHelpError as error:
        output.notify(error.format_message())
        return ExitCode.USAGE
    except click.ClickException as error:
        output.notify(f"fdtui: {error.format_message()}")
        output.notify(_help_hint(error))
        return ExitCode.USAGE
    except click.Abort:
        return ExitCode.INTERRUPTED


def _help_hint(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if isinstance(context, click.Context) else "fdtui"
    return f"       `{path} --help` says what there is."
