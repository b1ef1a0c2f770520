import time
from datetime import UTC, datetime

import pytest

from fdtui.core.conflict import Conflict, ConflictField
from fdtui.core.entry import Moment
from fdtui.core.intents import MoveTask, Pending
from fdtui.core.schema import Field, FieldType, Schema
from fdtui.tui.conflicts.model import Choice, Resolution, row_lines
from fdtui.tui.preferences import UNICODE
from fdtui.tui.toolkit.cells import line_width

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
SCHEMA = Schema((), (Field("Price", FieldType.CURRENCY), Field("Name"), Field("Odd", "starChart")))
FIELDS = (ConflictField("Price", "1000", "2000", "3000"), ConflictField("Name", "a", "b\x1b[2J", "c"))


def dispute(*, undoes: bool = False) -> Resolution:
    pending = Pending(1, MoveTask("1", "Done"), undoes=undoes)
    return Resolution(Conflict(pending, FIELDS), SCHEMA, lambda: Moment(NOW))


def text(width: int, it: Resolution) -> str:
    return "\n".join("".join(part for part, _ in line) for line in it.lines(width, UNICODE))


def test_theirs_stands_until_something_is_chosen() -> None:
    it = dispute()
    assert it.wanted() == {}
    it.move(1)
    it.choose(Choice.MINE)
    assert it.wanted() == {"Name": "c"}
    it.choose(Choice.MINE, all_fields=True)
    assert it.wanted() == {"Price": "3000", "Name": "c"}
    it.choose(Choice.THEIRS, all_fields=True)
    assert it.wanted() == {}


def test_mine_can_be_edited_and_is_checked_by_its_type() -> None:
    it = dispute()
    assert it.edit("twelve") == "Price is invalid."
    assert it.wanted() == {}
    assert it.edit("2,500") == ""
    assert list(it.wanted()) == ["Price"]
    assert str(it.wanted()["Price"]) == "2500"


def test_a_moment_is_settled_in_the_users_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    told = tuple(f"2028-11-03T2{hour}:00:00Z" for hour in range(3))
    schema = Schema(fields=(Field("Seen", FieldType.DATETIME),))
    pending = Pending(1, MoveTask("1", "Done"))
    it = Resolution(Conflict(pending, (ConflictField("Seen", *told),)), schema, lambda: Moment(NOW))
    with monkeypatch.context() as here:
        here.setenv("TZ", "Australia/Sydney")
        time.tzset()
        shown, mine = text(100, it), it.text
        wrong = it.edit("2028-11-04 10:30")
    time.tzset()
    assert all(f"2028-11-04 0{hour}:00 +11:00" in shown for hour in (7, 8, 9)), shown
    assert mine in shown
    assert wrong == ""
    assert it.wanted() == {"Seen": "2028-11-04T10:30:00+11:00"}


def test_all_three_values_are_shown_by_their_type_and_safe() -> None:
    for width in (100, 50):
        shown = text(width, dispute())
        assert all(value in shown for value in ("$1,000", "$2,000", "$3,000")), shown
        assert "\x1b" not in shown
        assert all(line_width(line) <= width for line in dispute().lines(width, UNICODE))


def test_an_undo_that_was_overtaken_says_so() -> None:
    assert dispute(undoes=True).sentence().startswith("You undid a change")
    assert "someone else changed Price and Name first" in dispute().sentence()


def test_the_row_of_a_deleted_task_leaves_out_what_is_empty() -> None:
    lines = row_lines({"Name": "x\x07", "Price": None, "Odd": {"a": 1}}, SCHEMA, 60, UNICODE)
    shown = "\n".join("".join(part for part, _ in line) for line in lines)
    assert "Price" not in shown
    assert "\x07" not in shown
    assert "Name" in shown
