"""The last frame of a board in a file: for which start it is, whether it is whole, how it is written.

A file is for one start: the same arguments, environment, version and terminal size, with the same
settings file. What differs in any of them finds no file, or one that it leaves alone.
"""

from __future__ import annotations

import os
import stat
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FORMAT = b"fdtui-frame 1"
MAX_FRAME = 4 << 20
"""Bytes of the largest file that is read."""
MAX_FRAMES = 12
"""Files that are kept; of more, the oldest go."""
_PREFIX, _BESIDE = "frame-", ".frame-"
_DECIDING = frozenset(
    (
        *("TERM", "COLORTERM", "COLORFGBG", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "LC_TERMINAL"),
        *("TMUX", "STY", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "FORCE_COLOR"),
        *("TTY_COMPATIBLE", "TTY_INTERACTIVE", "HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"),
    )
)
"""Variables on which the look or the contents of a board depend; so do ours, and Textual's."""
_FOREIGN = ("NO_COLOR", "COLUMNS", "LINES")
"""With one of these the screen is not what the terminal says of itself, and no frame is kept."""


class KeptFrame:
    """A frame as it is kept: what paints it, and what the board has to know of it."""

    __slots__ = ("cells", "painting", "size")

    def __init__(self, size: tuple[int, int], painting: bytes, cells: bytes) -> None:
        """``size`` is columns and rows, ``painting`` what is written to the terminal."""
        self.size, self.painting, self.cells = size, painting, cells


def fingerprint(argv: Sequence[str], environ: Mapping[str, str], version: str) -> str | None:
    """For which starts a frame is, as 32 hexadecimal digits; ``None`` where none is kept."""
    if any(environ.get(name) for name in _FOREIGN) or not environ.get("TERM"):
        return None
    from _blake2 import blake2b  # `hashlib` loads OpenSSL, which takes 3 ms of a start

    parts = [version, sys.executable, *argv, ""]
    parts += sorted(
        f"{name}={value}"
        for name, value in environ.items()
        if name in _DECIDING or name.startswith(("FDTUI_", "TEXTUAL"))
    )
    if argv or environ.get("FDTUI_CONFIG"):  # a path in them may be relative
        parts.append(os.getcwd())
    return str(blake2b(os.fsencode("\0".join(parts)), digest_size=16).hexdigest())


def cache_folder(environ: Mapping[str, str], platform: str = sys.platform) -> str:
    """Where the program's cache is, as `fdtui.config.paths` finds it on Linux and macOS."""
    home = environ.get("FDTUI_HOME", "")
    if home:
        return os.path.join(os.path.abspath(os.path.expanduser(home)), "cache")
    caches = environ.get("XDG_CACHE_HOME", "").strip()
    if not caches:
        caches = os.path.expanduser("~/Library/Caches" if platform == "darwin" else "~/.cache")
    return os.path.join(caches, "fdtui")


def frame_path(folder: str, mark: str, size: tuple[int, int]) -> str:
    """Where the frame of a terminal of that size is; ``mark`` is a `fingerprint`."""
    return os.path.join(folder, f"{_PREFIX}{mark}-{size[0]}x{size[1]}")


def identity(path: str) -> bytes:
    """Which file it is, and in which state; the same as long as nobody has changed it."""
    try:
        found = os.stat(path)
    except OSError:
        return b"none"
    return b"%d %d %d" % (found.st_ino, found.st_size, found.st_mtime_ns)


def read_frame(folder: str, mark: str, size: tuple[int, int]) -> KeptFrame | None:
    """The frame for that start and size; ``None`` where there is none that is ours, whole and right."""
    try:
        return _parsed(_private_bytes(folder, frame_path(folder, mark, size)), size)
    except (OSError, ValueError):
        return None


def _private_bytes(folder: str, path: str) -> bytes:
    """What is in a file that is ours alone, in a folder that is. Raises `OSError`, `ValueError`."""
    _check(os.stat(folder))
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(handle, "rb", buffering=0) as file:
        found = os.fstat(handle)
        _check(found)
        if not stat.S_ISREG(found.st_mode) or found.st_nlink != 1 or found.st_size > MAX_FRAME:
            raise ValueError
        return file.read(MAX_FRAME + 1)


def _check(found: os.stat_result) -> None:
    if found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise ValueError


def _parsed(data: bytes, size: tuple[int, int]) -> KeptFrame:
    head, _, body = data.partition(b"\n")
    if head != FORMAT + b" " + _digest(body):
        raise ValueError
    numbers, settings, known, rest = body.split(b"\n", 3)
    columns, rows, length = map(int, numbers.split())
    if (columns, rows) != size or not 0 < length <= len(rest):
        raise ValueError
    if identity(os.fsdecode(bytes.fromhex(settings.decode("ascii")))) != known:
        raise ValueError
    return KeptFrame(size, rest[:length], rest[length:])


def _digest(body: bytes) -> bytes:
    from _blake2 import blake2b

    return bytes(blake2b(body, digest_size=16).hexdigest(), "ascii")


class FrameShelf:
    """Where the frames of one start are kept; any number of windows may write them."""

    def __init__(self, folder: str, mark: str, settings: str) -> None:
        """``mark`` is a `fingerprint`, ``settings`` the path of the settings file, as it is now."""
        self._folder, self._mark = folder, mark
        self._settings, self._known = os.fsencode(settings).hex().encode(), identity(settings)

    def keep(self, frame: KeptFrame) -> bool:
        """Write a frame, wholly or not at all; false where the disk refuses, which does no harm."""
        body = b"%d %d %d\n%s\n%s\n" % (
            *frame.size,
            len(frame.painting),
            self._settings,
            self._known,
        )
        body += frame.painting + frame.cells
        data = FORMAT + b" " + _digest(body) + b"\n" + body
        if len(data) > MAX_FRAME:
            return False
        beside = os.path.join(self._folder, f"{_BESIDE}{os.urandom(8).hex()}")
        try:
            os.makedirs(self._folder, 0o700, exist_ok=True)
            _check(os.stat(self._folder))
            _write(beside, data)
            os.replace(beside, frame_path(self._folder, self._mark, frame.size))
            self._tidy()
        except (OSError, ValueError):
            _remove(beside)
            return False
        return True

    def discard(self) -> None:
        """Remove the frames of this start, whatever the size: nobody is to see them again."""
        for name in self._names():
            if name.startswith(f"{_PREFIX}{self._mark}-"):
                _remove(os.path.join(self._folder, name))

    def _tidy(self) -> None:
        """Remove the oldest frames where there are too many, and what a killed program left."""
        dated = []
        for name in self._names():
            path = os.path.join(self._folder, name)
            dated.append((os.lstat(path).st_mtime_ns, path))
        for _, path in sorted(dated, reverse=True)[MAX_FRAMES:]:
            _remove(path)

    def _names(self) -> list[str]:
        try:
            return [n for n in os.listdir(self._folder) if n.startswith((_PREFIX, _BESIDE))]
        except OSError:
            return []


def _write(path: str, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with open(os.open(path, flags, 0o600), "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(data)


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return
