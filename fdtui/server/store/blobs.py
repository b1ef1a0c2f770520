"""Attached files: contents stored once by hash, each attachment with a name of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, insert, select

from fdtui.core.values import Value
from fdtui.server.attachments import StoredFile, Upload
from fdtui.server.store.database import Store, Transaction
from fdtui.server.store.tables import blobs, contents, tasks

_HELD = select(blobs.c.id, blobs.c.content_type, blobs.c.filename).where(
    blobs.c.task == bindparam("task"), blobs.c.field == bindparam("field")
)


@dataclass(frozen=True, slots=True)
class Blob:
    """A file to download; ``sha256`` is what its contents had when they were stored."""

    workflow: str
    sha256: str
    filename: str
    content_type: str
    data: bytes


def load(tx: Transaction, blob_id: str) -> Blob | None:
    """The file of that id."""
    query = (
        select(tasks.c.workflow, blobs.c.sha256, blobs.c.filename, blobs.c.content_type, contents.c.data)
        .join(contents, contents.c.sha256 == blobs.c.sha256)
        .join(tasks, tasks.c.id == blobs.c.task)
        .where(blobs.c.id == blob_id)
    )
    row = tx.execute(query).one_or_none()
    return None if row is None else Blob(*row[:4], bytes(row[4]))


def held(tx: Transaction, task: str, field: str) -> dict[str, dict[str, Value]]:
    """The files of one field of a task by id, as the API answers them."""
    found = tx.execute(_HELD, {"task": task, "field": field})
    return {blob: answer(blob, kind, name) for blob, kind, name in found}


def answer(blob: str, content_type: str, filename: str) -> dict[str, Value]:
    """A file as the API answers it."""
    return {"blobId": blob, "contentType": content_type, "filename": filename}


def replace(
    store: Store, tx: Transaction, task: str, field: str, entries: Sequence[StoredFile | Upload]
) -> list[Value]:
    """Make ``entries`` the whole list of a field, and answer it; those kept must be `held`."""
    before = held(tx, task, field)
    kept = {entry.blob for entry in entries if isinstance(entry, StoredFile)}
    answers: list[Value] = []
    for entry in entries:
        if isinstance(entry, StoredFile):
            answers.append(before[entry.blob])
        else:
            blob = put(tx, task, field, entry, _new_id(store, tx))
            answers.append(answer(blob, entry.content_type, entry.filename))
    for blob in before.keys() - kept:
        tx.execute(delete(blobs).where(blobs.c.id == blob))
    if before.keys() - kept:
        sweep(tx)
    return answers


def put(tx: Transaction, task: str, field: str, upload: Upload, blob: str) -> str:
    """Store a new file under the id ``blob``."""
    digest = hashlib.sha256(upload.data).hexdigest()
    if tx.execute(select(contents.c.sha256).where(contents.c.sha256 == digest)).scalar() is None:
        tx.execute(insert(contents).values(sha256=digest, data=upload.data))
    tx.execute(
        insert(blobs).values(
            id=blob,
            task=task,
            field=field,
            sha256=digest,
            filename=upload.filename,
            content_type=upload.content_type,
        )
    )
    return blob


def sweep(tx: Transaction) -> None:
    """Delete the contents that no attachment names."""
    tx.execute(delete(contents).where(contents.c.sha256.not_in(select(blobs.c.sha256))))


def _new_id(store: Store, tx: Transaction) -> str:
    while True:
        made = store.new_id()
        if tx.execute(select(blobs.c.id).where(blobs.c.id == made)).scalar() is None:
            return made
