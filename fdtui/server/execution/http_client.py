"""The only way from the server to other machines: HTTP that cannot reach into its own network.

Whoever can write a URL (a file's ``remoteUrl``, an action's API call) could else use the server to
speak to what only the server can see. So the name is resolved first, every address it has must be a
public one, and the connection goes to the very address that was checked. Redirects are not followed,
no proxy and no content coding is used, and size and time are limited.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from fdtui.core.errors import FdtuiError

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

# Our own table: what the standard library calls global takes NAT64, 6to4 and multicast addresses.
_BLOCKED_4 = tuple(
    ipaddress.IPv4Network(each)
    for each in (
        "0.0.0.0/8",  # "this" network; Linux takes it for loopback
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's own services
        "169.254.0.0/16",  # link-local, and with it the clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",
    )
)
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")
"""Outside it lie loopback, IPv4-mapped, NAT64, unique local, link-local, site-local and multicast."""
_BLOCKED_6 = tuple(
    ipaddress.IPv6Network(each)
    for each in (
        "2001::/23",  # Teredo and other protocols' own
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",
    )
)
_HTTP_PORTS = {"http": 80, "https": 443}


class OutboundError(FdtuiError):
    """No answer; ``sent`` is true when the other side may have got the request."""

    def __init__(self, message: str, *, sent: bool = False) -> None:
        super().__init__(message)
        self.sent = sent


class ForbiddenAddressError(OutboundError):
    """The URL leads where this server may not go."""


class MalformedUrlError(ForbiddenAddressError):
    """The URL is none, or none that is called; so much is known without any network."""


class UnknownHostError(OutboundError):
    """No address is known for the host."""


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """What a call may cost: ``seconds`` from its first to its last byte, ``size`` of the answer."""

    seconds: float = 30.0
    size: int = 1_000_000


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """An answer of any status; ``headers`` have lower-case names."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Hangup:
    """Ends the calls that were given it, at once and from any thread, and those still to come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: list[Callable[[], None]] = []
        self.done = False

    def now(self) -> None:
        """End them."""
        with self._lock:
            self.done = True
            for end in self._ends:
                end()

    @contextmanager
    def ending(self, end: Callable[[], None]) -> Iterator[None]:
        """While in here, `now` calls ``end``; raises `OutboundError` if it was called before."""
        with self._lock:
            if self.done:
                raise OutboundError("The server stops.")
            self._ends.append(end)
        try:
            yield
        finally:
            with self._lock:
                self._ends.remove(end)


def is_public(address: Address) -> bool:
    """Whether ``address`` is a machine on the internet, by our own table."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in each for each in _BLOCKED_4)
    return address in _GLOBAL_6 and not any(address in each for each in _BLOCKED_6)


def allowed_hosts(text: str) -> frozenset[str]:
    """The entries of ``FDTUI_ALLOW_HOSTS``, which commas part: ``host``, ``host:port`` or a network."""
    return frozenset(each.strip().lower() for each in text.split(",") if each.strip())


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    limits: RequestLimits | None = None,
    allow: Collection[str] = (),
    hangup: Hangup | None = None,
) -> FetchedFile:
    """What ``url`` answers. ``allow`` are exceptions from the table, as `allowed_hosts` reads them.

    Raises `ForbiddenAddressError` before a byte leaves, `OutboundError` for all that goes wrong later.
    A redirect is an answer like any other: following it is up to the caller, through here.
    """
    limits, hangup = limits or RequestLimits(), hangup or Hangup()
    target = _target(url)
    deadline = _Deadline(limits.seconds)
    place = _choose(target, _resolve(target, deadline, hangup), allow)
    plain = socket.socket(place[0], socket.SOCK_STREAM)
    line = _Line(plain, deadline)
    try:
        with hangup.ending(line.cut):
            _connect(line, place[1], target)
            return _exchange(
                line, target, method=method, headers=headers or {}, body=body, limits=limits
            )
    finally:
        line.drop()


@dataclass(frozen=True, slots=True)
class _Target:
    scheme: str
    host: str
    port: int
    path: str

    @property
    def shown(self) -> str:
        """The host for a sentence: never the path, which may hold a secret."""
        return self.host if self.port == _HTTP_PORTS[self.scheme] else f"{self.host}:{self.port}"

    @property
    def header(self) -> str:
        """The ``Host`` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _HTTP_PORTS[self.scheme] else f"{host}:{self.port}"


def _target(url: str) -> _Target:
    if any(each <= " " or each in "\\\x7f" for each in url):
        raise MalformedUrlError("The URL holds characters that no URL has.")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        host = host if host.isascii() else host.encode("idna").decode("ascii")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        path.encode("ascii")
    except ValueError:  # UnicodeError is one of them
        raise MalformedUrlError("The URL is not understood.") from None
    if parts.scheme not in _HTTP_PORTS:
        raise MalformedUrlError("Only http and https URLs are called.")
    if not host or "%" in host or parts.username is not None or parts.password is not None:
        raise MalformedUrlError("The URL must name a host, and no user.")
    return _Target(parts.scheme, host.lower(), port or _HTTP_PORTS[parts.scheme], path)


class _Deadline:
    """One limit for the whole call, however slowly its bytes drip."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """The seconds left; raises `TimeoutError` when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time is over")
        return left


_Place: TypeAlias = tuple[int, tuple[Any, ...]]


def _resolve(target: _Target, deadline: _Deadline, hangup: Hangup) -> list[_Place]:
    """Where the host is: asked in a thread, for a resolver knows no limit of time."""
    answers: queue.SimpleQueue[list[_Place] | None] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
            answers.put([(family, place) for family, _, _, _, place in found])
        except (OSError, UnicodeError):
            answers.put(None)

    with hangup.ending(lambda: answers.put(None)):
        threading.Thread(target=ask, name="fdtui-resolve", daemon=True).start()
        try:
            found = answers.get(timeout=deadline.left())
        except queue.Empty:
            found = None
    if not found:
        raise UnknownHostError(f"{target.shown} could not be found.")
    return found


def _choose(target: _Target, places: list[_Place], allow: Collection[str]) -> _Place:
    """The address to go to; one that is forbidden spoils them all, or chance would decide."""
    named = target.host in allow or f"{target.host}:{target.port}" in allow
    for _, place in places:
        address = ipaddress.ip_address(str(place[0]).partition("%")[0])
        if not named and not is_public(address) and not _in_networks(address, allow):
            raise ForbiddenAddressError(f"{target.shown} is not a public address.")
    return places[0]


def _in_networks(address: Address, allow: Collection[str]) -> bool:
    for entry in allow:
        try:
            if "/" in entry and address in ipaddress.ip_network(entry):
                return True
        except ValueError:
            continue
    return False


class _Line:
    """A socket that `http.client` can use and that minds the deadline at every read and write."""

    def __init__(self, plain: socket.socket, deadline: _Deadline) -> None:
        self._socket, self._deadline = plain, deadline
        self.sent = False

    def connect(self, place: tuple[Any, ...], tls_name: str | None) -> None:
        """Connect, and speak TLS with whoever can prove to be ``tls_name``."""
        self._socket.settimeout(self._deadline.left())
        self._socket.connect(place)
        if tls_name is not None:
            self._socket.settimeout(self._deadline.left())
            context = ssl.create_default_context()
            wrapped = context.wrap_socket(
                self._socket, server_hostname=tls_name, do_handshake_on_connect=False
            )
            self._socket = wrapped
            wrapped.do_handshake()

    def sendall(self, data: Any) -> None:
        """Send, as a socket does."""
        self._socket.settimeout(self._deadline.left())
        self.sent = True
        self._socket.sendall(data)

    def makefile(self, _mode: str, *_: Any) -> io.BufferedReader:
        """What comes back, as a socket has it."""
        return io.BufferedReader(_Reading(self))

    def read_into(self, buffer: Any) -> int:
        """Read some bytes."""
        self._socket.settimeout(self._deadline.left())
        return self._socket.recv_into(buffer)

    def cut(self) -> None:
        """Wake whoever waits on the socket, with an error."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # not connected yet, or no more

    def close(self) -> None:
        """Do nothing: `http.client` says this while the answer is still to be read."""

    def drop(self) -> None:
        """Let go of the socket."""
        self._socket.close()


class _Reading(io.RawIOBase):
    def __init__(self, line: _Line) -> None:
        self._line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._line.read_into(buffer)


def _connect(line: _Line, place: tuple[Any, ...], target: _Target) -> None:
    try:
        line.connect(place, target.host if target.scheme == "https" else None)
    except TimeoutError:
        raise OutboundError(f"{target.shown} did not answer in time.") from None
    except ssl.SSLCertVerificationError as error:
        why = error.verify_message or "its certificate is not valid"
        raise OutboundError(f"{target.shown} could not be trusted: {why}.") from None
    except OSError as error:
        raise OutboundError(f"{target.shown} could not be reached: {_why(error)}.") from None


def _exchange(
    line: _Line,
    target: _Target,
    *,
    method: str,
    headers: Mapping[str, str],
    body: bytes | None,
    limits: RequestLimits,
) -> FetchedFile:
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = line
    fixed = {"Host": target.header, "Accept-Encoding": "identity", "Connection": "close"}
    own = {name: text for name, text in headers.items() if name.title() not in fixed}
    try:
        connection.request(method, target.path, body, {**own, **fixed})
        answer = connection.getresponse()
        content = answer.read(limits.size + 1)
    except TimeoutError:
        raise OutboundError(f"{target.shown} did not answer in time.", sent=line.sent) from None
    except OSError as error:
        raise OutboundError(f"{target.shown} broke off: {_why(error)}.", sent=line.sent) from None
    except http.client.HTTPException:
        raise OutboundError(f"{target.shown} gave no proper answer.", sent=line.sent) from None
    except ValueError:  # a header's name or value
        raise OutboundError("A header holds what no header may hold.") from None
    if len(content) > limits.size:
        raise OutboundError(f"{target.shown} answered more than {limits.size:,} bytes.", sent=line.sent)
    if answer.getheader("Content-Encoding", "identity").lower() != "identity":
        raise OutboundError(f"{target.shown} answered in a coding that was not asked for.", sent=True)
    return FetchedFile(
        answer.status, {name.lower(): text for name, text in answer.getheaders()}, content
    )


def _why(error: OSError) -> str:
    if isinstance(error, ssl.SSLError):
        return "its TLS is not understood"
    return (error.strerror or "the connection was lost").lower()
