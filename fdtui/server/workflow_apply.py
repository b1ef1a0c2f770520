"""A workflow's file put into the store: planned, refused where it would lose data, else done at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from fdtui.core import fields
from fdtui.core.errors import ConfigError, UsageError
from fdtui.core.schema import BUILT_INS, FieldType
from fdtui.core.values import Value
from fdtui.server.record import Record
from fdtui.server.store import (
    Store,
    Transaction,
    activity,
    blobs,
    checklists,
    links,
    schedules,
    tasks,
    workspace,
)
from fdtui.server.store.activity import ActivityEntry, Actor
from fdtui.server.workflow.catalog import Catalog
from fdtui.server.workflow.converting import (
    Converter,
    kept_pairs,
    renamed_items,
    renamed_people,
    renamed_stages,
)
from fdtui.server.workflow.definition import Workflow, parse
from fdtui.server.workflow.plan import Facts, PlannedChange, plan
from fdtui.server.workflow.reading import nearest


class LosesDataError(UsageError):
    """A plan that was not allowed to lose what it would."""

    def __init__(self, changes: Sequence[PlannedChange]) -> None:
        lost = " ".join(each.says for each in changes if each.loses)
        super().__init__(f"This would lose data: {lost}", "Say --allow-loss if it may.")


def read_file(store: Store, text: str, source: str) -> Workflow:
    """The workflow of a file, with the ids that its parts have in ``store``.

    Raises `ConfigError` with all mistakes of the file.
    """
    from fdtui.server.shapes.check import check  # noqa: PLC0415 - pydantic, which a start must not load

    text = text.removeprefix("\ufeff")  # which some editors put before the first character
    workflows = store.read(lambda tx: workspace.catalog(store, tx)).workflows
    workflow_id = check(text, source, workflows)
    return parse(text, source, known=workflows.get(workflow_id))


def planned(store: Store, definition: Workflow) -> tuple[PlannedChange, ...]:
    """What `apply` would do; raises `ConfigError` where it cannot be done at all."""

    def work(tx: Transaction) -> tuple[PlannedChange, ...]:
        before, facts = _there(store, tx, definition)
        _check(store, tx, definition)
        if before is not None:
            _converted(before, definition, facts)
        return plan(before, definition, facts)

    return store.read(work)


def apply(
    store: Store, definition: Workflow, actor: Actor, *, allow_loss: bool = False
) -> tuple[PlannedChange, ...]:
    """Make the store's workflow what ``definition`` says, in one transaction, and say what changed.

    Raises `LosesDataError` unless ``allow_loss``, `ConfigError` where it cannot be done at all.
    """

    def work(tx: Transaction) -> tuple[PlannedChange, ...]:
        before, facts = _there(store, tx, definition)
        _check(store, tx, definition)
        changes = plan(before, definition, facts)
        if any(each.loses for each in changes) and not allow_loss:
            raise LosesDataError(changes)
        if before is None:
            workspace.add(tx, definition)
        elif changes:
            changed = _migrate(store, tx, before, definition, facts)
            seen = changed or _is_seen_in_tasks(before, definition)
            workspace.replace(tx, definition, is_seen_in_tasks=seen)
        if changes:
            after: dict[str, Value] = {"changes": [each.says for each in changes]}
            activity.note(tx, actor, ActivityEntry(definition.id, "workflow.applied", after=after))
        return changes

    return store.write(work)


def _there(store: Store, tx: Transaction, definition: Workflow) -> tuple[Workflow | None, Facts]:
    catalog = workspace.catalog(store, tx)
    before = catalog.workflows.get(definition.id)
    if before is None:
        return None, Facts()
    pairs = {side.link: links.pairs(tx, side) for side in catalog.sides(definition.id) if side.left}
    return before, Facts(tasks.everything(tx, definition.id), pairs)


def _check(store: Store, tx: Transaction, definition: Workflow) -> None:
    """Refuse what no longer fits, for others may have changed the store since the file was read.

    A link must lead somewhere, and no key may stand twice in a task: a link has a name over there too.
    """
    known = {**workspace.catalog(store, tx).workflows, definition.id: definition}
    for link in definition.links:
        if link.to not in known:
            hint = nearest(link.to, known)
            raise ConfigError(f"The link {link.name!r} leads to no workflow: {link.to!r}.", hint)
    catalog = Catalog.of(known.values())
    for flow in known.values():
        own = [*BUILT_INS, *(each.name for each in flow.schema.fields)]
        names = Counter([*own, *(side.name for side in catalog.sides(flow.id))])
        name, count = names.most_common(1)[0]
        if count > 1:
            raise ConfigError(f"The tasks of {flow.name} would have {count} keys {name!r}.")
    ids = Counter(link.id for flow in known.values() for link in flow.links)
    for id_, count in ids.items():
        if count > 1:
            raise ConfigError(f"There would be {count} links of the id {id_!r}.")


def _converted(before: Workflow, after: Workflow, facts: Facts) -> list[Record]:
    """All tasks in their new shape, each with a unique id where there is one."""
    converter = Converter(before, after)
    records = [converter.convert(each) for each in facts.records]
    unique_id = after.schema.unique_id
    if unique_id is None:
        return records
    if unique_id.autoincrement:
        records = _numbered(records, unique_id.id)
    seen: set[str] = set()
    for record in records:
        uid = record.uid
        if uid is None or uid in seen or fields.check(replace(unique_id, required=False), uid):
            told = "is missing" if uid is None else f"{uid!r} is there twice or cannot be one"
            raise ConfigError(f"{unique_id.name} cannot identify the tasks: a value {told}.")
        seen.add(uid)
    return records


def _numbered(records: list[Record], field_id: str) -> list[Record]:
    taken = {each.uid for each in records}
    numbers = (str(number) for number in range(1, 2 * len(records) + 2))
    free = (number for number in numbers if number not in taken)
    done = []
    for record in records:
        uid = record.uid if record.uid is not None else next(free)
        done.append(replace(record, uid=uid, values={**record.values, field_id: uid}))
    return done


def _is_seen_in_tasks(before: Workflow, after: Workflow) -> bool:
    """Whether tasks read otherwise, though they are stored as before: by a field's name, say."""
    return (before.schema.fields, before.links) != (after.schema.fields, after.links)


def _migrate(store: Store, tx: Transaction, before: Workflow, after: Workflow, facts: Facts) -> bool:
    """Bring tasks, and what hangs on them, into the new shape; whether any task is stored otherwise."""
    kinds = {each.id: each.type for each in after.schema.fields}
    files = [each.id for each in before.schema.fields if each.type == FieldType.FILE]
    gone = [field_id for field_id in files if kinds.get(field_id) != FieldType.FILE]
    records = _converted(before, after, facts)
    if [each.uid for each in records] != [each.uid for each in facts.records]:
        for each in facts.records:  # ids may change places, so all are free first
            tasks.save(tx, replace(each, uid=None))
    for old, new in zip(facts.records, records, strict=True):
        for field_id in gone:
            if field_id in old.values:
                blobs.replace(store, tx, new.id, field_id, ())
        if old != new:
            tasks.save(tx, new)
    for name, was in renamed_stages(before, after).items():
        checklists.move_stage(tx, after.id, was, name)
        schedules.move_stage(tx, after.id, was, name)
    for stage in after.checklists:
        for title, was in renamed_items(before, after, stage).items():
            checklists.rename(tx, after.id, stage, was, title)
    checklists.hand_over(tx, after.id, renamed_people(before, after))
    unique_id = after.schema.unique_id
    if unique_id is not None and unique_id.autoincrement:
        numbers = [int(each.uid) for each in records if each.uid and each.uid.isdecimal()]
        first = max([*numbers, workspace.next_uid(tx, after.id) - 1]) + 1
        workspace.set_next_uid(tx, after.id, first)
    _migrate_links(tx, before, after, facts)
    return records != list(facts.records)


def _migrate_links(tx: Transaction, before: Workflow, after: Workflow, facts: Facts) -> None:
    new = {each.id: each for each in after.links}
    for old in before.links:
        link, pairs = new.get(old.id), facts.pairs.get(old.id, ())
        if link is None or link.to != old.to:
            links.keep(tx, old.id, ())
        elif (link.many, link.back_many) != (old.many, old.back_many):
            links.keep(tx, old.id, kept_pairs(pairs, many=link.many, back_many=link.back_many))
