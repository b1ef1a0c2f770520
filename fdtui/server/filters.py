"""Which tasks a list's query asks for: exact values, compared by meaning (Tasks API, Filters).

``?q=`` is ours: the filter language, where the workflow has no field or link of that name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date
from functools import partial

from fdtui.core import fields
from fdtui.core.errors import InvalidError
from fdtui.core.names import same_email
from fdtui.core.query import Predicate, Setting, read, understand
from fdtui.core.schema import ASSIGNEE, BUILT_INS, STAGE, Field, FieldType
from fdtui.core.several import parted
from fdtui.core.task import Task
from fdtui.core.values import Row, Value
from fdtui.server import render
from fdtui.server.query_search import narrowed
from fdtui.server.record import Record, Search
from fdtui.server.workflow.catalog import LinkSide
from fdtui.server.workflow.definition import Workflow

Test = Callable[[Value], bool]

_BY_MEANING = frozenset(
    {
        FieldType.NUMBER,
        FieldType.CURRENCY,
        FieldType.DATETIME,
        FieldType.PERSON,
        FieldType.EMAIL,
        FieldType.MULTIPLE_SELECT,
    }
)
"""What has several spellings of one value, so that no text can be looked for."""
_KEYS_OF_FILES = frozenset({"blobId", "contentType", "filename"})
"""Keys that stand among a task's values without being a field's."""


_WHO = "Say it with the header Performed-By."
QUERY_PARAMETER = "q"
"""The name under which a query of the filter language stands."""


class Filter:
    """The conditions of one query, all of which must hold.

    ``me`` and ``today`` are what these words mean in ``?q=``. Raises `InvalidError` for unknown names,
    and for what is wrong in ``?q=``, with the column of each mistake.
    """

    def __init__(
        self,
        workflow: Workflow,
        sides: Iterable[LinkSide],
        other_ids: dict[str, str],
        pairs: list[tuple[str, str]],
        *,
        me: str | None,
        today: date,
    ) -> None:
        names = {side.name for side in sides}
        tests: dict[str, Test] = {}
        unknown: dict[str, list[str]] = {}
        self._asks: Predicate | None = None
        asked: Callable[[Search], Search] = lambda search: search  # noqa: E731 - until `q` is met
        for name, text in pairs:
            field = workflow.schema.field(name)
            if name == QUERY_PARAMETER and field is None and name not in names:
                setting = Setting(workflow.schema, me, today, UTC, who=_WHO)
                self._asks, unknown[name] = _asked(text, setting)
                asked = partial(narrowed, parsed=read(text), setting=setting)
            elif name not in BUILT_INS and field is None and name not in names:
                unknown[name] = [fields.NOT_A_FIELD]
            elif text == "":
                tests[name] = _is_null
            elif name in names:
                tests[name] = _linked_with(other_ids.get(name, ""), text)
            else:
                tests[name] = _means(name, field, text)
        if any(unknown.values()):
            raise InvalidError({name: says for name, says in unknown.items() if says})
        self._tests = tests
        self._plain = [
            (field, tests[field.name]) for field in workflow.schema.fields if field.name in tests
        ]
        self.search = asked(_search(workflow, pairs))
        """What the database can find of it."""

    def may_take(self, record: Record) -> bool:
        """Whether a stored task is asked for as far as its own values say."""
        values = record.values
        return all(test(render.shown(field, values.get(field.id))) for field, test in self._plain)

    def takes(self, row: Row) -> bool:
        """Whether a rendered task is asked for."""
        if not all(test(row[name]) for name, test in self._tests.items()):
            return False
        return self._asks is None or self._asks(Task("", None, row))


def _asked(text: str, setting: Setting) -> tuple[Predicate, list[str]]:
    """What decides whether a task passes a query, and all that is wrong with it."""
    query = understand(read(text), setting)
    wrong = [each.error for each in query.problems]
    return query.passes, [f"{each.message} {each.hint}".strip() for each in wrong]


def _search(workflow: Workflow, pairs: Sequence[tuple[str, str]]) -> Search:
    by_column: dict[str, str] = {}
    holds, lacks = [], []
    for name, text in pairs:
        field = workflow.schema.field(name)
        if "\0" in text:
            continue  # PostgreSQL cannot even be asked for it, and no task holds it
        if name == ASSIGNEE or (name == STAGE and text):
            by_column[name] = text
        elif name in BUILT_INS or field is None:
            continue
        elif text == "":
            if field.type != FieldType.FILE and field.id not in _KEYS_OF_FILES:  # no files are a list
                lacks.append(f"{_stored(field.id)}:")
        elif field == workflow.schema.unique_id:
            by_column["uid"] = text
        elif field.type == FieldType.CHECKBOX and text in ("true", "false"):
            holds.append(f"{_stored(field.id)}:{text}")
        elif field.type not in _BY_MEANING:
            holds.append(_stored(text))
    return Search(
        uid=by_column.get("uid"),
        stage=by_column.get(STAGE),
        assignee=by_column.get(ASSIGNEE),
        holds=tuple(holds),
        lacks=tuple(lacks),
    )


def _stored(text: str) -> str:
    """A text as it stands among a task's stored values."""
    return json.dumps(text, ensure_ascii=False)


def _is_null(value: Value) -> bool:
    return value is None or value == []


def _means(name: str, field: Field | None, text: str) -> Test:
    if field is None:
        return lambda value: same_email(value, text) if name == ASSIGNEE else value == text
    if field.type == FieldType.CHECKBOX:
        answer = {"true": True, "false": False}.get(text)
        return lambda value: answer is not None and value is answer
    if field.type == FieldType.FILE:
        return lambda value: text in _names(value)
    if field.type == FieldType.MULTIPLE_SELECT:
        wanted: list[Value] = [*parted(text, field.options)]
        one = wanted[0] if len(wanted) == 1 else text
        return lambda value: _holds(value, one) or fields.same(field, value, wanted)
    return lambda value: value is not None and fields.same(field, value, text)


def _holds(value: Value, option: Value) -> bool:
    return isinstance(value, list) and option in value


def _names(value: Value) -> list[Value]:
    files = value if isinstance(value, list) else []
    return [each.get("filename") for each in files if isinstance(each, dict)]


def _linked_with(other_id: str, text: str) -> Test:
    def test(value: Value) -> bool:
        linked = value if isinstance(value, list) else [value]
        return any(isinstance(each, dict) and str(each.get(other_id)) == text for each in linked)

    return test
