"""Many tasks at once: each is created or changed as if it came alone, and refused alone.

New tasks are judged one by one and stored together, which takes a tenth of the time. Whatever needs the
store for itself (a change, links, files) comes in its place in the order, under a savepoint of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from fdtui.core import fields
from fdtui.core.errors import ApiError, InvalidError
from fdtui.core.values import Row
from fdtui.server import diff
from fdtui.server.record import Record
from fdtui.server.refusal import RefusedError
from fdtui.server.store import Store, Transaction, activity, changes, tasks, workspace
from fdtui.server.store.activity import ActivityEntry, Actor
from fdtui.server.store.changes import Note
from fdtui.server.task_service import TaskService

MAX_ITEMS = 1_000
"""Tasks of one batch: other writers wait for as long as one takes."""
CREATED, CHANGED = 201, 200


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What became of one task: the status that it would have got alone, and why it was refused."""

    status: int
    uid: str | None = None
    errors: dict[str, list[str]] | list[str] = field(default_factory=list)

    def answer(self) -> dict[str, object]:
        """What goes over the wire."""
        told: dict[str, object] = {"status": self.status, "task_id": self.uid}
        return {**told, "errors": self.errors} if self.errors else told


def put(book: TaskService, items: Sequence[Any], *, only_new: bool = False) -> list[ItemResult]:
    """Create each of ``items``, or change the task that has its unique id, unless ``only_new``.

    One that is refused changes nothing and keeps no other back.
    """
    batch = _Batch(book, items, only_new=only_new)
    results = [batch.put(each, uid) for each, uid in zip(items, batch.uids, strict=True)]
    batch.flush()
    return results


def fill(
    store: Store, workflow_id: str, items: Iterable[Row], actor: Callable[[], Actor], *, base_url: str
) -> Iterator[ItemResult]:
    """The same for any number of tasks, `MAX_ITEMS` in a transaction, as their results are asked for.

    For whoever has the database itself: no key is asked for, and nothing is sent or parsed. Raises
    `NotFoundError` where there is no such workflow.
    """
    left = iter(items)
    while part := list(islice(left, MAX_ITEMS)):

        def work(tx: Transaction, part: list[Row] = part) -> list[ItemResult]:
            return put(TaskService.open(store, tx, workflow_id, base_url, actor()), part)

        yield from store.write(work)


class _Batch:
    """The items of one transaction; new tasks are collected until something has to see them."""

    def __init__(self, book: TaskService, items: Sequence[Any], *, only_new: bool) -> None:
        self._book, self._only_new = book, only_new
        self._unique_id = book.workflow.schema.unique_id
        self.uids = [self._uid(each) for each in items]
        """The unique id that each item names."""
        named = dict.fromkeys(uid for uid in self.uids if uid is not None)
        self._there = tasks.by_uids(book.tx, book.workflow.id, named)
        self._new: dict[str, Record] = {}
        """By internal id."""
        self._collected: set[str] = set()
        """Their unique ids."""
        self._ids = tasks.new_ids(book.store, book.tx, len(items))
        self._numbers = self._free_numbers(len(items))
        self._number = 0

    def put(self, item: Any, uid: str | None) -> ItemResult:
        """Create or change one, which names ``uid``."""
        try:
            if not isinstance(item, Mapping):
                raise RefusedError("A task is sent as one JSON object.", status=400)
            if uid in self._collected:
                self.flush()
            record = None if uid is None else self._there.get(uid)
            if record is None:
                return self._create(item)
            if self._only_new:
                raise RefusedError("A task of that unique id exists already.", status=412)
            changed = self._alone(lambda: self._book.change(record, item))
            self._know(changed)
            return ItemResult(CHANGED, changed.uid)
        except InvalidError as error:
            told = {name: list(each) for name, each in error.fields.items()}
            return ItemResult(error.status or 422, uid, told or list(error.errors))
        except ApiError as error:
            return ItemResult(error.status or 422, uid, [error.message])

    def flush(self) -> None:
        """Store the new tasks that were collected."""
        book, records = self._book, list(self._new.values())
        self._new.clear()
        self._collected.clear()
        if self._number:
            workspace.set_next_uid(book.tx, book.workflow.id, self._number + 1)
            self._number = 0
        if not records:
            return
        tasks.add_all(book.tx, book.workflow.id, records)
        entries = [self._entry(each) for each in records]
        activity.note_all(book.tx, book.actor, entries)
        changes.record(book.tx, book.workflow.id, [Note(changes.ROW, each.id) for each in records])
        for each in records:
            book.bring_checklist(each)

    def _create(self, item: Row) -> ItemResult:
        book = self._book
        draft = book.judged(item, None, is_free=True)
        if draft.links or draft.files:
            record = self._alone(lambda: book.create(item))
            self._know(record)
            return ItemResult(CREATED, record.uid)
        if self._unique_id is not None and self._unique_id.autoincrement:
            self._number = next(self._numbers)
            draft.values[self._unique_id.id] = str(self._number)
        record = book.drafted(next(self._ids), draft)
        self._new[record.id] = record
        if record.uid is not None:
            self._collected.add(record.uid)
        self._know(record)
        return ItemResult(CREATED, record.uid)

    def _alone(self, work: Callable[[], Record]) -> Record:
        """What ``work`` answers; if it raises, nothing of it remains."""
        self.flush()
        driver: Any = self._book.tx.connection.driver_connection
        driver.execute("SAVEPOINT task")
        try:
            record = work()
        except ApiError:
            driver.execute("ROLLBACK TO SAVEPOINT task")
            driver.execute("RELEASE SAVEPOINT task")
            raise
        driver.execute("RELEASE SAVEPOINT task")
        self._numbers = self._free_numbers(MAX_ITEMS)  # it may have taken the next
        return record

    def _know(self, record: Record) -> None:
        if record.uid is not None:
            self._there[record.uid] = record

    def _entry(self, record: Record) -> ActivityEntry:
        flow = self._book.workflow
        after = diff.seen(flow, record)
        return ActivityEntry(flow.id, "task.created", record.id, record.uid, after=after)

    def _uid(self, item: Any) -> str | None:
        """The unique id that an item names, if it can be one."""
        if self._unique_id is None or not isinstance(item, Mapping):
            return None
        value = item.get(self._unique_id.name)
        return None if value is None or fields.check(self._unique_id, value) else str(value)

    def _free_numbers(self, count: int) -> Iterator[int]:
        """Numbers for the unique ids of new tasks, without those that somebody has taken by hand."""
        book = self._book
        while True:
            first = max(workspace.next_uid(book.tx, book.workflow.id), self._number + 1)
            some = range(first, first + count)
            taken = tasks.ids_of(book.tx, book.workflow.id, map(str, some)).keys()
            for number in some:
                if str(number) not in taken and str(number) not in self._there:
                    yield number
            self._number = some[-1]
