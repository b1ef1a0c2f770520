"""What a terminal does with the shorter sequences, as far as its environment tells. Pure.

``REP``, which repeats a letter, is not used: tmux repeats no letter beyond ASCII, and xterm's name,
which many terminals take, promises nothing. Only rules would be shorter by it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from fdtui.core.frozen import frozen


@frozen
class Abilities:
    """The sequences that may be used."""

    erases: bool = True
    """Whether erased cells get the ground that is set, and not the terminal's own."""


def abilities_of(environment: Mapping[str, str]) -> Abilities:
    """What can be relied on; in doubt the longer way."""
    term = environment.get("TERM", "")
    if environment.get("STY") or term in {"", "dumb"} or term.startswith(("vt", "ansi", "cygwin")):
        return Abilities(erases=False)  # GNU screen erases with its own ground unless it is told
    if environment.get("TMUX") or term.startswith(("tmux", "screen")):
        # It tells its version from 3.2 on; an older one is known by no name but its own.
        version = re.match(r"(?:next-)?(\d{1,3})\.", environment.get("TERM_PROGRAM_VERSION", ""))
        return Abilities(erases=int(version[1]) >= 3 if version else term.startswith("tmux"))
    return Abilities()
