"""How one intent becomes a request and what its answer means."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fdtui.core.conflict import Conflict, disputed, still_wanted
from fdtui.core.details import Part
from fdtui.core.errors import ApiError, NotFoundError
from fdtui.core.fields import show
from fdtui.core.frozen import frozen
from fdtui.core.intents import (
    AddChecklistItem,
    AddComment,
    CreateTask,
    DeleteTask,
    Edit,
    Intent,
    LinkTask,
    Pending,
    Remark,
    RemoveItem,
    TickItem,
)
from fdtui.core.safetext import quoted
from fdtui.core.schema import Field, Schema, WorkflowRef
from fdtui.core.task import Task, task_from_row
from fdtui.core.values import Row, Value
from fdtui.sync.gateway import Gateway

PRECONDITION_FAILED = 412


class OvertakenError(Exception):
    """Somebody changed what the user changed; nothing was sent, and the user has to choose.

    ``fields`` says what is wrong with single fields.
    """

    def __init__(
        self,
        message: str,
        conflict: Conflict | None = None,
        fields: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        super().__init__(message)
        self.conflict, self.fields = conflict, fields or {}


@frozen
class Taken:
    """The server took it. ``kept`` is a sentence where it kept something else than was sent."""

    task: Task | None = None
    kept: str = ""
    stale: Part | None = None
    """The part of the task's details that has to be fetched again."""


def is_repeatable(intent: Intent, schema: Schema) -> bool:
    """Whether sending it once more after a lost answer does no harm.

    An edit names an outcome and is compared with what is there. A comment would stand twice.
    """
    if isinstance(intent, AddComment | AddChecklistItem):
        return False
    if isinstance(intent, CreateTask):
        return intent.uid(schema) is not None
    return True


@frozen
class Sender:
    """Sends intents about the tasks of one workflow."""

    gateway: Gateway
    workflow: WorkflowRef
    schema: Schema

    async def send(self, pending: Pending, task: Task, leaving: Callable[[], None]) -> Taken:
        """Do what ``pending`` says, if the task still is what the user saw.

        ``leaving`` is called right before the first byte of a change may leave.

        Raises `OvertakenError`, or `fdtui.core.errors.ApiError`.
        """
        match pending.intent:
            case CreateTask() as intent:
                return await self._create(pending, intent, leaving)
            case DeleteTask():
                return await self._delete(pending, task, leaving)
            case AddComment() | AddChecklistItem() | TickItem() | RemoveItem():
                return await self._remark(pending.intent, _uid(task), leaving)
            case _:
                return await self._edit(pending, pending.intent, task, leaving)

    async def _create(self, pending: Pending, intent: CreateTask, leaving: Callable[[], None]) -> Taken:
        """Make a task, and never of one that is there: POST would change that (upsert).

        So the server is asked first. In the moment between, an install that heeds ``only_new``
        (ours) guards the task; on others somebody can still be faster.
        """
        uid, values = intent.uid(self.schema), dict(intent.values)
        if uid is None:
            leaving()
            return Taken(self._task(await self.gateway.create(self.workflow.id, values)))
        there = await self._there(uid)
        if there is None:
            leaving()
            try:
                answer = await self.gateway.create(self.workflow.id, values, only_new=True)
                return Taken(self._task(answer))
            except ApiError as error:
                if error.status != PRECONDITION_FAILED:
                    raise
            there = await self._there(uid)
        if there is None:  # 412 for nothing: an install that means something else by it
            return Taken(self._task(await self.gateway.create(self.workflow.id, values)))
        if pending.sent and not still_wanted(there, values, self.schema):
            return Taken(there)  # ours, whose answer was lost
        raise self._exists(uid, pending)

    async def _there(self, uid: str) -> Task | None:
        """The task of that unique id as the server has it now."""
        unique_id = self.schema.unique_id
        assert unique_id is not None  # noqa: S101 - whoever has a uid has it from there
        try:
            return self._task(await self.gateway.task(self.workflow.id, uid, unique_id=unique_id.name))
        except NotFoundError:
            return None

    def _exists(self, uid: str, pending: Pending) -> OvertakenError:
        named = f"A task with the id {quoted(uid[:80])} exists"
        why = f"{named} already, made by somebody meanwhile; yours was not sent."
        if pending.sent:
            why = (
                f"{named}, with other values than yours: yours may have arrived and been changed "
                f"since, or somebody else made it. It was not sent again."
            )
        unique_id = self.schema.unique_id
        return OvertakenError(why, fields={unique_id.name: (why,)} if unique_id else {})

    async def _edit(
        self, pending: Pending, intent: Edit, task: Task, leaving: Callable[[], None]
    ) -> Taken:
        unique_id = self.schema.unique_id
        if unique_id is None:
            raise OvertakenError(task.problem)
        try:
            row = await self.gateway.task(self.workflow.id, _uid(task), unique_id=unique_id.name)
        except NotFoundError:
            raise _deleted(pending, intent, task) from None
        fresh = self._task(row)
        wanted = intent.changes(fresh)
        missing = still_wanted(fresh, wanted, self.schema)
        if not missing or (isinstance(intent, LinkTask) and self._is_linked(intent, fresh)):
            return Taken(fresh)
        self._check_unchanged(fresh, pending)
        leaving()
        body = {unique_id.name: task.row.get(unique_id.name), **missing}
        try:
            said = await self.gateway.update(self.workflow.id, body)
            answer = self._task({**fresh.row, **said})  # an install may answer only what was sent
        except NotFoundError:
            raise _deleted(pending, intent, task) from None
        return Taken(answer, "" if isinstance(intent, LinkTask) else self._kept(answer, missing))

    async def _delete(self, pending: Pending, task: Task, leaving: Callable[[], None]) -> Taken:
        leaving()
        try:
            await self.gateway.delete(self.workflow.id, _uid(task))
        except NotFoundError:
            said = "" if pending.sent else "somebody had deleted it already"
            return Taken(kept=said)
        return Taken()

    async def _remark(self, remark: Remark, uid: str, leaving: Callable[[], None]) -> Taken:
        gateway, workflow = self.gateway, self.workflow.id
        leaving()
        match remark:
            case AddComment(_, body):
                await gateway.add_comment(workflow, uid, body)
                return Taken(stale=Part.COMMENTS)
            case AddChecklistItem(_, title, stage):
                await gateway.add_checklist_item(workflow, uid, title, stage)
            case TickItem(_, item, status):
                await gateway.tick(workflow, uid, item, status)
            case RemoveItem(_, item):
                await gateway.remove_checklist_item(workflow, uid, item)
        return Taken(stale=Part.CHECKLIST)

    def _task(self, row: Row) -> Task:
        unique_id = self.schema.unique_id
        return task_from_row(row, unique_id.name if unique_id else None)

    def _is_linked(self, intent: LinkTask, fresh: Task) -> bool:
        """Whether the relationship is already so; a list is compared by its unique ids."""
        there = fresh.row.get(intent.field)
        entries = there if isinstance(there, list) else [there]
        uids = {str(each.get(intent.id_field)) for each in entries if isinstance(each, dict)}
        return (intent.uid in uids) is intent.linked

    def _check_unchanged(self, fresh: Task, pending: Pending) -> None:
        fields = disputed(fresh, pending, self.schema)
        if fields:
            told = "; ".join(
                f"{each.name} was changed meanwhile to {self._shown(each.name, each.theirs)}"
                for each in fields
            )
            raise OvertakenError(f"{told}. Nothing was sent.", Conflict(pending, fields))

    def _kept(self, answer: Task, wanted: dict[str, Value]) -> str:
        told = [
            f"{name}: the server kept {self._shown(name, answer.row[name])}"
            for name in still_wanted(answer, wanted, self.schema)
            if name in answer.row
        ]
        return "; ".join(told)

    def _shown(self, name: str, value: Value) -> str:
        return (
            f"“{show(self.schema.field(name) or Field(name), value)}”"
            if value is not None
            else "nothing"
        )


def _uid(task: Task) -> str:
    if task.uid is None:
        raise OvertakenError(task.problem or "This task has no unique id.")
    return task.uid


def _deleted(pending: Pending, intent: Edit, task: Task) -> OvertakenError:
    row = {**task.row, **intent.changes(task)}
    return OvertakenError(
        "Somebody has deleted this task.", Conflict(pending, (), deleted=True, row=row)
    )
