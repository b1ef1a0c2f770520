"""What of a ``?q=`` the database can find: never too little, for the query judges each row."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from fdtui.core.query import ParsedQuery, Predicate, Setting, parts_by_field
from fdtui.core.schema import ASSIGNEE, STAGE, FieldType
from fdtui.core.task import Task
from fdtui.core.values import Value
from fdtui.server.record import Search

T = TypeVar("T", str, str | None)


def narrowed(search: Search, *, parsed: ParsedQuery, setting: Setting) -> Search:
    """``search`` with what the parts of a query say of the stage, the assignee or a choice."""
    for name, passes in parts_by_field(parsed, setting):
        if name == STAGE:
            search = replace(search, stages=_both(search.stages, partial(_holds, passes, STAGE)))
        elif name == ASSIGNEE:
            passes_by = partial(_holds, passes, ASSIGNEE)
            search = replace(search, assignees=_both(search.assignees, passes_by))
        else:
            search = _chosen(search, name, passes, setting)
    return search


def _chosen(search: Search, name: str, passes: Predicate, setting: Setting) -> Search:
    """The options of a choice that pass; all tasks that have one of them hold its text."""
    field = setting.schema.field(name)
    is_choice = field is not None and field.type == FieldType.SINGLE_SELECT
    if field is None or not is_choice or _holds(passes, name, None):
        return search
    options = [each for each in field.options if _holds(passes, name, each)]
    texts = tuple(json.dumps(each, ensure_ascii=False) for each in options if "\0" not in each)
    return replace(search, holds_one=(*search.holds_one, texts)) if texts else search


def _holds(passes: Predicate, name: str, value: Value) -> bool:
    """Whether a part that asks for that field alone holds for a value."""
    return passes(Task("", None, {name: value}))


def _both(one: Callable[[T], bool] | None, other: Callable[[T], bool]) -> Callable[[T], bool]:
    return other if one is None else lambda value: one(value) and other(value)
