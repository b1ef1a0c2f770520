"""The conversation with an SMTP server; apart from `mail`, for its libraries take long to import."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from email.message import EmailMessage
from email.utils import format_datetime

from fdtui.server.execution.http_client import Hangup
from fdtui.server.execution.mail import MailError, MailServer, OutgoingMail
from fdtui.server.loopback import is_loopback

MAIL_TIMEOUT = 30.0
"""How long sending one message may take."""


def deliver(server: MailServer, letter: OutgoingMail, hangup: Hangup) -> None:
    """Hand over ``letter``; raises `MailError`, or `OutboundError` where ``hangup`` came first."""
    message = EmailMessage()
    message["From"] = server.sender
    message["To"] = ", ".join(letter.to)
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(letter.date)
    message["Message-ID"] = f"<{letter.number}@fdtui.invalid>"
    message["Idempotency-Key"] = letter.number
    message.set_content(letter.body)
    line = _Tls() if server.tls else _Plain()
    limit = threading.Timer(MAIL_TIMEOUT, line.cut)
    limit.start()
    try:
        with hangup.ending(line.cut):
            _hand_over(server, line, message)
    finally:
        limit.cancel()
        line.close()


def _hand_over(server: MailServer, line: _Plain, message: EmailMessage) -> None:
    handed = False
    try:
        line.connect(server.host, server.port)
        line.ehlo()
        secure = server.tls
        if not secure and line.has_extn("starttls"):
            line.starttls(context=ssl.create_default_context())
            line.ehlo()
            secure = True
        if server.user:
            if not secure and not is_loopback(server.host):
                raise MailError("The e-mail server offers no TLS, so the password was not sent.")
            line.login(server.user, server.password)
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


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return getattr(error, "verify_message", "") or "its TLS is not understood"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return "the connection was lost"
