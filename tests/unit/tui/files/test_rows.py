"""Which rows the pane of a task's files has, and what a paste names."""

from pathlib import Path

import pytest

from fdtui.core.frozen import replace
from fdtui.core.schema import WorkflowRef
from fdtui.core.state import State
from fdtui.core.task import task_from_row
from fdtui.core.transfer import Status, Transfer, TransferKind
from fdtui.tui.files.paths import pasted_paths, split_path
from fdtui.tui.files.recent_folders import downloads
from fdtui.tui.files.rows import Is, rows_of

MINE = Transfer(1, TransferKind.UPLOAD, "w", "k1", "1", "Docs", "mine.txt", status=Status.RUNNING)
TASK = task_from_row({"ID": "k1", "Docs": [{"blobId": "b", "filename": "there.txt"}]}, "ID")


def state(*transfers: Transfer) -> State:
    return replace(State(), workflow=WorkflowRef("w", "Work"), transfers=transfers)


def names(*transfers: Transfer) -> list[str]:
    return [each.name for each in rows_of(TASK, state(*transfers), ()) if each.kind is Is.TRANSFER]


def test_only_what_is_of_this_task() -> None:
    other = replace(MINE, ticket=2, key="k2", name="other.txt")
    elsewhere = replace(MINE, ticket=3, workflow="x", name="elsewhere.txt")
    assert names(MINE, other, elsewhere) == ["mine.txt"]
    text = "\n".join(each.text for each in rows_of(TASK, state(other, elsewhere), ()))
    assert "2 files are on the way for other tasks" in text
    over = replace(other, status=Status.FAILED)
    assert "other tasks" not in str(rows_of(TASK, state(over), ()))


def test_why_it_failed_is_told_whole() -> None:
    error = (
        "The connection broke while the file was on its way, after 12 of 50 MB. Try again in a moment."
    )
    rows = rows_of(TASK, state(replace(MINE, status=Status.FAILED, error=error)), ())
    told = " ".join(" ".join(each.text for each in rows if each.kind is Is.BLANK).split())
    assert error in told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("one.txt", "with blank.txt"):
        (tmp_path / name).touch()
    return tmp_path


def test_a_paste_of_files(folder: Path) -> None:
    one, blank, lost = folder / "one.txt", folder / "with blank.txt", folder / "lost.txt"
    assert pasted_paths(f"{one}\n{blank}\n") == ([one, blank], [])
    assert pasted_paths(f"'{blank}' {one}") == ([blank, one], [])
    assert pasted_paths(f"{one}\n{lost}\n{folder}\n") == ([one], [lost, folder])
    assert pasted_paths(f"file://{one}") == ([one], [])


@pytest.mark.parametrize("text", ["", "one.txt", "/nowhere/at/all", "it's", "rm -rf /"])
def test_a_paste_that_is_to_be_typed(text: str) -> None:
    assert pasted_paths(text) == ([], [])


def test_a_path_from_a_home_folder_that_nobody_has_names_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pasted_paths("~nobody-of-that-name/x") == ([], [])
    monkeypatch.delenv("HOME")
    monkeypatch.setattr("pwd.getpwuid", {}.__getitem__)
    assert split_path("~", tmp_path) == (tmp_path, "~")
    assert split_path("~/x", tmp_path) == (tmp_path / "~", "x")
    assert pasted_paths("~/x") == ([], [])
    assert downloads() == Path.cwd()
