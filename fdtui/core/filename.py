"""Names of files from outside, made into names that are safe on a disk.

A name comes from whoever uploaded the file. It may try to leave the folder, to hide, to pass for an
option of a program or a device, or to read otherwise than it is; none of that survives.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

FALLBACK = "file"
"""The name of a file whose own name holds nothing that could stay."""
MAX_FILENAME_BYTES = 200
"""Bytes of a name; disks take 255, and a number or ``.part`` may be put to it."""
_MAX_SUFFIX = 24
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_SPACES = re.compile(r"\s+")
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control, format (bidi among them), surrogates, private, unassigned, line and paragraph ends."""
_INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0\u034f\u2800")
_DEVICE = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])", re.IGNORECASE
)
_TWO_PART = re.compile(r"\.tar\.[a-z0-9]{1,4}", re.IGNORECASE)


def safe_filename(name: str) -> str:
    """``name`` as one component of a path that is harmless on every platform; never empty.

    The same for the same name, and unchanged where nothing is wrong with it.
    """
    text = re.split(r"[/\\]", name[:4096].rstrip("/\\"))[-1]
    kept = "".join(
        letter
        for letter in _SPACES.sub(" ", text)
        if unicodedata.category(letter) not in _DROPPED and letter not in _INVISIBLE
    )
    # Only now, for what was dropped may have stood between a letter and its accent.
    kept = unicodedata.normalize("NFC", _SPACES.sub(" ", kept))
    kept = _trimmed(_FORBIDDEN.sub("_", kept))
    if _DEVICE.fullmatch(kept.partition(".")[0].rstrip()):
        kept = f"_{kept}"
    return _trimmed(_shortened(kept)) or FALLBACK


def numbered(name: str) -> Iterator[str]:
    """``name``, then ``name (1).pdf``, ``name (2).pdf`` and so on: what to try where one is taken."""
    yield name
    stem, suffix = split_suffix(name)
    for number in range(1, 10_000):
        yield f"{stem} ({number}){suffix}"


def split_suffix(name: str) -> tuple[str, str]:
    """Stem and suffix (with its dot), ``.tar.gz`` being one; the suffix may be empty."""
    at = name.rfind(".")
    if at <= 0 or len(name) - at > _MAX_SUFFIX or " " in name[at:]:
        return name, ""
    before = name.rfind(".", 0, at)
    if before > 0 and _TWO_PART.fullmatch(name[before:]):
        at = before
    return name[:at], name[at:]


def _trimmed(text: str) -> str:
    # Windows drops spaces and dots at the end; a dot in front hides, a dash reads as an option, and
    # a shell makes somebody's home of a tilde.
    return text.rstrip(" .").lstrip(" .-~")


def _shortened(text: str) -> str:
    if len(text.encode()) <= MAX_FILENAME_BYTES:
        return text
    stem, suffix = split_suffix(text)
    if len(suffix.encode()) > 2 * _MAX_SUFFIX:
        stem, suffix = text, ""
    room = MAX_FILENAME_BYTES - len(suffix.encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .") + suffix
