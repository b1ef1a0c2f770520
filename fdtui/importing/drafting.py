"""The shape of a workflow into which a file fits: stages, fields, people, read off all of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fdtui.core.fields import FIELD_KINDS, check
from fdtui.core.frozen import frozen
from fdtui.core.names import find_all
from fdtui.core.schema import ASSIGNEE, STAGE, TASK_URL, Field, FieldType, Person, Schema, Stage
from fdtui.core.values import Value
from fdtui.importing.mapping import ColumnMap, role_of
from fdtui.importing.moments import AmbiguousDayError, DateOrder, read_when
from fdtui.importing.rows import WHY_NOT, ColumnRole, SourceRow
from fdtui.importing.values import CellReading, reader_of, several, text_of

MOST_OPTIONS = 60
"""Options of a field that are made of what stands in a column."""
_MOST_KEPT = 500
"""Different texts of a column that are kept: stages, people and options are fewer."""
_FEW_OPTIONS = 12
"""Different texts up to which a column of them is a choice of one."""
_OFTEN = 3
"""Rows for each of them, on the average."""
_LONGEST_OPTION = 40
_LONG_TEXT = 200
_OPEN, _DONE = "Open", "Done"
_T = FieldType
_TRIED = (_T.CHECKBOX, _T.NUMBER, _T.DATE, _T.DATETIME, _T.EMAIL, _T.URL)
_OWN = (STAGE, ASSIGNEE, TASK_URL)
_SOUND_DONE = frozenset(
    (
        "done",
        "closed",
        "complete",
        "completed",
        "finished",
        "resolved",
        "cancelled",
        "canceled",
        "won't do",
    )
)


@frozen
class WorkflowDraft:
    """What a workflow has, or what is missing in one."""

    stages: tuple[Stage, ...] = ()
    fields: tuple[Field, ...] = ()
    people: tuple[Person, ...] = ()
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Options that fields lack which are there."""

    @property
    def says(self) -> tuple[str, ...]:
        """A sentence for each part."""
        return (
            *(f"stage {each.name}{' (end)' if each.end else ''}" for each in self.stages),
            *(f"field {each.name}: {each.type}" for each in self.fields),
            *(f"options of {name}: {', '.join(added)}" for name, added in self.options),
            *(f"person {each.email}" for each in self.people),
        )


class _Column:
    """What stands in one column."""

    def __init__(self, reading: CellReading) -> None:
        self._kinds = {kind: reader_of(Field("", kind), reading) for kind in _TRIED}
        self.filled = 0
        self.several = 0
        """Cells that hold a list."""
        self.nested = 0
        """Cells that hold what is no text, number or list of such."""
        self.longest = 0
        self.has_lines = False
        self.texts: dict[str, None] | None = {}
        """The different texts in the order in which they come; ``None`` for too many."""
        self.is_unique = True
        self._known: set[int] = set()

    def add(self, value: Value) -> None:
        """Take the next cell."""
        if value in (None, "", []):
            return
        self.filled += 1
        if isinstance(value, dict) or (
            isinstance(value, list) and any(isinstance(each, dict | list) for each in value)
        ):
            self.nested += 1
            return
        self.several += isinstance(value, list)
        text = text_of(value)
        self.longest = max(self.longest, len(text))
        self.has_lines = self.has_lines or "\n" in text
        self.is_unique = self.is_unique and hash(text) not in self._known
        if self.is_unique:
            self._known.add(hash(text))
        for each in several(value) if isinstance(value, list) else [text.strip()]:
            if self.texts is not None:
                self.texts[each] = None
                self.texts = None if len(self.texts) > _MOST_KEPT else self.texts
        for kind in [kind for kind, read in self._kinds.items() if not _fits(kind, read, value)]:
            del self._kinds[kind]

    def field(self, name: str) -> Field:
        """The field that holds all of it."""
        if self.several:
            names = tuple(self.texts or ())
            is_choice = 0 < len(names) <= MOST_OPTIONS
            return Field(name, _T.MULTIPLE_SELECT, options=names) if is_choice else Field(name)
        kind = next((kind for kind in _TRIED if kind in self._kinds), None)
        if kind is not None:
            return Field(name, kind)
        if self.has_lines or self.longest > _LONG_TEXT:
            return Field(name, _T.LONG_TEXT)
        texts = self.texts or {}
        is_choice = len(texts) <= _FEW_OPTIONS and self.filled >= _OFTEN * len(texts) > 0
        if is_choice and self.longest <= _LONGEST_OPTION:
            return Field(name, _T.SINGLE_SELECT, options=tuple(texts))
        return Field(name)


def _fits(kind: FieldType, read: object, value: Value) -> bool:
    assert callable(read)  # noqa: S101 (a `Reader`)
    text = text_of(value).strip()
    if kind is _T.NUMBER and (text[:1] in "+'" or (text[:1] == "0" and text[1:2].isdigit())):
        return False  # a phone number, or figures that name something
    if kind is _T.CHECKBOX and text in {"0", "1"}:
        return False
    if kind in (_T.DATE, _T.DATETIME):
        return _is_when(kind, text)
    try:
        return not check(Field("", kind), read(value))
    except ValueError:
        return False


def _is_when(kind: FieldType, text: str) -> bool:
    if text.isdecimal():
        return False  # seconds since 1970 look like any number
    try:
        when = read_when(text, DateOrder.DAY_FIRST) or read_when(text, DateOrder.MONTH_FIRST)
    except AmbiguousDayError:
        return True
    has_clock = hasattr(when, "hour")
    return when is not None and (kind is _T.DATETIME or not has_clock)


def drafted(
    rows: Iterable[SourceRow],
    roles: Mapping[str, ColumnRole],
    people: tuple[tuple[str, str], ...] = (),
    stages: Iterable[str] = (),
) -> WorkflowDraft:
    """A new workflow for ``rows``; ``people`` are names with the e-mails that were said for them.

    ``stages`` are those that the file names beside its rows.
    """
    columns = _profiled(rows, people)
    by_role = _by_role(columns, roles)
    fields: list[Field] = []
    uid = by_role.get(ColumnRole.ID)
    if uid is None or not columns[uid].is_unique or not _is_everywhere(columns, uid):
        name = "ID" if "ID" not in columns else "Number of task"
        fields.append(Field(name, _T.UNIQUE_ID, autoincrement=True))
        uid = None
    for name, column in columns.items():
        made = _field(name, column, by_role, uid, people)
        if made is not None and not find_all(made.name, [each.name for each in fields], str):
            fields.append(made)
    where = by_role.get(ColumnRole.STAGE)
    told = columns[where].texts or () if where is not None else ()
    names = list(dict.fromkeys([*stages, *told])) or [_OPEN, _DONE]
    made_stages = [Stage(each, each.strip().casefold() in _SOUND_DONE) for each in names]
    who = by_role.get(ColumnRole.ASSIGNEE)
    known = _people(columns[who], people) if who is not None else ()
    return WorkflowDraft(
        tuple(sorted(made_stages, key=lambda each: bool(each.end))), tuple(fields), known
    )


def missing(
    rows: Iterable[SourceRow], mapping: ColumnMap, roles: Mapping[str, ColumnRole], schema: Schema
) -> WorkflowDraft:
    """What a workflow of ``schema`` lacks for ``rows``: fields for what is left out, stages, options."""
    columns = _profiled(rows, mapping.people)
    targets = {target: column for column, target in mapping.targets.items() if target}
    said = {theirs.casefold() for theirs, _ in mapping.stages}
    fields = []
    for name in mapping.left_out:
        column = columns.get(name)
        if column is not None and column.filled and roles.get(name) is not ColumnRole.LEFT_OUT:
            made = _field(name, column, {}, None, mapping.people)
            fields += [made] if made is not None and name not in _OWN else []
    options = []
    for each in schema.fields:
        texts = _texts(columns, targets.get(each.name))
        if each.type in (_T.SINGLE_SELECT, _T.MULTIPLE_SELECT):
            new = tuple(text for text in texts if not find_all(text, each.options, str))
            options += [(each.name, new)] if new else []
    names = [each.name for each in schema.stages]
    where = _texts(columns, targets.get(STAGE))
    stages = [
        Stage(each, each.casefold() in _SOUND_DONE)
        for each in where
        if not find_all(each, names, str) and each.casefold() not in said
    ]
    who = targets.get(ASSIGNEE)
    strangers = _people(columns[who], mapping.people) if who in columns else ()
    people = tuple(each for each in strangers if schema.person(each.email) is None)
    return WorkflowDraft(tuple(stages), tuple(fields), people, tuple(options))


def _profiled(rows: Iterable[SourceRow], people: tuple[tuple[str, str], ...]) -> dict[str, _Column]:
    reading = CellReading(Schema(inferred=frozenset({"people"})), people=people)
    columns: dict[str, _Column] = {}
    count = 0
    for row in rows:
        if row.problem:
            continue
        count += 1
        for name, value in row.values.items():
            if name not in columns:
                columns[name] = _Column(reading)
            columns[name].add(value)
    columns.pop(WHY_NOT, None)
    for column in columns.values():
        column.is_unique = column.is_unique and column.filled == count
    return columns


def _is_everywhere(columns: Mapping[str, _Column], name: str) -> bool:
    return columns[name].filled == max(column.filled for column in columns.values())


def _by_role(columns: Mapping[str, _Column], roles: Mapping[str, ColumnRole]) -> dict[ColumnRole, str]:
    found: dict[ColumnRole, str] = {}
    for name, column in columns.items():
        role = role_of(name, roles)
        if role is not None and (column.filled or role is ColumnRole.STAGE):
            found.setdefault(role, name)
    return found


def _field(
    name: str,
    column: _Column,
    by_role: Mapping[ColumnRole, str],
    uid: str | None,
    people: tuple[tuple[str, str], ...],
) -> Field | None:
    """The field of a column; ``None`` for what is no field, or holds nothing."""
    role = next((role for role, known in by_role.items() if known == name), None)
    if name == uid:
        return Field(name, _T.UNIQUE_ID)
    if not column.filled or role in (
        ColumnRole.STAGE,
        ColumnRole.COMMENTS,
        ColumnRole.CHECKLIST,
        ColumnRole.LEFT_OUT,
    ):
        return None
    if role is ColumnRole.ASSIGNEE and _people(column, people):
        return None
    if name in _OWN:
        return None
    if role is ColumnRole.FILES:
        return Field(name, _T.FILE)
    if role is ColumnRole.TITLE:
        return Field(name)
    if role is ColumnRole.BODY:
        return Field(name, _T.LONG_TEXT)
    if column.nested:
        return None
    return column.field(name)


def _texts(columns: Mapping[str, _Column], name: str | None) -> tuple[str, ...]:
    column = columns.get(name) if name is not None else None
    return tuple(column.texts or ()) if column is not None else ()


def _people(column: _Column, said: tuple[tuple[str, str], ...]) -> tuple[Person, ...]:
    """The people of a column, where all that stands in it is an e-mail or was said to be somebody's."""
    known = {name.casefold(): email for name, email in said}
    emails: dict[str, str] = {}
    for text in column.texts or ():
        email = known.get(text.casefold(), text)
        if not email:
            continue
        if FIELD_KINDS[_T.EMAIL].check(email, Field("")):
            return ()
        emails[email] = text if text != email else ""
    return tuple(_person(email, name) for email, name in emails.items())


def _person(email: str, name: str) -> Person:
    first, _, last = name.rpartition(" ")
    return Person(email, first or last, last if first else "")
