"""A view held against each of several workflows."""

from datetime import date

from fdtui.core.query import Setting
from fdtui.core.schema import ASSIGNEE, Field, FieldType, Schema, Stage, WorkflowRef
from fdtui.core.spanning import SpanSearch, left_out
from fdtui.core.task import Task
from fdtui.core.views import Arrangement

TODAY = date(2026, 11, 18)
WORK = WorkflowRef("w", "Work")
SCHEMA = Schema(
    (Stage("To do"), Stage("Done", end=True)),
    (Field("ID", FieldType.UNIQUE_ID), Field("Title"), Field("Due", FieldType.DATE)),
)
TASKS = [
    Task(uid, uid, {"ID": uid, "Title": uid, "Stage": stage, ASSIGNEE: who, "Due": due})
    for uid, stage, who, due in (
        ("1", "To do", "me@example.com", "2026-12-01"),
        ("2", "To do", None, "2026-11-01"),
        ("3", "Done", "me@example.com", "2026-11-01"),
        ("4", "To do", "you@example.com", "2027-01-01"),
    )
]


def found(shows: Arrangement, failed: frozenset[str] = frozenset()) -> list[tuple[str, bool]]:
    setting = Setting(SCHEMA, "me@example.com", TODAY, changed=frozenset({"4"}))
    search = SpanSearch(shows, setting, failed)
    wanted = [task for task in TASKS if search.wants(task)]
    return [(row.task.key, row.has_failed) for row in search.rows(WORK, wanted)]


def test_the_filter_decides_and_the_sort_orders() -> None:
    assert found(Arrangement("me or late")) == [("1", False), ("2", False)]
    assert found(Arrangement("me or late", "due")) == [("2", False), ("1", False)]
    assert found(Arrangement("me or late", "due desc, gone")) == [("1", False), ("2", False)]
    assert [key for key, _ in found(Arrangement())] == ["1", "2", "4"]
    assert [key for key, _ in found(Arrangement("late or changed"))] == ["2", "4"]


def test_what_is_done_is_shown_only_where_the_view_says_so() -> None:
    assert [key for key, _ in found(Arrangement("me", hide_end=False))] == ["1", "3"]
    assert [key for key, _ in found(Arrangement("me", hide_end=True))] == ["1"]


def test_a_failed_execution_is_shown_whatever_the_filter_says() -> None:
    assert found(Arrangement("me"), frozenset({"3", "4"})) == [("1", False), ("3", True), ("4", True)]


def test_a_workflow_without_the_field_is_left_out_and_says_why() -> None:
    search = SpanSearch(Arrangement("severity:high"), Setting(SCHEMA, None, TODAY))
    assert search.problem is not None and not any(map(search.wants, TASKS))
    assert left_out(search.problem, WORK).startswith("Work: ")
