"""One execution without a board: in the same book of executions, started once, and followed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random

from fdtui.core import job
from fdtui.core.details import Action
from fdtui.core.errors import FdtuiError, StillPendingError, UsageError
from fdtui.core.job import Run
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.sync.gateway import Gateway
from fdtui.sync.runs.executions import Executions
from fdtui.sync.storage.protocols import RunBook
from fdtui.sync.store import StateStore


async def run_once(
    state: State,
    book: RunBook,
    gateway: Gateway,
    task: Task,
    action: Action,
    *,
    clock: Callable[[], float],
    seconds: float,
    waits: bool,
) -> Run:
    """Run ``action`` on ``task`` of the workflow of ``state``; the execution once it has begun.

    With ``waits``, once it is over. What is not over is followed by the next board. Raises
    `UsageError` where it runs already, `StillPendingError` after ``seconds``, and what the server
    answers where it starts none.
    """
    store, random = StateStore(state, clock), Random()  # noqa: S311 (jitter, no secret)
    store.on_notice = lambda _: None  # the run says it
    executions = Executions(
        store,
        book,
        gateway=lambda: gateway,
        look_again=lambda _, __: None,
        nudge=lambda: None,
        sleep=asyncio.sleep,
        random=random,
    )
    reached, refusal = asyncio.Event(), list[FdtuiError]()
    executions.when_refused(lambda _, error: refusal.append(error))

    store.reached()
    if reason := executions.start(task, task.uid or "", action):
        raise UsageError(reason)
    ticket = store.state.runs[-1].ticket

    def now() -> Run:
        return next(run for run in store.state.runs if run.ticket == ticket)

    def see(_: State) -> None:
        if now().is_over or (now().id and not waits):
            reached.set()

    store.on_change = see
    running = asyncio.create_task(executions.run())
    try:
        await asyncio.wait_for(reached.wait(), seconds)
    except TimeoutError:
        hint = f"It is execution {now().id}." if now().id else ""
        raise StillPendingError(f"{action.name} is not over after {seconds:g} s.", hint) from None
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    if now().status == job.REFUSED and refusal:
        raise refusal[0]
    return now()
