"""Files that a body names by ``remoteUrl``: brought before the task is changed, never in a transaction.

An error says no more than the caller knows: whether the address he wrote can be one of a
file on the internet. Neither what a name means in here, nor whether anything stands at an address, nor
what an answer said, or he could look through our eyes. So a name that is unknown and one that leads
inside are told with the same words, and so is all that happens from the first connection on.
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
from fdtui.core.safetext import is_control
from fdtui.core.schema import Field, FieldType
from fdtui.core.values import Row, Value
from fdtui.server.attachments import DEFAULT_TYPE, MAX_NAME_LENGTH, Decoded, is_name, is_type
from fdtui.server.execution.http_client import (
    FetchedFile,
    ForbiddenAddressError,
    MalformedUrlError,
    OutboundError,
    RequestLimits,
    UnknownHostError,
)
from fdtui.server.http.call import Call, Fetch
from fdtui.server.refusal import RefusedError
from fdtui.server.store import workspace

MAX_REMOTE_FILE = 50_000_000
"""Bytes of one remote file."""
REMOTE_FILES_TIMEOUT = 30.0
"""For all remote files of one request together, redirects included."""
MAX_REDIRECTS = 3
_MAX_REMOTE_FILES = 20
"""Remote files in one field of one request."""
MALFORMED = "could not be fetched: an http or https address of a host was expected"
NOT_PUBLIC = "could not be fetched: no public address is known for its host"
NO_FILE = (
    f"could not be fetched: no file of at most {MAX_REMOTE_FILE // 1_000_000} MB came from there in time"
)
_FETCH_SLOTS = threading.BoundedSemaphore(4)
"""Requests that fetch: each holds a thread and up to `MAX_REMOTE_FILE` bytes."""
_FILENAME_HEADER = re.compile(
    r"filename\*=UTF-8''([^;\s]+)|filename=\"([^\"]*)\"|filename=([^;\s]+)", re.IGNORECASE
)


def asked_in(body: Row) -> Row:
    """The fields of ``body`` that name a remote file."""
    return {name: value for name, value in body.items() if _asks(value)}


def bring(call: Call, body: Row) -> Row:
    """``body`` with the contents of each remote file in it; raises `InvalidError`."""
    asked = asked_in(body)
    if not asked:
        return body
    call.may_wait()
    _, workflow = call.store.read(lambda tx: workspace.workflow(call.store, tx, call.workflow))
    known = {name: workflow.schema.field(name) for name in asked}
    if not _FETCH_SLOTS.acquire(timeout=REMOTE_FILES_TIMEOUT):
        raise RefusedError(
            "Too many remote files are asked for.", status=503, headers={"Retry-After": "5"}
        )
    try:
        end = time.monotonic() + REMOTE_FILES_TIMEOUT
        found, bad = _all(call.fetch, known, asked, end)
    finally:
        _FETCH_SLOTS.release()
    if bad:
        raise InvalidError(bad)
    return {**body, **found}


class _WrongError(Exception):
    """A field cannot be had; its text says why, after the field's name."""


def _all(
    fetch: Fetch, known: Mapping[str, Field | None], asked: Row, end: float
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """What was brought, and what is wrong, by field."""
    found, bad = {}, {}
    for name, value in asked.items():
        try:
            found[name] = _entries(fetch, known[name], value, end)
        except _WrongError as error:
            bad[name] = [str(error)]
    return found, bad


def _asks(value: Value) -> bool:
    return isinstance(value, list) and any(
        isinstance(each, dict) and "remoteUrl" in each for each in value
    )


def _entries(fetch: Fetch, field: Field | None, value: Value, end: float) -> list[Any]:
    """The list with contents in it; raises `_WrongError`."""
    if field is None or field.type != FieldType.FILE or not field.editable:
        raise _WrongError(fields.INVALID)
    if why := fields.check(field, value):
        raise _WrongError(why)
    assert isinstance(value, list), "`_asks` has seen to it"  # noqa: S101
    if len(value) > (field.limit or _MAX_REMOTE_FILES):
        raise _WrongError(fields.INVALID)
    return [
        _fetched(fetch, each, end) if isinstance(each, dict) and "remoteUrl" in each else each
        for each in value
    ]


def _fetched(fetch: Fetch, entry: Mapping[str, Value], end: float) -> dict[str, Any]:
    """The entry with contents instead of an address; raises `_WrongError`."""
    url, name, kind = entry["remoteUrl"], entry.get("filename"), entry.get("contentType")
    odd = entry.keys() - {"remoteUrl", "filename", "contentType"}
    if odd or not isinstance(url, str) or (name is not None and not is_name(name)):
        raise _WrongError(fields.INVALID)
    if kind is not None and not is_type(kind):
        raise _WrongError(fields.INVALID)
    url, answer = _follow(fetch, url, end)
    if answer.status != 200:
        raise _WrongError(NO_FILE)
    said = answer.headers.get("content-type", "")
    name = name or _own_name(answer.headers.get("content-disposition", ""), url)
    return {
        "filename": name,
        "contentType": kind or (said if is_type(said) else DEFAULT_TYPE),
        "base64contents": Decoded(answer.content),
    }


def _follow(fetch: Fetch, url: str, end: float) -> tuple[str, FetchedFile]:
    """The answer behind a few redirects; each address is checked as the first was."""
    for turn in range(MAX_REDIRECTS + 1):
        left = end - time.monotonic()
        if left <= 0:
            break
        try:
            answer = fetch(url, limits=RequestLimits(left, MAX_REMOTE_FILE))
        except OutboundError as error:
            raise _WrongError(NO_FILE if turn else _why(error)) from None
        if answer.status not in (301, 302, 303, 307, 308) or "location" not in answer.headers:
            return url, answer
        try:
            url = urljoin(url, answer.headers["location"])
        except ValueError:
            break
    raise _WrongError(NO_FILE)


def _why(error: OutboundError) -> str:
    """What may be told of the address that the caller wrote himself."""
    if isinstance(error, MalformedUrlError):
        return MALFORMED
    return NOT_PUBLIC if isinstance(error, ForbiddenAddressError | UnknownHostError) else NO_FILE


def _own_name(disposition: str, url: str) -> str:
    """A file's name by its answer or its address, without folders and what no name should hold."""
    match = _FILENAME_HEADER.search(disposition)
    said = unquote(match[1]) if match and match[1] else (match[2] or match[3]) if match else ""
    for text in (said, unquote(urlsplit(url).path)):
        last = re.split(r"[/\\]", text or "")[-1]
        clean = "".join(each for each in last if not is_control(each)).strip(" .")
        if clean:
            return clean[-MAX_NAME_LENGTH:]
    return "file"
