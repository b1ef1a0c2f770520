from fdtui.core.board import ColumnCards
from fdtui.core.task import Task
from fdtui.tui.board.column_cursor import ColumnCursor


def tasks(*keys: str) -> ColumnCards:
    return ColumnCards.of(Task(key, key, {"k": key}) for key in keys)


def lane(*keys: str, room: int = 3) -> ColumnCursor:
    made = ColumnCursor()
    made.show(tasks(*keys))
    made.resize(room)
    return made


def test_the_cursor_stays_on_its_task() -> None:
    column = lane("a", "b", "c")
    column.go(1)
    column.show(tasks("x", "a", "b", "c"))
    assert column.task and column.task.key == "b"


def test_a_task_that_left_hands_the_cursor_to_the_next() -> None:
    column = lane("a", "b", "c")
    column.go(1)
    column.show(tasks("a", "c"))
    assert column.task and column.task.key == "c"
    column.show(tasks("a"))
    assert column.task and column.task.key == "a"
    column.show(tasks())
    assert column.task is None
    column.show(tasks("z"))
    assert column.task and column.task.key == "z"


def test_a_refresh_does_not_move_the_view() -> None:
    column = lane(*"abcdefghij")
    column.go(6)
    top = column.tasks[column.top].key
    column.show(tasks("new", *"abcdefghij"))
    assert column.tasks[column.top].key == top


def test_at_the_edge_it_scrolls_by_half_the_room() -> None:
    column = lane(*"abcdefghij", room=4)
    tops = []
    for _ in range(9):
        column.go(column.cursor + 1)
        tops.append(column.top)
        assert column.top <= column.cursor < column.top + column.room
    assert tops == [0, 0, 0, 2, 2, 4, 4, 6, 6]


def test_the_wheel_takes_the_cursor_along() -> None:
    column = lane(*"abcdefghij")
    assert column.scroll(4)
    assert (column.top, column.cursor) == (4, 4)
    assert not column.scroll(-100) or column.top == 0
    assert column.cursor == 2
    assert not lane("a").scroll(1)


def test_any_place_asked_for_is_a_place_there_is() -> None:
    column = lane("a", "b")
    column.go(10**9)
    assert column.cursor == 1
    column.go(-(10**9))
    assert column.cursor == 0
    assert not lane().go(5)


def test_a_card_that_left_above_the_window_leaves_the_cursor_in_view() -> None:
    column = lane(*"abcdefghij")
    column.go(9)
    column.show(tasks(*"abchi"))
    assert column.top <= column.cursor < column.top + column.room
    column = lane(*"abcdefghijklmnop")
    column.go(8)
    column.show(tasks(*"ghijklmnop"[1:], *"uvwxyz"))
    assert column.top <= column.cursor < column.top + column.room


def test_the_thumb_stands_for_the_cards_in_view() -> None:
    assert lane(*"abc").thumb(9) == (0, 0)
    column = lane(*"abcdefghijkl")
    assert column.thumb(8) == (0, 2)
    column.go(3)
    assert column.thumb(8)[0] >= 1 and column.thumb(8)[1] < 8
    column.go(11)
    assert column.thumb(8) == (6, 8)


def test_a_thumb_touches_an_end_only_where_nothing_is_left_there() -> None:
    column = lane(*map(str, range(1000)))
    for row in (3, 500, 995):
        column.go(row)
        assert column.thumb(10)[0] > 0 and column.thumb(10)[1] < 10, row
    column.go(999)
    assert column.thumb(10) == (9, 10)
    column.go(0)
    assert column.thumb(10) == (0, 1)
