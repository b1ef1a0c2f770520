"""A search in slices ends where one that finds all at once does, and no key sees a part of it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from fdtui.core.schema import Field, FieldType, Schema, Stage, WorkflowRef
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.task_map import TaskMap
from fdtui.tui.board import model as model_module
from fdtui.tui.board import sliced_sorter
from fdtui.tui.board.model import BoardModel
from fdtui.tui.preferences import Look

SCHEMA = Schema((Stage("A"), Stage("B")), (Field("ID", FieldType.UNIQUE_ID), Field("Title")))


def task(n: int, stage: str | None = None) -> Task:
    title = "even" if n % 2 == 0 else "odd"
    return Task(str(n), str(n), {"ID": str(n), "Stage": stage or "AB"[n % 3 == 0], "Title": title})


def board(count: int = 600) -> BoardModel:
    tasks = TaskMap({str(n): task(n) for n in range(count)})
    state = State(workflow=WorkflowRef("w", "W"), schema=SCHEMA, base=tasks, loaded=True)
    return BoardModel(state, Look())


def seen(deck: BoardModel) -> object:
    lanes = [(c.stage.name, c.tasks, deck.lane(c).cursor, deck.lane(c).top) for c in deck.columns]
    return lanes, deck.active, deck.current


def slowly(
    deck: BoardModel, do: Callable[[BoardModel], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Do it where each look at the clock says that the slice is over."""
    with monkeypatch.context() as patched:
        patched.setattr(model_module, "FIRST_LOOK", 0.0)
        patched.setattr(sliced_sorter, "CARDS_AT_ONCE", 7)
        do(deck)
        assert deck.is_searching
        while deck.is_searching:
            deck.search(0.0)


@pytest.mark.parametrize("text", ["odd", "even", "599", "nothing", "3"])
@pytest.mark.parametrize("row", [0, 150, 399])
def test_slices_end_where_all_at_once_does(text: str, row: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_module, "FIRST_LOOK", 60.0)
    at_once, in_slices = board(), board()
    for deck in (at_once, in_slices):
        deck.lane(deck.columns[0]).resize(8)
        deck.go(row)
    at_once.filter(text)
    slowly(in_slices, lambda deck: deck.filter(text), monkeypatch)
    assert seen(in_slices) == seen(at_once)
    for deck in (at_once, in_slices):
        deck.filter("")
    assert seen(in_slices) == seen(at_once)


def test_what_changes_during_the_search_is_found_as_it_is_then(monkeypatch: pytest.MonkeyPatch) -> None:
    deck = board()

    def change(deck: BoardModel) -> None:
        deck.filter("odd")
        base = deck.state.base.with_changes({"599": task(599, "B"), "601": task(601)}, {"1"})
        deck.on_state(replace(deck.state, base=base))

    slowly(deck, change, monkeypatch)
    found = {column.stage.name: [each.key for each in column.tasks] for column in deck.columns}
    assert found["A"] == [str(n) for n in range(5, 600, 2) if n % 3 and n != 599] + ["601"]
    assert "599" in found["B"]


def test_all_can_be_had_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_module, "FIRST_LOOK", 0.0)
    deck = board()
    deck.filter("odd")
    assert deck.counts[0] < 300
    deck.search()
    assert deck.counts == (300, 600)
