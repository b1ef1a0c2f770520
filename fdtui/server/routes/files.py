"""The Files API."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from fdtui.server.http.call import Call
from fdtui.server.refusal import RefusedError
from fdtui.server.store import blobs

_DOWNLOAD_SLICE = 262_144


def download(call: Call) -> Response:
    """The bytes of a file, always to be saved and never to be shown by a browser."""
    blob = call.store.read(lambda tx: blobs.load(tx, call.params["blob"]))
    mine = call.caller.workflows
    if blob is None or (mine is not None and blob.workflow not in mine):
        raise RefusedError("There is no such file.", status=404)
    if hashlib.sha256(blob.data).hexdigest() != blob.sha256:
        name = call.params["blob"]
        raise RefusedError(f"The contents of the file {name} are damaged in the database.", status=500)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(blob.filename, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-cache",
        "ETag": call.tag(blob.sha256),
        "Content-Type": blob.content_type,
    }
    if len(blob.data) <= _DOWNLOAD_SLICE:
        return Response(blob.data, headers=headers)
    return StreamingResponse(
        _slices(blob.data), headers={**headers, "Content-Length": str(len(blob.data))}
    )


async def _slices(data: bytes) -> AsyncIterator[bytes]:
    """A big file bit by bit: whole, its copy on the way to the socket would hold up everybody."""
    for at in range(0, len(data), _DOWNLOAD_SLICE):
        yield data[at : at + _DOWNLOAD_SLICE]
