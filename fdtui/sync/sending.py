"""How one intent becomes a request and what its answer means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fdtui.core.fields import same, show
from fdtui.core.intents import Pending
from fdtui.core.schema import Field, Schema, WorkflowRef
from fdtui.core.task import Task, task_from_row
from fdtui.core.values import Row, Value
from fdtui.sync.gateway import Gateway


class OvertakenError(Exception):
    """A field that the user changed was changed by somebody else since; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The server took it. ``kept`` is a sentence where it kept something else than was sent."""

    task: Task
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends intents about the tasks of one workflow."""

    gateway: Gateway
    workflow: WorkflowRef
    schema: Schema

    async def send(self, pending: Pending, task: Task, leaving: Callable[[], None]) -> Taken:
        """Change ``task`` as ``pending`` says, if it still is what the user saw.

        The task is read again first. ``leaving`` is called right before the first byte of the
        change may leave. As the change names the outcome and is compared with what is there, it is
        safe to call this again after a lost answer.

        Raises `OvertakenError`, or `fdtui.core.errors.ApiError`.
        """
        unique_id = self.schema.unique_id
        if unique_id is None or task.uid is None:
            raise OvertakenError(task.problem or "This task has no unique id.")
        fresh = self._task(await self.gateway.task(self.workflow.id, task.uid, unique_id=unique_id.name))
        wanted = pending.intent.changes()
        if all(self._same(name, fresh.row.get(name), value) for name, value in wanted.items()):
            return Taken(fresh)
        self._check_unchanged(fresh, pending)
        leaving()
        body = {unique_id.name: task.row.get(unique_id.name), **wanted}
        answer = self._task(await self.gateway.update(self.workflow.id, body))
        return Taken(answer, self._kept(answer, wanted))

    def _task(self, row: Row) -> Task:
        unique_id = self.schema.unique_id
        return task_from_row(row, unique_id.name if unique_id else None)

    def _check_unchanged(self, fresh: Task, pending: Pending) -> None:
        for name, was in pending.was:
            now = fresh.row.get(name)
            if not self._same(name, now, was):
                raise OvertakenError(
                    f"{name} was changed meanwhile to {self._shown(name, now)}; nothing was sent."
                )

    def _kept(self, answer: Task, wanted: dict[str, Value]) -> str:
        told = [
            f"{name}: the server kept {self._shown(name, answer.row[name])}"
            for name, value in wanted.items()
            if name in answer.row and not self._same(name, answer.row[name], value)
        ]
        return "; ".join(told)

    def _same(self, name: str, one: Value, other: Value) -> bool:
        return same(self._field(name), one, other)

    def _shown(self, name: str, value: Value) -> str:
        return f"“{show(self._field(name), value)}”" if value is not None else "nothing"

    def _field(self, name: str) -> Field:
        return self.schema.field(name) or Field(name)
