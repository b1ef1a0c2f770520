"""Reading ``config.toml``: only what its owner wrote, and every complaint with its place."""

from __future__ import annotations

import difflib
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

MAX_SIZE = 1024 * 1024
"""Bytes of the largest file that can be meant as settings."""
_SHARED_WRITE = stat.S_IWOTH
_ANY_BUT_OWNER = stat.S_IRWXG | stat.S_IRWXO


@frozen
class TomlFile:
    """A settings file that was read."""

    path: Path
    tables: Mapping[str, Any] = field(repr=False)
    mode: int
    is_link: bool
    _text: str = field(repr=False)

    def wrong(self, keys: Iterable[str], what: str, known: Iterable[str] = ()) -> ConfigError:
        """The error that names this file, the line where ``keys`` leads, and the nearest ``known``."""
        names = list(keys)
        near = difflib.get_close_matches(names[-1], list(known), n=1)
        hint = f"Did you mean {near[0]}?" if near else ""
        return ConfigError(f"{self.path}{self._place(names)}: {safe('.'.join(names))} {what}.", hint)

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

    def _place(self, names: list[str]) -> str:
        """``, line 3, column 1`` for the key at the end of ``names``, as far as it can be found."""
        line, inside, rest = 0, True, names
        for number, text in enumerate(self._text.splitlines(), start=1):
            header = re.match(r"\s*\[+(.*?)\]+\s*(#.*)?$", text)
            key = re.match(r"\s*([^=#\[]+?)\s*=", text)
            if header:
                here = _parts(header[1])
                size = min(len(here), len(names))
                inside = here[:size] == names[:size]
                line, rest = (number, names[size:]) if inside else (line, rest)
            if inside and ((header and not rest) or (key and _parts(key[1])[: len(rest)] == rest)):
                return f", line {number}, column {len(text) - len(text.lstrip()) + 1}"
        return f", line {line}" if line else ""


def _parts(dotted: str) -> list[str]:
    parts = re.findall(r'"((?:[^"\\]|\\.)*)"|\'([^\']*)\'|([^\s.]+)', dotted)
    return [a or b or c for a, b, c in parts]


def read(path: Path, *, must_exist: bool) -> TomlFile | None:
    """The file at ``path``, or ``None`` where there is none and none ``must_exist``.

    Raises `ConfigError`: not TOML, too large, or open to somebody who could have planted it.
    """
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:  # noqa: PTH123
            found = os.fstat(file.fileno())
            _check_owner(path, found)
            data = file.read(MAX_SIZE + 1)
    except FileNotFoundError:
        if must_exist:
            raise ConfigError(f"There is no file {path}.") from None
        return None
    except OSError as error:
        raise ConfigError(f"Cannot read {path}: {error.strerror}.") from None
    if len(data) > MAX_SIZE:
        raise ConfigError(f"{path} is larger than {MAX_SIZE // 1024 // 1024} MiB: no settings file.")
    text = _decode(path, data)
    return TomlFile(path, _parse(path, text), stat.S_IMODE(found.st_mode), path.is_symlink(), text)


def _check_owner(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise ConfigError(f"{path} is no regular file.")
    me = os.geteuid()
    if found.st_uid not in {me, 0} and me != 0:
        raise ConfigError(f"{path} belongs to somebody else, so it was not read.")
    if found.st_mode & _SHARED_WRITE:
        raise ConfigError(f"Everybody can write {path}, so it was not read.", f"Run: chmod 600 {path}")
    folder = path.parent.stat()
    if folder.st_mode & _SHARED_WRITE and not folder.st_mode & stat.S_ISVTX:
        raise ConfigError(
            f"Everybody can put files into {path.parent}, so {path.name} was not read.",
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
