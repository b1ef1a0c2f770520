"""Forms on a board whose server says and holds back what the test wants."""

from fdtui.core.errors import InvalidError
from fdtui.sync.session import Session
from fdtui.sync.storage.protocols import Draft
from fdtui.tui.forms.left_forms import NEW
from tests.flows.conftest import session_on
from tests.flows.driver import NOW, Driver, running
from tests.flows.office import ROW, Office, drafts, into_the_pane, open_form, saved


async def test_two_fields_of_a_form_are_one_put(board: Driver, office: Office) -> None:
    await open_form(board)
    await board.form.field("Name").type(" Inc")
    await board.form.field("Due").type("2026-12-01")
    await board.press("ctrl+o")
    await saved(board)
    assert office.sent == [("w", {"ID": "1", "Name": "Acme Inc", "Due": "2026-12-01"})]
    assert not drafts(board)


async def test_an_amount_is_sent_as_it_was_typed(board: Driver, office: Office) -> None:
    await open_form(board)
    await board.form.field("Price").press("ctrl+u")
    await board.type("1,234,567.10")
    assert "= $1,234,567.10" in board.screen
    await board.press("ctrl+o")
    await saved(board)
    assert office.sent == [("w", {"ID": "1", "Price": "1234567.10"})]


async def test_a_form_without_a_change_sends_nothing_and_closes(board: Driver, office: Office) -> None:
    await open_form(board)
    await board.press("escape")
    await saved(board)
    assert office.sent == []


async def test_what_is_wrong_is_said_as_one_types_and_not_sent(board: Driver, office: Office) -> None:
    await open_form(board)
    (await board.form.field("Due").type("2020-02-30")).shows("is invalid")
    await board.press("ctrl+o")
    assert "Fix 1 field first" in board.screen
    assert office.sent == []
    await board.form.field("Name").press("ctrl+u")
    assert "is required" in board.screen


async def test_a_refusal_stands_under_its_field_and_the_text_stays(
    board: Driver, office: Office
) -> None:
    office.fail("update", InvalidError({"Name": ["has already been taken"]}, ["Try again later"]))
    await open_form(board)
    await board.form.field("Name").type("!")
    await board.press("ctrl+o")
    await board.until(lambda: "has already been taken" in board.screen)
    assert "Acme!" in board.screen
    await board.type("?")
    await board.press("ctrl+o")
    await saved(board)
    assert office.rows["1"]["Name"] == "Acme!?"


async def test_a_refusal_of_the_whole_stands_on_top(board: Driver, office: Office) -> None:
    office.fail("update", InvalidError({}, ["The month is closed"]))
    await open_form(board)
    await board.form.field("Name").type("!")
    await board.press("ctrl+o")
    await board.until(lambda: "The month is closed" in board.screen)
    assert "Acme!" in board.screen


async def test_a_form_that_was_closed_while_it_was_sent_is_offered_again(
    board: Driver, office: Office
) -> None:
    office.fail("update", InvalidError({"Name": ["is invalid"]}))
    office.hold("update")
    await open_form(board)
    await board.form.field("Name").type("!")
    await board.press("ctrl+o")
    await board.until(lambda: "update" in office.calls)
    await board.press("escape")
    office.release("update")
    await board.until(lambda: "opens the form with what you typed" in board.said)
    await open_form(board)
    await board.until(lambda: "A draft from" in board.screen)
    await board.press("g")
    assert "Acme!" in board.screen


async def test_a_colleague_changes_another_field_meanwhile(board: Driver, office: Office) -> None:
    await open_form(board)
    await board.form.field("Name").type(" Inc")
    office.rows["1"]["Price"] = "99.00"
    board.session.refresh()
    await board.until(lambda: "$99.00" in board.screen)
    assert "Acme Inc" in board.screen
    await board.press("ctrl+o")
    await saved(board)
    assert office.sent == [("w", {"ID": "1", "Name": "Acme Inc"})]
    assert office.rows["1"]["Price"] == "99.00"


async def test_a_colleague_changes_the_same_field_meanwhile(board: Driver, office: Office) -> None:
    await open_form(board)
    await board.form.field("Name").type(" Inc")
    office.rows["1"]["Name"] = "Theirs"
    await board.press("ctrl+o")
    await board.until(lambda: "someone changed this to “Theirs”" in board.screen)
    assert office.sent == []
    assert "Acme Inc" in board.screen
    await board.press("ctrl+o")  # knowing it, mine
    await board.asks("Someone else changed Name meanwhile").answer("m")
    await saved(board)
    assert office.rows["1"]["Name"] == "Acme Inc"
    assert not board.session.state.conflicts


async def test_theirs_can_be_taken(board: Driver, office: Office) -> None:
    await open_form(board)
    await board.form.field("Name").type(" Inc")
    office.rows["1"]["Name"] = "Theirs"
    board.session.refresh()
    await board.until(lambda: "someone changed this to" in board.screen)
    await board.press("ctrl+t", "ctrl+o")
    await saved(board)
    assert office.sent == []
    assert office.rows["1"]["Name"] == "Theirs"


async def test_a_task_that_was_deleted_under_its_form_can_be_made_again(
    board: Driver, office: Office
) -> None:
    await open_form(board)
    await board.form.field("Name").type(" Inc")
    del office.rows["1"]
    await board.press("ctrl+o")
    await board.until(lambda: "deleted" in board.screen)
    assert "Acme Inc" in board.screen
    await board.press("ctrl+o")
    await board.until(lambda: "Make a new task" in board.screen)
    office.hold("create")
    await board.press("n")
    await board.until(lambda: "1 draft" in board.screen.splitlines()[0])
    office.release("create")
    await saved(board)
    assert any(row["Name"] == "Acme Inc" for row in office.rows.values())
    await board.until(lambda: "draft" not in board.screen.splitlines()[0])


async def test_what_was_typed_outlives_a_task_that_could_not_be_made_again(
    board: Driver, office: Office
) -> None:
    await open_form(board)
    await board.form.field("Name").type(" Inc")
    theirs = {**office.rows.pop("1"), "Name": "Theirs"}
    await board.press("ctrl+o")
    await board.until(lambda: "deleted" in board.screen)
    await board.press("ctrl+o")
    await board.until(lambda: "Make a new task" in board.screen)
    office.rows["1"] = theirs
    await board.press("n")
    await board.until(lambda: "n opens the form with what you" in board.screen)
    assert office.rows["1"]["Name"] == "Theirs"
    (draft,) = drafts(board)
    assert (draft.about, dict(draft.texts)["Name"]) == (NEW, "=Acme Inc")


async def test_leaving_asks_only_where_something_would_be_lost(board: Driver) -> None:
    await open_form(board)
    await board.form.field("Name").type("x")
    await board.press("escape")
    assert "Keep it as a draft" in board.screen
    await board.press("l")
    await saved(board)
    (draft,) = drafts(board)
    assert (draft.about, dict(draft.texts)["Name"]) == ("1", "=Acmex")
    await open_form(board)
    await board.until(lambda: "A draft from" in board.screen)
    await board.press("escape")  # neither: another time
    await saved(board)
    assert drafts(board) == (draft,)
    await open_form(board)
    await board.until(lambda: "A draft from" in board.screen)
    await board.press("d")
    await board.until(lambda: not drafts(board))
    assert "Acmex" not in board.screen


async def test_what_is_typed_is_a_draft_half_a_second_later(board: Driver) -> None:
    await open_form(board)
    await board.form.field("Name").type("x")
    await board.until(lambda: drafts(board))
    await board.press("backspace")
    await board.until(lambda: not drafts(board))


async def test_choices_ticks_and_lists(board: Driver, office: Office) -> None:
    await open_form(board)
    await board.form.field("Size").press("enter", "m", "enter")
    await board.form.field("Parts").press("enter", "space", "enter")
    await board.form.field("Urgent").press("space")
    await board.form.field("Assigned To").press("a", "enter")
    await board.press("ctrl+o")
    await saved(board)
    assert office.sent == [
        ("w", {"ID": "1", "Assigned To": "ada@example.com", "Size": "M", "Parts": ["a, b", "c"],
               "Urgent": True})
    ]  # fmt: skip


async def test_nothing_and_empty(board: Driver, office: Office) -> None:
    await open_form(board)
    await board.form.field("Notes").press("ctrl+n", "ctrl+o")
    await saved(board)
    await open_form(board)
    await board.form.field("Notes").press("ctrl+n", "ctrl+o")
    await saved(board)
    assert [body["Notes"] for _, body in office.sent] == [None, ""]


async def test_paste_goes_into_the_field_as_text(board: Driver, office: Office) -> None:
    await open_form(board)
    board.form.go_to("Name")
    await board.paste("q\x1b[2Jd\nu")
    assert board.form.field("Name").text == "Acmeq[2Jd u"
    assert "left out" in board.screen
    await board.paste("x" * 200_000)
    assert "Nothing was pasted" in board.screen
    assert board.form.field("Name").text == "Acmeq[2Jd u"
    assert board.current == "1" and office.sent == []


async def test_a_field_edited_in_place_is_one_put(board: Driver, office: Office) -> None:
    await into_the_pane(board, "Name")
    await board.press("enter")
    await board.type(" Inc")
    await board.press("enter")
    await saved(board)
    assert office.sent == [("w", {"ID": "1", "Name": "Acme Inc"})]


async def test_tab_saves_and_goes_on_to_the_next_field(board: Driver, office: Office) -> None:
    await into_the_pane(board, "Name")
    await board.press("enter", "!", "tab")
    await board.type("7")
    await board.press("enter")
    await saved(board)
    assert office.sent == [("w", {"ID": "1", "Name": "Acme!"}), ("w", {"ID": "1", "Price": "10.007"})]


async def test_a_choice_in_place_is_saved_as_it_is_made(board: Driver, office: Office) -> None:
    await into_the_pane(board, "Size")
    await board.press("enter")
    await board.until(lambda: board.is_choosing)
    await board.press("l", "enter")
    await saved(board)
    await into_the_pane(board, "Urgent")
    await board.press("enter")
    await saved(board)
    assert office.sent == [("w", {"ID": "1", "Size": "L"}), ("w", {"ID": "1", "Urgent": True})]


async def test_a_refusal_in_place_keeps_the_text(board: Driver, office: Office) -> None:
    office.fail("update", InvalidError({"Name": ["is reserved"]}))
    await into_the_pane(board, "Name")
    await board.press("enter", "!", "enter")
    await board.until(lambda: "is reserved" in board.screen)
    assert "Acme!" in board.screen


async def test_what_cannot_be_edited_says_why(board: Driver) -> None:
    await into_the_pane(board, "Fixed")
    await board.press("enter")
    assert "does not let" in board.said


async def test_a_new_task_starts_in_the_column_under_the_cursor(board: Driver, office: Office) -> None:
    await open_form(board, "task.new")
    await board.type("2")
    assert "has already been taken" in board.screen
    await board.press("ctrl+u", "7", "tab")
    await board.press("ctrl+o")
    assert "is required" in board.screen
    await board.type("New one")
    await board.press("ctrl+o")
    await saved(board)
    assert office.sent == [("w", {"Stage": "Doing", "ID": "7", "Name": "New one"})]
    assert "Fixed" not in office.sent[0][1]


async def test_an_id_that_a_colleague_took_meanwhile_is_told_under_its_field(
    board: Driver, office: Office
) -> None:
    await open_form(board, "task.new")
    await board.type("7")
    await board.press("tab")
    await board.type("New one")
    office.rows["7"] = {**ROW, "ID": "7", "Name": "Theirs"}
    await board.press("ctrl+o")
    await board.until(lambda: "The server rejected this; your input is unchanged" in board.screen)
    assert "A task with the id 7 exists already, created by someone else" in board.screen
    assert (office.rows["7"]["Name"], office.sent) == ("Theirs", [])
    assert board.form.current == "ID"
    await board.press("8")
    assert "exists already" not in board.screen
    await board.press("ctrl+o")
    await saved(board)
    assert [body for _, body in office.sent] == [{"Stage": "Doing", "ID": "78", "Name": "New one"}]
    assert not drafts(board)


async def test_a_form_left_while_it_is_sent_whose_id_a_colleague_took_is_kept_as_a_draft(
    board: Driver, office: Office
) -> None:
    await open_form(board, "task.new")
    await board.type("7")
    await board.press("tab")
    await board.type("New one")
    office.hold("task")
    await board.press("ctrl+o")
    await board.until(lambda: office.calls[-1] == "task")
    await board.press("escape")
    await board.until(lambda: not board.is_covered)
    office.rows["7"] = {**ROW, "ID": "7", "Name": "Theirs"}
    office.release("task")
    await board.until(lambda: "opens the form with what you typed" in board.said)
    assert (office.rows["7"]["Name"], office.sent) == ("Theirs", [])
    (draft,) = (each for each in drafts(board) if each.about == NEW)
    assert {"ID", "Name"} < {name for name, _ in draft.texts}


async def test_a_duplicate_holds_what_the_other_holds(board: Driver, office: Office) -> None:
    await open_form(board, "task.duplicate")
    await board.type("9")
    await board.press("ctrl+o")
    await saved(board)
    ((_, body),) = office.sent
    assert body == {name: value for name, value in {**ROW, "ID": "9"}.items()
                    if value is not None and name != "Fixed"}  # fmt: skip


async def test_a_task_is_deleted_only_when_the_user_says_so(board: Driver, office: Office) -> None:
    await board.give("task.delete")
    assert "Delete Acme for everyone" in board.screen
    await board.press("enter")
    await saved(board)
    assert "1" in office.rows
    await board.give("task.delete")
    await board.press("y")
    await saved(board)
    await board.until(lambda: "1" not in office.rows)


async def test_a_deleted_task_comes_back_from_the_trash(board: Driver, office: Office) -> None:
    await board.give("task.delete")
    await board.press("y")
    await board.until(lambda: "1" not in office.rows)
    await board.settle()
    board.obey("board.trash")
    await board.until(lambda: "Restore a task" in board.screen)
    await board.press("enter")
    await saved(board)
    await board.until(lambda: "1" in office.rows)
    assert office.rows["1"]["Notes"] == "one\ntwo"


async def test_what_was_restored_is_not_restored_over_by_the_trash_or_by_undo(
    board: Driver, office: Office
) -> None:
    await board.give("task.delete")
    await board.press("y")
    await board.until(lambda: "1" not in office.rows)
    await board.settle()
    board.obey("board.trash")
    await board.until(lambda: "Restore a task" in board.screen)
    await board.press("enter")
    await board.until(lambda: "1" in office.rows)
    await board.settle()
    assert "Restored as 1" in board.said and board.current == "1"
    office.rows["1"]["Name"] = "Theirs"
    board.obey("board.trash")
    assert "Nothing that you deleted here" in board.said
    await board.give("board.undo")
    await board.settle()
    assert "nothing to undo" in board.said
    assert (office.rows["1"]["Name"], len(office.sent)) == ("Theirs", 1)


async def test_a_form_in_a_small_window_keeps_its_text(board: Driver) -> None:
    await open_form(board)
    await board.form.field("Notes").type(" and more")
    for size in ((20, 6), (1, 1), (60, 15), (200, 60)):
        await board.pilot.resize_terminal(*size)
        await board.pilot.pause()
    await board.until(lambda: "two and more" in board.screen)


async def test_drafts_are_told_at_the_start() -> None:
    gateway = Office(ROW)

    async def connect() -> Office:
        return gateway

    from fdtui.sync.session import SessionOptions

    session = Session(connect, SessionOptions(every=3600), clock=lambda: NOW)
    session.drafts.save(Draft("w", "1", (("Name", "=half"),), NOW - 60))
    async with running(session) as board:
        await board.until(lambda: "1 draft of yours" in board.said)


async def test_what_no_screen_can_show_survives_to_the_byte(board: Driver, office: Office) -> None:
    evil = "a\x1b[2Jb\u202e\\c"
    office.rows["1"]["Name"] = evil
    board.session.refresh()
    await board.until(lambda: "\\u202e" in board.screen)
    await open_form(board)
    await board.form.field("Price").type("5")
    await board.press("ctrl+o")
    await saved(board)
    await open_form(board)
    board.form.go_to("Name")
    assert "a\\x1b[2Jb\\u202e\\\\c" in board.screen
    assert "\x1b" not in board.screen
    await board.type("!")
    await board.press("ctrl+o")
    await saved(board)
    assert office.sent == [("w", {"ID": "1", "Price": "10.005"}), ("w", {"ID": "1", "Name": evil + "!"})]


async def test_a_field_of_a_type_that_nobody_knows_is_edited_as_json(
    board: Driver, office: Office
) -> None:
    office.rows["1"] |= {"Shape": {"sides": 3}, "Tags": [1, 2]}
    board.session.refresh()
    await board.until(lambda: "Tags" in board.session.state.shown["1"].row)
    await open_form(board)
    await board.form.field("Tags").press("backspace")
    assert "line 1" in board.screen
    await board.type(",3]")
    await board.press("ctrl+o")
    await saved(board)
    assert office.sent == [("w", {"ID": "1", "Tags": [1, 2, 3]})]


async def test_read_only_opens_no_form(office: Office) -> None:
    async with running(session_on(office, read_only=True)) as board:
        await board.until(lambda: board.session.state.connection == "live")
        await board.go_to("1")
        for command in ("task.edit", "task.new", "task.delete", "task.duplicate"):
            await board.give(command)
            assert not board.is_covered
            assert "Read-only" in board.said


async def test_a_new_form_is_calm_until_it_is_touched(board: Driver) -> None:
    await open_form(board, "task.new")
    assert "is required" not in board.screen
    assert "to mend" not in board.screen
    await board.press("tab")
    assert board.screen.count("is required") == 1
    await board.press("ctrl+o")
    assert board.screen.count("is required") == 2


async def test_a_text_with_cr_lf_keeps_its_line_ends(board: Driver, office: Office) -> None:
    office.rows["1"]["Notes"] = "one\r\ntwo"
    board.session.refresh()
    await board.until(lambda: board.session.state.shown["1"].row["Notes"] == "one\r\ntwo")
    await open_form(board)
    board.form.go_to("Notes")
    assert "\\r" not in board.screen and "\u240d" not in board.screen
    await board.press("up", "end", "enter")
    await board.type("and")
    await board.press("ctrl+o")
    await saved(board)
    assert office.rows["1"]["Notes"] == "one\r\nand\r\ntwo"


async def test_a_field_in_place_is_typed_into_with_every_kind_of_blank(
    board: Driver, office: Office
) -> None:
    await into_the_pane(board, "Name")
    await board.give("task.open")
    await board.press("ctrl+u")
    await board.paste("東京\u3000a\xa0b\u202fc\u200cd\te")
    await board.press("enter")
    await saved(board)
    assert office.rows["1"]["Name"] == "東京\u3000a\xa0b\u202fc\u200cd\te"
