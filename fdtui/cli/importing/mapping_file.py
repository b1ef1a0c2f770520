"""How columns, stages and people are matched, kept as a file: for the next export of the same kind."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fdtui.cli.whole_file import whole_file
from fdtui.core.errors import UsageError
from fdtui.core.frozen import frozen
from fdtui.core.safetext import quoted
from fdtui.importing.mapping import ColumnMap

_SECTIONS = ("columns", "stages", "people")
_SUFFIX = ".toml"
Pairs = tuple[tuple[str, str], ...]


@frozen
class SaidMapping:
    """What was said about names: pairs of the file's and ours."""

    columns: Pairs = ()
    stages: Pairs = ()
    people: Pairs = ()
    saved: Pairs = ()
    """Those of the columns that a file says: today's export need not have all of them."""


def said_mapping(maps: tuple[str, ...], stages: tuple[str, ...], people: tuple[str, ...]) -> SaidMapping:
    """What the options say; those of the command line after those of files. Raises `UsageError`."""
    files = [_read(each) for each in maps if "=" not in each]
    columns = [pair for each in files for pair in each.columns]
    columns += [_pair(each, "--map") for each in maps if "=" in each]
    named = [pair for each in files for pair in each.stages]
    known = [pair for each in files for pair in each.people]
    return SaidMapping(
        tuple(columns),
        (*(_pair(each, "--stage") for each in stages), *named),
        (*(_pair(each, "--person") for each in people), *known),
        tuple(pair for each in files for pair in each.columns),
    )


def save_mapping(path: Path, mapping: ColumnMap, *, replaces: bool) -> None:
    """Write ``mapping`` into a file that `said_mapping` reads; raises `UsageError`, `StorageError`."""
    import tomlkit

    document = tomlkit.document()
    document.add(tomlkit.comment("Column of the file = field here; an empty name leaves it out."))
    for name, pairs in (
        ("columns", mapping.targets.items()),
        ("stages", mapping.stages),
        ("people", mapping.people),
    ):
        table = tomlkit.table()
        for theirs, ours in pairs:
            table.add(theirs, ours)
        if table:
            document.add(name, table)
    with whole_file(path, replaces=replaces) as file:
        file.write(tomlkit.dumps(document))


def _pair(said: str, option: str) -> tuple[str, str]:
    theirs, sign, ours = said.rpartition("=")
    if not sign or not theirs.strip():
        raise UsageError(
            f"{option} {quoted(said[:80])} names no pair.", f'Write {option} "THEIRS=OURS".'
        )
    return theirs.strip(), ours.strip()


def _read(path: str) -> SaidMapping:
    if not path.endswith(_SUFFIX):
        raise UsageError(
            f"--map {quoted(path[:80])} is neither a pair nor a file.",
            'Write --map "COLUMN=FIELD", or a file that --save-map has written.',
        )
    try:
        read = tomllib.loads(Path(path).read_text("utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{quoted(path)} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{quoted(path)} is no TOML: {error}.") from None
    for name, table in read.items():
        is_sound = isinstance(table, dict) and all(isinstance(each, str) for each in table.values())
        if name not in _SECTIONS or not is_sound:
            raise UsageError(
                f"{quoted(path)}: {quoted(name)} is not known here.",
                "It may hold [columns], [stages] and [people], with a text for each name.",
            )
    return SaidMapping(*(_pairs(read, name) for name in _SECTIONS))


def _pairs(read: Mapping[str, Any], name: str) -> Pairs:
    return tuple((str(theirs), str(ours)) for theirs, ours in read.get(name, {}).items())
