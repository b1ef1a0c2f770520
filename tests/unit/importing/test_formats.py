"""Each format that people have is recognised, and each value in it is read as it was written."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from fdtui.core.errors import BadJsonError, UsageError
from fdtui.importing.formats import recognised
from fdtui.importing.rows import ForeignFile, SourceRow
from fdtui.importing.text import HEAD_BYTES, encoding_of, opened

SAMPLES = Path(__file__).parent / "samples"


def read(data: bytes, name: str, format: str = "") -> tuple[ForeignFile, list[SourceRow]]:  # noqa: A002
    """How a file is recognised, and its rows."""
    encoding = encoding_of(io.BytesIO(data))
    head = opened(io.BytesIO(data), encoding).read(HEAD_BYTES)
    file = recognised(head, name, format, is_whole=len(head) < HEAD_BYTES)
    return file, list(file.read(opened(io.BytesIO(data), encoding)))


def sample(name: str) -> tuple[ForeignFile, list[SourceRow]]:
    return read((SAMPLES / name).read_bytes(), name)


def values(rows: list[SourceRow]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.values.items() if value != ""} for row in rows]


def test_a_board_of_trello() -> None:
    file, rows = sample("trello.json")
    assert (file.format, file.noun, [row.line for row in rows]) == ("trello", "card", [1, 2, 3, 4])
    assert [row.is_archived for row in rows] == [False, False, True, True]
    url = "https://trello.com/1/cards/1/attachments/x/download/plan.pdf"
    assert values(rows[:2]) == [
        {
            "Card ID": "Ab12Cd34",
            "Name": 'Fix "header", now 🧯',
            "Description": "line 1\r\nline 2",
            "List": "Doing",
            "Members": ["Ada Lovelace", "grace_h"],
            "Labels": ["Bug", "green_dark"],
            "Due": "2026-10-01T09:30:00.000Z",
            "Due Complete": True,
            "Start": "2026-09-28T00:00:00.000Z",
            "URL": "https://trello.com/c/Ab12Cd34",
            "Checklists": [
                {"title": "first", "status": "Completed"},
                {"title": "second", "status": "Blank"},
                {"title": "Before: call", "status": "Blank"},
            ],
            "Comments": [
                {"author": "grace_h", "timestamp": "2026-10-01T08:00:00.000Z", "body": "older"},
                {
                    "author": "Ada Lovelace",
                    "timestamp": "2026-10-02T08:00:00.000Z",
                    "body": "newer\nwith a line",
                },
            ],
            "Attachments": [{"remoteUrl": url, "filename": "plan.pdf"}],
            "Estimate": "3.5",
            "Team": "Ops",
            "Paid": True,
        },
        {"Card ID": "Ef56", "Name": "Plain", "List": "To do"},
    ]


def test_a_table_of_jira() -> None:
    file, rows = sample("jira.csv")
    assert (file.format, file.separator) == ("jira", ",")
    assert [row.line for row in rows] == [2, 4, 6]
    link = {"remoteUrl": "https://jira.example.com/attachment/1/plan.pdf", "filename": "plan; b.pdf"}
    first, second, third = values(rows)
    assert first == {
        "Summary": 'Fix "header", now',
        "Issue key": "WEB-1",
        "Issue id": "10001",
        "Issue Type": "Bug",
        "Status": "To Do",
        "Priority": "Highest",
        "Assignee": "ada@example.com",
        "Created": "03/Sep/26 9:05 AM",
        "Due date": "30/Oct/26 5:00 PM",
        "Labels": ["payments", "Design 🎨"],
        "Description": "line 1\r\nline 2; with",
        "Attachment": [link],
        "Comment": [
            {"author": "5b10ac", "timestamp": "05/Sep/26 11:00 AM", "body": "First; run, at 40%"}
        ],
        "Story Points": "3.0",
        "Team": "Web",
        "Inward issue link (Blocks)": ["WEB-2"],
    }
    assert second["Comment"] == [
        {"author": "", "timestamp": "", "body": "no form at all"},
        {
            "author": "Grace Hopper",
            "timestamp": "06/Sep/26 2:00 PM",
            "body": "two\nlines; and; signs",
        },
    ]
    assert (second["Labels"], second["Attachment"]) == ([], [])
    assert "Issue key" not in third and third["Issue id"] == "10003"


def test_a_table_of_asana_below_what_a_spreadsheet_puts_above() -> None:
    file, rows = sample("asana.csv")
    assert (file.format, [row.line for row in rows]) == ("asana", [5, 7])
    first, second = values(rows)
    assert first == {
        "Task ID": "1205993847561234",
        "Created At": "2026-09-01",
        "Last Modified": "2026-09-02",
        "Name": "Launch, site",
        "Section/Column": "Build",
        "Assignee": "Ada Lovelace",
        "Assignee Email": "ada@example.com",
        "Start Date": "2026-09-20",
        "Due Date": "2026-10-15",
        "Tags": ["Design", "Q4 launch"],
        "Notes": "Line one\nLine two, with a comma",
        "Projects": ["Website"],
        "Completed": False,
    }
    assert second["Projects"] == ["Website", "Ops"]
    assert (second["Completed"], second["Parent task"]) == (True, "Launch, site")


def test_a_table_of_linear_with_a_short_row_and_a_guarded_cell() -> None:
    file, rows = sample("linear.csv")
    assert (file.format, [row.problem for row in rows]) == ("linear", ["", ""])
    first, second = values(rows)
    assert first["Description"] == "Line one\nline two, “quotes” ✓"
    assert first["Labels"] == ["agent-ready", "seo"]
    assert first["Created"] == "Wed May 13 2026 11:21:41 GMT+0000 (GMT+00:00)"
    assert second["Title"] == '=HYPERLINK("https://example.com")'
    assert second["Parent issue"] == "ACME-1"


def test_issues_of_github_in_both_spellings() -> None:
    file, rows = sample("github-issues.json")
    assert (file.says, [row.line for row in rows]) == ("GitHub issues", [2, 8])
    assert values(rows) == [
        {
            "Number": 12,
            "Title": 'Crash on "quit" 🐛',
            "Body": "Steps:\r\n1. quit",
            "Status": "open",
            "Labels": ["bug", "good first issue"],
            "Assignees": ["ada", "omar"],
            "Milestone": "1.0",
            "URL": "https://github.com/o/r/issues/12",
            "Created": "2026-01-31T10:00:00Z",
            "Author": "grace",
        },
        {
            "Number": 13,
            "Title": "Fix it",
            "Status": "closed",
            "URL": "https://github.com/o/r/pull/13",
            "Created": "2026-02-01T10:00:00Z",
            "Closed": "2026-02-02T10:00:00Z",
            "Kind": "Pull request",
        },
    ]
    _, (row,) = sample("gh-issues.json")
    said = {"author": "grace", "timestamp": "2026-02-01T09:00:00Z", "body": "Same here"}
    assert row.values["Comments"] == [said]
    assert (row.values["Assignees"], row.values["Status"]) == (["ada"], "OPEN")


def test_a_project_of_github_as_json_and_as_a_table() -> None:
    file, rows = sample("github-project.json")
    assert (file.says, file.noun) == ("GitHub project", "item")
    assert values(rows) == [
        {
            "Number": "o/r#12",
            "Title": "Crash",
            "Body": "b",
            "Status": "In progress",
            "Labels": ["bug"],
            "Assignees": ["ada"],
            "URL": "https://github.com/o/r/issues/12",
            "Repository": "https://github.com/o/r",
            "Item ID": "PVTI_1",
            "Kind": "Issue",
            "Story points": 3,
        },
        {"Number": "PVTI_2", "Title": "A draft", "Item ID": "PVTI_2", "Kind": "DraftIssue"},
    ]
    file, (row,) = sample("github-project.tsv")
    assert (file.format, file.separator) == ("github", "\t")
    assert row.values["Assignees"] == ["ada", "omar"]
    assert row.values["Title"] == 'Crash on "quit"'


def test_tasks_of_taskwarrior_in_a_list_and_a_line_each() -> None:
    file, rows = sample("taskwarrior.json")
    assert (file.format, [row.is_archived for row in rows]) == ("taskwarrior", [False, False, True])
    assert values(rows)[0] == {
        "description": "Buy milk",
        "entry": "20141018T050231Z",
        "modified": "20141018T050231Z",
        "status": "pending",
        "uuid": "a360fc44-315c-4366-b70c-ea7e7520b749",
        "due": "20261031T230000Z",
        "project": "home",
        "tags": ["shop", "weekly"],
        "annotations": [
            {"author": "", "timestamp": "20141019T050231Z", "body": 'oat, not "cow"'},
        ],
        "depends": ["b1"],
    }
    assert rows[1].values["depends"] == ["c1", "c2"]
    lines = (SAMPLES / "taskwarrior.json").read_text().replace("},\n", "}\n").strip("[]\n")
    file, again = read(lines.encode(), "export.json")
    assert file.format == "taskwarrior"
    assert values(again) == values(rows)


def test_todo_txt() -> None:
    file, rows = sample("todo.txt")
    assert (file.format, [row.line for row in rows]) == ("todotxt", [1, 2, 4])
    assert values(rows) == [
        {
            "Task": "Thank Mom for the meatballs @phone +Family",
            "State": "Open",
            "Priority": "A",
            "Created": "2026-01-02",
            "Projects": ["Family"],
            "Contexts": ["phone"],
            "due": "2026-01-31",
        },
        {
            "Task": "Review Tim's pull request https://github.com/o/r +Work @office @laptop",
            "State": "Done",
            "Priority": "B",
            "Completed": "2026-01-05",
            "Created": "2026-01-02",
            "Projects": ["Work"],
            "Contexts": ["office", "laptop"],
            "pri": "B",
        },
        {"Task": 'Meet at 10:30, bring "tea" ☕', "State": "Open", "rec": "+1w"},
    ]


def test_a_checklist_below_headings() -> None:
    file, rows = sample("checklist.md")
    assert (file.format, [row.line for row in rows]) == ("markdown", [6, 10, 13])
    assert values(rows) == [
        {
            "Task": "Write **docs**",
            "Section": "Doing",
            "Done": False,
            "Text": "Ask Ada first.",
            "Items": [
                {"title": "outline", "status": "Completed"},
                {"title": "examples", "status": "Blank"},
            ],
        },
        {"Task": "Ship it", "Section": "Doing", "Done": True},
        {"Task": "Celebrate 🎉", "Section": "Later", "Done": True},
    ]


def test_a_table_of_markdown() -> None:
    _, rows = sample("table.md")
    assert values(rows[:2]) == [
        {"ID": "T-1", "Title": "a | b \\ c\nsecond line", "Stage": "Open", "Due": "2026-01-31"},
        {"ID": "T-2", "Title": "*stars*", "Stage": "Done"},
    ]
    assert [(row.line, row.problem) for row in rows[2:]] == [
        (7, "it has 5 cells, and the header 4"),
    ]


@pytest.mark.parametrize(
    ("data", "separator"),
    [
        (b'\xef\xbb\xbfsep=;\r\n"A b";"C"\r\n"x\r\ny";" 2"\r\n\r\n', ";"),
        ('"A b"\t"C"\n"x\r\ny"\t" 2"\n'.encode("utf-16"), "\t"),
        ('A b|C\r"x\r\ny"| 2\r'.encode("utf-32"), "|"),
        (b'\n\nA b,C\n"x\r\ny", 2', ","),
    ],
)
def test_marks_separators_and_line_ends_are_recognised(data: bytes, separator: str) -> None:
    file, (row,) = read(data, "x.csv")
    assert (file.separator, file.columns) == (separator, ("A b", "C"))
    assert row.values == {"A b": "x\r\ny", "C": " 2"}


def test_what_is_no_unicode_is_read_as_windows_writes_it() -> None:
    data = "Name;Preis\nCafé;5 €\n".encode("cp1252")
    assert encoding_of(io.BytesIO(data)).is_guess
    _, (row,) = read(data, "x.csv")
    assert row.values == {"Name": "Café", "Preis": "5 €"}
    assert encoding_of(io.BytesIO(data), "latin-1").codec == "iso8859-1"
    with pytest.raises(UsageError):
        encoding_of(io.BytesIO(data), "no such")


def test_what_is_wrong_with_a_row_is_told_with_its_line() -> None:
    _, rows = read(b'A,B\n1,2,3\n"x"y,1\n4\n,,,\n5,6,\n"never closed,\n\n', "x.csv")
    assert [(row.line, row.problem[:25], row.values) for row in rows] == [
        (2, "it has 3 cells, and the h", {"A": "1", "B": "2"}),
        (3, "behind a closing quotatio", {}),
        (4, "", {"A": "4"}),
        (6, "", {"A": "5", "B": "6"}),
        (7, "a quotation mark is opene", {}),
    ]
    assert rows[1].raw == '"x"y,1\n'
    _, lines = read(b'{"A": 1}\n\nnope\n{"A": 1, "A": 2}\n[]\n', "x.jsonl")
    assert [(row.line, bool(row.problem)) for row in lines] == [
        (1, False), (3, True), (4, True), (5, True),
    ]  # fmt: skip


def test_a_list_that_breaks_off_gives_what_came_before() -> None:
    data = b'[\n{"A": 1},\n{"A": 2},\n{"A": '
    file = recognised(data.decode(), "x.json")
    rows = file.read(opened(io.BytesIO(data), encoding_of(io.BytesIO(data))))
    assert [next(rows).line, next(rows).line] == [2, 3]
    with pytest.raises(BadJsonError, match="line 4"):
        next(rows)


def test_a_column_that_stands_twice_is_a_list_and_a_nameless_one_has_its_number() -> None:
    file, rows = read(b"A,B,,A\n1,2,3,4\n,x,,\n", "x.csv")
    assert file.columns == ("A", "B", "Column 3", "A")
    assert [row.values for row in rows] == [
        {"A": ["1", "4"], "B": "2", "Column 3": "3"},
        {"A": [], "B": "x", "Column 3": ""},
    ]


def test_an_object_that_holds_a_list_is_one_too_and_a_format_can_be_forced() -> None:
    file, rows = read(b'{"count": 1, "tasks": [{"A": 1}]}', "x.json")
    assert (file.format, [dict(row.values) for row in rows]) == ("json", [{"A": 1}])
    file, rows = read(b"A,B\n1,2\n", "x", "todotxt")
    assert [row.values["Task"] for row in rows] == ["A,B", "1,2"]
    for wrong in ("", " \n"):
        with pytest.raises(UsageError, match="is empty"):
            recognised(wrong, "x")
    with pytest.raises(UsageError, match="no format"):
        recognised("x", "x", "excel")
