"""Taking one file out of a field; every other stays, also a colleague's of a moment ago."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fdtui.core.errors import ApiError, ConflictError, NotFoundError, UnclearError
from fdtui.core.intents import RemoveFile
from fdtui.core.strictjson import dumps
from fdtui.core.task import task_from_row
from fdtui.core.transfer import Outgoing
from fdtui.core.values import Row
from fdtui.sync.files.upload import MAX_OVERTAKEN_UPLOADS, PRECONDITION_FAILED, blobs_of, entries_of
from fdtui.sync.gateway import Gateway
from fdtui.sync.storage.transfer_book import FileSlot


async def detach(gateway: Gateway, slot: FileSlot, blob: str) -> Row:
    """Remove the file; answers the task. Raises `NotFoundError` where it is not there, or `ApiError`."""
    for left in reversed(range(MAX_OVERTAKEN_UPLOADS)):
        row, tag = await gateway.tagged_task(slot.workflow, slot.uid, unique_id=slot.unique_id)
        if blob not in blobs_of(entries_of(row, slot.field)):
            raise NotFoundError("The file is no longer there.", status=404)
        changes = RemoveFile(slot.uid, slot.field, blob).changes(task_from_row(row, slot.unique_id))
        text = dumps({slot.unique_id: row.get(slot.unique_id), **changes}, ascii_only=True)
        try:
            said = await gateway.upload(
                slot.workflow, _whole(text.encode()), matching=tag if left else ""
            )
        except UnclearError as error:
            row, _ = await gateway.tagged_task(slot.workflow, slot.uid, unique_id=slot.unique_id)
            if blob in blobs_of(entries_of(row, slot.field)):
                raise ConflictError(f"{error} The file is still there.") from None
            return row
        except ApiError as error:
            if error.status != PRECONDITION_FAILED or not left:
                raise
            continue
        if slot.field not in said:  # an install may answer only what it wants to
            said, _ = await gateway.tagged_task(slot.workflow, slot.uid, unique_id=slot.unique_id)
        return {**row, **said}
    raise AssertionError("the last try answers or raises")


def _whole(data: bytes) -> Outgoing:
    async def slices() -> AsyncIterator[bytes]:
        yield data

    return Outgoing(len(data), slices)
