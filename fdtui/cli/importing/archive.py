"""A folder that `task export --all` wrote, or a zip of it, opened to be imported."""

from __future__ import annotations

import base64
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from fdtui.core.errors import StorageError, UsageError
from fdtui.core.safetext import quoted
from fdtui.core.values import Row, Value
from fdtui.importing.archive import PATH, TASKS, WORKFLOW
from fdtui.sync.files.source import MAX_FILE


class Archive:
    """Its parts by name; a name never leads out of it."""

    def __init__(self, name: str, parts: Callable[[str], BinaryIO]) -> None:
        self.name, self._parts = name, parts

    def part(self, name: str) -> BinaryIO:
        """A part, opened; raises `UsageError` where there is none of that name."""
        place = PurePosixPath(name)
        if place.is_absolute() or ".." in place.parts or "\\" in name or "\0" in name:
            raise UsageError(f"{quoted(self.name)}: {quoted(name[:80])} is no part of it.")
        try:
            return self._parts(name)
        except (OSError, KeyError, ValueError, zipfile.BadZipFile, RuntimeError):
            raise UsageError(f"{quoted(self.name)} has no {quoted(name[:80])}.") from None

    def workflow(self) -> str:
        """The workflow as TOML; empty where it has none."""
        try:
            with self.part(WORKFLOW) as file:
                return file.read().decode("utf-8")
        except (UsageError, UnicodeDecodeError):
            return ""

    def loaded(self, row: Row) -> Row:
        """``row`` with the contents of its files; raises `StorageError` where one cannot be read."""
        if not any(_files(value) for value in row.values()):
            return row
        return {name: self._with_contents(value) for name, value in row.items()}

    def _with_contents(self, value: Value) -> Value:
        if not _files(value):
            return value
        assert isinstance(value, list)  # noqa: S101 (it holds files)
        return [self._entry(each) for each in value]

    def _entry(self, entry: Value) -> Value:
        if not isinstance(entry, dict) or PATH not in entry:
            return entry
        try:
            with self.part(str(entry[PATH])) as file:
                data = file.read(MAX_FILE + 1)
        except (OSError, zipfile.BadZipFile) as error:
            raise StorageError(f"{quoted(str(entry[PATH]))} cannot be read: {error}.") from None
        if len(data) > MAX_FILE:
            raise StorageError(f"{quoted(str(entry[PATH]))} is larger than a file may be.")
        told = {name: value for name, value in entry.items() if name != PATH}
        return {**told, "base64contents": base64.b64encode(data).decode()}


def is_archive(path: Path) -> bool:
    """Whether ``path`` is such a folder or zip."""
    if path.is_dir():
        return (path / TASKS).is_file()
    try:
        with zipfile.ZipFile(path) as zipped:
            return TASKS in zipped.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """The archive at ``path``, which `is_archive`."""
    if path.is_dir():
        yield Archive(str(path), lambda name: (path / name).open("rb"))
        return
    with zipfile.ZipFile(path) as zipped:
        yield Archive(str(path), zipped.open)  # type: ignore[arg-type]


def _files(value: Value) -> bool:
    return isinstance(value, list) and any(isinstance(each, dict) and PATH in each for each in value)
