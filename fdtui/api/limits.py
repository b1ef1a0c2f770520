"""How long and how much: the bounds of one call."""

from __future__ import annotations

from fdtui.core.frozen import frozen

KIB = 1024
MIB = 1024 * KIB


@frozen
class Limits:
    """Seconds, bytes and counts that no call exceeds."""

    total: float = 30.0
    """Seconds for everything: waiting, every try, redirects, the whole answer."""
    connect: float = 5.0
    """Seconds until a connection stands, name and TLS included."""
    stall: float = 20.0
    """Seconds without a byte; less than ``total``, so that a dead connection leaves time to retry."""
    grace: float = 8.0
    """Seconds without a byte from a server that was let wait, beyond that wait."""
    body: int = 64 * MIB
    """Bytes of an answer, unpacked."""
    listing: int = 256 * MIB
    """Bytes of a list of tasks, which has no pages: about a million small ones."""
    listing_patience: float = 6.0
    """Times ``total`` that such a list may take to come; but it must not stand still."""
    error_body: int = MIB
    """Bytes that are read of an error answer."""
    tries: int = 3
    redirects: int = 3
    connections: int = 9
    """Connections at once; the server may let one of them wait for news all the time."""
    idle: float = 4.0
    """Seconds that a connection is kept. Servers close theirs after 5 or more: ours must be gone
    first, or a PUT meets a connection in its last moment and nobody knows whether it arrived."""
    pace: int = 1000
    """Bytes a second that a file must move, or the transfer counts as dead."""
    pace_over: float = 10.0
    """Seconds over which that is measured."""
    file: int = 2048 * MIB
    """Bytes of a file that is fetched."""
