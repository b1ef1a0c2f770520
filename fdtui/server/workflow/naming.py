"""The ids that a workflow's file leaves out, and the names that it says things had before.

What has no id is known by its name, or by the one in ``was``; else an id is made of the name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any

from fdtui.core.frozen import frozen
from fdtui.server.workflow.reading import Table

IDENTIFIED_BY = {
    "fields": "name",
    "roles": "name",
    "people": "email",
    "links": "name",
    "actions": "name",
}
"""What identifies the entries of a section, besides their id."""
_LETTERS = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_WORDS = {"fields": "options", "stages": "checklist"}
"""The lists in a section's entries that hold names, or tables of a name and what it was."""


@frozen
class Renamed:
    """New names to the old ones, of what has no id; what has one is the same under any name."""

    stages: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By field id."""
    items: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Of checklists, by the stage's new name."""
    syncs: Mapping[str, str] = field(default_factory=dict)


def complete(tables: Table, known: Table | None) -> tuple[dict[str, Any], Renamed]:
    """``tables`` with an id for everything, roles by id and no ``was``; and what that said.

    ``known`` is the workflow as it was, whose ids stay with their names.
    """
    done: dict[str, Any] = dict(tables)
    for section in IDENTIFIED_BY:
        done[section] = _with_ids(tables, section, (known or {}).get(section, ()))
    renamed = Renamed(
        stages=_old_names(tables.get("stages", ())),
        options=_inner(done["fields"], "id", "options"),
        items=_inner(tables.get("stages", ()), "name", "checklist"),
        syncs=_old_names(tables.get("syncs", ())),
    )
    for section in (*IDENTIFIED_BY, "stages", "syncs"):
        if section in done:
            done[section] = [_plain(each, _WORDS.get(section, "")) for each in done[section]]
    roles = {each["name"]: each["id"] for each in done["roles"]}
    ids = set(roles.values())
    done["people"] = [_with_role(each, roles, ids) for each in done["people"]]
    done["actions"] = [_with_roles(each, roles, ids) for each in done["actions"]]
    return done, renamed


def made(*names: Any) -> str:
    """An id that is the same every time it is made of the same names."""
    digest = hashlib.sha256("\0".join(map(str, names)).encode("utf-8", "surrogatepass")).digest()
    number = int.from_bytes(digest[:8])
    letters = []
    for _ in range(6):
        number, place = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[place])
    return "".join(letters)


def names_of(entries: Iterable[Any]) -> list[str]:
    """The names in a list of names, or of tables with one; empty for what is neither."""
    names = [each.get("name") if isinstance(each, dict) else each for each in entries]
    return [each if isinstance(each, str) else "" for each in names]


def _with_ids(tables: Table, section: str, known: Iterable[Table]) -> list[Any]:
    """The entries of a section, each with an id: its own, the one it is known by, or a new one."""
    key, entries = IDENTIFIED_BY[section], list(tables.get(section, ()))
    before: dict[str, str] = {entry[key]: entry["id"] for entry in known}
    read = [entry for entry in entries if isinstance(entry, dict)]
    now = {entry.get(key) for entry in read}
    taken = {*before.values(), *(entry["id"] for entry in read if "id" in entry)}
    done = []
    for entry in entries:
        if not isinstance(entry, dict) or "id" in entry or key not in entry:
            done.append(entry)
            continue
        name, was = entry[key], entry.get("was", "")
        id_ = before.get(name) or (before.get(was) if was not in now else None)
        if id_ is None:
            id_ = _free(taken, tables["id"], section, name)
        taken.add(id_)
        done.append({"id": id_, **entry})
    return done


def _free(taken: set[str], *names: Any) -> str:
    """An id made of ``names`` that nothing else has: a renamed thing keeps that of its first name."""
    id_, number = made(*names), 1
    while id_ in taken:
        number += 1
        id_ = made(*names, number)
    return id_


def _inner(entries: Iterable[Any], key: str, words: str) -> dict[str, dict[str, str]]:
    found = {
        entry[key]: _old_names(entry.get(words, ()))
        for entry in entries
        if isinstance(entry, dict) and key in entry
    }
    return {name: each for name, each in found.items() if each}


def _old_names(entries: Any) -> dict[str, str]:
    tables = [each for each in entries if isinstance(each, dict)] if isinstance(entries, list) else []
    return {each["name"]: each["was"] for each in tables if each.get("was") and "name" in each}


def _plain(entry: Any, words: str) -> Any:
    """``entry`` without ``was``, and with plain names in its list of ``words``, their colours beside."""
    if not isinstance(entry, dict):
        return entry
    done = {key: each for key, each in entry.items() if key != "was"}
    if isinstance(done.get(words), list):
        tables = [each for each in done[words] if isinstance(each, dict)]
        if colors := {each["name"]: each["color"] for each in tables if each.get("color")}:
            done["colors"] = colors
        done[words] = [each.get("name") if isinstance(each, dict) else each for each in done[words]]
    return done


def _with_role(entry: Table, roles: Mapping[str, str], ids: set[str]) -> dict[str, Any]:
    role = entry.get("role", "")
    return dict(entry) if role in ids or role not in roles else {**entry, "role": roles[role]}


def _with_roles(entry: Any, roles: Mapping[str, str], ids: set[str]) -> Any:
    named = entry.get("roles") if isinstance(entry, dict) else None
    if not isinstance(named, list):
        return entry
    return {**entry, "roles": [each if each in ids else roles.get(each, each) for each in named]}
