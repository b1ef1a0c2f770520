"""The tasks of one workflow within one transaction: what the Tasks API can do with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from fdtui.core import fields
from fdtui.core.errors import InvalidError
from fdtui.core.schema import Field
from fdtui.core.values import Row, Value
from fdtui.server import diff, render, rules
from fdtui.server.attachments import StoredFile
from fdtui.server.filters import Filter
from fdtui.server.record import Record, Search
from fdtui.server.refusal import no_such_task
from fdtui.server.store import (
    Store,
    Transaction,
    activity,
    blobs,
    changes,
    checklists,
    links,
    task_lists,
    tasks,
    workspace,
)
from fdtui.server.store.activity import ActivityEntry, Actor
from fdtui.server.store.changes import Note
from fdtui.server.workflow.catalog import Catalog, LinkSide
from fdtui.server.workflow.definition import Workflow

MAX_ALONE = 500
"""Tasks whose links are looked up one by one; for more, those of the whole workflow are read."""


@dataclass(frozen=True)
class TaskService:
    """One workflow's tasks; ``base_url`` is where their pages are said to be.

    Whatever changes is put into the activity log as the work of ``actor``.
    """

    store: Store
    tx: Transaction
    catalog: Catalog
    workflow: Workflow
    base_url: str
    actor: Actor
    restores: bool = False
    """Whether tasks may bring what only the workflow gives otherwise: numbers, closed fields."""

    @classmethod
    def open(
        cls, store: Store, tx: Transaction, workflow_id: str, base_url: str, actor: Actor
    ) -> TaskService:
        """The tasks of that workflow; raises `NotFoundError`."""
        catalog, workflow = workspace.workflow(store, tx, workflow_id)
        return cls(store, tx, catalog, workflow, base_url, actor)

    @property
    def revision(self) -> str:
        """A tag of everything that `rows` could answer."""
        return workspace.revision(self.tx, self.catalog, self.workflow.id)

    @cached_property
    def sides(self) -> dict[str, LinkSide]:
        """The links by the name they have here, without those to what the actor may not know of."""
        every = self.catalog.sides(self.workflow.id)
        return {side.name: side for side in every if self.actor.sees(side.other)}

    @property
    def hides(self) -> bool:
        """Whether there are links that the actor may not know of."""
        return len(self.sides) < len(self.catalog.sides(self.workflow.id))

    def whole(self) -> TaskService:
        """The same with every link, for what the workflow's own file asks and does, whoever asks."""
        return replace(self, actor=replace(self.actor, workflows=None))

    @cached_property
    def _other_ids(self) -> dict[str, str]:
        fields_there = {
            name: self.catalog.workflows[side.other].schema.unique_id
            for name, side in self.sides.items()
        }
        return {name: field.name for name, field in fields_there.items() if field is not None}

    def rows(self, pairs: list[tuple[str, str]], *, active: bool = False) -> list[dict[str, Value]]:
        """The tasks that all of ``pairs`` hold for; raises `InvalidError` for an unknown field."""
        wanted = self._filter(pairs)
        found = task_lists.found(self.tx, self.workflow.id, self._search(wanted, active=active))
        records = [record for _, record in found if wanted.may_take(record)]
        ids = [each.id for each in records] if len(records) <= MAX_ALONE else None
        return [row for row in self._rendered(records, ids) if wanted.takes(row)]

    def page(
        self, pairs: list[tuple[str, str]], after: int, limit: int, *, active: bool = False
    ) -> tuple[list[dict[str, Value]], int]:
        """The first ``limit`` of those tasks whose number is above ``after``, and the last one's number.

        The number is 0 where no more tasks come after them.
        """
        wanted = self._filter(pairs)
        search = self._search(wanted, active=active)
        rows: list[dict[str, Value]] = []
        last = 0
        while True:
            asked = max(MAX_ALONE, limit - len(rows) + 1)
            found = list(task_lists.found(self.tx, self.workflow.id, search, after=after, limit=asked))
            likely = [(number, record) for number, record in found if wanted.may_take(record)]
            records = [record for _, record in likely]
            rendered = self._rendered(records, [each.id for each in records])
            for (number, _), row in zip(likely, rendered, strict=True):
                if wanted.takes(row):
                    if len(rows) == limit:
                        return rows, last
                    rows.append(row)
                    last = number
            if len(found) < asked:
                return rows, 0
            after = found[-1][0]

    @property
    def me(self) -> str | None:
        """The e-mail of the person of this workflow as whom the caller acts, if it is one."""
        person = self.workflow.schema.person(self.actor.who)
        return None if person is None else person.email

    def _filter(self, pairs: list[tuple[str, str]]) -> Filter:
        sides, today = self.sides.values(), self.actor.now.date()
        return Filter(self.workflow, sides, self._other_ids, pairs, me=self.me, today=today)

    def _search(self, wanted: Filter, *, active: bool) -> Search:
        ends = self.workflow.end_stages if active else ()
        return replace(wanted.search, but_stages=ends) if ends else wanted.search

    def find(self, uid: str) -> Record:
        """The task of that unique id; raises `RefusedError`, `InvalidError` for an id that cannot be."""
        unique_id = self.workflow.schema.unique_id
        if unique_id is not None and "\0" in uid:
            raise InvalidError({unique_id.name: [fields.INVALID]})
        found = None if unique_id is None else tasks.by_uid(self.tx, self.workflow.id, uid)
        if found is None:
            raise no_such_task()
        return found

    def named_in(self, body: Row) -> Record | None:
        """The task whose unique id stands in ``body``, if it does and there is one."""
        unique_id = self.workflow.schema.unique_id
        value = None if unique_id is None else body.get(unique_id.name)
        if unique_id is None or value is None or fields.check(unique_id, value):
            return None
        return tasks.by_uid(self.tx, self.workflow.id, str(value))

    def row(self, record: Record) -> dict[str, Value]:
        """One task as it is answered."""
        return next(iter(self._rendered([record], [record.id])))

    def some_rows(self, ids: Collection[str]) -> list[dict[str, Value]]:
        """The tasks of those internal ids, as far as they are of this workflow, in the list's order."""
        found = tasks.of_workflow(self.tx, self.workflow.id, ids)
        return list(self._rendered(found, [each.id for each in found]))

    def create(self, body: Row) -> Record:
        """A new task; raises `InvalidError`."""
        draft = self.judged(body, None)
        unique_id = self.workflow.schema.unique_id
        if unique_id is not None and unique_id.autoincrement:
            draft.values[unique_id.id] = draft.values.get(unique_id.id) or self._next_uid()
        record = self.drafted(tasks.new_id(self.store, self.tx), draft)
        tasks.add(self.tx, self.workflow.id, record)
        done = self._finish(record, draft, record, is_new=True)
        now = {**diff.seen(self.workflow, done), **self._link_ids(done, draft)}
        self.note("task.created", done, after=now)
        self.bring_checklist(done)
        return done

    def drafted(self, task_id: str, draft: rules.TaskDraft) -> Record:
        """A new task with the plain values of ``draft``, not stored yet."""
        empty = Record(task_id, draft.stage or self.workflow.first_stage)
        return _drafted(empty, draft, self.workflow.schema.unique_id)

    def change(self, record: Record, body: Row) -> Record:
        """``record`` with the keys of ``body`` changed; raises `InvalidError`."""
        draft = self.judged(body, record)
        before = {**diff.seen(self.workflow, record), **self._link_ids(record, draft)}
        done = self._finish(_drafted(record, draft, self.workflow.schema.unique_id), draft, record)
        after = {**diff.seen(self.workflow, done), **self._link_ids(done, draft)}
        was, now = diff.differing(before, after)
        if now:
            self.note("task.updated", done, before=was, after=now)
        if done.stage != record.stage:
            self.bring_checklist(done)
        return done

    def delete(self, record: Record) -> None:
        """Delete a task for good, with its files and links."""
        self.note("task.deleted", record, before=diff.seen(self.workflow, record))
        ways = {side.link: side.other for side in self.catalog.sides(self.workflow.id)}
        linked = [
            Note(changes.LINK, other, ways.get(link, ""))
            for link, other in (links.of_task(self.tx, record.id) if ways else ())
        ]
        tasks.remove(self.tx, record)
        if any(isinstance(value, list) for value in record.values.values()):
            blobs.sweep(self.tx)
        gone = Note(changes.GONE, record.id, uid=record.uid)
        changes.record(self.tx, self.workflow.id, [gone, *linked])

    def relink(self, side: LinkSide, record: Record, others: Sequence[str]) -> None:
        """Link ``record`` over ``side`` with exactly ``others``, by their internal ids."""
        if notes := self._relinked(side, record, others):
            changes.record(self.tx, self.workflow.id, notes)

    def _relinked(self, side: LinkSide, record: Record, others: Sequence[str]) -> list[Note]:
        ends = links.replace(self.tx, side, record.id, others)
        return [Note(changes.LINK, each, side.other) for each in sorted(ends)]

    def note(
        self,
        what: str,
        record: Record,
        *,
        before: Mapping[str, Value] | None = None,
        after: Mapping[str, Value] | None = None,
    ) -> None:
        """Put a change of ``record``, or of what hangs on it, into the activity log."""
        entry = ActivityEntry(self.workflow.id, what, record.id, record.uid, before or {}, after or {})
        activity.note(self.tx, self.actor, entry)

    def bring_checklist(self, record: Record) -> None:
        """Give ``record`` the items that every task of its stage begins with."""
        titles = self.workflow.checklists.get(record.stage, ())
        if titles:
            checklists.bring(self.store, self.tx, record.id, record.stage, titles)

    def _link_ids(self, record: Record, draft: rules.TaskDraft) -> dict[str, Value]:
        """The unique ids at the other end of the links that ``draft`` changes."""
        found: dict[str, Value] = {}
        for name in draft.links:
            others = [there for _, there in links.pairs(self.tx, self.sides[name], record.id)]
            known = tasks.by_ids(self.tx, others)
            if others:
                found[name] = [known[each].uid for each in others]
        return found

    def judged(self, body: Row, record: Record | None, *, is_free: bool = False) -> rules.TaskDraft:
        """The draft that ``body`` makes, once the store has nothing against it either.

        ``is_free`` says that the unique id in it is known to be. Raises `InvalidError`.
        """
        draft = rules.judge(
            self.workflow,
            body,
            current=record,
            sides=self.sides,
            other_ids=self._other_ids,
            restores=self.restores,
        )
        for name, uids in draft.links.items():
            ids = tasks.ids_of(self.tx, self.sides[name].other, uids)
            if len(ids) < len(uids) or (record is not None and record.id in ids.values()):
                draft.refuse(name, fields.INVALID)
            draft.links[name] = tuple(ids[uid] for uid in uids if uid in ids)
        by_id = {each.id: each.name for each in self.workflow.schema.fields} if draft.files else {}
        for field_id, entries in draft.files.items():
            kept = {entry.blob for entry in entries if isinstance(entry, StoredFile)}
            there = blobs.held(self.tx, record.id, field_id) if record is not None and kept else {}
            if kept - there.keys():
                draft.refuse(by_id[field_id], fields.INVALID)
        if not is_free:
            self._check_free(draft, record)
        draft.check()
        return draft

    def _check_free(self, draft: rules.TaskDraft, record: Record | None) -> None:
        unique_id = self.workflow.schema.unique_id
        uid = None if unique_id is None else draft.values.get(unique_id.id)
        if unique_id is None or uid is None:
            return
        holder = tasks.by_uid(self.tx, self.workflow.id, str(uid))
        if holder is not None and (record is None or holder.id != record.id):
            draft.refuse(unique_id.name, fields.TAKEN)

    def _finish(
        self, record: Record, draft: rules.TaskDraft, before: Record, *, is_new: bool = False
    ) -> Record:
        """Store what hangs on the task, and the task as it is then; ``before`` is how it is stored."""
        values = dict(record.values)
        for field_id, entries in draft.files.items():
            values[field_id] = blobs.replace(self.store, self.tx, record.id, field_id, entries)
        notes = []
        for name, others in draft.links.items():
            notes += self._relinked(self.sides[name], record, others)
        record = replace(record, values=values)
        tasks.save(self.tx, record, before)
        notes += _notes(None if is_new else before, record)
        if notes:
            changes.record(self.tx, self.workflow.id, notes)
        return record

    def _next_uid(self) -> str:
        while True:
            uid = str(workspace.take_uid(self.tx, self.workflow.id))
            if tasks.by_uid(self.tx, self.workflow.id, uid) is None:
                return uid

    def _rendered(
        self, records: list[Record], ids: Sequence[str] | None = None
    ) -> Iterable[dict[str, Value]]:
        """``records`` as they are answered; ``ids`` are theirs where they are not all there are."""
        sides = tuple(self.sides.values())
        linked = self._linked(sides, ids) if sides and records else {}
        for record in records:
            yield render.row(self.workflow, record, self.base_url, sides, linked.get(record.id))

    def _linked(
        self, sides: tuple[LinkSide, ...], ids: Sequence[str] | None
    ) -> dict[str, dict[str, Value]]:
        """What stands under each link's name, by task; of all tasks or of some."""
        answer: dict[str, dict[str, Value]] = {}
        for side in sides:
            wanted = (None,) if ids is None else ids
            found = [pair for task in wanted for pair in links.pairs(self.tx, side, task)]
            there = tasks.by_ids(self.tx, dict.fromkeys(other for _, other in found))
            flow = self.catalog.workflows[side.other]
            for here, other in found:
                render.attach(answer.setdefault(here, {}), side, render.custom(flow, there[other]))
        return answer


def _notes(before: Record | None, after: Record) -> list[Note]:
    """What a change of a task, or a new one, is about, links apart."""
    if before is None:
        return [Note(changes.ROW, after.id)]
    found = []
    if (before.values, before.uid) != (after.values, after.uid):
        found.append(Note(changes.ROW, after.id))
    elif before != after:
        found.append(Note(changes.PLACE, after.id))
    if before.uid is not None and before.uid != after.uid:
        found.append(Note(changes.GONE, after.id, uid=before.uid))
    return found


def _drafted(record: Record, draft: rules.TaskDraft, unique_id: Field | None) -> Record:
    """``record`` with the plain values of ``draft``."""
    values = {**record.values, **draft.values}
    uid = record.uid
    if unique_id is not None and draft.values.get(unique_id.id) is not None:
        uid = str(draft.values[unique_id.id])
    return Record(
        id=record.id,
        stage=draft.stage or record.stage,
        assignee=draft.assignee if draft.assign else record.assignee,
        uid=uid,
        values={key: value for key, value in values.items() if value is not None},
    )
