import stat
from pathlib import Path

import pytest

from fdtui.tui.forms.external import Edited, ExternalText, arguments_of, command_of


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def test_visual_comes_before_editor_and_may_have_arguments() -> None:
    assert command_of({"VISUAL": "code -w", "EDITOR": "vi"}) == ["code", "-w"]
    assert command_of({"VISUAL": " ", "EDITOR": "'my editor' -x"}) == ["my editor", "-x"]


@pytest.mark.parametrize("name", ["vim", "nvim", "/usr/bin/vim"])
def test_vim_takes_no_orders_from_the_text(name: str) -> None:
    words = arguments_of([name, "-n"])
    assert words[0] == name and words[-1] == "-n"
    assert "set nomodeline modelines=0" in words
    assert arguments_of(["nano"]) == ["nano"]


def test_the_text_is_private_and_comes_back_as_it_was_changed() -> None:
    desk = ExternalText("one\ntwo")
    assert stat.S_IMODE(desk.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(desk.folder.stat().st_mode) == 0o700
    desk.path.write_text("one\nthree\n")
    assert desk.take(0) == Edited("one\nthree")
    assert not desk.folder.exists()


def test_a_text_that_ended_its_last_line_still_does() -> None:
    desk = ExternalText("one\n")
    desk.path.write_text("two\n")
    assert desk.take(0).text == "two\n"


def test_what_nobody_changed_is_what_it_was() -> None:
    assert ExternalText("a\udc80\r\nb").take(0) == Edited("a\udc80\r\nb")


@pytest.mark.parametrize(
    ("left", "code"),
    [(b"", 0), (b" \n", 0), (b"\xff", 0), (b"a\0", 0), (b"x" * 9_000_000, 0), (b"y", 1)],
)
def test_what_goes_wrong_keeps_the_old_text_and_the_file(left: bytes, code: int) -> None:
    desk = ExternalText("old")
    desk.path.write_bytes(left)
    edited = desk.take(code)
    assert edited.text is None
    assert str(desk.path) in edited.problem
    assert desk.path.read_bytes() == left


def test_a_file_that_is_gone_is_told() -> None:
    desk = ExternalText("old")
    desk.path.unlink()
    assert "cannot be read" in desk.take(0).problem


@pytest.mark.parametrize(
    ("before", "left", "after"),
    [
        ("one\r\ntwo", "one\r\ntwo\nthree\n", "one\r\ntwo\r\nthree"),
        ("one\r\ntwo", "one\ntwo\nthree\n", "one\r\ntwo\r\nthree"),
        ("one\r\ntwo\n", "one\r\ntwo\nthree\n", "one\r\ntwo\nthree\n"),
        ("one", "one\r\ntwo", "one\r\ntwo"),
    ],
)
def test_line_ends_are_those_that_the_text_had(before: str, left: str, after: str) -> None:
    desk = ExternalText(before)
    desk.path.write_bytes(left.encode())
    assert desk.take(0).text == after
