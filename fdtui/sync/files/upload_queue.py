"""What uploads need between their tries: the open file, and what earlier tries have left behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fdtui.core.errors import StorageError
from fdtui.core.frozen import replace
from fdtui.core.safetext import quoted
from fdtui.core.values import Row
from fdtui.sync.files.registry import TransferRegistry
from fdtui.sync.files.source import FileSource
from fdtui.sync.files.upload import NewFile, UploadRun
from fdtui.sync.gateway import Gateway
from fdtui.sync.reading.poller import Sleep
from fdtui.sync.storage.transfer_book import FileSlot, SavedTransfer, UploadProgress


class UploadQueue:
    """Sends by ticket. ``moved`` is called with bytes, ``checking`` once all of a file's bytes left."""

    def __init__(
        self,
        registry: TransferRegistry,
        *,
        gateway: Callable[[], Gateway],
        sleep: Sleep,
        moved: Callable[[int, int], object],
        checking: Callable[[int], object],
    ) -> None:
        self._registry, self._gateway, self._sleep = registry, gateway, sleep
        self._moved, self._checking = moved, checking
        self._new_files: dict[int, NewFile] = {}
        """Files chosen in this run of the program; what an earlier run left is not here."""
        self._runs: dict[int, UploadRun] = {}
        """Uploads that may be tried again; they know what was there before."""

    def add(self, ticket: int, new: NewFile) -> None:
        """Hold what is to be sent; the registry knows of it already."""
        self._new_files[ticket] = new

    def renew(self, ticket: int) -> None:
        """Before another try: take the file as it is now. Raises `FdtuiError` if it cannot be sent."""
        new = self._new_files.get(ticket)
        if new is None or new.source is None:
            return
        fresh = FileSource.open(Path(self._registry.get(ticket).transfer.source), new.name)
        if fresh.is_same(new.source):
            fresh.close()  # the first one goes on: it knows what may have arrived
            return
        new.source.close()
        self._runs.pop(ticket, None)
        self._new_files[ticket] = replace(new, source=fresh, media_type=fresh.media_type)
        self._registry.change(ticket, stamp=fresh.stamp, progress=UploadProgress())

    async def send(self, ticket: int) -> Row:
        """Attach it; answers the task as it is then. Raises `FdtuiError`."""
        if ticket not in self._new_files:
            kept = self._registry.get(ticket)
            row = await self._new_run(ticket, NewFile(_name(kept), url=kept.url)).find_arrived()
            if row is not None:
                return row
            self._new_files[ticket] = self._found(ticket)
        if ticket not in self._runs:
            self._runs[ticket] = self._new_run(ticket, self._new_files[ticket])
        upload = self._runs[ticket]
        try:
            return await upload.run()
        finally:
            self._registry.change(ticket, progress=upload.progress)

    def forget(self, ticket: int) -> None:
        """Let go of a file that is no longer to be sent."""
        new = self._new_files.pop(ticket, None)
        if new is not None and new.source is not None:
            new.source.close()
        self._runs.pop(ticket, None)

    def close(self) -> None:
        """Let go of all files."""
        for ticket in tuple(self._new_files):
            self.forget(ticket)

    def _new_run(self, ticket: int, new: NewFile) -> UploadRun:
        async def keep(progress: UploadProgress) -> None:
            self._registry.change(ticket, progress=progress)
            await self._registry.stored()

        kept = self._registry.get(ticket)
        return UploadRun(
            self._gateway(),
            _slot(kept),
            new,
            sleep=self._sleep,
            moved=lambda moved: self._moved(ticket, moved),
            checking=lambda: self._checking(ticket),
            progress=kept.progress,
            keep=keep,
        )

    def _found(self, ticket: int) -> NewFile:
        """The file that an earlier run of the program wanted to send, if it is the same still."""
        kept = self._registry.get(ticket)
        if kept.url:
            return NewFile(_name(kept), url=kept.url)
        source = FileSource.open(Path(kept.transfer.source), kept.transfer.name)
        if source.stamp != kept.stamp:
            source.close()
            self._registry.change(ticket, stamp=source.stamp, progress=UploadProgress())
            raise StorageError(
                f"{quoted(source.name)} has changed since you chose it, so it was not sent.",
                "Retry to send it as it is now.",
            )
        source.digest = kept.progress.digest
        return NewFile(source.name, source.media_type, source)


def _slot(kept: SavedTransfer) -> FileSlot:
    if kept.slot is None:
        raise StorageError("The field for this file is no longer known.")
    return kept.slot


def _name(kept: SavedTransfer) -> str:
    """The name that was given; an address may have none, and then the server finds one."""
    return "" if kept.transfer.name == kept.url else kept.transfer.name
