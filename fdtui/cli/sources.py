"""What is to be attached: all of it is looked at before anything leaves."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from fdtui.core.errors import UsageError
from fdtui.core.safetext import quoted
from fdtui.sync.files.source import MAX_FILE, MAX_NAME_LENGTH, FileSource, check_size
from fdtui.sync.files.upload import NewFile

STANDARD = "-"
"""Stands for stdin or stdout."""


def check_attach(files: Sequence[str], name: str | None, remote_url: str | None) -> None:
    """Whether all of it can be attached, as far as this machine knows; raises `FdtuiError`."""
    if bool(files) == bool(remote_url):
        raise UsageError("Name the files to attach, or one --remote-url.")
    if remote_url and not remote_url.lower().startswith(("http://", "https://")):
        raise UsageError(f"{quoted(remote_url[:80])} is not an http or https address.")
    _check_name(files, name)
    if "" in files:
        raise UsageError("An empty path names no file.")
    for each in files:
        if each != STANDARD:
            FileSource.open(Path(each)).close()


def _check_name(files: Sequence[str], name: str | None) -> None:
    if STANDARD in files and not name:
        raise UsageError("A file from stdin has no name.", "Give it one with --name.")
    if name is None:
        return
    if len(files) > 1:
        raise UsageError("--name is for one file, and these are several.")
    if not name.strip():
        raise UsageError(f"{quoted(name)} is not a name for a file.")
    if len(name) > MAX_NAME_LENGTH:
        raise UsageError(
            f"--name has {len(name):,} characters, and a file's name at most {MAX_NAME_LENGTH}."
        )


def new_files(files: Sequence[str], name: str | None, remote_url: str | None) -> Iterator[NewFile]:
    """One after the other, each open only while it is sent."""
    if remote_url:
        yield NewFile(name or "", url=remote_url)
    for each in files:
        with _opened(each, name or "") as source:
            yield NewFile(source.name, source.media_type, source)


@contextmanager
def _opened(path: str, name: str) -> Iterator[FileSource]:
    if path != STANDARD:
        source = FileSource.open(Path(path), name)
        try:
            yield source
        finally:
            source.close()
        return
    # Its length has to be known before the first byte leaves, and a pipe cannot be read twice.
    with tempfile.TemporaryFile() as kept:
        shutil.copyfileobj(_Bounded(name), kept)
        kept.flush()
        yield FileSource(kept, name)


class _Bounded:
    """Stdin, up to what can be attached."""

    def __init__(self, name: str) -> None:
        self._name, self._taken = name, 0

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        data = sys.stdin.buffer.read(size)
        self._taken += len(data)
        check_size(self._name, min(self._taken, MAX_FILE + 1))
        return data
