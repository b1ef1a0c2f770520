"""The httpx client below the transport: whom it trusts, which proxies it takes, what it keeps."""

from __future__ import annotations

import asyncio
import ssl
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from fdtui.api.faults import UntrustedError
from fdtui.api.limits import Limits
from fdtui.api.origin import Origin
from fdtui.api.trust import tls_context
from fdtui.core.safetext import safe


async def connect(
    origin: Origin, limits: Limits, inner: httpx.AsyncBaseTransport | None
) -> httpx.AsyncClient:
    """A client for ``origin``, or around ``inner``; no connection is made yet.

    Raises `UnreachableError` where the environment names a proxy or a CA file that cannot be used.
    """
    no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    if inner is not None:
        return httpx.AsyncClient(transport=inner, cookies=no_cookies)
    if origin.socket:
        beside = httpx.AsyncHTTPTransport(uds=origin.socket, limits=_bounds(limits))
        return httpx.AsyncClient(transport=beside, cookies=no_cookies)
    trust = await _trust(origin)
    try:
        return httpx.AsyncClient(
            verify=trust,
            cookies=no_cookies,
            limits=_bounds(limits),
            # The proxies of an organisation are named in the environment, so it is asked (for these
            # only: httpx reads no .netrc by itself). But what runs on this machine is never reached
            # through a proxy, which would see the key.
            trust_env=not origin.is_loopback,
        )
    except (ImportError, ValueError) as error:
        what = safe(str(error)[:200])
        raise UntrustedError(f"The proxy named in the environment cannot be used: {what}") from None


def _bounds(limits: Limits) -> httpx.Limits:
    return httpx.Limits(
        max_connections=limits.connections,
        max_keepalive_connections=limits.connections,
        keepalive_expiry=limits.idle,
    )


async def _trust(origin: Origin) -> ssl.SSLContext:
    if origin.scheme != "https":
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody, and nobody is asked
    try:
        # Reading the CA file takes 60 ms, too long for whoever draws.
        return await asyncio.to_thread(tls_context)
    except OSError as error:
        what = safe(error.strerror or "no certificates in it")
        raise UntrustedError(
            f"The trusted certificates cannot be read: {what}.",
            "Check SSL_CERT_FILE and SSL_CERT_DIR.",
        ) from None
