"""The order of stages is learned from moves where a server does not tell it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from fdtui.core.details import Activity
from fdtui.core.errors import StorageError
from fdtui.core.intents import MoveTask
from fdtui.core.schema import Stage
from fdtui.sync.reading.stage_order import (
    MAX_MOVES_LEARNED,
    MAX_PAIRS,
    MAX_PER_PAIR,
    StageTeacher,
    lead,
    order_of,
    told_moves,
)
from fdtui.sync.storage.database import Ledger
from fdtui.sync.storage.moves import ObservedMove
from tests.unit.sync.gateway import Board
from tests.unit.sync.session_driver import SessionDriver, row, running

KEY = "6b86b273ff34fce1"
"""What the task 1 is called."""
SCRAMBLED = ("Done", "Doing", "To do")


def taught(*pairs: tuple[str, str], names: tuple[str, ...] = SCRAMBLED) -> tuple[str, ...]:
    return order_of(names, lead(names, [ObservedMove(*pair, str(at)) for at, pair in enumerate(pairs)]))


def test_moves_teach_an_order() -> None:
    assert taught() == SCRAMBLED
    assert taught(("To do", "Doing")) == ("Done", "To do", "Doing")
    assert taught(("To do", "Doing"), ("Doing", "Done")) == ("To do", "Doing", "Done")
    assert taught(("To do", "Doing"), ("Doing", "To do")) == SCRAMBLED


def test_moves_in_a_circle_leave_an_order() -> None:
    circle = (("To do", "Doing"), ("Doing", "Done"), ("Done", "To do"))
    assert sorted(taught(*circle)) == sorted(SCRAMBLED)
    assert taught(*circle, names=(*SCRAMBLED, "Review"))[0] == "Review"


def test_thousands_of_stages_are_put_in_order_at_once() -> None:
    names = tuple(str(at) for at in range(20_000))
    pairs = [(names[at + 1], names[at]) for at in range(MAX_PAIRS)]
    began = time.monotonic()
    assert taught(*pairs, names=names)[: MAX_PAIRS + 1] == tuple(reversed(names[: MAX_PAIRS + 1]))
    circle = [(names[at], names[(at + 1) % MAX_PAIRS]) for at in range(MAX_PAIRS)]
    assert len(taught(*circle, names=names)) == len(names)
    assert time.monotonic() - began < 5


def board() -> Board:
    made = Board(*(row(str(at), SCRAMBLED[at % 3]) for at in range(9)))
    made.lacks = {"stages"}
    return made


def names(desk: SessionDriver) -> list[str]:
    return [each.name for each in desk.state.schema.stages]


async def polled(desk: SessionDriver) -> None:
    desk.session.refresh()
    await desk.session.idle()


async def test_colleagues_moves_between_polls_and_the_user_s_own_teach_the_order() -> None:
    made = board()
    async with running(made) as desk:
        await desk.session.idle()
        assert (names(desk), desk.state.schema.stages_guessed) == (list(SCRAMBLED), True)
        for uid in ("2", "5", "8"):
            made.rows[uid]["Stage"] = "Doing"
        await polled(desk)
        assert desk.state.schema.stages_guessed
        for uid in ("1", "4", "7"):
            desk.session.perform(MoveTask(uid, "Done"))
        await desk.session.idle()
        made.rows["2"]["Stage"] = "To do"  # back: one task less for its pair
        made.rows["0"]["Stage"] = "To do"
        await polled(desk)
        await polled(desk)
        assert names(desk) == ["To do", "Doing", "Done"]
        assert desk.state.schema.stages_guessed  # To do → Doing: three there, one back
        for uid in ("0", "2"):
            made.rows[uid]["Stage"] = "Doing"
        await polled(desk)
        made.rows["9"] = row("9", "To do")
        await polled(desk)
        made.rows["9"]["Stage"] = "Doing"
        await polled(desk)
        await polled(desk)
        assert not desk.state.schema.stages_guessed


async def test_the_columns_stay_while_the_board_is_polled() -> None:
    made = board()
    async with running(made) as desk:
        await desk.session.idle()
        made.rows["2"]["Stage"] = "Doing"
        desk.clock.tick()
        await desk.session.idle()
        assert names(desk) == list(SCRAMBLED)


async def test_asking_again_moves_no_column_without_a_reason() -> None:
    made = board()
    async with running(made) as desk:
        await desk.session.idle()
        made.rows = dict(reversed(made.rows.items()))
        await polled(desk)
        assert names(desk) == list(SCRAMBLED)


async def test_what_is_said_comes_before_what_is_learned() -> None:
    made = board()
    async with running(made, stages=SCRAMBLED) as desk:
        await desk.session.idle()
        for uid in ("2", "5", "8"):
            made.rows[uid]["Stage"] = "Doing"
        await polled(desk)
        await polled(desk)
        assert (names(desk), desk.state.schema.stages_guessed) == (list(SCRAMBLED), False)


async def test_an_order_that_the_server_tells_is_not_learned() -> None:
    made = Board(row("1", "To do"))
    async with running(made) as desk:
        await desk.session.idle()
        made.rows["1"]["Stage"] = "Doing"
        await polled(desk)
        assert names(desk) == ["To do", "Doing", "Done"]


def test_what_was_learned_outlives_the_program(tmp_path: Path) -> None:
    stages = tuple(Stage(name) for name in SCRAMBLED)
    ledger = Ledger(tmp_path / "ledger.db")
    for at in range(3):
        ledger.moves().add(
            "w", [ObservedMove("To do", "Doing", str(at)), ObservedMove("Doing", "Done", str(at))]
        )
    ledger.close()
    again = Ledger(tmp_path / "ledger.db")
    found, sure = StageTeacher(again.moves()).order("w", stages)
    assert ([each.name for each in found], sure) == (["To do", "Doing", "Done"], True)
    assert StageTeacher(again.moves()).order("other", stages) == (stages, False)
    again.close()
    with pytest.raises(StorageError):
        again.moves().get("w")
    assert StageTeacher(again.moves()).order("w", stages) == (stages, False)


def test_the_log_teaches_too() -> None:
    entries = (
        Activity("", "ada", "task.updated", {"Stage": "To do"}, {"Stage": "Doing"}),
        Activity("", "ada", "checklist.updated", {"Stage": "a"}, {"Stage": "b"}),
        Activity("", "ada", "task.updated", {"Stage": ["x"]}, {"Stage": 1}),
        Activity("", "ada", "task.created", None, {"Stage": "To do"}),
    )
    assert list(told_moves("1", entries)) == [ObservedMove("To do", "Doing", KEY)]


def test_a_server_that_invents_stages_fills_no_disk(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    teacher = StageTeacher(ledger.moves())
    for at in range(MAX_PAIRS + 50):
        teacher.learn("w", [ObservedMove(f"a{at}", f"b{at}", "1")])
    teacher.learn("w", [ObservedMove("a0", "b0", f"t{at}") for at in range(MAX_PER_PAIR + 5)])
    assert len(ledger.moves().get("w")) == MAX_PAIRS + MAX_PER_PAIR - 1
    teacher.learn("v", [ObservedMove(f"a{at}", "b", "1") for at in range(1000)])
    assert len(ledger.moves().get("v")) == MAX_MOVES_LEARNED
    teacher.learn("u", [ObservedMove(name, "b", "1") for name in ("\ud800", "", "x" * 201, "a\0b")])
    assert {each.before for each in ledger.moves().get("u")} == {"a\0b"}
    ledger.close()
