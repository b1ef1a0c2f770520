"""How a server is run: where others see it, whom it believes, what it says, how much a key may ask."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from fdtui.core.errors import UsageError
from fdtui.server.http.key_limits import KeyLimits
from fdtui.server.http.listening import OWNER_ONLY
from fdtui.server.http.server_log import Form

THIS_MACHINE = ("127.0.0.1", "::1")
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Operation:
    """What whoever runs a server may choose; raises `UsageError` for what cannot be.

    ``public_url`` is the address under which a proxy shows the server, ``proxy_from`` the addresses and
    networks whose ``X-Forwarded-For`` and ``-Proto`` are believed. ``megabytes`` are those that a key
    may send in an hour, ``requests`` those that it may make in a minute.
    """

    public_url: str = ""
    socket_mode: int = OWNER_ONLY
    proxy_from: tuple[str, ...] = THIS_MACHINE
    log_level: str = "info"
    log_format: Form = "text"
    access_log: bool = True
    requests: int | None = None
    megabytes: int | None = None

    def __post_init__(self) -> None:
        for each in self.proxy_from:
            _check_network(each)
        if self.public_url:
            _check_public(self.public_url)
        if self.socket_mode & OWNER_ONLY != OWNER_ONLY or self.socket_mode > 0o777:
            raise UsageError(
                f"--socket-mode {self.socket_mode:04o} locks the server out of its own socket.",
                "Write 0600 for yourself, or 0660 for a group.",
            )

    @property
    def base_url(self) -> str | None:
        """What addresses of tasks begin with; ``None`` for wherever the request went."""
        return self.public_url.rstrip("/") or None

    @property
    def below(self) -> str:
        """The path of the public address, without the last slash."""
        return urlsplit(self.public_url).path.rstrip("/")

    @property
    def public_host(self) -> frozenset[str]:
        """The name of the public address."""
        name = urlsplit(self.public_url).hostname or ""
        return frozenset({f"[{name}]" if ":" in name else name} - {""})

    def limits(self) -> KeyLimits | None:
        """What each key may ask, where that is limited."""
        if self.requests is None and self.megabytes is None:
            return None
        sent = None if self.megabytes is None else self.megabytes * MEGABYTE
        return KeyLimits(requests=self.requests, sent=sent)


def _check_network(text: str) -> None:
    try:
        ipaddress.ip_network(text)
    except ValueError as error:
        raise UsageError(
            f"--proxy-from {text} is no address: {error}.", "Write 10.0.0.5 or 10.0.0.0/24."
        ) from None


def _check_public(url: str) -> None:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or "@" in parts.netloc or parts.query or parts.fragment:
        raise UsageError(
            f"--public-url {url} is not an address that people could open.",
            "Write it as in a browser: https://flow.example.com or https://example.com/flow",
        )
    if not url.isascii() or "%" in url:
        raise UsageError(f"--public-url {url} may have only plain letters in its path.")
