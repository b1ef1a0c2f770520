"""What actions of a workflow file say of stages, fields, people and links that are not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fdtui.core.names import same_email
from fdtui.core.query import Comparison, QueryError, compile_query, leaves, resolve
from fdtui.core.query import parse as parse_query
from fdtui.core.schema import ASSIGNEE, BUILT_INS, STAGE, TASK_URL, Field, FieldType
from fdtui.server.shapes.mistakes import Mistake, shown, unknown
from fdtui.server.shapes.places import Path
from fdtui.server.shapes.world import Seen, World, names_in, tables_in, text_in
from fdtui.server.workflow import templates
from fdtui.server.workflow.converting import SELECTS

_SPEAKING = ("to", "fields", "text", "subject", "body")
"""The keys of steps that may hold places for values."""
_EQUAL = (":", "=", "!=")
"""The comparisons with a whole value."""
_ANY_OR_NONE = ("any", "none", "null", "me", "")
"""What a query may say in place of a value."""


def of_actions(tables: Mapping[str, Any], world: World) -> Iterator[Mistake]:
    """The mistakes of all actions."""
    stages = [each.name for each in world.here.schema.stages]
    for path, action in tables_in(tables, "actions"):
        for number, stage in names_in(action, "stages"):
            if stage not in stages:
                yield unknown((*path, "stages", number), "stage", stage, stages)
        for number, name in names_in(action, "required"):
            if name not in world.here.keys - set(BUILT_INS):
                among = sorted(world.here.keys - set(BUILT_INS))
                yield unknown((*path, "required", number), "field", name, among)
        for place, condition in tables_in(action, "conditions", path):
            yield from _condition((*place, "when"), text_in(condition, "when"), world)
        yield from _steps(path, action, world)


def _condition(path: Path, when: str, world: World) -> Iterator[Mistake]:
    try:
        query = parse_query(when)
        compile_query(query, world.here.schema)
    except QueryError as error:
        yield Mistake(path, error.message, error.hint)
        return
    for test in leaves(query):
        if not isinstance(test, Comparison):
            continue
        field = resolve(test.name, world.here.schema)
        what, names = _values_of(field, world.here)
        folded = {*(each.casefold() for each in names), *_ANY_OR_NONE}
        for value in test.values if what and test.operator in _EQUAL else ():
            if value.text.casefold() not in folded:
                yield unknown(path, what, value.text, names)


def _values_of(field: Field, flow: Seen) -> tuple[str, Sequence[str]]:
    """What the values of a field are called, and which there are; empty where it takes any."""
    if field.name == STAGE:
        return "stage", [each.name for each in flow.schema.stages]
    if field.type == FieldType.PERSON:
        return "person", sorted(flow.emails)
    return ("option", field.options) if field.type in SELECTS else ("", ())


def _steps(path: Path, action: Mapping[str, Any], world: World) -> Iterator[Mistake]:
    steps = list(tables_in(action, "steps", path))
    for place, step in steps[:-1]:
        if step.get("kind") == "delete":
            yield Mistake(place, "must come last: after it there is no task.")
    for place, step in steps:
        yield from _step(place, step, world)


def _step(path: Path, step: Mapping[str, Any], world: World) -> Iterator[Mistake]:
    kind, here = step.get("kind"), world.here
    stages = [each.name for each in here.schema.stages]
    if kind in ("move", "schedule") and text_in(step, "stage") not in ("", *stages):
        yield unknown((*path, "stage"), "stage", step["stage"], stages)
    if kind == "assign" and (to := text_in(step, "to")) and not templates.names_in(to):
        yield from _person((*path, "to"), to, here)
    fields = step.get("fields")
    if kind == "update" and isinstance(fields, dict):
        yield from _values((*path, "fields"), fields, here)
    if kind in ("create_linked", "update_linked"):
        yield from _linked(path, step, world)
    known = [*sorted(here.keys), *templates.NO_FIELD_NAMES]
    for key in _SPEAKING:
        for place, name in _speaks((*path, key), step.get(key)):
            if name not in known:
                yield unknown(place, "field", name, known)


def _speaks(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    """The names in the places of a text, or of all texts inside."""
    if isinstance(value, str):
        yield from ((path, name) for name in templates.names_in(value))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _speaks((*path, number), each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _speaks((*path, key), each)


def _linked(path: Path, step: Mapping[str, Any], world: World) -> Iterator[Mistake]:
    link, fields = text_in(step, "link"), step.get("fields")
    if not link:
        return
    if link not in world.here.ends:
        yield unknown((*path, "link"), "link", link, sorted(world.here.ends))
        return
    other = world.seen(world.here.ends[link])
    if other is not None and isinstance(fields, dict):
        yield from _values((*path, "fields"), fields, other)


def _values(path: Path, fields: Mapping[str, Any], flow: Seen) -> Iterator[Mistake]:
    """What is set of a task of ``flow``, and to what, as far as the file itself says it."""
    settable = flow.keys - {TASK_URL}
    for name, value in fields.items():
        place = (*path, name)
        if name not in settable:
            yield unknown(place, "field", name, sorted(settable))
            continue
        texts = value if isinstance(value, list) else [value]
        for each in texts:
            if isinstance(each, str) and each and not templates.names_in(each):
                yield from _value(place, name, each, flow)


def _value(path: Path, name: str, value: str, flow: Seen) -> Iterator[Mistake]:
    field = flow.schema.field(name)
    stages = [each.name for each in flow.schema.stages]
    if name == STAGE and value not in stages:
        yield unknown(path, "stage", value, stages)
    elif name == ASSIGNEE or (field is not None and field.type == FieldType.PERSON):
        yield from _person(path, value, flow)
    elif field is not None and field.type in SELECTS and value not in field.options:
        says = f"there is no option {shown(value)} of {shown(name)}."
        yield Mistake(path, says, name=value, among=field.options)


def _person(path: Path, email: str, flow: Seen) -> Iterator[Mistake]:
    if not any(same_email(email, each) for each in flow.emails):
        yield unknown(path, "person", email, sorted(flow.emails))
