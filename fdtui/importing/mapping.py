"""Which column goes to which field: guessed by what they are called, corrected by what is said."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from fdtui.core.entry import fields_of
from fdtui.core.errors import UsageError
from fdtui.core.frozen import frozen, replace
from fdtui.core.names import find_all, meaning
from fdtui.core.safetext import quoted
from fdtui.core.schema import ASSIGNEE, STAGE, TASK_URL, Field, FieldType, Schema
from fdtui.importing.rows import WHY_NOT, ColumnRole

TO_COMMENTS, TO_CHECKLIST = "(comments)", "(checklist)"
"""Targets that are no fields: what was said about a task, and what is to do for it."""
SPECIAL = (TO_COMMENTS, TO_CHECKLIST)
_SYNONYMS: Mapping[ColumnRole, tuple[str, ...]] = {
    ColumnRole.ID: (
        "id", "uid", "uuid", "key", "unique id", "task id", "card id", "issue key", "number",
    ),
    ColumnRole.TITLE: (
        "title", "name", "summary", "subject", "task", "task name", "card name", "headline",
    ),
    ColumnRole.BODY: (
        "description", "notes", "body", "details", "text", "card description", "note", "content",
    ),
    ColumnRole.STAGE: (
        "stage", "status", "state", "list", "column", "section", "list name", "section/column", "phase",
    ),
    ColumnRole.ASSIGNEE: (
        "assigned to", "assignee", "assignees", "assignee email", "owner", "responsible", "members",
    ),
    ColumnRole.DUE: ("due", "due date", "deadline", "due on", "due at", "end date", "target date"),
    ColumnRole.FILES: ("attachments", "attachment", "files", "documents"),
    ColumnRole.COMMENTS: ("comments", "comment"),
    ColumnRole.CHECKLIST: ("checklist", "checklists", "checklist items", "subtasks"),
}  # fmt: skip
_ROLE_OF = {name: role for role, names in _SYNONYMS.items() for name in names}


@frozen
class ColumnMap:
    """Where the columns of a file go, and what its names for stages and people mean here."""

    targets: Mapping[str, str] = field(default_factory=dict)
    """Column to field, or to one of `SPECIAL`; empty for a column that is left out."""
    links: frozenset[str] = frozenset()
    """The targets that lead to tasks of other workflows."""
    stages: tuple[tuple[str, str], ...] = ()
    """The file's name of a stage, and ours."""
    people: tuple[tuple[str, str], ...] = ()
    """The file's name of a person, and an e-mail; empty for nobody."""

    @property
    def left_out(self) -> tuple[str, ...]:
        """The columns that go nowhere."""
        return tuple(column for column, target in self.targets.items() if not target)


def role_of(column: str, roles: Mapping[str, ColumnRole]) -> ColumnRole | None:
    """What a column is for: said by its program, else what it is called."""
    return roles.get(column) or (None if roles else _ROLE_OF.get(meaning(column)))


def guessed(
    columns: Iterable[str],
    roles: Mapping[str, ColumnRole],
    schema: Schema,
    links: frozenset[str] = frozenset(),
    *,
    restores: bool = False,
) -> ColumnMap:
    """Where ``columns`` probably go: by the same name, else by what they are for.

    ``links`` are the columns that are known to lead to other workflows. No two columns go to one field,
    and none to a field that is closed, unless all is restored.
    """
    columns = [each for each in dict.fromkeys(columns) if each != WHY_NOT]
    targets = dict.fromkeys(columns, "")
    taken: set[str] = set()
    names = [each.name for each in fields_of(schema) if each.editable or restores or _is_id(each)]
    for column in columns:
        found = find_all(column, names, str)
        is_said = roles.get(column) is ColumnRole.LEFT_OUT
        if len(found) == 1 and found[0] not in taken and not is_said:
            targets[column] = found[0]
            taken.add(found[0])
        elif column in links:
            targets[column] = column
    for role in ColumnRole:
        wanted = _target(role, schema, taken)
        for column in columns:
            is_free = wanted not in taken and not targets[column] and column != TASK_URL
            if wanted and is_free and role_of(column, roles) is role:
                targets[column] = wanted
                taken.add(wanted)
    return ColumnMap(targets, links & frozenset(columns))


def _is_id(each: Field) -> bool:
    return each.type == FieldType.UNIQUE_ID


def _target(role: ColumnRole, schema: Schema, taken: set[str]) -> str:
    """The field that is there for ``role``; empty where there is none."""
    unique_id = schema.unique_id
    title = schema.title
    match role:
        case ColumnRole.ID:
            return unique_id.name if unique_id is not None and not unique_id.autoincrement else ""
        case ColumnRole.TITLE:
            return title.name if title is not None and title != unique_id else ""
        case ColumnRole.BODY:
            return _first(schema, FieldType.LONG_TEXT, taken)
        case ColumnRole.STAGE:
            return STAGE
        case ColumnRole.ASSIGNEE:
            return ASSIGNEE
        case ColumnRole.DUE:
            return schema.deadline.name if schema.deadline is not None else ""
        case ColumnRole.FILES:
            return _first(schema, FieldType.FILE, taken)
        case ColumnRole.COMMENTS:
            return TO_COMMENTS
        case ColumnRole.CHECKLIST:
            return TO_CHECKLIST
    return ""


def _first(schema: Schema, kind: FieldType, taken: set[str]) -> str:
    found = (each.name for each in schema.fields if each.type == kind and each.name not in taken)
    return next(found, "")


def corrected(mapping: ColumnMap, said: Sequence[tuple[str, str]], schema: Schema) -> ColumnMap:
    """``mapping`` with what is said of columns; a field goes to the column that was said last.

    Raises `UsageError` for a column or field that is not there.
    """
    targets = dict(mapping.targets)
    links = set(mapping.links)
    for column, wanted in said:
        known = _one(column, list(targets), "The file has no column")
        target = _target_named(wanted, schema, links) if wanted else ""
        for other, taken in targets.items():
            if taken == target and other != known:
                targets[other] = ""
        targets[known] = target
    return replace(mapping, targets=targets, links=frozenset(links))


def _target_named(said: str, schema: Schema, links: set[str]) -> str:
    names = [*(each.name for each in fields_of(schema)), *SPECIAL, *links]
    if f"({meaning(said)})" in SPECIAL and not find_all(said, names, str):
        return f"({meaning(said)})"
    return _one(said, names, "The workflow has no field")


def _one(said: str, names: Sequence[str], lacks: str) -> str:
    found = find_all(said, names, str)
    if found:
        return found[0]
    near = difflib.get_close_matches(said, names, 1, 0.5)
    hint = f"Did you mean {quoted(near[0])}?" if near else f"There are {', '.join(map(quoted, names))}."
    raise UsageError(f"{lacks} {quoted(said[:80])}.", hint)
