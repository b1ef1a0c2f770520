"""A task is made, never written over one that somebody made meanwhile: POST is an upsert."""

import asyncio
from collections.abc import Iterator
from itertools import count
from random import Random
from typing import Any

import pytest

from fdtui.core.errors import ApiError, InvalidError, UnavailableError, UnreachableError
from fdtui.core.intents import DeleteTask, MoveTask, SetFields
from fdtui.core.state import ConnectionState, State
from fdtui.sync.session import Session
from tests.unit.sync.gateway import Board
from tests.unit.sync.session_driver import SessionDriver, row, running, settled, until

MINE: dict[str, Any] = {"ID": "R", "Name": "Mine", "Stage": "Doing"}
THEIRS = {**row("R"), "Name": "Theirs"}
LOST = UnreachableError("Connection reset.", sent=True)
EXISTS = "A task with the id R exists already, created by someone else; yours was not sent."


def posts(board: Board) -> list[dict[str, Any]]:
    return [body for _, body in board.sent if "Name" in body]


async def test_a_new_task_is_not_written_over_a_colleagues() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        board.rows["R"] = dict(THEIRS)
        desk.session.create(MINE)
        ticket = desk.state.pending[-1].ticket
        await desk.session.idle()
        assert (board.rows["R"], board.sent) == (THEIRS, [])
        refusal = desk.state.refusal(ticket)
        assert refusal is not None
        assert (refusal.why, dict(refusal.fields)) == (EXISTS, {"ID": (EXISTS,)})
        assert [notice.text for notice in desk.notices] == [f"Mine: could not create the task. {EXISTS}"]
        await until(lambda: "R" in desk.state.shown)
        assert desk.state.shown["R"].row["Name"] == "Theirs"


async def test_a_task_made_offline_is_not_written_over_a_colleagues() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        board.fail("task", UnreachableError("Connection refused."))
        board.fail("tasks", *[UnreachableError("Connection refused.")] * 3)
        desk.session.create(MINE)
        await until(lambda: desk.state.connection is ConnectionState.OFFLINE)
        board.rows["R"] = dict(THEIRS)
        await settled(desk)
        assert (board.rows["R"], board.sent) == (THEIRS, [])
        assert EXISTS in desk.notices[-1].text


async def test_the_moment_between_asking_and_making_is_guarded_by_an_install_that_can() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        board.hold("create")
        desk.session.create(MINE)
        await until(lambda: board.sent)
        board.rows["R"] = dict(THEIRS)
        board.release("create")
        await desk.session.idle()
        assert board.rows["R"] == THEIRS
        assert EXISTS in desk.notices[-1].text


async def test_an_install_that_takes_the_guard_for_something_else_still_makes_tasks() -> None:
    board = Board(row("1"))
    board.fail("create", ApiError("Precondition failed.", status=412))
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.create(MINE)
        await desk.session.idle()
        assert board.rows["R"]["Name"] == "Mine"
        assert desk.notices == []


async def restored_once(desk: SessionDriver) -> dict[str, Any]:
    """Task 1 was deleted and is there again; what the trash holds of it."""
    await desk.session.idle()
    desk.session.perform(DeleteTask("1"))
    await desk.session.idle()
    values = dict(desk.session.trash[0].row)
    values.pop("Task URL")
    assert desk.session.create(values)
    await desk.session.idle()
    assert "1" in desk.state.base
    return values


@pytest.mark.parametrize("is_known", [True, False])
async def test_what_is_restored_twice_is_not_written_over(is_known: bool) -> None:
    board = Board(row("1"), row("2"))
    async with running(board) as desk:
        values = await restored_once(desk)
        if not is_known:  # a colleague has deleted it, and brought it back
            del board.rows["1"]
            desk.session.refresh()
            await desk.session.idle()
            board.rows["1"] = row("1")
        board.rows["1"]["Name"] = "Theirs"
        sent = len(board.sent)
        assert desk.session.create(values) is not is_known
        await desk.session.idle()
        assert board.rows["1"]["Name"] == "Theirs"
        assert len(board.sent) == sent
        assert "A task with the id 1 exists already" in desk.notices[-1].text


@pytest.mark.parametrize("is_known", [True, False])
async def test_an_undone_delete_is_not_written_over_what_was_restored(is_known: bool) -> None:
    board = Board(row("1"), row("2"))
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.perform(DeleteTask("1"))
        await desk.session.idle()
        board.rows["1"] = {**row("1"), "Name": "Theirs"}
        if is_known:
            desk.session.refresh()
            await desk.session.idle()
        said = desk.session.undo()
        await desk.session.idle()
        assert bool(said) is not is_known
        assert (board.rows["1"]["Name"], board.sent) == ("Theirs", [])
        assert "A task with the id 1 exists already" in desk.notices[-1].text
        assert (desk.session.can_undo, desk.session.can_redo) == ("", "")


@pytest.mark.parametrize("loss", [LOST, UnavailableError("Bad gateway.", status=502)])
async def test_a_task_of_ours_whose_answer_was_lost_is_known_again(loss: Exception) -> None:
    board = Board(row("1"))
    board.lose("create", loss)
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.create(MINE)
        await settled(desk)
        assert posts(board) == [MINE]
        assert (desk.notices, desk.state.pending) == ([], ())
        assert desk.state.shown["R"].row["Name"] == "Mine"


async def test_a_task_whose_request_was_lost_is_sent_again() -> None:
    board = Board(row("1"))
    board.fail("create", LOST)
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.create(MINE)
        await settled(desk)
        assert posts(board) == [MINE, MINE]
        assert (board.rows["R"]["Name"], desk.notices) == ("Mine", [])


async def test_after_a_lost_answer_a_colleagues_values_stay_and_nobody_is_blamed() -> None:
    board = Board(row("1"))
    board.lose("create", LOST)
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.create(MINE)
        await until(lambda: "R" in board.rows)
        board.rows["R"]["Name"] = "Theirs"
        await settled(desk)
        assert posts(board) == [MINE]
        assert board.rows["R"]["Name"] == "Theirs"
        assert "yours may have arrived and been changed since" in desk.notices[-1].text


async def test_a_task_whose_id_the_server_gives_is_made_as_ever() -> None:
    board = Board(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.create({"Name": "Fresh"})
        await desk.session.idle()
        assert "task" not in board.calls
        assert board.rows["101"]["Name"] == "Fresh"


async def test_what_is_deleted_and_made_anew_goes_in_order() -> None:
    board = Board(row("1"), row("2"))
    async with running(board) as desk:
        await desk.session.idle()
        board.hold("delete")
        desk.session.perform(DeleteTask("1"))
        await until(lambda: board.calls[-1] == "delete")
        desk.session.undo()
        for _ in range(20):
            await asyncio.sleep(0)
        assert board.sent == []
        board.release("delete")
        await desk.session.idle()
        assert board.rows["1"]["Name"] == "Task 1"
        assert [each.text for each in desk.notices] == ["Restored as 1, without its comments and files."]


async def test_a_conflict_ends_when_its_task_is_made_anew_and_not_before() -> None:
    board = Board(row("1"), row("2"))

    def anew(session: Session, state: State) -> None:
        assert session.create({"ID": "1", **dict(state.conflicts["1"].row or {})}, resolves="1")

    async with running(board) as desk:
        await desk.session.idle()
        del board.rows["1"]
        desk.session.perform(SetFields("1", (("Name", "Mine"),)))
        await desk.session.idle()
        board.fail("create", InvalidError({"Name": ["is invalid"]}))
        anew(desk.session, desk.state)
        await desk.session.idle()
        assert desk.state.conflicts["1"].row is not None
        board.rows["1"] = dict(row("1"))
        anew(desk.session, desk.state)
        await desk.session.idle()
        assert "exists already" in desk.notices[-1].text
        assert desk.state.conflicts["1"].deleted
        del board.rows["1"]
        anew(desk.session, desk.state)
        await desk.session.idle()
        assert (board.rows["1"]["Name"], dict(desk.state.conflicts)) == ("Mine", {})


class Busy(Board):
    """A board on which every call takes its turns, and some answers are lost."""

    def __init__(self, random: Random) -> None:
        super().__init__(row("1"))
        self._random = random

    async def _turn(self, call: str) -> None:
        for _ in range(self._random.randrange(3)):
            await asyncio.sleep(0)
        await super()._turn(call)
        if call == "create" and self._random.random() < 0.2:
            (self.fail if self._random.random() < 0.5 else self.lose)("create", LOST)


class Colleague:
    """Makes tasks, changes and deletes his own; ``made`` is what he knows to be there."""

    def __init__(self, board: Board, random: Random, turns: Iterator[int]) -> None:
        self._board, self._random, self._turns = board, random, turns
        self.made: dict[str, str] = {}

    def work(self) -> None:
        uid, rows = f"t{self._random.randrange(4)}", self._board.rows
        if uid in self.made and self._random.random() < 0.3:
            del rows[uid], self.made[uid]
        elif uid not in rows or uid in self.made:
            self.made[uid] = f"theirs {next(self._turns)}"
            rows[uid] = {**row(uid), "Name": self.made[uid]}


def me(desk: SessionDriver, random: Random, turns: Iterator[int], theirs: dict[str, str]) -> None:
    """The user makes, deletes or moves a task of his own, or takes back what he did."""
    mine = [key for key in desk.state.base if key != "1" and key not in theirs]
    choice = random.random()
    if choice < 0.6 or not mine:
        desk.session.create({"ID": f"t{random.randrange(4)}", "Name": f"mine {next(turns)}"})
    elif choice < 0.75:
        desk.session.undo()
    else:
        desk.session.perform(random.choice([DeleteTask, _done])(random.choice(mine)))


def _done(key: str) -> MoveTask:
    return MoveTask(key, "Done")


@pytest.mark.parametrize("seed", range(300))
async def test_two_who_make_tasks_of_the_same_ids_lose_nothing(seed: int) -> None:
    """Random interleavings: what the colleague made is as he made it, however we were told."""
    random, turns = Random(seed), count()
    board = Busy(random)
    he = Colleague(board, random, turns)
    async with running(board) as desk:
        await desk.session.idle()
        for _ in range(20):
            if random.random() < 0.5:
                he.work()
            else:
                me(desk, random, turns, he.made)
            for _ in range(random.randrange(6)):
                await asyncio.sleep(0)
                # A delete of ours that met a task of his is not what this is about.
                he.made = {uid: name for uid, name in he.made.items() if uid in board.rows}
            desk.clock.tick()
        await settled(desk)
        kept = {uid: board.rows[uid]["Name"] for uid in he.made if uid in board.rows}
        assert kept == {uid: he.made[uid] for uid in kept}
