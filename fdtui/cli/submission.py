"""How a command changes tasks: by the session's journal, and with an exit code that says how it went."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from fdtui.cli import output
from fdtui.cli.client import ConnectedWorkflow, with_workflow
from fdtui.cli.exit_codes import ExitCode, exit_code_of
from fdtui.cli.options import ASKING, JSON, common, honours, wants_json
from fdtui.cli.setup import settings_of
from fdtui.config.paths import find_folders
from fdtui.core.errors import (
    ConflictError,
    FdtuiError,
    InvalidError,
    StillPendingError,
    UnreachableError,
    UsageError,
)
from fdtui.core.frozen import frozen
from fdtui.core.intents import CreateTask
from fdtui.core.safetext import safe
from fdtui.core.strictjson import loads
from fdtui.core.task import Task, task_from_row

if TYPE_CHECKING:
    from fdtui.sync.storage.journal import Journal, JournalEntry
    from fdtui.sync.writing.submitter import PlannedIntent, Submitted, Submitter

P = ParamSpec("P")
R = TypeVar("R")

SEND_TIMEOUT = 60.0
"""Seconds that a command waits for the server at most, unless told otherwise."""


@frozen
class Submission:
    """How a change is to be made."""

    is_queued: bool = False
    is_rehearsed: bool = False
    seconds: float = SEND_TIMEOUT
    is_quiet: bool = False
    is_bulk: bool = False
    """Whether it is said to which tasks by a query, so that the answer is a list."""


_HOW = (
    click.option("--queue", is_flag=True, help="Return once it is in the journal; it is sent later."),
    click.option("--dry-run", is_flag=True, help="Print the requests, and send none."),
    click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        default=SEND_TIMEOUT,
        show_default=True,
        metavar="SECONDS",
        help="Give up after so long without an answer; what has not left is taken back.",
    ),
    click.option("-q", "--quiet", is_flag=True, help="Print nothing but what went wrong."),
)


def submits(command: Callable[..., R]) -> Callable[..., R]:
    """Give a command that changes tasks its options; it is called with a `Submission`, ``how``."""

    @honours(ASKING | JSON, writes=True, unless="dry_run")
    @functools.wraps(command)
    def run(*, queue: bool, dry_run: bool, timeout: float, quiet: bool, **named: Any) -> R:
        if queue and dry_run:
            raise UsageError("--queue and --dry-run exclude each other.")
        return command(how=Submission(queue, dry_run, timeout, quiet), **named)

    for option in reversed(_HOW):
        run = option(run)
    return run


Plan = Callable[[ConnectedWorkflow], Awaitable[Sequence["PlannedIntent"]]]


def submit(plan: Plan, how: Submission) -> None:
    """Do what ``plan`` answers, and print how it went; ends the command where not all went well."""
    try:
        entries, problem = with_workflow(
            lambda connected: _submitted(connected, plan, how),
            reads_only=how.is_rehearsed,
            is_whole=True,
        )
    except InvalidError as error:
        if wants_json():
            output.json_({"errors": {name: list(told) for name, told in error.fields.items()}})
        raise
    if wants_json() and not how.is_rehearsed:
        shown = [_document(each) for each in entries]
        if how.is_bulk or len(shown) > 1:
            output.json_(shown)
        elif shown:
            output.json_(shown[0])
    codes = {code for each in entries if (code := exit_code_of_entry(each, how))}
    if problem is not None:
        raise problem
    if codes:
        raise SystemExit(codes.pop() if len(codes) == 1 else ExitCode.FAILED)


async def _submitted(
    connected: ConnectedWorkflow, plan: Plan, how: Submission
) -> tuple[list[JournalEntry], FdtuiError | None]:
    from fdtui.sync.writing.submitter import Submitter

    planned = await plan(connected)
    known = await _known(connected, planned)
    submitter = Submitter(
        connected.workflow, connected.schema, clock=time.time, me=whoami(), known=known
    )
    if how.is_rehearsed:
        await _rehearse(submitter, planned, connected)
        return [], None
    if not planned:
        return [], None
    journal = _journal()
    try:
        if how.is_queued:
            entries = submitter.queue(planned, journal)
            if not how.is_quiet:
                output.notify(f"{_changes(len(entries))} queued; `fdtui sync` sends what waits.")
            return entries, None
        return _answers(await _sent(submitter, planned, journal, connected, how), how)
    finally:
        with suppress(FdtuiError):
            journal.close()


async def _sent(
    submitter: Submitter,
    planned: Sequence[PlannedIntent],
    journal: Journal,
    connected: ConnectedWorkflow,
    how: Submission,
) -> Submitted:
    done = 0

    def settled(entry: JournalEntry) -> None:
        nonlocal done
        done += 1
        if not how.is_quiet:
            _print(entry)
        if len(planned) > 1 and output.is_watched():
            output.progress("" if done == len(planned) else f"{done} of {len(planned)}")

    return await submitter.send(
        planned, journal, connected.gateway, seconds=how.seconds, settled=settled
    )


def _answers(sent: Submitted, how: Submission) -> tuple[list[JournalEntry], FdtuiError | None]:
    answers = [each for each in sent.answers if each is not None]
    missing = len(sent.answers) - len(answers)
    if not missing:
        return answers, None
    if sent.withdrawn == missing:
        left = f"{_changes(missing)} not sent, and taken back."
    else:
        left = f"{_changes(missing - sent.withdrawn)} may have arrived. `fdtui sync` finds out."
    told = f"No answer within {how.seconds:g} s."
    if sent.withdrawn < missing:
        return answers, StillPendingError(told, left)
    problem = sent.problem or UnreachableError(told)
    return answers, type(problem)(problem.message, left)


async def _rehearse(
    submitter: Submitter, planned: Sequence[PlannedIntent], connected: ConnectedWorkflow
) -> None:
    from fdtui.sync.writing.sender import OvertakenError

    try:
        requests = await submitter.rehearse(planned, connected.gateway)
    except OvertakenError as error:
        raise ConflictError(str(error)) from None
    found = [each for each in requests if each is not None]
    if wants_json():
        output.json_(
            [
                {"method": each.method, "url": each.url, "body": loads(each.body) if each.body else None}
                for each in found
            ]
        )
        return
    for each in found:
        output.data(f"{each.method} {each.url}")
        if each.body:
            output.json_(loads(each.body))
    if len(found) < len(requests) or not requests:
        output.notify("Nothing is to be changed." if not found else "The others have it already.")


async def _known(
    connected: ConnectedWorkflow, planned: Sequence[PlannedIntent]
) -> dict[str, Task] | None:
    """The tasks that are there, where a new one without an id could be found by nothing else."""
    makes = [each.intent for each in planned if isinstance(each.intent, CreateTask)]
    nameless = any(each.uid(connected.schema) is None for each in makes)
    if not nameless or connected.gateway.keeps_keys_for > 0:
        return None
    listing = await connected.gateway.tasks(connected.workflow.id)
    name = connected.schema.unique_id.name if connected.schema.unique_id else None
    tasks = [task_from_row(row, name, at) for at, row in enumerate(listing.rows if listing else ())]
    return {each.key: each for each in tasks}


def _journal() -> Journal:
    from fdtui import wiring

    settings, folders = settings_of(common()), find_folders(os.environ)
    return wiring.journal_of(folders, settings.profile, wiring.options_of(settings), output.notify)


def whoami() -> str | None:
    """The user's e-mail, where the settings say it."""
    return settings_of(common()).profile.user or None


def _print(entry: JournalEntry) -> None:
    """How one change went: on stdout where it is done, and on stderr why it is not."""
    from fdtui.sync.storage.journal import EntryState

    task = entry.answer or entry.task
    if entry.state is not EntryState.DONE:
        wanted = entry.pending.intent.sentence()
        output.notify(f"fdtui: {_label(entry.task)}could not {wanted}. {entry.why}")
        return
    if not wants_json():
        is_new = isinstance(entry.pending.intent, CreateTask)
        sentence = f"{_label(task)}{entry.pending.intent.sentence()}"
        output.data(safe(task.uid or "") if is_new else f"done: {safe(sentence)}")
    if entry.why:
        output.notify(f"{_label(task)}{entry.why}.")


def _label(task: Task) -> str:
    return f"{task.uid}: " if task.uid else ""


def _document(entry: JournalEntry) -> dict[str, Any]:
    """What JSON says of a change: the task as the API has it now, or why there is none."""
    from fdtui.cli.journal import record
    from fdtui.sync.storage.journal import EntryState

    if entry.state is EntryState.DONE and entry.answer is not None:
        return dict(entry.answer.row)
    if entry.fields:
        return {"errors": {name: list(told) for name, told in entry.fields.items()}}
    return record(entry)


def exit_code_of_entry(entry: JournalEntry, how: Submission) -> ExitCode | None:
    """The exit code that a change ends its command with; ``None`` where all is well."""
    from fdtui.sync.storage.journal import EntryState

    if entry.state is EntryState.DONE or how.is_queued:
        return None
    if entry.state is EntryState.CONFLICT:
        return ExitCode.CONFLICT
    if entry.error is not None:
        return exit_code_of(entry.error)
    return ExitCode.INVALID  # another window sent it; the journal keeps no more of a refusal


def _changes(count: int) -> str:
    return "1 change was" if count == 1 else f"{count} changes were"
