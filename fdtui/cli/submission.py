"""How a command changes tasks: by the session's journal, and with an exit code that says how it went."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from fdtui.cli import output
from fdtui.cli.client import ConnectedWorkflow, with_workflow
from fdtui.cli.exit_codes import ExitCode, exit_code_of
from fdtui.cli.options import ASKING, JSON, honours, wants_json
from fdtui.cli.submitting import (
    SEND_TIMEOUT,
    Outcome,
    changes_words,
    label,
    queue,
    send,
    submitter_of,
    why_not,
)
from fdtui.core.errors import (
    ConflictError,
    InvalidError,
    UsageError,
)
from fdtui.core.frozen import frozen
from fdtui.core.intents import CreateTask
from fdtui.core.safetext import safe
from fdtui.core.strictjson import loads

if TYPE_CHECKING:
    from fdtui.sync.storage.journal import JournalEntry
    from fdtui.sync.writing.submitter import PlannedIntent, Submitter

P = ParamSpec("P")
R = TypeVar("R")


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
        outcome = with_workflow(
            lambda connected: _submitted(connected, plan, how),
            reads_only=how.is_rehearsed,
            is_whole=True,
        )
    except InvalidError as error:
        if wants_json():
            output.json_({"errors": {name: list(told) for name, told in error.fields.items()}})
        raise
    if wants_json() and not how.is_rehearsed:
        shown = [_document(each) for each in outcome.entries]
        if how.is_bulk or len(shown) > 1:
            output.json_(shown)
        elif shown:
            output.json_(shown[0])
    codes = {code for each in outcome.entries if (code := exit_code_of_entry(each, how))}
    if outcome.problem is not None:
        raise outcome.problem
    if codes:
        raise SystemExit(codes.pop() if len(codes) == 1 else ExitCode.FAILED)


async def _submitted(connected: ConnectedWorkflow, plan: Plan, how: Submission) -> Outcome:
    planned = await plan(connected)
    if how.is_rehearsed:
        await _rehearse(await submitter_of(connected, planned), planned, connected)
        return Outcome()
    if how.is_queued:
        outcome = await queue(connected, planned)
        if planned and not how.is_quiet:
            output.notify(
                f"{changes_words(len(outcome.entries))} queued; `fdtui sync` sends what waits."
            )
        return outcome
    done = 0

    def settled(entry: JournalEntry) -> None:
        nonlocal done
        done += 1
        if not how.is_quiet:
            _print(entry)
        if len(planned) > 1 and output.is_watched():
            output.progress("" if done == len(planned) else f"{done} of {len(planned)}")

    return await send(connected, planned, seconds=how.seconds, settled=settled)


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


def _print(entry: JournalEntry) -> None:
    """How one change went: on stdout where it is done, and on stderr why it is not."""
    from fdtui.sync.storage.journal import EntryState

    task = entry.answer or entry.task
    if entry.state is not EntryState.DONE:
        output.notify(f"fdtui: {why_not(entry)}")
        return
    if not wants_json():
        is_new = isinstance(entry.pending.intent, CreateTask)
        sentence = f"{label(task)}{entry.pending.intent.sentence()}"
        output.data(safe(task.uid or "") if is_new else f"done: {safe(sentence)}")
    if entry.why:
        output.notify(f"{label(task)}{entry.why}.")


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
