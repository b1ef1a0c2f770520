"""The files of tasks on one board: opens the pane, and knows what outlives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fdtui.core.schema import FieldType
from fdtui.tui.files.pane import FilesPane
from fdtui.tui.files.recent_folders import LastFolders
from fdtui.tui.files.removed import RemovedFiles
from fdtui.tui.files.task_files import TaskFiles

if TYPE_CHECKING:
    from fdtui.core.task import Task
    from fdtui.tui.host import Host


class FileCommands:
    """Knows for the session: sizes seen, what was removed, where the cursor was."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._sizes: dict[str, int] = {}
        self._removed = RemovedFiles(host)
        self._folders = LastFolders(host)
        self._left: tuple[str, tuple[object, ...] | None] = ("", None)

    def open(self, task: Task) -> None:
        """Show the files of a task."""
        schema = self._host.state.schema
        if schema.fields and not any(field.type == FieldType.FILE for field in schema.fields):
            self._host.notify("This workflow has no field for files.", "warning")
        else:
            self._host.run(self._show(task))

    async def _show(self, task: Task) -> None:
        host, (left, at) = self._host, self._left
        host.session.transfers.look_again()
        files = TaskFiles(host, task.key, self._sizes, self._removed, self._folders)
        pane = FilesPane(
            f"Files of {host.label(task, 80)}",
            host.look.glyphs,
            files,
            moved=host.draw,
            at=at if left == task.key else None,
        )
        files.changed = pane.update_rows
        await host.ask(pane)
        self._left = (task.key, pane.row.identity if pane.row is not None else None)
