"""Runs actions and follows them to their end. Starts nothing twice, whatever happens on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from random import Random

from fdtui.core import events as happened
from fdtui.core import job
from fdtui.core.details import Action, Part
from fdtui.core.errors import (
    FdtuiError,
    InvalidError,
    NotFoundError,
    RateLimitedError,
    UnavailableError,
    UnreachableError,
)
from fdtui.core.job import Execution, Run
from fdtui.core.task import Task, task_from_row
from fdtui.sync.gateway import Gateway
from fdtui.sync.holder import Holder, Notice
from fdtui.sync.poller import Sleep
from fdtui.sync.store import RunBook

LOST_TRACK = "The server does not know this execution any more."
PERHAPS = "It may have been started all the same."


class Executions:
    """One asynchronous job per execution: start it, look again and again, tell how it ended."""

    def __init__(
        self,
        holder: Holder,
        book: RunBook,
        *,
        gateway: Callable[[], Gateway | None],
        look_again: Callable[[str, Part], None],
        nudge: Callable[[], None],
        sleep: Sleep,
        random: Random,
    ) -> None:
        self._holder, self._book, self._gateway = holder, book, gateway
        self._look_again, self._nudge, self._sleep, self._random = look_again, nudge, sleep, random
        self._tickets = count(max((run.ticket for run in book.load()), default=0) + 1)
        self._waiting: asyncio.Queue[Run] = asyncio.Queue()

    def resume(self) -> None:
        """Show and follow again what an earlier run of the program left behind."""
        for kept in self._book.load():
            run = kept
            if run.status == job.STARTING:  # the program ended between the request and its answer
                run = replace(kept, status=job.UNKNOWN, ended=self._holder.clock())
            self._tell(run)
            if not run.is_over:
                self._waiting.put_nowait(run)

    def start(self, task: Task, title: str, action: Action) -> str:
        """Run ``action`` on ``task``; answers why not, or nothing.

        The same action on the same task is not started again while it is under way.
        """
        state = self._holder.state
        if state.workflow is None or task.uid is None:
            return task.problem or "This task has no unique id."
        for run in state.runs:
            if (run.key, run.action_id) == (task.key, action.id) and not run.is_over:
                return f"{action.name} is already running on this task."
        run = Run(
            next(self._tickets),
            state.workflow.id,
            task.key,
            task.uid,
            title,
            action.id,
            action.name,
            state.me,
            self._holder.clock(),
        )
        self._holder.enter()
        self._tell(run)
        self._waiting.put_nowait(run)
        return ""

    def mark_read(self) -> None:
        """The user has seen all that ended."""
        for run in self._holder.state.runs:
            if run.is_over and not run.is_read:
                self._tell(replace(run, is_read=True))

    def dismiss(self, ticket: int) -> None:
        """Take an ended execution out of sight."""
        run = next((each for each in self._holder.state.runs if each.ticket == ticket), None)
        if run is not None and run.is_over:
            self._book.drop(ticket)
            self._holder.apply(happened.RunDismissed(ticket))

    async def run(self) -> None:
        """Follow executions until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                run = await self._waiting.get()
                group.create_task(self._follow(run))

    async def _follow(self, run: Run) -> None:
        if run.status == job.STARTING:
            try:
                run = await self._begin(run)
            finally:
                self._holder.leave()
        look, strange = 0, 0
        while not run.is_over:
            await self._sleep(job.wait_before(look, self._random))
            look += 1
            await self._holder.online.wait()
            try:
                answer = await self._api().execution(run.workflow, run.id)
            except NotFoundError:
                strange += 1
                if strange >= job.STRANGER_LIMIT:
                    run = self._end(
                        run, job.LOST, ("The server does not know this execution any more.",)
                    )
                continue
            except RateLimitedError as error:
                await self._sleep(error.retry_after or job.LONGEST_WAIT)
                continue
            except FdtuiError:
                continue  # the board says that we are offline; we look again when we are back
            strange = 0
            run = self._learn(run, answer)

    async def _begin(self, run: Run) -> Run:
        """Send the one request that starts it."""
        while True:
            await self._holder.online.wait()
            try:
                answer = await self._api().start_execution(run.workflow, run.uid, run.action_id, run.who)
            except InvalidError as error:
                return self._end(run, job.REFUSED, error.errors or (error.message,))
            except UnavailableError as error:
                if error.sent:
                    return self._end(run, job.UNKNOWN, (f"{error} {PERHAPS}",))
                await self._sleep(error.retry_after or 1.0)
            except UnreachableError as error:
                if error.sent:
                    return self._end(run, job.UNKNOWN, (f"{error} {PERHAPS}",))
                await self._sleep(1.0)
            except FdtuiError as error:
                return self._end(run, job.REFUSED, (str(error),))
            else:
                return self._learn(replace(run, id=answer.id), answer)

    def _learn(self, run: Run, answer: Execution) -> Run:
        if answer.status in {job.SUCCESS, job.FAIL}:
            return self._end(run, answer.status, answer.errors)
        known = replace(run, status=answer.status, errors=answer.errors)
        if known != run:
            self._tell(known)
        return known

    def _end(self, run: Run, status: str, errors: tuple[str, ...]) -> Run:
        ended = replace(run, status=status, errors=errors, ended=self._holder.clock())
        self._tell(ended)
        well = ended.went_well
        told = "done" if well else "; ".join(errors) or status
        self._holder.on_notice(
            Notice(f"{run.action} on {run.title}: {told}", "information" if well else "error")
        )
        self._holder.enter()
        task = asyncio.ensure_future(self._reread(ended))
        task.add_done_callback(lambda _: self._holder.leave())
        return ended

    async def _reread(self, run: Run) -> None:
        """The task as it is after an execution; also when that failed half way."""
        schema = self._holder.state.schema
        if not self._holder.shows(run.workflow) or schema.unique_id is None:
            return
        asked = self._holder.writes
        name = schema.unique_id.name
        try:
            row = await self._api().task(run.workflow, run.uid, unique_id=name)
            task: Task | None = task_from_row(row, name)
        except NotFoundError:
            task = None
        except FdtuiError:
            self._nudge()
            return
        if self._holder.shows(run.workflow):
            self._holder.apply(happened.Reread(run.key, task, asked))
            self._look_again(run.key, Part.ACTIONS)

    def _api(self) -> Gateway:
        gateway = self._gateway()
        if gateway is None:
            raise UnreachableError("There is no connection yet.")
        return gateway

    def _tell(self, run: Run) -> None:
        self._book.save(run)
        self._holder.apply(happened.RunChanged(run))
