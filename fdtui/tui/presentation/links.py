"""The tasks that a task is linked with, read off its row, and what can be linked. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from fdtui.core.fields import show
from fdtui.core.frozen import frozen
from fdtui.core.safetext import safe
from fdtui.core.schema import BUILT_INS, Field, FieldType, Schema
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.values import Row, Value
from fdtui.tui.preferences import Glyphs
from fdtui.tui.presentation.details import Block, Page, words
from fdtui.tui.toolkit.cells import Line, cut, fit, width_of, wrap

MAX_SAMPLED = 1000
"""Tasks that are looked through for what a relationship is like."""
KEY_SEPARATOR = "\0"
"""Parts a relationship from the place of a linked task in a block's key."""


@frozen
class Relation:
    """One relationship of a task; ``sample`` is a linked task of any card, to know the other side by."""

    name: str
    to_many: bool
    rows: tuple[Row, ...]
    sample: Row | None = None


def relations(task: Task, state: State) -> tuple[Relation, ...]:
    """The relationships that the task's row shows; the schema does not list them."""
    names = [name for name in task.row if _may_be_relation(name, state.schema)]
    found = []
    for name in names:
        value = task.row[name]
        sample = next(_samples(name, state), None)
        if _rows(value) or sample is not None:
            many = isinstance(value, list) or (value is None and _is_to_many(name, state))
            found.append(Relation(name, many, _rows(value), sample))
    return tuple(found)


def count(task: Task | None, schema: Schema) -> int:
    """How many tasks it is linked with."""
    if task is None:
        return 0
    names = [name for name in task.row if _may_be_relation(name, schema)]
    return sum(len(_rows(task.row[name])) for name in names)


def _may_be_relation(name: str, schema: Schema) -> bool:
    field = schema.field(name)
    if name in BUILT_INS or (field is not None and field.type == FieldType.FILE):
        return False
    return field is None or field.type not in set(FieldType)


def _rows(value: Value) -> tuple[Row, ...]:
    entries = value if isinstance(value, list) else [value]
    return tuple(each for each in entries if isinstance(each, dict) and "blobId" not in each)


def _samples(name: str, state: State) -> Iterator[Row]:
    return (row for task in _some(state) for row in _rows(task.row.get(name)) if row)


def _is_to_many(name: str, state: State) -> bool:
    return any(isinstance(task.row.get(name), list) for task in _some(state))


def _some(state: State) -> Iterator[Task]:
    return islice(iter(state.shown.values()), MAX_SAMPLED)


def name_of(row: Row, id_field: str | None = None) -> tuple[str, str]:
    """What to call a linked task: its id, and the first text that is not its id."""
    names = [id_field] if id_field else list(row)[:1]
    uid = str(row.get(names[0]) or "") if names else ""
    texts = [
        value for name, value in row.items() if name not in names and isinstance(value, str) and value
    ]
    return uid, texts[0] if texts else ""


def link_blocks(found: tuple[Relation, ...], page: Page) -> list[Block]:
    """The relationships, each with the tasks in it."""
    if not found:
        return [words("This task has no links to tasks of other workflows.", width=page.width)]
    blocks: list[Block] = []
    for relation in found:
        many = f"{len(relation.rows)}" if relation.to_many else "one at most"
        head: Line = ((safe(relation.name[:64]), "bold text"), (f"  {many}", "dim"))
        blocks.append(Block("" if relation.rows else f"{relation.name}{KEY_SEPARATOR}", (head,)))
        for at, row in enumerate(relation.rows):
            uid, title = name_of(row)
            line: Line = ((f"{page.glyphs.more} ", "dim"), (safe(uid[:64]), "accent"))
            rest = cut(
                safe(title[:256]), max(4, page.width - 4 - width_of(safe(uid[:64]))), page.glyphs.cut
            )
            blocks.append(
                Block(f"{relation.name}{KEY_SEPARATOR}{at}", ((*line, (f"  {rest}", "text")),))
            )
        blocks.append(Block("", ((),)))
    return blocks


def at_key(key: str, found: tuple[Relation, ...]) -> tuple[Relation | None, Row | None]:
    """The relationship and the linked task that a block shows."""
    name, _, place = key.partition(KEY_SEPARATOR)
    relation = next((each for each in found if each.name == name), None)
    if relation is None or not place.isdecimal() or int(place) >= len(relation.rows):
        return relation, None
    return relation, relation.rows[int(place)]


def fits(sample: Row, schema: Schema) -> bool:
    """Whether ``sample`` can be a task of a workflow of that shape."""
    unique_id = schema.unique_id
    return unique_id is not None and unique_id.name in sample and all(schema.field(n) for n in sample)


def found_in(row: Row, tasks: Mapping[str, Task], schema: Schema) -> Task | None:
    """The task that ``row`` stands for among those of its workflow."""
    unique_id = schema.unique_id
    return tasks.get(str(row.get(unique_id.name))) if unique_id is not None else None


def card_lines(row: Row, width: int, glyphs: Glyphs) -> list[Line]:
    """A linked task's fields, as far as this task's row holds them."""
    lines: list[Line] = []
    room = min(24, width // 3)
    for name, value in list(row.items())[:200]:
        text = show(Field(name, type="unknown"), value)[:4000] or "nothing"
        label = fit(safe(name[:128]), room, glyphs.cut)
        for index, part in enumerate(wrap(safe(text, multiline=True), max(8, width - room - 2))[:20]):
            lines.append(((label if index == 0 else " " * room, "dim"), ("  ", "dim"), (part, "text")))
    return lines
