"""What stands on a card, by density."""

from datetime import date
from typing import Any

import pytest

from fdtui.core.schema import Field, FieldType, Person, Schema, Stage
from fdtui.core.state import Mark
from fdtui.core.task import Task, task_from_row
from fdtui.tui.preferences import Look
from fdtui.tui.presentation.card_lines import Beside, card
from fdtui.tui.presentation.cards import plan_card
from fdtui.tui.presentation.days import day_words, late_words
from fdtui.tui.toolkit.cells import Line

TODAY = date(2026, 11, 22)  # a Sunday
SCHEMA = Schema(
    (Stage("Open"), Stage("Done", True)),
    (
        Field("ID", FieldType.UNIQUE_ID),
        Field("Title"),
        Field("Severity", FieldType.SINGLE_SELECT, options=("Critical", "High", "Medium", "Low")),
        Field("Area", FieldType.SINGLE_SELECT, options=("API", "Board"), colors=(("API", "teal"),)),
        Field("Due", FieldType.DATE),
        Field("Notes", FieldType.LONG_TEXT),
        Field("Files", FieldType.FILE),
    ),
    (Person("ada@example.com", "Ada", "Lovelace"),),
)


def task(**row: Any) -> Task:
    base = {"ID": "42", "Title": "Acme", "Stage": "Open", "Assigned To": "ada@example.com"}
    return task_from_row({**base, **row}, "ID")


def drawn(
    density: str, shown: Task, *, beside: Beside | None = None, mark: Mark = Mark.NONE
) -> list[str]:
    plan = plan_card(SCHEMA, Look(density=density))
    lines = card(shown, plan, mark, 30, TODAY, beside=beside or Beside())
    return [text_of(line).rstrip() for line in lines]


def text_of(line: Line) -> str:
    return "".join(text for text, _ in line)


def test_a_long_title_has_two_lines_where_there_is_room() -> None:
    long = task(Title="The import stops at the first empty row of a file", Severity="Critical")
    lines = drawn("roomy", long, mark=Mark.CHANGED)
    assert lines[0] == "■ The import stops at the    ◆"
    assert lines[1] == "  first empty row of a file"
    assert lines[2] == "42   Critical"
    assert lines[3] == "AL Ada"
    assert drawn("comfortable", long)[0] == "■ The import stops at the fir…"


def test_a_short_title_leaves_its_second_line_to_the_long_text() -> None:
    lines = drawn("roomy", task(Notes="Upload a CSV\n\nwith an empty line 17"))
    assert [lines[0], lines[2]] == ["  Acme", "Upload a CSV with an empty li…"]
    assert drawn("roomy", task()) == ["  Acme", "42", "AL Ada", ""]


def test_a_compact_card_tells_who_and_when_below_the_title() -> None:
    shown = task(Severity="High", Area="API", Due="2026-11-19")
    assert drawn("compact", shown) == ["▲ Acme", "  AL  42 · API         late 3d"]
    unassigned = task(Due="2026-11-27", **{"Assigned To": None})
    assert drawn("compact", unassigned) == ["  Acme", "  —   42                   Fri"]


def test_a_line_tells_what_is_late_by_a_sign() -> None:
    assert drawn("line", task(Due="2026-11-19", Severity="Low")) == ["▽ Acme                 42 AL !"]


def test_a_card_counts_comments_and_files_and_the_days_in_its_stage() -> None:
    shown = task(Due="2026-12-12", Files=[{"filename": "a"}], Area="API")
    lines = drawn("comfortable", shown, beside=Beside(4, 6))
    assert lines[1] == "42   API                for 6d"
    assert lines[2] == "AL Ada          ≡4 ▤1 · 12 Dec"


@pytest.mark.parametrize(
    ("option", "sign", "role"),
    [("Critical", "■", "bad"), ("High", "▲", "warn"), ("Medium", "·", "dim"), ("Low", "▽", "dim")],
)
def test_a_priority_has_a_sign_and_a_colour(option: str, sign: str, role: str) -> None:
    plan = plan_card(SCHEMA, Look(density="comfortable"))
    first, second, _ = card(task(Severity=option), plan, Mark.NONE, 40, TODAY)
    assert first[0] == (sign, role)
    assert (f" {option} ", f"{role}@chip") in second


def test_a_colour_of_the_workflow_is_an_options_own() -> None:
    plan = plan_card(SCHEMA, Look(density="comfortable"))
    second = card(task(Area="API"), plan, Mark.NONE, 40, TODAY)[1]
    assert (" API ", "teal@chip") in second
    assert (" Board ", "dim@chip") in card(task(Area="Board"), plan, Mark.NONE, 40, TODAY)[1]


@pytest.mark.parametrize(
    ("options", "gravest"),
    [
        (("Low", "Medium", "High"), "High"),
        (("High", "Normal", "Low"), "High"),
        (("1", "2", "3", "4", "5"), "1"),
        (("Trivial", "Urgent"), "Urgent"),
    ],
)
def test_the_gravest_option_is_first_or_last_as_the_words_tell(
    options: tuple[str, ...], gravest: str
) -> None:
    field = Field("Priority", FieldType.SINGLE_SELECT, options=options)
    plan = plan_card(Schema(fields=(Field("Title"), field)), Look(density="line"))
    signs = {
        option: card(task(Priority=option), plan, Mark.NONE, 40, TODAY)[0][0][0] for option in options
    }
    assert [option for option, sign in signs.items() if sign == "■"] == [gravest]
    assert len([sign for sign in signs.values() if sign == "▽"]) == 1


def test_days_are_named_within_a_week() -> None:
    words = [day_words(date(2026, 11, day), TODAY) for day in (21, 22, 23, 28, 29)]
    assert words == ["21 Nov", "today", "Mon", "Sat", "29 Nov"]
    assert [late_words(days) for days in (1, 99, 100, 800)] == [
        "late 1d", "late 99d", "late 14w", "late 2y",
    ]  # fmt: skip
