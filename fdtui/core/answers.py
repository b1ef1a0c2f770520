"""What the API's answers are once decoded: the shapes that pass from `api` to `sync`."""

from __future__ import annotations

from fdtui.core.errors import FdtuiError
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
    feed: str = ""
    """The token from which a change feed goes on after this list; empty where there is no feed."""


@frozen
class ChangedRows:
    """The answer of a change feed: what is new or different since a token."""

    rows: tuple[Row, ...]
    deleted: tuple[str, ...]
    """The unique ids that no task has now."""
    next: str
    """The token to go on from."""
    is_reset: bool = False
    """Whether the list has to be read again instead."""
    is_reshaped: bool = False
    """Whether the stages, fields or people have changed."""


@frozen
class Creation:
    """What became of one of many tasks that were sent together."""

    uid: str = ""
    """Its unique id, where a batch's answer names it."""
    error: FdtuiError | None = None
    """Why it was refused; nothing was done then."""
    row: Row | None = None
    """The task, where it was sent alone."""
