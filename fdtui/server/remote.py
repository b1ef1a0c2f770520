"""Files that a body names by ``remoteUrl``: brought before the task is changed, never in a transaction.

What goes wrong is told as *is invalid* on the field and no more: neither what stands at an address nor
what an answer said, or a caller could look through our eyes.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from fdtui.core import fields
from fdtui.core.errors import InvalidError
from fdtui.core.schema import Field, FieldType
from fdtui.core.values import Row, Value
from fdtui.server.attachments import DEFAULT_TYPE, MAX_NAME, is_name, is_type
from fdtui.server.bodies import Decoded
from fdtui.server.call import Call, Fetch
from fdtui.server.outbound import Fetched, Limits, OutboundError
from fdtui.server.refusal import RefusedError
from fdtui.server.store import workspace

MAX_SIZE = 50_000_000
"""Bytes of one remote file."""
SECONDS = 30.0
"""For all remote files of one request together, redirects included."""
REDIRECTS = 3
_MOST = 20
"""Remote files in one field of one request."""
_AT_ONCE = threading.BoundedSemaphore(4)
"""Requests that fetch: each holds a thread and up to `MAX_SIZE` bytes."""
_NAME = re.compile(
    r"filename\*=UTF-8''([^;\s]+)|filename=\"([^\"]*)\"|filename=([^;\s]+)", re.IGNORECASE
)


def bring(call: Call, body: Row) -> Row:
    """``body`` with the contents of each remote file in it; raises `InvalidError`."""
    asked = {name: value for name, value in body.items() if _asks(value)}
    if not asked:
        return body
    _, workflow = call.store.read(lambda tx: workspace.workflow(call.store, tx, call.workflow))
    known = {name: workflow.schema.field(name) for name in asked}
    if not _AT_ONCE.acquire(timeout=SECONDS):
        raise RefusedError(
            "Too many remote files are asked for.", status=503, headers={"Retry-After": "5"}
        )
    try:
        end = time.monotonic() + SECONDS
        found = {name: _entries(call.fetch, known[name], value, end) for name, value in asked.items()}
    finally:
        _AT_ONCE.release()
    bad = {name: [fields.INVALID] for name, entries in found.items() if entries is None}
    if bad:
        raise InvalidError(bad)
    return {**body, **found}


def _asks(value: Value) -> bool:
    return isinstance(value, list) and any(
        isinstance(each, dict) and "remoteUrl" in each for each in value
    )


def _entries(fetch: Fetch, field: Field | None, value: Value, end: float) -> Any:
    """The list with contents in it, or ``None`` if one entry is wrong or could not be fetched."""
    if (
        field is None
        or field.type != FieldType.FILE
        or not field.editable
        or not isinstance(value, list)
    ):
        return None
    if len(value) > (field.limit or _MOST):
        return None
    entries: list[Any] = []
    for each in value:
        if isinstance(each, dict) and "remoteUrl" in each:
            brought = _fetched(fetch, each, end)
            if brought is None:
                return None
            entries.append(brought)
        else:
            entries.append(each)
    return entries


def _fetched(fetch: Fetch, entry: Mapping[str, Value], end: float) -> dict[str, Any] | None:
    url, name, kind = entry["remoteUrl"], entry.get("filename"), entry.get("contentType")
    odd = entry.keys() - {"remoteUrl", "filename", "contentType"}
    if odd or not isinstance(url, str) or (name is not None and not is_name(name)):
        return None
    if kind is not None and not is_type(kind):
        return None
    try:
        url, answer = _follow(fetch, url, end)
    except OutboundError:
        return None
    if answer.status != 200:
        return None
    said = answer.headers.get("content-type", "")
    name = name or _own_name(answer.headers.get("content-disposition", ""), url)
    return {
        "filename": name,
        "contentType": kind or (said if is_type(said) else DEFAULT_TYPE),
        "base64contents": Decoded(answer.content),
    }


def _follow(fetch: Fetch, url: str, end: float) -> tuple[str, Fetched]:
    """The answer behind a few redirects; each address is checked as the first was."""
    for _ in range(REDIRECTS + 1):
        left = end - time.monotonic()
        if left <= 0:
            raise OutboundError("The time is over.")
        answer = fetch(url, limits=Limits(left, MAX_SIZE))
        if answer.status not in (301, 302, 303, 307, 308) or "location" not in answer.headers:
            return url, answer
        url = urljoin(url, answer.headers["location"])
    raise OutboundError("There are too many redirects.")


def _own_name(disposition: str, url: str) -> str:
    """A file's name by its answer or its address, without folders and what no name should hold."""
    match = _NAME.search(disposition)
    said = unquote(match[1]) if match and match[1] else (match[2] or match[3]) if match else ""
    for text in (said, unquote(urlsplit(url).path)):
        last = re.split(r"[/\\]", text or "")[-1]
        clean = "".join(each for each in last if each.isprintable()).strip(" .")
        if clean:
            return clean[-MAX_NAME:]
    return "file"
