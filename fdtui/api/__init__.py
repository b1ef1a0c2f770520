"""The only door to the network: the Flowdash API as typed calls."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fdtui.api.client import Client
    from fdtui.api.exchange import Exchange
    from fdtui.api.limits import Limits
    from fdtui.api.transport import Transport

# httpx imports its own command line where click and rich are installed, which is 50 ms for nothing.
# A module that is None cannot be imported, and httpx then does without; it has to be said first.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

__all__ = ["Client", "Exchange", "Limits", "Transport"]


def __getattr__(name: str) -> Any:
    """What is named here, imported when it is asked for: httpx is not needed by all of this package."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(importlib.import_module(f"{__name__}.{name.lower()}"), name)
    return found
