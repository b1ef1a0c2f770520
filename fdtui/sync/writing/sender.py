"""How one intent becomes a request and what its answer means."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from functools import partial

from fdtui.core.conflict import Conflict, changed_since, disputed, still_wanted, taken_back
from fdtui.core.details import Part
from fdtui.core.errors import (
    ApiError,
    FdtuiError,
    NotAuthenticatedError,
    NotFlowdashError,
    NotFoundError,
    UnavailableError,
    UnclearError,
    UnreachableError,
)
from fdtui.core.frozen import frozen
from fdtui.core.intents import (
    AddChecklistItem,
    AddComment,
    CreateTask,
    DeleteTask,
    Edit,
    LinkTask,
    Pending,
    RemoveFile,
    RemoveItem,
    TickItem,
)
from fdtui.core.safetext import quoted
from fdtui.core.schema import Schema, WorkflowRef
from fdtui.core.task import Task, task_from_row
from fdtui.core.values import Row, Value
from fdtui.sync.gateway import Gateway
from fdtui.sync.writing.difference_words import changes_words, kept_words, overwritten_words
from fdtui.sync.writing.remark_sender import Leaving, RemarkSender
from fdtui.sync.writing.repeating import find_again, find_new, needs_a_look, was_undone
from fdtui.sync.writing.watch import watched

ACCEPTED, PRECONDITION_FAILED = 202, 412
MAX_OVERTAKEN_WRITES = 8
"""Times that somebody may be faster before a change of other fields is sent whatever they do."""
ACCEPTED_PAUSES = (0.0, 0.5, 1.5, 3.0)
"""Seconds before each look for a change that the server has accepted and not done yet."""


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
class SendResult:
    """The server took it. ``kept`` is a sentence where it kept something else than was sent."""

    task: Task | None = None
    kept: str = ""
    stale: Part | None = None
    """The part of the task's details that has to be fetched again."""


@frozen
class Sender:
    """Sends intents about the tasks of one workflow.

    ``known`` gives the unique ids that the board has, by which a new task is known from an old one.
    """

    gateway: Gateway
    workflow: WorkflowRef
    schema: Schema
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    known: Callable[[], Collection[str]] = tuple
    clock: Callable[[], float] = time.time

    async def send(self, pending: Pending, task: Task, leaving: Leaving) -> SendResult:
        """Do what ``pending`` says, if the task still is what the user saw.

        ``leaving`` is called right before the first byte of a change may leave.

        Raises `OvertakenError`, or `fdtui.core.errors.FdtuiError`.
        """
        match pending.intent:
            case CreateTask() as intent:
                return await self._create(pending, intent, leaving)
            case DeleteTask():
                return await self._delete(pending, task, leaving)
            case AddComment() | AddChecklistItem() | TickItem() | RemoveItem() as remark:
                remarks = RemarkSender(
                    self.gateway, self.workflow.id, _uid(task), leaving, self.sleep, self.clock
                )
                return SendResult(stale=await remarks.send(pending, remark))
            case _:
                return await self._edit(pending, pending.intent, task, leaving)

    async def _create(self, pending: Pending, intent: CreateTask, leaving: Leaving) -> SendResult:
        """Make a task, and never of one that is there: POST would change that (upsert).

        So the server is asked first. In the moment between, an install that knows ``only_new``
        (ours) guards the task; on others somebody can still be faster, which becomes a notice.
        """
        uid, values = intent.uid(self.schema), dict(intent.values)
        must_look = needs_a_look(self.gateway, pending, self.clock())
        if uid is None:
            if must_look and (found := await self._find_again(values)) is not None:
                return SendResult(found)
            await leaving()
            return await self._make(pending, None, values)
        there = await self._there(uid)
        if there is None or (pending.sent and not must_look):
            await leaving()
            try:
                return await self._make(pending, uid, values, only_new=True)
            except ApiError as error:
                if error.status != PRECONDITION_FAILED:
                    raise
            there = await self._there(uid)
        if there is None:  # 412 for nothing: an install that means something else by it
            return await self._make(pending, uid, values)
        if pending.sent and not still_wanted(there, values, self.schema):
            return SendResult(there)  # ours, whose answer was lost
        raise self._exists(uid, is_unsure=must_look)

    async def _make(
        self, pending: Pending, uid: str | None, values: dict[str, Value], *, only_new: bool = False
    ) -> SendResult:
        create = self.gateway.create(self.workflow.id, values, only_new=only_new, once=pending.once)
        seen = list[Task]()
        try:
            if uid is None:
                row = await create
            else:
                row, seen = await watched(create, lambda: self._there(uid), self.sleep)
        except UnclearError as error:
            return SendResult(await self._made(uid, values, error))
        task = self._task(row)
        if task.uid is None and self.schema.unique_id is not None:
            unsaid = UnclearError("The server answered with success, but not with the new task.")
            return SendResult(await self._made(uid, values, unsaid))
        if pending.sent and task.uid is not None:  # the answer may be from when it was made
            fresh = await self._there(task.uid)
            return SendResult(fresh, "" if fresh is not None else "someone has deleted it since")
        return SendResult(task, overwritten_words(self.schema, task, seen, values))

    async def _made(self, uid: str | None, values: dict[str, Value], error: UnclearError) -> Task:
        """The new task, if it is there; else the error that says so."""
        for pause in _pauses(error):
            await self.sleep(pause)
            if uid is not None:
                found = await self._there(uid)
            else:
                found = find_new(await self._tasks(), values, self.known(), self.schema)
            if found is not None:
                return found
        raise FdtuiError(f"{error} There is no such task on the server.")

    async def _find_again(self, values: dict[str, Value]) -> Task | None:
        return await find_again(self._tasks, values, self.known(), self.schema, self.sleep)

    async def _tasks(self) -> list[Task]:
        listing = await self.gateway.tasks(self.workflow.id)
        return [self._task(row) for row in listing.rows] if listing is not None else []

    async def _there(self, uid: str) -> Task | None:
        """The task of that unique id as the server has it now."""
        try:
            return (await self._read(uid))[0]
        except NotFoundError:
            return None

    async def _read(self, uid: str) -> tuple[Task, str]:
        """The task and the tag of its state, which is empty where the install gives none.

        That it is gone is believed when it is said twice. An answer that is no task refuses nothing:
        it is asked for again, so it becomes an `UnreachableError`.
        """
        unique_id = self.schema.unique_id
        assert unique_id is not None  # noqa: S101 - whoever has a uid has it from there
        for is_last in (False, True):
            try:
                row, tag = await self.gateway.tagged_task(
                    self.workflow.id, uid, unique_id=unique_id.name
                )
                return self._task(row), tag
            except NotFoundError:
                if is_last:
                    raise
            except (UnreachableError, NotAuthenticatedError):
                raise
            except NotFlowdashError as error:
                raise UnreachableError(error.message, error.hint, status=error.status) from None
            except ApiError as error:
                raise UnavailableError(
                    error.message, error.hint, status=error.status, sent=False
                ) from None
        raise AssertionError("the last try answers or raises")

    def _exists(self, uid: str, *, is_unsure: bool) -> OvertakenError:
        named = f"A task with the id {quoted(uid[:80])} exists"
        why = f"{named} already, created by someone else; yours was not sent."
        if is_unsure:
            why = (
                f"{named}, with other values than yours: yours may have arrived and been changed "
                f"since, or someone else created it. It was not sent again."
            )
        unique_id = self.schema.unique_id
        return OvertakenError(why, fields={unique_id.name: (why,)} if unique_id else {})

    async def _edit(self, pending: Pending, intent: Edit, task: Task, leaving: Leaving) -> SendResult:
        if self.schema.unique_id is None:
            raise OvertakenError(task.problem)
        unheeded = ""
        for left in reversed(range(MAX_OVERTAKEN_WRITES)):
            try:
                fresh, tag = await self._read(_uid(task))
            except NotFoundError:
                raise _deleted(pending, intent, task) from None
            missing = still_wanted(fresh, intent.changes(fresh), self.schema)
            if not missing or (isinstance(intent, LinkTask) and self._is_linked(intent, fresh)):
                return SendResult(fresh)
            self._check_unchanged(fresh, pending)
            if pending.sent and not isinstance(intent, LinkTask | RemoveFile):
                await self._check_not_undone(fresh, pending, missing)
            matching = tag if left and tag != unheeded else ""
            await leaving()
            try:
                return await self._put(intent, fresh, missing, matching)
            except NotFoundError:
                raise _deleted(pending, intent, task) from None
            except ApiError as error:
                if error.status != PRECONDITION_FAILED or not matching:
                    raise
                unheeded = tag  # refused though nothing changed: then the tag means something else
        raise AssertionError("the last try answers or raises")

    async def _check_not_undone(self, fresh: Task, pending: Pending, missing: dict[str, Value]) -> None:
        """Nothing is done a second time over somebody who took it back."""
        log = partial(self.gateway.activity, self.workflow.id, _uid(fresh))
        if await was_undone(log, missing, pending.earliest, self.schema):
            conflict = taken_back(fresh, pending, missing)
            told = changes_words(self.schema, {each.name: each.theirs for each in conflict.fields})
            raise OvertakenError(f"{told}, after yours had arrived. It was not sent again.", conflict)

    async def _put(
        self, intent: Edit, fresh: Task, missing: dict[str, Value], matching: str
    ) -> SendResult:
        unique_id, uid = self.schema.unique_id, _uid(fresh)
        assert unique_id is not None  # noqa: S101 - `_edit` has seen to it
        body = {unique_id.name: fresh.row.get(unique_id.name), **missing}
        update = self.gateway.update(self.workflow.id, body, matching=matching)
        try:
            said, seen = await watched(update, lambda: self._there(uid), self.sleep)
        except UnclearError as error:
            return await self._decided(intent, uid, missing, error)
        if not matching or missing.keys() - said.keys():
            answer, _ = await self._read(uid)
        else:
            answer = self._task({**fresh.row, **said})  # an install may answer only what was sent
        told = [] if isinstance(intent, LinkTask) else [kept_words(self.schema, answer, missing)]
        told.append(
            overwritten_words(
                self.schema, answer, [each for each in seen if each != fresh], missing, fresh
            )
        )
        return SendResult(answer, "; ".join(filter(None, told)))

    async def _decided(
        self, intent: Edit, uid: str, missing: dict[str, Value], error: UnclearError
    ) -> SendResult:
        """What a look at the task says of a write that was answered with an unreadable success."""
        for pause in _pauses(error):
            await self.sleep(pause)
            fresh, _ = await self._read(uid)
            if not still_wanted(fresh, missing, self.schema):
                break
        if isinstance(intent, LinkTask):
            left = not self._is_linked(intent, fresh)
        else:
            left = bool(still_wanted(fresh, missing, self.schema))
        if left and error.is_foreign:
            raise FdtuiError(f"{error} The task was read again, and is unchanged.")
        return SendResult(fresh, kept_words(self.schema, fresh, missing) if left else "")

    async def _delete(self, pending: Pending, task: Task, leaving: Leaving) -> SendResult:
        uid, unheeded = _uid(task), ""
        gone = SendResult(kept="" if pending.sent else "someone had already deleted it")
        for left in reversed(range(MAX_OVERTAKEN_WRITES)):
            try:
                fresh, tag = await self._read(uid)
            except NotFoundError:
                return gone
            if changes := changed_since(task, fresh, self.schema):
                again = "Nothing was deleted. Delete it again if you still want to."
                raise OvertakenError(f"{changes_words(self.schema, changes)}. {again}")
            matching = tag if left and tag != unheeded else ""
            await leaving()
            try:
                return await self._remove(fresh, uid, matching)
            except NotFoundError:
                return gone
            except ApiError as error:
                if error.status != PRECONDITION_FAILED or not matching:
                    raise
                unheeded = tag
        raise AssertionError("the last try answers or raises")

    async def _remove(self, fresh: Task, uid: str, matching: str) -> SendResult:
        remove = self.gateway.delete(self.workflow.id, uid, matching=matching)
        try:
            _, seen = await watched(remove, lambda: self._there(uid), self.sleep)
        except UnclearError as error:
            for pause in _pauses(error):
                await self.sleep(pause)
                if await self._there(uid) is None:
                    return SendResult()
            raise FdtuiError(f"{error} The task is still there.") from None
        lost = changed_since(fresh, seen[-1], self.schema) if seen else {}
        return SendResult(
            kept=f"{changes_words(self.schema, lost)}, and was deleted anyway" if lost else ""
        )

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
            told = changes_words(self.schema, {each.name: each.theirs for each in fields})
            raise OvertakenError(f"{told}. Nothing was sent.", Conflict(pending, fields))


def _pauses(error: UnclearError) -> tuple[float, ...]:
    """Seconds before each look at what became of a write that was answered with ``error``."""
    return ACCEPTED_PAUSES if error.status == ACCEPTED else (0.0,)


def _uid(task: Task) -> str:
    if task.uid is None:
        raise OvertakenError(task.problem or "This task has no unique id.")
    return task.uid


def _deleted(pending: Pending, intent: Edit, task: Task) -> OvertakenError:
    row = {**task.row, **intent.changes(task)}
    return OvertakenError("Someone deleted this task.", Conflict(pending, (), deleted=True, row=row))
