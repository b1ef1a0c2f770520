"""The tasks of one workflow within one transaction: what the Tasks API can do with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from fdtui.core import fields
from fdtui.core.errors import InvalidError
from fdtui.core.schema import Field
from fdtui.core.values import Row, Value
from fdtui.server import changes, render, rules
from fdtui.server.attachments import Kept
from fdtui.server.catalog import Catalog, Side
from fdtui.server.definition import Workflow
from fdtui.server.filters import Filter
from fdtui.server.record import Record
from fdtui.server.refusal import no_such_task
from fdtui.server.store import (
    Store,
    Transaction,
    activity,
    blobs,
    checklists,
    links,
    tasks,
    workspace,
)
from fdtui.server.store.activity import Entry, Hand


@dataclass(frozen=True)
class Taskbook:
    """One workflow's tasks; ``base_url`` is where their pages are said to be.

    Whatever changes is put into the activity log as the work of ``hand``.
    """

    store: Store
    tx: Transaction
    catalog: Catalog
    workflow: Workflow
    base_url: str
    hand: Hand

    @classmethod
    def open(
        cls, store: Store, tx: Transaction, workflow_id: str, base_url: str, hand: Hand
    ) -> Taskbook:
        """The book of that workflow; raises `NotFoundError`."""
        catalog, workflow = workspace.workflow(store, tx, workflow_id)
        return cls(store, tx, catalog, workflow, base_url, hand)

    @property
    def revision(self) -> str:
        """A tag of everything that `rows` could answer."""
        return workspace.revision(self.tx, self.workflow.id)

    @cached_property
    def sides(self) -> dict[str, Side]:
        """The links by the name they have here."""
        return {side.name: side for side in self.catalog.sides(self.workflow.id)}

    @cached_property
    def _other_ids(self) -> dict[str, str]:
        fields_there = {
            name: self.catalog.workflows[side.other].schema.unique_id
            for name, side in self.sides.items()
        }
        return {name: field.name for name, field in fields_there.items() if field is not None}

    def rows(self, pairs: list[tuple[str, str]], *, active: bool = False) -> list[dict[str, Value]]:
        """The tasks that all of ``pairs`` hold for; raises `InvalidError` for an unknown field."""
        wanted = Filter(self.workflow, self.sides.values(), self._other_ids, pairs)
        ends = self.workflow.end_stages if active else ()
        found = tasks.everything(self.tx, self.workflow.id, stage=wanted.stage, but_stages=ends)
        return [row for row in self._rendered(found) if wanted.takes(row)]

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

    def row(self, record: Record, body: Row | None = None) -> dict[str, Value]:
        """One task as it is answered; to a write, with the ``body``'s own spelling of numbers."""
        answer = next(iter(self._rendered([record], record.id)))
        return render.echo(answer, self.workflow, body or {})

    def create(self, body: Row) -> Record:
        """A new task; raises `InvalidError`."""
        draft = self._judged(body, None)
        record = Record(tasks.new_id(self.store, self.tx), draft.stage or self.workflow.first_stage)
        unique_id = self.workflow.schema.unique_id
        if unique_id is not None and unique_id.autoincrement:
            draft.values[unique_id.id] = self._next_uid()
        record = _drafted(record, draft, unique_id)
        tasks.add(self.tx, self.workflow.id, record)
        done = self._finish(record, draft)
        now = {**changes.seen(self.workflow, done), **self._link_ids(done, draft)}
        self.note("task.created", done, after=now)
        self._bring_checklist(done)
        return done

    def change(self, record: Record, body: Row) -> Record:
        """``record`` with the keys of ``body`` changed; raises `InvalidError`."""
        draft = self._judged(body, record)
        before = {**changes.seen(self.workflow, record), **self._link_ids(record, draft)}
        done = self._finish(_drafted(record, draft, self.workflow.schema.unique_id), draft)
        after = {**changes.seen(self.workflow, done), **self._link_ids(done, draft)}
        was, now = changes.differing(before, after)
        if now:
            self.note("task.updated", done, before=was, after=now)
        if done.stage != record.stage:
            self._bring_checklist(done)
        return done

    def delete(self, record: Record) -> None:
        """Delete a task for good, with its files and links."""
        self.note("task.deleted", record, before=changes.seen(self.workflow, record))
        tasks.remove(self.tx, record)
        if any(isinstance(value, list) for value in record.values.values()):
            blobs.sweep(self.tx)
        workspace.touch(self.tx, self.catalog, self.workflow.id)

    def note(
        self,
        what: str,
        record: Record,
        *,
        before: Mapping[str, Value] | None = None,
        after: Mapping[str, Value] | None = None,
    ) -> None:
        """Put a change of ``record``, or of what hangs on it, into the activity log."""
        entry = Entry(self.workflow.id, what, record.id, record.uid, before or {}, after or {})
        activity.note(self.tx, self.hand, entry)

    def _bring_checklist(self, record: Record) -> None:
        titles = self.workflow.checklists.get(record.stage, ())
        if titles:
            checklists.bring(self.store, self.tx, record.id, record.stage, titles)

    def _link_ids(self, record: Record, draft: rules.Draft) -> dict[str, Value]:
        """The unique ids at the other end of the links that ``draft`` changes."""
        found: dict[str, Value] = {}
        for name in draft.links:
            others = [there for _, there in links.pairs(self.tx, self.sides[name], record.id)]
            known = tasks.by_ids(self.tx, others)
            if others:
                found[name] = [known[each].uid for each in others]
        return found

    def _judged(self, body: Row, record: Record | None) -> rules.Draft:
        """The draft that ``body`` makes, once the store has nothing against it either."""
        draft = rules.judge(
            self.workflow, body, current=record, sides=self.sides, other_ids=self._other_ids
        )
        for name, uids in draft.links.items():
            ids = tasks.ids_of(self.tx, self.sides[name].other, uids)
            if len(ids) < len(uids) or (record is not None and record.id in ids.values()):
                draft.refuse(name, fields.INVALID)
            draft.links[name] = tuple(ids[uid] for uid in uids if uid in ids)
        by_id = {field.id: field.name for field in self.workflow.schema.fields}
        for field_id, entries in draft.files.items():
            kept = {entry.blob for entry in entries if isinstance(entry, Kept)}
            there = blobs.held(self.tx, record.id, field_id) if record is not None and kept else {}
            if kept - there.keys():
                draft.refuse(by_id[field_id], fields.INVALID)
        self._check_free(draft, record)
        draft.check()
        return draft

    def _check_free(self, draft: rules.Draft, record: Record | None) -> None:
        unique_id = self.workflow.schema.unique_id
        uid = None if unique_id is None else draft.values.get(unique_id.id)
        if unique_id is None or uid is None:
            return
        holder = tasks.by_uid(self.tx, self.workflow.id, str(uid))
        if holder is not None and (record is None or holder.id != record.id):
            draft.refuse(unique_id.name, fields.TAKEN)

    def _finish(self, record: Record, draft: rules.Draft) -> Record:
        """Store what hangs on the task, and the task as it is then."""
        values = dict(record.values)
        for field_id, entries in draft.files.items():
            values[field_id] = blobs.replace(self.store, self.tx, record.id, field_id, entries)
        for name, others in draft.links.items():
            links.replace(self.tx, self.sides[name], record.id, others)
        record = replace(record, values=values)
        tasks.save(self.tx, record)
        workspace.touch(self.tx, self.catalog, self.workflow.id)
        return record

    def _next_uid(self) -> str:
        while True:
            uid = str(workspace.take_uid(self.tx, self.workflow.id))
            if tasks.by_uid(self.tx, self.workflow.id, uid) is None:
                return uid

    def _rendered(self, records: list[Record], task: str | None = None) -> Iterable[dict[str, Value]]:
        sides = tuple(self.sides.values())
        linked = self._linked(sides, task) if sides and records else {}
        for record in records:
            yield render.row(self.workflow, record, self.base_url, sides, linked.get(record.id))

    def _linked(self, sides: tuple[Side, ...], task: str | None) -> dict[str, dict[str, Value]]:
        """What stands under each link's name, by task; of all tasks or of one."""
        answer: dict[str, dict[str, Value]] = {}
        for side in sides:
            found = links.pairs(self.tx, side, task)
            there = tasks.by_ids(self.tx, dict.fromkeys(other for _, other in found))
            flow = self.catalog.workflows[side.other]
            for here, other in found:
                render.attach(answer.setdefault(here, {}), side, render.custom(flow, there[other]))
        return answer


def _drafted(record: Record, draft: rules.Draft, unique_id: Field | None) -> Record:
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
