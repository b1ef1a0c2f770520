from fdtui.core.task import Task
from fdtui.tui.board.selection import Selection


def tasks(*keys: str) -> dict[str, Task]:
    return {key: Task(key, key, {}) for key in keys}


def test_a_task_is_picked_out_and_let_go() -> None:
    selection = Selection()
    selection.toggle("1")
    selection.toggle("2")
    selection.toggle("1")
    assert (list(selection), "1" in selection, len(selection)) == (["2"], False, 1)


def test_a_whole_column_is_picked_out_then_let_go() -> None:
    selection = Selection()
    selection.toggle("2")
    selection.toggle_all(["1", "2", "3"])
    assert list(selection) == ["2", "1", "3"]
    selection.toggle_all(["1", "2"])
    assert list(selection) == ["3"]


def test_a_refresh_keeps_what_is_there_and_drops_what_is_gone() -> None:
    selection = Selection()
    selection.toggle_all(["1", "2", "3"])
    selection.drop(["2", "5"])
    assert [task.key for task in selection.tasks(tasks("3", "1"))] == ["1", "3"]


def test_letting_all_go_says_whether_there_were_any() -> None:
    selection = Selection()
    assert not selection.clear()
    selection.toggle("1")
    assert selection.clear()
    assert len(selection) == 0
