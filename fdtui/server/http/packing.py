"""``Accept-Encoding: gzip``: an answer that is worth it is sent packed to whoever asks."""

from __future__ import annotations

import re
import zlib

from starlette.datastructures import Headers
from starlette.responses import Response

from fdtui.server.http.list_cache import ListCache

MIN_BYTES = 1_400
"""Below this an answer fits a packet as it is."""
_LEVEL = 1
"""Three times as fast as the usual level, for a tenth more bytes."""
_GZIP = 31
_CODINGS = re.compile(r"\s*(gzip|x-gzip|\*)\s*(?:;\s*q\s*=\s*([0-9.]+)\s*)?", re.IGNORECASE)
_PACKED = ("application/json", "text/csv")


def packed(response: Response, headers: Headers, kept: ListCache) -> Response:
    """``response``, packed where the request takes it so; to be called in a thread.

    ``kept`` holds what was packed, by its entity tag: a list is packed once for all who ask.
    """
    kind = response.headers.get("content-type", "").partition(";")[0]
    if kind not in _PACKED or len(response.body) < MIN_BYTES:
        return response
    response.headers["Vary"] = "Accept-Encoding"
    if not accepts(headers.get("accept-encoding", "")):
        return response
    tag = response.headers.get("etag", "")
    body = kept.get(f"gzip {tag}") if tag else None
    if body is None:
        body = _gzip(bytes(response.body))
        if tag and response.status_code == 200:
            kept.put(f"gzip {tag}", body)
    response.body = body
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(body))
    return response


def accepts(header: str) -> bool:
    """Whether an ``Accept-Encoding`` takes gzip: by its name, else by ``*``."""
    found: dict[str, float] = {}
    for part in header.split(","):
        match = _CODINGS.fullmatch(part)
        if match is not None:
            try:
                weight = float(match[2] or 1)
            except ValueError:
                weight = 0.0
            found[match[1].lower().removeprefix("x-")] = weight
    return found.get("gzip", found.get("*", 0.0)) > 0


def _gzip(body: bytes) -> bytes:
    """Other threads go on meanwhile; the header holds no time, so equal bodies stay equal."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    return packer.compress(body) + packer.flush()
