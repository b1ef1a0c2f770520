"""Changes of a connected workflow, sent by the session's journal, and what came of each."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from fdtui.cli import output
from fdtui.cli.client import ConnectedWorkflow
from fdtui.cli.options import common
from fdtui.cli.setup import settings_of
from fdtui.config.paths import find_folders
from fdtui.core.errors import FdtuiError, StillPendingError, UnreachableError
from fdtui.core.frozen import frozen
from fdtui.core.intents import CreateTask
from fdtui.core.task import Task, task_from_row

if TYPE_CHECKING:
    from fdtui.sync.storage.journal import Journal, JournalEntry
    from fdtui.sync.writing.submitter import PlannedIntent, Submitted, Submitter

SEND_TIMEOUT = 60.0
"""Seconds that is waited for the server at most, unless told otherwise."""


@frozen
class Outcome:
    """What came of changes: an entry for each that was answered, and why others were not."""

    entries: tuple[JournalEntry, ...] = ()
    problem: FdtuiError | None = None


async def send(
    connected: ConnectedWorkflow,
    planned: Sequence[PlannedIntent],
    *,
    seconds: float = SEND_TIMEOUT,
    settled: Callable[[JournalEntry], None],
) -> Outcome:
    """Send what is planned, and wait for the answers; each is told to ``settled`` as it comes."""
    if not planned:
        return Outcome()
    submitter, journal = await submitter_of(connected, planned), _journal()
    try:
        sent = await submitter.send(
            planned, journal, connected.gateway, seconds=seconds, settled=settled
        )
        return outcome_of(sent, seconds)
    finally:
        with suppress(FdtuiError):
            journal.close()


async def queue(connected: ConnectedWorkflow, planned: Sequence[PlannedIntent]) -> Outcome:
    """Put what is planned into the journal, from which it is sent later."""
    if not planned:
        return Outcome()
    submitter, journal = await submitter_of(connected, planned), _journal()
    try:
        return Outcome(tuple(submitter.queue(planned, journal)))
    finally:
        with suppress(FdtuiError):
            journal.close()


async def submitter_of(connected: ConnectedWorkflow, planned: Sequence[PlannedIntent]) -> Submitter:
    """What sends ``planned``, or says which requests it would send."""
    from fdtui.sync.writing.submitter import Submitter

    known = await _known(connected, planned)
    return Submitter(connected.workflow, connected.schema, clock=time.time, me=whoami(), known=known)


def outcome_of(sent: Submitted, seconds: float) -> Outcome:
    """What was answered within ``seconds``, and what has become of the rest."""
    answers = tuple(each for each in sent.answers if each is not None)
    missing = len(sent.answers) - len(answers)
    if not missing:
        return Outcome(answers)
    if sent.withdrawn == missing:
        left = f"{changes_words(missing)} not sent, and taken back."
    else:
        left = f"{changes_words(missing - sent.withdrawn)} may have arrived. `fdtui sync` finds out."
    told = f"No answer within {seconds:g} s."
    if sent.withdrawn < missing:
        return Outcome(answers, StillPendingError(told, left))
    problem = sent.problem or UnreachableError(told)
    return Outcome(answers, type(problem)(problem.message, left))


def changes_words(count: int) -> str:
    """How many changes, as the beginning of a sentence."""
    return "1 change was" if count == 1 else f"{count} changes were"


def why_not(entry: JournalEntry) -> str:
    """A sentence on a change that was not done."""
    return f"{label(entry.task)}could not {entry.pending.intent.sentence()}. {entry.why}"


def label(task: Task) -> str:
    """The beginning of a sentence about a task."""
    return f"{task.uid}: " if task.uid else ""


def whoami() -> str | None:
    """The user's e-mail, where the settings say it."""
    return settings_of(common()).profile.user or None


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
