"""``fdtui task attach|detach|download``: the files of a task."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from fdtui.cli import output
from fdtui.cli.client import ConnectedWorkflow, with_workflow
from fdtui.cli.options import ASKING, JSON, honours, wants_json
from fdtui.cli.sources import STANDARD, check_attach, new_files
from fdtui.cli.suggestions import uids
from fdtui.core.errors import InvalidError, NotFoundError, UsageError
from fdtui.core.names import find_all
from fdtui.core.safetext import quoted, safe
from fdtui.core.schema import Field, FieldType
from fdtui.core.transfer import (
    PROGRESS_SHOWN_AFTER,
    Status,
    Transfer,
    TransferKind,
    size_words,
    time_words,
)
from fdtui.core.values import Row, Value
from fdtui.sync.files.destination import Identity
from fdtui.sync.files.detach import detach as detach_file
from fdtui.sync.files.download import Downloaded, fetch
from fdtui.sync.files.upload import NewFile, UploadRun, blob_of, entries_of, name_of
from fdtui.sync.storage.transfer_book import FileSlot

_WRITES = honours(ASKING | JSON, writes=True)
_field = click.option("--field", metavar="NAME", help="The file field; needed where there are several.")


@click.command()
@click.argument("uid", shell_complete=uids)
@click.argument("files", nargs=-1, metavar="FILE...")
@_field
@click.option("--name", help="What to call the file; needed for stdin.")
@click.option("--remote-url", metavar="URL", help="Let the server fetch this address instead.")
@_WRITES
def attach(
    *,
    uid: str,
    files: tuple[str, ...],
    field: str | None,
    name: str | None,
    remote_url: str | None,
) -> None:
    """Attach files to a task; - takes the file from stdin."""
    check_attach(files, name, remote_url)
    done: list[Value] = []

    async def work(connected: ConnectedWorkflow) -> None:
        _slot(connected, uid, field)  # a field that is not there is told before anything is asked
        known, row = await connected.task(uid)
        slot = _slot(connected, known, field)
        have, more = len(entries_of(row, slot.field)), len(files) or 1
        if slot.limit is not None and have + more > slot.limit:
            raise InvalidError({slot.field: [f"allows at most {slot.limit} files, and has {have}."]})
        for new in new_files(files, name, remote_url):
            entry = await _attached(connected, slot, new)
            done.append(entry)
            if not wants_json():
                output.data(f"{safe(blob_of(entry))}  {safe(name_of(entry))}")

    with _printing_json(done, wants_json()):
        with_workflow(work)


@click.command()
@click.argument("uid", shell_complete=uids)
@click.argument("file", metavar="BLOB|NAME")
@_field
@_WRITES
def detach(*, uid: str, file: str, field: str | None) -> None:
    """Remove one file from a task, by its blob id or its name."""

    async def work(connected: ConnectedWorkflow) -> tuple[str, Value, Row]:
        known, row = await connected.task(uid)
        where, entry = _one(_listed(connected, row, field), file)
        slot = _slot(connected, known, where)
        return where, entry, await detach_file(connected.gateway, slot, blob_of(entry))

    where, entry, row = with_workflow(work)
    if wants_json():
        output.json_(entries_of(row, where))
    else:
        output.data(f"{safe(blob_of(entry))}  {safe(name_of(entry))}")


@click.command()
@click.argument("uid", shell_complete=uids)
@click.argument("files", nargs=-1, metavar="[NAME|BLOB...]")
@_field
@click.option("--to", "folder", metavar="DIR", default=".", help="The folder; - writes to stdout.")
@click.option("--force", is_flag=True, help="Overwrite an existing file of the same name.")
@honours(ASKING | JSON)
def download(*, uid: str, files: tuple[str, ...], field: str | None, folder: str, force: bool) -> None:
    """Fetch files of a task, all of them unless some are named.

    Nothing is overwritten: a second contract.pdf becomes "contract (1).pdf".
    """
    if files and files[-1] == STANDARD:
        if folder not in {".", STANDARD}:
            raise UsageError("Both - and --to name a target.", "Use one of them.")
        files, folder = files[:-1], STANDARD
    if not folder:
        raise UsageError("--to is empty, which names no folder.")
    if folder == STANDARD and wants_json():
        raise UsageError("--json has no effect when the file goes to stdout.")
    if folder == STANDARD and force:
        raise UsageError("--force has no effect when the file goes to stdout.")

    done: list[Value] = []

    async def work(connected: ConnectedWorkflow) -> None:
        _, row = await connected.task(uid)
        listed = _listed(connected, row, field)
        wanted = [_one(listed, each)[1] for each in files] if files else [entry for _, entry in listed]
        if not wanted:
            if folder == STANDARD:
                raise NotFoundError("The task has no files.")
            output.notify("The task has no files.")
        if folder == STANDARD:
            if len(wanted) != 1:
                raise UsageError(f"- writes one file, but there are {len(wanted)}.", "Name it.")
            await connected.gateway.download(blob_of(wanted[0]), _Stdout())
            return
        run: set[Identity] = set()
        for entry in wanted:
            found = await _fetched(connected, entry, Path(folder), force=force, run=run)
            path = str(found.path)
            facts: Value = {
                "blobId": blob_of(entry),
                "path": path,
                "size": found.size,
                "sha256": found.digest,
            }
            done.append(facts)
            if not wants_json():
                output.data(path)

    with _printing_json(done, wants_json()):
        with_workflow(work)


@contextmanager
def _printing_json(done: list[Value], wanted: bool) -> Iterator[None]:
    """Print in the end what was done, also where something went wrong after it."""
    is_whole = False
    try:
        yield
        is_whole = True
    finally:
        if wanted and (done or is_whole):
            output.json_(done)


async def _attached(connected: ConnectedWorkflow, slot: FileSlot, new: NewFile) -> Value:
    """Attach one file; answers its entry in the field."""
    size = new.source.size if new.source else None
    with _Progress(TransferKind.UPLOAD, new.name or new.url, size) as seen:
        upload = UploadRun(
            connected.gateway, slot, new, sleep=asyncio.sleep, moved=seen.moved, checking=seen.check
        )
        row = await upload.run()
    return next(each for each in entries_of(row, slot.field) if blob_of(each) == upload.blob)


async def _fetched(
    connected: ConnectedWorkflow, entry: Value, folder: Path, *, force: bool, run: set[Identity]
) -> Downloaded:
    """Fetch one file into ``folder``."""
    with _Progress(TransferKind.DOWNLOAD, name_of(entry), None) as seen:
        return await fetch(
            connected.gateway,
            blob_of(entry),
            name_of(entry),
            folder,
            sleep=asyncio.sleep,
            force=force,
            moved=seen.moved,
            run=run,
        )


def _slot(connected: ConnectedWorkflow, uid: str, wanted: str | None) -> FileSlot:
    fields = [each for each in connected.schema.fields if each.type == FieldType.FILE]
    named = [each for each in fields if wanted in {None, each.id}]
    named = named or find_all(wanted or "", fields, lambda each: each.name)
    if wanted and not named and (connected.schema.inferred or not connected.schema.fields):
        named = [Field(wanted)]  # a field that no task has filled yet is not known to us
    if not named:
        raise UsageError(f"There is no file field {quoted(wanted or '')}.".replace(" “”", ""))
    if len(named) > 1:
        listed = ", ".join(quoted(each.name) for each in named)
        raise UsageError(f"There are several file fields: {listed}.", "Choose one with --field.")
    return FileSlot(connected.workflow.id, uid, connected.unique_id, named[0].name, named[0].limit)


def _listed(connected: ConnectedWorkflow, row: Row, wanted: str | None) -> list[tuple[str, Value]]:
    """The files of a task with their fields, in order."""
    if wanted is not None:
        wanted = _slot(connected, "", wanted).field
    known = {each.name for each in connected.schema.fields if each.type == FieldType.FILE}
    fields = [name for name in row if (name in known or not known) and wanted in {None, name}]
    return [(name, each) for name in fields for each in entries_of(row, name) if blob_of(each)]


def _one(listed: list[tuple[str, Value]], wanted: str) -> tuple[str, Value]:
    found = [each for each in listed if blob_of(each[1]) == wanted]
    found = found or find_all(wanted, listed, lambda each: name_of(each[1]))
    if not found:
        names = ", ".join(quoted(name_of(entry)) for _, entry in listed[:20])
        raise NotFoundError(
            f"The task has no file {quoted(wanted)}.", f"It has {names}." if names else "It has none."
        )
    if len(found) > 1:
        blobs = ", ".join(safe(blob_of(entry)) for _, entry in found)
        raise UsageError(
            f"There are {len(found)} files called {quoted(wanted)}.", f"Say which: {blobs}."
        )
    return found[0]


class _Stdout:
    """A file's bytes on stdout."""

    async def begin(self, total: int | None) -> None:
        """Nothing has to be prepared."""

    async def write(self, data: bytes) -> None:
        """Pass them on."""
        await asyncio.to_thread(output.bytes_, data)


class _Progress:
    """How far a transfer is, on a terminal and only once it takes a while."""

    def __init__(self, kind: TransferKind, name: str, total: int | None) -> None:
        self._state = Transfer(0, kind, "", "", "", "", name, status=Status.RUNNING, total=total)
        self._began, self._told = time.monotonic(), 0.0

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._told:
            output.progress("")

    def moved(self, count: int, total: int | None = None) -> None:
        """This many bytes have moved."""
        now = time.monotonic()
        if (
            now - self._began < PROGRESS_SHOWN_AFTER
            or now - self._told < PROGRESS_SHOWN_AFTER
            or not output.is_watched()
        ):
            return
        self._told = now
        whole = total if total is not None else self._state.total
        rate = count / (now - self._began)
        words = f"{self._state.name[:40]}  {size_words(count)}"
        if whole:
            words += f" of {size_words(whole)}  {count * 100 // whole} %"
        words += f"  {size_words(rate)}/s"
        if whole and rate > 0:
            words += f"  {time_words((whole - count) / rate)} left"
        output.progress(words)

    def check(self) -> None:
        """All has left; the server is asked."""
        if self._told and output.is_watched():
            output.progress(f"{self._state.name[:40]}  checking")
