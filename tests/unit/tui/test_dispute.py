from fdtui.core.conflict import Conflict, Disputed
from fdtui.core.intents import MoveTask, Pending
from fdtui.core.schema import Field, FieldType, Schema
from fdtui.tui.cells import line_width
from fdtui.tui.dispute import Dispute, Side, row_lines
from fdtui.tui.look import UNICODE

SCHEMA = Schema((), (Field("Price", FieldType.CURRENCY), Field("Name"), Field("Odd", "starChart")))
FIELDS = (Disputed("Price", "1000", "2000", "3000"), Disputed("Name", "a", "b\x1b[2J", "c"))


def dispute(*, undoes: bool = False) -> Dispute:
    pending = Pending(1, MoveTask("1", "Done"), undoes=undoes)
    return Dispute(Conflict(pending, FIELDS), SCHEMA)


def text(width: int, it: Dispute) -> str:
    return "\n".join("".join(part for part, _ in line) for line in it.lines(width, UNICODE))


def test_theirs_stands_until_something_is_chosen() -> None:
    it = dispute()
    assert it.wanted() == {}
    it.move(1)
    it.choose(Side.MINE)
    assert it.wanted() == {"Name": "c"}
    it.choose(Side.MINE, all_fields=True)
    assert it.wanted() == {"Price": "3000", "Name": "c"}
    it.choose(Side.THEIRS, all_fields=True)
    assert it.wanted() == {}


def test_mine_can_be_edited_and_is_checked_by_its_type() -> None:
    it = dispute()
    assert it.edit("twelve") == "Price is invalid."
    assert it.wanted() == {}
    assert it.edit("2,500") == ""
    assert list(it.wanted()) == ["Price"]
    assert str(it.wanted()["Price"]) == "2500"


def test_all_three_values_are_shown_by_their_type_and_safe() -> None:
    for width in (100, 50):
        shown = text(width, dispute())
        assert all(value in shown for value in ("$1,000", "$2,000", "$3,000")), shown
        assert "\x1b" not in shown
        assert all(line_width(line) <= width for line in dispute().lines(width, UNICODE))


def test_an_undo_that_was_overtaken_says_so() -> None:
    assert dispute(undoes=True).sentence().startswith("You took a change back")
    assert "somebody changed Price and Name meanwhile" in dispute().sentence()


def test_the_row_of_a_deleted_task_leaves_out_what_is_empty() -> None:
    lines = row_lines({"Name": "x\x07", "Price": None, "Odd": {"a": 1}}, SCHEMA, 60, UNICODE)
    shown = "\n".join("".join(part for part, _ in line) for line in lines)
    assert "Price" not in shown
    assert "\x07" not in shown
    assert "Name" in shown
