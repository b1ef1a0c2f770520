"""Which letters the bytes of a file mean."""

from __future__ import annotations

import codecs
import io
from typing import BinaryIO

from fdtui.core.errors import UsageError
from fdtui.core.frozen import frozen
from fdtui.core.safetext import quoted

HEAD_BYTES = 1 << 18
"""Bytes that say what a file is."""
_SLICE = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_FALLBACK = "cp1252"
"""What programs write that write no Unicode, where nothing says otherwise: every byte means a letter."""


@frozen
class Encoding:
    """The name that Python has for an encoding, and the one that people have."""

    codec: str
    says: str
    is_guess: bool = False


def encoding_of(data: BinaryIO, forced: str = "") -> Encoding:
    """The encoding of ``data``, or the one that is ``forced``; raises `UsageError` for none."""
    if forced:
        try:
            return Encoding(codecs.lookup(forced).name, forced)
        except LookupError:
            raise UsageError(
                f"{quoted(forced[:80])} is no encoding.", "Try utf-8, cp1252, utf-16 or shift_jis."
            ) from None
    data.seek(0)
    head = data.read(HEAD_BYTES)
    for mark, codec, says in _MARKS:
        if head.startswith(mark):
            return Encoding(codec, says)
    if b"\0" in head[:64]:
        return Encoding("utf-16-le" if head[1:2] == b"\0" else "utf-16-be", "UTF-16")
    if _is_utf8(data):
        return Encoding("utf-8", "UTF-8")
    return Encoding(_FALLBACK, "Windows-1252", is_guess=True)


def opened(data: BinaryIO, encoding: Encoding) -> io.TextIOWrapper:
    """The text from its beginning, line ends as they are; whoever is done with it detaches it.

    What means no letter stays visible: a guess must not fail at one letter of a hundred thousand rows.
    """
    data.seek(0)
    errors = "backslashreplace" if encoding.is_guess else "strict"
    return io.TextIOWrapper(data, encoding.codec, errors, newline="", write_through=True)


def _is_utf8(data: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    data.seek(0)
    try:
        while piece := data.read(_SLICE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
