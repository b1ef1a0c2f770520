"""What went wrong between here and the server, in words that help to fix it."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import httpx

from fdtui.api.origin import Origin
from fdtui.core.errors import UnreachableError
from fdtui.core.safetext import safe

FAULTS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, UnicodeError)
"""All that httpx raises while a request is under way; the second and the last are no HTTPError."""

UNSENT_FAULTS = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
    httpx.InvalidURL,
    UnicodeError,
)
"""Faults before the first byte of the request left."""


class UntrustedError(UnreachableError):
    """TLS, or what it is set up with, failed: trying again would fail the same way."""


def unreachable(error: Exception, origin: Origin, *, sent: bool) -> UnreachableError:
    """The fault as one of ours; the httpx exception stays behind, for it holds the request."""
    chain = list(_chain(error))
    for cause in chain:
        if isinstance(cause, ssl.SSLError):
            return _tls(cause, origin, sent)
    return UnreachableError(f"Cannot reach {origin}: {_reason(error, chain)}.", sent=sent)


def _reason(error: Exception, chain: list[BaseException]) -> str:
    if isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
        return "no connection in time"
    if isinstance(error, httpx.TimeoutException):
        return "the connection went silent"
    for cause in chain:
        if isinstance(cause, socket.gaierror):
            return "its name is not known here"
        if isinstance(cause, ConnectionRefusedError):
            return "nothing is listening there"
        if isinstance(cause, ConnectionResetError | BrokenPipeError):
            return "the connection was cut"
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError | httpx.WriteError):
        return f"the connection broke ({_brief(error)})"
    return _brief(error)


def _tls(error: ssl.SSLError, origin: Origin, sent: bool) -> UntrustedError:
    says = (
        getattr(error, "verify_message", "")
        or (getattr(error, "reason", "") or "").replace("_", " ").lower()
    )
    hint = ""
    if "not yet valid" in says:
        hint = "Is the clock of this machine right?"
    elif "self-signed" in says or "self signed" in says or "local issuer" in says:
        hint = "If your organisation has its own CA, name its file in SSL_CERT_FILE."
    elif "wrong version number" in says or "http request" in says:
        hint = "Does the server speak plain http there?"
    what = safe(says or _brief(error))
    return UntrustedError(f"No trusted connection to {origin}: {what}.", hint, sent=sent)


def _brief(error: BaseException) -> str:
    return safe(str(error)[:200]).rstrip(".") or type(error).__name__


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        each = waiting.pop(0)
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [each.__cause__, each.__context__]
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions
