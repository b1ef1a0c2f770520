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
    NotAllowedError,
    NotAuthenticatedError,
    NotFlowdashError,
    NotFoundError,
    StorageError,
    UnavailableError,
    UnreachableError,
)
from fdtui.core.frozen import replace
from fdtui.core.job import Execution, Run
from fdtui.sync.gateway import Gateway, connected, is_known_again
from fdtui.sync.reading.poller import Sleep
from fdtui.sync.runs.registry import RunRegistry
from fdtui.sync.store import StateStore

LOST_TRACK = "The server no longer knows this execution."
LOST_ANSWER = "The program ended before the answer came."
MAY_HAVE_STARTED = "It may have been started. Check before retrying."
NAMELESS = "The server did not say which execution it started, so it cannot be followed."
STOPPED = "Stopped before it was sent."
MAX_PARALLEL_RUNS = 4
"""Requests about executions that are under way at the same time."""
LOOKS_PER_SECOND = 10.0
"""How often is looked at the most, at however many executions: a key must not wait for them."""


class Follower:
    """Knows how an execution is started and asked for; the registry knows the rest."""

    def __init__(
        self,
        store: StateStore,
        registry: RunRegistry,
        *,
        gateway: Callable[[], Gateway | None],
        sleep: Sleep,
        random: Random,
    ) -> None:
        self._store, self._registry, self._gateway = store, registry, gateway
        self._sleep, self._random = sleep, random
        self.turns = asyncio.Semaphore(MAX_PARALLEL_RUNS)
        self.on_refused: Callable[[Run, FdtuiError], object] = lambda _, __: None
        """Called with the server's reason when it does not start one."""
        self._followed = 0

    async def start(self, run: Run) -> Run:
        """Send the request that starts it; the run as it is after that.

        It is repeated where it surely did not arrive, or the server knows it again.
        """
        tries = 0
        while True:
            await self._store.online.wait()
            async with self.turns:
                now = self._registry.get(run.ticket)
                if now is None or now.is_over:  # stopped meanwhile
                    return now or replace(run, status=job.REFUSED)
                if now.sent and not self._is_known_again(now):
                    why = now.errors or (LOST_ANSWER,)
                    return self._ended(now, job.UNKNOWN, (f"{why[0]} {MAY_HAVE_STARTED}",))
                run, patience = await self._ask(now)
                if run.status != job.STARTING:
                    return run
            await self._sleep(self._pause(tries, patience))
            tries += 1

    async def _ask(self, now: Run) -> tuple[Run, float | None]:
        """One request; where it can be sent again, the run is still starting.

        With it come the seconds that the server asks for.
        """
        run = replace(now, sent=True, errors=())
        try:
            self._registry.record(run)
            await self._registry.stored()  # what may run is in the book before it can
            answer = await self._api().start_execution(
                run.workflow, run.uid, run.action_id, run.who, once=run.once
            )
        except InvalidError as error:
            self.on_refused(run, error)
            return self._ended(run, job.REFUSED, error.errors or (error.message,)), None
        except UnreachableError as error:
            patience = error.retry_after if isinstance(error, UnavailableError) else None
            return self._lost(run, error, may_run=now.sent or error.sent), patience
        except NotFlowdashError as error:
            return self._lost(run, error, may_run=True), None  # an answer, but which?
        except StorageError as error:
            if now.sent:
                return self._ended(run, job.UNKNOWN, (f"{error} {MAY_HAVE_STARTED}",)), None
            return self._ended(replace(run, sent=False), job.REFUSED, (str(error),)), None
        except FdtuiError as error:
            self.on_refused(run, error)
            return self._refused(run, error, was_sent=now.sent), None
        if not answer.id and answer.status not in {job.SUCCESS, job.FAIL}:
            return self._ended(run, job.UNKNOWN, (NAMELESS,)), None
        return self._update(replace(run, id=answer.id), answer), None

    def _lost(self, run: Run, error: ApiError, *, may_run: bool) -> Run:
        """No answer came: unknown, unless it can be asked for once more."""
        if may_run and not self._is_known_again(run):
            return self._ended(run, job.UNKNOWN, (f"{error} {MAY_HAVE_STARTED}",))
        waiting = replace(run, sent=may_run, errors=(str(error),))
        self._registry.record(waiting)
        return waiting

    def _is_known_again(self, run: Run) -> bool:
        return is_known_again(self._api(), run.once, run.began, self._store.clock())

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
            await self._store.online.wait()
            try:
                async with self.turns:
                    answer = await self._api().execution(run.workflow, run.id)
            except NotFoundError:
                strange += 1
                if strange >= job.MAX_UNKNOWN_ANSWERS:
                    run = self._ended(run, job.LOST, (LOST_TRACK,))
            except UnavailableError as error:
                patience = error.retry_after
            except FdtuiError:
                pass  # the board says that we are offline; we look again when we are back
            else:
                strange = 0
                run = self._update(self._latest(run), answer)
        return run

    def _pause(self, look: int, patience: float | None) -> float:
        """Never sooner than the server asks for, and then not all at the same moment."""
        wait = job.wait_before(look, self._random)
        return wait if patience is None else max(wait, patience * self._random.uniform(1, 1.1))

    def _latest(self, run: Run) -> Run:
        return self._registry.get(run.ticket) or run

    def _refused(self, run: Run, error: FdtuiError, *, was_sent: bool) -> Run:
        """It was not started; a key that no longer works says nothing of what was before."""
        is_shut_out = was_sent and isinstance(error, NotAuthenticatedError | NotAllowedError)
        if is_shut_out or (isinstance(error, ApiError) and not 400 <= error.status <= 499):
            return self._ended(run, job.UNKNOWN, (f"{error} {MAY_HAVE_STARTED}",))
        return self._ended(run, job.REFUSED, (str(error),))

    def _update(self, run: Run, answer: Execution) -> Run:
        if answer.status in {job.SUCCESS, job.FAIL}:
            return self._ended(run, answer.status, answer.errors)
        ours = answer.status in job.ENDED or answer.status == job.STARTING
        status = f"“{answer.status}”" if ours else answer.status  # a word that means more to us
        known = replace(run, status=status, errors=answer.errors)
        if known != run or not run.id:
            self._registry.record(known)
        return known

    def _ended(self, run: Run, status: str, errors: tuple[str, ...]) -> Run:
        ended = replace(run, status=status, errors=errors, ended=self._store.clock())
        self._registry.record(ended)
        return ended

    def _api(self) -> Gateway:
        return connected(self._gateway())
