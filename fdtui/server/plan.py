"""What a workflow's file would change: sentences, each marked if it loses data. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from fdtui.core.schema import Field
from fdtui.server.converting import Converter, kept_pairs, renamed_stages
from fdtui.server.definition import Link, Workflow, tables_of
from fdtui.server.record import Record

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a plan."""

    says: str
    loses: bool = False
    """Whether data that is there will be gone."""


@dataclass(frozen=True)
class Facts:
    """What a workflow holds."""

    records: Sequence[Record] = ()
    pairs: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    """Task here and task there, by link id."""


def plan(before: Workflow | None, after: Workflow, facts: Facts) -> tuple[Change, ...]:
    """From ``before`` (``None`` where there is none) to ``after``; empty where they are the same."""
    if before is None:
        schema = after.schema
        size = f"{len(schema.stages)} stages and {len(schema.fields)} fields"
        return (Change(f"Create the workflow {after.name} ({after.id}) with {size}."),)
    converter = Converter(before, after)
    for record in facts.records:
        converter.convert(record)
    return tuple(_changes(before, after, facts, converter))


def _changes(before: Workflow, after: Workflow, facts: Facts, converter: Converter) -> Iterator[Change]:
    """Section by section; one that differs in what there are no words for is at least named."""
    old, new = before.schema, after.schema
    said: dict[str, list[Change]] = {
        "name": [],
        "stages": [*_stages(before, after, converter), *_checklists(before, after)],
        "fields": [*_fields(before, after, facts, converter), *_unique_id(before, after)],
        "roles": _named("role", old.roles, new.roles, lambda each: (each.id, each.name)),
        "people": _named("person", old.people, new.people, lambda each: (each.email, each.email)),
        "links": list(_links(before, after, facts)),
        "actions": _named("action", before.actions, after.actions, lambda each: (each.id, each.name)),
    }
    if before.name != after.name:
        said["name"].append(Change(f"Rename the workflow from {before.name} to {after.name}."))
    was, now = tables_of(before), tables_of(after)
    for section in {**now, **was}:
        told = said.get(section, [])
        yield from told
        if not told and was.get(section) != now.get(section):
            yield Change(f"Change the {section}.")


def _stages(before: Workflow, after: Workflow, converter: Converter) -> Iterator[Change]:
    renamed = renamed_stages(before, after)
    old = {each.name: each for each in before.schema.stages}
    for new, was in renamed.items():
        yield Change(f"Rename the stage {was} to {new}.")
    for name in old:
        if after.schema.stage(name) is None and name not in renamed.values():
            count = converter.losses.stages[name]
            fate = f"; {_tasks(count)} in it go to {after.first_stage}" if count else ""
            yield Change(f"Remove the stage {name}{fate}.", loses=bool(count))
    for each in after.schema.stages:
        was = renamed.get(each.name, each.name)
        if was not in old:
            yield Change(f"Add the stage {each.name}.")
        elif (bool(old[was].end), old[was].color) != (bool(each.end), each.color):
            yield Change(f"Change the colour or the end of the stage {each.name}.")
    order = [renamed.get(each.name, each.name) for each in after.schema.stages]
    if [name for name in order if name in old] != [name for name in old if name in order]:
        yield Change("Change the order of the stages.")


def _checklists(before: Workflow, after: Workflow) -> Iterator[Change]:
    renamed = renamed_stages(before, after)
    for stage in (each.name for each in after.schema.stages):
        if before.checklists.get(renamed.get(stage, stage)) != after.checklists.get(stage):
            yield Change(f"Change the checklist of the stage {stage}, for tasks that enter it from now.")


def _fields(before: Workflow, after: Workflow, facts: Facts, converter: Converter) -> Iterator[Change]:
    old = {each.id: each for each in before.schema.fields}
    new = {each.id: each for each in after.schema.fields}
    lost = converter.losses
    for id_, each in old.items():
        if id_ not in new:
            count = lost.fields[id_]
            fate = f", which {_tasks(count)} have" if count else ""
            yield Change(f"Remove the field {each.name}{fate}.", loses=bool(count))
    for id_, each in new.items():
        if id_ not in old:
            needed = " Tasks that are there do not have it yet." if each.required else ""
            empty = "" if not facts.records else needed
            yield Change(f"Add the field {each.name} ({each.type}).{empty}")
        else:
            yield from _field(old[id_], each, converter)
    kept = [id_ for id_ in new if id_ in old]
    if kept != [id_ for id_ in old if id_ in new]:
        yield Change("Change the order of the fields.")


def _field(old: Field, new: Field, converter: Converter) -> Iterator[Change]:
    lost = converter.losses
    if old.name != new.name:
        yield Change(f"Rename the field {old.name} to {new.name}.")
    if old.type != new.type:
        count = lost.fields[new.id]
        fate = f"; what {_tasks(count)} hold does not fit and is cleared" if count else ""
        yield Change(f"Make {new.name} a {new.type} instead of a {old.type}{fate}.", loses=bool(count))
    gone = {option for id_, option in lost.options if id_ == new.id}
    for option in sorted(gone | (set(old.options) - set(new.options))):
        count = lost.options[new.id, option]
        fate = f", which {_tasks(count)} have" if count else ""
        yield Change(f"Remove the option {option} of {new.name}{fate}.", loses=bool(count))
    for option in new.options:
        if option not in old.options:
            yield Change(f"Add the option {option} to {new.name}.")
    common = [each for each in new.options if each in old.options]
    if common != [each for each in old.options if each in new.options]:
        yield Change(f"Change the order of the options of {new.name}.")
    for key in ("required", "editable", "limit", "autoincrement"):
        if getattr(old, key) != getattr(new, key):
            yield Change(f"Change {key} of {new.name} to {_word(getattr(new, key))}.")


def _unique_id(before: Workflow, after: Workflow) -> Iterator[Change]:
    old, new = before.schema.unique_id, after.schema.unique_id
    if (old and old.id) != (new and new.id):
        what = f"by {new.name}" if new else "by nothing: they cannot be changed any more"
        yield Change(f"Tell tasks apart {what}.")


def _links(before: Workflow, after: Workflow, facts: Facts) -> Iterator[Change]:
    old = {each.id: each for each in before.links}
    new = {each.id: each for each in after.links}
    for id_, each in old.items():
        count = lost_pairs(each, new.get(id_), facts)
        fate = f", which joins {count} pairs of tasks" if count else ""
        if id_ not in new:
            yield Change(f"Remove the link {each.name}{fate}.", loses=bool(count))
        elif new[id_] != each:
            parted = f"; {count} pairs of tasks are parted" if count else ""
            yield Change(f"Change the link {new[id_].name}{parted}.", loses=bool(count))
    for id_, each in new.items():
        if id_ not in old:
            yield Change(f"Add the link {each.name} to the workflow {each.to}.")


def lost_pairs(old: Link, new: Link | None, facts: Facts) -> int:
    """How many pairs a changed or removed link lets go of."""
    pairs = facts.pairs.get(old.id, ())
    if new is None or new.to != old.to:
        return len(pairs)
    return len(pairs) - len(kept_pairs(pairs, many=new.many, back_many=new.back_many))


def _named(
    what: str, old: Iterable[T], new: Iterable[T], name: Callable[[T], tuple[str, str]]
) -> list[Change]:
    """Things that hold no data of tasks: added, removed, changed."""
    before = {name(each)[0]: each for each in old}
    after = {name(each)[0]: each for each in new}
    gone = [each for id_, each in before.items() if id_ not in after]
    come = [each for id_, each in after.items() if id_ not in before]
    other = [each for id_, each in after.items() if id_ in before and before[id_] != each]
    return [
        Change(f"{verb} the {what} {name(each)[1]}.")
        for verb, some in (("Remove", gone), ("Add", come), ("Change", other))
        for each in some
    ]


def _tasks(count: int) -> str:
    return "1 task" if count == 1 else f"{count} tasks"


def _word(value: object) -> str:
    return {True: "true", False: "false", None: "none"}.get(value, str(value))  # type: ignore[call-overload,no-any-return]
