"""``fdtui action`` and ``fdtui execution``: what a workflow can do with a task, and how that went."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

import click

from fdtui.cli import output
from fdtui.cli.client import ConnectedWorkflow, with_workflow
from fdtui.cli.exit_codes import ExitCode
from fdtui.cli.listing import ListForm, lists
from fdtui.cli.options import ASKING, JSON, common, honours, wants_json
from fdtui.cli.setup import settings_of
from fdtui.cli.suggestions import uids
from fdtui.config.paths import find_folders
from fdtui.core import job
from fdtui.core.details import Action
from fdtui.core.errors import ConfigError, NotFoundError, StillPendingError, UsageError
from fdtui.core.job import Execution, Run
from fdtui.core.names import find_all
from fdtui.core.safetext import quoted, safe
from fdtui.core.schema import Field
from fdtui.core.values import Row

if TYPE_CHECKING:
    from fdtui.sync.storage.protocols import RunBook

RUN_TIMEOUT = 300.0
"""Seconds that is waited for an execution at most, unless told otherwise."""
_READS = honours(ASKING | JSON)
_timeout = click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=RUN_TIMEOUT,
    show_default=True,
    metavar="SECONDS",
    help="Give up waiting after so long; it goes on.",
)


@click.group()
def action() -> None:
    """What can be done with a task: list, run."""


@action.command("list")
@click.argument("uid", shell_complete=uids)
@_READS
@lists(is_filtered=False)
def list_actions(*, uid: str, listing: ListForm) -> None:
    """The actions that a task offers now: id, name."""

    async def work(connected: ConnectedWorkflow) -> list[Row]:
        known, _ = await connected.task(uid)
        found = await connected.gateway.actions(connected.workflow.id, known)
        return [{"id": each.id, "name": each.name, "confirm": each.confirm} for each in found]

    _print(with_workflow(work), ("id", "name", "confirm"), ("id", "name"), listing)


@action.command()
@click.argument("uid", shell_complete=uids)
@click.argument("said", metavar="ACTION")
@click.option("--wait", is_flag=True, help="Wait for its end; a failed one exits with 1.")
@click.option("--yes", is_flag=True, help="Do not ask, where the workflow has a question.")
@_timeout
@honours(ASKING | JSON, writes=True)
def run(*, uid: str, said: str, wait: bool, yes: bool, timeout: float) -> None:
    """Run an action on a task, by its id or name; print the execution's id and status."""

    def agree(chosen: Action) -> None:
        if (
            chosen.confirm
            and not yes
            and not output.confirm(chosen.confirm, "Use --yes to agree to it.")
        ):
            raise click.Abort

    is_local = settings_of(common()).profile.local
    waits = wait or is_local  # its server ends with this command
    found = with_workflow(
        lambda connected: run_on(connected, uid, said, seconds=timeout, waits=waits, agree=agree),
        is_whole=True,
    )
    _tell(Execution(found.id, found.status, found.errors))


@click.group()
def execution() -> None:
    """How actions went: list, show, wait."""


@execution.command("list")
@honours(ASKING | JSON)
@lists(is_filtered=False)
def list_executions(*, listing: ListForm) -> None:
    """The executions of the workflow that were started from here, the latest last."""

    async def work(connected: ConnectedWorkflow) -> list[Row]:
        ours = [each for each in _started() if each.workflow == connected.workflow.id]
        return [
            {
                "id": each.id,
                "status": await _status(connected, each),
                "task": each.uid,
                "action": each.action,
            }
            for each in ours
        ]

    names = ("id", "status", "task", "action")
    _print(with_workflow(work), names, names, listing)


@execution.command()
@click.argument("id_", metavar="ID")
@_READS
def show(*, id_: str) -> None:
    """How far an execution is."""

    async def work(connected: ConnectedWorkflow) -> Execution:
        return await connected.gateway.execution(connected.workflow.id, id_)

    _tell(with_workflow(work), is_judged=False)


@execution.command()
@click.argument("id_", metavar="ID")
@_timeout
@_READS
def wait(*, id_: str, timeout: float) -> None:
    """Wait for the end of an execution; a failed one exits with 1, one that goes on with 8."""

    async def over(connected: ConnectedWorkflow) -> Execution:
        random, look = Random(), 0  # noqa: S311 (jitter, no secret)
        while True:
            found = await connected.gateway.execution(connected.workflow.id, id_)
            if found.status in {job.SUCCESS, job.FAIL}:
                return found
            await asyncio.sleep(job.wait_before(look, random))
            look += 1

    async def in_time(connected: ConnectedWorkflow) -> Execution:
        try:
            return await asyncio.wait_for(over(connected), timeout)
        except TimeoutError:
            raise StillPendingError(
                f"Execution {quoted(id_)} is not over after {timeout:g} s."
            ) from None

    _tell(with_workflow(in_time))


async def run_on(
    connected: ConnectedWorkflow,
    uid: str,
    said: str,
    *,
    seconds: float,
    waits: bool,
    agree: Callable[[Action], None] = lambda _: None,
) -> Run:
    """Run the action that ``said`` means on a task; ``agree`` raises where it is not to be run."""
    from fdtui.core.state import State
    from fdtui.sync.runs.one_run import run_once

    task = await connected.read(uid)
    offered = await connected.gateway.actions(connected.workflow.id, task.uid or uid)
    chosen = _chosen(offered, said)
    agree(chosen)
    me = settings_of(common()).profile.user or None
    state = State(workflow=connected.workflow, schema=connected.schema, me=me)
    return await run_once(
        state,
        _book(),
        connected.gateway,
        task,
        chosen,
        clock=time.time,
        seconds=seconds,
        waits=waits,
    )


def _chosen(offered: tuple[Action, ...], said: str) -> Action:
    found = [each for each in offered if each.id == said]
    found = found or find_all(said, offered, lambda each: each.name)
    if not found:
        names = ", ".join(quoted(each.name) for each in offered)
        raise NotFoundError(
            f"The task offers no action {quoted(said[:80])}.",
            f"It offers {names}." if names else "It offers none.",
        )
    if len(found) > 1:
        ids = ", ".join(safe(each.id) for each in found)
        raise UsageError(f"There are {len(found)} actions {quoted(said[:80])}.", f"Say which: {ids}.")
    return found[0]


def _tell(found: Execution, *, is_judged: bool = True) -> None:
    """Print an execution; where it is judged and did not end well, the exit code says so."""
    if wants_json():
        errors = {"errors": list(found.errors)} if found.errors else {}
        output.json_({"id": found.id, "status": found.status, **errors})
    else:
        output.data("  ".join(safe(each) for each in (found.id, found.status) if each))
        for each in found.errors:
            output.notify(f"fdtui: {each}")
    if is_judged and found.status in job.ENDED and found.status != job.SUCCESS:
        raise SystemExit(ExitCode.FAILED)


def _print(rows: list[Row], names: tuple[str, ...], shown: tuple[str, ...], form: ListForm) -> None:
    from fdtui.cli.tables import print_rows

    print_rows(rows, [Field(each) for each in names], shown, form)


def _started() -> tuple[Run, ...]:
    """The executions that are remembered here; looking makes no place for them."""
    from fdtui import wiring

    path = wiring.ledger_path(find_folders(os.environ), settings_of(common()).profile)
    return _book().load() if path.exists() else ()


async def _status(connected: ConnectedWorkflow, run: Run) -> str:
    """How far an execution is by now."""
    if run.is_over or not run.id:
        return run.status
    try:
        return (await connected.gateway.execution(connected.workflow.id, run.id)).status
    except NotFoundError:
        return job.LOST


def _book() -> RunBook:
    """The executions that were started from here, of the server and user in force."""
    from fdtui import wiring

    settings, folders = settings_of(common()), find_folders(os.environ)
    ledger = wiring.ledger_of(folders, settings.profile, output.notify)
    if ledger is None:
        raise ConfigError("There is no place to remember executions in.")
    return ledger.runs()
