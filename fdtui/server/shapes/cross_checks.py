"""What a workflow file says of things that are not there, or are there twice.

It works on the tables as they were read, whatever else is wrong with them: so a mistake in one place
hides none in another. What is not of the shape it should be is passed over, for `mistakes.of_shape`
reports it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from fdtui.core.schema import BUILT_INS, FieldType
from fdtui.server.shapes.action_checks import of_actions
from fdtui.server.shapes.mistakes import Mistake, shown, unknown
from fdtui.server.shapes.places import Path
from fdtui.server.shapes.world import World, names_in, tables_in, text_in
from fdtui.server.workflow.definition import Workflow, tables_of
from fdtui.server.workflow.naming import IDENTIFIED_BY, names_of

_WORDS = {
    "stages": "stage",
    "fields": "field",
    "roles": "role",
    "people": "person",
    "links": "link",
    "actions": "action",
    "syncs": "data sync",
}


def of_sense(
    tables: Mapping[str, Any], known: Workflow | None, workflows: Mapping[str, Workflow]
) -> Iterator[Mistake]:
    """The mistakes of ``tables``, where ``known`` is what they will replace.

    ``workflows`` are those of the store that they will be put into.
    """
    world = World.of(tables, workflows)
    yield from _doubles(tables, world)
    yield from _unique_ids(tables)
    yield from _renames(tables, {} if known is None else tables_of(known))
    yield from _roles(tables)
    yield from _links(tables, world)
    yield from of_actions(tables, world)


def _doubles(tables: Mapping[str, Any], world: World) -> Iterator[Mistake]:
    keys = Counter([*BUILT_INS, *world.backs])
    for section in ("fields", "links"):
        for path, entry in tables_in(tables, section):
            name = text_in(entry, "name")
            keys[name] += 1
            if name and keys[name] > 1:
                says = f"the tasks have another key {shown(name)} already."
                yield Mistake((*path, "name"), says)
    for section, what in _WORDS.items():
        for key in ("id", "email", "name"):
            if (section, key) not in {("fields", "name"), ("links", "name"), ("people", "name")}:
                yield from _twice(tables, section, key, what)


def _twice(tables: Mapping[str, Any], section: str, key: str, what: str) -> Iterator[Mistake]:
    seen: set[str] = set()
    for path, entry in tables_in(tables, section):
        value = text_in(entry, key)
        if value and value in seen and not (key == "name" and "id" in entry):
            yield Mistake((*path, key), f"another {what} has the {_label(key)} {shown(value)} already.")
        seen.add(value)


def _label(key: str) -> str:
    return "e-mail" if key == "email" else key


def _unique_ids(tables: Mapping[str, Any]) -> Iterator[Mistake]:
    found = [
        path for path, each in tables_in(tables, "fields") if each.get("type") == FieldType.UNIQUE_ID
    ]
    for path in found[1:]:
        yield Mistake((*path, "type"), "only one field can be the unique id, and another one is.")


def _renames(tables: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[Mistake]:
    """What ``was`` says of names that no longer mean anything; of a new workflow it says nothing."""
    for section, what in _WORDS.items():
        here = list(tables_in(tables, section))
        before = known.get(section, ()) if known else None
        yield from _renamed(here, before, IDENTIFIED_BY.get(section, "name"), what)
        inner = {"stages": ("checklist", "checklist item"), "fields": ("options", "option")}.get(section)
        if inner:
            list_of, word = inner
            for path, entry in here:
                was = _before(entry, before, list_of)
                yield from _renamed_words(entry, (*path, list_of), list_of, was, word)


def _before(entry: Mapping[str, Any], before: Any, list_of: str) -> list[str] | None:
    """The options or items that the entry had before; ``None`` where it is new."""
    names = (entry.get("id"), entry.get("name"), entry.get("was"))
    for key, name in (("id", names[0]), ("name", names[1]), ("name", names[2])):
        found = [each for each in before or () if name and each.get(key) == name]
        if found:
            return list(found[0].get(list_of, ()))
    return None


def _renamed_words(
    entry: Mapping[str, Any], path: Path, key: str, before: list[str] | None, what: str
) -> Iterator[Mistake]:
    entries = entry.get(key)
    if isinstance(entries, list):
        names = names_of(entries)
        for number, double in _second(names):
            yield Mistake((*path, number), f"{what} {shown(double)} is listed twice.")
        here = [((*path, n), each) for n, each in enumerate(entries) if isinstance(each, dict)]
        known = None if before is None else [{"name": each} for each in before]
        yield from _renamed(here, known, "name", what, names)


def _second(names: Iterable[str]) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name and name in seen:
            yield number, name
        seen.add(name)


def _renamed(
    here: Sequence[tuple[Path, Mapping[str, Any]]],
    before: Iterable[Mapping[str, Any]] | None,
    key: str,
    what: str,
    names: Iterable[str] | None = None,
) -> Iterator[Mistake]:
    now = set(names or (text_in(entry, key) for _, entry in here))
    ids = None if before is None else {each[key]: each.get("id") for each in before}
    given: set[str] = set()
    for path, entry in here:
        was, name = text_in(entry, "was"), text_in(entry, key)
        if not was or not name:
            continue
        place = (*path, "was")
        if was in given:
            yield Mistake(place, f"another {what} was {shown(was)} too.")
        given.add(was)
        if ids is None or name in ids:
            continue  # it is new everywhere, or it has the new name already
        if was in now:
            yield Mistake(place, f"{shown(was)} is still the name of a {what} in this file.")
        elif was not in ids:
            yield unknown(place, what, was, ids)
        elif "id" in entry and entry["id"] != ids[was]:
            says = f"{shown(was)} has the id {shown(ids[was])}, and this one has another."
            yield Mistake(place, says, "Leave out the id, or give that one.")


def _roles(tables: Mapping[str, Any]) -> Iterator[Mistake]:
    roles = [each for _, each in tables_in(tables, "roles")]
    names = [*(text_in(each, "name") for each in roles), *(text_in(each, "id") for each in roles)]
    for path, entry in tables_in(tables, "people"):
        if text_in(entry, "role") and entry["role"] not in names:
            yield unknown((*path, "role"), "role", entry["role"], filter(None, names))
    for path, entry in tables_in(tables, "actions"):
        for number, role in names_in(entry, "roles"):
            if role not in names:
                yield unknown((*path, "roles", number), "role", role, filter(None, names))


def _links(tables: Mapping[str, Any], world: World) -> Iterator[Mistake]:
    for path, entry in tables_in(tables, "links"):
        to, back = text_in(entry, "to"), text_in(entry, "back")
        other = world.seen(to)
        if other is None:
            if to:
                yield unknown((*path, "to"), "workflow", to, world.ids)
        elif back and to != world.id and back in world.foreign_keys[to]:
            says = f"the tasks of {shown(other.name)} have another key {shown(back)} already."
            yield Mistake((*path, "back"), says)
        elif back and to == world.id and back in world.keys_but_links:
            yield Mistake((*path, "back"), f"the tasks have another key {shown(back)} already.")
        id_ = text_in(entry, "id")
        if id_ and id_ in world.foreign_links:
            yield Mistake((*path, "id"), f"a link of another workflow has the id {shown(id_)} already.")
