"""The only place that knows everybody: makes sessions and screens out of settings and rooms.

What is named here is imported when it is asked for: a script that lists tasks needs no screen.
`first_run` is imported by whom it concerns: few starts are the first.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fdtui.wiring.gateways import gateway_of, options_of
    from fdtui.wiring.screens import behaviour_of, board, demo_board, keymap_of, look_of, profile_board
    from fdtui.wiring.sessions import (
        DEMO_USER,
        cache_of,
        demo_session,
        journal_of,
        journal_owner,
        journal_path,
        ledger_of,
        ledger_path,
        local_session,
        profile_session,
        remote_session,
    )

__all__ = [
    "DEMO_USER",
    "behaviour_of",
    "board",
    "cache_of",
    "demo_board",
    "demo_session",
    "gateway_of",
    "journal_of",
    "journal_owner",
    "journal_path",
    "keymap_of",
    "ledger_of",
    "ledger_path",
    "local_session",
    "look_of",
    "options_of",
    "profile_board",
    "profile_session",
    "remote_session",
]

_HOMES = {
    "board": "screens",
    "behaviour_of": "screens",
    "demo_board": "screens",
    "keymap_of": "screens",
    "look_of": "screens",
    "profile_board": "screens",
    "gateway_of": "gateways",
    "options_of": "gateways",
}
"""The module of a name; of any other it is ``sessions``."""


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(f"{__name__}.{_HOMES.get(name, 'sessions')}")
    found = globals()[name] = getattr(module, name)
    return found
