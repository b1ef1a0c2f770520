"""Runs actions and follows them to their end. Starts nothing twice, whatever happens on the way."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Collection, Sequence
from random import Random

from fdtui.core import job
from fdtui.core.details import Action, Part
from fdtui.core.errors import FdtuiError, NotFoundError
from fdtui.core.events import Reread
from fdtui.core.frozen import replace
from fdtui.core.job import Run
from fdtui.core.task import Task, task_from_row
from fdtui.sync.gateway import Gateway, connected
from fdtui.sync.reading.poller import Sleep
from fdtui.sync.runs.follower import STOPPED, Follower
from fdtui.sync.runs.registry import RunRegistry
from fdtui.sync.storage.protocols import RunBook
from fdtui.sync.store import Notice, StateStore

ENDED_BEFORE = "The program ended before the answer came; it may have been started."
NEVER_LEFT = "The program ended before it was sent, so nothing was started."
START_INTERVAL = 0.04
"""Seconds between two starts of a batch, so that a key pressed meanwhile does not wait for them."""
TICKET_RANDOM_BITS = 20
"""Low bits of a ticket that are chance, so that two windows never draw the same."""


class Executions:
    """One asynchronous job per execution: start it, poll it, report how it ended."""

    def __init__(
        self,
        store: StateStore,
        book: RunBook,
        *,
        gateway: Callable[[], Gateway | None],
        look_again: Callable[[str, Part], None],
        nudge: Callable[[], None],
        sleep: Sleep,
        random: Random,
    ) -> None:
        self._store, self._gateway, self._random, self._sleep = store, gateway, random, sleep
        self._look_again, self._nudge = look_again, nudge
        self._registry = RunRegistry(store, book, sleep=sleep, adopted=self._adopt)
        self._follower = Follower(store, self._registry, gateway=gateway, sleep=sleep, random=random)
        self._waiting: asyncio.Queue[Run] = asyncio.Queue()
        self._last_ticket = 0

    @property
    def unsent(self) -> int:
        """Runs whose request has not left yet."""
        return sum(run.status == job.STARTING and not run.sent for run in self._store.state.runs)

    def when_refused(self, call: Callable[[Run, FdtuiError], object]) -> None:
        """Call ``call`` with each that the server does not start, and its reason."""
        self._follower.on_refused = call

    def resume(self) -> None:
        """Show and follow again what an earlier run of the program left behind."""
        self._registry.recall()

    def _adopt(self, run: Run) -> None:
        """Follow what another window, or an earlier run of the program, has left.

        What may have been sent under a name is asked for again, where the server knows the name.
        """
        if run.status == job.STARTING and run.sent and run.once:
            self._store.begin_work()
        elif run.status == job.STARTING:
            status, why = (job.UNKNOWN, ENDED_BEFORE) if run.sent else (job.REFUSED, NEVER_LEFT)
            run = replace(run, status=status, errors=(why,), ended=self._store.clock())
            self._registry.record(run)
        self._waiting.put_nowait(run)

    def start(self, task: Task, title: str, action: Action, *, batch: int = 0) -> str:
        """Run ``action`` on ``task``; answers why not, or nothing.

        The same action on the same task is not started again while it is under way.
        """
        state = self._store.state
        if state.workflow is None or task.uid is None:
            return task.problem or "This task has no unique id."
        for run in state.runs:
            same = (run.workflow, run.key, run.action_id) == (state.workflow.id, task.key, action.id)
            if same and not run.is_over:
                return f"{action.name} is already running on this task."
        run = Run(
            self._ticket(),
            state.workflow.id,
            task.key,
            task.uid,
            title,
            action.id,
            action.name,
            None if state.me is None else state.schema.email(state.me),
            self._store.clock(),
            batch=batch,
            once=secrets.token_hex(16),
        )
        self._store.begin_work()
        self._registry.record(run)
        self._waiting.put_nowait(run)
        return ""

    def start_many(self, tasks: Sequence[tuple[Task, str, Action]]) -> int:
        """Run an action on each of ``tasks`` (with its title); the batch's number.

        What cannot be started is not in the batch; a stop takes back what has not been sent.
        """
        batch = self._ticket()
        for task, title, action in tasks:
            self.start(task, title, action, batch=batch)
        return batch

    def stop(self, batch: int) -> int:
        """Take back those of a batch whose request has not left; how many there were."""
        now = self._store.clock()
        unsent = [r for r in self._registry.all if r.batch == batch and r.status == job.STARTING]
        stopped = [
            replace(run, status=job.REFUSED, errors=(STOPPED,), ended=now, is_read=True)
            for run in unsent
            if not run.sent
        ]
        self._registry.record(*stopped)
        return len(stopped)

    def mark_read(self, tickets: Collection[int] | None = None) -> None:
        """The user has seen how these ended; without ``tickets``, how all did."""
        for run in self._store.state.runs:
            wanted = tickets is None or run.ticket in tickets
            if wanted and run.is_over and not run.is_read:
                self._registry.record(replace(run, is_read=True))

    def dismiss(self, ticket: int) -> None:
        """Take an ended execution out of sight."""
        run = self._registry.get(ticket)
        if run is not None and run.is_over:
            self._registry.drop(ticket)

    async def run(self) -> None:
        """Follow executions until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._registry.run())
            while True:
                run = await self._waiting.get()
                group.create_task(self._follow(run))
                if run.batch:
                    await self._sleep(START_INTERVAL)

    async def _follow(self, run: Run) -> None:
        if run.status == job.STARTING:
            try:
                run = await self._follower.start(run)
            finally:
                self._store.end_work()
        if not run.is_over:
            run = await self._follower.follow(run)
        if run.errors != (STOPPED,):
            await self._finish(run)

    async def _finish(self, run: Run) -> None:
        """Say how it ended, and read the task again: an action may fail half way, too."""
        self._store.begin_work()
        try:
            if not run.batch:
                self._store.on_notice(_describe(run))
            await self._store.online.wait()
            async with self._follower.turns:
                await self._reread(run)
        finally:
            self._store.end_work()
        if run.batch:
            self._notify_batch(run.batch)

    def _notify_batch(self, batch: int) -> None:
        runs = [each for each in self._registry.all if each.batch == batch]
        if runs and all(each.is_over for each in runs):
            well = sum(each.went_well for each in runs)
            stopped = sum(each.errors == (STOPPED,) for each in runs)
            parts = [f"{well} done"]
            parts += [f"{bad} not"] if (bad := len(runs) - well - stopped) else []
            parts += [f"{stopped} stopped before they were sent"] if stopped else []
            text = f"{runs[0].action} on {len(runs)} tasks: {', '.join(parts)}."
            self._store.on_notice(Notice(text, "error" if bad else "information"))

    async def _reread(self, run: Run) -> None:
        schema = self._store.state.schema
        if not self._store.shows(run.workflow) or schema.unique_id is None:
            return
        asked, name = self._store.writes, schema.unique_id.name
        try:
            row = await connected(self._gateway()).task(run.workflow, run.uid, unique_id=name)
            task: Task | None = task_from_row(row, name)
        except NotFoundError:
            task = None
        except FdtuiError:
            self._nudge()
            return
        if self._store.shows(run.workflow):
            self._store.apply(Reread(run.key, task, asked))
            if run.status == job.UNKNOWN or run.key in self._store.state.details:
                self._look_again(run.key, Part.ACTIONS)

    def _ticket(self) -> int:
        """By the time, so that they are in order, and by chance, so that no window draws another's."""
        drawn = int(self._store.clock() * 1000) << TICKET_RANDOM_BITS | self._random.getrandbits(
            TICKET_RANDOM_BITS
        )
        self._last_ticket = max(drawn, self._last_ticket + 1)
        return self._last_ticket


def _describe(run: Run) -> Notice:
    told = "done" if run.went_well else "; ".join(run.errors) or run.status
    text = f"{run.action} on {run.title}: {told}"
    return Notice(text, "information" if run.went_well else "error")
