import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.fields import parse
from fdtui.core.names import find_all, find_name, same_email
from fdtui.core.schema import Field, FieldType, Schema, Stage
from fdtui.core.several import joined, parted
from fdtui.sync.reading import inference as infer
from fdtui.tui.preferences import Behaviour, Look
from fdtui.tui.presentation.cards import plan_card

COMPOSED = "Übersicht.txt"
DECOMPOSED = unicodedata.normalize("NFD", COMPOSED)


@pytest.mark.parametrize(
    ("name", "among", "found"),
    [
        (COMPOSED, [DECOMPOSED], [DECOMPOSED]),
        (DECOMPOSED, [COMPOSED, DECOMPOSED], [DECOMPOSED]),
        ("übersicht.TXT", [DECOMPOSED], [DECOMPOSED]),
        ("STRASSE", ["Straße"], ["Straße"]),
        ("a", ["A", "a"], ["a"]),
        ("done", ["Done", "DONE"], ["Done", "DONE"]),
        ("Ubersicht.txt", [COMPOSED], []),
    ],
)
def test_a_name_is_found_by_what_it_means(name: str, among: list[str], found: list[str]) -> None:
    assert find_all(name, among, str) == found
    assert find_name(name, among) == (found[0] if len(found) == 1 else None)


def test_options_are_found_as_they_are_called() -> None:
    options = ("Café", "a, b", "a")
    several = Field("F", FieldType.MULTIPLE_SELECT, options=options)
    assert parse(several, "cafe\u0301, a, b, a") == ["Café", "a, b", "a"]
    assert parse(Field("F", FieldType.SINGLE_SELECT, options=options), "café") == "Café"


def test_a_field_is_named_by_what_its_name_means() -> None:
    schema = Schema(fields=(Field("Gro\u0308ße"), Field("Due"), Field("DUE")))
    assert schema.named("GRÖSSE") == schema.fields[0]
    assert schema.named("Due") == schema.fields[1]
    assert schema.named("due") is None
    assert schema.named("") is None


def test_the_users_order_of_stages_is_found_as_it_is_called() -> None:
    there = (Stage("Fertig"), Stage("Pru\u0308fen"))
    assert infer.ordered(there, ["PRÜFEN", "Neu", "fertig"]) == (there[1], Stage("Neu"), there[0])


def test_cards_show_the_fields_that_the_settings_mean() -> None:
    schema = Schema(fields=(Field("Name"), Field("Gro\u0308ße"), Field("Ort")))
    plan = plan_card(schema, Look(title="größe", card_fields=("ORT",)))
    assert plan.title == schema.fields[1]
    assert plan.facts == (schema.fields[2],)
    assert Behaviour(confirm=frozenset({"LÖSCHEN"})).asks_before("Lo\u0308schen")


def test_e_mails_are_one_whatever_their_letters() -> None:
    assert same_email("ADA@Example.com", "ada@example.COM")
    assert not same_email("ada@example.com", None)
    assert same_email(None, None)


NAMES = st.lists(st.text('ab ,"', min_size=1).map(str.strip).filter(bool), unique=True, max_size=5)


@given(NAMES.filter(lambda names: not any('"' in name for name in names)))
def test_what_was_joined_is_parted_again(names: list[str]) -> None:
    clean = [name for name in names if name.strip(" ,") == name]
    assert parted(joined(clean), clean) == clean
