"""Whose certificates are believed: those of certifi, or of the file or folder that the user names."""

from __future__ import annotations

import os
import ssl
from functools import cache


def tls_context() -> ssl.SSLContext:
    """As httpx would make it, once for all connections: reading the certificates takes 60 ms.

    Raises `OSError` where they cannot be read.
    """
    return _context(os.environ.get("SSL_CERT_FILE", ""), os.environ.get("SSL_CERT_DIR", ""))


@cache
def _context(file: str, folder: str) -> ssl.SSLContext:
    if file:
        return ssl.create_default_context(cafile=file)
    if folder:
        return ssl.create_default_context(capath=folder)
    import certifi  # noqa: PLC0415 - only where nobody says otherwise

    return ssl.create_default_context(cafile=certifi.where())
