"""Text that is being typed outlives the program, whole; and is typed as in any line editor."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pty.conftest import Server, wait_until
from tests.pty.test_editing import drafts_in
from tests.pty.test_tabs import bodies
from tests.terminal import Program


@pytest.fixture
def start_again(start: Callable[..., Program], server: Server) -> Callable[[], Program]:
    """Starts another program of the same user on the same server."""
    known = {"FDTUI_URL": server.url, "FDTUI_API_KEY": server.key, "FDTUI_USER": "user@example.com"}
    return lambda: start(**known)


def comment_on(board: Program) -> None:
    board.press("c")
    board.wait_for("No comments yet|Not sent")
    board.press("enter")
    board.wait_for("Comment on XYZ Inc")
    board.settle()


def item_of(board: Program) -> None:
    board.press("C")
    board.wait_for("Checklist [0-9]")
    board.settle()
    board.press("n")
    board.wait_for("To do in")
    board.settle()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM, "ctrl+c"])
@pytest.mark.parametrize("writer", [comment_on, item_of])
def test_what_is_typed_outlives_the_program_whole(
    board: Program,
    start_again: Callable[[], Program],
    tmp_path: Path,
    writer: Callable[[Program], None],
    end: int | str,
) -> None:
    writer(board)
    board.press(*"Nineteen letters ab")
    if end == signal.SIGKILL:  # that is seen to in half a second; the others wait for nothing
        wait_until(lambda: "Nineteen letters ab" in drafts_in(tmp_path / "home"), board)
        board.signal(signal.SIGKILL)
    elif isinstance(end, str):
        board.press(end)
    else:
        board.wait_for("Nineteen letters ab")
        board.signal(end)
    board.wait_end()
    again = start_again()
    place = "comments" if writer is comment_on else "checklist"
    again.wait_for(f"1 draft of yours.*the {place} of XYZ Inc")
    again.settle()
    writer(again)
    again.wait_for("Nineteen letters ab")


def test_what_was_deleted_stays_deleted(
    board: Program, start_again: Callable[[], Program], tmp_path: Path
) -> None:
    comment_on(board)
    board.press(*"the password is secret")
    wait_until(lambda: "secret" in drafts_in(tmp_path / "home"), board)
    board.press(*["backspace"] * 6)
    wait_until(lambda: "secret" not in drafts_in(tmp_path / "home"), board)
    assert "the password is " in drafts_in(tmp_path / "home")
    board.press("ctrl+u")
    wait_until(lambda: drafts_in(tmp_path / "home") == "[]", board)
    board.signal(signal.SIGKILL)
    board.wait_end()
    again = start_again()
    again.wait_for("● live")
    again.settle()
    assert "draft" not in again.screen


def test_a_value_for_many_tasks_outlives_the_program(
    board: Program, server: Server, start_again: Callable[[], Program], tmp_path: Path
) -> None:
    def value_for(program: Program) -> None:
        program.press("space", "e")
        program.wait_for("Set a field of 1 task")
        program.settle()
        program.press(*"company name", "enter")
        program.wait_for("Company Name becomes")
        program.settle()

    value_for(board)
    board.press(*"Half a nam")
    wait_until(lambda: "Half a nam" in drafts_in(tmp_path / "home"), board)
    board.signal(signal.SIGKILL)
    board.wait_end()
    again = start_again()
    again.wait_for("the bulk change of Company Name")
    again.settle()
    value_for(again)
    again.press(*"e", "enter")
    again.wait_for("→ Half a name")
    again.settle()
    again.press("enter")
    wait_until(
        lambda: "Half a name" in {each["Company Name"] for each in server.call("GET", "/tasks")}, again
    )
    wait_until(lambda: drafts_in(tmp_path / "home") == "[]", again)


def test_names_are_completed_beside_the_text(board: Program, server: Server) -> None:
    comment_on(board)
    text = "Hello @ada looks like a dup, ask bob@example.com"
    board.press(*text, "enter")
    wait_until(lambda: bodies(server) == [text], board)
    board.press("enter")
    board.wait_for("Comment on")
    board.settle()
    board.press(*"@grac")
    board.wait_for("take the name")
    board.settle()
    board.press("escape")
    board.wait_gone("take the name")
    board.press(*"e", "enter")
    wait_until(lambda: "@grace" in bodies(server), board)


def test_every_character_arrives_as_it_was_typed(board: Program, server: Server) -> None:
    text = "می\u200cخواهم\u3000a\xa0b\u202fc 👩\u200d👧 \u202ed"
    comment_on(board)
    board.write(text.encode())
    board.settle()
    assert "\\u200c" in board.screen and "\\u202e" in board.screen
    board.press("enter")
    wait_until(lambda: bodies(server) == [text], board)


def test_the_keys_of_readline_edit_a_form(board: Program, server: Server) -> None:
    board.press("e")
    board.wait_for("Edit XYZ")
    board.settle()
    board.press("ctrl+u", *"one two 🇺🇦", "backspace", "ctrl+w", "ctrl+a", "ctrl+y", "\x1f", "\x1f", *"!")
    board.press("ctrl+o")
    wait_until(lambda: server.call("GET", "/tasks/43")["Company Name"] == "one two !", board)


@pytest.mark.parametrize(
    ("keys", "left"),
    [
        (("\x1bb", "!"), "one two !three"),
        (("\x1b[1;5D", "!"), "one two !three"),
        (("\x1bb", "\x1bb", "\x1bd", "!"), "one ! three"),
        (("\x1b\x7f", "!"), "one two !"),
        (("\x1b[127;5u", "!"), "one two !"),
        (("\x1b[1;2D", "\x1b[1;2D", "!"), "one two thr!"),
    ],
)
def test_words_are_one_key_away(
    board: Program, server: Server, keys: tuple[str, ...], left: str
) -> None:
    comment_on(board)
    board.press(*"one two three", *keys, "enter")
    wait_until(lambda: bodies(server) == [left], board)
