import time
import unicodedata
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fdtui.core.board import View
from fdtui.core.fuzzy import fuzzy
from fdtui.core.names import plain, plain_lines, plain_places
from fdtui.core.schema import Field, FieldType, Person, Schema
from fdtui.core.search import CardReader, is_found, words_of
from fdtui.core.sorting import BoardSorter
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.task_map import TaskMap
from fdtui.core.values import Value

Form = Literal["NFC", "NFD"]


def best(query: str, *texts: str) -> str:
    scored = {text: hit[0] for text in texts if (hit := fuzzy(query, text))}
    return max(scored, key=lambda text: scored[text])


def test_a_run_and_a_word_start_win() -> None:
    assert best("gra", "laugh rain", "grace") == "grace"
    assert best("rev", "River event", "Under Review") == "Under Review"
    assert best("ip", "rip off all", "In Progress") == "rip off all"
    assert best("gh", "laugh", "Grace Hopper") == "laugh"


def test_letters_must_come_in_order() -> None:
    assert fuzzy("ba", "abc") is None
    assert fuzzy("ac", "abc") is not None
    assert fuzzy("", "abc") is not None


def test_the_places_are_those_of_the_letters() -> None:
    hit = fuzzy("rw", "Under Review")
    assert hit is not None
    assert [("Under Review"[at]).lower() for at in hit[1]] == ["r", "w"]


def test_it_stays_linear_where_others_explode() -> None:
    text = "the three keepers never see these seven deep green trees " * 40
    began = time.perf_counter()
    assert fuzzy("e" * 60 + "z", text) is None
    assert time.perf_counter() - began < 0.5


SCHEMA = Schema(
    fields=(
        Field("Name"),
        Field("Owner", FieldType.PERSON),
        Field("Docs", FieldType.FILE),
        Field("Due", FieldType.DATE),
        Field("Met", FieldType.DATE),
        Field("Seen", FieldType.DATETIME),
    ),
    people=(Person("sara@example.com", "Sara", "Ekström"),),
)


def found(typed: str, **values: Value) -> bool:
    task = Task("1", "1", {"Name": "card", **values})
    return is_found(CardReader(SCHEMA).text_of(task), words_of(typed))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("osterreich", "Österreich"),
        ("ÖSTERREICH", "Österreich"),
        ("naive", "naïve"),
        ("zoé", "Zoé"),
        ("zoe\u0301", "Zoé"),
        ("strasse", "Straße"),
        ("oresund", "Øresund"),
        ("lodz", "Łódź"),
        ("istanbul", "İstanbul"),
        ("сиський", "Сиськии\u0306"),
        ("한국", "한국어"),
    ],
)
def test_letters_are_found_without_their_accents(typed: str, text: str, form: Form) -> None:
    text = unicodedata.normalize(form, text)
    assert found(typed, Name=f"x {text} y")
    hit = fuzzy(typed, text)
    assert hit is not None
    assert all(0 <= at < len(text) for at in hit[1])


def test_people_are_found_by_their_names() -> None:
    assert found("ekstrom", Owner="SARA@example.com")
    assert found("ekstrom", **{"Assigned To": "sara@example.com"})


def test_what_the_server_made_is_found_only_whole() -> None:
    files: Value = [{"blobId": "qP0x", "filename": "plan.pdf", "contentType": "application/pdf"}]
    made: dict[str, Value] = {
        "Task URL": "http://127.0.0.1:8300/workflows/w/tasks/Zx9",
        "Docs": files,
        "Unlisted": files,
    }
    for part in ("0", "127.0.0.1", "http", "workflows", "qP0", "Zx", "pdf/"):
        assert not found(part, **made), part
    for whole in ("http://127.0.0.1:8300/workflows/w/tasks/Zx9", "zx9", "qP0x", "plan", "pdf"):
        assert found(whole, **made), whole
    assert found("127", Name="room 127")


def test_a_day_is_found_as_the_cards_corner_tells_it() -> None:
    assert found("27 nov", Due="2026-11-27")
    assert found("Nov 2026", Due="2026-11-27")
    assert found("2026-11-27", Due="2026-11-27")
    assert not found("nov", Met="2026-11-27")


def test_a_moment_is_found_as_it_is_shown() -> None:
    reader = CardReader(SCHEMA, ZoneInfo("Australia/Sydney"))
    text = reader.text_of(Task("1", "1", {"Seen": "2028-11-03T21:00:00Z"}))
    assert is_found(text, ("2028-11-04 08:00 +11:00",))
    assert not is_found(text, ("2028-11-03",))


def test_initials_find_nobody() -> None:
    assert not found("se", Owner="someone@example.com", **{"Assigned To": "xx@example.org"})


def test_another_shape_is_read_again() -> None:
    sorter, view = BoardSorter(), View(passes=bool, words=words_of("ekstrom"))
    base = TaskMap({"1": Task("1", "1", {"Owner": "sara@example.com"})})
    for schema, count in ((Schema(), 0), (SCHEMA, 1)):
        state = State(schema=schema, base=base)
        sorter.columns(state, view)
        sorter.search()
        assert sum(len(column.tasks) for column in sorter.columns(state, view)) == count


@given(st.text(st.characters(max_codepoint=0x17F), max_size=40))
def test_the_table_of_western_letters_is_the_rule_for_all(text: str) -> None:
    assert plain(text) == plain(f"{text}\u2019").removesuffix("\u2019")
    assert plain_lines([text, "Ł", "x"]) == "\n".join(map(plain, [text, "Ł", "x"]))


@given(st.text(max_size=40))
def test_a_text_finds_itself_in_any_form(text: str) -> None:
    forms: tuple[Form, Form] = ("NFC", "NFD")
    for form in forms:
        assert plain(text) == plain(unicodedata.normalize(form, text))
    assert found(text, Name=text)
    folded, places = plain_places(text)
    assert len(folded) == len(places)
