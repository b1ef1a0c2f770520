"""The folders that files were last taken from and put into; local to this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol


class RecentFolders(Protocol):
    """The last folder for each use, e.g. ``upload``. Raises `StorageError`."""

    def get(self, use: str) -> Path | None:
        """The last one, where there was any."""
        ...

    def put(self, use: str, folder: Path) -> None:
        """Remember one."""
        ...


class MemoryRecentFolders:
    """Places that end with the program."""

    def __init__(self) -> None:
        self._folders: dict[str, Path] = {}

    def get(self, use: str) -> Path | None:
        """See `RecentFolders.get`."""
        return self._folders.get(use)

    def put(self, use: str, folder: Path) -> None:
        """See `RecentFolders.put`."""
        self._folders[use] = folder


class RecentFolderTable:
    """The places in a ledger; a path is kept as the bytes that it is."""

    def __init__(self, ask: Any) -> None:
        self._ask = ask

    def get(self, use: str) -> Path | None:
        """See `RecentFolders.get`."""
        rows = self._ask("select folder from place where use = ?", use)
        return Path(rows[0][0].decode("utf-8", "surrogateescape")) if rows else None

    def put(self, use: str, folder: Path) -> None:
        """See `RecentFolders.put`."""
        path = str(folder).encode("utf-8", "surrogateescape")
        self._ask("insert or replace into place values (?, ?)", use, path)
