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
class WholeTask:
    """A task to be made with what comes with it: comments and items as the API tells them."""

    row: Row
    comments: tuple[Row, ...] = ()
    checklist: tuple[Row, ...] = ()


@frozen
class ManyAtOnce:
    """How many tasks are to be made."""

    only_new: bool = False
    """Whether a task that has its unique id already is refused, and not changed."""
    restores: bool = False
    """Whether they may bring what only the workflow gives otherwise; where the install supports it."""
    is_rehearsed: bool = False
    """Whether nothing is to remain of it, which only an install with batches can do."""


@frozen
class Creation:
    """What became of one of many tasks that were sent together."""

    uid: str = ""
    """Its unique id, where a batch's answer names it."""
    is_new: bool | None = None
    """Whether there was none of that unique id; ``None`` where the install does not tell."""
    error: FdtuiError | None = None
    """Why it was refused; nothing was done then."""
    row: Row | None = None
    """The task, where it was sent alone."""
