"""The rows that were not imported, in a file of their own: to be corrected, and imported again."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from fdtui.core.errors import StorageError, UsageError
from fdtui.core.filename import numbered
from fdtui.core.safetext import quoted
from fdtui.core.strictjson import dumps
from fdtui.core.values import Row
from fdtui.importing.delimited import line_of
from fdtui.importing.rows import WHY_NOT, ForeignFile


class RejectFile:
    """Made with the first row that is put into it; a table for a table, else JSON Lines."""

    def __init__(self, path: Path, file: ForeignFile) -> None:
        self.path, self._file = path, file
        self.size = 0
        """Bytes that are sure to be kept."""

    @classmethod
    def beside(cls, name: str, file: ForeignFile) -> RejectFile:
        """One in this folder, called after the file that is imported, where nothing is yet."""
        suffix = ".csv" if file.columns else ".jsonl"
        stem = Path(name).name.removesuffix(Path(name).suffix) or "import"
        names = (Path(each) for each in numbered(f"{stem}.rejected{suffix}"))
        return cls(next(each for each in names if not each.exists()).absolute(), file)

    def check(self) -> None:
        """Raise `UsageError` where it cannot be made, before anything is sent."""
        if self.path.exists():
            raise UsageError(f"{quoted(str(self.path))} is there already.", "Name another: --rejects.")
        if not self.path.parent.is_dir():
            raise UsageError(f"There is no folder {quoted(str(self.path.parent))}.", "Make it first.")

    def go_on(self, size: int) -> None:
        """Drop what was written behind ``size``: whoever wrote it did not come to say that it counts."""
        self.size = size
        if self.path.exists():
            os.truncate(self.path, size)

    def add(self, rows: Sequence[tuple[object, str]]) -> None:
        """Write down ``rows``, as they stand in their file, each with why; raises `StorageError`."""
        if not rows:
            return
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            with os.fdopen(os.open(self.path, flags, 0o600), "ab") as file:
                if not file.tell() and self._file.columns:
                    file.write(self._line([*self._file.columns, WHY_NOT]))
                for raw, why in rows:
                    file.write(self._written(raw, why))
                file.flush()
                os.fsync(file.fileno())
                self.size = file.tell()
        except OSError as error:
            raise StorageError(
                f"{quoted(str(self.path))} cannot be written: {error.strerror or error}."
            ) from None

    def _written(self, raw: object, why: str) -> bytes:
        if isinstance(raw, list) and self._file.columns:
            width = len(self._file.columns)
            cells = [str(cell) for cell in raw]
            return self._line([*cells, *[""] * (width - len(cells)), why])
        if isinstance(raw, str):
            return f"{raw.rstrip()}\n".encode("utf-8", "backslashreplace")
        told: Row = {**raw, WHY_NOT: why} if isinstance(raw, dict) else {WHY_NOT: why, "Value": str(raw)}
        return f"{dumps(told, ascii_only=True)}\n".encode()

    def _line(self, cells: Sequence[str]) -> bytes:
        return line_of(cells, self._file.separator).encode("utf-8", "backslashreplace")
