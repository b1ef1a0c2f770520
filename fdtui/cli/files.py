"""``fdtui task attach|detach|download``: the files of a task."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from fdtui.cli import output
from fdtui.cli.client import Desk, at_desk, check_may_write
from fdtui.cli.options import common_options
from fdtui.cli.sources import STANDARD, check_attach, novelties
from fdtui.core.errors import InvalidError, NotFoundError, UsageError
from fdtui.core.safetext import quoted, safe
from fdtui.core.schema import Field, FieldType
from fdtui.core.strictjson import dumps
from fdtui.core.transfer import QUICK, Kind, Status, Transfer, size_words, time_words
from fdtui.core.values import Row, Value
from fdtui.sync.attaching import Attaching, Novelty, Spot, blob_of, entries_of, name_of
from fdtui.sync.detaching import detach as take_out
from fdtui.sync.fetching import Fetched, fetch
from fdtui.sync.landing import Identity

_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_field = click.option("--field", metavar="NAME", help="The file field; needed where there are several.")


@click.command()
@click.argument("uid")
@click.argument("files", nargs=-1, metavar="FILE...")
@_field
@click.option("--name", help="What to call the file; needed for stdin.")
@click.option("--remote-url", metavar="URL", help="Let the server fetch this address instead.")
@_as_json
@common_options
def attach(
    *,
    uid: str,
    files: tuple[str, ...],
    field: str | None,
    name: str | None,
    remote_url: str | None,
    as_json: bool,
) -> None:
    """Attach files to a task; - takes the file from stdin."""
    check_may_write()
    check_attach(files, name, remote_url)
    done: list[Value] = []

    async def work(desk: Desk) -> None:
        spot = _spot(desk, uid, field)
        row = await desk.gateway.task(desk.workflow.id, uid, unique_id=desk.unique_id)
        have, more = len(entries_of(row, spot.field)), len(files) or 1
        if spot.limit is not None and have + more > spot.limit:
            raise InvalidError({spot.field: [f"allows at most {spot.limit} files, and has {have}."]})
        for novelty in novelties(files, name, remote_url):
            entry = await _attached(desk, spot, novelty)
            done.append(entry)
            if not as_json:
                output.data(f"{safe(blob_of(entry))}  {safe(name_of(entry))}")

    with _told_as_json(done, as_json):
        at_desk(work)


@click.command()
@click.argument("uid")
@click.argument("file", metavar="BLOB|NAME")
@_field
@_as_json
@common_options
def detach(*, uid: str, file: str, field: str | None, as_json: bool) -> None:
    """Remove one file from a task, by its blob id or its name."""
    check_may_write()

    async def work(desk: Desk) -> tuple[str, Value, Row]:
        row = await desk.gateway.task(desk.workflow.id, uid, unique_id=desk.unique_id)
        where, entry = _one(_listed(desk, row, field), file)
        return where, entry, await take_out(desk.gateway, _spot(desk, uid, where), blob_of(entry))

    where, entry, row = at_desk(work)
    if as_json:
        output.data(dumps(entries_of(row, where), indent=2))
    else:
        output.data(f"{safe(blob_of(entry))}  {safe(name_of(entry))}")


@click.command()
@click.argument("uid")
@click.argument("files", nargs=-1, metavar="[NAME|BLOB...]")
@_field
@click.option("--to", "folder", metavar="DIR", default=".", help="The folder; - writes to stdout.")
@click.option("--force", is_flag=True, help="Write over a file of the same name that was there before.")
@_as_json
@common_options
def download(
    *, uid: str, files: tuple[str, ...], field: str | None, folder: str, force: bool, as_json: bool
) -> None:
    """Fetch files of a task, all of them unless some are named.

    Nothing is overwritten: a second contract.pdf becomes "contract (1).pdf".
    """
    if files and files[-1] == STANDARD:
        files, folder = files[:-1], STANDARD
    if not folder:
        raise UsageError("--to is empty, which names no folder.")
    if folder == STANDARD and as_json:
        raise UsageError("To stdout goes the file itself, so --json has no place there.")

    done: list[Value] = []

    async def work(desk: Desk) -> None:
        row = await desk.gateway.task(desk.workflow.id, uid, unique_id=desk.unique_id)
        listed = _listed(desk, row, field)
        wanted = [_one(listed, each)[1] for each in files] if files else [entry for _, entry in listed]
        if not wanted:
            if folder == STANDARD:
                raise NotFoundError("The task has no file that could go to stdout.")
            output.narrate("The task has no files.")
        if folder == STANDARD:
            if len(wanted) != 1:
                raise UsageError(f"To stdout goes one file, and these are {len(wanted)}.", "Name it.")
            await desk.gateway.download(blob_of(wanted[0]), _Stdout())
            return
        run: set[Identity] = set()
        for entry in wanted:
            found = await _fetched(desk, entry, Path(folder), force=force, run=run)
            path = str(found.path)
            facts: Value = {
                "blobId": blob_of(entry),
                "path": path,
                "size": found.size,
                "sha256": found.digest,
            }
            done.append(facts)
            if not as_json:
                output.data(path)

    with _told_as_json(done, as_json):
        at_desk(work)


@contextmanager
def _told_as_json(done: list[Value], wanted: bool) -> Iterator[None]:
    """Print in the end what was done, also where something went wrong after it."""
    is_whole = False
    try:
        yield
        is_whole = True
    finally:
        if wanted and (done or is_whole):
            output.data(dumps(done, indent=2))


async def _attached(desk: Desk, spot: Spot, novelty: Novelty) -> Value:
    """Attach one file; answers its entry in the field."""
    size = novelty.source.size if novelty.source else None
    with _Progress(Kind.UPLOAD, novelty.name or novelty.url, size) as seen:
        way = Attaching(
            desk.gateway, spot, novelty, sleep=asyncio.sleep, moved=seen.moved, checking=seen.check
        )
        row = await way.run()
    return next(each for each in entries_of(row, spot.field) if blob_of(each) == way.blob)


async def _fetched(
    desk: Desk, entry: Value, folder: Path, *, force: bool, run: set[Identity]
) -> Fetched:
    """Fetch one file into ``folder``."""
    with _Progress(Kind.DOWNLOAD, name_of(entry), None) as seen:
        return await fetch(
            desk.gateway,
            blob_of(entry),
            name_of(entry),
            folder,
            sleep=asyncio.sleep,
            force=force,
            moved=seen.moved,
            run=run,
        )


def _spot(desk: Desk, uid: str, wanted: str | None) -> Spot:
    fields = [each for each in desk.schema.fields if each.type == FieldType.FILE]
    named = [each for each in fields if wanted in {None, each.name, each.id}]
    if wanted and not named and (desk.schema.inferred or not desk.schema.fields):
        named = [Field(wanted)]  # a field that no task has filled yet is not known to us
    if not named:
        raise UsageError(f"There is no file field {quoted(wanted or '')}.".replace(" “”", ""))
    if len(named) > 1:
        listed = ", ".join(quoted(each.name) for each in named)
        raise UsageError(f"There are several file fields: {listed}.", "Choose one with --field.")
    return Spot(desk.workflow.id, uid, desk.unique_id, named[0].name, named[0].limit)


def _listed(desk: Desk, row: Row, wanted: str | None) -> list[tuple[str, Value]]:
    """The files of a task with their fields, in order."""
    if wanted is not None:
        _spot(desk, "", wanted)
    known = {each.name for each in desk.schema.fields if each.type == FieldType.FILE}
    fields = [name for name in row if (name in known or not known) and wanted in {None, name}]
    return [(name, each) for name in fields for each in entries_of(row, name) if blob_of(each)]


def _one(listed: list[tuple[str, Value]], wanted: str) -> tuple[str, Value]:
    found = [each for each in listed if blob_of(each[1]) == wanted]
    found = found or [each for each in listed if name_of(each[1]) == wanted]
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

    def __init__(self, kind: Kind, name: str, total: int | None) -> None:
        self._state = Transfer(0, kind, "", "", "", "", name, status=Status.RUNNING, total=total)
        self._began, self._told = time.monotonic(), 0.0

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._told:
            output.progress("")

    def moved(self, count: int, total: int | None = None) -> None:
        """So many bytes have moved."""
        now = time.monotonic()
        if now - self._began < QUICK or now - self._told < QUICK or not output.is_watched():
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
