"""The entries of a file field as a client writes them (Tasks API, Updating File Attachments)."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from fdtui.core.values import Value

MAX_NAME = 255
DEFAULT_TYPE = "application/octet-stream"
_TYPE = re.compile(
    r"[\w!#$&^.+-]{1,64}/[\w!#$&^.+-]{1,128}(; ?[\w-]{1,32}=\"?[\w.+-]{1,64}\"?)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is there already and stays."""

    blob: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A new file."""

    filename: str
    content_type: str
    data: bytes


def read_entries(value: Value) -> tuple[Kept | Upload, ...] | None:
    """The entries of a whole list, or ``None`` if one of them is not as documented."""
    if value is None:
        return ()
    if not isinstance(value, list):
        return None
    entries = [_entry(each) for each in value]
    good = [each for each in entries if each is not None]
    kept = [each.blob for each in good if isinstance(each, Kept)]
    return tuple(good) if len(good) == len(entries) and len(set(kept)) == len(kept) else None


def _entry(value: Value) -> Kept | Upload | None:
    if not isinstance(value, dict):
        return None
    blob, contents = value.get("blobId"), value.get("base64contents")
    if isinstance(blob, str) and contents is None and "remoteUrl" not in value:
        return Kept(blob)
    if blob is not None or not isinstance(contents, str) or "remoteUrl" in value:
        return None
    name, kind = value.get("filename"), value.get("contentType")
    kind = DEFAULT_TYPE if kind is None else kind
    if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME or "\0" in name:
        return None
    if not isinstance(kind, str) or not _TYPE.fullmatch(kind):
        return None
    try:
        data = base64.b64decode(contents.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    return Upload(name, kind, data)
