"""Many tasks at once: each is created or changed as if it came alone, and refused alone.

New tasks are judged one by one and stored together, which takes a tenth of the time. Whatever needs the
store for itself (a change, links, files) comes in its place in the order, under a savepoint of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from typing import Any

from fdtui.core import fields
from fdtui.core.errors import ApiError, InvalidError
from fdtui.core.values import Row, Value
from fdtui.server import belongings, diff
from fdtui.server.belongings import Belongings
from fdtui.server.record import Record
from fdtui.server.refusal import RefusedError
from fdtui.server.rules import TaskDraft
from fdtui.server.store import Store, Transaction, activity, changes, tasks, workspace
from fdtui.server.store.activity import ActivityEntry, Actor
from fdtui.server.store.changes import Note
from fdtui.server.task_service import TaskService

MAX_ITEMS = 1_000
"""Tasks of one batch: other writers wait for as long as one takes."""
CREATED, CHANGED = 201, 200
MAX_NUMBER_LENGTH = 18
"""Figures of a unique id that is counted on from; a longer one is no number of ours."""


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


def put(
    book: TaskService,
    items: Sequence[Any],
    *,
    only_new: bool = False,
    given: Sequence[Value] = (),
) -> list[ItemResult]:
    """Create each of ``items``, or change the task that has its unique id, unless ``only_new``.

    ``given`` has for each what comes with it, as `fdtui.server.belongings` reads it, or ``None``.
    One that is refused changes nothing and keeps no other back.
    """
    batch = _Batch(book, items, only_new=only_new)
    together = zip_longest(items, batch.uids, given)
    results = [batch.put(each, uid, brought) for each, uid, brought in together]
    batch.flush()
    batch.hand_over()
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
        self._belongings: list[tuple[Record, Belongings, bool]] = []
        """What comes with tasks, and whether they are new; handed over once all are stored."""

    def put(self, item: Any, uid: str | None, given: Value = None) -> ItemResult:
        """Create or change one, which names ``uid``; ``given`` comes with it."""
        try:
            if not isinstance(item, Mapping):
                raise RefusedError("A task is sent as one JSON object.", status=400)
            brought = None if given is None else belongings.read(given, self._book.workflow.schema)
            if uid in self._collected:
                self.flush()
            record = None if uid is None else self._there.get(uid)
            if record is None:
                return self._create(item, brought)
            if self._only_new:
                raise RefusedError("A task of that unique id exists already.", status=412)
            changed = self._alone(lambda: self._book.change(record, item))
            self._know(changed)
            if brought is not None:
                self._belongings.append((changed, brought, False))
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
            following = max(self._number + 1, workspace.next_uid(book.tx, book.workflow.id))
            workspace.set_next_uid(book.tx, book.workflow.id, following)
            self._number = 0
        if not records:
            return
        tasks.add_all(book.tx, book.workflow.id, records)
        entries = [self._entry(each) for each in records]
        activity.note_all(book.tx, book.actor, entries)
        changes.record(book.tx, book.workflow.id, [Note(changes.ROW, each.id) for each in records])
        for each in records:
            book.bring_checklist(each)

    def hand_over(self) -> None:
        """Store what comes with the tasks, which are stored."""
        for record, brought, is_new in self._belongings:
            belongings.put(self._book, record, brought, is_new=is_new)
        self._belongings.clear()

    def _create(self, item: Row, brought: Belongings | None) -> ItemResult:
        book = self._book
        draft = book.judged(item, None, is_free=True)
        if any(draft.links.values()) or any(draft.files.values()):
            record = self._alone(lambda: book.create(item))
            self._count(record.uid)
        else:
            self._number_if_needed(draft)
            record = book.drafted(next(self._ids), draft)
            self._new[record.id] = record
            if record.uid is not None:
                self._collected.add(record.uid)
        self._know(record)
        if brought is not None:
            self._belongings.append((record, brought, True))
        return ItemResult(CREATED, record.uid)

    def _number_if_needed(self, draft: TaskDraft) -> None:
        if self._unique_id is None or not self._unique_id.autoincrement:
            return
        given = draft.values.get(self._unique_id.id)
        if given is None:
            self._number = max(self._number, number := next(self._numbers))
            draft.values[self._unique_id.id] = str(number)
        else:
            self._count(str(given))

    def _count(self, uid: str | None) -> None:
        """Let the numbers that are given go on behind one that was brought."""
        is_counting = self._unique_id is not None and self._unique_id.autoincrement
        if is_counting and uid and uid.isascii() and uid.isdecimal() and len(uid) < MAX_NUMBER_LENGTH:
            self._number = max(self._number, int(uid))

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
