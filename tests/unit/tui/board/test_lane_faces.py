"""What a column's head says of how full the stage is."""

import pytest

from fdtui.core.schema import Field, FieldType, Schema, Stage, WorkflowRef
from fdtui.core.state import ConnectionState, State
from fdtui.core.task import tasks_from_rows
from fdtui.core.task_map import TaskMap
from fdtui.tui.board.column import Load
from fdtui.tui.board.lane_faces import lane_face
from fdtui.tui.board.model import BoardModel
from fdtui.tui.preferences import Look


def board(count: int, limit: int | None, **look: object) -> BoardModel:
    rows = [{"ID": str(n), "Stage": "In Progress", "Assigned To": None} for n in range(count)]
    state = State(
        workflow=WorkflowRef("w", "Work"),
        schema=Schema((Stage("In Progress", limit=limit),), (Field("ID", FieldType.UNIQUE_ID),)),
        base=TaskMap(tasks_from_rows(rows, "ID")),
        connection=ConnectionState.LIVE,
        loaded=True,
    )
    return BoardModel(state, Look(**look))


@pytest.mark.parametrize(
    ("count", "limit", "words", "load"),
    [
        (3, None, "3", Load.FREE),
        (3, 5, "3/5", Load.FREE),
        (5, 5, "5/5", Load.FULL),
        (9, 5, "9/5", Load.OVER),
    ],
)
def test_a_head_tells_how_full_a_limited_stage_is(
    count: int, limit: int | None, words: str, load: Load
) -> None:
    head = lane_face(board(count, limit), 0).head
    assert (head.count, head.load) == (words, load)


def test_the_users_own_limit_counts_more_than_the_workflows() -> None:
    head = lane_face(board(3, 9, limits=(("in progress", 2),)), 0).head
    assert (head.count, head.load) == ("3/2", Load.OVER)


def test_a_filter_hides_nothing_of_what_is_over_the_limit() -> None:
    model = board(9, 5)
    model.filter("id:3")
    head = lane_face(model, 0).head
    assert (head.count, head.load) == ("1 of 9", Load.OVER)
