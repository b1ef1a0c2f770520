"""The tables of settings, variables and exit codes, and the words of the filter language."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from fdtui.cli.exit_codes import EXIT_MEANINGS
from fdtui.config.settings import Actions, Board, Notify, Profile, ViewSettings
from fdtui.config.variables import VARIABLES
from fdtui.core.query.guide import GUIDE, NAMES
from tests.docs.markdown import cell, table

TABLES = {
    "profiles.NAME": Profile,
    "board": Board,
    "actions": Actions,
    "notify": Notify,
    "views": ViewSettings,
}


def settings() -> Iterator[str]:
    """A table for each table of the settings file."""
    for name, shape in TABLES.items():
        header = f"[[{name}]]" if shape is ViewSettings else f"[{name}]"
        yield from (f"### `{header}`", "")
        yield from table(
            ("key", "default", "what it does"),
            (
                (f"`{each.name}`", _default(each), cell(each.metadata["says"]))
                for each in dataclasses.fields(shape)
                if "says" in each.metadata
            ),
        )


def _default(field: dataclasses.Field[object]) -> str:
    made_by = field.default_factory
    value = field.default if made_by is dataclasses.MISSING else made_by()
    match value:
        case bool():
            return f"`{str(value).lower()}`"
        case dataclasses.MISSING | None | "":
            return ""
        case tuple() | list():
            return "`[]`" if field.name == "confirm" else ""
        case _:
            return f"`{value}`"


def variables() -> Iterator[str]:
    """The environment variables."""
    return table(
        ("variable", "meaning"), ((f"`{name}`", cell(says)) for name, says in VARIABLES.items())
    )


def exit_codes() -> Iterator[str]:
    """How a command ends."""
    return table(("code", "meaning"), ((str(code.value), says) for code, says in EXIT_MEANINGS.items()))


def language() -> Iterator[str]:
    """The filter language by examples."""
    yield from table(("filter", "shows"), ((f"`{each.query}`", each.words) for each in GUIDE))
    yield NAMES
