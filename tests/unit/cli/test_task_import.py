"""Files become tasks: matched, tried, asked about, each row once, and what cannot be is given back."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fdtui.core.formulas import guarded
from fdtui.server.store import open_store, workspace
from fdtui.server.workflow.definition import parse
from tests.bench import importing
from tests.pty.strict import KEY, StrictFlowdash
from tests.unit.cli.conftest import Home
from tests.unit.cli.test_task_changes import office  # noqa: F401 (fixture)

SAMPLES = Path(__file__).parents[1] / "importing" / "samples"
EVERY_TYPE = """
id = "every"
name = "Every"
stages = [
    { name = "Open", checklist = ["Call", "Write"] },
    { name = "Done", end = true },
]
fields = [
    { id = "no", name = "No", type = "uniqueId", autoincrement = true },
    { id = "text", name = "Text", required = true },
    { id = "long", name = "Comments", type = "longText" },
    { id = "number", name = "Number", type = "number" },
    { id = "phone", name = "Phone", type = "phone" },
    { id = "money", name = "Money", type = "currency" },
    { id = "day", name = "Day", type = "date" },
    { id = "at", name = "At", type = "datetime" },
    { id = "who", name = "Who", type = "person" },
    { id = "one", name = "One", type = "singleSelect", options = ["a, b", "a"] },
    { id = "many", name = "Many", type = "multipleSelect", options = ["a, b", "a", "b"] },
    { id = "yes", name = "Yes", type = "checkbox" },
    { id = "files", name = "Files", type = "file" },
    { id = "mail", name = "Mail", type = "email" },
    { id = "page", name = "Page", type = "url" },
    { id = "closed", name = "Closed", editable = false },
]
people = [{ id = "p1", email = "ada@example.com", first_name = "Ada", last_name = "Lovelace" }]
links = [
    { id = "l1", name = "Children", to = "every", back = "Parent", many = true, back_many = false },
]
"""


def tasks(home: Home, *more: str) -> dict[str, dict[str, Any]]:
    """The tasks by the first of their fields."""
    rows = json.loads(home.run("task", "list", "--json", *more).out)
    return {str(list(row.values())[3]): row for row in rows}


def write(home: Home, name: str, text: str) -> str:
    (home.root / name).write_text(text)
    return name


TABLE = '''Company ID;Name;Number of Employees;Expected Close Date;Status;Owner;Colour
N-1;"Zoé; ""& Co""";1.100;31.01.2027;in progress;Ada Lovelace;red
42;Acme;;;;;
N-2;=1+1;12;2027-02-30;Nowhere;Nobody;
;x;;;;;
N-1;twice;;;;;
'''


def test_rows_become_tasks_and_others_change_by_their_unique_id(office: Home) -> None:  # noqa: F811
    write(office, "new.csv", TABLE)
    ran = office.run("task", "import", "new.csv", "--yes", "--map", "Name=Company Name")
    assert (ran.code, ran.out) == (5, "Created 1 task, changed 1, refused 3.\n")
    assert "CSV, separated by semicolons, UTF-8" in ran.err
    assert "Colour               →  (left out)" in ran.err
    assert "Line 4, column 4 (Expected Close Date): 2027-02-30 is invalid" in ran.err
    assert "column 5 (Status): Nowhere is not a stage of this workflow" in ran.err
    assert 'say --person "Nobody=E-MAIL"' in ran.err
    assert "Line 5, column 1 (Company ID): is required" in ran.err
    assert "Line 6, column 1 (Company ID): another row of the file has the same unique id" in ran.err
    known = tasks(office)
    made = {name: value for name, value in known["N-1"].items() if name != "Task URL"}
    assert made == {
        "Stage": "In Progress",
        "Assigned To": "ada@example.com",
        "Company ID": "N-1",
        "Company Name": 'Zoé; "& Co"',
        "Number of Employees": "1100",
        "Contract Value": None,
        "Expected Close Date": "2027-01-31",
        "International?": None,
        "Documents": [],
    } | {"Number of Employees": made["Number of Employees"]}
    assert known["42"]["Company Name"] == "Acme"
    assert known["42"]["Stage"] != ""


def test_what_was_refused_is_corrected_and_imported_again(home: Home) -> None:
    write(home, "new.csv", TABLE)
    assert home.run("task", "import", "new.csv", "--yes", "--quiet").code == 5
    rejected = home.root / "new.rejected.csv"
    rows = list(csv.reader(io.StringIO(rejected.read_text()), delimiter=";"))
    assert rows[0] == [*TABLE.splitlines()[0].split(";"), "Not imported because"]
    assert [row[:2] for row in rows[1:]] == [["N-2", "=1+1"], ["", "x"], ["N-1", "twice"]]
    assert rows[2][-1].startswith("Line 5, column 1 (Company ID): is required")
    corrected = rejected.read_text().replace("2027-02-30;Nowhere;Nobody", "2027-02-28;done;none")
    rejected.write_text("".join(corrected.splitlines(keepends=True)[:2]))
    ran = home.run("task", "import", rejected.name, "--yes", "--person", "none=", "--quiet")
    assert (ran.code, ran.out, ran.err) == (0, "", "In the database " if ran.err else "")
    assert tasks(home)["N-2"]["Company Name"] == "=1+1"
    again = home.run("task", "import", "new.csv", "--yes", "--quiet")
    assert again.code == 5
    assert (home.root / "new.rejected (1).csv").exists()


def test_a_rehearsal_tells_the_same_and_changes_nothing(office: Home) -> None:  # noqa: F811
    write(office, "new.csv", TABLE.replace("N-", "R-"))
    before = office.contents()
    tried = office.run("task", "import", "new.csv", "--dry-run")
    assert office.contents() == before
    assert (tried.code, tried.out) == (5, "Would create 1 task, change 1, refuse 3.\n")
    done = office.run("task", "import", "new.csv", "--yes")
    told = [line for line in tried.err.splitlines() if line.startswith("Line")]
    assert told == [line for line in done.err.splitlines() if line.startswith("Line")]
    asked = office.run("task", "import", "new.csv")
    assert (asked.code, "--yes" in asked.err) == (2, True)
    assert office.run("task", "import", "new.csv", "--yes", "--read-only").code == 2
    seen = office.run("task", "import", "new.csv", "--dry-run", "--read-only")
    assert seen.out == "Would create 0 tasks, change 2, refuse 3.\n"


@pytest.mark.parametrize(
    ("said", "err"),
    [
        (("no.csv",), "cannot be read"),
        (("new.csv", "--format", "excel"), "is no format"),
        (("new.csv", "--encoding", "klingon"), "is no encoding"),
        (("new.csv", "--map", "Nme=Stage"), "has no column"),
        (("new.csv", "--map", "Name=Stge"), "Did you mean"),
        (("new.csv", "--map", "Name"), "neither a pair nor a file"),
        (("new.csv", "--map", "no.toml"), "cannot be read"),
        (("new.csv", "--stage", "Nowhere"), "names no pair"),
        (("new.csv", "--rejects", "new.csv"), "is there already"),
        (("new.csv", "--create", "A", "--extend"), "exclude each other"),
        (("new.csv", "--db", "sqlite:///x.db"), "has no effect"),
        (("strange.csv",), "No column of the file"),
        (("empty.csv",), "is empty"),
        (("broken.json",), "is no whole JSON"),
    ],
)
def test_bad_wishes_are_told_and_nothing_is_done(home: Home, said: tuple[str, ...], err: str) -> None:
    write(home, "new.csv", TABLE)
    write(home, "strange.csv", "Foo,Bar\n1,2\n")
    write(home, "empty.csv", " \n")
    write(home, "broken.json", '[{"Company ID": "1"}, {')
    before = home.contents()
    ran = home.run("task", "import", *said, "--yes")
    assert (ran.code, ran.out) == (2, "")
    assert err in ran.err
    assert home.contents() == before


def test_how_it_is_matched_is_kept_for_the_next_time(home: Home) -> None:
    write(home, "one.csv", "Key,Firm,Where,Who\n1x,One,Doing,Ann\n")
    said = ("--map", "Key=company id", "--map", "Firm=Company Name", "--map", "Where=Stage",
            "--map", "Who=Assigned To", "--stage", "doing=In Progress",
            "--person", "Ann=ada@example.com")  # fmt: skip
    assert home.run("task", "import", "one.csv", *said, "--yes", "--save-map", "firms.toml").code == 0
    write(home, "two.csv", "Key,Firm,Where,Who,More\n2x,Two,DOING,ann,\n")
    assert home.run("task", "import", "two.csv", "--map", "firms.toml", "--yes").code == 0
    known = tasks(home)
    for uid, name in (("1x", "One"), ("2x", "Two")):
        assert known[uid]["Company Name"] == name
        assert (known[uid]["Stage"], known[uid]["Assigned To"]) == ("In Progress", "ada@example.com")


def test_stdin_is_a_file_and_json_tells_how_it_went(home: Home) -> None:
    text = '{"Company ID": "j1", "Company Name": "J"}\nnope\n'
    ran = home.run("task", "import", "-", "--yes", "--json", text=text)
    rejects = home.root / "stdin.rejected.jsonl"
    assert json.loads(ran.out) == {"created": 1, "changed": 0, "refused": 1, "rejects": str(rejects)}
    assert (ran.code, rejects.read_text()) == (5, "nope\n")
    assert tasks(home)["j1"]["Company Name"] == "J"


def test_an_import_that_is_killed_goes_on_and_has_every_row_once(tmp_path: Path) -> None:
    """No row has an unique id, so nothing but how far the import came says what is there."""
    for ended, found in importing.kill_and_go_on(tmp_path, 1_500, moments=2):
        assert len(found) == len(set(found)) == 1_500, ended


def test_a_file_without_unique_ids_is_imported_once_unless_it_is_said(home: Home) -> None:
    made = home.run("task", "import", "-", "--create", "Notes", "--yes", text="- [ ] one\n- [x] two\n")
    assert (made.code, made.out) == (0, "Created 2 tasks.\n")
    said = ("task", "import", "-", "--workflow", "Notes", "--yes")
    text = "Task,State\nthree,Done\n"
    assert home.run(*said, text=text).out == "Created 1 task.\n"
    again = home.run(*said, text=text)
    assert (again.code, again.out, "--again" in again.err) == (0, "", True)
    assert len(tasks(home, "--workflow", "Notes")) == 3
    assert home.run(*said, "--again", text=text).out == "Created 1 task.\n"


# ---- Flowdash itself ----


@pytest.fixture
def flowdash(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[StrictFlowdash]:
    """An install that takes one task at a time and keeps no names of requests."""
    strict = StrictFlowdash(unique_id=getattr(request, "param", True))
    monkeypatch.setenv("FDTUI_URL", strict.url)
    monkeypatch.setenv("FDTUI_API_KEY", KEY)
    yield strict
    strict.stop()


def test_flowdash_gets_one_task_after_the_other(home: Home, flowdash: StrictFlowdash) -> None:
    write(home, "new.csv", "Company ID,Name,Status\n42,Acme,Done\nN-1,New,done\nN-2,x,Nowhere\n")
    tried = home.run("task", "import", "new.csv", "--dry-run")
    assert (tried.out, flowdash.writes) == ("Would create 1 task, change 1, refuse 1.\n", [])
    ran = home.run("task", "import", "new.csv", "--yes")
    assert (ran.code, ran.out) == (5, "Created 1 task, changed 1, refused 1.\n")
    assert [body for _, _, body in flowdash.writes] == [
        {"Company ID": "42", "Company Name": "Acme", "Stage": "Done"},
        {"Company ID": "N-1", "Company Name": "New", "Stage": "Done"},
    ]


@pytest.mark.parametrize("flowdash", [False], indirect=True)
def test_a_row_that_had_arrived_is_not_sent_again(home: Home, flowdash: StrictFlowdash) -> None:
    """Ended between the answer and the note of it, on an install where rows have no unique ids."""
    write(home, "new.csv", "Company ID,Company Name\n1,One\n2,Two\n3,Three\n")
    assert home.run("task", "import", "new.csv", "--yes").code == 0
    (kept,) = (home.root / "data" / "imports").iterdir()
    noted = {**json.loads(kept.read_text()), "rows": 1, "created": 1, "is_finished": False}
    kept.write_text(json.dumps(noted))
    flowdash.rows.pop()
    ran = home.run("task", "import", "new.csv", "--yes")
    assert (ran.code, ran.out) == (0, "Created 3 tasks.\n"), ran.err
    assert [each["Company Name"] for each in flowdash.rows[3:]] == ["One", "Two", "Three"]


# ---- whole workflows ----


def test_each_programs_export_makes_a_workflow_of_its_own(home: Home) -> None:
    made = {
        "trello.json": 2, "jira.csv": 3, "asana.csv": 2, "linear.csv": 2, "github-issues.json": 2,
        "github-project.json": 2, "github-project.tsv": 1, "taskwarrior.json": 2, "todo.txt": 3,
        "checklist.md": 3,
    }  # fmt: skip
    for name, count in made.items():
        shutil.copy(SAMPLES / name, home.root / name)
        maps = ("--map", "Attachment=", "--map", "Attachments=")
        files = maps[:2] if name == "jira.csv" else maps[2:] if name == "trello.json" else ()
        tried = home.run("task", "import", name, "--create", name, "--dry-run", *files)
        assert tried.out == f"Would create {count} task{'s' * (count > 1)}.\n", tried.err
        ran = home.run("task", "import", name, "--create", name, "--yes", *files)
        assert (ran.code, ran.out) == (0, f"Created {count} task{'s' * (count > 1)}.\n"), ran.err
        assert len(tasks(home, "--workflow", name)) == count
    card = tasks(home, "--workflow", "trello.json")["Ab12Cd34"]
    assert card["Stage"] == "Doing"
    assert (card["Estimate"], card["Team"], card["Paid"]) == ("3.5", "Ops", True)
    assert card["Labels"] == ["Bug", "green_dark"]
    items = json.loads(
        home.run("checklist", "list", "Ab12Cd34", "--workflow", "trello.json", "--json").out
    )
    assert [(each["title"], each["status"]) for each in items] == [
        ("first", "Completed"), ("second", "Blank"), ("Before: call", "Blank"),
    ]  # fmt: skip
    said = json.loads(home.run("comment", "list", "2", "--workflow", "jira.csv", "--json").out)
    assert [(each["author"], each["body"]) for each in said] == [
        ("user@example.com", "no form at all"),
        ("Grace Hopper", "two\nlines; and; signs"),
    ]


def test_a_workflow_that_is_there_is_extended(home: Home) -> None:
    write(home, "new.csv", "Company ID,Colour,Status\nx1,red,Waiting\n")
    assert (
        "1 column has no field here; --extend" in home.run("task", "import", "new.csv", "--dry-run").err
    )
    ran = home.run("task", "import", "new.csv", "--extend", "--dry-run")
    assert (ran.code, ran.out) == (0, "Would create 1 task.\n")
    assert "+ stage Waiting" in ran.err and "+ field Colour: text" in ran.err
    assert "Colour" not in tasks(home)["42"]
    assert home.run("task", "import", "new.csv", "--extend", "--yes").code == 0
    assert (tasks(home)["x1"]["Colour"], tasks(home)["x1"]["Stage"]) == ("red", "Waiting")
    write(home, "other.csv", "Company ID,Name\nx2,Other\n")
    ran = home.run("task", "import", "other.csv", "--create", "company onboarding", "--yes")
    assert (ran.code, "--extend" in ran.err) == (2, True)


# ---- a round trip ----

HOSTILE = (
    'a, "b"; c', "=1+1", "'=1", "\u202eevil\x1b[31m", "line 1\r\nline 2\n", " blanks ", "", "-1",
    "🧯 zoé zoe\u0301 \ufeff", "\\n|`*_", "null", "0012",
)  # fmt: skip


def make_every(home: Home) -> None:
    with closing(open_store(f"sqlite:///{home.workspace}")) as store:
        store.write(lambda tx: workspace.add(tx, parse(EVERY_TYPE)))
    home.configure(home.config.read_text().replace('"2ylSaZ"', '"every"'))
    for at, text in enumerate(HOSTILE, 1):
        fields = {
            "Text": text or "x", "Comments": text, "Number": at, "Phone": "+44 20 7946", "Money": "1.5",
            "Day": "2027-01-31", "At": "2027-01-31T10:00:00.250000+02:00", "Who": "ada@example.com",
            "One": "a, b", "Many": ["a, b", "b"], "Yes": at % 2 == 0, "Mail": "a@b.example",
            "Page": "https://example.com/?a=b",
        }  # fmt: skip
        row = {name: value for name, value in fields.items() if at > 1 or name == "Text"}
        assert home.run("task", "new", "-", text=json.dumps(row)).code == 0
    (home.root / "plan.txt").write_bytes(bytes(range(256)))
    assert home.run("task", "attach", "2", "plan.txt", "--name", "../plän?.txt").code == 0
    assert home.run("task", "attach", "2", "plan.txt", "--name", "../plän?.txt").code == 0
    for text in HOSTILE[:5]:
        assert home.run("comment", "add", "2", "--", text).code == 0
    item = json.loads(home.run("checklist", "list", "2", "--json").out)[0]
    assert home.run("checklist", "done", "2", item["id"]).code == 0
    assert home.run("checklist", "add", "2", 'By "hand"').code == 0
    linked = {"No": "2", "Stage": "Open", "Task URL": "", "Children": [{"No": "3"}, {"No": "4"}]}
    assert home.run("task", "import", "-", "--yes", text=json.dumps(linked)).code == 0
    assert home.run("task", "rm", "5", "--yes").code == 0


def everything(home: Home, name: str, *more: str) -> list[dict[str, Any]]:
    """What an export holds, but for what another store calls otherwise."""
    assert home.run("task", "export", "--all", name, *more).code == 0
    lines = [json.loads(line) for line in (home.root / name / "tasks.jsonl").read_text().splitlines()]
    for line in lines:
        line["task"].pop("Task URL")
        for file in line["task"].get("Files") or []:
            del file["blobId"]
            file["bytes"] = (home.root / name / file.pop("path")).read_bytes()
    return lines


def test_nothing_is_lost_on_the_way_out_and_in(home: Home) -> None:
    make_every(home)
    before = everything(home, "out")
    assert home.run("task", "export", "--all", "out.zip").code == 0
    for name in ("out", "out.zip"):
        ran = home.run("task", "import", name, "--create", f"Of {name}", "--yes")
        assert (ran.code, ran.out) == (0, f"Created {len(before)} tasks.\n"), ran.err
        assert everything(home, f"again-{Path(name).suffix[1:]}", "--workflow", f"Of {name}") == before
    new = home.run("task", "new", "Text=x", "--workflow", "Of out")
    assert int(new.out) > len(HOSTILE)
    again = home.run("task", "import", "out", "--workflow", "Of out", "--yes")
    assert again.out == f"Created 0 tasks, changed {len(before)}.\n"
    assert everything(home, "third", "--workflow", "Of out")[:-1] == before


def test_a_table_gives_back_what_a_table_can_hold(home: Home) -> None:
    make_every(home)
    before = tasks(home)
    assert home.run("task", "export", "all.csv").code == 0
    text = (home.root / "all.csv").read_text()
    assert guarded("=1+1") in text
    changed = text.replace("https://example.com/?a=b", "https://example.com/new")
    (home.root / "all.csv").write_bytes(changed.encode())
    ran = home.run("task", "import", "all.csv", "--yes")
    assert (ran.code, ran.out) == (0, f"Created 0 tasks, changed {len(before)}.\n"), ran.err
    for uid, row in tasks(home).items():
        page = {"Page": "https://example.com/new"} if row["Page"] else {}
        empty = {"Comments": before[uid]["Comments"] or None}
        assert row == {**before[uid], **page, **empty}
