import time
from datetime import date
from typing import Any

import pytest

from fdtui.core.lateness import is_late
from fdtui.core.moments import short_date
from fdtui.core.schema import Field, Person, Schema, Stage
from fdtui.core.state import Mark, State
from fdtui.core.task import Task, task_from_row
from fdtui.core.values import Value
from fdtui.tui.preferences import DENSITIES, Look
from fdtui.tui.presentation.card_lines import card
from fdtui.tui.presentation.cards import plan_card
from fdtui.tui.presentation.fields import MAX_TEXT, sheet
from fdtui.tui.toolkit.cells import line_width

TODAY = date(2026, 11, 22)
SCHEMA = Schema(
    stages=(Stage("Open", False), Stage("Done", True)),
    fields=(
        Field("ID", "uniqueId"),
        Field("Name", "text"),
        Field("Value", "currency"),
        Field("Due Date", "date"),
        Field("International?", "checkbox"),
        Field("Documents", "file"),
        Field("Notes", "longText"),
        Field("Website", "url"),
    ),
    people=(Person("ada@example.com", "Ada", "Lovelace"),),
)
HOSTILE = [
    "\x1b]52;c;aGFja2Vk\x07",
    "\x1b[2J\x1b[H",
    "\x9b31m",
    "a\rb\bc\vd\x7f",
    "\u202egnp.exe",
    "\u2066iso\u2069",
    "[red]x[/] [@click=app.quit]y[/] [/]",
    "e" + "\u0301" * 1000,
    "👩‍👩‍👧‍👦" * 40,
    "東京データ" * 40,
    "שלום " * 40,
    "🇩🇪🇫🇷❤️☑️",
    "\ud800",
    "\x00",
    "line\nbreak\ttab",
    " ",
    "x" * 100_000,
    "\u200b\ufeff\u00ad",
    "\U000e0041",
]


def task(**row: Any) -> Task:
    return task_from_row({"ID": "42", "Name": "Acme", "Stage": "Open", "Assigned To": None, **row}, "ID")


def text_of(lines: Any) -> str:
    return "\n".join("".join(text for text, _ in line) for line in lines)


@pytest.mark.parametrize("density", DENSITIES)
@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("width", [1, 2, 3, 9, 25, 80])
def test_a_card_is_as_wide_as_it_has_to_be_and_harmless(density: str, hostile: str, width: int) -> None:
    plan = plan_card(SCHEMA, Look(density=density))
    full = task(
        Name=hostile,
        ID=hostile,
        Value=hostile,
        Documents=[{"filename": hostile}],
        **{"Assigned To": hostile},
    )
    lines = card(full, plan, Mark.NONE, width, TODAY)
    assert [line_width(line) for line in lines] == [width] * len(lines)
    assert not set(text_of(lines)) & set("\x1b\x07\x9b\r\b\x00\x7f\u202e\u200b\ufeff")


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_the_sheet_is_harmless_and_fits(hostile: str) -> None:
    plan = plan_card(SCHEMA, Look())
    full = task(
        Name=hostile,
        Notes=hostile,
        Website=hostile,
        Documents=[{"filename": hostile}],
        Strange={hostile: [hostile]},
        **{"Assigned To": hostile, "Task URL": hostile},
    )
    state = State(schema=SCHEMA, refused={"42": hostile})
    for width in (12, 40):
        lines = sheet(full, plan, state, stage="dim", width=width, today=TODAY)
        assert max(map(line_width, lines)) <= width
        assert not set(text_of(lines)) & set("\x1b\x07\x9b\r\b\x00\x7f\u202e\u200b\ufeff")


def test_a_card_shows_title_id_money_person_files_and_date() -> None:
    plan = plan_card(SCHEMA, Look())
    shown = task(
        Value="10000",
        Documents=[{"filename": "a"}, {"filename": "b"}],
        **{"Due Date": "2026-01-31", "Assigned To": "ada@example.com"},
    )
    first, second, third = text_of(card(shown, plan, Mark.NONE, 30, TODAY)).split("\n")
    assert first.rstrip() == "Acme"
    assert second.startswith("42 · $10,000.00")
    assert third.startswith("AL Ada") and third.endswith("▤2 · late 42w")


def test_every_sign_has_an_ascii_twin() -> None:
    plan = plan_card(SCHEMA, Look(ascii=True))
    shown = task(
        Name="A long name that has to be cut", Value="1", Documents=[{"filename": "a"}], Done=True,
        **{"International?": True, "Due Date": None, "Assigned To": "ada@example.com"},
    )  # fmt: skip
    for mark in Mark:
        assert text_of(card(shown, plan, mark, 16, TODAY)).isascii()
    lines = sheet(shown, plan, State(schema=SCHEMA), stage="dim", width=40, today=TODAY)
    assert text_of(lines).isascii()


@pytest.mark.parametrize(("stage", "late"), [("Open", True), ("Done", False)])
def test_what_is_done_is_never_late(stage: str, late: bool) -> None:
    plan = plan_card(SCHEMA, Look())
    assert is_late(task(Stage=stage, **{"Due Date": "2026-11-21"}), plan.schema, TODAY) is late


def test_today_is_not_late() -> None:
    plan = plan_card(SCHEMA, Look())
    assert not is_late(task(**{"Due Date": "2026-11-22"}), plan.schema, TODAY)


@pytest.mark.parametrize(
    ("zone", "corner", "late"),
    [
        ("America/Los_Angeles", "late 1d", True),
        ("UTC", "today", False),
        ("Australia/Sydney", "today", False),
    ],
)
@pytest.mark.parametrize("told", ["2026-11-22T05:00:00Z", 1795323600, 1795323600000])
def test_a_moment_is_late_by_the_users_own_day(
    monkeypatch: pytest.MonkeyPatch, zone: str, corner: str, late: bool, told: Value
) -> None:
    schema = Schema(stages=SCHEMA.stages, fields=(Field("ID", "uniqueId"), Field("Due", "datetime")))
    plan = plan_card(schema, Look())
    row: dict[str, Value] = {"ID": "1", "Stage": "Open", "Due": told}
    with monkeypatch.context() as here:
        here.setenv("TZ", zone)
        time.tzset()
        lines = card(task_from_row(row, "ID"), plan, Mark.NONE, 40, TODAY)
        assert is_late(task_from_row(row, "ID"), plan.schema, TODAY) is late
    time.tzset()
    assert corner in "".join(text for line in lines for text, _ in line)


def test_a_date_is_short() -> None:
    assert short_date(date(2026, 1, 31), TODAY) == "31 Jan"
    assert short_date(date(2020, 1, 31), TODAY) == "Jan 2020"


def test_null_empty_and_not_returned_are_three_things() -> None:
    plan = plan_card(SCHEMA, Look())
    lines = sheet(
        task(Value=None, Website=""), plan, State(schema=SCHEMA), stage="dim", width=60, today=TODAY
    )
    by_label = {"".join(t for t, _ in line).split("  ")[0].strip(): text_of([line]) for line in lines}
    assert by_label["Value"].endswith("—")
    assert by_label["Website"].endswith("(empty)")
    assert by_label["Documents"].endswith("not returned")


def test_fields_are_shown_by_their_type() -> None:
    plan = plan_card(SCHEMA, Look())
    shown = task(
        Value="10000.5",
        Documents=[{"filename": "contract.pdf"}, {"filename": "logo.png"}],
        Notes="first\nsecond",
        Ship=[{"Ship ID": 7, "Name": "Argo"}, {"Ship ID": 8, "Name": "Ark"}],
        **{"International?": True, "Due Date": "2026-11-19"},
    )
    text = text_of(sheet(shown, plan, State(schema=SCHEMA), stage="dim", width=60, today=TODAY))
    for part in (
        "$10,000.50",
        "▤ contract.pdf",
        "▤ logo.png",
        "☑ yes",
        "late by 3 days",
        "─ Notes ─",
        "─\nfirst\nsecond",
    ):
        assert part in text
    assert "7 · Argo" in text and "8 · Ark" in text


def test_a_huge_text_is_cut_with_a_note() -> None:
    plan = plan_card(SCHEMA, Look())
    lines = sheet(
        task(Notes="word " * 2_000_000), plan, State(schema=SCHEMA), stage="dim", width=60, today=TODAY
    )
    assert sum(map(line_width, lines)) < MAX_TEXT + 2_000
    assert "64 kB" in text_of(lines[-2:])


def test_a_workflow_without_fields_has_cards() -> None:
    plan = plan_card(Schema(), Look())
    bare = task_from_row({"Stage": "Open"}, None)
    assert "(untitled)" in text_of(card(bare, plan, Mark.NONE, 30, TODAY))
    sheet(bare, plan, State(), stage="dim", width=30, today=TODAY)


def test_the_settings_choose_title_and_facts() -> None:
    plan = plan_card(SCHEMA, Look(title="Website", card_fields=("International?", "Nonsense")))
    lines = text_of(
        card(task(Website="acme.example", **{"International?": True}), plan, Mark.NONE, 40, TODAY)
    )
    assert lines.startswith("acme.example")
    assert "42 · International? yes" in lines
