"""Lists in parts: ``?limit=`` and ``?cursor=``; ours.

A part is in the order of creation, so that a task which is there all the while comes exactly once,
whatever others do meanwhile. A field or link of either name is a filter, as any other is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fdtui.core import fields
from fdtui.core.errors import InvalidError
from fdtui.server import feed_tokens
from fdtui.server.store.meta import get
from fdtui.server.task_service import TaskService

CURSOR_HEADER = "Next-Cursor"
"""The header of a part that says from where the next one goes on; the last part has none."""
MAX_LIMIT = 1_000
"""Tasks of a part; also where only the cursor is given."""
_LIMIT = re.compile(r"[1-9]\d{0,3}", re.ASCII)
_MAX_NUMBER = 2**40
"""More tasks than a database holds: a number above it was sealed elsewhere."""


@dataclass(frozen=True)
class ListPart:
    """What a list's query asks for; ``after`` is the number of the last task that is known."""

    filters: list[tuple[str, str]]
    limit: int = MAX_LIMIT
    after: int = 0
    is_part: bool = False


def asked(book: TaskService, pairs: list[tuple[str, str]]) -> ListPart:
    """The part that ``pairs`` ask for, or the whole list; raises `InvalidError`."""
    taken = {field.name for field in book.workflow.schema.fields} | book.sides.keys()
    words = {name: text for name, text in pairs if name in ("limit", "cursor") and name not in taken}
    if not words:
        return ListPart(pairs)
    wrong: dict[str, list[str]] = {}
    limit, after = words.get("limit", str(MAX_LIMIT)), 0
    if not _LIMIT.fullmatch(limit) or int(limit) > MAX_LIMIT:
        wrong["limit"] = [fields.INVALID]
    if "cursor" in words:
        name = _name(book)
        opened = feed_tokens.opened(get(book.tx, "store"), words["cursor"], [name]) or {}
        after = opened.get(name, _MAX_NUMBER)
        if after >= _MAX_NUMBER:
            wrong["cursor"] = [fields.INVALID]
    if wrong:
        raise InvalidError(wrong)
    return ListPart([pair for pair in pairs if pair[0] not in words], int(limit), after, is_part=True)


def cursor(book: TaskService, last: int) -> str:
    """What goes on after the task of the number ``last``; empty where none comes.

    It is sealed: numbers count the tasks of every workflow.
    """
    return feed_tokens.sealed(get(book.tx, "store"), {_name(book): last}) if last else ""


def _name(book: TaskService) -> str:
    return f"{book.workflow.id}\0list"
