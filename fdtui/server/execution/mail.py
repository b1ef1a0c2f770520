"""E-mail: one message to one SMTP server, which the server's own settings name.

``FDTUI_SMTP_URL`` is ``smtp://[user:password@]host[:port]``, where TLS is used if the server offers it,
or ``smtps://…``, where it is used from the first byte. ``FDTUI_MAIL_FROM`` is who writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import unquote, urlsplit

from fdtui.core.errors import ConfigError, FdtuiError

_MAIL_PORTS = {"smtp": 25, "smtps": 465}


class MailError(FdtuiError):
    """The message was not taken; ``sent`` is true when it may have been."""

    def __init__(self, message: str, *, sent: bool = False) -> None:
        super().__init__(message)
        self.sent = sent


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """What is sent; ``number`` is the same whenever the same message is meant."""

    to: tuple[str, ...]
    subject: str
    body: str
    number: str
    date: datetime


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where e-mail is handed over."""

    host: str
    port: int = 25
    tls: bool = False
    """Whether TLS comes first; else it is used where the server offers it."""
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = "fdtui@localhost"


def mail_server(environ: Mapping[str, str]) -> MailServer | None:
    """The e-mail server that the process is configured with; raises `ConfigError`."""
    text = environ.get("FDTUI_SMTP_URL", "")
    if not text:
        return None
    hint = "Write smtp://host:port or smtps://user:password@host."
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ConfigError("FDTUI_SMTP_URL is not understood.", hint) from None
    if parts.scheme not in _MAIL_PORTS or not parts.hostname:
        raise ConfigError("FDTUI_SMTP_URL is not understood.", hint)
    return MailServer(
        host=parts.hostname,
        port=port or _MAIL_PORTS[parts.scheme],
        tls=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        sender=environ.get("FDTUI_MAIL_FROM", "") or f"fdtui@{parts.hostname}",
    )
