"""A script changes tasks: the same lines on a local workspace and on a served one, in order."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fdtui.cli.exit_codes import exit_code_of
from fdtui.cli.submitting import SEND_TIMEOUT, outcome_of
from fdtui.core.errors import FdtuiError, NotAuthenticatedError, UnreachableError
from fdtui.core.frozen import frozen
from fdtui.sync.writing.submitter import Submitted
from tests.pty.conftest import Server
from tests.unit.cli.conftest import WORKFLOW, Home


@frozen
class Line:
    """A command, and how it has to end: stdout exactly, and a part of stderr."""

    said: tuple[str, ...]
    out: str = ""
    err: str = ""
    code: int = 0
    stdin: str | None = None


def done(uid: str, sentence: str) -> str:
    return f"done: {uid}: {sentence}\n"


SCRIPT = (
    # a value is read by its field's type, a name is found whatever its case
    Line(
        ("set", "42", "number of employees=1,100", "Expected Close Date=2026-12-04"),
        done("42", "change Number of Employees and Expected Close Date"),
    ),
    Line(("set", "42", "Number of Employees=1100"), err="Nothing is to be changed."),
    Line(
        ("set", "42", "Number of Employees=x", "Expected Close Date=zz"),
        err="Number of Employees is invalid: a number such as 1234.5; Expected Close Date is invalid",
        code=5,
    ),
    Line(("set", "42", "Contract Value:=true"), err="Contract Value is invalid", code=5),
    Line(("set", "42", "Contract Value:={"), err="is no JSON", code=2),
    Line(("set", "42", "Company ID=41"), err="Company ID is not editable", code=5),
    Line(("set", "42", "Compny Name=x"), err="Did you mean Company Name?", code=2),
    Line(("set", "42", "Task URL=x"), err="cannot be set", code=2),
    Line(("set", "42", "Acme"), err="gives no field a value", code=2),
    Line(("set", "42"), err="What to change is not said.", code=2),
    Line(("set",), err="Which task is not said.", code=2),
    Line(("set", "42", "Stage=Done", "stage=Done"), err="Stage is given twice", code=2),
    Line(("set", "none", "Stage=Done"), err="There is no", code=3),
    Line(("set", "42", "Company Name=@name.txt"), done("42", "change Company Name")),
    Line(("set", "42", "Company Name=@no.txt"), err="no.txt cannot be read", code=2),
    Line(
        ("set", "42", "-"),
        done("42", "change Company Name and International?"),
        stdin='{"Company Name": "Acme = \\u00e9", "International?": true}',
    ),
    Line(("set", "42", "-"), err="Stdin holds no JSON object", code=2, stdin="[1]"),
    # what has to hold first
    Line(("move", "42", "done", "--if", "Stage=Not Started"), err="Stage is In Progress", code=7),
    Line(("move", "42", "done", "--if", "Stage=in progress"), done("42", "move to Done")),
    Line(("move", "42", "Doing"), err="Stage is not a stage of this workflow", code=5),
    Line(("move", "42"), err="Exactly one STAGE is needed, and there are 0", code=2),
    Line(("assign", "42", "me"), done("42", "assign to user@example.com")),
    Line(("assign", "42", "Ada Lovelace"), done("42", "assign to ada@example.com")),
    Line(("assign", "42", "none"), done("42", "unassign")),
    Line(("assign", "42", "a@b.example"), err="Assigned To is not a user of this workflow", code=5),
    Line(("new", "Company ID=one", "Company Name=One"), "one\n"),
    Line(("new", "Company ID=one"), err="A task with the id one exists already", code=7),
    Line(("new", "Company Name=Two"), err="Company ID is required", code=5),
    Line(("new", "--workflow", "bT7rG4", "Title=Bug", "--dry-run"), '{\n  "Title": "Bug"\n}\n'),
    # several at once
    Line(
        ("set", "--where", "stage:done", "Stage=New"),
        err="Stage is not a stage of this workflow",
        code=5,
    ),
    Line(("set", "--where", "id:42,one", "Contract Value=5"), err="Use --yes to agree to it.", code=2),
    Line(
        ("set", "--where", "id:42,one", "Contract Value=5", "--yes"),
        done("42", "change Contract Value") + done("one", "change Contract Value"),
    ),
    Line(("set", "--where", "id:nothing", "Contract Value=5"), err="Nothing is to be changed."),
    Line(("set", "--where", "foo:bar", "Stage=Done"), err="There is no field “foo”", code=2),
    Line(("link", "2", "expenses", "1", "--workflow", "bT7rG4"), done("2", "link 1 in Expenses")),
    Line(("link", "2", "Costs", "1", "--workflow", "bT7rG4"), err="It has Expenses.", code=2),
    Line(("unlink", "2", "Expenses", "1", "--workflow", "bT7rG4"), done("2", "unlink 1 in Expenses")),
    Line(("unlink", "2", "Expenses", "1", "--workflow", "bT7rG4"), err="is not linked", code=3),
    Line(("set", "43", "Stage=Done", "--queue", "--dry-run"), err="exclude each other", code=2),
    Line(("rm", "one"), err="Use --yes to agree to it.", code=2),
    Line(("rm", "one", "--yes", "--quiet")),
    Line(("rm", "one", "--yes"), err="There is no", code=3),
    # later: it waits for `sync`, a board, or the next command that sends
    Line(("set", "43", "Company Name=Later", "--queue"), err="1 change was queued"),
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("served"))
    yield started
    started.stop()


@pytest.fixture(params=["local", "served"])
def office(
    request: pytest.FixtureRequest,
    make_home: Callable[[Path], Home],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Home:
    """A home whose tasks are in a file, or behind HTTP."""
    home = make_home(tmp_path / "home")
    if request.param == "served":
        server = request.getfixturevalue("served")
        monkeypatch.setenv("FDTUI_URL", server.url)
        monkeypatch.setenv("FDTUI_API_KEY", server.key)
        monkeypatch.setenv("FDTUI_WORKFLOW", WORKFLOW)
        monkeypatch.setenv("FDTUI_USER", "user@example.com")
    return home


def test_a_script_changes_tasks(office: Home) -> None:
    (office.root / "name.txt").write_text("Acme\n", "utf-8")
    for line in SCRIPT:
        ran = office.run("task", *line.said, text=line.stdin)
        assert (line.said, ran.code, ran.err) == (line.said, line.code, ran.err)
        assert line.err in ran.err, line.said
        shown = ran.out.partition("/tasks\n")[2] if "--dry-run" in line.said else ran.out
        assert sorted(shown.splitlines()) == sorted(line.out.splitlines()), line.said
        if not line.err:
            assert ran.err == "", line.said
    waiting = office.run("journal", "list").out
    assert "Later" not in office.run("task", "show", "43").out
    assert waiting.count("\n") == 1, "refusals that were answered wait for nobody"
    assert office.run("sync").code == 0
    now = json.loads(office.run("task", "show", "43", "--json").out)
    assert now["Company Name"] == "Later"


def test_json_is_the_task_as_it_is_now(office: Home) -> None:
    ran = office.run("task", "set", "44", "Number of Employees=7", "--json")
    assert json.loads(ran.out)["Number of Employees"] == "7"
    again = office.run("task", "set", "44", "Number of Employees=7", "--json")
    assert json.loads(again.out) == json.loads(ran.out)
    many = office.run("task", "set", "--where", "id:44,45", "Contract Value=1", "--yes", "--json")
    assert [each["Company ID"] for each in json.loads(many.out)] == ["44", "45"]
    bad = office.run("task", "set", "44", "Number of Employees=x", "--json")
    assert (bad.code, json.loads(bad.out)) == (
        5,
        {"errors": {"Number of Employees": ["is invalid: a number such as 1234.5"]}},
    )


def test_a_form_in_an_editor_is_sent(
    office: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    editor = tmp_path / "editor"
    editor.write_text(
        '#!/bin/sh\nsed -i \'s/^"Company Name".*/"Company Name" = "Ed\\\\u0069ted"/\' "$1"\n'
    )
    editor.chmod(0o700)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(editor))
    ran = office.run("task", "set", "46", "Contract Value=3", "--edit")
    assert (ran.code, ran.out) == (0, done("46", "change Company Name and Contract Value")), ran.err
    assert json.loads(office.run("task", "show", "46", "--json").out)["Company Name"] == "Edited"
    editor.write_text('#!/bin/sh\nprintf \'"Contract Value" = "dear"\' > "$1"\n')
    ran = office.run("task", "set", "46", "--edit")
    assert ran.code == 5
    assert "Contract Value is invalid" in ran.err
    kept = Path(ran.err.partition("is kept in ")[2].splitlines()[0].removesuffix("."))
    assert kept.read_text() == '"Contract Value" = "dear"'


@pytest.mark.parametrize(
    ("withdrawn", "problem", "code"),
    [
        (2, None, 6),
        (2, NotAuthenticatedError("No."), 4),
        (1, UnreachableError("No."), 8),
        (0, None, 8),
    ],
)
def test_what_has_no_answer_has_an_exit_code(
    withdrawn: int, problem: FdtuiError | None, code: int
) -> None:
    error = outcome_of(Submitted((None, None), withdrawn, problem), SEND_TIMEOUT).problem
    assert error is not None
    assert exit_code_of(error) == code


def test_what_cannot_be_sent_is_taken_back(
    home: Home, monkeypatch: pytest.MonkeyPatch, served: Server
) -> None:
    monkeypatch.setenv("FDTUI_URL", served.url)
    monkeypatch.setenv("FDTUI_API_KEY", "fd_wrong")
    monkeypatch.setenv("FDTUI_WORKFLOW", WORKFLOW)
    assert home.run("task", "move", "42", "Done").code == 4
    monkeypatch.setenv("FDTUI_URL", "http://127.0.0.1:1")
    assert home.run("task", "move", "42", "Done").code == 6
    assert home.run("journal", "list").out == ""
