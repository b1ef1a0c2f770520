"""After a lost answer: what is looked for before it is sent again, and what a server's memory saves."""

from datetime import UTC, datetime
from typing import Any

import pytest

from fdtui.core.details import ChecklistItem, Comment
from fdtui.core.errors import FdtuiError, UnavailableError, UnreachableError
from fdtui.core.intents import AddChecklistItem, AddComment, CreateTask, Pending
from fdtui.core.schema import Field, FieldType, Schema, WorkflowRef
from fdtui.core.task import task_from_row
from fdtui.sync.gateway import is_known_again
from fdtui.sync.writing.repeating import LOOKS, find_comment, find_item, is_like
from fdtui.sync.writing.sender import Sender
from tests.unit.sync.gateway import Board
from tests.unit.sync.session_driver import row, running, settled, until

LOST = UnreachableError("Connection reset.", sent=True)
MAYBE = "It may have been applied. Check before retrying."
NOON = datetime(2026, 8, 3, 12, tzinfo=UTC).timestamp()
SCHEMA = Schema(fields=(Field("ID", FieldType.UNIQUE_ID), Field("Name"), Field("Note")))


class Memory(Board):
    """A board that does nothing twice under one name, as our own server."""

    def __init__(self, *rows: dict[str, Any]) -> None:
        super().__init__(*rows)
        self.keeps_keys_for = 86_400.0
        self.names: list[str] = []
        self._kept: dict[str, Any] = {}

    async def add_comment(self, workflow: str, uid: str, body: str, *, once: str = "") -> None:
        self.names.append(once)
        if once not in self._kept:
            self._kept[once] = self.said.append(body)
        await self._turn("add_comment")

    async def create(
        self, workflow: str, body: Any, *, only_new: bool = False, once: str = ""
    ) -> dict[str, Any]:
        self.names.append(once)
        if once not in self._kept:
            self._kept[once] = await super().create(workflow, body, only_new=only_new)
        if self._losses.get("answer"):
            raise self._losses["answer"].pop(0)
        return dict(self._kept[once])


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-08-03T12:00:00Z", True),
        ("2026-08-03T14:00:01+02:00", True),
        ("2026-08-03T11:59:58Z", True),
        ("2026-08-03T11:59:57Z", None),
        ("2026-08-02T12:00:01Z", None),
        ("2026-08-02T11:59:59Z", False),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_comment_is_ours_by_its_words_and_its_time(at: str, expected: bool | None) -> None:
    assert find_comment([Comment("API", " hello\r\nyou ", at)], "hello\nyou", NOON) is expected
    assert find_comment([Comment("API", "another", at)], "hello\nyou", NOON) is False


def test_an_old_comment_of_the_same_words_hides_no_new_one() -> None:
    old, new = Comment("API", "hi", "2020-01-01T00:00:00Z"), Comment("API", "hi", "2026-08-03T12:00:01Z")
    assert find_comment([old], "hi", NOON) is False
    assert find_comment([old, new], "hi", NOON) is True
    assert find_comment([new], "hi", 0.0) is None  # nobody knows when it was sent


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (ChecklistItem("a", "Call ", "Blank", stage="Doing"), True),
        (ChecklistItem("a", "Call", "Blank"), True),
        (ChecklistItem("a", "Call", "Completed", stage="Doing"), None),
        (ChecklistItem("a", "Call", "Blank", assignee="ada@example.com", stage="Doing"), None),
        (ChecklistItem("a", "Call", "Blank", stage="Done"), False),
        (ChecklistItem("a", "Call", "Blank", editable=False, stage="Doing"), False),
    ],
)
def test_an_item_is_ours_by_its_title_and_stage(item: ChecklistItem, expected: bool | None) -> None:
    assert find_item([item], AddChecklistItem("1", "Call", "Doing")) is expected


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        ({"Name": "Tea", "Stage": "Done"}, True),
        ({"Name": "Tea", "Note": "changed since"}, True),
        ({"Name": "Coffee", "Note": "hot"}, False),
    ],
)
def test_a_task_may_be_ours_by_its_title(there: dict[str, Any], expected: bool) -> None:
    values = {"Name": "Tea", "Note": "hot", "Stage": "New"}
    assert is_like(task_from_row({"ID": "1", **there}, "ID"), values, SCHEMA) is expected


def test_a_task_without_a_title_may_be_ours_by_all_else() -> None:
    task = task_from_row({"ID": "1", "Name": None, "Note": "hot", "Stage": "Done"}, "ID")
    assert is_like(task, {"Note": "hot", "Stage": "New", "Assigned To": "ada@example.com"}, SCHEMA)
    assert not is_like(task, {"Note": "cold", "Stage": "Done"}, SCHEMA)


@pytest.mark.parametrize(
    ("once", "age", "kept", "expected"),
    [
        ("x", 0, 86_400, True),
        ("x", 80_000, 86_400, True),
        ("x", 86_300, 86_400, False),
        ("x", -3_600, 86_400, False),
        ("x", 0, 0, False),
        ("", 0, 86_400, False),
    ],
)
def test_a_name_is_relied_on_for_its_time(once: str, age: float, kept: float, expected: bool) -> None:
    board = Board()
    board.keeps_keys_for = kept
    assert is_known_again(board, once, NOON, NOON + age) is expected


def test_the_first_time_that_it_was_sent_counts() -> None:
    pending = Pending(1, AddComment("1", "hi"), at=5.0)
    assert pending.earliest == 5.0
    assert pending.as_sent(7.0).as_sent(9.0).earliest == 7.0


async def test_a_comment_that_arrived_is_not_said_twice() -> None:
    board = Board(row("1"))
    board.fail("add_comment", LOST)
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.perform(AddComment("1", "hello"))
        await settled(desk)
        assert (board.said, desk.notices) == (["hello"], [])
        assert board.calls.count("add_comment") == 1


async def test_a_comment_that_did_not_arrive_is_sent_after_some_looks() -> None:
    board = Board(row("1"))
    board.fail("add_comment", LOST)
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.perform(AddComment("1", "hello"))
        await until(lambda: "add_comment" in board.calls)
        board.said.clear()
        await settled(desk)
        assert (board.said, desk.notices) == (["hello"], [])
        calls = [each for each in board.calls if each in {"comments", "add_comment"}]
        looks = ["comments"] * len(LOOKS)
        assert calls == ["add_comment", *looks, "add_comment", "comments"]  # the last is for the screen


async def test_a_comment_of_which_nobody_can_tell_is_refused_and_kept() -> None:
    board = Board(row("1"))
    board.fail("add_comment", LOST)
    board.lacks.add("comments")
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.perform(AddComment("1", "hello"))
        await settled(desk)
        assert board.calls.count("add_comment") == 1
        assert MAYBE in desk.notices[-1].text
        assert "hello" in str(desk.session.drafts.all())


async def test_an_item_that_arrived_is_not_put_there_twice() -> None:
    board = Board(row("1"))
    board.fail("add_checklist_item", LOST)
    async with running(board) as desk:
        await desk.session.idle()
        board.ticks["Call"] = "Blank"
        desk.session.perform(AddChecklistItem("1", "Call", "To do"))
        await settled(desk)
        assert board.calls.count("add_checklist_item") == 1
        assert desk.notices == []


async def test_a_new_task_that_arrived_is_found_in_the_list() -> None:
    board = Board(row("1"))
    board.lose("create", LOST)
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.create({"Name": "Fresh"})
        await settled(desk)
        names = [each["Name"] for each in board.rows.values()]
        assert names == ["Task 1", "Fresh"]
        assert (len(board.sent), sorted(desk.state.shown)) == (1, ["1", "101"])


async def test_a_new_task_that_did_not_arrive_is_sent_again() -> None:
    board = Board(row("1"))
    board.fail("create", LOST)
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.create({"Name": "Fresh"})
        await settled(desk)
        assert len(board.sent) == 2
        assert sorted(each["Name"] for each in board.rows.values()) == ["Fresh", "Task 1"]
        assert desk.notices == []


async def test_a_new_task_is_not_sent_again_where_one_like_it_is_there() -> None:
    board = Board(row("1"))
    board.fail("create", LOST)
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.create({"Name": "Task 1", "Stage": "Doing"})
        await settled(desk)
        assert len(board.sent) == 1
        assert MAYBE in desk.notices[-1].text


async def test_a_server_that_keeps_names_is_asked_the_same_again() -> None:
    board = Memory(row("1"))
    board.fail("add_comment", LOST, UnavailableError("Bad gateway.", status=502), LOST)
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.perform(AddComment("1", "hello"))
        await settled(desk)
        assert (board.said, desk.notices) == (["hello"], [])
        assert len(board.names) == 4
        (name,) = set(board.names)
        assert len(name) == 32
        assert board.calls.count("comments") == 1  # for the screen


async def test_each_request_has_a_name_of_its_own() -> None:
    board = Memory(row("1"))
    async with running(board) as desk:
        await desk.session.idle()
        for _ in range(5):
            desk.session.perform(AddComment("1", "hello"))
        await desk.session.idle()
        assert (len(set(board.names)), board.said) == (5, ["hello"] * 5)


@pytest.mark.parametrize("values", [{"Name": "Fresh"}, {"ID": "R", "Name": "Fresh"}])
async def test_a_new_task_that_was_changed_since_is_known_by_its_name(values: dict[str, str]) -> None:
    board = Memory(row("1"))
    board.lose("answer", LOST)
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.create(values)
        await until(lambda: "create" in board.calls)
        uid = values.get("ID", "101")
        board.rows[uid]["Name"] = "Theirs"
        await settled(desk)
        assert len(set(board.names)) == 1
        assert [each["Name"] for each in board.rows.values()] == ["Task 1", "Theirs"]
        assert desk.state.base[uid].row["Name"] == "Theirs"
        assert desk.notices == []


def crashed(intent: AddComment | AddChecklistItem | CreateTask, sent_at: float = NOON) -> Pending:
    """What a journal holds of an intent whose sending had begun when the program ended."""
    return Pending(7, intent, sent=True, once="n" * 32, at=sent_at - 1, sent_at=sent_at)


def sender(board: Board, now: float = NOON + 60) -> Sender:
    async def no_time(_: float) -> None: ...

    workflow = WorkflowRef("w", "Work")
    return Sender(board, workflow, SCHEMA, no_time, lambda: set(board.rows), lambda: now)


COMMENT, TASK = AddComment("1", "hello"), task_from_row(row("1"), "ID")


async def not_sent() -> None:
    raise AssertionError("it was sent")


async def leaving() -> None: ...


async def test_after_a_crash_what_is_there_is_done() -> None:
    board = Board(row("1"))
    board.said, board.ticks = ["hello"], {"Call": "Blank"}
    item = AddChecklistItem("1", "Call", "To do")
    early = datetime(2019, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp()
    for intent in (COMMENT, item):
        await sender(board, early + 60).send(crashed(intent, early), TASK, not_sent)


async def test_after_a_crash_what_is_not_there_is_sent() -> None:
    board, left = Board(row("1")), list[int]()

    async def leave() -> None:
        left.append(1)

    for intent in (COMMENT, AddChecklistItem("1", "Call", "To do"), CreateTask("n", (("Name", "N"),))):
        await sender(board).send(crashed(intent), TASK, leave)
    assert (board.said, list(board.ticks), len(board.rows), len(left)) == (["hello"], ["Call"], 2, 3)


async def test_after_a_crash_a_new_task_that_the_board_knows_by_now_is_not_made_again() -> None:
    board = Board(row("1"))
    with pytest.raises(FdtuiError, match="may have been applied"):
        await sender(board).send(crashed(CreateTask("n", (("Name", "Task 1"),))), TASK, not_sent)


async def test_after_a_crash_a_server_that_forgot_the_name_is_looked_at() -> None:
    board = Memory(row("1"))
    board.said = ["hello"]
    early = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
    day = 24 * 3600
    await sender(board, early + day).send(crashed(COMMENT, early), TASK, not_sent)
    await sender(board, early + day / 2).send(crashed(COMMENT, early), TASK, leaving)
    assert board.names == ["n" * 32]
