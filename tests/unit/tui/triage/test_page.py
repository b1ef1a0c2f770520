"""The page of triage as lines."""

from datetime import UTC, datetime
from typing import Any

import pytest

from fdtui.core.details import Action, Comment, Details
from fdtui.core.job import Run
from fdtui.core.schema import Field, FieldType, Person, Schema, Stage
from fdtui.core.state import State
from fdtui.core.task import tasks_from_rows
from fdtui.core.task_map import TaskMap
from fdtui.tui.preferences import Look
from fdtui.tui.presentation.cards import plan_card
from fdtui.tui.toolkit.cells import line_width
from fdtui.tui.triage.page import TriageFace, TriageKeys, TriagePage, lay_out
from fdtui.tui.triage.queue import PAUSE, TriageQueue

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SCHEMA = Schema(
    (Stage("New"), Stage("Done", True)),
    (
        Field("ID", FieldType.UNIQUE_ID),
        Field("Title"),
        Field("Notes", FieldType.LONG_TEXT),
        Field("Severity", FieldType.SINGLE_SELECT, options=("High", "Medium", "Low")),
        Field("Due", FieldType.DATE),
        Field("Where"),
    ),
    (Person("ada@example.com", "Ada", "Lovelace"),),
)
ROWS = [
    {
        "ID": str(n),
        "Title": f"Task {n}",
        "Notes": "It fails.\n\nEvery time.",
        "Severity": "High",
        "Due": "2026-11-19",
        "Where": "Berlin",
        "Stage": "New",
        "Assigned To": "ada@example.com",
    }
    for n in range(6)
]
DETAILS = Details(
    actions=(Action("a", "Confirm"), Action("b", "Close")),
    comments=(Comment("ada@example.com", "Seen it, too.", "2026-11-22T10:00:00Z"),),
)


def page(queue: TriageQueue, width: int = 118, height: int = 38, **more: Any) -> TriagePage:
    tasks = TaskMap(tasks_from_rows(ROWS, "ID"))
    state = State(schema=SCHEMA, base=tasks, details={"0": DETAILS}, loaded=True, **more)
    task = state.shown.get(queue.key) if queue.key is not None else None
    keys = TriageKeys("space", "q", "p", "c", "x")
    face = TriageFace(task, state, plan_card(SCHEMA, Look()), "dim", NOW, queue, keys)
    return lay_out(face, state.details.get(task.key) if task else None, width, height)


def text(laid: TriagePage) -> list[str]:
    return ["".join(part for part, _ in line).rstrip() for line in laid.lines]


ALL = TriageQueue(tuple("012345"), 0)


def test_the_title_stands_in_a_band_with_what_is_to_be_known_at_a_glance() -> None:
    laid = page(ALL)
    band = text(laid)[slice(*laid.band)]
    assert band[1] == "Task 0"
    assert band[3] == "■ High   ● New   AL Ada Lovelace   late 3d   0   ≡1"
    assert band[0] == band[-1] == ""


def test_actions_come_first_and_then_text_comments_and_fields() -> None:
    lines = text(page(ALL))
    places = [
        next(at for at, line in enumerate(lines) if line.startswith(begin))
        for begin in (
            " 1  Confirm    2  Close",
            "It fails.",
            "─ Comments 1",
            "AL Ada L",
            "─ Fields",
            "Due",
        )
    ]
    assert places == sorted(places)
    assert not any("Severity" in line for line in lines)


def test_the_next_three_cards_stand_at_the_foot() -> None:
    lines = text(page(ALL))
    assert len(lines) == 38
    assert [line[9:] for line in lines[-3:]] == ["Task 1", "Task 2", "Task 3"]
    assert len(text(page(ALL, height=10))) > 10


def test_nothing_is_wider_than_the_page() -> None:
    for width in (20, 60, 99, 100, 150):
        assert max(map(line_width, page(ALL, width).lines)) <= width


def run(key: str, *, failed: bool) -> Run:
    status, errors = ("Fail", ("No answer.",)) if failed else ("Success", ())
    return Run(
        int(key), "w", key, key, f"Task {key}", "a", "Confirm", None, 0, f"e{key}", status, errors
    )


def test_the_closing_card_tells_what_became_of_all() -> None:
    queue, there = ALL, set(ALL.keys)
    for what in ("decided", "decided", "skipped", "snoozed", "decided", "skipped"):
        queue = queue.gone(1, what, there, 12)
    laid = page(queue, runs=(run("0", failed=True), run("1", failed=False)))
    lines = text(laid)
    assert "That was the last card." in lines
    assert "✓ 3 decided · 2 skipped · 1 asleep · ✗ 1 failed · 12 s a card" in lines
    assert "✗ Task 0: No answer." in lines and "x shows the executions." in lines


@pytest.mark.parametrize(("took", "each"), [((10, 20), 15), ((10, 10_000), (10 + PAUSE) / 2)])
def test_pauses_do_not_count(took: tuple[float, ...], each: float) -> None:
    queue = ALL
    assert queue.seconds_each is None
    for seconds in took:
        queue = queue.gone(1, "skipped", set(ALL.keys), seconds)
    assert queue.gone(-1, "", set(ALL.keys), 50).seconds_each == each
