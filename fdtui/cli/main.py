"""``fdtui``: answers at once what needs no command line, and runs the command line for all else.

What is imported here, every start pays for: not even `typing` is.
"""

from __future__ import annotations

import gc
import os
import sys

from fdtui import __version__

_COMPLETION = "_FDTUI_COMPLETE"
"""The variable by which a shell asks click how a word goes on."""
BETWEEN_COLLECTIONS = 10_000
"""New objects between two looks for garbage: imports make many objects, and throw none away."""
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn


def main() -> NoReturn:
    """Run the program; never returns."""
    os.umask(0o077)  # whatever we write is for its owner alone
    if sys.argv[1:] == ["--version"]:
        _say(f"fdtui {__version__}")
        sys.exit(0)
    if not sys.argv[1:] or sys.argv[1].startswith("-"):  # no command: it may be the board
        from fdtui.launch.start import begin, give_back

        try:
            begin(sys.argv[1:], os.environ)
            sys.exit(_run_in_order())
        finally:
            give_back()
    sys.exit(_run_in_order())


def _run_in_order() -> int:
    from fdtui.cli.ending import let_go_of_streams, take_signals

    take_signals()
    try:
        return _run()
    finally:
        let_go_of_streams()


def _run() -> int:
    gc.set_threshold(BETWEEN_COLLECTIONS)
    if len(sys.argv) > 1 or _COMPLETION in os.environ:
        from fdtui.cli.commands import run  # importing click takes longer than many an answer

        return run()
    from fdtui.cli.board import open_board
    from fdtui.cli.failures import exit_code_after
    from fdtui.config.load import Options

    return exit_code_after(lambda: open_board(Options()))


def _say(text: str) -> None:
    """Write a line; where that cannot be done, `output` says why, and with which exit code."""
    try:
        print(text, flush=True)
    except OSError:
        from fdtui.cli.output import data

        data(text)


if __name__ == "__main__":
    main()
