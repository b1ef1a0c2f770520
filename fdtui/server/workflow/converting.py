"""A stored task in the shape of a changed workflow, and the parts that do not fit. Pure.

The plan counts what does not fit, and applying it keeps what does: both ask `Converter`, so that a plan
cannot say less than will happen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from fdtui.core import fields
from fdtui.core.schema import Field, FieldType
from fdtui.core.values import Value
from fdtui.server.record import Record
from fdtui.server.workflow.definition import Workflow

SELECTS = (FieldType.SINGLE_SELECT, FieldType.MULTIPLE_SELECT)


@dataclass(frozen=True)
class Losses:
    """How many tasks lose what: by old stage, by field id, by field id and option."""

    stages: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    options: Counter[tuple[str, str]] = field(default_factory=Counter)


class Converter:
    """From the workflow ``before`` to the one ``after``."""

    def __init__(self, before: Workflow, after: Workflow) -> None:
        self._before, self._after = before, after
        self._stages = {old: new for new, old in renamed_stages(before, after).items()}
        self._fields = {each.id: each for each in after.schema.fields}
        self._people = renamed_people(before, after)
        self.losses = Losses()

    def convert(self, record: Record) -> Record:
        """``record`` as it will be; counts what it loses."""
        values = dict(record.values)
        for each in self._before.schema.fields:
            if each.id in values:
                value = self._fit(each, self._fields.get(each.id), values.pop(each.id))
                if value is not None:
                    values[each.id] = value
        unique_id = self._after.schema.unique_id
        uid = None if unique_id is None else values.get(unique_id.id)
        assignee = None if record.assignee is None else self._email(record.assignee)
        return Record(
            record.id, self._stage(record), assignee, None if uid is None else str(uid), values
        )

    def _email(self, value: str) -> str:
        return self._people.get(value, value)

    def _stage(self, record: Record) -> str:
        stage = self._stages.get(record.stage, record.stage)
        if self._after.schema.stage(stage) is not None:
            return stage
        self.losses.stages[record.stage] += 1
        return self._after.first_stage

    def _fit(self, old: Field, new: Field | None, value: Value) -> Value:
        if new is None:
            self.losses.fields[old.id] += 1
            return None
        if new.type in SELECTS:
            return self._options(old, new, value)
        if new.type == old.type:
            is_person = new.type == FieldType.PERSON and isinstance(value, str)
            return self._email(str(value)) if is_person else value
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)  # a unique id that was a number
        is_file = FieldType.FILE in (old.type, new.type)
        if is_file or fields.check(replace(new, required=False), value):
            self.losses.fields[old.id] += 1
            return None
        return fields.kept(new, value)

    def _options(self, old: Field, new: Field, value: Value) -> Value:
        many = new.type == FieldType.MULTIPLE_SELECT
        names = {was: name for name, was in renamed_options(old, new, self._after).items()}
        held = value if isinstance(value, list) else [value]
        chosen = [names.get(each, each) if isinstance(each, str) else each for each in held]
        kept: list[Value] = [each for each in chosen if each in new.options]
        for each in chosen:
            if each not in kept:
                self.losses.options[new.id, str(each)] += 1
        if not many and len(kept) > 1:
            self.losses.fields[new.id] += 1
        if many:
            return kept or None
        return kept[0] if kept else None


def renamed_stages(before: Workflow, after: Workflow) -> dict[str, str]:
    """New names to old ones, as far as the file's ``was`` still means something."""
    there = {each.name for each in before.schema.stages}
    return _meant(after.renamed.stages, there, {each.name for each in after.schema.stages})


def renamed_options(old: Field, new: Field, after: Workflow) -> dict[str, str]:
    """The same of the options of a field."""
    return _meant(after.renamed.options.get(new.id, {}), old.options, new.options)


def renamed_items(before: Workflow, after: Workflow, stage: str) -> dict[str, str]:
    """The same of the checklist of a ``stage``, as it is called now."""
    was = renamed_stages(before, after).get(stage, stage)
    there, stays = before.checklists.get(was, ()), after.checklists.get(stage, ())
    return _meant(after.renamed.items.get(stage, {}), there, stays)


def renamed_people(before: Workflow, after: Workflow) -> dict[str, str]:
    """Old e-mails to new ones, of people who are there before and after."""
    now = {each.id: each.email for each in after.schema.people}
    return {
        each.email: now[each.id]
        for each in before.schema.people
        if each.id in now and now[each.id] != each.email
    }


def _meant(renamed: Mapping[str, str], there: Collection[str], stays: Collection[str]) -> dict[str, str]:
    return {
        new: old
        for new, old in renamed.items()
        if old in there and old not in stays and new not in there
    }


def kept_pairs(
    pairs: Iterable[tuple[str, str]], *, many: bool, back_many: bool
) -> list[tuple[str, str]]:
    """The pairs of a link that are left where an end holds but one task: the first of each."""
    kept: list[tuple[str, str]] = []
    lefts: set[str] = set()
    rights: set[str] = set()
    for left, right in pairs:
        if (many or left not in lefts) and (back_many or right not in rights):
            kept.append((left, right))
            lefts.add(left)
            rights.add(right)
    return kept
