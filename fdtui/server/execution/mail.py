"""E-mail: one message to one SMTP server, which the server's own settings name.

``FDTUI_SMTP_URL`` is ``smtp://[user:password@]host[:port]``, where TLS is used if the server offers it,
or ``smtps://…``, where it is used from the first byte. ``FDTUI_MAIL_FROM`` is who writes.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from fdtui.core.errors import ConfigError, FdtuiError
from fdtui.server.execution.http_client import Hangup
from fdtui.server.loopback import is_loopback

MAIL_TIMEOUT = 30.0
"""How long sending one message may take."""
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

    def send(self, letter: OutgoingMail, hangup: Hangup) -> None:
        """Hand over ``letter``; raises `MailError`, or `OutboundError` where ``hangup`` came first."""
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = ", ".join(letter.to)
        message["Subject"] = " ".join(letter.subject.split())
        message["Date"] = format_datetime(letter.date)
        message["Message-ID"] = f"<{letter.number}@fdtui.invalid>"
        message["Idempotency-Key"] = letter.number
        message.set_content(letter.body)
        line = _Tls() if self.tls else _Plain()
        limit = threading.Timer(MAIL_TIMEOUT, line.cut)
        limit.start()
        try:
            with hangup.ending(line.cut):
                self._deliver(line, message)
        finally:
            limit.cancel()
            line.close()

    def _deliver(self, line: _Plain, message: EmailMessage) -> None:
        handed = False
        try:
            line.connect(self.host, self.port)
            line.ehlo()
            secure = self.tls
            if not secure and line.has_extn("starttls"):
                line.starttls(context=ssl.create_default_context())
                line.ehlo()
                secure = True
            if self.user:
                if not secure and not is_loopback(self.host):
                    raise MailError("The e-mail server offers no TLS, so the password was not sent.")
                line.login(self.user, self.password)
            handed = True
            refused = line.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            refused = error.recipients
        except smtplib.SMTPResponseException as error:
            raise MailError(f"The e-mail server refused: {error.smtp_code}.") from None
        except (OSError, smtplib.SMTPException) as error:
            raise MailError(f"The e-mail server failed: {_why(error)}.", sent=handed) from None
        if refused:
            raise MailError(f"The e-mail server refused the address {next(iter(refused))}.")


class _Plain(smtplib.SMTP):
    """A connection that can be cut from another thread, even while it is being made."""

    def __init__(self) -> None:
        # its own way to a name for itself asks the resolver, which may take long
        super().__init__(local_hostname=socket.gethostname() or "localhost", timeout=MAIL_TIMEOUT)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, place = found[0]
        self._host = host  # what STARTTLS proves; smtplib knows it only from its constructor
        self.sock = socket.socket(family, kind, protocol)
        self.sock.settimeout(timeout)
        self.sock.connect(place)
        return self.sock

    def cut(self) -> None:
        """Wake whoever waits on the connection, with an error."""
        try:
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # not connected yet, or no more


class _Tls(_Plain):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = super()._get_socket(host, port, timeout)
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


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


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return getattr(error, "verify_message", "") or "its TLS is not understood"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return "the connection was lost"
