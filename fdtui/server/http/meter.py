"""What the server counts, in memory that its processes share: whichever is asked answers for all.

Each process writes into a row of its own, so that nothing is counted twice and no lock is needed. The
names of what is counted are fixed; no text of a user is ever part of one.
"""

from __future__ import annotations

import mmap
import os
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "other")
CLASSES = ("2xx", "3xx", "4xx", "5xx", "cut")
"""Of a status; ``cut`` is a request whose asker had gone before the answer."""
BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Seconds at which the histogram of durations is parted."""

_DURATIONS = len(METHODS) * len(CLASSES)
_SECONDS = _DURATIONS + len(BOUNDS) + 1
_COMMITS, _WAITING, _PROCESS = _SECONDS + 1, _SECONDS + 2, _SECONDS + 3
_ROW = _SECONDS + 4
_BYTES = 8
_METHOD_AT = {name: at * len(CLASSES) for at, name in enumerate(METHODS)}


class Meter:
    """Counts for ``processes`` that are forked from this one."""

    def __init__(self, processes: int = 1) -> None:
        self._rows = memoryview(mmap.mmap(-1, processes * _ROW * _BYTES)).cast("d")
        self.take_row(0)

    def take_row(self, number: int) -> None:
        """Count as process ``number`` from now on, going on where one that died has stopped."""
        self._own = self._rows[number * _ROW : (number + 1) * _ROW]
        self._own[_WAITING], self._own[_PROCESS] = 0, os.getpid()

    def request(self, method: str, status: int, seconds: float | None) -> None:
        """A request was answered, in ``seconds`` unless it waited for a change; on the event loop."""
        own = self._own
        own[
            _METHOD_AT.get(method, _METHOD_AT["other"]) + (max(status // 100, 2) - 2 if status else 4)
        ] += 1
        if seconds is not None:
            own[_DURATIONS + bisect_left(BOUNDS, seconds)] += 1
            own[_SECONDS] += seconds

    def commit(self) -> None:
        """A transaction was committed; by the one writer of this process."""
        self._own[_COMMITS] += 1

    def waiting(self, number: int) -> None:
        """This number of feeds waits in this process."""
        self._own[_WAITING] = number

    def lines(self) -> Iterator[str]:
        """All that was counted, in Prometheus' text format."""
        rows = [self._rows[at : at + _ROW].tolist() for at in range(0, len(self._rows), _ROW)]
        total = [sum(column) for column in zip(*rows, strict=True)]
        yield from head("fdtui_requests_total", "counter", "Requests that were answered.")
        for method in METHODS:
            for at, kind in enumerate(CLASSES):
                number = total[_METHOD_AT[method] + at]
                yield f'fdtui_requests_total{{method="{method}",status="{kind}"}} {number:.0f}'
        name = "fdtui_request_duration_seconds"
        yield from head(name, "histogram", "Time until the last byte was sent; feeds are left out.")
        below = 0.0
        for at, bound in enumerate((*BOUNDS, None)):
            below += total[_DURATIONS + at]
            yield f'{name}_bucket{{le="{"+Inf" if bound is None else bound}"}} {below:.0f}'
        yield f"{name}_sum {total[_SECONDS]:.6f}"
        yield f"{name}_count {below:.0f}"
        yield from head("fdtui_commits_total", "counter", "Transactions that were committed.")
        yield f"fdtui_commits_total {total[_COMMITS]:.0f}"
        yield from head("fdtui_waiting_feeds", "gauge", "Long polls and streams that wait for a change.")
        yield f"fdtui_waiting_feeds {total[_WAITING]:.0f}"
        if (memory := sum(_memory(int(row[_PROCESS])) for row in rows)) > 0:
            yield from head(
                "fdtui_resident_memory_bytes", "gauge", "Memory of all processes that serve."
            )
            yield f"fdtui_resident_memory_bytes {memory}"


def head(name: str, kind: str, says: str) -> tuple[str, str]:
    """What stands before the values of one metric."""
    return f"# HELP {name} {says}", f"# TYPE {name} {kind}"


def _memory(process: int) -> int:
    """Bytes in memory; 0 where that is not known, or the process is no more."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text("ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
