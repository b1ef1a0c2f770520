"""``fdtui completion``: what a shell has to be given so that it completes our words."""

from __future__ import annotations

import click

from fdtui.cli import output
from fdtui.cli.options import honours

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_FDTUI_COMPLETE"
"""The variable by which a shell asks how a word goes on."""


_HELP = """Print the completion script for a shell.

\b
bash: fdtui completion bash > ~/.local/share/bash-completion/completions/fdtui
zsh:  fdtui completion zsh > "${fpath[1]}/_fdtui"
fish: fdtui completion fish > ~/.config/fish/completions/fdtui.fish
"""


@click.command(help=_HELP)
@click.argument("shell", type=click.Choice(SHELLS))
@honours({"read_only"}, why="it prints a script for your shell")
def completion(*, shell: str) -> None:
    """Print the completion script for a shell."""
    output.data(script_for(click.get_current_context().find_root().command, shell))


def script_for(program: click.Command, shell: str) -> str:
    """The script by which ``shell`` asks ``program`` how a word goes on."""
    from click.shell_completion import ShellComplete, get_completion_class

    from fdtui.cli import shells

    shells.register()
    found = get_completion_class(shell)
    assert found is not None  # noqa: S101 (click knows all of `SHELLS`)
    # not bash's own `source`, which starts a bash to ask for its version
    return ShellComplete.source(found(program, {}, "fdtui", VARIABLE))
