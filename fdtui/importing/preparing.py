"""A row of a file made into a task of ours, with all that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC

from fdtui.core.details import Tick
from fdtui.core.entry import fields_of
from fdtui.core.fields import NOT_A_STAGE
from fdtui.core.names import find_name, meaning
from fdtui.core.safetext import quoted
from fdtui.core.schema import STAGE, Field, FieldType
from fdtui.core.values import Row, Value
from fdtui.importing.mapping import TO_CHECKLIST, TO_COMMENTS, ColumnMap
from fdtui.importing.moments import AmbiguousDayError, read_time
from fdtui.importing.rows import ForeignFile, SourceRow, to_do
from fdtui.importing.values import CellReading, Reader, reader_of, several, text_of


@dataclass(frozen=True, slots=True)
class PreparedRow:
    """What is to be sent for a row, or why it cannot be: by column, or for the whole row by ``""``."""

    source: SourceRow
    row: Row = field(default_factory=dict)
    links: Row = field(default_factory=dict)
    """What it is linked with, which can be said once the tasks at the other end are there."""
    comments: tuple[Row, ...] = ()
    checklist: tuple[Row, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()


class RowPreparer:
    """Reads the rows of a file for one workflow; ``guess`` says where a column goes that comes late."""

    def __init__(
        self,
        file: ForeignFile,
        mapping: ColumnMap,
        reading: CellReading,
        guess: Callable[[str], str] = lambda _: "",
    ) -> None:
        self._is_table, self._mapping, self._reading = bool(file.columns), mapping, reading
        self._guess = guess
        self._fields = {each.name: each for each in fields_of(reading.schema)}
        self._stages: dict[str, str] = {}
        self._targets = dict(mapping.targets)
        self._readers: dict[str, tuple[str, Reader | None]] = {}

    def prepare(self, source: SourceRow) -> PreparedRow:
        """The task that ``source`` is to be."""
        if source.problem:
            return PreparedRow(source, problems=(("", source.problem),))
        row: dict[str, Value] = {}
        problems: list[tuple[str, str]] = []
        links: dict[str, Value] = {}
        comments: tuple[Row, ...] = ()
        checklist: tuple[Row, ...] = ()
        readers = self._readers
        for column, told in source.values.items():
            target, read = readers.get(column) or self._reader(column)
            if not target:
                continue
            value = None if told == "" and self._is_table else told
            try:
                if read is not None:
                    made = read(value)
                    if made is not None or value is None or value == "":
                        row[target] = made
                elif target == TO_COMMENTS:
                    comments = self._comments(value)
                elif target == TO_CHECKLIST:
                    checklist = _checklist(value)
                elif _is_link(value):
                    links[target] = value
                else:
                    problems.append((column, "is no task of another workflow, with its unique id"))
            except ValueError as error:
                problems.append((column, str(error)))
        self._tidy(row)
        return PreparedRow(source, row, links, comments, checklist, tuple(problems))

    def column_of(self, target: str) -> str:
        """The column that a field is filled from, for a sentence about it."""
        return next((column for column, each in self._targets.items() if each == target), target)

    def _tidy(self, row: dict[str, Value]) -> None:
        """Take out what says nothing: a stage that is not said, an id that the workflow gives."""
        if row.get(STAGE, "") is None:
            del row[STAGE]
        unique_id = self._reading.schema.unique_id
        if unique_id is not None and row.get(unique_id.name, "") is None:
            del row[unique_id.name]

    def _reader(self, column: str) -> tuple[str, Reader | None]:
        if column not in self._targets:
            self._targets[column] = self._guess(column)
        target = self._targets[column]
        known = self._fields.get(target)
        read: Reader | None = None
        if target == STAGE:
            read = self._stage
        elif known is not None:
            read = _keeping(known, reader_of(known, self._reading))
        self._readers[column] = (target, read)
        return target, read

    def _stage(self, value: Value) -> Value:
        said = text_of(value[0] if isinstance(value, list) and value else value).strip()
        if not said:
            return None
        if said not in self._stages:
            schema = self._reading.schema
            names = [each.name for each in schema.stages]
            meant = {meaning(theirs): ours for theirs, ours in self._mapping.stages}
            found = find_name(meant.get(meaning(said), said), names)
            if found is None and "stages" not in schema.inferred:
                pair = f'"{said[:60]}=STAGE"'
                raise ValueError(f"{quoted(said[:60])} {NOT_A_STAGE}: say --stage {pair}")
            self._stages[said] = found or said
        return self._stages[said]

    def _comments(self, value: Value) -> tuple[Row, ...]:
        given = value if isinstance(value, list) else [value]
        return tuple(made for each in given if each and (made := self._comment(each)))

    def _comment(self, value: Value) -> Row | None:
        if not isinstance(value, dict):
            return {"body": text_of(value)}
        body, at = text_of(value.get("body")), text_of(value.get("timestamp"))
        if not body:
            return None
        made: dict[str, Value] = {"author": text_of(value.get("author")), "body": body}
        try:
            when = read_time(at, self._reading.order, self._reading.zone) if at else None
        except AmbiguousDayError as error:
            raise ValueError(f"{quoted(at)} {error}") from None
        if when is not None:
            made["timestamp"] = when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        elif at:
            made["body"] = f"{at}: {body}"
        return made


def _keeping(known: Field, read: Reader) -> Reader:
    """Files stay where a cell is empty: their list would be taken for one without any."""
    if known.type != FieldType.FILE:
        return read
    return lambda value: None if value in (None, "") else read(value)


def _checklist(value: Value) -> tuple[Row, ...]:
    given = value if isinstance(value, list) else several(value)
    made: list[Row] = []
    for each in given:
        if isinstance(each, Mapping) and each.get("title"):
            kept = ("title", "status", "Stage", "Assigned To", "editable")
            item = {name: each[name] for name in kept if each.get(name) not in (None, "")}
            status = item.get("status")
            made.append(item if status in set(Tick) else {**item, "status": Tick.BLANK.value})
        elif isinstance(each, str) and each.strip():
            is_done = each.lstrip("-* ").lower().startswith("[x]")
            title = each.lstrip("-* ").removeprefix("[ ]").removeprefix("[x]").removeprefix("[X]")
            made.append(to_do(title.strip(), is_done=is_done))
    return tuple(made)


def _is_link(value: Value) -> bool:
    if isinstance(value, list):
        return all(isinstance(each, dict) for each in value)
    return value is None or isinstance(value, dict)
