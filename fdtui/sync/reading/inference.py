"""A workflow's shape read off its tasks, where an install has no schema calls.

A guess is marked as such (`Schema.inferred`), and what was once guessed stays: a type does not
change under the user because a task did.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from fdtui.core import fields
from fdtui.core.frozen import replace
from fdtui.core.moments import read_moment
from fdtui.core.names import find_name
from fdtui.core.schema import ASSIGNEE, BUILT_INS, STAGE, Field, FieldType, Person, Schema, Stage
from fdtui.core.task import uid_of
from fdtui.core.values import Row, Value, as_decimal

LINK = "link"
"""The type of a field that holds linked tasks; Flowdash has no name for it."""
_MONEY = re.compile(r"-?\d+\.\d{2}", re.ASCII)
_ID_WORDS = re.compile(r"\b(id|key|code|number|no|ref|reference|slug|uuid)\b", re.IGNORECASE)
MAX_OPTIONS = 30
LONG_TEXT_FROM = 120


def inferred_stages(rows: Iterable[Row], active: Iterable[Row] | None) -> tuple[Stage, ...]:
    """The stages in the order of their first task.

    Given the ``active`` tasks, a stage with tasks of which none is active is an end stage.
    """
    names = dict.fromkeys(name for row in rows if isinstance(name := row.get(STAGE), str))
    return ended(tuple(Stage(name) for name in names), rows, active)


def ordered(stages: Sequence[Stage], order: Sequence[str]) -> tuple[Stage, ...]:
    """``stages`` in the user's ``order``, with those in it that no task is in; the others follow.

    An order that names none of them is another workflow's.
    """
    known = {stage.name: stage for stage in stages}
    order = [find_name(name, known) or name for name in order]
    if stages and known.keys().isdisjoint(order):
        return tuple(stages)
    named = [known.get(name, Stage(name)) for name in dict.fromkeys(order)]
    return (*named, *(stage for stage in stages if stage.name not in order))


def ended(
    stages: Sequence[Stage], rows: Iterable[Row], active: Iterable[Row] | None
) -> tuple[Stage, ...]:
    """``stages`` with ``end`` filled in where it was unknown and the tasks show it."""
    if active is None:
        return tuple(stages)
    used = {row.get(STAGE) for row in rows}
    alive = {row.get(STAGE) for row in active}
    return tuple(
        stage
        if stage.end is not None or stage.name not in used
        else replace(stage, end=stage.name not in alive)
        for stage in stages
    )


def inferred_fields(rows: Sequence[Row], unique_id: str | None) -> tuple[Field, ...]:
    """The custom fields in the order of their first appearance, with a type each."""
    values: dict[str, list[Value]] = {}
    for row in rows:
        for name, value in row.items():
            if name not in BUILT_INS:
                values.setdefault(name, []).append(value)
    return tuple(_field(name, seen, name == unique_id) for name, seen in values.items())


def inferred_people(rows: Iterable[Row]) -> tuple[Person, ...]:
    """Everybody that a task is assigned to, by e-mail."""
    emails = {email for row in rows if isinstance(email := row.get(ASSIGNEE), str) and email}
    return tuple(Person(email) for email in sorted(emails))


def unique_id_candidates(rows: Sequence[Row]) -> tuple[str, ...]:
    """The fields that might be the unique id, the likeliest first.

    Such a field has a value in every task, and never the same twice.
    """
    if not rows:
        return ()
    names = [name for name in rows[0] if name not in BUILT_INS]
    fitting = []
    for name in names:
        ids = {uid_of(row, name) for row in rows}
        if None not in ids and len(ids) == len(rows):
            fitting.append(name)
    return tuple(sorted(fitting, key=lambda name: (not _ID_WORDS.search(name), names.index(name))))


def grown(before: Schema, now: Schema) -> Schema:
    """``before`` with what only ``now`` has added to its inferred parts."""
    stages, custom, people = before.stages, before.fields, before.people
    if "stages" in before.inferred:
        stages += tuple(each for each in now.stages if before.stage(each.name) is None)
    if "fields" in before.inferred:
        custom += tuple(each for each in now.fields if before.field(each.name) is None)
    if "people" in before.inferred:
        people += tuple(each for each in now.people if before.person(each.email) is None)
    guessed = before.stages_guessed or len(stages) > len(before.stages)
    return replace(before, stages=stages, fields=custom, people=people, stages_guessed=guessed)


def regained(before: Schema, now: Schema) -> Schema:
    """``now``, with what was guessed before where it is a guess still: guesses do not change."""
    kept = {
        part: getattr(before, part)
        for part in ("stages", "fields", "people")
        if part in before.inferred & now.inferred
    }
    return grown(replace(now, **kept), now)


def _field(name: str, seen: Sequence[Value], is_unique_id: bool) -> Field:
    if is_unique_id:
        return Field(name, FieldType.UNIQUE_ID)
    values = [value for value in seen if value is not None and value != ""]
    kind = _type(values)
    options: tuple[str, ...] = ()
    if kind == FieldType.MULTIPLE_SELECT:
        words = {str(each) for value in values if isinstance(value, list) for each in value}
        options = tuple(sorted(words))[:MAX_OPTIONS]
    return Field(name, kind, options=options)


def _type(values: Sequence[Value]) -> str:
    if not values:
        return FieldType.TEXT
    if all(isinstance(value, bool) for value in values):
        return FieldType.CHECKBOX
    if all(isinstance(value, list | dict) for value in values):
        return _type_of_lists([each for v in values for each in (v if isinstance(v, list) else [v])])
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) < len(values):
        numbers = all(as_decimal(value) is not None for value in values)
        return FieldType.NUMBER if numbers else FieldType.TEXT
    return _type_of_texts(texts)


def _type_of_lists(entries: Sequence[Value]) -> str:
    if not entries:
        return LINK
    if all(isinstance(entry, dict) and "blobId" in entry for entry in entries):
        return FieldType.FILE
    return FieldType.MULTIPLE_SELECT if all(isinstance(e, str) for e in entries) else LINK


def _type_of_texts(texts: Sequence[str]) -> str:
    if all(_MONEY.fullmatch(text) for text in texts):
        return FieldType.CURRENCY
    for kind in (
        FieldType.NUMBER,
        FieldType.DATE,
        FieldType.DATETIME,
        FieldType.EMAIL,
        FieldType.URL,
    ):
        probe = Field("", kind)
        if all(not fields.check(probe, text) for text in texts):
            return kind
    if all("-" in text and read_moment(text) for text in texts):
        return FieldType.DATETIME  # without a zone: UTC
    long = any("\n" in text or len(text) > LONG_TEXT_FROM for text in texts)
    return FieldType.LONG_TEXT if long else FieldType.TEXT
