"""Lists in every form: what a program reads is exact, and what a person reads is safe and aligned."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
import sys
import termios

import pytest
from rich.cells import cell_len

from fdtui.cli.tables import _fitted
from tests.unit.cli.conftest import WORKFLOW, Home

NASTY = 'a,b "c" | d\n\x1b[31m=\u202e\u200be'
FIELDS = "Company ID,Company Name"


@pytest.fixture
def nasty(home: Home) -> Home:
    """A home with two tasks whose texts are hard to print."""
    for uid, name in (("n1", NASTY), ("n2", "=1+1"), ("n3", "-5"), ("n4", "株式会社😀")):
        text = json.dumps({"Company ID": uid, "Company Name": name, "Stage": "Under Review"})
        assert home.run("task", "new", "-", text=text).code == 0
    return home


def listed(home: Home, *said: str) -> str:
    ran = home.run("task", "list", "--filter", "id:n1,n2,n3,n4", *said)
    assert ran.code == 0, ran.err
    return ran.out


def test_each_form_gives_back_what_is_there(nasty: Home) -> None:
    rows = json.loads(listed(nasty, "--json"))
    assert rows[0]["Company Name"] == NASTY
    assert [json.loads(line) for line in listed(nasty, "--jsonl").splitlines()] == rows
    chosen = listed(nasty, "--jsonl", "--fields", "company id").splitlines()
    assert chosen == [f'{{"Company ID":"n{number}"}}' for number in (1, 2, 3, 4)]
    read = list(csv.reader(io.StringIO(listed(nasty, "--csv", "--fields", FIELDS))))
    assert read == [
        FIELDS.split(","),
        ["n1", NASTY],
        ["n2", "'=1+1"],
        ["n3", "-5"],
        ["n4", "株式会社😀"],
    ]
    lines = listed(nasty, "--markdown", "--fields", FIELDS).splitlines()
    assert lines[:3] == [
        "| Company ID | Company Name |",
        "| --- | --- |",
        '| n1 | a,b "c" \\| d<br>\x1b\\[31m=\u202e\u200be |',
    ]
    assert listed(nasty, "--template", "$$${Company ID}: $stage").splitlines()[1] == "$n2: Under Review"


def test_a_pipe_gets_aligned_lines_without_a_header(nasty: Home) -> None:
    lines = listed(nasty, "--fields", "Company Name,Company ID").splitlines()
    assert len(lines) == 4
    assert {cell_len(line) for line in lines} == {cell_len(lines[0])}
    assert lines[0].startswith('a,b "c" | d␊␛[31m=\\u202e\\u200be')


def test_the_order_is_by_meaning(home: Home) -> None:
    out = home.run("task", "list", "--sort=-number of employees", "--template", "${number of employees}")
    numbers = [int(each.replace(",", "")) if each else -1 for each in out.out.splitlines()]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) > 10
    stages = home.run("task", "list", "--sort", "stage", "--template", "$stage").out.splitlines()
    assert list(dict.fromkeys(stages)) == ["Not Started", "In Progress", "Under Review", "Done"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (("--csv", "--jsonl"), "exclude each other"),
        (("--json", "--template", "x"), "exclude each other"),
        (("--fields", "Nope"), "There is no field Nope."),
        (("--sort", "Nope"), "There is no field Nope."),
        (("--template", "$"), "The template has a $ without a name."),
        (("--template", "${Nope}"), "There is no field Nope."),
        (("--filter", "stage:("), "column 7"),
    ],
)
def test_what_cannot_be_printed_is_refused(home: Home, said: tuple[str, ...], told: str) -> None:
    ran = home.run("task", "list", *said)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_a_terminal_gets_a_header_and_nothing_that_it_would_obey(nasty: Home) -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 40))
    environ = {**os.environ, "FDTUI_WORKFLOW": WORKFLOW, "LC_ALL": "C.UTF-8", "NO_COLOR": "1"}
    environ.pop("COLUMNS", None)  # a parallel run of the tests sets it
    run = subprocess.Popen(
        [sys.executable, "-m", "fdtui", "task", "list", "--filter", "id:n1,n4"],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        env=environ,
        cwd=nasty.root,
    )
    os.close(theirs)
    told = b""
    try:
        while data := os.read(ours, 65536):
            told += data
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(ours)
    assert run.wait(30) == 0
    lines = told.decode().splitlines()
    assert lines[0].split() == ["Company", "ID", "Stage", "Assigne…", "Company…"]
    assert all(cell_len(line) <= 40 for line in lines)
    assert not set(told.decode()) & {"\x1b", "\u202e", "\u200b"}


@pytest.mark.parametrize(("room", "widths"), [(30, [4, 10, 8]), (23, [4, 7, 7]), (17, [4, 6, 6])])
def test_the_widest_columns_give_way_first(room: int, widths: list[int]) -> None:
    assert _fitted([4, 10, 8], room) == widths


def test_a_list_imports_neither_screen_nor_server(home: Home) -> None:
    code = (
        "import sys; from fdtui.cli.commands import run; run(); "
        # what stands in for another module has no spec
        "loaded = [name for name, module in sys.modules.items() if getattr(module, '__spec__', None)]; "
        "print([name for name in loaded if name.startswith(('textual', 'fdtui.server.http'))])"
    )
    for said in ((), ("--csv",), ("--fields", "Stage")):
        ran = subprocess.run(
            [sys.executable, "-c", code, "task", "list", *said],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ},
        )
        assert ran.stdout.splitlines()[-1] == "[]", said
