"""Paths and queries as they came over the wire, decoded without guessing.

Segments are split before they are decoded, so that ``a%2Fb`` is the id ``a/b`` and no other path.
"""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import unquote_to_bytes

from fdtui.server.refusal import RefusedError

MAX_PATH = 65_536
_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def segments(raw_path: bytes) -> tuple[str, ...]:
    """The decoded segments of a path; raises `RefusedError` where it is not percent-encoded UTF-8."""
    if len(raw_path) > MAX_PATH:
        raise RefusedError(f"The address is longer than {MAX_PATH} bytes.", status=414)
    return tuple(_decoded(part) for part in raw_path.removeprefix(b"/").split(b"/"))


def pairs(query: bytes) -> list[tuple[str, str]]:
    """The keys and values of a query; raises `RefusedError` for a bad one or a key that stands twice."""
    found = []
    for part in query.split(b"&"):
        if part:
            key, _, value = part.replace(b"+", b" ").partition(b"=")
            found.append((_decoded(key), _decoded(value)))
    for name, times in Counter(name for name, _ in found).items():
        if times > 1:
            raise RefusedError(f"The filter {name!r} stands {times} times; give it once.", status=400)
    return found


def _decoded(part: bytes) -> str:
    if _BAD_ESCAPE.search(part):
        raise RefusedError("The address holds a percent sign that starts no escape.", status=400)
    try:
        return unquote_to_bytes(part).decode("utf-8")
    except UnicodeDecodeError:
        raise RefusedError("The address is not UTF-8.", status=400) from None
