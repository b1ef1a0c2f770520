"""Taking one file out of a field; every other stays, also a colleague's of a moment ago."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fdtui.core.errors import ApiError, NotFoundError
from fdtui.core.intents import RemoveFile
from fdtui.core.strictjson import dumps
from fdtui.core.task import task_from_row
from fdtui.core.transfer import Outgoing
from fdtui.core.values import Row
from fdtui.sync.attaching import MOST_OVERTAKEN, PRECONDITION_FAILED, Spot, blobs_of, entries_of
from fdtui.sync.gateway import Gateway


async def detach(gateway: Gateway, spot: Spot, blob: str) -> Row:
    """Remove the file; answers the task. Raises `NotFoundError` where it is not there, or `ApiError`."""
    for left in reversed(range(MOST_OVERTAKEN)):
        row, tag = await gateway.tagged_task(spot.workflow, spot.uid, unique_id=spot.unique_id)
        if blob not in blobs_of(entries_of(row, spot.field)):
            raise NotFoundError("The file is not there any more.", status=404)
        changes = RemoveFile(spot.uid, spot.field, blob).changes(task_from_row(row, spot.unique_id))
        text = dumps({spot.unique_id: row.get(spot.unique_id), **changes}, ascii_only=True)
        try:
            said = await gateway.upload(
                spot.workflow, _whole(text.encode()), matching=tag if left else ""
            )
        except ApiError as error:
            if error.status != PRECONDITION_FAILED or not left:
                raise
            continue
        return {**row, **said}
    raise AssertionError("the last try answers or raises")


def _whole(data: bytes) -> Outgoing:
    async def slices() -> AsyncIterator[bytes]:
        yield data

    return Outgoing(len(data), slices)
