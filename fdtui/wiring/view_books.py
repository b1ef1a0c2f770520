"""The views that a board shows, kept in the settings file."""

from __future__ import annotations

from pathlib import Path

from fdtui.core.views import ViewList, ViewsChange


class FileViewBook:
    """Views of a settings file; a change is made to what the file holds by then."""

    def __init__(self, file: Path, views: ViewList) -> None:
        self._file, self.views = file, views

    def change(self, change: ViewsChange) -> None:
        """Write other views. Raises `FdtuiError`, and then all is as before."""
        from fdtui.config.view_file import change_views  # most sessions change none

        self.views = change_views(self._file, change)
