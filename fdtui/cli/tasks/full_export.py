"""``fdtui task export --all``: tasks with their comments, checklists, links and files, for an import."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from fdtui.api.row_stream import read_rows
from fdtui.cli import output
from fdtui.cli.client import ConnectedWorkflow, with_workflow
from fdtui.cli.options import settings_here
from fdtui.cli.progress import CommandProgress
from fdtui.cli.tasks.answer_sink import AnswerSink
from fdtui.core.errors import StorageError, UsageError
from fdtui.core.safetext import quoted
from fdtui.core.schema import FieldType
from fdtui.core.strictjson import dumps
from fdtui.core.task import uid_of
from fdtui.core.values import Row, Value
from fdtui.importing.archive import FILES, PATH, TASKS, WORKFLOW, line_of
from fdtui.sync.files.download import fetch

_ZIP = ".zip"


def export_all(path: Path, *, replaces: bool) -> None:
    """Write the folder or zip ``path``, whole or not at all; raises `UsageError`, `StorageError`."""
    with _whole(path, replaces=replaces) as folder, CommandProgress() as progress:
        with_workflow(lambda connected: _write(connected, folder, progress), is_whole=True)


async def _write(connected: ConnectedWorkflow, folder: Path, progress: CommandProgress) -> None:
    definition = _definition(connected)
    (folder / WORKFLOW).write_text(definition, "utf-8")
    with tempfile.TemporaryFile() as answer, (folder / TASKS).open("w", encoding="utf-8") as tasks:
        await connected.gateway.copy_tasks(connected.workflow.id, AnswerSink(answer, progress))
        nameless = 0
        for number, row in enumerate(read_rows(answer, output.notify), 1):
            nameless += await _task(connected, row, tasks, folder / FILES / str(number))
            progress.tell(lambda count=number: f"{count:,} tasks")  # type: ignore[misc]
    if nameless:
        output.notify(
            f"{nameless:,} tasks have no unique id, so their comments and checklists cannot be read."
        )


async def _task(connected: ConnectedWorkflow, row: Row, tasks: TextIO, folder: Path) -> bool:
    """Write one task down; whether nothing names it, so that what belongs to it cannot be asked."""
    gateway, workflow, schema = connected.gateway, connected.workflow.id, connected.schema
    names = [each.name for each in schema.fields if each.type == FieldType.FILE]
    kept: dict[str, Value] = dict(row)
    for name in names:
        kept[name] = await _files(connected, row.get(name), folder)
    uid = uid_of(row, schema.unique_id.name if schema.unique_id else None)
    comments: list[Value] = []
    items: list[Value] = []
    if uid is not None:
        comments = [
            {"author": each.author, "timestamp": each.at, "body": each.body}
            for each in await gateway.comments(workflow, uid)
        ]
        items = [
            {
                "title": each.title,
                "status": each.status,
                "Stage": each.stage,
                "Assigned To": each.assignee,
                "editable": each.editable,
            }
            for each in await gateway.checklist(workflow, uid)
        ]
    tasks.write(f"{dumps(line_of(kept, comments, items))}\n")
    return uid is None


async def _files(connected: ConnectedWorkflow, value: Value, folder: Path) -> Value:
    """A field's files with where their contents are now."""
    if not isinstance(value, list) or not value:
        return value
    found: list[Value] = []
    for entry in value:
        if not isinstance(entry, Mapping) or not entry.get("blobId"):
            found.append(entry)
            continue
        _make(folder)
        blob, name = str(entry["blobId"]), str(entry.get("filename") or "")
        fetched = await fetch(connected.gateway, blob, name, folder, sleep=asyncio.sleep)
        place = f"{FILES}/{folder.name}/{fetched.path.name}"
        found.append({**entry, PATH: place})
    return found


def _make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _definition(connected: ConnectedWorkflow) -> str:
    """The workflow as a file: all of it where the database is ours, else as far as it is told."""
    from fdtui.server.workflow import exporting
    from fdtui.server.workflow.definition import Workflow

    if settings_here().profile.local:
        from fdtui.cli.database import workspace_at, workspace_url
        from fdtui.cli.workflow_reading import find

        with workspace_at(workspace_url(None)) as store:
            return exporting.export(find(store, connected.workflow.id))
    return exporting.export(Workflow(connected.workflow.id, connected.workflow.name, connected.schema))


@contextmanager
def _whole(path: Path, *, replaces: bool) -> Iterator[Path]:
    """A folder that becomes ``path`` at the end, packed where that is a zip."""
    path = path.absolute()
    if path.exists() and not (replaces and path.suffix.lower() == _ZIP and path.is_file()):
        hint = "Replace it with --force." if path.suffix.lower() == _ZIP else "Choose another name."
        raise UsageError(f"{quoted(str(path))} is there already.", hint)
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {quoted(str(path.parent))}.", "Make it first.")
    beside = path.with_name(f".fdtui-{os.urandom(8).hex()}.part")
    try:
        beside.mkdir(mode=0o700)
        yield beside
        if path.suffix.lower() == _ZIP:
            packed = beside.with_suffix(_ZIP)
            _pack(beside, packed)
            packed.replace(path)
        else:
            beside.rename(path)
    except OSError as error:
        raise StorageError(
            f"{quoted(str(path))} cannot be written: {error.strerror or error}.", "Nothing was written."
        ) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        with suppress(OSError):
            beside.with_suffix(_ZIP).unlink(missing_ok=True)


def _pack(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as zipped:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                zipped.write(path, path.relative_to(folder).as_posix())
