"""What kind of file it is, by its name and its first bytes."""

from __future__ import annotations

import codecs
from functools import cache
from mimetypes import MimeTypes

UNKNOWN_TYPE = "application/octet-stream"
TEXT = "text/plain"
TYPE_BYTES = 4096
"""First bytes of a file that are enough to know its type."""

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"II*\x00", "image/tiff"),
    (0, b"MM\x00*", "image/tiff"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (8, b"WAVE", "audio/x-wav"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"PK\x05\x06", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"BZh", "application/x-bzip2"),
    (0, b"\xfd7zXZ\x00", "application/x-xz"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (0, b"\x7fELF", "application/x-executable"),
    (0, b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (257, b"ustar", "application/x-tar"),
)
_MORE = {
    ".csv": "text/csv", ".md": "text/markdown", ".toml": "application/toml", ".webp": "image/webp",
    ".yaml": "application/yaml", ".yml": "application/yaml", ".log": TEXT, ".gz": "application/gzip",
    ".tgz": "application/gzip", ".7z": "application/x-7z-compressed", ".heic": "image/heic",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text", ".epub": "application/epub+zip",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet", ".rs": "text/x-rust",
    ".go": "text/x-go", ".ts": "text/x-typescript", ".jsonl": "application/jsonl",
}  # fmt: skip
_CONTAINERS = frozenset(
    {"application/zip", "application/gzip", "application/x-ole-storage", "video/mp4", "audio/ogg"}
)
"""Formats that are the outside of another one, of which the name says more."""
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def media_type(name: str, head: bytes) -> str:
    """The media type of a file called ``name`` that begins with ``head``; bytes win over the name."""
    named, found = by_name(name), by_content(head)
    if not found:
        return named or (TEXT if head and is_text(head) else UNKNOWN_TYPE)
    if found in _CONTAINERS and named and not named.startswith(("text/", "image/")):
        return named
    return found


def by_name(name: str) -> str:
    """The media type that the suffix stands for, or empty."""
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    return _MORE.get(suffix) or _table().types_map[True].get(suffix, "")


def by_content(head: bytes) -> str:
    """The media type that the first bytes prove, or empty."""
    return next((kind for at, sign, kind in _MAGIC if head[at : at + len(sign)] == sign), "")


def is_text(head: bytes) -> bool:
    """Whether these first bytes are text: no NUL, and UTF-8 but for a letter cut at the end."""
    if head.startswith(_BOMS[1:]):
        return True
    if b"\0" in head:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


@cache
def _table() -> MimeTypes:
    return MimeTypes()  # Python's own; what this machine has in /etc would make answers differ
