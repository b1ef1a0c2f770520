"""Files that you removed from tasks, their content kept for as long as the program runs."""

from __future__ import annotations

import asyncio
import tempfile
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from fdtui.core.filename import safe_filename
from fdtui.core.intents import Intent, RemoveFile
from fdtui.core.safetext import quoted
from fdtui.tui.files.rows import FileRow, Removed

if TYPE_CHECKING:
    from fdtui.tui.host import Host


class RemovedFiles:
    """Takes files out, and puts them back as new ones of the same content."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._numbers = count(1)
        self.kept: list[Removed] = []
        """In the order in which they were removed."""
        host.session.restore_with(self._restore)

    def new_folder(self) -> Path:
        """A folder for one file, which no other user may read, and which goes with the program."""
        return Path(tempfile.mkdtemp(dir=self._private.name))

    async def take_out(self, key: str, row: FileRow, data: bytes) -> None:
        """Remove a file from its task, and keep ``data``; raises `OSError`, then nothing was removed."""
        path = self.new_folder() / safe_filename(row.name)
        await asyncio.to_thread(path.write_bytes, data)
        if self._host.session.perform(RemoveFile(key, row.field, row.blob, row.name)):
            kept = Removed(next(self._numbers), key, row.field, row.blob, row.name, str(path))
            self.kept.append(kept)
            self._host.notify(self._removed_words(row.name))

    def _removed_words(self, name: str) -> str:
        key = self._host.key_of("files.bring-back")
        return f"Removed {quoted(name[:60])}{f'; {key} brings it back' if key else ''}."

    def has(self, key: str) -> bool:
        """Whether something was removed from a task that can be brought back."""
        return any(each.key == key for each in self.kept)

    def put_back(self, removed: Removed) -> bool:
        """Attach it again; whether it is on its way."""
        problems = self._host.session.transfers.attach(
            removed.key, removed.field, [Path(removed.path)], name=removed.name
        )
        if problems:
            self._host.notify(" ".join(problems), "error")
        else:
            self.kept.remove(removed)
        return not problems

    def put_back_last(self, key: str) -> None:
        """Attach again what was removed last from a task, as the board's undo would."""
        mine = [each for each in self.kept if each.key == key]
        if mine:
            self.put_back(mine[-1])

    def _restore(self, intent: Intent) -> bool:
        """Whether an undone removal is on its way back."""
        if not isinstance(intent, RemoveFile):
            return False
        removed = next((each for each in self.kept if each.blob == intent.blob_id), None)
        return removed is not None and self.put_back(removed)

    @cached_property
    def _private(self) -> tempfile.TemporaryDirectory[str]:
        return tempfile.TemporaryDirectory(prefix="fdtui-files-")
