"""The request log as rows of the pane, newest first; and a request as a curl command."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import datetime

from fdtui.core.safetext import safe
from fdtui.sync.requestlog import Request
from fdtui.tui.activity.run_rows import RunRow
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, fit, spread, wrap

GOOD = range(200, 400)


def request_rows(
    requests: Sequence[Request],
    at: int,
    top: int,
    size: tuple[int, int],
    glyphs: Glyphs,
    *,
    has_keys: bool,
) -> tuple[list[RunRow], int]:
    """The rows that fit from ``top`` on, and the top that keeps row ``at`` in view."""
    width, height = size
    more = _problem(requests[at], width) if has_keys and at < len(requests) else []
    top = max(0, min(top, at, len(requests) - 1))
    top = max(top, at + 1 + len(more) - height)
    rows: list[RunRow] = []
    for index in range(top, min(len(requests), top + height)):
        here = has_keys and index == at
        ground = "cursor" if here else "panel"
        rows.append(RunRow(_line(requests[index], glyphs, width, here), ground, index))
        if here:
            rows += more
    return rows[:height], top


def _line(request: Request, glyphs: Glyphs, width: int, here: bool) -> Line:
    role = "good" if request.status in GOOD else "bad"
    status = str(request.status) if request.status else glyphs.dash
    bar = (glyphs.bar if here else " ", "accent")
    left: Line = (
        bar,
        (f"{_clock(request.at)}  ", "dim"),
        (fit(safe(request.method[:8]), 7), "bold text"),
        (fit(status, 4), role),
        (safe(request.path[:2000]), "text"),
    )
    if request.problem and not here:
        left += ((f"  {safe(request.problem[:400])}", role),)
    right: Line = ((f"{request.seconds * 1000:>7,.0f} ms {size_of(request.received):>8} ", "dim"),)
    return spread(left, right, width, "dim", glyphs.cut)


def _problem(request: Request, width: int) -> list[RunRow]:
    lines = wrap(safe(request.problem[:2000]), max(8, width - 24)) if request.problem else []
    return [RunRow(((" " * 22, "dim"), (line, "bad")), "cursor") for line in lines[:4]]


def _clock(seconds: float) -> str:
    try:
        return f"{datetime.fromtimestamp(seconds):%H:%M:%S}"
    except (OverflowError, OSError, ValueError):
        return "--:--:--"


def size_of(count: int) -> str:
    """``312 B``, ``4.0 kB``, ``12 MB``."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{count / 1000:.1f} kB"
    return f"{count / 1_000_000:,.1f} MB"


def curl(request: Request, url: str) -> str:
    """The request for a shell; the key is named, not shown."""
    words = ["curl"]
    if request.method != "GET":
        words += ["-X", shlex.quote(request.method)]
    words += [shlex.quote(f"{url}{request.path}"), "-H", '"Authorization: Bearer $FDTUI_API_KEY"']
    if request.has_more:
        words += ["-H", "'Content-Type: application/json'", "-d", "@body.json"]
    elif request.body:
        words += ["-H", "'Content-Type: application/json'", "-d", shlex.quote(request.body)]
    return " ".join(words)
