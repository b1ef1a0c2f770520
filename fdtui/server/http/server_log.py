"""What the server says of itself: a line for each event, as text or as JSON.

Lines are collected and handed to a thread ten times a second at most, so that neither a request nor the
event loop waits for whoever reads them; where nobody does, they are dropped and counted.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from queue import Full, Queue
from typing import Literal

Say = Callable[[str], object]
"""Writes lines; from any thread."""
Form = Literal["text", "json"]

FLUSH_INTERVAL = 0.1
"""Seconds that a line of the access log may wait for more."""
_BATCHES = 100
"""Batches that wait to be written before more are dropped."""
_LEAVE = 2.0
"""Seconds that the last lines have at the end."""


class LineWriter:
    """Writes lines in a thread of its own, from `put` to `close`."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._lines: list[str] = []
        self._batches: Queue[list[str] | None] = Queue(_BATCHES)
        self._lost = 0
        self._thread = threading.Thread(target=self._write, name="fdtui-log", daemon=True)
        self._thread.start()

    def put(self, line: str) -> bool:
        """Keep a line for the next `flush`; true for the first one, which has to see to that."""
        self._lines.append(line)
        return len(self._lines) == 1

    def flush(self) -> None:
        """Hand over what was kept."""
        lines, self._lines = self._lines, []
        if self._lost:
            lines.insert(0, f"{self._lost} lines of the log were lost: nobody read them in time")
        try:
            self._batches.put_nowait(lines)
            self._lost = 0
        except Full:
            self._lost += len(lines) - bool(self._lost)

    def close(self) -> None:
        """Write what is left, if it is read."""
        self.flush()
        try:
            self._batches.put(None, timeout=_LEAVE)
        except Full:
            return
        self._thread.join(_LEAVE)

    def _write(self) -> None:
        while (lines := self._batches.get()) is not None:
            if lines:
                self._say("\n".join(lines))


class _Records(logging.Handler):
    """Says what the program's parts log."""

    def __init__(self, say: Say, form: Form) -> None:
        super().__init__()
        self._say, self._form = say, form

    def emit(self, record: logging.LogRecord) -> None:
        said, level = self.format(record), record.levelname.lower()
        if self._form == "json":
            said = json.dumps({"time": moment(int(record.created)), "level": level, "message": said})
        else:
            said = f"{moment(int(record.created))} {level}: {said}"
        self._say(said)


@contextmanager
def records_said(say: Say, form: Form, level: str) -> Iterator[None]:
    """While in here, what is logged from ``level`` on is said."""
    handler, kept = _Records(say, form), []
    for name, least in (("fdtui", logging.DEBUG), ("uvicorn", logging.WARNING)):
        logger = logging.getLogger(name)
        kept.append((logger, logger.level, logger.propagate))
        logger.setLevel(max(logging.getLevelNamesMapping()[level.upper()], least))
        logger.propagate = False
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger, before, propagates in kept:
            logger.removeHandler(handler)
            logger.setLevel(before)
            logger.propagate = propagates


@lru_cache(maxsize=4)
def moment(seconds: int) -> str:
    """A time of day in UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
