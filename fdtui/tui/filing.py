"""What can be done with the files of a task: opens the pane and does what its keys say."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from fdtui.core.commands import why_not_write
from fdtui.core.errors import FdtuiError, StorageError
from fdtui.core.intents import RemoveFile
from fdtui.core.safetext import quoted
from fdtui.core.task import Task
from fdtui.core.transfer import Status
from fdtui.sync.peeking import WHOLE, Peek
from fdtui.tui import browser, clipboard
from fdtui.tui.filerows import FileRow, Is, file_fields, rows_of
from fdtui.tui.looking import fetch_preview, show_preview
from fdtui.tui.present import title_of
from fdtui.tui.wastebasket import Wastebasket
from fdtui.tui.widgets.files import FilesPane
from fdtui.tui.widgets.paths import PathPicker
from fdtui.tui.widgets.picker import Item, Picker

if TYPE_CHECKING:
    from fdtui.tui.screens.board import BoardScreen

PREVIEWS_OFF = "Previews are off (`[board] previews = false`); D downloads the file."


class Filing:
    """Files on one board. Knows for the session: sizes seen, what was removed."""

    def __init__(self, board: BoardScreen) -> None:
        self._board = board
        self._key = ""
        self._at: tuple[object, ...] | None = None
        self._sizes: dict[str, int] = {}
        self._basket = Wastebasket(board)

    def open(self, task: Task) -> None:
        """Show the files of a task."""
        if task.key != self._key:
            self._key, self._at = task.key, None
        self._board.session.transfers.look_again()
        board, title = self._board, quoted(title_of(task, self._board.deck.plan)[:80])
        board.open(
            FilesPane(
                f"Files of {title}",
                board.look.glyphs,
                rows=self._rows,
                sizes=self._sizes,
                act=self._act,
                closed=board.close,
                at=self._at,
            )
        )

    def _rows(self) -> list[FileRow]:
        task = self._task
        if task is None:
            return [FileRow(Is.BLANK, text="The task is not on the board any more.")]
        return rows_of(task, self._board.state, tuple(self._basket.kept))

    @property
    def _task(self) -> Task | None:
        return self._board.state.shown.get(self._key)

    def _again(self) -> None:
        """Back to the pane from whatever lay over it."""
        task = self._task
        if task is not None:
            self.open(task)
        else:
            self._board.close()

    def _act(self, name: str, row: FileRow | None) -> None:
        """Do what a key means for a row."""
        self._at = row.identity if row is not None else None
        acts: dict[str, Callable[[FileRow], object]] = {
            "a": self._attach, "U": self._attach_url, "enter": self._look, "p": self._look,
            "D": self._download, "d": self._remove, "o": self._open, "y": self._copy,
            "r": self._retry, "b": self._bring_back, "u": self._bring_back, "-": self._dismiss,
            "cancel": self._cancel,
        }  # fmt: skip
        if name in acts and row is not None and self._task is not None:
            acts[name](row)

    # Attaching

    def _field(self, row: FileRow) -> str:
        """The field that an attachment goes into: the row's, or the only one."""
        task = self._task
        if row.field and row.kind is not Is.TRANSFER:
            return row.field
        fields = file_fields(task, self._board.state) if task is not None else []
        return fields[0].name if fields else ""

    def _why_not(self) -> str:
        task = self._task
        return why_not_write(self._board.state, task) if task is not None else "The task is gone."

    def _attach(self, row: FileRow) -> None:
        field, reason = self._field(row), self._why_not()
        if reason or not field:
            self._board.say(reason or "This workflow has no file field.", "warning")
            return
        transfers = self._board.session.transfers
        if full := transfers.why_no_room(self._key, field, 1):
            self._board.say(full, "warning")
            return
        limit = next((f.limit for f in self._board.state.schema.fields if f.name == field), None)
        room = "" if limit is None else f"  (takes {limit} at most)"

        def chosen(paths: Sequence[Path]) -> None:
            self._remember("upload", paths[0].parent)
            problems = self._board.session.transfers.attach(self._key, field, paths)
            if problems:
                self._board.say(" ".join(problems), "error")

        title = f"Attach to {quoted(field)}{room}"
        folder = self._last("upload") or Path.cwd()
        self._choose_path(
            title, folder, chosen, refuses=lambda count: transfers.why_no_room(self._key, field, count)
        )

    def _last(self, use: str) -> Path | None:
        """The folder that was used last, if it is there still."""
        with suppress(StorageError, OSError):
            folder = self._board.session.places.get(use)
            return folder if folder is not None and folder.is_dir() else None
        return None

    def _remember(self, use: str, folder: Path) -> None:
        with suppress(StorageError):  # then it begins elsewhere the next time
            self._board.session.places.put(use, folder)

    def _choose_path(
        self,
        title: str,
        folder: Path,
        chosen: Callable[[Sequence[Path]], object],
        *,
        only_folders: bool = False,
        refuses: Callable[[int], str] = lambda _: "",
    ) -> None:
        board = self._board
        picker = PathPicker(
            title,
            folder,
            board.look.glyphs,
            chosen=chosen,
            closed=self._again,
            only_folders=only_folders,
            refuses=refuses,
        )
        board.open(picker)

    def _attach_url(self, row: FileRow) -> None:
        field, reason = self._field(row), self._why_not()
        if reason or not field:
            self._board.say(reason or "This workflow has no file field.", "warning")
            return

        def typed(text: str) -> Item | None:
            url, name = _address(text)
            if len(url) <= 10 or not url.lower().startswith(("https://", "http://")):
                return None
            under = f" and call it {quoted(name)}" if name else ""
            return Item(text, f"let the server fetch {url}{under}")

        def chosen(item: Item) -> None:
            problem = self._board.session.transfers.attach_url(self._key, field, *_address(item.id))
            if problem:
                self._board.say(problem, "warning")

        self._pick(
            f"Attach to {quoted(field)} from",
            [],
            chosen,
            free=typed,
            nothing="Type or paste an address; a name may follow it.",
        )

    def _pick(
        self,
        title: str,
        items: list[Item],
        chosen: Callable[[Item], object],
        *,
        free: Callable[[str], Item | None] | None = None,
        nothing: str = "Nothing fits.",
    ) -> None:
        board = self._board
        picker = Picker(
            title,
            items,
            board.look.glyphs,
            chosen=chosen,
            closed=self._again,
            searchable=free is not None,
            free=free,
            nothing=nothing,
        )
        board.open(picker)

    # Looking

    def _look(self, row: FileRow) -> None:
        if row.kind is Is.FIELD:
            self._attach(row)
        elif row.kind is Is.FILE and not self._board.look.previews:
            self._board.say(PREVIEWS_OFF)
        elif row.kind is Is.FILE:
            self._board.say("Fetching…")
            self._work(self._show(row))

    async def _show(self, row: FileRow) -> None:
        preview = await fetch_preview(row, self._peek)
        if not isinstance(self._board.overlay, FilesPane):
            return  # something else was opened meanwhile
        answers = {"D": ("download", lambda: self._download(row))}
        await show_preview(self._board, row.name, preview, answers=answers, closed=self._again)

    async def _peek(self, blob: str, most: int) -> Peek:
        peek = await self._board.session.transfers.peek(blob, most)
        if peek.size is not None:
            self._sizes[blob] = peek.size
        return peek

    # Downloading

    def _download(self, row: FileRow) -> None:
        rows = [row] if row.kind is Is.FILE else []
        if row.kind is Is.FIELD:
            rows = [each for each in self._rows() if each.kind is Is.FILE and each.field == row.field]
        if not rows:
            self._board.say("No file is under the bar.", "warning")
            return

        def chosen(folders: Sequence[Path]) -> None:
            self._remember("download", folders[0])
            for each in rows:
                self._board.session.transfers.fetch(
                    self._key, each.field, each.blob, each.name, folders[0]
                )

        what = quoted(rows[0].name[:60]) if len(rows) == 1 else f"{len(rows)} files"
        folder = self._last("download") or downloads()
        self._choose_path(f"Save {what} in", folder, chosen, only_folders=True)

    def _open(self, row: FileRow) -> None:
        opener = browser.opener()
        done = row.transfer is not None and row.transfer.status is Status.DONE
        if opener is None and done:
            self._board.say("There is no display here to open it on; y copies its path.", "warning")
        elif opener is None:
            self._board.say("There is no display here to open it on; D downloads it.", "warning")
        elif done and row.transfer is not None:
            browser.open_with(opener, row.transfer.target)
        elif row.kind is Is.FILE:
            self._board.say("Fetching it to be opened…")
            self._work(self._fetch_and_open(row, opener))

    async def _fetch_and_open(self, row: FileRow, opener: str) -> None:
        folder = self._basket.new_folder()
        found = await self._board.session.transfers.fetch_now(row.blob, row.name, folder)
        self._sizes[row.blob] = found.size
        browser.open_with(opener, str(found.path))
        self._board.say(f"{quoted(row.name[:60])} was handed to the desktop.")

    def _copy(self, row: FileRow) -> None:
        transfer = row.transfer
        if transfer is not None and transfer.status is Status.DONE:
            self._board.say(*clipboard.copy(self._board.app, "The path", transfer.target))

    # Removing, and bringing back

    def _remove(self, row: FileRow) -> None:
        reason = self._why_not()
        if row.kind is not Is.FILE or reason:
            self._board.say(reason or "No file is under the bar.", "warning")
            return
        items = [
            Item("remove", "Remove it", note="y", letter="y"),
            Item("keep", "Keep it", note="n", letter="n"),
        ]

        def chosen(item: Item) -> None:
            if item.id == "remove":
                self._work(self._take_out(row))

        self._pick(f"Remove {quoted(row.name[:60])}?", items, chosen)

    async def _take_out(self, row: FileRow) -> None:
        key = self._key
        peek = await self._peek(row.blob, WHOLE)
        if not peek.is_whole:
            self._ask_for_good(row, key)
            return
        await self._basket.take_out(key, row, peek.data)
        self._heed()

    def _ask_for_good(self, row: FileRow, key: str) -> None:
        items = [
            Item("keep", "Keep it", note="n", letter="n"),
            Item("remove", "Remove it for good", note="y", letter="y"),
        ]

        def chosen(item: Item) -> None:
            if item.id == "remove":
                self._board.session.perform(RemoveFile(key, row.field, row.blob, row.name))

        self._pick(f"{quoted(row.name[:40])} is too large to be brought back", items, chosen)

    def _bring_back(self, row: FileRow) -> None:
        if row.removed is not None:
            self._basket.put_back(row.removed)
        else:
            self._basket.put_back_last(self._key)
        self._heed()

    # What is on its way

    def _retry(self, row: FileRow) -> None:
        transfers = self._board.session.transfers
        if row.transfer is not None:
            transfers.retry(row.transfer.ticket)
        elif failed := [each.transfer for each in self._rows() if _can_be_tried_again(each)]:
            transfers.retry(failed[-1].ticket if failed[-1] else 0)
        else:
            self._board.say("Nothing failed here that could be tried again.", "warning")

    def _cancel(self, row: FileRow) -> None:
        if row.transfer is not None:
            self._board.session.transfers.cancel(row.transfer.ticket)

    def _dismiss(self, row: FileRow) -> None:
        if row.transfer is not None:
            self._board.session.transfers.dismiss(row.transfer.ticket)

    def _heed(self) -> None:
        if self._board.overlay is not None:
            self._board.overlay.heed(self._board.state)

    def _work(self, work: Awaitable[None]) -> None:
        async def told() -> None:
            try:
                await work
            except FdtuiError as error:
                self._board.say(str(error), "error")
            except OSError as error:
                self._board.say(f"The disk refuses: {error.strerror}.", "error")

        self._board.run_worker(told(), group="files", exclusive=True, exit_on_error=False)


def _address(text: str) -> tuple[str, str]:
    """An address as one types it, and the name that may stand behind it."""
    url, _, name = text.strip().partition(" ")
    if "://" not in url and "." in url.partition("/")[0]:
        url = f"https://{url}"
    return url, name.strip()


def _can_be_tried_again(row: FileRow) -> bool:
    transfer = row.transfer
    return transfer is not None and transfer.is_over and transfer.status is not Status.DONE


def downloads() -> Path:
    """The platform's folder for downloads, or the home folder where there is none."""
    from platformdirs import user_downloads_path  # noqa: PLC0415 - asked for once in a while

    folder = user_downloads_path()
    return folder if folder.is_dir() and os.access(folder, os.W_OK) else Path.home()
