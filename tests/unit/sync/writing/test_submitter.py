"""Changes without a board: answered, taken back, or left in the journal; done once, whatever is lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fdtui.api.client import Client
from fdtui.core.errors import (
    ConflictError,
    InvalidError,
    NotAuthenticatedError,
    StorageError,
    UnreachableError,
    WithheldError,
)
from fdtui.core.intents import AddComment, CreateTask, Intent, MoveTask, SetFields
from fdtui.core.task import Task, task_from_row
from fdtui.server import EMBEDDED_URL, seed
from fdtui.sync.reading.opening import Hints, told_shape
from fdtui.sync.storage.journal import EntryState
from fdtui.sync.storage.journal_table import JournalTable
from fdtui.sync.writing.history import new_key
from fdtui.sync.writing.submitter import PlannedIntent, Submitted, Submitter
from tests.unit.sync.writing.test_journal import KEY, Place

WORKFLOW = seed.WORKFLOWS[0]
TIMEOUT = 20.0


class Script:
    """One command after the other, each with a journal opened anew over the same file."""

    def __init__(self, place: Place, gateway: Client, submitter: Submitter) -> None:
        self.place, self.gateway, self.submitter = place, gateway, submitter

    def journal(self) -> JournalTable:
        return JournalTable(self.place.folder / "journal-x.db")

    def left(self) -> list[EntryState]:
        """What waits in the journal, or is to be seen."""
        journal = self.journal()
        try:
            return [each.state for each in journal.load()]
        finally:
            journal.close()

    async def task(self, uid: str = "42") -> Task:
        return task_from_row(await self.place.ask("GET", f"/{uid}"), "Company ID")

    async def send(self, *planned: PlannedIntent, seconds: float = TIMEOUT) -> Submitted:
        return await self.submitter.send(planned, self.journal(), self.gateway, seconds=seconds)

    async def planned(self, intent: Intent) -> PlannedIntent:
        return PlannedIntent(await self.task(intent.key), intent)


@pytest.fixture
async def script(tmp_path: Path) -> AsyncIterator[Script]:
    place = Place(tmp_path)
    gateway = Client.open(EMBEDDED_URL, KEY, transport=place.line)

    schema = await told_shape(gateway, WORKFLOW.id, Hints())
    assert schema is not None
    yield Script(place, gateway, Submitter(WORKFLOW, schema, clock=time.time))
    await gateway.aclose()
    place.store.close()


async def test_a_lost_answer_is_looked_for_and_nothing_is_done_twice(script: Script) -> None:
    moved = await script.planned(MoveTask("42", "Done"))
    said = await script.planned(AddComment("43", "once"))
    script.place.line.drops_answers = True
    sending = asyncio.create_task(script.send(moved, said))
    while len(script.place.line.writes) < 2:
        await asyncio.sleep(0.01)
    script.place.line.drops_answers = False
    sent = await sending
    assert [each.state if each else None for each in sent.answers] == [EntryState.DONE] * 2
    assert (await script.task()).stage == "Done"
    comments = await script.place.ask("GET", "/43/comments")
    assert [each["body"] for each in comments].count("once") == 1
    assert script.left() == []


async def test_what_cannot_leave_is_taken_back(script: Script) -> None:
    planned = await script.planned(MoveTask("42", "Done"))
    script.place.line.is_down = True
    sent = await script.send(planned)
    assert (sent.answers, sent.withdrawn) == ((None,), 1)
    assert isinstance(sent.problem, UnreachableError)
    assert script.left() == []
    script.place.line.is_down, script.place.line.refuses_key = False, True
    sent = await script.send(planned)
    assert (sent.withdrawn, type(sent.problem)) == (1, NotAuthenticatedError)
    assert script.left() == []


async def test_what_may_have_left_stays_in_the_journal(script: Script) -> None:
    planned = await script.planned(MoveTask("42", "Done"))
    script.place.line.drops_answers = True
    sending = asyncio.create_task(script.send(planned, seconds=1.5))
    while not script.place.line.writes:
        await asyncio.sleep(0.01)
    script.place.line.is_down = True
    sent = await sending
    assert (sent.answers, sent.withdrawn) == ((None,), 0)
    assert script.left() == [EntryState.SENDING]


async def test_a_refusal_that_was_answered_waits_for_nobody(script: Script) -> None:
    planned = await script.planned(SetFields("42", (("Number of Employees", "x"),)))
    (entry,) = (await script.send(planned)).answers
    assert entry is not None
    assert (entry.state, type(entry.error)) == (EntryState.REFUSED, InvalidError)
    assert entry.fields == {"Number of Employees": ("is invalid",)}
    assert script.left() == []


async def test_a_field_that_has_to_stay_as_it_was_is_guarded(script: Script) -> None:
    task = await script.task("44")
    assert task.assignee is not None
    await script.place.ask("PUT", "", {"Company ID": "44", "Assigned To": None})
    intent = SetFields("44", (("Company Name", "Later"),))
    was = (("Company Name", task.row["Company Name"]), ("Assigned To", task.assignee))
    (entry,) = (await script.send(PlannedIntent(task, intent, was))).answers
    assert entry is not None
    assert (entry.state, type(entry.error)) == (EntryState.CONFLICT, ConflictError)
    assert (await script.task("44")).row["Company Name"] == task.row["Company Name"]


async def test_what_waits_already_goes_first(script: Script) -> None:
    journal = script.journal()
    first = await script.planned(SetFields("42", (("Company Name", "first"),)))
    assert len(script.submitter.queue([first], journal)) == 1
    journal.close()
    assert script.left() == [EntryState.PENDING]
    second = PlannedIntent(await script.task(), SetFields("42", (("Company Name", "second"),)))
    await script.send(second)
    assert (await script.task()).row["Company Name"] == "second"
    assert script.left() == []


async def test_an_interruption_takes_back_what_has_not_left(script: Script) -> None:
    rows = await script.place.ask("GET", "")
    tasks = [task_from_row(row, "Company ID") for row in rows]
    planned = [PlannedIntent(each, SetFields(each.key, (("Contract Value", "1"),))) for each in tasks]
    sending = asyncio.create_task(script.send(*planned))
    while not script.place.line.writes:
        await asyncio.sleep(0.001)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert EntryState.PENDING not in script.left()
    values = [row["Contract Value"] for row in await script.place.ask("GET", "")]
    assert values.count("1.00") < len(values)


async def test_a_board_that_sends_answers_a_script(script: Script) -> None:
    async with script.place.window() as board:
        planned = await script.planned(MoveTask("42", "Done"))
        (entry,) = (await script.send(planned)).answers
        assert entry is not None
        assert entry.state is EntryState.DONE
        assert board.state.base["42"].stage == "Done"


async def test_a_rehearsal_sends_nothing(script: Script) -> None:
    reader = Client.open(EMBEDDED_URL, KEY, transport=script.place.line, read_only=True)
    planned = [await script.planned(MoveTask("42", stage)) for stage in ("Done", "In Progress")]
    key = new_key(1)
    planned.append(PlannedIntent(Task(key, None, {}), CreateTask(key, (("Company ID", "n"),))))
    request, nothing, new = await script.submitter.rehearse(planned, reader)
    assert isinstance(request, WithheldError)
    assert (request.method, request.body) == ("PUT", '{"Company ID":"42","Stage":"Done"}')
    assert request.url == f"{EMBEDDED_URL}/api/v1/workflows/{WORKFLOW.id}/tasks"
    assert nothing is None
    assert new is not None
    assert new.method == "POST"
    assert script.place.line.writes == []
    await reader.aclose()


async def test_a_change_that_cannot_be_saved_is_not_sent(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned = await script.planned(MoveTask("42", "Done"))
    journal = script.journal()

    def full(*_: object) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(journal, "append", full)
    (entry,) = (await script.submitter.send([planned], journal, script.gateway, seconds=TIMEOUT)).answers
    assert entry is not None
    assert (entry.state, type(entry.error)) == (EntryState.REFUSED, StorageError)
    assert script.place.line.writes == []
