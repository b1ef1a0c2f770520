"""The pane's editor: it stands on the task that it was opened on, whatever becomes of that."""

from tests.pty.conftest import Server, wait_until
from tests.terminal import Program

NAME = "Company Name"
OF_43 = r"Company ID\s+43"
"""The line of the pane that says whose fields these are."""


def test_what_is_marked_is_what_is_edited_however_fast(board: Program, server: Server) -> None:
    board.press("enter")
    board.wait_for(OF_43)
    board.press("tab", "j", "j", "j")
    board.settle()
    before = server.call("GET", "/tasks")
    board.press("escape")
    board.wait_gone(OF_43)
    board.settle()
    board.write(b"j\tj\r")
    board.wait_for("enter save")
    board.settle()
    board.press(*" FAST", "enter")

    def changed() -> list[tuple[str, str]]:
        pairs = zip(before, server.call("GET", "/tasks"), strict=True)
        return [(k, new[k]) for old, new in pairs for k in new if new[k] != old.get(k)]

    wait_until(lambda: len(changed()) > 0, board)
    ((name, value),) = changed()
    assert name == NAME and value.endswith(" FAST")
    assert value in board.screen
