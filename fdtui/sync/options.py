"""What the user's settings ask of a session."""

from __future__ import annotations

from fdtui.core.frozen import frozen


@frozen
class SessionOptions:
    """What the user's settings ask of the session."""

    workflow: str | None = None
    """Id or name of the workflow to open; ``None`` for the first."""
    unique_id: str | None = None
    """The name of the unique-id field where the install does not say."""
    stages: tuple[str, ...] = ()
    """The stages in board order where the install does not say."""
    me: str | None = None
    """The user's e-mail."""
    read_only: bool = False
    every: float = 5.0
    """Seconds between two askings while all is well and somebody looks."""
