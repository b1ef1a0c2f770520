"""Whether a request is meant for this server: no other name, no other site's page."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from fdtui.server.refusal import RefusedError

MAX_FIELDS, MAX_HEADER = 200, 65_536
"""Header fields of a request, and their bytes."""


def check_origin(scope: Scope, headers: Headers, hosts: frozenset[str] | None, public: str = "") -> str:
    """Our own scheme and host, once it is sure that no other site's page sent the request.

    ``hosts`` are the names that we answer to, ``None`` for any; ``public`` is where a proxy shows us.
    """
    size = sum(len(name) + len(value) for name, value in headers.raw)
    if len(headers.raw) > MAX_FIELDS or size > MAX_HEADER:
        raise RefusedError("The header is too long.", status=431, headers={"Connection": "close"})
    if "transfer-encoding" in headers and "content-length" in headers:
        raise RefusedError("The body has two lengths.", status=400, headers={"Connection": "close"})
    given = headers.getlist("host")
    host = given[0] if len(given) == 1 else ""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    if hosts is not None and name.lower() not in hosts:
        raise RefusedError("This server does not go by that name.", status=421)
    own = f"{scope['scheme']}://{host}"
    if any(origin not in (own, public) for origin in headers.getlist("origin")):
        raise RefusedError("Requests from pages of other sites are not answered.", status=403)
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        raise RefusedError("Requests from pages of other sites are not answered.", status=403)
    return own


def origin_of(url: str) -> str:
    """The part of an address that browsers name as a page's origin; empty for an empty one."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
