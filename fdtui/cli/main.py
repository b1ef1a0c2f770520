"""``fdtui``: finds the command, and turns what goes wrong into a sentence and an exit code."""

from __future__ import annotations

import importlib
import os
import sys
from typing import NoReturn

import click

from fdtui import __version__
from fdtui.cli import output
from fdtui.cli.exit_codes import ExitCode, exit_code_of
from fdtui.cli.options import common, common_options
from fdtui.core.errors import FdtuiError

COMMANDS = {
    "demo": (
        "fdtui.cli.board",
        "demo",
        "The board on sample data: no account, no network, no settings.",
    ),
    "serve": ("fdtui.cli.serve", "serve", "A Flowdash-compatible server for a team."),
    "workflow": (
        "fdtui.cli.workflow",
        "workflow",
        "Workflows as files: apply, export, list, show.",
    ),
    "key": ("fdtui.cli.key", "key", "The keys of a server of one's own: create, list, revoke, webhook."),
    "backup": ("fdtui.cli.backup", "backup", "Copy a server's database into a file while it runs."),
    "restore": (
        "fdtui.cli.backup",
        "restore",
        "Put a backup in a database's place.",
    ),
    "task": ("fdtui.cli.task", "task", "Tasks and their files: list, show, attach, detach, download."),
    "config": (
        "fdtui.cli.config",
        "config",
        "Where the settings are, what they say, and whether they are right.",
    ),
}
"""Name to module, function and sentence. A command's module is imported when it runs."""


class _Lazy(click.Group):
    """A group that knows its commands by name and imports only the one that runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name, _ = COMMANDS[cmd_name]
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101 (a table of our own)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, says) for name, (_, _, says) in COMMANDS.items()])


@click.group(
    cls=_Lazy,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@common_options
@click.version_option(__version__, "--version", message="fdtui %(version)s")
@click.pass_context
def fdtui(context: click.Context) -> None:
    """The terminal board for Flowdash workflows.

    Without a command: the board of the current profile.
    """
    if context.invoked_subcommand is None:
        from fdtui.cli.board import open_board

        open_board(common())


def main() -> NoReturn:
    """Run the command line; never returns."""
    os.umask(0o077)  # whatever we write is for its owner alone
    try:
        code = fdtui.main(standalone_mode=False)
    except FdtuiError as error:
        output.complain(error)
        code = exit_code_of(error)
    except click.exceptions.NoArgsIsHelpError as error:
        output.narrate(error.format_message())
        code = ExitCode.USAGE
    except click.ClickException as error:
        output.narrate(f"fdtui: {error.format_message()}")
        output.narrate(_help_hint(error))
        code = ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        code = ExitCode.INTERRUPTED
    except Exception as error:
        output.narrate(f"fdtui: failed for a reason of its own: {type(error).__name__}.")
        output.narrate("       Please report it, with what you did. FDTUI_DEBUG=1 shows where it was.")
        if os.environ.get("FDTUI_DEBUG"):
            raise
        code = ExitCode.FAILED
    sys.exit(code if isinstance(code, int) else ExitCode.DONE)


def _help_hint(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    path = context.command_path if isinstance(context, click.Context) else "fdtui"
    return f"       `{path} --help` says what there is."


if __name__ == "__main__":
    main()
