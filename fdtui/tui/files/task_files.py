"""What can be done with the files of one task, while its pane is open."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from fdtui.core.commands import why_not_write
from fdtui.core.errors import FdtuiError
from fdtui.core.intents import RemoveFile
from fdtui.core.safetext import quoted
from fdtui.core.task import Task
from fdtui.core.transfer import Status, Transfer, TransferKind
from fdtui.sync.files.peek import FETCHED_WHOLE_BELOW, Peek
from fdtui.tui.activity.transfer_keys import dismiss
from fdtui.tui.confirm import confirm
from fdtui.tui.files.addresses import address_item, read_address
from fdtui.tui.files.open_preview import fetch_preview, show_preview
from fdtui.tui.files.path_picker import PathPicker
from fdtui.tui.files.rows import FileRow, Is, RowLook, file_fields, rows_of
from fdtui.tui.focus import Handler
from fdtui.tui.terminal import clipboard, desktop
from fdtui.tui.toolkit.picker import Picker

if TYPE_CHECKING:
    from fdtui.tui.files.recent_folders import LastFolders
    from fdtui.tui.files.removed import RemovedFiles
    from fdtui.tui.host import Host

CHANGES = frozenset({"files.attach", "files.from-address", "files.remove", "files.bring-back"})
"""Commands that change the task."""
NO_FILE = "The cursor is not on a file."
NOT_HERE = {
    "files.download": NO_FILE,
    "files.remove": NO_FILE,
    "files.retry": "Nothing failed here that could be tried again.",
    "files.bring-back": "You removed nothing here that could be brought back.",
}
"""What to say of commands that cannot be given for a row."""


class TaskFiles:
    """Lists the files of one task, and does what the pane's keys mean for one of them."""

    def __init__(
        self,
        host: Host,
        key: str,
        sizes: dict[str, int],
        removed: RemovedFiles,
        folders: LastFolders,
    ) -> None:
        self._host, self._key = host, key
        self._sizes, self._removed, self._folders = sizes, removed, folders
        self._transfers = host.session.transfers
        self.changed: Callable[[], object] = lambda: None
        """Hears that there may be other rows, though the session's state is the same."""

    @property
    def _task(self) -> Task | None:
        return self._host.state.shown.get(self._key)

    @cached_property
    def _opener(self) -> str | None:
        return desktop.opener()

    # What the pane asks

    def rows(self) -> list[FileRow]:
        """All rows, from top to bottom."""
        task = self._task
        if task is None:
            return [FileRow(Is.BLANK, text="The task is no longer on the board.")]
        return rows_of(task, self._host.state, tuple(self._removed.kept))

    def look(self) -> RowLook:
        """What rows are drawn with."""
        key_of = self._host.key_of
        return RowLook(
            self._host.look.glyphs, self._sizes, key_of("files.retry"), key_of("files.bring-back")
        )

    def bindings(self, row: FileRow | None) -> Mapping[str, Handler]:
        """What can be done with a row."""
        if row is None or self._task is None:
            return {}
        keys: dict[str, Handler] = {}
        if self._field(row) and not self._why_not():
            keys["files.attach"] = lambda _: self._run(self._attach(row))
            keys["files.from-address"] = lambda _: self._run(self._attach_from_address(row))
            if self._removed.has(self._key):
                keys["files.bring-back"] = lambda _: self._bring_back(row)
        if row.kind is Is.FIELD:
            keys["files.look"] = lambda _: self._host.give("files.attach")
            keys["files.download"] = lambda _: self._run(self._download(row))
        elif row.kind is Is.FILE:
            keys["files.look"] = lambda _: self._run(self._preview(row))
            keys["files.download"] = lambda _: self._run(self._download(row))
            keys["files.open"] = lambda _: self._run(self._fetch_and_open(row))
            if not self._why_not():
                keys["files.remove"] = lambda _: self._run(self._remove(row))
        if row.transfer is not None:
            keys |= self._of_transfer(row.transfer)
        elif (failed := self._failed()) is not None:
            keys["files.retry"] = lambda _: self._transfers.retry(failed.ticket)
        return keys

    def _of_transfer(self, transfer: Transfer) -> dict[str, Handler]:
        """What can be done with a file on its way, or one that has arrived."""
        ticket = transfer.ticket
        if not transfer.is_over:
            return {"files.cancel": lambda _: self._transfers.cancel(ticket)}
        keys: dict[str, Handler] = {"files.dismiss": lambda _: self._run(dismiss(self._host, transfer))}
        if transfer.status is not Status.DONE:
            keys["files.retry"] = lambda _: self._transfers.retry(ticket)
        elif transfer.kind is TransferKind.DOWNLOAD:
            keys["files.open"] = lambda _: self._open(transfer.target, transfer.name)
            keys["files.copy"] = lambda _: self._copy(transfer)
        return keys

    def refuses(self, command: str, row: FileRow | None) -> str:
        """Why a command cannot be given for a row."""
        if command in self.bindings(row):
            return ""
        if command in CHANGES and (reason := self._why_not()):
            return reason
        if command in {"files.attach", "files.from-address"}:
            return "This workflow has no file field."
        return NOT_HERE.get(command, "")

    def _field(self, row: FileRow) -> str:
        """The field that an attachment goes into: the row's, or the only one."""
        if row.field and row.kind is not Is.TRANSFER:
            return row.field
        task = self._task
        fields = file_fields(task, self._host.state) if task is not None else []
        return fields[0].name if fields else ""

    def _why_not(self) -> str:
        task = self._task
        return why_not_write(self._host.state, task) if task is not None else "The task is gone."

    def _failed(self) -> Transfer | None:
        """The last transfer of this task that did not arrive."""
        failed = [each.transfer for each in self.rows() if each.transfer is not None]
        return next((t for t in reversed(failed) if t.is_over and t.status is not Status.DONE), None)

    def _run(self, conversation: Coroutine[Any, Any, None]) -> None:
        self._host.run(self._say_errors(conversation))

    async def _say_errors(self, conversation: Coroutine[Any, Any, None]) -> None:
        try:
            await conversation
        except FdtuiError as error:
            self._host.notify(str(error), "error")
        except OSError as error:
            self._host.notify(f"Disk error: {error.strerror}.", "error")

    # Attaching

    async def _attach(self, row: FileRow) -> None:
        host, field = self._host, self._field(row)
        if full := self._transfers.why_no_room(self._key, field, 1):
            host.notify(full, "warning")
            return
        limit = next((f.limit for f in host.state.schema.fields if f.name == field), None)
        room = "" if limit is None else f"  (takes {limit} at most)"
        paths = await host.ask(
            PathPicker(
                f"Attach to {quoted(field)}{room}",
                self._folders.for_upload(),
                host.look.glyphs,
                refuses=lambda count: self._transfers.why_no_room(self._key, field, count),
            )
        )
        if paths is not None:
            self._folders.note_upload(paths[0].parent)
            if problems := self._transfers.attach(self._key, field, paths):
                host.notify(" ".join(problems), "error")

    async def _attach_from_address(self, row: FileRow) -> None:
        host, field = self._host, self._field(row)
        title, hint = (
            f"Attach to {quoted(field)} from",
            "Type or paste an address; a name may follow it.",
        )
        item = await host.ask(Picker(title, [], host.look.glyphs, free=address_item, nothing=hint))
        if item is not None:
            problem = self._transfers.attach_url(self._key, field, *read_address(item.id))
            if problem:
                host.notify(problem, "warning")

    # Previewing

    async def _preview(self, row: FileRow) -> None:
        host = self._host
        if not host.look.previews:
            key = host.key_of("files.download")
            hint = f" {key} downloads the file." if key else ""
            host.notify(f"Previews are off (`[board] previews = false`).{hint}")
            return
        preview = await host.wait("Fetching it", fetch_preview(row, self._peek))
        if preview is not None and await show_preview(host, row.name, preview):
            await self._download(row)

    async def _peek(self, blob: str, most: int) -> Peek:
        peek = await self._transfers.peek(blob, most)
        if peek.size is not None:
            self._sizes[blob] = peek.size
        return peek

    # Downloading

    async def _download(self, row: FileRow) -> None:
        rows = [row]
        if row.kind is Is.FIELD:
            rows = [each for each in self.rows() if each.kind is Is.FILE and each.field == row.field]
        if not rows:
            self._host.notify("The field has no files.", "warning")
            return
        what = quoted(rows[0].name[:60]) if len(rows) == 1 else f"{len(rows)} files"
        folder, glyphs = self._folders.for_download(), self._host.look.glyphs
        chosen = await self._host.ask(PathPicker(f"Save {what} in", folder, glyphs, only_folders=True))
        if chosen is not None:
            self._folders.note_download(chosen[0])
            for each in rows:
                self._transfers.fetch(self._key, each.field, each.blob, each.name, chosen[0])

    def _open(self, path: str, name: str) -> None:
        host = self._host
        if self._opener is None:
            key = host.key_of("files.copy")
            hint = f"; {key} copies its path" if key else ""
            host.notify(f"There is no display here to open it on{hint}.", "warning")
        else:
            desktop.open_with(self._opener, path)
            host.notify(f"Opened {quoted(name[:60])}.")

    async def _fetch_and_open(self, row: FileRow) -> None:
        host = self._host
        if self._opener is None:
            key = host.key_of("files.download")
            hint = f"; {key} downloads it" if key else ""
            host.notify(f"There is no display here to open it on{hint}.", "warning")
            return
        host.notify(f"Fetching {quoted(row.name[:60])} to open it…")
        found = await self._transfers.fetch_now(row.blob, row.name, self._removed.new_folder())
        self._sizes[row.blob] = found.size
        self._open(str(found.path), row.name)

    def _copy(self, transfer: Transfer) -> None:
        self._host.notify(*clipboard.copy(self._host.app, "The path", transfer.target))

    # Removing, and bringing back

    async def _remove(self, row: FileRow) -> None:
        host = self._host
        if not await confirm(host, f"Remove {quoted(row.name)}?", yes="Remove it"):
            return
        peek = await host.wait("Keeping a copy first", self._peek(row.blob, FETCHED_WHOLE_BELOW))
        if peek is None:
            return
        if peek.is_whole:
            await self._removed.take_out(self._key, row, peek.data)
            self.changed()
        elif await confirm(
            host,
            "This file is too large to be brought back. Remove it permanently?",
            yes="Remove it permanently",
            subject=(quoted(row.name),),
        ):
            host.session.perform(RemoveFile(self._key, row.field, row.blob, row.name))

    def _bring_back(self, row: FileRow) -> None:
        if row.removed is not None:
            self._removed.put_back(row.removed)
        else:
            self._removed.put_back_last(self._key)
        self.changed()
