"""The folders of the program, and files that only their owner can read."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from fdtui.core.errors import ConfigError, StorageError
from fdtui.core.frozen import frozen
from fdtui.core.safetext import quoted

HOME_VARIABLE = "FDTUI_HOME"
"""The environment variable that puts all folders under one."""


@frozen
class Folders:
    """Where things are kept; none of them need exist yet."""

    config: Path
    data: Path
    """What the user made: local workspaces, the journal, the trash."""
    state: Path
    """Logs, sockets, locks. Not the runtime folder: where that is not set, platformdirs would take
    one that everybody shares."""
    cache: Path
    """What can be fetched again."""

    @property
    def config_file(self) -> Path:
        """The settings."""
        return self.config / "config.toml"


def find_folders(environ: Mapping[str, str]) -> Folders:
    """The folders of this user; raises `ConfigError` where the machine names none."""
    home = environ.get(HOME_VARIABLE, "")
    if home:
        root = expanded(home)
        return Folders(root / "config", root / "data", root / "state", root / "cache")
    from platformdirs import PlatformDirs  # noqa: PLC0415 - not needed where FDTUI_HOME is set

    try:
        dirs = PlatformDirs("fdtui", appauthor=False)
        found = (dirs.user_config_path, dirs.user_data_path, dirs.user_state_path, dirs.user_cache_path)
    except (RuntimeError, OSError, KeyError):
        raise ConfigError(
            "This user has no home folder.", f"Name a folder in {HOME_VARIABLE}."
        ) from None
    for path in found:
        if not path.is_absolute():  # then it would be looked for in whatever folder one happens to be
            raise ConfigError(
                f"The folder {path} is not absolute.", f"Name a folder in {HOME_VARIABLE}."
            )
    return Folders(*found)


def expanded(text: str) -> Path:
    """The absolute path that ``text`` names; raises `ConfigError` where ``~`` is no folder."""
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        raise ConfigError(
            f"{quoted(text)} begins in a home folder that this machine does not know.",
            "Write the path from / on.",
        ) from None


def ensure_private(folder: Path) -> Path:
    """Make ``folder`` and its parents where they are missing; it is ours alone, whatever the umask.

    Raises `StorageError` where the disk refuses or somebody else owns it.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
        if found.st_uid != os.geteuid():
            raise StorageError(f"{folder} belongs to someone else.")
        if stat.S_IMODE(found.st_mode) != 0o700:
            folder.chmod(0o700)
    except OSError as error:
        raise StorageError(f"Cannot make {folder}: {error.strerror}.") from None
    return folder


def write_private(path: Path, text: str, *, is_folder_ours: bool = True) -> None:
    """Put ``text`` into ``path``, readable by its owner only, wholly or not at all.

    A folder that is not ours stays as open as it is. Raises `StorageError`; then the old contents are
    still there.
    """
    if is_folder_ours:
        ensure_private(path.parent)
    beside = path.with_name(f".{path.name}.{os.urandom(6).hex()}")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with open(os.open(beside, flags, 0o600), "w", encoding="utf-8", newline="") as file:  # noqa: PTH123
            os.fchmod(file.fileno(), 0o600)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise StorageError(f"Cannot write {path}: {error.strerror}.") from None
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
