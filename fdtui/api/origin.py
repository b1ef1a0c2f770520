"""Where the key may go: one scheme, host and port, and nowhere else."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from fdtui.core.errors import UsageError
from fdtui.core.frozen import frozen
from fdtui.core.safetext import is_control, quoted

if TYPE_CHECKING:
    import httpx

_DEFAULT_PORTS = {"http": 80, "https": 443}
_API = "/api/v1"
_UNIX = "http+unix://"
_HOST = re.compile(r"[0-9a-z._:-]+")
_USERINFO = re.compile(r"//[^/]*@")
_EASY_URL = re.compile(
    r"(https?)://([0-9a-z-]+(?:\.[0-9a-z-]+)*)(?::([0-9]{1,5}))?((?:/[0-9A-Za-z_~-]+)*/?)"
)
"""An address that is read alike by everybody."""


@frozen
class Origin:
    """A Flowdash install. ``base`` is the path before ``/api/v1``, mostly empty.

    ``socket`` is the path of the unix socket on which it listens, empty where it has an address.
    """

    scheme: str
    host: str
    port: int
    base: str = ""
    socket: str = ""

    @classmethod
    def parse(cls, url: str, *, insecure_http: bool = False) -> Origin:
        """The install at ``url``.

        Raises `UsageError`: not an address, a key or a password in it, or plain HTTP to another
        machine, unless ``insecure_http`` says that this is meant.
        """
        import httpx  # noqa: PLC0415 - `plain` does without

        text = url.strip()
        if text.lower().startswith(_UNIX):
            return cls._on_socket(text[len(_UNIX) :])
        shown = quoted(_USERINFO.sub("//", text[:200]))
        try:
            parsed = httpx.URL(text)
            host = parsed.raw_host.decode("ascii")
        except (httpx.InvalidURL, UnicodeError, ValueError):
            raise UsageError(f"{shown} is not a web address.") from None
        if text and "/" not in text.partition(":")[0] and "://" not in text:
            raise UsageError(f"{shown} has no https:// in front.", f"Try https://{shown}")
        port = _DEFAULT_PORTS.get(parsed.scheme, 0) if parsed.port is None else parsed.port
        if parsed.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host) or not 0 < port < 65536:
            raise UsageError(f"{shown} is not an http or https address.")
        if parsed.userinfo or parsed.query or parsed.fragment:
            raise UsageError(
                "The address must not hold a user, a password, a ? or a #.",
                "Only the part such as https://app.flowdash.com is needed.",
            )
        origin = cls(parsed.scheme, host, port, _base(parsed.raw_path.decode("ascii")))
        if not origin._may_have_key(insecure_http=insecure_http):
            raise UsageError(
                f"{origin} would send the API key unencrypted.",
                "Use https://, or allow it for this address with --insecure-http.",
            )
        return origin

    @classmethod
    def _on_socket(cls, rest: str) -> Origin:
        """The install on the socket whose path, percent-encoded, ``rest`` begins with."""
        name, _, base = rest.partition("/")
        path = unquote(name)
        if (
            not path.startswith("/")
            or any(map(is_control, path))
            or any(each in base for each in "?#%@")
        ):
            raise UsageError(
                f"{quoted(_UNIX + rest[:200])} is not the address of a unix socket.",
                "Its path stands in one piece: http+unix://%2Frun%2Ffdtui%2Ffdtui.sock",
            )
        return cls("http", "localhost", _DEFAULT_PORTS["http"], _base(f"/{base}"), path)

    @classmethod
    def plain(cls, url: str, *, insecure_http: bool = False) -> Origin | None:
        """The same without httpx; ``None`` where `parse` has to say what the address is."""
        found = _EASY_URL.fullmatch(url)
        if found is None or "--" in found[2] or found[2].startswith("-"):  # `xn--…` is checked there
            return None
        port = int(found[3]) if found[3] else _DEFAULT_PORTS[found[1]]
        origin = cls(found[1], found[2], port, _base(found[4]))
        if not 0 < port < 65536 or not origin._may_have_key(insecure_http=insecure_http):
            return None
        return origin

    def _may_have_key(self, *, insecure_http: bool) -> bool:
        return self.scheme == "https" or self.is_loopback or insecure_http

    @property
    def is_loopback(self) -> bool:
        """Whether it is this very machine, so that nothing passes over a network."""
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def url(self, target: str) -> httpx.URL:
        """The full address of a target made by `fdtui.api.urls.target`; it is not changed by this."""
        import httpx  # noqa: PLC0415 - not before the client

        raw_path = (self.base + target).encode("ascii")
        return httpx.URL(scheme=self.scheme, host=self.host, port=self.port, raw_path=raw_path)

    def holds(self, url: httpx.URL) -> bool:
        """Whether ``url`` belongs to this origin and smuggles in no user of its own."""
        there = (url.scheme, url.raw_host.decode("ascii"), url.port or _DEFAULT_PORTS.get(url.scheme))
        return there == (self.scheme, self.host, self.port) and not url.userinfo

    def __str__(self) -> str:
        if self.socket:
            return f"{_UNIX}{quote(self.socket, safe='')}{self.base}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.base}"


def _base(path: str) -> str:
    return path.rstrip("/").removesuffix(_API).rstrip("/")
