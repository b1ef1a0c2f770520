"""A file that is there when all of it is: written beside its place, and then renamed."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from fdtui.core.errors import StorageError, UsageError
from fdtui.core.safetext import quoted


def check_free(path: Path, *, replaces: bool) -> None:
    """Raise `UsageError` where ``path`` cannot become the file, before anything is fetched for it."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        if not path.parent.is_dir():
            raise UsageError(
                f"There is no folder {quoted(str(path.parent))}.", "Make it first."
            ) from None
        return
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "no such name is possible"
        raise UsageError(f"{quoted(str(path))}: {why}.", "Choose another file.") from None
    if not stat.S_ISREG(found.st_mode):
        raise UsageError(f"{quoted(str(path))} is not a regular file.", "Choose another name.")
    if not replaces:
        raise _taken(path)


@contextmanager
def whole_file(path: Path, *, replaces: bool) -> Iterator[TextIO]:
    """A UTF-8 text that becomes ``path`` at the end, for its owner only, and nothing where that fails.

    A file that is there is left as it is unless ``replaces`` says so: then `UsageError`. Raises
    `StorageError` where the disk refuses.
    """
    check_free(path, replaces=replaces)
    beside = path.with_name(f".fdtui-{os.urandom(8).hex()}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(beside, flags, 0o600), "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _settle(beside, path, replaces=replaces)
    except UnicodeEncodeError:
        raise StorageError("A value holds half of a character, so nothing was written.") from None
    except OSError as error:
        raise StorageError(
            f"{quoted(str(path))} cannot be written: {error.strerror or error}.", "Nothing was written."
        ) from None
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _settle(beside: Path, path: Path, *, replaces: bool) -> None:
    if replaces:
        beside.replace(path)
        return
    try:
        os.link(beside, path, follow_symlinks=False)  # to take the name and to look are one step
    except FileExistsError:
        raise _taken(path) from None
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}:
            raise
        if path.exists():
            raise _taken(path) from None
        beside.rename(path)  # a file system without links


def _taken(path: Path) -> UsageError:
    return UsageError(f"{quoted(str(path))} is there already.", "Replace it with --force.")
