"""What the API's answers are once decoded: the shapes that pass from `api` to `sync`."""

from __future__ import annotations

from fdtui.core.frozen import frozen
from fdtui.core.values import Row


@frozen
class Listing:
    """The answer to a list call."""

    rows: tuple[Row, ...]
    complaints: tuple[str, ...] = ()
    """A sentence for each record that was no task and was left out."""
    tag: str = ""
    """Handed back at the next asking, so that an unchanged list need not be sent again (ETag)."""
