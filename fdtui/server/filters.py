"""Which tasks a list's query asks for: exact values, compared by meaning (Tasks API, Filters)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from fdtui.core import fields
from fdtui.core.errors import InvalidError
from fdtui.core.schema import BUILT_INS, Field, FieldType
from fdtui.core.values import Row, Value
from fdtui.server.catalog import Side
from fdtui.server.definition import Workflow

Test = Callable[[Value], bool]


class Filter:
    """The conditions of one query, all of which must hold; raises `InvalidError` for unknown names."""

    def __init__(
        self,
        workflow: Workflow,
        sides: Iterable[Side],
        other_ids: dict[str, str],
        pairs: list[tuple[str, str]],
    ) -> None:
        names = {side.name for side in sides}
        tests: dict[str, Test] = {}
        unknown: dict[str, list[str]] = {}
        for name, text in pairs:
            field = workflow.schema.field(name)
            if name not in BUILT_INS and field is None and name not in names:
                unknown[name] = [fields.NOT_A_FIELD]
            elif text == "":
                tests[name] = _is_null
            elif name in names:
                tests[name] = _linked_with(other_ids.get(name, ""), text)
            else:
                tests[name] = _means(field, text)
        if unknown:
            raise InvalidError(unknown)
        self._tests = tests
        stages = (text for name, text in pairs if name == BUILT_INS[0] and text)
        self.stage = next((text for text in stages if "\0" not in text), None)
        """The one stage that is asked for, where it is; PostgreSQL cannot even be asked for a NUL."""

    def takes(self, row: Row) -> bool:
        """Whether a rendered task is asked for."""
        return all(test(row[name]) for name, test in self._tests.items())


def _is_null(value: Value) -> bool:
    return value is None or value == []


def _means(field: Field | None, text: str) -> Test:
    if field is None:
        return lambda value: value == text
    if field.type == FieldType.CHECKBOX:
        answer = {"true": True, "false": False}.get(text)
        return lambda value: answer is not None and value is answer
    if field.type == FieldType.FILE:
        return lambda value: text in _names(value)
    if field.type == FieldType.MULTIPLE_SELECT:
        wanted = fields.parse(field, text)
        return lambda value: value == [text] or fields.same(field, value, wanted)
    return lambda value: value is not None and fields.same(field, value, text)


def _names(value: Value) -> list[Value]:
    files = value if isinstance(value, list) else []
    return [each.get("filename") for each in files if isinstance(each, dict)]


def _linked_with(other_id: str, text: str) -> Test:
    def test(value: Value) -> bool:
        linked = value if isinstance(value, list) else [value]
        return any(isinstance(each, dict) and str(each.get(other_id)) == text for each in linked)

    return test
