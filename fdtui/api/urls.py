"""The one place where request paths are made.

A unique id is somebody's text: ``..`` in it must not turn "delete the task" into "delete the
workflow", which is what HTTP libraries make of it when they tidy a path. So every segment is quoted
with nothing left safe, and those that quoting cannot make harmless are refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from fdtui.core.errors import TooLargeError, UsageError
from fdtui.core.safetext import quoted

API = "/api/v1"
MAX_SEGMENT = 8 * 1024
"""Bytes of one segment before quoting."""
MAX_TARGET = 60 * 1024
"""Bytes of path and query as they go out; httpx takes 64 KiB for the whole address."""


def target(*segments: str, query: Iterable[tuple[str, str]] = ()) -> str:
    """Path and query below the API's root, ready for the wire: pure ASCII, never to be tidied.

    Raises `UsageError` for a segment that cannot be one, `TooLargeError` for one that is too long.
    """
    path = "".join("/" + _segment(each) for each in segments)
    pairs = "&".join(f"{_quote(name)}={_quote(value)}" for name, value in query)
    result = f"{API}{path}?{pairs}" if pairs else API + path
    if len(result) > MAX_TARGET:
        raise TooLargeError(f"The address is {len(result):,} bytes long, more than {MAX_TARGET:,}.")
    return result


def changes_target(workflow: str, since: str, wait: float) -> str:
    """What the change feed is asked by; see `fdtui.api.client.Client.changes`."""
    query = [("since", since), ("wait", f"{wait:g}")]
    return target("workflows", workflow, "changes", query=query)


def _segment(text: str) -> str:
    if text in {"", ".", ".."} or "\0" in text:
        raise UsageError(f"{quoted(text)} cannot stand in a web address, so nothing was sent.")
    return _quote(text)


def _quote(text: str) -> str:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise UsageError(
            f"{quoted(text[:80])} holds half of a character, so nothing was sent."
        ) from None
    if size > MAX_SEGMENT:
        raise TooLargeError(
            f"{quoted(text[:40])}… is {size:,} bytes long; at most {MAX_SEGMENT:,} fit into an address."
        )
    return quote(text, safe="")
