"""The Files API."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from fdtui.server.call import Call
from fdtui.server.refusal import RefusedError
from fdtui.server.store import blobs


def download(call: Call) -> Response:
    """The bytes of a file, always to be saved and never to be shown by a browser."""
    blob = call.store.read(lambda tx: blobs.load(tx, call.params["blob"]))
    if blob is None:
        raise RefusedError("There is no such file.", status=404)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(blob.filename, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-cache",
        "ETag": call.tag(blob.data),
    }
    return Response(blob.data, headers={**headers, "Content-Type": blob.content_type})
