from fdtui.core.batch import Batch, BatchItem, Outcome
from fdtui.core.frozen import replace
from fdtui.core.intents import AssignTask, DeleteTask, MoveTask
from fdtui.core.schema import Field, FieldType, Schema, Stage
from fdtui.core.state import State
from fdtui.core.task import SAME_ID, Task
from fdtui.core.task_map import TaskMap
from fdtui.tui.bulk.plan import (
    ALREADY,
    possible,
    preview_lines,
    progress_line,
    result_lines,
    steps_of,
    sum_of,
)
from fdtui.tui.preferences import ASCII, UNICODE, Look
from fdtui.tui.presentation.cards import plan_card
from fdtui.tui.toolkit.cells import Line, line_width

SCHEMA = Schema((Stage("To do"), Stage("Done")), (Field("ID", FieldType.UNIQUE_ID), Field("Name")))
PLAN = plan_card(SCHEMA, Look())
EVIL = "\x1b[2Jbad\nname"


def state(*tasks: Task) -> State:
    return State(schema=SCHEMA, base=TaskMap({task.key: task for task in tasks}), loaded=True)


def task(key: str, name: str = "", problem: str = "", stage: str = "To do") -> Task:
    row = {"ID": key, "Name": name or f"Task {key}", "Stage": stage, "Assigned To": None}
    return Task(key, key, row, problem)


def text(lines: list[Line]) -> str:
    return "\n".join("".join(part for part, _ in line) for line in lines)


def test_what_will_change_stands_with_from_and_to() -> None:
    steps = steps_of([MoveTask("1", "Done"), MoveTask("2", "Done")], state(task("1"), task("2")), PLAN)
    assert [(step.was, step.becomes, step.why_not) for step in steps] == [("To do", "Done", "")] * 2
    shown = text(preview_lines(steps, 80, UNICODE))
    assert "Task 1" in shown
    assert "To do → Done" in shown


def test_what_cannot_change_comes_first_with_its_reason() -> None:
    there = state(task("1"), task("2", problem=SAME_ID), task("3", stage="Done"))
    steps = steps_of([MoveTask(key, "Done") for key in ("1", "2", "3", "4")], there, PLAN)
    assert [step.intent.key for step in steps if not step.why_not] == ["1"]
    assert [intent.key for intent in possible(steps)] == ["1"]
    assert steps[2].why_not == ALREADY
    shown = text(preview_lines(steps, 80, ASCII)).splitlines()
    assert "Another task has the same" in shown[0]
    assert f"1 task: {ALREADY}" in shown[-1]


def test_nothing_and_deleted_are_words() -> None:
    steps = steps_of([AssignTask("1", "a@b.de"), DeleteTask("1")], state(task("1")), PLAN)
    assert (steps[0].was, steps[0].becomes) == ("nothing", "a@b.de")
    assert steps[1].becomes == "deleted"


def test_a_title_full_of_escapes_is_text_and_no_line_is_too_wide() -> None:
    steps = steps_of([MoveTask("1", "Done")], state(task("1", EVIL * 20)), PLAN)
    lines = preview_lines(steps, 60, UNICODE)
    assert "\x1b" not in text(lines)
    assert len(lines) == 1
    batch = Batch(1, "move to Done", (BatchItem(1, MoveTask("1", "Done"), EVIL, Outcome.FAILED, EVIL),))
    assert "\x1b" not in text(result_lines(batch, 60, UNICODE))
    assert "\n" not in "".join(part for line in result_lines(batch, 60, UNICODE) for part, _ in line)


def batch(*outcomes: Outcome) -> Batch:
    errands = tuple(
        BatchItem(
            at, MoveTask(str(at), "Done"), f"Task {at}", outcome, "no" if outcome == "failed" else ""
        )
        for at, outcome in enumerate(outcomes, 1)
    )
    return Batch(7, "move to Done", errands)


def test_the_sum_tells_each_outcome() -> None:
    done, failed, stopped = Outcome.DONE, Outcome.FAILED, Outcome.WITHDRAWN
    assert sum_of(batch(done, done)) == "Move to Done: all 2 went through."
    assert sum_of(batch(done, failed, stopped)) == (
        "Move to Done: 1 of 3 went through, 1 failed, 1 stopped."
    )
    assert [intent.key for intent in batch(done, failed, stopped).left] == ["2", "3"]
    assert sum_of(replace(batch(done, done), undoes=True)) == "Undone: move to Done (2 tasks)."


def test_the_results_begin_with_what_did_not_go_through() -> None:
    lines = text(result_lines(batch(Outcome.DONE, Outcome.FAILED), 60, UNICODE)).splitlines()
    assert lines[0].startswith("✗ Task 2")
    assert lines[0].rstrip().endswith("no")
    assert lines[-1].startswith("✓ Task 1")


def test_the_progress_fits_one_line_and_names_the_key() -> None:
    line = progress_line(batch(Outcome.DONE, Outcome.FAILED, Outcome.WAITING), 80, UNICODE, "X")
    shown = "".join(part for part, _ in line)
    assert "2 of 3, 1 failed" in shown
    assert shown.endswith("X stops")
    assert line_width(line) <= 80
