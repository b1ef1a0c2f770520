"""The file to import, opened and recognised: from a path, or from stdin."""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from fdtui.cli.importing.archive import Archive, is_archive, open_archive
from fdtui.cli.sources import STANDARD
from fdtui.core.errors import BadJsonError, UsageError
from fdtui.core.frozen import frozen
from fdtui.core.safetext import quoted
from fdtui.importing.archive import TASKS, as_file
from fdtui.importing.formats import recognised
from fdtui.importing.rows import ForeignFile, SourceRow
from fdtui.importing.text import HEAD_BYTES, Encoding, encoding_of, opened

_PIECE = 1 << 20


@frozen
class OpenFile:
    """A file that can be read as often as one likes."""

    name: str
    data: BinaryIO
    encoding: Encoding
    source: ForeignFile
    digest: str
    """What identifies its contents."""
    size: int
    archive: Archive | None = None
    """What it is a part of, where it is our own export of everything."""

    @property
    def says(self) -> str:
        """What it was recognised as, for a person."""
        guess = " (a guess: say --encoding if letters are wrong)" if self.encoding.is_guess else ""
        return f"{self.source.says}, {self.encoding.says}{guess}"

    def rows(self) -> Iterator[SourceRow]:
        """Its rows from the first; raises `UsageError` where it breaks off."""
        text = opened(self.data, self.encoding)
        try:
            yield from self.source.read(text)
        except UnicodeDecodeError as error:
            raise UsageError(
                f"{quoted(self.name)} is not {self.encoding.says}: {error.reason}.",
                "Say what it is with --encoding, such as cp1252.",
            ) from None
        except BadJsonError as error:
            raise UsageError(f"{quoted(self.name)} is no whole JSON: {error}.") from None
        finally:
            text.detach()

    def stages(self) -> list[str]:
        """The stages that it names beside its rows."""
        text = opened(self.data, self.encoding)
        try:
            return list(self.source.stages(text))
        finally:
            text.detach()

    def share(self) -> float:
        """How much of it has been read."""
        return self.data.tell() / self.size if self.size else 1.0


@contextmanager
def open_file(path: str, *, format: str = "", encoding: str = "") -> Iterator[OpenFile]:  # noqa: A002
    """The file, recognised; stdin is kept on the disk, for it is read several times.

    Raises `UsageError` for one that cannot be read, and for a format or encoding that there is not.
    """
    if path != STANDARD and is_archive(Path(path)):
        if format or encoding:
            raise UsageError(f"{quoted(path)} is an export of fdtui.", "It has no other format.")
        with open_archive(Path(path)) as archive, archive.part(TASKS) as data:
            known = Encoding("utf-8", "UTF-8")
            digest = _digest(data)
            yield OpenFile(path, data, known, as_file(), digest, data.seek(0, 2), archive)
        return
    name = "stdin" if path == STANDARD else path
    with _data(path) as data:
        known = encoding_of(data, encoding)
        text = opened(data, known)
        try:
            head = text.read(HEAD_BYTES)
            is_whole = not text.read(1)
        except UnicodeDecodeError as error:
            raise UsageError(f"{quoted(name)} is not {known.says}: {error.reason}.") from None
        finally:
            text.detach()
        source = recognised(head, Path(name).name, format, is_whole=is_whole)
        yield OpenFile(name, data, known, source, _digest(data), data.seek(0, 2))


@contextmanager
def _data(path: str) -> Iterator[BinaryIO]:
    if path == STANDARD:
        with tempfile.TemporaryFile() as kept:
            shutil.copyfileobj(sys.stdin.buffer, kept, _PIECE)
            yield kept
        return
    try:
        file = Path(path).open("rb")  # noqa: SIM115 (what goes wrong below is no fault of opening)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "no such name is possible"
        raise UsageError(f"{quoted(path)} cannot be read: {why}.") from None
    with file:
        if not file.seekable():
            raise UsageError(f"{quoted(path)} can be read only once.", "Write - and pipe it to stdin.")
        yield file


def _digest(data: BinaryIO) -> str:
    data.seek(0)
    digest = hashlib.sha256()
    while piece := data.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()
