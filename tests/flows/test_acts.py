"""Keys that act on a task: asked about where nothing brings it back, never on another task unseen."""

from typing import Any

import pytest

from fdtui.core.details import Action
from fdtui.core.errors import NotAllowedError, NotFoundError, UnreachableError
from fdtui.core.schema import Field, FieldType
from fdtui.tui.toolkit.key_events import Burst, Key, KeyRead
from tests.flows.conftest import session_on
from tests.flows.driver import Driver, running, search_slowly
from tests.unit.sync.gateway import Board

LONG = "The same long beginning of a title that two tasks share, up to a word at the very end: "


class Office(Board):
    """Its tasks offer an action with a question, and one without."""

    async def actions(self, workflow: str, uid: str) -> tuple[Action, ...]:
        await self._turn("actions")
        return (Action("a1", "Approve"), Action("a2", "Wipe", "Delete for good?"))


async def by_another(board: Driver, gateway: Board, uid: str, **fields: Any) -> None:
    """A colleague changes a task, or with nothing to change deletes it, and the board sees it."""
    if fields:
        gateway.rows[uid].update(fields)
    else:
        del gateway.rows[uid]
    board.session.refresh()
    await board.until(
        lambda: (
            uid not in board.session.state.base
            if not fields
            else all(board.session.state.base[uid].row[name] == value for name, value in fields.items())
        )
    )
    await board.settle()


# A question comes before what cannot be taken back


@pytest.mark.parametrize("size", [(20, 6), (40, 12), (80, 24), (200, 60)])
async def test_a_delete_names_the_whole_task_and_begins_on_the_safe_answer(rows, size) -> None:
    gateway = Board(*rows(2))
    gateway.rows["001"]["Name"] = LONG + "omega"
    async with running(session_on(gateway), size) as board:
        await board.go_to("001")
        await board.give("task.delete")
        board.asks().is_safe()
        seen = board.words
        for _ in range(40):
            await board.press("space")
            seen += board.words
        assert "omega" in seen and "ID 001" in seen
        await board.press("enter")
        await board.settle()
        assert not board.is_covered and set(gateway.rows) == {"000", "001"}
        await board.give("task.delete")
        for _ in range(40):
            await board.press("space")
        await board.press("y")
        await board.settle()
        assert set(gateway.rows) == {"000"}


async def test_an_answer_counts_only_once_the_title_was_read(rows) -> None:
    gateway = Board(*rows(1))
    gateway.rows["000"]["Name"] = LONG + "omega"
    async with running(session_on(gateway), (24, 7)) as board:
        await board.give("task.delete")
        await board.press("y")
        assert "Read on first" in board.screen and "000" in gateway.rows
        await board.press("escape")
        assert not board.is_covered


async def test_a_bulk_delete_lists_every_task_and_begins_on_the_safe_answer(rows) -> None:
    gateway = Board(*rows(30))
    for uid in ("000", "001"):
        gateway.rows[uid]["Name"] = LONG + uid[::-1]
    async with running(session_on(gateway), (80, 24)) as board:
        await board.give("task.select-column", "task.delete")
        assert "Delete these 30 tasks for everyone" in board.screen
        seen = board.words
        for _ in range(30):
            await board.press("space")
            seen += board.words
        assert all(f"{at:03}" in seen for at in range(30)) and "the very end: 100" in seen
        await board.press("enter")
        await board.settle()
        assert len(gateway.rows) == 30
        await board.give("task.delete")
        await board.press("y")
        await board.until(lambda: not gateway.rows)


async def test_a_bulk_delete_tells_what_stays(rows) -> None:
    gateway = Board(*rows(2), {"ID": None, "Name": "Nameless", "Stage": "To do", "Assigned To": None})
    async with running(session_on(gateway)) as board:
        await board.give("task.select-column", "task.delete")
        assert "stays: Nameless" in board.words
        assert "Delete these 2 tasks" in board.screen
        await board.press("escape")


async def test_a_bulk_delete_takes_also_a_task_that_waits_to_be_created(rows) -> None:
    gateway = Board(*rows(2))
    async with running(session_on(gateway)) as board:
        gateway.hold("create")
        board.session.create({"ID": "900", "Name": "On its way", "Stage": "To do"})
        board.catch_up()
        await board.give("task.select-column", "task.delete")
        assert "Delete these 3 tasks" in board.screen and "On its way" in board.screen
        await board.press("escape")
        gateway.release("create")


async def test_an_action_with_a_question_is_asked_about_everywhere(rows) -> None:
    gateway = Office(*rows(3))
    async with running(session_on(gateway), (140, 40)) as board:
        await board.give("task.open", "pane.next")
        await board.until(lambda: " 2  Wipe" in board.screen)
        await board.press("2")
        assert "Wipe: Delete for good?" in board.words and "ID 000" in board.screen
        board.asks().is_safe()
        await board.press("enter")
        await board.give("app.cancel", "task.actions")
        await board.until(lambda: board.actions.is_open)
        await board.press("2")
        assert "Delete for good?" in board.words
        await board.press("n")
        await board.give("triage.start")
        await board.until(lambda: " 2  Wipe" in board.screen)
        await board.press("2")
        assert "Delete for good?" in board.words and "ID 000" in board.screen
        await board.press("escape", "q")
        await board.give("task.select-column", "task.actions")
        await board.until(lambda: board.actions.is_open)
        await board.press("2")
        assert "Delete for good?" in board.words
        assert all(f"{at:03} Task {at}" in board.words for at in range(3))
        await board.press("enter")
        await board.settle()
        assert gateway.started == []
        await board.give("task.actions")
        await board.until(lambda: board.actions.is_open)
        await board.press("2", "y")
        await board.until(lambda: len(gateway.started) == 3)


# The card under the cursor, and somebody else


async def test_the_first_change_after_a_colleague_took_the_card_is_held_back(rows) -> None:
    gateway = Board(*rows(4))
    async with running(session_on(gateway)) as board:
        await board.go_to("001")
        await by_another(board, gateway, "001", Stage="Done")
        assert board.current == "002"
        await board.give("task.move-next")
        await board.settle()
        assert board.said == "! Task 1 was moved to Done by someone else; press L again to move Task 2."
        assert gateway.sent == []
        await board.give("task.move-next")
        await board.settle()
        assert gateway.rows["002"]["Stage"] == "Doing"
        await board.give("task.move-next")
        await board.settle()
        assert gateway.rows["003"]["Stage"] == "Doing"


@pytest.mark.parametrize(
    ("assignee", "words"),
    [("ada@example.com", "assigned to ada@example.com"), (None, "unassigned")],
    ids=["assigned", "unassigned"],
)
async def test_a_card_that_was_just_assigned_is_not_given_back_by_the_key_that_takes_it(
    rows, assignee, words
) -> None:
    gateway = Board(*rows(2))
    gateway.rows["000"]["Assigned To"] = None if assignee else "ada@example.com"
    async with running(session_on(gateway, me="ada@example.com")) as board:
        await board.go_to("000")
        await by_another(board, gateway, "000", **{"Assigned To": assignee})
        await board.give("task.assign-me")
        await board.settle()
        assert board.said == f"! Task 0 was {words} by someone else; press I to change that."
        assert gateway.sent == []
        await board.give("task.assign-me")
        await board.settle()
        assert gateway.rows["000"]["Assigned To"] == (None if assignee else "ada@example.com")


@pytest.mark.parametrize(
    "command", ["task.delete", "task.assign-me", "task.assign", "task.edit", "task.move", "task.actions"]
)
async def test_every_change_is_held_back_once_when_the_card_was_deleted(rows, command) -> None:
    gateway = Board(*rows(4))
    async with running(session_on(gateway, me="ada@example.com")) as board:
        await board.go_to("001")
        await by_another(board, gateway, "001")
        await board.give(command)
        await board.settle()
        assert board.said.startswith("! Task 1 was deleted by someone else; press ")
        assert board.said.endswith(" Task 2.")
        assert gateway.sent == [] and not board.is_covered


# What is decided in a dialog, and what somebody else does meanwhile


async def test_a_bulk_change_does_not_overwrite_what_changed_while_it_was_shown(rows) -> None:
    gateway = Board(*rows(3))
    async with running(session_on(gateway)) as board:
        await board.give("task.select-column", "task.move-next")
        await board.until(lambda: board.is_covered)
        await by_another(board, gateway, "001", Stage="Done")
        await board.press("enter")
        await board.settle()
        assert {uid: row["Stage"] for uid, row in gateway.rows.items()} == {
            "000": "Doing", "001": "Done", "002": "Doing",
        }  # fmt: skip
        assert "2 of 3 went through" in board.words
        assert "Stage was changed meanwhile to “Done”" in board.words
        await board.press("escape")
        conflict = board.session.state.conflicts["001"].fields[0]
        assert (conflict.base, conflict.theirs, conflict.mine) == ("To do", "Done", "Doing")


@pytest.mark.parametrize(
    ("command", "typed", "field", "theirs"),
    [
        ("task.move", "doing", "Stage", "Done"),
        ("task.assign", "ada", "Assigned To", "bob@example.com"),
    ],
    ids=["stage", "person"],
)
async def test_a_list_does_not_overwrite_what_changed_while_it_was_open(
    rows, command, typed, field, theirs
) -> None:
    gateway = Board(*rows(1))
    async with running(session_on(gateway)) as board:
        await board.give(command)
        await board.until(lambda: board.is_covered)
        await by_another(board, gateway, "000", **{field: theirs})
        await board.type(typed)
        await board.press("enter")
        await board.settle()
        assert gateway.sent == []
        assert board.session.state.conflicts["000"].fields[0].theirs == theirs


async def test_nothing_is_deleted_that_changed_while_the_question_stood(rows) -> None:
    gateway = Board(*rows(2))
    async with running(session_on(gateway)) as board:
        await board.go_to("000")
        await board.give("task.delete")
        await board.until(lambda: board.is_asking)
        await by_another(board, gateway, "000", Name="Theirs")
        await board.press("y")
        await board.settle()
        assert "000" in gateway.rows
        assert "Name was changed meanwhile to “Theirs”. Nothing was deleted." in board.words
        await board.go_to("000")
        await board.give("task.delete")
        await board.until(lambda: board.is_asking)
        await board.press("y")
        await board.settle()
        assert "000" not in gateway.rows


async def test_a_card_that_the_filter_hides_after_a_change_is_one_that_left(rows) -> None:
    gateway = Board(*rows(3))
    async with running(session_on(gateway)) as board:
        board.filter("task")
        await board.go_to("001")
        await by_another(board, gateway, "001", Name="Other")
        await board.give("task.move-next")
        await board.settle()
        assert "is hidden now; press L again to move Task 2." in board.said and gateway.sent == []


async def test_what_one_does_oneself_holds_nothing_back(rows) -> None:
    gateway = Board(*rows(6))
    async with running(session_on(gateway)) as board:
        await board.give("task.move-next")
        await board.settle()
        await board.give("task.move-next")
        await board.settle()
        assert [gateway.rows[uid]["Stage"] for uid in ("000", "001")] == ["Doing", "Doing"]
        board.filter("task 4")
        await board.settle()
        await board.give("task.move-next")
        await board.settle()
        assert gateway.rows["004"]["Stage"] == "Doing"
        await board.give("board.undo")
        await board.settle()
        assert gateway.rows["004"]["Stage"] == "To do"


async def test_a_key_of_the_open_card_is_held_back_too(rows) -> None:
    gateway = Office(*rows(3))
    async with running(session_on(gateway), (140, 40)) as board:
        await board.give("task.open", "pane.next")
        await board.until(lambda: " 1  Approve" in board.screen)
        await by_another(board, gateway, "000", Stage="Done")
        await board.press("1")
        assert "Task 0 was moved to Done by someone else; press 1 again" in board.said
        assert gateway.started == []


async def test_triage_holds_a_decision_back_when_the_card_was_moved(rows) -> None:
    gateway = Office(*rows(3))
    async with running(session_on(gateway), (140, 40)) as board:
        await board.give("triage.start")
        await board.until(lambda: " 1  Approve" in board.screen)
        await by_another(board, gateway, "000", Stage="Done")
        await board.press("1")
        assert "Task 0 was moved to Done by someone else; press 1 again" in board.said
        assert gateway.started == []
        await board.press("1")
        await board.until(lambda: gateway.started)


async def test_triage_tells_that_a_card_was_deleted(rows) -> None:
    gateway = Office(*rows(3))
    async with running(session_on(gateway), (140, 40)) as board:
        await board.give("triage.start")
        await by_another(board, gateway, "000")
        assert "was deleted" in board.words and "the last card" not in board.words
        await board.press("1")
        await board.settle()
        assert gateway.started == [] and "deleted by someone else" in board.said


# What cannot be seen


async def test_a_board_that_is_not_drawn_obeys_nothing_but_quit_and_help(rows) -> None:
    gateway = Board(*rows(3))
    async with running(session_on(gateway, me="ada@example.com"), (14, 4)) as board:
        await board.press("L", "I", "d", "y", "enter", "space", "x", "T", ":")
        await board.settle()
        assert gateway.sent == [] and len(gateway.rows) == 3 and not board.is_covered
        await board.press("?")
        assert board.covered_by == "help"
        await board.press("escape")
        assert not board.is_covered
        await board.press("q")
        await board.until(lambda: not board.is_running)


async def test_a_question_that_is_not_drawn_any_more_takes_no_answer(rows) -> None:
    gateway = Board(*rows(3))
    async with running(session_on(gateway)) as board:
        await board.give("task.delete")
        await board.pilot.resize_terminal(14, 4)
        await board.press("y")
        await board.settle()
        assert len(gateway.rows) == 3
        await board.pilot.resize_terminal(100, 30)
        await board.settle()
        assert "Delete Task 0 for everyone" in board.screen


async def test_quitting_a_tiny_screen_says_what_waits(rows) -> None:
    gateway = Board(*rows(3))
    async with running(session_on(gateway)) as board:
        gateway.hold("update")
        await board.give("task.move-next")
        await board.pilot.resize_terminal(14, 4)
        await board.press("q")
        assert "1 not sent" in board.screen and board.is_running
        await board.press("q")
        await board.until(lambda: not board.is_running)


async def test_a_pane_without_room_takes_no_keys(rows) -> None:
    gateway = Office(*rows(3))
    async with running(session_on(gateway), (80, 24)) as board:
        await board.give("runs.toggle")
        assert board.place == "runs"
        await board.pilot.resize_terminal(80, 8)
        await board.settle()
        assert board.place == "board"
        await board.give("runs.toggle")
        assert board.place == "board" and "10 lines" in board.said


# Keys typed ahead


async def test_keys_wait_for_the_list_that_is_on_its_way(rows) -> None:
    gateway = Office(*rows(3))
    async with running(session_on(gateway)) as board:
        gateway.hold("actions")
        await board.give("task.actions")
        await board.press("enter")
        assert board.place == "board" and not board.has_detail
        await board.until(lambda: gateway._held.get("actions"))
        gateway.release("actions")
        await board.until(lambda: gateway.started)
        assert gateway.started == [("000", "a1", None)]


async def test_letters_typed_ahead_search_the_list_in_order(rows) -> None:
    gateway = Office(*rows(3))
    async with running(session_on(gateway)) as board:
        gateway.hold("actions")
        await board.give("task.actions")
        await board.type("wipe")
        await board.until(lambda: gateway._held.get("actions"))
        gateway.release("actions")
        await board.until(lambda: board.actions.is_open)
        await board.settle()
        assert (board.actions.searched, board.actions.marked) == ("wipe", "a2")


async def test_no_key_typed_ahead_answers_a_question(rows) -> None:
    gateway = Office(*rows(3))
    async with running(session_on(gateway)) as board:
        gateway.hold("actions")
        await board.give("task.actions")
        await board.press("2", "y")
        await board.until(lambda: gateway._held.get("actions"))
        gateway.release("actions")
        await board.until(lambda: board.is_asking)
        await board.settle()
        assert gateway.started == []
        await board.press("y")
        await board.until(lambda: gateway.started)


async def test_esc_stops_the_waiting(rows) -> None:
    gateway = Office(*rows(3))
    async with running(session_on(gateway)) as board:
        gateway.hold("actions")
        await board.give("task.actions")
        await board.press("enter", "escape")
        assert "Stopped waiting. The key you typed meanwhile did nothing." in board.said
        await board.until(lambda: gateway._held.get("actions"))
        gateway.release("actions")
        await board.settle()
        assert not board.is_covered and gateway.started == []


async def test_keys_for_a_dialog_that_never_comes_are_dropped_and_that_is_said(rows) -> None:
    gateway = Office(*rows(3))
    async with running(session_on(gateway)) as board:
        gateway.fail("actions", NotFoundError("No such page.", status=404))
        gateway.hold("actions")
        await board.give("task.actions")
        await board.press("enter", "j")
        await board.until(lambda: gateway._held.get("actions"))
        gateway.release("actions")
        await board.until(lambda: "2 keys you typed meanwhile did nothing" in board.said)
        assert board.current == "000" and not board.has_detail


async def test_the_list_of_many_gets_its_keys_too(rows) -> None:
    gateway = Office(*rows(2))
    async with running(session_on(gateway)) as board:
        await board.give("task.select-column")
        gateway.hold("actions")
        await board.give("task.actions")
        await board.press("2", "y")
        await board.until(lambda: len(gateway._held.get("actions", ())) == 2)
        gateway.release("actions")
        gateway.release("actions")
        await board.until(lambda: board.is_asking)
        await board.settle()
        assert "Wipe: 2 tasks" in board.screen and gateway.started == []


async def test_the_actions_of_a_task_whose_change_is_on_its_way_come_when_it_has_arrived(rows) -> None:
    gateway = Office(*rows(2))
    async with running(session_on(gateway, me="ada@example.com")) as board:
        gateway.hold("update")
        await board.give("task.assign-me", "task.actions")
        await board.until(lambda: gateway._held.get("update"))
        gateway.release("update")
        await board.until(lambda: board.actions.is_open)


async def test_actions_that_turn_out_the_same_open_all_the_same(rows) -> None:
    gateway = Office(*rows(2))
    async with running(session_on(gateway)) as board:
        await board.give("task.actions")
        await board.until(lambda: board.is_covered)
        await board.press("escape")
        await by_another(board, gateway, "000", Name="Renamed")
        await board.give("task.actions")
        await board.until(lambda: board.actions.is_open)


async def test_a_key_that_came_with_the_one_that_opened_the_list_runs_no_action(rows) -> None:
    gateway = Office(*rows(2))
    async with running(session_on(gateway)) as board:
        await board.give("task.actions")
        await board.until(lambda: board.actions.is_open)
        await board.press("escape")
        read = KeyRead(7, 0.0, keys=2)
        for key in ("a", "1"):
            board.app.post_message(Key(key, key, read=read))
        await board.until(lambda: board.actions.is_open)
        await board.settle()
        assert gateway.started == [] and board.actions.is_open
        board.app.post_message(Key("1", "1", read=KeyRead(8, 0.0)))
        await board.until(lambda: gateway.started)


async def test_a_line_that_comes_all_at_once_is_typed_into_the_palette_it_opens(
    rows,
) -> None:
    async with running(session_on(Board(*rows(2)))) as board:
        text = ":triage"
        board.app.post_message(Burst(text, tuple(Key(each, each) for each in text)))
        await board.until(lambda: board.is_covered)
        await board.settle()
        assert board.searched == "triage"


async def test_a_number_that_came_with_other_keys_runs_no_action(rows) -> None:
    gateway = Office(*rows(2))
    async with running(session_on(gateway)) as board:
        await board.give("triage.start")
        await board.until(lambda: " 1  Approve" in board.screen)
        board.app.post_message(Key("1", "1", read=KeyRead(7, 0.0, keys=2)))
        await board.until(lambda: "came together" in board.said)
        assert gateway.started == [] and "1 of 2" in board.screen
        board.app.post_message(Key("1", "1", read=KeyRead(8, 0.0)))
        await board.until(lambda: gateway.started)


async def test_a_connection_that_goes_while_one_waits_ends_the_waiting(rows) -> None:
    gateway = Office(*rows(2))
    async with running(session_on(gateway)) as board:
        gateway.hold("actions")
        await board.give("task.actions")
        gateway.fail("tasks", *[UnreachableError("Gone.")] * 3)
        board.session.refresh()
        await board.until(lambda: not board.is_waiting)


# Counts


async def test_a_count_moves_that_many_stages(rows) -> None:
    gateway = Board(*rows(3))
    async with running(session_on(gateway)) as board:
        await board.press("2", "L")
        await board.settle()
        assert gateway.rows["000"]["Stage"] == "Done"
        await board.press("3", "L")
        await board.settle()
        assert "Only 2 stages are after To do" in board.said
        assert gateway.rows["001"]["Stage"] == "To do"
        await board.press("2", "u")
        await board.settle()
        assert gateway.rows["000"]["Stage"] == "To do" and "that was all" in board.said
        await board.press("2", "space")
        assert len(board.selected) == 2


async def test_a_command_that_takes_no_count_says_so_and_does_nothing(rows) -> None:
    gateway = Board(*rows(3))
    async with running(session_on(gateway, me="ada@example.com")) as board:
        for key in ("d", "I", "m", "a", "e"):
            await board.press("3", key)
            assert "takes no number" in board.said and not board.is_covered, key
        assert gateway.sent == []


# An order that is only guessed


async def test_a_move_along_a_guessed_order_asks_first(rows) -> None:
    gateway = Board(*rows(2), {"ID": "9", "Name": "Nine", "Stage": "Later", "Assigned To": None})
    gateway.lacks = {"stages"}
    async with running(session_on(gateway)) as board:
        assert board.session.state.schema.stages_guessed
        await board.go_to("000")
        await board.give("task.move-next")
        assert "is a guess" in board.words and "Move to Later" in board.screen
        board.asks().is_safe()
        await board.press("enter")
        assert gateway.sent == []
        await board.give("task.move-next")
        await board.press("y")
        await board.settle()
        assert gateway.rows["000"]["Stage"] == "Later"


async def test_a_bulk_move_along_a_guessed_order_says_so_before(rows) -> None:
    gateway = Board(*rows(2), {"ID": "9", "Name": "Nine", "Stage": "Later", "Assigned To": None})
    gateway.lacks = {"stages"}
    async with running(session_on(gateway)) as board:
        await board.go_to("000")
        await board.give("task.select", "task.select", "task.move-next")
        assert "is a guess" in board.words and "Later" in board.screen
        await board.press("escape")
        await board.give("task.move")
        await board.type("Later")
        await board.press("enter")
        assert "To do → Later" in board.screen and "is a guess" not in board.words
        await board.press("enter")
        await board.settle()
        assert gateway.rows["000"]["Stage"] == gateway.rows["001"]["Stage"] == "Later"


# The cursor is on a card


async def test_the_cursor_follows_the_last_card_of_a_filter(rows) -> None:
    gateway = Board(*rows(4))
    async with running(session_on(gateway)) as board:
        board.filter("task 2")
        await board.give("task.move-next")
        await board.settle()
        assert board.current == "002"
        await board.give("task.move-next")
        await board.settle()
        assert gateway.rows["002"]["Stage"] == "Done" and board.current == "002"


async def test_the_cursor_goes_to_the_nearest_column_when_its_own_is_emptied(rows) -> None:
    gateway = Board(
        *rows(1), *({**row, "ID": f"9{at}", "Stage": "Doing"} for at, row in enumerate(rows(3)))
    )
    async with running(session_on(gateway)) as board:
        await board.go_to("000")
        await by_another(board, gateway, "000")
        assert board.current == "90"
        await board.give("task.move-next")
        assert "press L again" in board.said


async def test_one_can_walk_to_an_empty_column_and_stay_there(rows) -> None:
    gateway = Board(*rows(2))
    async with running(session_on(gateway)) as board:
        await board.give("column.next")
        assert board.current is None
        await by_another(board, gateway, "001", Name="Renamed")
        assert board.column == "Doing"


# Undo and the trash are one fact


class Counting(Board):
    """A board whose server gives the unique ids itself, the next number each time."""

    async def fields(self, workflow: str) -> tuple[Field, ...]:
        await self._turn("fields")
        return (Field("ID", FieldType.UNIQUE_ID, editable=False, autoincrement=True), Field("Name"))


def counting() -> Counting:
    rows = [
        {"ID": f"{at}", "Name": f"Task {at}", "Stage": stage, "Assigned To": None}
        for at, stage in enumerate(("To do", "To do", "Doing"))
    ]
    return Counting(*rows)


async def deleted(board: Driver, gateway: Board, uid: str) -> None:
    await board.go_to(uid)
    await board.give("task.delete")
    await board.press("y")
    await board.until(lambda: uid not in gateway.rows)
    await board.settle()


async def test_undo_of_a_delete_tells_the_new_id_and_stands_on_it() -> None:
    gateway = counting()
    async with running(session_on(gateway)) as board:
        await deleted(board, gateway, "0")
        await board.give("board.undo")
        await board.until(lambda: "102" in gateway.rows)
        await board.settle()
        assert "Restored as 102" in board.said and board.current == "102"
        board.obey("board.trash")
        assert "Nothing that you deleted here" in board.said
        await board.give("board.redo")
        await board.until(lambda: "102" not in gateway.rows)
        await board.settle()
        await board.give("board.undo")
        await board.until(lambda: len(gateway.rows) == 3)
        await board.settle()
        assert "Restored as 102" in board.said and board.current == "102"


async def test_the_first_change_of_a_restored_task_is_not_held_back() -> None:
    gateway = counting()
    async with running(session_on(gateway)) as board:
        await deleted(board, gateway, "0")
        await board.give("board.undo")
        await board.until(lambda: "102" in gateway.rows)
        await board.settle()
        await board.give("task.move-next")  # the user sent the cursor here: no card left under it
        await board.until(lambda: gateway.rows["102"]["Stage"] == "Doing")


async def test_what_the_trash_restored_is_undone_already() -> None:
    gateway = counting()
    async with running(session_on(gateway)) as board:
        await board.go_to("0")
        await board.give("task.move-next")
        await board.settle()
        await deleted(board, gateway, "0")
        board.obey("board.trash")
        await board.press("enter")
        await board.until(lambda: "102" in gateway.rows)
        await board.settle()
        assert "Restored as 102" in board.said and board.current == "102"
        await board.give("board.undo")  # the move before the deletion, of the task as it is now
        await board.settle()
        assert gateway.rows["102"]["Stage"] == "To do" and len(gateway.rows) == 3


async def test_a_task_that_the_server_did_not_delete_is_in_no_trash(rows) -> None:
    gateway = Board(*rows(2))
    async with running(session_on(gateway)) as board:
        gateway.fail("delete", NotAllowedError("Not yours."))
        await board.give("task.delete")
        await board.press("y")
        await board.settle()
        assert len(gateway.rows) == 2 and board.session.trash == ()


async def test_a_restore_that_is_refused_leaves_the_task_in_the_trash() -> None:
    gateway = counting()
    async with running(session_on(gateway)) as board:
        await deleted(board, gateway, "0")
        gateway.fail("create", NotAllowedError("Not now."))
        await board.give("board.undo")
        await board.settle()
        assert len(gateway.rows) == 2 and len(board.session.trash) == 1


async def test_help_is_that_of_the_place_one_is_in(rows) -> None:
    async with running(session_on(Office(*rows(2)))) as board:
        await board.give("triage.start", "app.help")
        assert "Help for triage" in board.screen and "Snooze" in board.screen
        await board.press("escape", "q")
        await board.give("runs.toggle", "app.help")
        assert "Help for the executions" in board.screen and "Next tab" in board.screen
        assert "Run the same action" not in board.screen  # there is none


async def test_a_key_for_the_board_is_for_all_cards_that_a_filter_leaves(
    rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    search_slowly(monkeypatch)
    async with running(session_on(Board(*rows(200)))) as board:
        board.filter("task 1")
        assert board.is_searching and len(board.titles("To do")) < 10
        await board.press("V")
        assert not board.is_searching
        assert len(board.selected) == len(board.titles("To do")) == 119
        await board.give("app.cancel")


async def test_a_search_goes_on_by_itself(rows, monkeypatch: pytest.MonkeyPatch) -> None:
    search_slowly(monkeypatch, pause=0.0)
    async with running(session_on(Board(*rows(200)))) as board:
        await board.give("board.filter")
        await board.press(*"199")
        await board.until(lambda: not board.is_searching)
        assert board.titles("To do") == ["199"]
        await board.press(*"x")
        await board.until(lambda: "No card passes this filter" in board.screen)
