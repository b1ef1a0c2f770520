"""The journal on disk: what the user did outlives the program, and reaches the server once."""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from fdtui.api.client import Client
from fdtui.core.intents import AddComment, AssignTask, DeleteTask, MoveTask, SetFields
from fdtui.core.state import ConnectionState
from fdtui.server import EMBEDDED_URL, seed
from fdtui.server.http.app import create_app
from fdtui.server.http.auth import OneKey
from fdtui.server.store import Store, open_store
from fdtui.sync.session import Notice, Session, SessionOptions
from fdtui.sync.storage.journal import EntryState
from fdtui.sync.storage.journal_table import JournalTable
from fdtui.sync.storage.sender_lock import SenderLock
from fdtui.sync.writing import outbox

KEY = "k" * 40


class Line(httpx.AsyncBaseTransport):
    """The way to the server, which can be cut before or after the server has acted."""

    def __init__(self, app: Any) -> None:
        self.server = httpx.ASGITransport(app)
        self.is_down = False
        self.drops_answers = self.refuses_key = False
        self.writes: list[tuple[str, str]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.is_down:
            raise httpx.ConnectError("refused")
        if self.refuses_key:
            return httpx.Response(401, json={"errors": ["no"]}, request=request)
        is_write = request.method != "GET"
        if is_write:
            self.writes.append((request.method, request.url.path.rpartition("/workflows/")[2]))
        answer = await self.server.handle_async_request(request)
        if self.drops_answers and is_write:
            raise httpx.ReadError("cut")
        return answer


class Place:
    """A server, a line to it, and the folder of one user who starts the program again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store: Store = open_store(f"sqlite:///{folder / 'server.db'}")
        seed.fill(self.store)
        self.line = Line(create_app(self.store, auth=OneKey(KEY), base_url=EMBEDDED_URL))
        self.notices: list[Notice] = []

    @asynccontextmanager
    async def window(self, journal: str = "journal-x", **wishes: Any) -> AsyncIterator[Session]:
        """The program, from its start to its end in good order."""

        async def connect() -> Any:
            return Client.open(EMBEDDED_URL, KEY, transport=self.line)

        options = SessionOptions(
            **{"workflow": "2ylSaZ", "me": "user@example.com", "every": 3600.0} | wishes
        )
        book = JournalTable(self.folder / f"{journal}.db", may_send=not options.read_only)
        session = Session(connect, options, clock=lambda: time.time(), journal=book)  # noqa: PLW0108 - tests set it
        session.on_notice = self.notices.append
        session.recall()
        run = asyncio.create_task(session.run())
        await until(lambda: session.state.connection is not ConnectionState.CONNECTING or run.done())
        try:
            yield session
        finally:
            run.cancel()
            with pytest.raises(asyncio.CancelledError):
                await run

    async def ask(self, method: str, path: str, body: Any = None, workflow: str = "2ylSaZ") -> Any:
        """What a colleague does, past the line."""
        transport = self.line.server
        async with httpx.AsyncClient(transport=transport, base_url=EMBEDDED_URL) as client:
            headers = {"Authorization": f"Bearer {KEY}"}
            url = f"/api/v1/workflows/{workflow}/tasks{path}"
            answer = await client.request(method, url, headers=headers, json=body)
            return answer.json() if answer.content else None

    def crash(self, journal: str = "journal-x", into: str = "after") -> str:
        """What a ``kill -9`` at this moment would leave of the journal."""
        for each in self.folder.glob(f"{journal}.db*"):
            shutil.copy(each, self.folder / each.name.replace(journal, into))
        return into


async def until(holds: Any) -> None:
    for _ in range(1000):
        if holds():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came to hold")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    there = Place(tmp_path)
    yield there
    there.store.close()


def is_saved(session: Session) -> bool:
    return bool(session.state.pending) and all(each.saved for each in session.state.pending)


async def test_what_was_done_offline_arrives_after_a_new_start(place: Place) -> None:
    async with place.window() as session:
        await session.idle()
        place.line.is_down = True
        session.perform(MoveTask("43", "Done"))
        session.perform(AssignTask("43", "user@example.com"))
        session.perform(AddComment("42", "said offline"))
        await until(lambda: is_saved(session))
        left = place.crash()
    place.line.is_down = False
    async with place.window(left) as session:
        await session.idle()
        assert not session.waiting
    there = await place.ask("GET", "/43")
    assert (there["Stage"], there["Assigned To"]) == ("Done", "user@example.com")
    said = await place.ask("GET", "/42/comments")
    assert [each["body"] for each in said].count("said offline") == 1, place.notices


async def test_what_waits_is_shown_before_anything_is_asked(place: Place) -> None:
    async with place.window() as session:
        await session.idle()
        place.line.is_down = True
        session.perform(MoveTask("43", "Done"))
        await until(lambda: is_saved(session))
    async with place.window() as session:
        assert len(session.waiting) == 1
        place.line.is_down = False
        session.refresh()
        await session.idle()
        await until(lambda: not session.waiting)
        assert session.state.shown["43"].stage == "Done"


async def test_fifty_edits_of_one_field_are_one_request_and_fifty_steps_back(place: Place) -> None:
    async with place.window() as session:
        await session.idle()
        before = session.state.shown["42"].row["Number of Employees"]
        place.line.is_down = True
        for number in range(50):
            session.perform(SetFields("42", (("Number of Employees", str(1000 + number)),)))
        await until(lambda: is_saved(session))
    place.line.is_down = False
    place.line.writes.clear()
    async with place.window() as session:
        await session.idle()
        assert len(place.line.writes) == 1
        assert session.state.shown["42"].row["Number of Employees"] == "1049"
        for _ in range(50):
            assert session.undo()
        await session.idle()
        assert session.state.shown["42"].row["Number of Employees"] == before
    assert (await place.ask("GET", "/42"))["Number of Employees"] == before


async def test_a_task_created_and_deleted_offline_is_nothing(place: Place) -> None:
    async with place.window() as session:
        await session.idle()
        place.line.is_down = True
        session.create({"Company Name": "Nobody Ltd"})
        (made,) = [key for key in session.state.shown if key not in session.state.base]
        assert session.perform(DeleteTask(made))
        assert made not in session.state.shown
        await until(lambda: not session.waiting)
        place.line.is_down = False
        session.refresh()
        await session.idle()
        assert not [each for each in place.line.writes if each[0] != "GET"]


async def test_a_creation_is_undone_before_and_after_it_was_sent(place: Place) -> None:
    async with place.window() as session:
        await session.idle()
        session.create({"Company Name": "Sent Ltd", "Company ID": "900"})
        await session.idle()
        assert "900" in session.state.shown
        assert session.undo()
        await session.idle()
        assert "900" not in session.state.shown
        assert session.redo()
        await session.idle()
        assert session.state.shown["900"].row["Company Name"] == "Sent Ltd"


async def test_an_answer_lost_in_a_crash_is_looked_at_and_not_sent_again(place: Place) -> None:
    async with place.window() as session:
        await session.idle()
        place.line.drops_answers = True
        session.perform(MoveTask("43", "Done"))
        await until(lambda: len(place.line.writes) == 1)
        place.line.is_down = True
        left = place.crash()
    place.line.is_down = place.line.drops_answers = False
    place.line.writes.clear()
    async with place.window(left) as session:
        await session.idle()
        assert session.state.shown["43"].stage == "Done"
        assert (place.line.writes, place.notices[-1:]) == ([], place.notices[-1:])


async def test_what_had_arrived_and_was_taken_back_by_a_colleague_is_not_done_again(
    place: Place,
) -> None:
    """The task is as if ours had never arrived; only the server's log tells."""
    async with place.window() as session:
        await session.idle()
        before = session.state.shown["43"].stage
        place.line.drops_answers = True
        session.perform(MoveTask("43", "Done"))
        await until(lambda: len(place.line.writes) == 1)
        place.line.is_down = True
        left = place.crash()
    place.line.is_down = place.line.drops_answers = False
    await place.ask("PUT", "/43", {"Stage": before})
    place.line.writes.clear()
    async with place.window(left) as session:
        await session.idle()
        (field,) = session.state.conflicts["43"].fields
        assert (field.theirs, field.mine, place.line.writes) == (before, "Done", [])


async def test_a_colleague_in_between_becomes_a_conflict_that_outlives_the_program(
    place: Place,
) -> None:
    async with place.window() as session:
        await session.idle()
        place.line.is_down = True
        session.perform(SetFields("42", (("Number of Employees", "7"),)))
        await until(lambda: is_saved(session))
    await place.ask("PUT", "/42", {"Number of Employees": 8})
    place.line.is_down = False
    async with place.window() as session:
        await session.idle()
        assert session.state.shown["42"].row["Number of Employees"] == "8"
        (field,) = session.state.conflicts["42"].fields
        assert (field.theirs, field.mine) == ("8", "7")
    async with place.window() as session:
        await session.idle()
        (field,) = session.state.conflicts["42"].fields
        assert (field.theirs, field.mine) == ("8", "7")
        session.resolve_conflict("42", {"Number of Employees": "7"})
        await session.idle()
        assert session.state.shown["42"].row["Number of Employees"] == "7"
    async with place.window() as session:
        await session.idle()
        assert not session.state.conflicts


async def test_a_refusal_is_shown_until_it_was_seen(place: Place) -> None:
    async with place.window() as session:
        await session.idle()
        session.perform(SetFields("42", (("Number of Employees", "no number"),)))
        await session.idle()
        assert "42" in session.state.refused
    async with place.window() as session:
        await session.idle()
        assert "42" in session.state.refused
        session.acknowledge("42")
    async with place.window() as session:
        await session.idle()
        assert "42" not in session.state.refused


async def test_undo_goes_on_after_a_new_start(place: Place) -> None:
    async with place.window() as session:
        await session.idle()
        session.perform(MoveTask("43", "Done"))
        session.perform(DeleteTask("42"))
        await session.idle()
        left = place.crash()
    async with place.window(left) as session:
        await session.idle()
        assert [each.title for each in session.trash]
        assert session.undo()
        await session.idle()
        assert not session.trash
        assert session.undo()
        await session.idle()
        assert session.state.shown["43"].stage != "Done"
        assert session.redo()
        await session.idle()
        assert session.state.shown["43"].stage == "Done"


async def test_two_windows_have_one_sender_and_see_each_other(place: Place) -> None:
    async with place.window() as one, place.window() as other:
        await one.idle()
        await other.idle()
        place.line.writes.clear()
        other.perform(MoveTask("43", "Done"))
        await until(lambda: not other.waiting and not one.waiting)
        assert (one.state.shown["43"].stage, other.state.shown["43"].stage) == ("Done", "Done")
        one.perform(MoveTask("43", _stages(one)[0]))
        await until(lambda: other.state.shown["43"].stage == _stages(one)[0])
        await until(lambda: not other.waiting and not one.waiting)
        assert one.state.base["43"].stage == other.state.base["43"].stage == _stages(one)[0]
        assert len(place.line.writes) == 2


async def test_windows_hear_each_other_without_looking(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "BELL_INTERVAL", 3600.0)
    async with place.window() as one, place.window() as other:
        await one.idle()
        other.perform(MoveTask("43", "Done"))
        await until(lambda: one.state.shown["43"].stage == "Done" and not other.waiting)


async def test_who_sends_is_followed_by_another_at_once(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "BELL_INTERVAL", 3600.0)
    async with place.window() as other:
        async with place.window() as one:
            await one.idle()
        other.perform(MoveTask("43", "Done"))
        await other.idle()
        await until(lambda: not other.waiting)
    assert (await place.ask("GET", "/43"))["Stage"] == "Done"


async def test_a_sender_that_is_stopped_is_named_until_it_goes_on(place: Place) -> None:
    path = place.folder / "journal-x.sender"
    lock = SenderLock(path)
    assert lock.acquire()
    os.utime(path, (0, 0))
    async with place.window() as session:
        session.perform(MoveTask("43", "Done"))
        await until(lambda: session.state.stalled == os.getpid())
        lock.release()
        await until(lambda: not session.waiting)
        await until(lambda: not session.state.stalled)


async def test_a_window_whose_key_was_refused_lets_another_send(place: Place) -> None:
    async with place.window() as old:
        await old.idle()
        place.line.is_down = True
        old.perform(MoveTask("43", "Done"))
        await until(lambda: is_saved(old))
        place.line.is_down, place.line.refuses_key = False, True
        old.refresh()
        await until(lambda: old.state.connection is ConnectionState.DENIED)
        place.line.refuses_key = False  # as for a window that was started with a new key
        async with place.window() as new:
            assert len(new.waiting) == 1
            await until(lambda: not new.waiting)
        await until(lambda: not old.waiting)
        assert old.state.connection is ConnectionState.DENIED
        assert len(place.line.writes) == 1
        old.refresh()
        await until(lambda: old.state.connection is ConnectionState.LIVE)
        old.perform(MoveTask("43", _stages(old)[0]))
        await until(lambda: not old.waiting)
    assert (await place.ask("GET", "/43"))["Stage"] == _stages(old)[0]


async def test_what_one_window_did_is_sent_by_the_other_once_it_is_gone(place: Place) -> None:
    async with place.window() as one:
        await one.idle()
        async with place.window() as other:
            place.line.is_down = True
            other.perform(MoveTask("43", "Done"))
            await until(lambda: is_saved(other))
        place.line.is_down = False
        one.refresh()
        await until(lambda: one.state.shown["43"].stage == "Done" and not one.waiting)
    assert (await place.ask("GET", "/43"))["Stage"] == "Done"


async def test_a_window_that_changes_nothing_sends_nothing_for_others(place: Place) -> None:
    async with place.window() as session:
        await session.idle()
        place.line.is_down = True
        session.perform(MoveTask("43", "Done"))
        await until(lambda: is_saved(session))
    place.line.is_down = False
    place.line.writes.clear()
    async with place.window(read_only=True) as session:
        await until(lambda: session.state.connection is ConnectionState.LIVE)
        await asyncio.sleep(0.3)
        assert (len(session.waiting), place.line.writes) == (1, [])


async def test_what_is_withdrawn_stays_withdrawn(place: Place) -> None:
    async with place.window() as session:
        await session.idle()
        place.line.is_down = True
        session.perform_all([MoveTask("42", "Done"), MoveTask("43", "Done")])
        await until(lambda: is_saved(session))
        batch = session.state.batch
        assert batch is not None
        assert session.withdraw(batch.waiting) == 2
        await until(lambda: not session.waiting)
    place.line.is_down = False
    place.line.writes.clear()
    async with place.window() as session:
        await session.idle()
        assert place.line.writes == []


async def test_the_last_moment_before_the_end_is_saved(place: Place) -> None:
    async with place.window() as session:
        await session.idle()
        place.line.is_down = True
        session.perform(MoveTask("43", "Done"))
    book = JournalTable(place.folder / "journal-x.db")
    (entry,) = book.load()
    book.close()
    assert (entry.pending.intent, entry.state) == (MoveTask("43", "Done"), EntryState.PENDING)


async def test_what_waits_for_another_workflow_is_counted(place: Place) -> None:
    async with place.window(workflow="bT7rG4") as session:
        await session.idle()
        place.line.is_down = True
        session.perform(MoveTask("5", "Confirmed"))
        assert session.state.elsewhere == {}
        session.open_workflow("2ylSaZ")
        await until(lambda: session.state.workflow_id == "2ylSaZ")
        assert session.state.elsewhere == {"bT7rG4": 1}
    async with place.window() as session:
        assert session.state.elsewhere == {"bT7rG4": 1}
        place.line.is_down = False
        session.refresh()
        await until(lambda: not session.state.elsewhere)
    assert (await place.ask("GET", "/5", workflow="bT7rG4"))["Stage"] == "Confirmed"


async def test_a_retry_for_another_workflow_leaves_the_board_alone(place: Place) -> None:
    async with place.window(workflow="bT7rG4") as session:
        await session.idle()
        session.perform(SetFields("5", (("Severity", "no such"),)))
        await session.idle()
        (entry,) = session.waiting.entries()
        place.line.is_down = True
        session.open_workflow("2ylSaZ")
        await until(lambda: session.state.workflow_id == "2ylSaZ")
        assert session.waiting.retry(entry)
        assert not session.state.pending
        assert session.state.elsewhere == {"bT7rG4": 1}


def _stages(session: Session) -> list[str]:
    return [each.name for each in session.state.schema.stages]


async def test_a_window_that_resigns_saves_the_answer_that_it_shows(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with place.window() as session:
        await session.idle()
        box, is_answered, is_resigning = session._outbox, asyncio.Event(), asyncio.Event()
        call = box._writer.call

        async def held(ask: Any) -> Any:
            if getattr(ask, "func", None) == box._journal.settle:
                is_answered.set()
                await is_resigning.wait()
            return await call(ask)

        monkeypatch.setattr(box._writer, "call", held)
        session.perform(MoveTask("43", "Done"))
        await is_answered.wait()
        monkeypatch.setattr(box._journal, "lease", lambda: False)  # another window has it
        resigning = asyncio.create_task(box._resign())
        await asyncio.sleep(0)
        is_resigning.set()
        await resigning
        await until(lambda: box._journal.done(1))
        await until(lambda: not session.waiting)
        await session.idle()
        assert not session.state.pending
