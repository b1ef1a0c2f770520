"""One execution from its start to its end: one request at a time, and none of them twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random

from fdtui.core import job
from fdtui.core.errors import (
    ApiError,
    FdtuiError,
    InvalidError,
    NotFoundError,
    StorageError,
    UnavailableError,
    UnreachableError,
)
from fdtui.core.frozen import replace
from fdtui.core.job import Execution, Run
from fdtui.sync.gateway import Gateway
from fdtui.sync.holder import Holder
from fdtui.sync.poller import Sleep
from fdtui.sync.runkeeper import RunKeeper

LOST_TRACK = "The server does not know this execution any more."
PERHAPS = "It may have been started all the same."
NAMELESS = "The server did not say which execution it started, so it cannot be followed."
STOPPED = "Stopped before it was sent."
AT_ONCE = 4
"""Requests about executions that are under way at the same time."""
LOOKS_PER_SECOND = 10.0
"""How often is looked at the most, at however many executions: a key must not wait for them."""


class Follower:
    """Knows how an execution is started and asked for; who is told of it knows the rest."""

    def __init__(
        self,
        holder: Holder,
        keeper: RunKeeper,
        *,
        gateway: Callable[[], Gateway | None],
        sleep: Sleep,
        random: Random,
    ) -> None:
        self._holder, self._keeper, self._gateway = holder, keeper, gateway
        self._sleep, self._random = sleep, random
        self.turns = asyncio.Semaphore(AT_ONCE)
        self._followed = 0

    async def start(self, run: Run) -> Run:
        """Send the one request that starts it; the run as it is after that."""
        tries = 0
        while True:
            await self._holder.online.wait()
            async with self.turns:
                now = self._keeper.get(run.ticket)
                if now is None or now.is_over:  # stopped meanwhile
                    return now or replace(run, status=job.REFUSED)
                try:
                    run = replace(now, sent=True, errors=())
                    self._keeper.tell(run)
                    await self._keeper.stored()  # what may run is in the book before it can
                    answer = await self._api().start_execution(
                        run.workflow, run.uid, run.action_id, run.who
                    )
                except InvalidError as error:
                    return self._ended(run, job.REFUSED, error.errors or (error.message,))
                except UnreachableError as error:
                    if error.sent:
                        return self._ended(run, job.UNKNOWN, (f"{error} {PERHAPS}",))
                    patience = error.retry_after if isinstance(error, UnavailableError) else None
                    run = replace(run, sent=False, errors=(str(error),))
                    self._keeper.tell(run)
                except StorageError as error:
                    return self._ended(replace(run, sent=False), job.REFUSED, (str(error),))
                except FdtuiError as error:
                    return self._turned_away(run, error)
                else:
                    if not answer.id and answer.status not in {job.SUCCESS, job.FAIL}:
                        return self._ended(run, job.UNKNOWN, (NAMELESS,))
                    return self._learn(replace(run, id=answer.id), answer)
            await self._sleep(self._pause(tries, patience))
            tries += 1

    async def follow(self, run: Run) -> Run:
        """Look again and again until it is over."""
        self._followed += 1
        try:
            return await self._look_until_over(run)
        finally:
            self._followed -= 1

    async def _look_until_over(self, run: Run) -> Run:
        look, strange = 0, 0
        patience: float | None = None
        while not run.is_over:
            share = self._followed / LOOKS_PER_SECOND * self._random.uniform(0.7, 1.3)
            await self._sleep(max(self._pause(look, patience), share))
            look, patience = look + 1, None
            await self._holder.online.wait()
            try:
                async with self.turns:
                    answer = await self._api().execution(run.workflow, run.id)
            except NotFoundError:
                strange += 1
                if strange >= job.STRANGER_LIMIT:
                    run = self._ended(run, job.LOST, (LOST_TRACK,))
            except UnavailableError as error:
                patience = error.retry_after
            except FdtuiError:
                pass  # the board says that we are offline; we look again when we are back
            else:
                strange = 0
                run = self._learn(self._latest(run), answer)
        return run

    def _pause(self, look: int, patience: float | None) -> float:
        """Never sooner than the server asks for, and then not all at the same moment."""
        wait = job.wait_before(look, self._random)
        return wait if patience is None else max(wait, patience * self._random.uniform(1, 1.1))

    def _latest(self, run: Run) -> Run:
        return self._keeper.get(run.ticket) or run

    def _turned_away(self, run: Run, error: FdtuiError) -> Run:
        if isinstance(error, ApiError) and not 400 <= error.status <= 499:
            return self._ended(run, job.UNKNOWN, (f"{error} {PERHAPS}",))  # an answer, but which?
        return self._ended(run, job.REFUSED, (str(error),))

    def _learn(self, run: Run, answer: Execution) -> Run:
        if answer.status in {job.SUCCESS, job.FAIL}:
            return self._ended(run, answer.status, answer.errors)
        ours = answer.status in job.ENDED or answer.status == job.STARTING
        status = f"“{answer.status}”" if ours else answer.status  # a word that means more to us
        known = replace(run, status=status, errors=answer.errors)
        if known != run or not run.id:
            self._keeper.tell(known)
        return known

    def _ended(self, run: Run, status: str, errors: tuple[str, ...]) -> Run:
        ended = replace(run, status=status, errors=errors, ended=self._holder.clock())
        self._keeper.tell(ended)
        return ended

    def _api(self) -> Gateway:
        gateway = self._gateway()
        if gateway is None:
            raise UnreachableError("There is no connection yet.")
        return gateway
