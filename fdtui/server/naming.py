"""The ids that a workflow's file leaves out: those that are known by name already, else made of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from fdtui.server.reading import Table

_BY = {"fields": "name", "roles": "name", "people": "email", "links": "name", "actions": "name"}
"""What tells the entries of a section apart, besides their id."""
_LETTERS = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def complete(tables: Table, known: Table | None) -> dict[str, Any]:
    """``tables`` with an id for everything, and roles by id where they were named.

    ``known`` is the workflow as it was, whose ids stay with their names.
    """
    done: dict[str, Any] = dict(tables)
    for section, key in _BY.items():
        before = {entry[key]: entry["id"] for entry in (known or {}).get(section, ())}
        done[section] = [
            entry
            if not isinstance(entry, dict) or "id" in entry or key not in entry
            else {"id": before.get(entry[key]) or made(tables["id"], section, entry[key]), **entry}
            for entry in tables.get(section, ())
        ]
    roles = {each["name"]: each["id"] for each in done["roles"]}
    ids = set(roles.values())
    done["people"] = [_with_role(each, roles, ids) for each in done["people"]]
    done["actions"] = [_with_roles(each, roles, ids) for each in done["actions"]]
    return done


def made(*names: Any) -> str:
    """An id that is the same every time it is made of the same names."""
    digest = hashlib.sha256("\0".join(map(str, names)).encode("utf-8", "surrogatepass")).digest()
    number = int.from_bytes(digest[:8])
    letters = []
    for _ in range(6):
        number, place = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[place])
    return "".join(letters)


def _with_role(entry: Table, roles: Mapping[str, str], ids: set[str]) -> dict[str, Any]:
    role = entry.get("role", "")
    return dict(entry) if role in ids or role not in roles else {**entry, "role": roles[role]}


def _with_roles(entry: Any, roles: Mapping[str, str], ids: set[str]) -> Any:
    named = entry.get("roles") if isinstance(entry, dict) else None
    if not isinstance(named, list):
        return entry
    return {**entry, "roles": [each if each in ids else roles.get(each, each) for each in named]}
