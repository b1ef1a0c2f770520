"""The entries of a file field as a client writes them (Tasks API, Updating File Attachments)."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from fdtui.core.values import Value

MAX_NAME_LENGTH = 255
DEFAULT_TYPE = "application/octet-stream"
_TYPE = re.compile(
    r"[\w!#$&^.+-]{1,64}/[\w!#$&^.+-]{1,128}(; ?[\w-]{1,32}=\"?[\w.+-]{1,64}\"?)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a file's base64 text held; ``data`` is ``None`` where it was none."""

    data: bytes | None


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that is there already and stays."""

    blob: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A new file."""

    filename: str
    content_type: str
    data: bytes


def read_entries(value: Value) -> tuple[StoredFile | Upload, ...] | None:
    """The entries of a whole list, or ``None`` if one of them is not as documented."""
    if value is None:
        return ()
    if not isinstance(value, list):
        return None
    entries = [_entry(each) for each in value]
    good = [each for each in entries if each is not None]
    kept = [each.blob for each in good if isinstance(each, StoredFile)]
    return tuple(good) if len(good) == len(entries) and len(set(kept)) == len(kept) else None


def _entry(value: Value) -> StoredFile | Upload | None:
    if not isinstance(value, dict):
        return None
    blob, contents = value.get("blobId"), value.get("base64contents")
    if isinstance(blob, str) and contents is None and "remoteUrl" not in value:
        return StoredFile(blob)
    if blob is not None or contents is None or "remoteUrl" in value:
        return None
    name, kind, data = value.get("filename"), value.get("contentType"), _data(contents)
    kind = DEFAULT_TYPE if kind is None else kind
    if data is None or not is_name(name) or not is_type(kind):
        return None
    return Upload(str(name), str(kind), data)


def is_name(name: object) -> bool:
    """Whether a file may be called so; what a name means to a disk is up to who saves it."""
    return isinstance(name, str) and 0 < len(name) <= MAX_NAME_LENGTH and "\0" not in name


def is_type(kind: object) -> bool:
    """Whether ``kind`` is a media type."""
    return isinstance(kind, str) and _TYPE.fullmatch(kind) is not None


def _data(contents: object) -> bytes | None:
    if isinstance(contents, Decoded):
        return contents.data
    if not isinstance(contents, str):
        return None
    try:
        return base64.b64decode(contents.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
