"""What the keys of a form do, by the kind of the field."""

from datetime import UTC, datetime

import pytest

from fdtui.core.entry import Moment, entry_of
from fdtui.core.schema import Field, FieldType, Schema
from fdtui.tui.forms.form import Ask, Form, Slot

NAME = Field("Name")
SIZE = Field("Size", FieldType.SINGLE_SELECT, options=("S", "M"))
URGENT = Field("Urgent", FieldType.CHECKBOX)
NOTES = Field("Notes", FieldType.LONG_TEXT)
DUE = Field("Due", FieldType.DATE)


def form(*fields: Field, **values: object) -> Form:
    slots = [Slot(entry_of(each, values.get(each.name))) for each in fields]  # type: ignore[arg-type]
    return Form(slots, Schema(), lambda: Moment(datetime(2026, 11, 18, tzinfo=UTC)))


def text(it: Form) -> str:
    return it.slots[0].entry.text


@pytest.mark.parametrize(
    ("field", "asks", "at"),
    [
        (NAME, Ask.NOTHING, 1),
        (SIZE, Ask.LIST, 0),
        (URGENT, Ask.NOTHING, 0),
        (NOTES, Ask.NOTHING, 0),
    ],
)
def test_enter_does_what_the_field_is_for(field: Field, asks: Ask, at: int) -> None:
    it = form(field, DUE)
    assert (it.enter(), it.at) == (asks, at)


def test_enter_and_space_save_on_the_last_row() -> None:
    it = form(NAME)
    it.step(1)
    assert it.slot is None
    assert (it.enter(), it.tick()) == (Ask.SAVE, Ask.SAVE)


def test_enter_begins_a_line_in_a_long_text_only() -> None:
    notes, name = form(NOTES, Notes="a"), form(NAME, Name="a")
    notes.enter()
    name.enter()
    assert (text(notes), text(name)) == ("a\n", "a")


def test_a_checkbox_is_ticked_by_enter_space_and_letters() -> None:
    it = form(URGENT, Urgent=False)
    said = []
    for press in (it.enter, it.tick, lambda: it.type("y", "y"), lambda: it.type("n", "n")):
        press()
        said.append(text(it))
    assert said == ["yes", "no", "yes", "no"]


def test_a_letter_opens_the_list_of_a_choice_which_can_be_cleared() -> None:
    it = form(SIZE, Size="S")
    assert it.type("m", "m") is Ask.LIST
    it.clear()
    assert it.reading(it.slots[0]).value is None


def test_down_goes_through_the_text_and_then_to_the_next_field() -> None:
    it = form(NOTES, NAME, Notes="one\ntwo")
    it.row_or_step(-1)
    it.row_or_step(1)
    assert it.at == 0
    it.row_or_step(1)
    assert it.at == 1


def test_emptying_twice_is_an_empty_text() -> None:
    it = form(NAME, Name="a")
    it.empty()
    first = it.reading(it.slots[0]).value
    it.empty()
    assert (first, it.reading(it.slots[0]).value) == (None, "")


def test_theirs_takes_the_place_of_mine() -> None:
    it = form(NAME, Name="a")
    it.type("x", "x")
    it.merge({"Name": "theirs"})
    assert it.slots[0].theirs == ("theirs",)
    it.accept_theirs()
    assert (text(it), it.slots[0].theirs, it.is_dirty) == ("theirs", None, False)


def test_no_key_changes_a_field_that_is_read_only() -> None:
    it = Form([Slot(entry_of(NAME, "a"), "Fixed.")], Schema(), lambda: Moment(datetime.now(UTC)))
    it.at = 0
    it.type("x", "x")
    it.empty()
    assert (text(it), it.can_tick) == ("a", False)
