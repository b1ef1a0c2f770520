"""How far an import is, kept on the disk: whoever starts it again goes on where it was ended."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from fdtui.core.errors import StorageError
from fdtui.core.safetext import quoted

KEPT_SECONDS = 30 * 86_400.0
"""Seconds for which it is known that a file was imported."""


@dataclass
class ImportProgress:
    """What is done for sure, and under which name it was sent."""

    name: str = ""
    """Names the requests, so that a server that keeps names does none of them twice."""
    rows: int = 0
    """Rows of the file that are dealt with."""
    linked: int = 0
    """The same of the second time through the file, for what tasks are linked with."""
    created: int = 0
    changed: int = 0
    refused: int = 0
    rejects: str = ""
    rejects_size: int = 0
    is_begun: bool = False
    """Whether it was begun by a process before this one."""
    is_finished: bool = False


class ProgressFile:
    """Where it is kept: one file for each import of the same file to the same place."""

    def __init__(self, folder: Path, parts: Iterable[str]) -> None:
        key = sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
        self.path = folder / "imports" / f"{key}.json"

    def read(self) -> ImportProgress:
        """How far it is; from the beginning where nothing is kept that can be read."""
        with suppress(OSError, ValueError, TypeError):
            return ImportProgress(**{**json.loads(self.path.read_text()), "is_begun": True})
        return ImportProgress(name=secrets.token_hex(16))

    def begin_again(self) -> None:
        """Forget an import that is over, and others that are long over."""
        self.path.unlink(missing_ok=True)
        with suppress(OSError):
            for each in self.path.parent.glob("*.json"):
                if time.time() - each.stat().st_mtime > KEPT_SECONDS:
                    each.unlink(missing_ok=True)

    def save(self, progress: ImportProgress) -> None:
        """Keep it, whatever happens next; raises `StorageError`."""
        beside = self.path.with_suffix(".part")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with beside.open("w") as file:
                json.dump(asdict(progress), file)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
        except OSError as error:
            why = error.strerror or error
            raise StorageError(f"{quoted(str(self.path))} cannot be written: {why}.") from None
