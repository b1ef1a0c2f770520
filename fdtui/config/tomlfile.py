"""Reading ``config.toml``: only what its owner wrote, and every complaint with its place."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from fdtui.core.errors import ConfigError
from fdtui.core.frozen import frozen
from fdtui.core.safetext import safe

MAX_CONFIG_FILE = 1024 * 1024
"""Bytes of the largest file that can be meant as settings."""
_SHARED_WRITE = stat.S_IWOTH
_ANY_BUT_OWNER = stat.S_IRWXG | stat.S_IRWXO


class SettingError(ConfigError):
    """Something wrong at a line of the file; 0 where it is not known."""

    def __init__(self, line: int, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.line = line


@frozen
class TomlFile:
    """A settings file that was read."""

    path: Path
    tables: Mapping[str, Any] = field(repr=False)
    mode: int
    is_link: bool
    _text: str = field(repr=False)

    def wrong(
        self, keys: Iterable[str], what: str, known: Iterable[str] = (), *, number: int = 0
    ) -> SettingError:
        """The error that names this file, the line where ``keys`` leads, and the nearest ``known``.

        ``number`` says which table of a list of tables is meant, counted from 1.
        """
        names = list(keys)
        import difflib  # noqa: PLC0415 - only a mistake needs it

        near = difflib.get_close_matches(names[-1], list(known), n=1)
        hint = f"Did you mean {near[0]}?" if near else ""
        return self.placed(names, f"{safe('.'.join(names))} {what}", hint, number=number)

    def placed(self, keys: Iterable[str], what: str, hint: str = "", *, number: int = 0) -> SettingError:
        """The error that says ``what`` with this file and the line where ``keys`` leads."""
        line, place = self._place(".".join(keys).split("."), number)
        return SettingError(line, f"{self.path}{place}: {what}.", hint)

    def check_private(self) -> None:
        """Raise `ConfigError` where others could read the secrets in this file, with the cure."""
        if self.mode & _ANY_BUT_OWNER:
            raise ConfigError(
                f"{self.path} holds a secret and others can read it (mode {self.mode:04o}).",
                f"Run: chmod 600 {self.path}",
            )
        if self.is_link:
            raise ConfigError(
                f"{self.path} holds a secret and is a symbolic link.",
                "Put the file itself there, or use api_key_command instead of api_key.",
            )

    def _place(self, names: list[str], nth: int) -> tuple[int, str]:
        """The line, and ``, line 3, column 1``, of the key at the end of ``names``, where it is found.

        Dots part names, quoted or not: `"task.open"` and `task.open` are one command. Of a list of
        tables, the ``nth`` is looked at; 0 where ``names`` leads through none.
        """
        line, inside, rest = 0, True, names
        passed = 0
        for number, text in enumerate(self._text.splitlines(), start=1):
            header, key = header_of(text), _key(text)
            if header is not None:
                here = _parts(header)
                size = min(len(here), len(names))
                inside = here[:size] == names[:size]
                if nth and inside:
                    passed += text.lstrip().startswith("[[")
                    inside = passed == nth
                line, rest = (number, names[size:]) if inside else (line, rest)
            is_key = bool(key) and _parts(key)[: len(rest)] == rest
            if inside and (is_key or (header is not None and not rest)):
                return number, f", line {number}, column {len(text) - len(text.lstrip()) + 1}"
        return line, f", line {line}" if line else ""


def header_of(line: str) -> str | None:
    """The names between the brackets of a table's header; ``None`` for any other line."""
    bare = line.strip()
    if not bare.startswith("["):
        return None
    names, bracket, after = bare.lstrip("[").partition("]")
    after = after.lstrip("]").lstrip()
    return names if bracket and (not after or after.startswith("#")) else None


def _key(line: str) -> str:
    """The dotted key that a value is given to on this line, or empty."""
    before, sign, _ = line.partition("=")
    return "" if not sign or "#" in before or "[" in before else before.strip()


def _parts(dotted: str) -> list[str]:
    parts = re.findall(r'"((?:[^"\\]|\\.)*)"|\'([^\']*)\'|([^\s.]+)', dotted)
    return ".".join(a or b or c for a, b, c in parts).split(".")


def read(path: Path, *, must_exist: bool) -> TomlFile | None:
    """The file at ``path``, or ``None`` where there is none and none ``must_exist``.

    Raises `ConfigError`: not TOML, too large, or open to somebody who could have planted it.
    """
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:  # noqa: PTH123
            found = os.fstat(file.fileno())
            _check_owner(path, found)
            data = file.read(MAX_CONFIG_FILE + 1)
    except FileNotFoundError:
        if must_exist:
            raise ConfigError(f"There is no file {path}.") from None
        return None
    except OSError as error:
        raise ConfigError(f"Cannot read {path}: {error.strerror}.") from None
    if len(data) > MAX_CONFIG_FILE:
        raise ConfigError(
            f"{path} is larger than {MAX_CONFIG_FILE // 1024 // 1024} MiB: no settings file."
        )
    text = _decode(path, data)
    return TomlFile(path, _parse(path, text), stat.S_IMODE(found.st_mode), path.is_symlink(), text)


def _check_owner(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise ConfigError(f"{path} is not a regular file.")
    me = os.geteuid()
    if found.st_uid not in {me, 0} and me != 0:
        raise ConfigError(f"{path} belongs to someone else, so it was not read.")
    if found.st_mode & _SHARED_WRITE:
        raise ConfigError(f"Everyone can write {path}, so it was not read.", f"Run: chmod 600 {path}")
    folder = path.parent.stat()
    if folder.st_mode & _SHARED_WRITE and not folder.st_mode & stat.S_ISVTX:
        raise ConfigError(
            f"Everyone can put files into {path.parent}, so {path.name} was not read.",
            f"Run: chmod 700 {path.parent}",
        )


def _decode(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}, line {line}: not UTF-8.", "Save it as UTF-8.") from None


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        place = re.search(r" \(at line (\d+), column (\d+)\)$", said)
        if place:
            where = f", line {place[1]}, column {place[2]}"
        else:
            where = f", line {max(1, len(text.splitlines()))}"
        what = re.sub(r" \(at [^()]*\)$", "", said)
        raise ConfigError(f"{path}{where}: {safe(what)}.") from None
    except (RecursionError, ValueError):
        raise ConfigError(f"{path}: not TOML that can be read.") from None
