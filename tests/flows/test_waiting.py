"""What the server has not taken yet, on the board: its list, and what can be done with each change."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from fdtui.core.errors import InvalidError, UnreachableError
from fdtui.core.intents import AddComment, SetFields
from fdtui.sync.session import Session, SessionOptions
from fdtui.sync.storage.journal_table import JournalTable
from fdtui.tui.board import frame_hold
from tests.flows.driver import NOW, Driver, running
from tests.unit.sync.gateway import Board


@asynccontextmanager
async def window(
    folder: Path, gateway: Board, kind: type[JournalTable] = JournalTable, columns: int = 120
) -> AsyncIterator[Driver]:
    async def connect() -> Board:
        return gateway

    journal = kind(folder / "journal-x.db")
    session = Session(connect, SessionOptions(every=3600), clock=lambda: NOW, journal=journal)
    session.recall()
    async with running(session, size=(columns, 40)) as board:
        yield board


def cut_off(gateway: Board) -> None:
    for call in ("tasks", "task", "update"):
        gateway.fail(call, *[UnreachableError("gone")] * 500)


async def until_kept(board: Driver) -> None:
    await board.until(lambda: all(each.saved for each in board.session.state.pending))


async def test_what_waits_is_listed_and_can_be_discarded(rows: Any, tmp_path: Path) -> None:
    gateway = Board(*rows(3))
    async with window(tmp_path, gateway) as board:
        cut_off(gateway)
        await board.give("task.move-next")
        await until_kept(board)
        await board.until(lambda: "↑ 1" in board.screen)
        await board.give("board.waiting")
        assert "1 change waiting" in board.screen and "Task 0: move to Do" in board.screen, board.screen
        await board.press("enter")
        assert "not sent yet" in board.screen
        await board.press("x")
        await board.asks("Discard your change (move to Doing)?").answer("y")
        await board.until(lambda: not board.session.waiting)
        board.card("Task 0").is_in("To do")


async def test_what_waits_is_counted_where_room_is_short(rows: Any, tmp_path: Path) -> None:
    """Rather than the tasks: whoever was cut off wants to see that nothing is lost."""
    gateway = Board(*rows(3))
    async with window(tmp_path, gateway, columns=50) as board:
        await board.until(lambda: "3 tasks" in board.screen)
        cut_off(gateway)
        await board.give("task.move-next")
        await board.until(lambda: "offline since" in board.screen)
        await board.until(lambda: "↑ 1" in board.screen.splitlines()[0])
        assert "3 tasks" not in board.screen


async def test_a_refused_change_can_be_tried_again(rows: Any, tmp_path: Path) -> None:
    gateway = Board(*rows(3))
    async with window(tmp_path, gateway) as board:
        gateway.fail("update", InvalidError({"Stage": ["is locked"]}))
        await board.give("task.move-next")
        await board.until(lambda: "is locked" in board.said)
    async with window(tmp_path, gateway) as board:
        await board.until(lambda: "✗" in board.screen)
        await board.give("board.waiting")
        await board.press("enter")
        assert "is locked" in board.screen
        await board.press("r")
        await board.until(lambda: gateway.rows["000"]["Stage"] == "Doing")
        await board.settle()
        board.card("Task 0").is_in("Doing")
        assert not board.session.waiting.entries()


async def test_a_refused_change_is_edited_with_what_was_typed(rows: Any, tmp_path: Path) -> None:
    gateway = Board(*rows(3))
    async with window(tmp_path, gateway) as board:
        await board.settle()
        gateway.fail("update", InvalidError({"Name": ["is invalid"]}))
        board.session.perform(SetFields("000", (("Name", "Refused name"),)))
        await board.until(lambda: "is invalid" in board.said)
    async with window(tmp_path, gateway) as board:
        await board.until(lambda: "✗" in board.screen)
        await board.give("board.waiting")
        await board.press("enter", "e")
        await board.until(lambda: "Go on with it" in board.screen)
        await board.press("g")
        await board.until(lambda: "Refused name" in board.screen)
        await board.until(lambda: not board.session.waiting.entries())


async def test_nothing_waits(rows: Any, tmp_path: Path) -> None:
    async with window(tmp_path, Board(*rows(1))) as board:
        await board.give("board.waiting")
        assert "Nothing is waiting" in board.said


async def test_quitting_asks_nothing_where_changes_are_kept(rows: Any, tmp_path: Path) -> None:
    gateway = Board(*rows(3))
    async with window(tmp_path, gateway) as board:
        cut_off(gateway)
        await board.give("task.move-next")
        await until_kept(board)
        await board.until(lambda: "offline" in board.screen)
        await board.give("app.back")
        await board.until(lambda: not board.is_running)
    gateway.heal()
    async with window(tmp_path, gateway) as board:
        await board.until(lambda: gateway.rows["000"]["Stage"] == "Doing")


async def test_quitting_waits_a_moment_for_what_is_being_sent(rows: Any, tmp_path: Path) -> None:
    gateway = Board(*rows(3))
    async with window(tmp_path, gateway) as board:
        gateway.hold("update")
        await board.give("task.move-next")
        await board.until(lambda: board.session.state.pending[0].sent)
        await board.give("app.back")
        assert "Sending 1 change" in board.said
        gateway.release("update")
        await board.until(lambda: not board.is_running)
    assert gateway.rows["000"]["Stage"] == "Doing"


class SlowDisk(JournalTable):
    """A journal that takes its time."""

    is_ready = threading.Event()

    def append(self, entries: Any, changes: Any = ()) -> None:
        self.is_ready.wait(10)
        super().append(entries, changes)


async def test_no_frame_shows_what_is_not_saved(rows: Any, tmp_path: Path) -> None:
    async with window(tmp_path, Board(*rows(3)), SlowDisk) as board:
        await board.give("task.move-next")
        assert board.session.state.unsaved
        assert not board.is_painting
        await board.until(lambda: "saving 1" in board.screen)  # but that it takes long is told
        assert "↑" not in board.screen
        SlowDisk.is_ready.set()
        await until_kept(board)
        await board.until(lambda: board.is_painting)
        board.card("Task 0").is_in("Doing")


class SlowToClose(JournalTable):
    """A journal that takes its time to let go of what is taken back."""

    is_ready = threading.Event()

    def close_entries(self, tickets: Any, *, unsent: bool = False) -> frozenset[int]:
        if unsent:
            self.is_ready.wait(10)
        return super().close_entries(tickets, unsent=unsent)


async def test_no_frame_shows_what_is_taken_back_before_that_is_saved(
    rows: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frame_hold, "LONGEST_HOLD", 10.0)
    gateway = Board(*rows(3))
    async with window(tmp_path, gateway, SlowToClose) as board:
        await board.settle()
        cut_off(gateway)
        board.session.create({"ID": "9", "Name": "Made"})
        await until_kept(board)
        await board.until(lambda: "Made" in board.screen)
        await board.give("board.undo")
        assert not board.is_painting
        SlowToClose.is_ready.set()
        await board.until(lambda: board.is_painting and "Made" not in board.screen)


async def test_a_comment_that_waits_is_seen_though_no_comments_are_loaded(
    rows: Any, tmp_path: Path
) -> None:
    gateway = Board(*rows(1))
    async with window(tmp_path, gateway) as board:
        await board.settle()
        for call in ("tasks", "comments", "task", "add_comment"):
            gateway.fail(call, *[UnreachableError("gone")] * 500)
        board.session.refresh()
        await board.until(lambda: "offline" in board.screen)
        board.session.perform(AddComment("000", "said without a network"))
        await until_kept(board)
        await board.give("task.comments")
        await board.until(lambda: "said without a network" in board.screen)


async def make_offline(board: Driver, gateway: Board, name: str) -> None:
    """Make a task in the form while the server is away."""
    cut_off(gateway)
    gateway.fail("create", *[UnreachableError("gone")] * 500)
    await board.give("task.new")
    await board.until(lambda: board.form.is_topmost)
    await board.type("9")
    await board.press("tab")
    await board.type(name)
    await board.press("ctrl+o")
    await board.until(lambda: not board.is_covered)
    await until_kept(board)


async def test_a_form_whose_task_waits_is_no_draft_that_could_be_sent_again(
    rows: Any, tmp_path: Path
) -> None:
    gateway = Board(*rows(1))
    async with window(tmp_path, gateway) as board:
        await make_offline(board, gateway, "New one")
        await board.until(lambda: not board.session.drafts.all())
        await board.until(lambda: "draft" not in board.screen.splitlines()[0])
        assert "New one" in board.screen and "▌ 9\n" in board.screen


async def test_a_form_that_was_refused_later_is_a_draft_again_and_replaces_no_other(
    rows: Any, tmp_path: Path
) -> None:
    gateway = Board(*rows(1))
    async with window(tmp_path, gateway) as board:
        await make_offline(board, gateway, "New one")
        await board.until(lambda: not board.session.drafts.all())
        gateway.rows["9"] = {**gateway.rows["000"], "ID": "9", "Name": "Theirs"}
        gateway.heal()
        board.session.refresh()
        await board.until(lambda: "opens the form with what you typed" in board.said)
        (draft,) = board.session.drafts.all()
        assert dict(draft.texts)["Name"] == "=New one"
        assert "1 draft" in board.screen.splitlines()[0]


async def test_another_new_task_that_is_half_typed_outlives_the_one_before(
    rows: Any, tmp_path: Path
) -> None:
    gateway = Board(*rows(1))
    async with window(tmp_path, gateway) as board:
        await make_offline(board, gateway, "New one")
        await board.give("task.new")
        await board.until(lambda: board.form.is_topmost)
        await board.type("10")
        await board.press("escape", "l")
        await board.until(lambda: not board.is_covered)
        gateway.heal()
        board.session.refresh()
        await board.until(lambda: "9" in gateway.rows)
        await board.settle()
        (draft,) = board.session.drafts.all()
        assert dict(draft.texts)["ID"] == "=10"
