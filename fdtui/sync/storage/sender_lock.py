"""Which process sends what stands in a journal: one at a time, by a lock that ends with its process."""

from __future__ import annotations

import os
import time
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: there SQLite's own locks keep the windows apart
    fcntl = None  # type: ignore[assignment]

SIGN_INTERVAL = 5.0
"""Seconds between two signs of life of who has the lock."""
STALLED_AFTER = 30.0
"""Seconds without a sign of life after which who has the lock counts as stopped."""


class SenderLock:
    """The lock on a file beside a journal."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: int | None = None
        self._signed = 0.0

    def acquire(self) -> bool:
        """Take the lock, or keep it; false while another process has it. Raises `OSError`."""
        if self._held is None and not self._take():
            return False
        if self._held is not None and time.monotonic() - self._signed > SIGN_INTERVAL:
            self._signed = time.monotonic()
            os.utime(self._held)
        return True

    def _take(self) -> bool:
        held = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            if fcntl is not None:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(held)
            return False
        except OSError:
            os.close(held)
            raise
        os.truncate(held, 0)
        os.write(held, str(os.getpid()).encode())
        self._held, self._signed = held, time.monotonic()
        return True

    def release(self) -> None:
        """Let another have it."""
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def stalled(self) -> int:
        """The process that has the lock and gave no sign of life for long; 0 if there is none."""
        if self._held is not None:
            return 0
        try:
            since = time.time() - self._path.stat().st_mtime
            return int(self._path.read_text()) if since > STALLED_AFTER else 0
        except (OSError, ValueError):
            return 0
