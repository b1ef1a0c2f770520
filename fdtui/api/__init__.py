"""The only door to the network: the Flowdash API as typed calls."""

import sys

# httpx imports its own command line where click and rich are installed, which is 50 ms for nothing.
# A module that is None cannot be imported, and httpx then does without; it has to be said first.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]

from fdtui.api.client import Client  # noqa: E402
from fdtui.api.exchange import Exchange  # noqa: E402
from fdtui.api.limits import Limits  # noqa: E402
from fdtui.api.transport import Transport  # noqa: E402

__all__ = ["Client", "Exchange", "Limits", "Transport"]
