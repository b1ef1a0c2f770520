"""Tasks of several boards are found by words, in slices, the exact unique id first."""

from fdtui.core.schema import Field, Schema, Stage, WorkflowRef
from fdtui.core.task import Task
from fdtui.core.task_map import TaskMap
from fdtui.core.task_search import MAX_FOUND, SAME_ID, FoundTask, SearchedBoard, TaskSearch

SCHEMA = Schema((Stage("Open", False),), (Field("ID", "uniqueId"), Field("Title"), Field("Notes")), ())


def task(uid: str, title: str, notes: str = "") -> Task:
    return Task(uid, uid, {"ID": uid, "Title": title, "Notes": notes, "Stage": "Open"})


def board(name: str, *tasks: Task, is_packed: bool = False) -> SearchedBoard:
    every = {each.key: each for each in tasks}
    listed = TaskMap.packed(every) if is_packed else TaskMap(every)
    return SearchedBoard(WorkflowRef(name, name), SCHEMA, listed)


def found(search: TaskSearch) -> list[FoundTask]:
    search.go_on(None)
    assert search.is_over
    return sorted(search.found, key=lambda each: -each.rank)


def test_an_exact_id_comes_first_whatever_its_case_and_is_found_once() -> None:
    one = board("a", task("BUG-1", "bug-1 again"), task("BUG-12", "x"), is_packed=True)
    first, *rest = found(TaskSearch([one], "bug-1"))
    assert first.task.key == "BUG-1" and first.rank >= SAME_ID
    assert [each.task.key for each in rest] == ["BUG-12"]


def test_words_in_any_order_are_found_in_each_field_and_the_title_counts_more() -> None:
    one = board("a", task("1", "nothing", "red roof"), task("2", "roof, red"), task("3", "red"))
    assert [each.task.key for each in found(TaskSearch([one], "red roof"))] == ["1", "2"]
    in_title = found(TaskSearch([one], "roof"))
    assert [each.task.key for each in in_title] == ["2", "1"]
    assert in_title[0].places == (0, 1, 2, 3)


def test_a_board_that_is_known_later_is_searched_behind_the_others() -> None:
    search = TaskSearch([board("a", task("1", "red"))], "red")
    assert len(found(search)) == 1
    search.add(board("b", task("1", "red, too")))
    assert not search.is_over
    assert [each.board.workflow.id for each in found(search)] == ["a", "b"]


def test_it_goes_on_in_slices_and_ranks_no_more_than_a_few_hundred() -> None:
    many = board("a", *(task(str(at), f"red {at}") for at in range(1000)), is_packed=True)
    search = TaskSearch([many], "red")
    search.go_on(64)
    assert not search.is_over
    assert len(found(search)) == MAX_FOUND
    assert [each.task.key for each in found(TaskSearch([many], "999"))] == ["999"]


def test_what_changed_since_the_listing_is_found_as_it_is_now() -> None:
    one = board("a", task("1", "red"), task("2", "red"), task("3", "red"), is_packed=True)
    tasks = one.tasks.with_changes({"2": task("2", "blue")}, {"3"})
    after = one.follow(SCHEMA, tasks)
    assert after.texts is one.texts
    assert [each.task.key for each in found(TaskSearch([after], "red"))] == ["1"]
    assert [each.task.key for each in found(TaskSearch([after], "blue"))] == ["2"]


def test_nothing_typed_finds_nothing() -> None:
    assert not found(TaskSearch([board("a", task("1", "red"))], "  "))
