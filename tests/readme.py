"""The tables of README.md that are made of the code; ``python -m tests.readme`` writes them.

Keys come from `fdtui.core.commands`, settings from `fdtui.config.settings`. Each table block stands
between two comments, and what is outside of them is written by hand.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

from fdtui.config.settings import Actions, Board, Notify, Profile, ViewSettings
from fdtui.core.commands import COMMANDS, IN_SCOPE, Command, Group, Scope
from fdtui.core.query.guide import GUIDE, NAMES

README = Path(__file__).parents[1] / "README.md"
PANES = (
    Scope.DETAIL,
    Scope.COMMENTS,
    Scope.CHECKLIST,
    Scope.LINKS,
    Scope.FILES,
    Scope.ACTIVITY,
    Scope.RUNS,
    Scope.TRANSFERS,
    Scope.REQUESTS,
    Scope.TRIAGE,
)
"""What stands beside the board; every other scope lies over it."""
SETTINGS = {
    "profiles.NAME": Profile,
    "board": Board,
    "actions": Actions,
    "notify": Notify,
    "views": ViewSettings,
}


def begin(block: str) -> str:
    """The line before a block."""
    return f"<!-- {block}: written by `python -m tests.readme` -->"


def end(block: str) -> str:
    """The line behind a block."""
    return f"<!-- end of {block} -->"


def blocks() -> dict[str, str]:
    """What stands between the markers, by the block's name."""
    dialogs = [each for each in Scope if each is not Scope.BOARD and each not in PANES]
    return {
        "keys of the board": "\n".join(_board()),
        "keys of panes": "\n".join(_scopes(PANES)),
        "keys of dialogs": "\n".join(_scopes(dialogs)),
        "settings": "\n".join(_settings()),
        "filter language": "\n".join(_language()),
    }


def made(readme: str) -> str:
    """The README with its blocks as they should be."""
    for name, text in blocks().items():
        before, _, rest = readme.partition(begin(name) + "\n")
        _, _, after = rest.partition(end(name))
        if not after:
            raise ValueError(f"README.md has no block “{name}”")
        readme = f"{before}{begin(name)}\n\n{text}\n{end(name)}{after}"
    return readme


def _board() -> Iterator[str]:
    for group in Group:
        yield from _keys(str(group), [each for each in COMMANDS if each.group is group])


def _scopes(scopes: Sequence[Scope]) -> Iterator[str]:
    for scope in scopes:
        if IN_SCOPE[scope]:
            yield from _keys(scope.place[0].upper() + scope.place[1:], IN_SCOPE[scope])


def _keys(title: str, commands: Iterable[Command]) -> Iterator[str]:
    yield from (f"**{title}**", "", "| key | command | what it does |", "| --- | --- | --- |")
    for _, alike in groupby(commands, _series):
        first, *others = alike
        names, keys, words = f"`{first.id}`", _codes(first.keys), first.help
        if others:
            names, keys = f"{names} … `{others[-1].id}`", f"{keys} … {_codes(others[-1].keys)}"
            words = re.sub(r"\b1\b\.?", "*n*", words)
        yield f"| {keys} | {names} | {_cell(words)} |"
    yield ""


def _series(command: Command) -> str:
    """What commands have in common that differ by a number only; such share a line."""
    return re.sub(r"\d+$", "", command.id)


def _codes(keys: Iterable[str]) -> str:
    return " ".join(f"`` {each} ``" if "`" in each else f"`{_cell(each)}`" for each in keys)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _language() -> Iterator[str]:
    yield from ("| filter | shows |", "| --- | --- |")
    yield from (f"| `{each.query}` | {each.words} |" for each in GUIDE)
    yield from ("", NAMES)


def _settings() -> Iterator[str]:
    for name, table in SETTINGS.items():
        header = f"[[{name}]]" if table is ViewSettings else f"[{name}]"
        yield from (f"**`{header}`**", "", "| key | default | what it does |", "| --- | --- | --- |")
        for each in dataclasses.fields(table):
            if "says" in each.metadata:
                yield f"| `{each.name}` | {_default(each)} | {_cell(each.metadata['says'])} |"
        yield ""


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


if __name__ == "__main__":
    README.write_text(made(README.read_text("utf-8")), "utf-8")
