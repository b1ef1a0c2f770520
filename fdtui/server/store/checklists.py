"""The checklists of tasks, an item belonging to one stage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, delete, insert, select, update

from fdtui.server.store.database import Store, Transaction
from fdtui.server.store.tables import checklist_items as items
from fdtui.server.store.tables import tasks

BLANK, SKIPPED, COMPLETED = "Blank", "Skipped", "Completed"
STATUSES = (BLANK, SKIPPED, COMPLETED)


@dataclass(frozen=True, slots=True)
class StoredItem:
    """One item; ``template`` says that the stage's checklist brought it."""

    id: str
    title: str
    stage: str
    status: str = BLANK
    assignee: str | None = None
    template: bool = False


_ITEM_COLUMNS = (
    items.c.id,
    items.c.title,
    items.c.stage,
    items.c.status,
    items.c.assignee,
    items.c.template,
)


def listed(tx: Transaction, task: str, stage: str | None = None) -> list[StoredItem]:
    """The items of a task in the order they were made, of one stage or of all."""
    query = select(*_ITEM_COLUMNS).where(items.c.task == task).order_by(items.c.number)
    query = query if stage is None else query.where(items.c.stage == stage)
    return [_item(row) for row in tx.execute(query)]


def find(tx: Transaction, task: str, item_id: str) -> StoredItem | None:
    """The item of that id."""
    if "\0" in item_id:
        return None  # no text in PostgreSQL
    row = tx.execute(
        select(*_ITEM_COLUMNS).where(items.c.task == task, items.c.id == item_id)
    ).one_or_none()
    return None if row is None else _item(row)


def add(tx: Transaction, task: str, item: StoredItem) -> None:
    """Store a new item after the others."""
    tx.execute(insert(items).values(task=task, **_values(item)))


def save(tx: Transaction, item: StoredItem) -> None:
    """Store a changed item."""
    tx.execute(update(items).where(items.c.id == item.id).values(**_values(item)))


def remove(tx: Transaction, item: StoredItem) -> None:
    """Delete an item."""
    tx.execute(delete(items).where(items.c.id == item.id))


def bring(store: Store, tx: Transaction, task: str, stage: str, titles: Iterable[str]) -> None:
    """Give a task that enters ``stage`` what its template has and the task has not yet."""
    there = {each.title for each in listed(tx, task, stage) if each.template}
    for title in titles:
        if title not in there:
            add(tx, task, StoredItem(new_id(store, tx), title, stage, template=True))


def move_stage(tx: Transaction, workflow: str, was: str, name: str) -> None:
    """Let the items of a renamed stage go with it."""
    tx.execute(update(items).where(_of(workflow), items.c.stage == was).values(stage=name))


def rename(tx: Transaction, workflow: str, stage: str, was: str, title: str) -> None:
    """Give the items that a stage's template brought as ``was`` the template's new ``title``."""
    brought = (_of(workflow), items.c.stage == stage, items.c.title == was, items.c.template)
    tx.execute(update(items).where(*brought).values(title=title))


def hand_over(tx: Transaction, workflow: str, people: Mapping[str, str]) -> None:
    """Let the items of ``people``, old e-mails to new ones, stay theirs."""
    if people:
        new = case(people, value=items.c.assignee)
        theirs = (_of(workflow), items.c.assignee.in_(people))
        tx.execute(update(items).where(*theirs).values(assignee=new))


def _of(workflow: str) -> ColumnElement[bool]:
    return items.c.task.in_(select(tasks.c.id).where(tasks.c.workflow == workflow))


def is_complete(tx: Transaction, task: str, stage: str) -> bool:
    """Whether no item of the stage is blank."""
    query = select(items.c.id).where(
        items.c.task == task, items.c.stage == stage, items.c.status == BLANK
    )
    return tx.execute(query.limit(1)).scalar() is None


def new_id(store: Store, tx: Transaction) -> str:
    """An id that no item has."""
    while True:
        made = store.new_id()
        if tx.execute(select(items.c.id).where(items.c.id == made)).scalar() is None:
            return made


def _values(item: StoredItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title,
        "stage": item.stage,
        "status": item.status,
        "assignee": item.assignee,
        "template": item.template,
    }


def _item(row: Any) -> StoredItem:
    id_, title, stage, status, assignee, template = row
    return StoredItem(id_, title, stage, status, assignee, template)
