"""Which windows of the program are alive: each holds a lock on a file, which ends with its process."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: there each window follows for itself
    fcntl = None  # type: ignore[assignment]


class Window:
    """This window, and what it can tell of others by their names."""

    def __init__(self, beside: Path, name: str) -> None:
        self.name = name
        self._beside = beside
        self._held: int | None = None

    def open(self) -> None:
        """Be alive for others to see; raises `OSError`."""
        if self._held is None:
            self._held = os.open(self._path(self.name), os.O_CREAT | os.O_RDWR, 0o600)
            if fcntl is not None:
                fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def close(self) -> None:
        """Be gone."""
        if self._held is not None:
            os.close(self._held)
            self._held = None
            with contextlib.suppress(OSError):
                self._path(self.name).unlink()

    def is_alive(self, name: str) -> bool:
        """Whether the window of that name still runs; the file of one that does not is removed."""
        if name == self.name:
            return True
        if fcntl is None:
            return False
        path = self._path(name)
        try:
            other = os.open(path, os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        else:
            with contextlib.suppress(OSError):
                path.unlink()
            return False
        finally:
            os.close(other)

    def _path(self, name: str) -> Path:
        return self._beside.with_name(f"{self._beside.stem}-{name}.lock")
