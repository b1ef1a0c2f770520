"""Executions, requests, actions and the cards of a triage as lines and values."""

import pytest

from fdtui.core import job
from fdtui.core.details import Action, Details
from fdtui.core.frozen import replace
from fdtui.core.job import Run
from fdtui.core.schema import Field, FieldType, Schema, Stage, WorkflowRef
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.task_map import TaskMap
from fdtui.sync.requestlog import MAX_REQUESTS, Request, RequestLog
from fdtui.tui.activity.request_rows import curl, request_rows, size_of
from fdtui.tui.activity.run_rows import RunKeys, Sight, rows_in_view
from fdtui.tui.preferences import ASCII, UNICODE
from fdtui.tui.presentation.actions import CHECKLIST, action_rows, missing_fields, place_of
from fdtui.tui.presentation.runs import count_of, ended_words, sign_of, since, span
from fdtui.tui.terminal import notify
from fdtui.tui.toolkit.cells import Line, line_width
from fdtui.tui.triage.queue import TriageQueue

SCHEMA = Schema(
    (Stage("To do"), Stage("Done")),
    (Field("ID", FieldType.UNIQUE_ID), Field("Name", required=True), Field("Name of house")),
    (),
)
NOW = 1_795_000_000.0
RUN = Run(1, "w", "7", "7", "Acme", "a", "Approve", "ada@example.com", NOW - 5, "e1", "Pending")
TASK = Task("7", "7", {"ID": "7", "Stage": "To do", "Name": None})


def state(*runs: Run, **details: object) -> State:
    return State(
        workflow=WorkflowRef("w", "Work"),
        schema=SCHEMA,
        base=TaskMap({"7": TASK}),
        runs=runs,
        details={"7": Details(**details)} if details else {},  # type: ignore[arg-type]
    )


def text(line: Line) -> str:
    return "".join(piece for piece, _ in line)


def rows(*runs: Run, at: int = 0, width: int = 100, height: int = 6, keys: bool = True) -> list[str]:
    sight = Sight(
        state(*runs, actions=(Action("b", "Go on"),)),
        UNICODE,
        width,
        height,
        NOW,
        keys,
        RunKeys("r", "enter"),
    )
    made, _ = rows_in_view(runs, at, 0, sight)
    assert len(made) <= height
    assert all(line_width(row.line) <= width for row in made)
    return [text(row.line).rstrip() for row in made]


@pytest.mark.parametrize(
    ("status", "sign", "word"),
    [
        ("Pending", "⟳", "Pending"), ("Success", "✓", "Success"), ("Fail", "✗", "Fail"),
        ("Unknown", "?", "Unknown"), ("Lost", "?", "Lost"), ("Refused", "✗", "Refused"),
        ("Thinking", "⟳", "Thinking"), ("\x1b[2J", "⟳", "␛[2J"),
    ],
)  # fmt: skip
def test_a_state_is_a_glyph_and_a_word(status: str, sign: str, word: str) -> None:
    assert sign_of(replace(RUN, status=status), UNICODE)[:2] == (sign, word)
    assert sign_of(replace(RUN, status=status), ASCII)[0].isascii()


def test_a_row_says_what_on_which_task_by_whom_and_how_long() -> None:
    (row,) = rows(RUN)
    for part in ("⟳ Pending", "Approve", "Acme", "· 7", "ada", "5 s"):
        assert part in row


def test_errors_are_told_whole_under_the_bar_and_cut_elsewhere() -> None:
    long = "foo is not a valid e-mail address, " * 8
    failed = replace(RUN, status=job.FAIL, errors=(long, "and more"), ended=NOW)
    shown = " ".join(rows(failed, height=9))
    assert shown.count("foo") == 8 and "and more" in shown
    first, second = rows(RUN, replace(failed, ticket=2, is_read=True))[:2]
    assert "foo" not in first and second.count("foo") <= 2


def test_what_is_unknown_is_told_with_how_the_task_stands() -> None:
    shown = " ".join(rows(replace(RUN, status=job.UNKNOWN, errors=("Timed out.",), ended=NOW)))
    assert "in To do now and offers Go on" in shown and "r sends it" in shown


def test_the_bar_stays_in_view() -> None:
    many = [replace(RUN, ticket=n, title=f"Task {n}") for n in range(50)]
    assert "Task 40" in " ".join(rows(*many, at=40))
    assert rows(*many, at=49, height=1)[0].count("Task 49") == 1


def test_hostile_words_are_shown_and_not_obeyed() -> None:
    bad = "\x1b]52;c;x\x07[@click=app.quit]x[/]\u202e"
    hostile = replace(
        RUN, title=bad, action=bad, uid=bad, who=bad, errors=(bad,), status=job.FAIL, ended=NOW
    )
    for line in rows(hostile, height=9):
        assert line.isprintable()
    for line in action_rows(TASK, state(hostile, actions=(Action("x", bad),)), 60, UNICODE):
        assert text(line).isprintable() or not line
    assert "\x1b]52" not in notify.notification(ended_words([hostile]), {})
    request = Request(NOW, "GET\x1b", "/x\x1b", 200, 0.1, 3, bad)
    for row in request_rows([request], 0, 0, (80, 5), UNICODE, has_keys=True)[0]:
        assert text(row.line).isprintable()


def test_the_status_line_counts_what_runs_and_what_nobody_has_read() -> None:
    failed = replace(RUN, status=job.FAIL)
    runs = (RUN, failed, replace(failed, is_read=True), replace(RUN, status=job.UNKNOWN))
    assert [piece for piece, _ in count_of(state(*runs), UNICODE)] == [
        "⟳ 1 running", "✗ 1 failed", "? 1 unknown",
    ]  # fmt: skip
    assert count_of(state(), UNICODE) == []


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.44, "0.4 s"), (5.9, "5 s"), (59, "59 s"), (60, "1 min"), (7200, "2 h"), (200_000, "2 d")],
)
def test_spans(seconds: float, said: str) -> None:
    assert span(seconds) == said


def test_actions_are_numbered_and_wrapped() -> None:
    actions = tuple(Action(str(n), f"Action number {n}") for n in range(12))
    lines = [text(line) for line in action_rows(TASK, state(actions=actions), 40, UNICODE)]
    assert lines[0].startswith(" 1  Action number 0 ") and " 9  Action number 8 " in " ".join(lines)
    assert " ·  Action number 11 " in " ".join(lines)
    assert all(len(line) <= 42 for line in lines)


def test_what_the_schema_wants_is_said_before() -> None:
    assert missing_fields(TASK, SCHEMA) == ("Name",)
    lines = action_rows(TASK, state(actions=(Action("a", "Approve"),)), 60, UNICODE)
    assert "! Name is required and empty" in [text(line) for line in lines]


@pytest.mark.parametrize(
    ("error", "place"),
    [
        ("Name is required", "Name"), ("Must be assigned", "Assigned To"),
        ("Checklist must be completed", CHECKLIST), ("Name of house must not be red", "Name of house"),
        ("The moon is wrong", ""),
    ],
)  # fmt: skip
def test_where_a_requirement_is_met(error: str, place: str) -> None:
    assert place_of((error,), SCHEMA) == place


def test_curl_names_the_key_and_quotes_the_rest() -> None:
    request = Request(NOW, "POST", "/api/v1/a'b", 201, 0.1, 3, body='{"a": "it\'s"}')
    assert curl(request, "https://example.com") == (
        "curl -X POST 'https://example.com/api/v1/a'\"'\"'b' -H \"Authorization: Bearer "
        "$FDTUI_API_KEY\" -H 'Content-Type: application/json' -d '{\"a\": \"it'\"'\"'s\"}'"
    )


def test_the_log_is_bounded() -> None:
    log = RequestLog()
    for n in range(MAX_REQUESTS + 5):
        log.add(Request(NOW, "GET", f"/{n}", 200, 0.1, 3))
    assert len(log.requests) == MAX_REQUESTS and log.total == MAX_REQUESTS + 5
    shown, top = request_rows(tuple(log.requests), 300, 0, (80, 5), UNICODE, has_keys=True)
    assert top <= 300 < top + 5 and len(shown) == 5
    assert [size_of(n) for n in (12, 4_000, 12_000_000)] == ["12 B", "4.0 kB", "12.0 MB"]


def test_a_notification_is_asked_for_as_terminals_know_it() -> None:
    over = replace(RUN, status=job.SUCCESS)
    assert since([RUN], [over]) == [over] and since([over], [over]) == []
    words = ended_words([over])
    assert notify.notification(words, {}).startswith("\x1b]9;Approve: Success, Acme\x07")
    assert notify.notification(words, {"TMUX": "1"}).startswith("\x1bPtmux;\x1b\x1b]9;")


def test_cards_go_on_over_what_is_gone_and_remember() -> None:
    cards = TriageQueue(("a", "b", "c", "d"), 0)
    there = {"a", "c", "d"}
    cards = cards.gone(1, "decided", there)
    assert cards.key == "c" and cards.coming(2) == ("c", "d")
    assert cards.gone(-1, "", there).key == "a"
    assert cards.gone(-1, "", there).gone(-1, "", there).key == "a"
    cards = cards.gone(1, "skipped", there).gone(1, "snoozed", there)
    assert cards.key is None and cards.counts() == {"decided": 1, "snoozed": 1, "skipped": 1}
    assert cards.gone(1, "skipped", there).at == 4
    assert cards.gone(-1, "", there).key == "d"
