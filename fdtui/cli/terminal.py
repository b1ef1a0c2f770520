"""What the terminal is, asked in one place before a byte of full-screen is written."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from fdtui.core.errors import UsageError
from fdtui.core.safetext import quoted

NOT_FOR_SCREENS = frozenset({"dumb", "unknown", "network", "dialup", "emacs"})
"""Terminals, by ``TERM``, that cannot move the cursor."""

_STREAMS = ("stdin", "stdout", "stderr")
_HINT = "`fdtui --help` says what scripts can use."


def check_terminal(
    environ: Mapping[str, str] = os.environ, isatty: Callable[[int], bool] = os.isatty
) -> None:
    """Whether the board can be shown here; raises `UsageError` with the reason.

    All three streams are asked: keys are read from stdin, and the screen is written to stderr.
    """
    missing = [name for number, name in enumerate(_STREAMS) if not isatty(number)]
    if missing:
        raise UsageError(_words(missing), _hint(missing))
    term = environ.get("TERM", "")
    if not term:
        raise UsageError(
            "The board needs a terminal of a known kind, and TERM is not set.",
            "Set it to what your terminal is, such as TERM=xterm-256color.",
        )
    if term in NOT_FOR_SCREENS:
        raise UsageError(
            f"The board needs a terminal with a full screen, and TERM is {quoted(term)}.",
            f"Use another terminal, or set TERM to what this one really is. {_HINT}",
        )


def _words(missing: list[str]) -> str:
    if len(missing) == len(_STREAMS):
        return "The board needs a terminal, and there is none."
    verb = "is" if len(missing) == 1 else "are"
    return f"The board needs a terminal, and {' and '.join(missing)} {verb} none."


def _hint(missing: list[str]) -> str:
    if missing == ["stderr"]:
        return "Start it without 2>, for the screen is drawn there."
    return _HINT
