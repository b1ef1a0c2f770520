"""``fdtui sync`` and ``fdtui journal``: what the server has not taken yet, and what became of it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from fdtui.cli import output
from fdtui.cli.exit_codes import ExitCode
from fdtui.cli.options import CONNECTION, JSON, honours, settings_here, wants_json
from fdtui.cli.pager import pages
from fdtui.config.paths import find_folders
from fdtui.core.errors import NotAuthenticatedError, NotFoundError, UnreachableError
from fdtui.core.intents import CreateTask
from fdtui.core.safetext import safe
from fdtui.core.state import ConnectionState, stalled_words
from fdtui.core.strictjson import dumps

if TYPE_CHECKING:
    from fdtui.sync.session import Session
    from fdtui.sync.storage.journal import Journal, JournalEntry

SYNC_TIMEOUT = 60.0
"""Seconds that `sync` waits for the server at most, unless told otherwise."""
MAX_DONE_LISTED = 2_000
_OF_THE_JOURNAL = honours(
    {"profile", "url", "config", "read_only", "json"}, why="it is about all that was done here"
)


@click.command()
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=SYNC_TIMEOUT,
    show_default=True,
    metavar="SECONDS",
    help="Give up waiting after so long; what is not sent stays.",
)
@honours((CONNECTION - {"workflow"}) | JSON, why="it sends what waits of all workflows", writes=True)
def sync(*, timeout: float) -> None:
    """Send what waits for the server, and say what became of each change.

    Exits with 7 where someone else changed a task first, 5 where the server refused a change, 4
    where it refuses the key, 6 where it cannot be reached, 8 where changes still wait.
    """
    from fdtui import wiring
    from fdtui.api.origin import Origin

    settings, folders = settings_here(), find_folders(os.environ)
    profile = settings.profile
    if profile.url:
        Origin.parse(profile.url, insecure_http=profile.insecure_http)
    if not _count(_journal()):
        output.notify("Nothing waits: the server has every change.")
        if wants_json():
            output.json_([])
        return
    session = wiring.profile_session(settings, folders, os.environ, note=output.notify)
    settled, is_reached = asyncio.run(_deliver(session, timeout))
    if wants_json():
        output.json_([record(each) for each in settled])
    states = {each.state.value for each in settled}
    if session.waiting and not is_reached:
        told = f"{_changes(len(session.waiting))} could not be sent: {session.state.connection_reason}"
        if session.state.connection is ConnectionState.DENIED:
            again = "Nothing is lost. Run `fdtui sync` again with a key that the server accepts."
            raise NotAuthenticatedError(told, again)
        raise UnreachableError(
            told,
            "Nothing is lost. Run `fdtui sync` again when the server can be reached.",
        )
    if "conflict" in states:
        raise SystemExit(ExitCode.CONFLICT)
    if "refused" in states:
        raise SystemExit(ExitCode.INVALID)
    if session.waiting:
        if session.state.stalled:
            output.notify(f"{stalled_words(session.state.stalled)} Continue it or end it.")
        output.notify(
            f"fdtui: gave up after {timeout:g} s; {_changes(len(session.waiting))} still waiting."
        )
        raise SystemExit(ExitCode.STILL_PENDING)


async def _deliver(session: Session, seconds: float) -> tuple[list[JournalEntry], bool]:
    """Run the session until nothing waits or the server is out of reach; what was settled."""
    settled: list[JournalEntry] = []
    failed = asyncio.Event()

    def on_settled(entry: JournalEntry) -> None:
        if entry.state.value == "closed":
            return
        settled.append(entry)
        if not wants_json():
            output.data(f"{entry.state.value}: {_sentence(entry)}")

    def on_state(state: Any) -> None:
        if state.connection in {ConnectionState.OFFLINE, ConnectionState.DENIED}:
            failed.set()

    session.waiting.when_settled(on_settled)
    session.on_change = on_state
    run = asyncio.create_task(session.run())
    waits = [asyncio.create_task(each) for each in (session.waiting.drain(seconds), failed.wait())]
    try:
        await asyncio.wait([run, *waits], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in (*waits, run):
            each.cancel()
        results = await asyncio.gather(run, *waits, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result
    return settled, not failed.is_set()


@click.group()
def journal() -> None:
    """Changes that wait for the server, and what was done here."""


@journal.command("list")
@click.option("--all", "has_done", is_flag=True, help="Also what is done, the latest last.")
@_OF_THE_JOURNAL
@pages
def list_entries(*, has_done: bool) -> None:
    """What waits, is refused, or is in conflict: id, state, workflow, task, change."""
    entries = _entries(has_done=has_done)
    _note_others()
    if wants_json():
        output.json_([record(each) for each in entries])
        return
    output.columns(
        [
            [str(each.ticket), each.state.value, safe(each.workflow.name), _sentence(each)]
            for each in entries
        ]
    )


@journal.command()
@click.argument("id_", metavar="ID", type=int)
@_OF_THE_JOURNAL
@pages
def show(*, id_: int) -> None:
    """One change whole: what was wanted, what stood there before, and why it was refused."""
    found = next((each for each in _entries(has_done=True) if each.ticket == id_), None)
    if found is None:
        raise NotFoundError(
            f"There is no change {id_} in the journal.", "See `fdtui journal list --all`."
        )
    if wants_json():
        output.json_(record(found))
        return
    for name, value in record(found).items():
        if value not in (None, "", {}, []):
            text = value if isinstance(value, str | int) else dumps(value)
            output.data(f"{name}: {safe(str(text))}")


@journal.command()
@_OF_THE_JOURNAL
def export() -> None:
    """Everything in the journal, the oldest first: JSON Lines, or with --json one document."""
    entries = _entries(has_done=True)
    if wants_json():
        output.json_([record(each) for each in entries])
        return
    for each in entries:
        output.json_line(record(each))


def record(entry: JournalEntry) -> dict[str, Any]:
    """An entry as scripts get it: the shape of ``--json``."""
    from fdtui.sync.storage.journal_text import intent_written

    conflict = entry.conflict
    fields = conflict.fields if conflict is not None else ()
    intent = intent_written(entry.pending.intent)
    return {
        "id": str(entry.ticket),
        "state": entry.state.value,
        "at": datetime.fromtimestamp(entry.at, UTC).isoformat(timespec="seconds"),
        "workflow": {"id": entry.workflow.id, "name": entry.workflow.name},
        "task": None if isinstance(entry.pending.intent, CreateTask) else entry.task.uid,
        "title": entry.title,
        "change": entry.pending.intent.sentence(),
        "wanted": {name: value for name, value in intent.items() if name not in {"key", "seen"}},
        "was": dict(entry.pending.was),
        "why": entry.why,
        "errors": {name: list(told) for name, told in entry.fields.items()},
        "conflict": [
            {"field": each.name, "was": each.base, "theirs": each.theirs, "mine": each.mine}
            for each in fields
        ],
    }


def _journal() -> Journal | None:
    """The journal of the server and user in force; ``None`` where nothing was ever done."""
    from fdtui import wiring
    from fdtui.sync.storage.journal_table import JournalTable

    settings, folders = settings_here(), find_folders(os.environ)
    path = wiring.journal_path(folders, settings.profile, wiring.options_of(settings))
    return JournalTable(path, may_send=False) if path.is_file() else None


def _note_others() -> None:
    """Say what waits for other servers, or in another name: it is never sent from here."""
    from fdtui import wiring
    from fdtui.sync.storage.journals_beside import waiting_elsewhere

    settings, folders = settings_here(), find_folders(os.environ)
    path = wiring.journal_path(folders, settings.profile, wiring.options_of(settings))
    for owner, count in waiting_elsewhere(path):
        whose = f" as {safe(owner.user)}" if owner.user else ""
        output.notify(f"{_changes(count)} waiting for {safe(owner.origin)}{whose}, not listed here.")


def _count(journal: Journal | None) -> int:
    if journal is None:
        return 0
    try:
        from fdtui.sync.storage.journal import OPEN

        return sum(each.state in OPEN for each in journal.load())
    finally:
        journal.close()


def _entries(*, has_done: bool) -> Sequence[JournalEntry]:
    from fdtui.sync.storage.journal import unreadable_words

    journal = _journal()
    if journal is None:
        return ()
    try:
        done = reversed(journal.done(MAX_DONE_LISTED)) if has_done else ()
        entries = [*done, *journal.load()]
        if journal.unreadable:
            output.notify(unreadable_words(journal.unreadable))
        return entries
    finally:
        journal.close()


def _sentence(entry: JournalEntry) -> str:
    why = f" ({entry.why})" if entry.why else ""
    return f"{safe(entry.title)}: {safe(entry.pending.intent.sentence())}{safe(why)}"


def _changes(count: int) -> str:
    return f"{count} change{'' if count == 1 else 's'}"
