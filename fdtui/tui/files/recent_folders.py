"""The folders where files were last taken from and saved to."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from fdtui.core.errors import StorageError

if TYPE_CHECKING:
    from fdtui.tui.host import Host


class LastFolders:
    """Where the next choice of a path begins, also in the next start of the program."""

    def __init__(self, host: Host) -> None:
        self._places = host.session.recent_folders

    def for_upload(self) -> Path:
        """The folder of the file that was attached last, or the current one."""
        return self._last("upload") or Path.cwd()

    def for_download(self) -> Path:
        """The folder that was saved to last, or the platform's for downloads."""
        return self._last("download") or downloads()

    def note_upload(self, folder: Path) -> None:
        """A file was attached from ``folder``."""
        self._note("upload", folder)

    def note_download(self, folder: Path) -> None:
        """Files were saved to ``folder``."""
        self._note("download", folder)

    def _last(self, use: str) -> Path | None:
        """The folder, if it is still there."""
        with suppress(StorageError, OSError):
            folder = self._places.get(use)
            return folder if folder is not None and folder.is_dir() else None
        return None

    def _note(self, use: str, folder: Path) -> None:
        with suppress(StorageError):  # then it begins elsewhere the next time
            self._places.put(use, folder)


def downloads() -> Path:
    """The platform's folder for downloads, or the home folder where there is none, or else this one."""
    from platformdirs import user_downloads_path  # noqa: PLC0415 - asked for once in a while

    try:
        folder = user_downloads_path()
        return folder if folder.is_dir() and os.access(folder, os.W_OK) else Path.home()
    except RuntimeError:
        return Path.cwd()
