"""The tables of keys, made of `fdtui.core.commands`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from fdtui.core.commands import COMMANDS, IN_SCOPE, Command, Group, Scope
from tests.docs.markdown import cell, code, table

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
DIALOGS = tuple(each for each in Scope if each is not Scope.BOARD and each not in PANES)


def board() -> Iterator[str]:
    """The keys of the board, group by group."""
    for group in Group:
        yield from _keys(str(group), [each for each in COMMANDS if each.group is group])


def panes() -> Iterator[str]:
    """The keys of what stands beside the board."""
    return _scopes(PANES)


def dialogs() -> Iterator[str]:
    """The keys of what lies over the board."""
    return _scopes(DIALOGS)


def _scopes(scopes: Sequence[Scope]) -> Iterator[str]:
    for scope in scopes:
        if IN_SCOPE[scope]:
            yield from _keys(scope.place[0].upper() + scope.place[1:], IN_SCOPE[scope])


def _keys(title: str, commands: Iterable[Command]) -> Iterator[str]:
    yield from (f"### {title}", "")
    yield from table(("key", "command", "what it does"), map(_row, _alike(commands)))


def _alike(commands: Iterable[Command]) -> Iterator[list[Command]]:
    """Commands that differ by a number only share a line."""
    return (list(alike) for _, alike in groupby(commands, lambda each: re.sub(r"\d+$", "", each.id)))


def _row(alike: list[Command]) -> tuple[str, str, str]:
    first, *others = alike
    names, keys, words = f"`{first.id}`", _codes(first.keys), first.help
    if others:
        names, keys = f"{names} … `{others[-1].id}`", f"{keys} … {_codes(others[-1].keys)}"
        words = re.sub(r"\b1\b\.?", "*n*", words)
    return keys, names, cell(words)


def _codes(keys: Iterable[str]) -> str:
    return " ".join(map(code, keys))
