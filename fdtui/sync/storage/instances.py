"""Which windows of the program are alive: each holds a lock on a file, which ends with its process."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: there each window follows for itself
    fcntl = None  # type: ignore[assignment]


class Instance:
    """This window, and what it knows of others by their names."""

    def __init__(self, beside: Path, name: str) -> None:
        self.name = name
        self._beside = beside
        self._held: int | None = None

    def open(self) -> None:
        """Be alive for others to see, and remove what killed windows left; raises `OSError`."""
        if self._held is not None:
            return
        while self._held is None:
            held = os.open(self._path(self.name), os.O_CREAT | os.O_RDWR, 0o600)
            try:
                if fcntl is not None:
                    fcntl.flock(held, fcntl.LOCK_EX)  # another may hold it just now to see if we live
                if self._is_there(held):
                    self._held = held
            finally:
                if self._held is None:
                    os.close(held)
        for path in self._beside.parent.glob(f"{self._beside.stem}-*.lock"):
            self.is_alive(path.stem.removeprefix(f"{self._beside.stem}-"))

    def _is_there(self, held: int) -> bool:
        """Whether the file still has its name: another may have removed it before it was locked."""
        with contextlib.suppress(FileNotFoundError):
            return os.path.samestat(os.fstat(held), self._path(self.name).stat())
        return False

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
