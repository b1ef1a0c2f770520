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
from fdtui.server import inside, requirements
from fdtui.server.inside import StepError
from fdtui.server.moments import exactly
from fdtui.server.outside import Doors, InterruptedStepError, Prepared, prepare
from fdtui.server.steps import OUTSIDE, Step
from fdtui.server.store import Store, Transaction, activity, checklists, executions
from fdtui.server.store.activity import Entry, Hand
from fdtui.server.store.executions import Execution, LostError
from fdtui.server.taskbook import Taskbook

LEASE = 3.0
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

    def claim(self) -> Execution | None:
        """An execution to `run`, if one is waiting."""
        now = self.clock().timestamp()
        return self.store.write(lambda tx: executions.claim(tx, self.name, now, now + LEASE))

    def run(self, execution: Execution) -> None:
        """Go through the steps that are left; returns early if the server stops or another took over."""
        try:
            if execution.calling:
                raise StepError(INTERRUPTED)
            if execution.step == 0:
                self.store.read(lambda tx: self._check(tx, execution))
            steps = execution.action.steps
            for index in range(execution.step, len(steps)):
                if self.doors.hangup.done:
                    return
                self._do(execution, index, steps[index])
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
            self.fail(execution, *error.says)
        except ApiError as error:
            self.fail(execution, *inside.refused(error).says)

    def fail(self, execution: Execution, *says: str) -> None:
        """Note that a step could not be done, and why."""
        try:
            self.store.write(lambda tx: self._finish(tx, execution, says))
        except LostError:
            return

    def let_go(self) -> None:
        """Leave what is not done to others."""
        self.store.write(lambda tx: executions.let_go(tx, self.name))

    def _check(self, tx: Transaction, execution: Execution) -> None:
        """Whether the task still is as the action wants it: others may have changed it meanwhile."""
        book = self._book(tx, execution)
        record = inside.task_of(book, execution.task)
        missing = requirements.unmet(
            execution.action,
            book.workflow.schema,
            book.row(record),
            checklist_done=checklists.is_complete(tx, record.id, record.stage),
            today=book.hand.now.date(),
        )
        if missing:
            raise StepError(*missing)

    def _do(self, execution: Execution, index: int, step: Step) -> None:
        last = index == len(execution.action.steps) - 1
        if not isinstance(step, OUTSIDE):
            self.store.write(lambda tx: self._change(tx, execution, step, last))
            return
        said = self.store.write(lambda tx: self._prepare(tx, execution, index, step))
        changes = said.send(self.doors)
        self.store.write(lambda tx: self._apply(tx, execution, changes, last))

    def _change(self, tx: Transaction, execution: Execution, step: Step, last: bool) -> None:
        self._advance(tx, execution)
        book = self._book(tx, execution)
        inside.do(book, inside.task_of(book, execution.task), step, execution.performed_by)
        if last:
            self._finish(tx, execution)

    def _prepare(self, tx: Transaction, execution: Execution, index: int, step: Step) -> Prepared:
        book = self._book(tx, execution)
        said = prepare(
            book,
            inside.task_of(book, execution.task),
            step,
            action=execution.action.name,
            email=execution.performed_by,
            key=f"{execution.id}-{index + 1}",
        )
        until = self.clock().timestamp() + said.seconds + LEASE
        executions.start_calling(tx, execution.id, self.name, until)
        return said

    def _apply(self, tx: Transaction, execution: Execution, changes: Row | None, last: bool) -> None:
        self._advance(tx, execution)
        if changes:
            book = self._book(tx, execution)
            book.change(inside.task_of(book, execution.task), changes)
        if last:
            self._finish(tx, execution)

    def _advance(self, tx: Transaction, execution: Execution) -> None:
        """Note the step as done, before it is: whoever has lost the lease must not even try."""
        executions.advance(tx, execution.id, self.name, self.clock().timestamp() + LEASE)

    def _finish(self, tx: Transaction, execution: Execution, errors: tuple[str, ...] = ()) -> None:
        now = self.clock()
        executions.finish(tx, execution.id, self.name, exactly(now), errors)
        status = executions.FAIL if errors else executions.SUCCESS
        after = {"id": execution.id, "action": execution.action.name, "status": status}
        entry = Entry(
            execution.workflow,
            "execution.finished",
            execution.task,
            execution.uid,
            after={**after, "errors": list(errors)} if errors else after,
        )
        activity.note(tx, Hand(execution.who, now), entry)

    def _book(self, tx: Transaction, execution: Execution) -> Taskbook:
        hand = Hand(execution.who, self.clock())
        return Taskbook.open(self.store, tx, execution.workflow, execution.base_url, hand)
