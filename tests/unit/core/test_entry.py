from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.entry import (
    Moment,
    Reading,
    entry_of,
    fields_of,
    from_draft,
    meaning,
    options_of,
    read,
    settled,
    to_draft,
)
from fdtui.core.escapes import escaped, needs_escapes, unescaped
from fdtui.core.schema import Field, FieldType, Person, Schema, Stage

MOMENT = Moment(datetime(2026, 11, 22, 10, 30, tzinfo=UTC), UTC)
SCHEMA = Schema(stages=(Stage("To do"), Stage("Done")), people=(Person("ada@example.com"),))


def field(kind: str, **more: Any) -> Field:
    return Field("F", kind, **more)


def typed(kind: str, text: str, base: Any = None, **more: Any) -> Reading:
    return read(entry_of(field(kind, **more), base).typed(text), SCHEMA, MOMENT)


@pytest.mark.parametrize("kind", [*FieldType, "hologram"])
@pytest.mark.parametrize("base", [None, "", "x", 5, True, [], {"a": 1}, "\x1b[2J"])
def test_what_nobody_touched_is_as_it_was(kind: str, base: Any) -> None:
    assert read(entry_of(field(kind), base), SCHEMA, MOMENT) == Reading(base)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", "a b ", "a b "),
        ("longText", "a\nb", "a\nb"),
        ("number", "1,234.50", "1234.50"),
        ("number", " 5 ", "5"),
        ("currency", "$10,000", "10000"),
        ("currency", "0.12345678901234567", "0.12345678901234567"),
        ("phone", "+44 20 7946 0018 ", "+44 20 7946 0018"),
        ("date", "tomorrow", "2026-11-23"),
        ("datetime", "fri 14:00", "2026-11-27T14:00:00+00:00"),
        ("person", "ada@example.com", "ada@example.com"),
        ("email", "a@b", "a@b"),
        ("url", "https://example.com", "https://example.com"),
        ("checkbox", "yes", True),
        ("hologram", '{"a": [1]}', {"a": [1]}),
    ],
)
def test_typed_text_becomes_a_value(kind: str, text: str, value: Any) -> None:
    assert typed(kind, text) == Reading(value, is_changed=True)


@pytest.mark.parametrize(
    ("kind", "text", "problem"),
    [
        ("number", "1e400", "is invalid: a number"),
        ("number", "NaN", "is invalid"),
        ("number", "0x10", "is invalid"),
        ("number", "1,00", "is invalid"),
        ("date", "2020-02-30", "is invalid: a day"),
        ("date", "31/12/2020", "is invalid"),
        ("datetime", "2026-13-01 10:00", "is invalid"),
        ("email", "nobody", "is invalid: an e-mail"),
        ("url", "javascript:alert(1)", "is invalid: an address"),
        ("person", "eve@example.com", "is not a user"),
        ("singleSelect", "Z", "is not one of its options"),
        ("uniqueId", "active", "is reserved"),
        ("hologram", "{", "at line 1"),
    ],
)
def test_a_wrong_text_is_told_as_one_types(kind: str, text: str, problem: str) -> None:
    assert problem in typed(kind, text, options=("A",)).problem


def test_the_same_meaning_is_no_change() -> None:
    assert not typed("currency", "10,000", "10000.00").is_changed
    assert not typed("datetime", "2026-01-01T10:00:00+01:00", "2026-01-01T09:00:00Z").is_changed
    assert typed("text", "a ", "a").is_changed


def test_nothing_and_empty_are_both_in_reach() -> None:
    entry = entry_of(field("text"), "a")
    assert read(entry.typed(""), SCHEMA, MOMENT) == Reading("", is_changed=True)
    assert read(entry.cleared(), SCHEMA, MOMENT) == Reading(None, is_changed=True)
    assert read(entry.cleared().cleared(), SCHEMA, MOMENT) == Reading("", is_changed=True)
    blank = entry_of(field("text"), None)
    assert read(blank.typed("a").typed(""), SCHEMA, MOMENT) == Reading(None)
    assert read(blank.cleared(), SCHEMA, MOMENT) == Reading("", is_changed=True)
    assert read(entry_of(field("number"), "5").typed(""), SCHEMA, MOMENT).value is None


def test_a_required_field_takes_neither() -> None:
    entry = entry_of(field("text", required=True), "a")
    assert read(entry.typed(""), SCHEMA, MOMENT).problem == "is required"
    assert read(entry.cleared(), SCHEMA, MOMENT).problem == "is required"
    new = entry_of(field("text", required=True), None, is_new=True)
    assert read(new, SCHEMA, MOMENT).problem == "is required"


def test_choices_of_several_keep_commas_in_their_options() -> None:
    entry = entry_of(field("multipleSelect", options=("a, b", "c")), ["a, b"])
    assert options_of(entry) == ("a, b",)
    both = entry.given(["c", "a, b"])
    assert read(both, SCHEMA, MOMENT) == Reading(["c", "a, b"], is_changed=True)
    assert options_of(entry.cleared()) == ()


def test_what_was_typed_is_said_back() -> None:
    def said(kind: str, text: str) -> str:
        entry = entry_of(field(kind), None).typed(text)
        return meaning(entry, read(entry, SCHEMA, MOMENT), MOMENT)

    assert said("date", "fri") == "Fri 27 Nov 2026, in 5 days"
    assert said("datetime", "14:00") == "Sun 22 Nov 2026 14:00 UTC"
    assert said("currency", "1234567.5") == "$1,234,567.50"
    assert said("text", "fri") == ""


def test_tomorrow_does_not_move_with_the_days() -> None:
    entry = settled(entry_of(field("date"), None).typed("tomorrow"), MOMENT)
    assert entry.text == "2026-11-23"
    assert settled(entry_of(field("date"), None).typed("nonsense"), MOMENT).text == "nonsense"


def test_an_untouched_entry_follows_the_server_and_a_touched_one_stays() -> None:
    entry = entry_of(field("text"), "old")
    assert entry.on("new").text == "new"
    kept = entry.typed("mine").on("theirs")
    assert (kept.text, kept.base) == ("mine", "theirs")


@given(st.text(st.characters(codec=None, exclude_categories=[])))
def test_escapes_are_exact(text: str) -> None:
    assert unescaped(escaped(text)) == text
    assert unescaped(escaped(text, multiline=True)) == text
    assert not needs_escapes(escaped(text.replace("\u0300", "")[:8]))


@given(st.text(), st.text(max_size=3))
def test_hidden_characters_survive_a_change_beside_them(hidden: str, added: str) -> None:
    base = f"{hidden}\x1b[2J\u202e"
    entry = entry_of(field("text"), base)
    assert entry.in_escapes
    changed = entry.typed(entry.text + escaped(added))
    assert read(changed, SCHEMA, MOMENT).value == base + added


def test_a_backslash_that_means_nothing_is_told() -> None:
    entry = entry_of(field("text"), "\x1b")
    assert "is not an escape" in read(entry.typed("a\\q"), SCHEMA, MOMENT).problem
    plain = entry_of(field("text"), "C:\\temp")
    assert read(plain.typed("C:\\quit"), SCHEMA, MOMENT).value == "C:\\quit"


@pytest.mark.parametrize("base", ["a", None, "\x1b", "C:\\x"])
def test_a_draft_gives_back_what_was_typed(base: str | None) -> None:
    entry = entry_of(field("text"), base)
    for each in (entry.typed("x\ny"), entry.cleared(), entry.cleared().cleared(), entry.typed("")):
        assert from_draft(entry, to_draft(each)) == each


def test_the_built_in_fields_are_fields_like_others() -> None:
    stage, assignee = fields_of(SCHEMA)
    assert (stage.options, stage.required) == (("To do", "Done"), True)
    assert assignee.type == FieldType.PERSON


def test_a_text_with_cr_lf_is_edited_as_lines_and_given_back_as_it_was() -> None:
    entry = entry_of(Field("Notes", FieldType.LONG_TEXT), "one\r\ntwo")
    assert (entry.text, entry.in_escapes) == ("one\r\ntwo", False)
    strange = entry_of(Field("Notes", FieldType.LONG_TEXT), "a\r\n\x1b\rb")
    assert (strange.text, strange.in_escapes) == ("a\r\n\\x1b\\rb", True)
    assert read(strange.typed(strange.text + "!"), Schema(), MOMENT).value == "a\r\n\x1b\rb!"
