"""One execution, step by step, by whoever holds it.

A step that changes tasks is done in the transaction that notes it as done, so a crash leaves it done or
not begun. A step that speaks to others is noted as begun before; one that was begun and not finished
when the server died is not tried again: nobody knows what the other side heard.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fdtui.core.errors import ApiError
from fdtui.core.values import Row
from fdtui.server.execution import task_steps
from fdtui.server.execution.external_steps import Doors, InterruptedStepError, Prepared, prepare
from fdtui.server.execution.task_steps import StepError
from fdtui.server.store import Store, Transaction, activity, checklists, executions, workspace
from fdtui.server.store.activity import ActivityEntry, Actor
from fdtui.server.store.executions import LostError, StoredExecution
from fdtui.server.task_service import TaskService
from fdtui.server.timestamps import exactly
from fdtui.server.workflow import requirements
from fdtui.server.workflow.steps import EXTERNAL_STEPS, CallOut, Step

LEASE_SECONDS = 3.0
"""Seconds that a worker may be silent for between two steps."""
INTERRUPTED = "interrupted: the server stopped during this step, and what it said may have been heard"

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Worker:
    """Does executions under the name ``name``, which nobody else has."""

    store: Store
    clock: Clock
    name: str
    doors: Doors

    def claim(self) -> StoredExecution | None:
        """An execution to `run`, if one is waiting."""
        now = self.clock().timestamp()
        return self.store.write(lambda tx: executions.claim(tx, self.name, now, now + LEASE_SECONDS))

    def run(self, execution: StoredExecution) -> None:
        """Go through the steps that are left; returns early if the server stops or another took over."""
        at = execution.step
        try:
            if execution.calling:
                raise StepError(INTERRUPTED)
            if execution.step == 0:
                self.store.read(lambda tx: self._check(tx, execution))
            steps = execution.action.steps
            for at in range(execution.step, len(steps)):
                if self.doors.hangup.done:
                    return
                self._do(execution, at, steps[at])
            if execution.step >= len(steps):
                self.store.write(lambda tx: self._finish(tx, execution))
        except LostError:
            return
        except InterruptedStepError as error:
            if error.sent:
                self.fail(execution, INTERRUPTED)
            else:
                self.store.write(lambda tx: executions.unstart_calling(tx, execution.id, self.name))
        except StepError as error:
            self.fail(execution, *error.says, at=at)
        except ApiError as error:
            self.fail(execution, *task_steps.refused(error).says, at=at)

    def fail(self, execution: StoredExecution, *says: str, at: int | None = None) -> None:
        """Note that a step could not be done, and why; ``at`` is the number of the step, from 0."""
        try:
            self.store.write(lambda tx: self._finish(tx, execution, says, at))
        except LostError:
            return

    def let_go(self) -> None:
        """Leave what is not done to others."""
        self.store.write(lambda tx: executions.let_go(tx, self.name))

    def _check(self, tx: Transaction, execution: StoredExecution) -> None:
        """Whether the task still is as the action wants it: others may have changed it meanwhile."""
        book = self._book(tx, execution)
        record = task_steps.task_of(book, execution.task)
        missing = requirements.unmet(
            execution.action,
            book.workflow.schema,
            book.row(record),
            checklist_done=checklists.is_complete(tx, record.id, record.stage),
            today=book.actor.now.date(),
        )
        if missing:
            raise StepError(*missing)

    def _do(self, execution: StoredExecution, index: int, step: Step) -> None:
        last = index == len(execution.action.steps) - 1
        if not isinstance(step, EXTERNAL_STEPS):
            self.store.write(lambda tx: self._change(tx, execution, step, last))
            return
        said = self.store.write(lambda tx: self._prepare(tx, execution, index, step))
        changes = said.send(self.doors)
        self.store.write(lambda tx: self._apply(tx, execution, changes, last))

    def _change(self, tx: Transaction, execution: StoredExecution, step: Step, last: bool) -> None:
        self._advance(tx, execution)
        book = self._book(tx, execution)
        task_steps.do(book, task_steps.task_of(book, execution.task), step, execution.performed_by)
        if last:
            self._finish(tx, execution)

    def _prepare(self, tx: Transaction, execution: StoredExecution, index: int, step: Step) -> Prepared:
        book = self._book(tx, execution)
        said = prepare(
            book,
            task_steps.task_of(book, execution.task),
            step,
            action=execution.action.name,
            email=execution.performed_by,
            key=f"{execution.id}-{index + 1}",
        )
        until = self.clock().timestamp() + said.seconds + LEASE_SECONDS
        executions.start_calling(tx, execution.id, self.name, until)
        return said

    def _apply(
        self, tx: Transaction, execution: StoredExecution, changes: Row | None, last: bool
    ) -> None:
        self._advance(tx, execution)
        if changes:
            book = self._book(tx, execution)
            book.change(task_steps.task_of(book, execution.task), changes)
        if last:
            self._finish(tx, execution)

    def _advance(self, tx: Transaction, execution: StoredExecution) -> None:
        """Note the step as done, before it is: whoever has lost the lease must not even try."""
        executions.advance(tx, execution.id, self.name, self.clock().timestamp() + LEASE_SECONDS)

    def _finish(
        self,
        tx: Transaction,
        execution: StoredExecution,
        errors: tuple[str, ...] = (),
        at: int | None = None,
    ) -> None:
        now = self.clock()
        about = self._others(tx, execution, at) if errors and at is not None else ()
        executions.finish(tx, execution.id, self.name, exactly(now), errors, about=about)
        status = executions.FAIL if errors else executions.SUCCESS
        after = {"id": execution.id, "action": execution.action.name, "status": status}
        entry = ActivityEntry(
            execution.workflow,
            "execution.finished",
            execution.task,
            execution.uid,
            after={**after, "errors": list(errors), "about": list(about)} if errors else after,
        )
        activity.note(tx, Actor(execution.who, now), entry)

    def _others(self, tx: Transaction, execution: StoredExecution, at: int) -> tuple[str, ...]:
        """The other workflows that the failure of step ``at`` may speak of."""
        steps = execution.action.steps
        if at >= len(steps) or execution.workflow not in workspace.catalog(self.store, tx).workflows:
            return ()
        return task_steps.others(
            self._book(tx, execution), steps[at], changes=isinstance(steps[at], CallOut)
        )

    def _book(self, tx: Transaction, execution: StoredExecution) -> TaskService:
        actor = Actor(execution.who, self.clock())
        return TaskService.open(self.store, tx, execution.workflow, execution.base_url, actor)
