"""What a workflow's file would change: sentences, each marked if it loses data. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from fdtui.core.schema import Field
from fdtui.server.record import Record
from fdtui.server.workflow.converting import (
    Converter,
    kept_pairs,
    renamed_items,
    renamed_options,
    renamed_stages,
)
from fdtui.server.workflow.definition import LinkDefinition, Workflow, tables_of

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


@dataclass(frozen=True, slots=True)
class PlannedChange:
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


def plan(before: Workflow | None, after: Workflow, facts: Facts) -> tuple[PlannedChange, ...]:
    """From ``before`` (``None`` where there is none) to ``after``; empty where they are the same."""
    if before is None:
        schema = after.schema
        size = f"{len(schema.stages)} stages and {len(schema.fields)} fields"
        return (PlannedChange(f"Create the workflow {after.name} ({after.id}) with {size}."),)
    converter = Converter(before, after)
    for record in facts.records:
        converter.convert(record)
    return tuple(_changes(before, after, facts, converter))


def _changes(
    before: Workflow, after: Workflow, facts: Facts, converter: Converter
) -> Iterator[PlannedChange]:
    """Section by section; one that differs in what there are no words for is at least named."""
    old, new = before.schema, after.schema
    said: dict[str, list[PlannedChange]] = {
        "name": [],
        "stages": [*_stages(before, after, converter), *_checklists(before, after)],
        "fields": [*_fields(before, after, facts, converter), *_unique_id(before, after)],
        "roles": _named("role", old.roles, new.roles, "id", "name"),
        "people": _named("person", old.people, new.people, "id", "email"),
        "links": list(_links(before, after, facts)),
        "actions": _named("action", before.actions, after.actions, "id", "name"),
        "syncs": _syncs(before, after),
    }
    if before.name != after.name:
        said["name"].append(PlannedChange(f"Rename the workflow from {before.name} to {after.name}."))
    was, now = tables_of(before), tables_of(after)
    for section in {**now, **was}:
        told = said.get(section, [])
        yield from told
        if not told and was.get(section) != now.get(section):
            yield PlannedChange(f"Change the {section}.")


def _stages(before: Workflow, after: Workflow, converter: Converter) -> Iterator[PlannedChange]:
    renamed = renamed_stages(before, after)
    old = {each.name: each for each in before.schema.stages}
    for new, was in renamed.items():
        yield PlannedChange(f"Rename the stage {was} to {new}.")
    for name in old:
        if after.schema.stage(name) is None and name not in renamed.values():
            count = converter.losses.stages[name]
            fate = f"; {_tasks(count)} in it go to {after.first_stage}" if count else ""
            yield PlannedChange(f"Remove the stage {name}{fate}.", loses=bool(count))
    for each in after.schema.stages:
        was = renamed.get(each.name, each.name)
        if was not in old:
            yield PlannedChange(f"Add the stage {each.name}.")
            continue
        if (bool(old[was].end), old[was].color) != (bool(each.end), each.color):
            yield PlannedChange(f"Change the colour or the end of the stage {each.name}.")
        if old[was].limit != each.limit:
            yield PlannedChange(f"Change limit of the stage {each.name} to {_word(each.limit)}.")
    order = [renamed.get(each.name, each.name) for each in after.schema.stages]
    if [name for name in order if name in old] != [name for name in old if name in order]:
        yield PlannedChange("Change the order of the stages.")


def _checklists(before: Workflow, after: Workflow) -> Iterator[PlannedChange]:
    renamed = renamed_stages(before, after)
    for stage in (each.name for each in after.schema.stages):
        items = renamed_items(before, after, stage)
        for new, was in items.items():
            yield PlannedChange(f"Rename the checklist item {was} of the stage {stage} to {new}.")
        now = tuple(items.get(each, each) for each in after.checklists.get(stage, ()))
        if before.checklists.get(renamed.get(stage, stage), ()) != now:
            yield PlannedChange(
                f"Change the checklist of the stage {stage}, for tasks that enter it from now."
            )


def _fields(
    before: Workflow, after: Workflow, facts: Facts, converter: Converter
) -> Iterator[PlannedChange]:
    old = {each.id: each for each in before.schema.fields}
    new = {each.id: each for each in after.schema.fields}
    lost = converter.losses
    for id_, each in old.items():
        if id_ not in new:
            count = lost.fields[id_]
            fate = f", which {_tasks(count)} have" if count else ""
            yield PlannedChange(f"Remove the field {each.name}{fate}.", loses=bool(count))
    for id_, each in new.items():
        if id_ not in old:
            needed = " Tasks that are there do not have it yet." if each.required else ""
            empty = "" if not facts.records else needed
            yield PlannedChange(f"Add the field {each.name} ({each.type}).{empty}")
        else:
            yield from _field(old[id_], each, converter)
            yield from _options(old[id_], each, after, converter)
            yield from _facts(old[id_], each)
    kept = [id_ for id_ in new if id_ in old]
    if kept != [id_ for id_ in old if id_ in new]:
        yield PlannedChange("Change the order of the fields.")


def _field(old: Field, new: Field, converter: Converter) -> Iterator[PlannedChange]:
    lost = converter.losses
    if old.name != new.name:
        yield PlannedChange(f"Rename the field {old.name} to {new.name}.")
    if old.type != new.type:
        count = lost.fields[new.id]
        fate = f"; what {_tasks(count)} hold does not fit and is cleared" if count else ""
        yield PlannedChange(
            f"Make {new.name} a {new.type} instead of a {old.type}{fate}.", loses=bool(count)
        )


def _options(old: Field, new: Field, after: Workflow, converter: Converter) -> Iterator[PlannedChange]:
    lost, renamed = converter.losses, renamed_options(old, new, after)
    for option, was in renamed.items():
        yield PlannedChange(f"Rename the option {was} of {new.name} to {option}.")
    now = [renamed.get(option, option) for option in new.options]
    gone = {option for id_, option in lost.options if id_ == new.id}
    for option in sorted(gone | (set(old.options) - set(now))):
        count = lost.options[new.id, option]
        fate = f", which {_tasks(count)} have" if count else ""
        yield PlannedChange(f"Remove the option {option} of {new.name}{fate}.", loses=bool(count))
    for option in now:
        if option not in old.options:
            yield PlannedChange(f"Add the option {option} to {new.name}.")
    if [each for each in now if each in old.options] != [each for each in old.options if each in now]:
        yield PlannedChange(f"Change the order of the options of {new.name}.")
    if dict(old.colors) != dict(new.colors):
        yield PlannedChange(f"Change the colours of the options of {new.name}.")


def _facts(old: Field, new: Field) -> Iterator[PlannedChange]:
    for key in ("required", "editable", "limit", "autoincrement"):
        if getattr(old, key) != getattr(new, key):
            yield PlannedChange(f"Change {key} of {new.name} to {_word(getattr(new, key))}.")


def _unique_id(before: Workflow, after: Workflow) -> Iterator[PlannedChange]:
    old, new = before.schema.unique_id, after.schema.unique_id
    if (old and old.id) != (new and new.id):
        what = f"by {new.name}" if new else "by nothing: they can no longer be changed"
        yield PlannedChange(f"Identify tasks {what}.")


OF_LINKS = ("Remove the link ", "Change the link ", "Add the link ")
"""How a change begins that names a link, and with it perhaps another workflow."""


def _links(before: Workflow, after: Workflow, facts: Facts) -> Iterator[PlannedChange]:
    old = {each.id: each for each in before.links}
    new = {each.id: each for each in after.links}
    for id_, each in old.items():
        count = lost_pairs(each, new.get(id_), facts)
        fate = f", which joins {count} pairs of tasks" if count else ""
        if id_ not in new:
            yield PlannedChange(f"Remove the link {each.name}{fate}.", loses=bool(count))
            continue
        if new[id_].name != each.name:
            yield PlannedChange(f"Rename the link {each.name} to {new[id_].name}.")
        if new[id_] != replace(each, name=new[id_].name):
            parted = f"; {count} pairs of tasks are parted" if count else ""
            yield PlannedChange(f"Change the link {new[id_].name}{parted}.", loses=bool(count))
    for id_, each in new.items():
        if id_ not in old:
            yield PlannedChange(f"Add the link {each.name} to the workflow {each.to}.")


def lost_pairs(old: LinkDefinition, new: LinkDefinition | None, facts: Facts) -> int:
    """How many pairs a changed or removed link lets go of."""
    pairs = facts.pairs.get(old.id, ())
    if new is None or new.to != old.to:
        return len(pairs)
    return len(pairs) - len(kept_pairs(pairs, many=new.many, back_many=new.back_many))


def _named(what: str, old: Iterable[T], new: Iterable[T], key: str, name: str) -> list[PlannedChange]:
    """Things that hold no data of tasks, by ``key``: added, removed, renamed, changed."""
    before = {getattr(each, key): each for each in old}
    after = {getattr(each, key): each for each in new}
    gone = [each for id_, each in before.items() if id_ not in after]
    come = [each for id_, each in after.items() if id_ not in before]
    told = [PlannedChange(f"Remove the {what} {getattr(each, name)}.") for each in gone]
    told += [PlannedChange(f"Add the {what} {getattr(each, name)}.") for each in come]
    for was, now in ((before[id_], each) for id_, each in after.items() if id_ in before):
        called = getattr(now, name)
        if getattr(was, name) != called:
            told.append(PlannedChange(f"Rename the {what} {getattr(was, name)} to {called}."))
        if replace(was, **{name: called}) != now:
            told.append(PlannedChange(f"Change the {what} {called}."))
    return told


def _syncs(before: Workflow, after: Workflow) -> list[PlannedChange]:
    """Data syncs have no ids: one that was renamed is compared under its new name."""
    there, stays = {each.name for each in before.syncs}, {each.name for each in after.syncs}
    renamed = {
        old: new
        for new, old in after.renamed.syncs.items()
        if old in there and old not in stays and new not in there
    }
    told = [PlannedChange(f"Rename the data sync {old} to {new}.") for old, new in renamed.items()]
    old = [replace(each, name=renamed.get(each.name, each.name)) for each in before.syncs]
    return [*told, *_named("data sync", old, after.syncs, "name", "name")]


def _tasks(count: int) -> str:
    return "1 task" if count == 1 else f"{count} tasks"


def _word(value: object) -> str:
    return {True: "true", False: "false", None: "none"}.get(value, str(value))  # type: ignore[call-overload,no-any-return]
