"""An export gives back what the server has, in flat memory, and a file whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from fdtui.api.row_stream import READ_AT_ONCE, read_rows
from fdtui.cli import output
from fdtui.cli.progress import CommandProgress
from fdtui.cli.whole_file import whole_file
from fdtui.core.errors import BadJsonError, NotFlowdashError, UsageError
from fdtui.core.strictjson import list_items
from tests.unit.cli.conftest import Home
from tests.unit.cli.test_task_changes import office  # noqa: F401 (fixture)


def rows_of(home: Home) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(home.run("task", "list", "--json").out)
    return rows


def test_every_form_has_every_task(office: Home) -> None:  # noqa: F811
    rows = rows_of(office)
    assert json.loads(office.run("task", "export", "--json").out) == rows
    for said in ((), ("--jsonl",), ("-",)):
        ran = office.run("task", "export", *said)
        assert (ran.code, ran.err) == (0, "")
        assert [json.loads(line) for line in ran.out.splitlines()] == rows
    table = list(csv.DictReader(io.StringIO(office.run("task", "export", "--csv").out)))
    assert [each["Company ID"] for each in table] == [str(each["Company ID"]) for each in rows]
    assert set(table[0]) >= {name for row in rows for name in row}
    numbers = [each["Number of Employees"] for each in table]
    assert numbers == [
        "" if (number := row.get("Number of Employees")) is None else str(number) for row in rows
    ]


def test_a_part_is_chosen_as_in_a_list(office: Home) -> None:  # noqa: F811
    said = ("--filter", "stage:Done", "--sort=-company id", "--fields", "company id,Stage")
    assert (
        office.run("task", "export", *said, "--json").out
        == office.run("task", "list", *said, "--json").out
    )
    ran = office.run("task", "export", *said)
    assert ran.out.count("\n") > 1
    assert all(list(json.loads(line)) == ["Company ID", "Stage"] for line in ran.out.splitlines())
    for wrong in (
        ("--fields", "Nope"),
        ("--sort", "Nope"),
        ("--filter", "stage:("),
        ("--csv", "--json"),
    ):
        ran = office.run("task", "export", *wrong)
        assert (ran.code, ran.out) == (2, ""), wrong


@pytest.mark.parametrize("name", ["all.jsonl", "all.JSON", "all.csv", "all"])
def test_a_file_is_what_stdout_gets(office: Home, name: str) -> None:  # noqa: F811
    form = Path(name).suffix.lower().removeprefix(".") or "jsonl"
    ran = office.run("task", "export", name)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    written = office.root / name
    assert written.read_bytes().decode() == office.run("task", "export", f"--{form}").out
    assert written.stat().st_mode & 0o777 == 0o600
    assert not list(office.root.glob(".fdtui-*"))


def test_no_file_is_replaced_unless_it_is_said(home: Home) -> None:
    there = home.root / "there.csv"
    there.write_text("mine")
    ran = home.run("task", "export", "there.csv")
    assert (ran.code, "--force" in ran.err, there.read_text()) == (2, True, "mine")
    assert home.run("task", "export", "there.csv", "--force", "--filter", "stage:(").code == 2
    assert home.run("task", "export", "there.csv", "--force", "--fields", "Nope").code == 2
    assert there.read_text() == "mine"
    assert home.run("task", "export", "there.csv", "--force").code == 0
    assert "Company ID" in there.read_text().splitlines()[0]
    (home.root / "folder").mkdir()
    (home.root / "elsewhere").symlink_to(there)
    for name in ("folder", "elsewhere", "no/such.csv"):
        ran = home.run("task", "export", name, "--force")
        assert (ran.code, ran.out) == (2, ""), name
        assert name.split("/")[0] in ran.err
    assert home.run("task", "export", "--force").code == 2


def test_a_name_that_is_taken_is_told_before_anything_is_fetched(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FDTUI_API_KEY", "fd_key")
    (home.root / "there").write_text("mine")
    said = ("task", "export", "there", "--url", "http://127.0.0.1:1")
    assert home.run(*said).code == 2
    assert home.run(*said, "--force").code == 6
    assert (home.root / "there").read_text() == "mine"


def test_a_name_that_is_taken_meanwhile_is_left_alone(tmp_path: Path) -> None:
    place = tmp_path / "new"
    with pytest.raises(UsageError), whole_file(place, replaces=False) as file:
        file.write("ours")
        place.write_text("theirs")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["theirs"]


class Answer(io.RawIOBase):
    """A long answer that is never whole in memory."""

    def __init__(self, count: int) -> None:
        self._count, self._left = count, 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self._left = self._count
        return 0

    def read(self, size: int = -1) -> bytes:
        if self._left < 0:
            return b""
        begin = b"[" if self._left == self._count else b","
        some = min(self._left, 1000)
        rows = b",".join(b'{"ID":"%d","Text":"\xc3\xa9%s"}' % (n, b"x" * 80) for n in range(some))
        self._left -= some
        if self._left == 0:
            self._left = -1
            return begin + rows + b"]"
        return begin + rows


def test_memory_does_not_grow_with_the_tasks() -> None:
    peaks = []
    for count in (5_000, 40_000):
        tracemalloc.start()
        assert sum(1 for _ in read_rows(Answer(count))) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5 < 20 * READ_AT_ONCE


TEXT = '[{"a": 1.50, "b": "x\\u00e9\\"]"}, [], -12e3, true, null , "é", {"a": [{}]}]'


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_a_list_is_read_wherever_its_pieces_end(size: int) -> None:
    pieces = [TEXT[at : at + size] for at in range(0, len(TEXT), size)]
    whole = list(list_items([TEXT]))
    assert list(list_items(pieces)) == whole
    assert len(whole) == 7
    assert str(whole[0]["a"]) == "1.50"
    assert list(list_items(["[", " ]"])) == []


@pytest.mark.parametrize(
    "text", ["", "{}", "[1", "[1,", "[1 2]", "[1]x", "[}", '["', "[NaN]", "[" * 9_999, "[1,]"]
)
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(BadJsonError):
        list(list_items(text))


def test_a_record_that_is_no_task_is_told_and_left_out() -> None:
    told: list[str] = []
    assert list(read_rows(io.BytesIO(b'[{"a":1},3,{"a":1,"a":2}]'), told.append)) == [{"a": 1}]
    assert told == [
        "Record 2 is not an object and was left out.",
        "Record 3 names a field twice and was left out.",
    ]
    for broken in (b"<html>", b'[{"a":"\xff"}]'):
        with pytest.raises(NotFlowdashError):
            list(read_rows(io.BytesIO(broken)))


def test_progress_is_told_once_a_second_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(output, "is_watched", lambda: True)
    monkeypatch.setattr(output, "progress", told.append)
    times = iter(number * 0.4 for number in range(100))
    with CommandProgress(lambda: next(times)) as progress:
        assert list(progress.counted("abcdefgh", "tasks")) == list("abcdefgh")
    assert told == ["3 tasks", "6 tasks", ""]
