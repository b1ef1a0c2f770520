"""Names that people and scripts outside rely on: one that goes away, or changes, fails here.

What is settled and not built yet stands in `NOT_YET`, from which whoever builds it takes it.
"""

import click
import pytest

from fdtui.cli.commands import fdtui
from fdtui.cli.exit_codes import ExitCode
from fdtui.cli.options import NAMES
from fdtui.config.variables import VARIABLES
from fdtui.core.commands import COMMANDS

COMMAND_WORDS = {
    "demo": "",
    "serve": "",
    "task": "list show new set assign move rm attach detach download link unlink import export",
    "action": "list run",
    "execution": "list show wait",
    "comment": "list add",
    "checklist": "list add done skip reset rm",
    "workflow": "list show new apply export sync schema",
    "watch": "",
    "sync": "",
    "journal": "list show export",
    "user": "list add role remove",
    "completion": "",
    "mcp": "",
    "auth": "login status logout",
    "key": "create list revoke",
    "config": "path show edit check schema",
    "doctor": "",
}
SETTLED_COMMANDS = [
    " ".join((group, word)).strip()
    for group, words in COMMAND_WORDS.items()
    for word in ["", *words.split()]
]
SERVE_OPTIONS = ("--host", "--port", "--uds", "--db", "--demo")
COMMON_OPTIONS = ("--profile", "--url", "--workflow", "--config", "--json", "--read-only")
SETTLED_VARIABLES = (
    "URL", "API_KEY", "WORKFLOW", "PROFILE", "USER", "WEBHOOK_URL", "CONFIG", "READ_ONLY", "HOME",
)  # fmt: skip
CODES = {
    "DONE": 0, "FAILED": 1, "USAGE": 2, "NOT_FOUND": 3, "NOT_ALLOWED": 4, "INVALID": 5,
    "UNREACHABLE": 6, "CONFLICT": 7, "STILL_PENDING": 8, "INTERRUPTED": 130,
}  # fmt: skip
KEYS = {
    "h": "column.previous", "j": "cursor.down", "k": "cursor.up", "l": "column.next",
    "left": "column.previous", "down": "cursor.down", "up": "cursor.up", "right": "column.next",
    "g g": "cursor.top", "G": "cursor.bottom", "ctrl+d": "cursor.half-down", "ctrl+u": "cursor.half-up",
    "0": "column.first", "$": "column.last", "tab": "pane.next",
    "enter": "task.open", "e": "task.edit", "m": "task.move", "H": "task.move-previous",
    "L": "task.move-next", "A": "task.assign", "I": "task.assign-me", "a": "task.actions",
    "f": "task.files", "c": "task.comments", "C": "task.checklist", "n": "task.new", "d": "task.delete",
    "space": "task.select", "V": "task.select-column", "escape": "app.cancel",
    "/": "board.filter", "v": "board.views", "s": "board.sort", "ctrl+k": "app.go", "P": "board.pulse",
    "z": "board.collapse", ".": "board.toggle-end", "w": "board.switch-workflow", "r": "board.refresh",
    "T": "triage.start", "x": "runs.toggle", "u": "board.undo", "ctrl+r": "board.redo", "y": "task.copy",
    "o": "task.open-url",
    "?": "app.help", ":": "app.palette", "ctrl+p": "app.palette", "q": "app.back",
}  # fmt: skip
NOT_YET = {
    "workflow new", "workflow sync", "user add", "user role", "user remove",
    "config edit", "P",
}  # fmt: skip
"""Commands and keys that are settled, and do not exist."""
TAKEN_BY_OTHERS = ("ctrl+h", "ctrl+j", "ctrl+a", "ctrl+b", "ctrl+s", "ctrl+q")
"""Keys that tmux, screen and terminals take: no default of the board is one of these."""


def exists(words: str) -> bool:
    command: click.Command | None = fdtui
    for word in words.split():
        if not isinstance(command, click.Group):
            return False
        command = command.get_command(click.Context(command), word)
    return command is not None


@pytest.mark.parametrize("words", SETTLED_COMMANDS)
def test_a_settled_command_exists(words: str) -> None:
    assert exists(words) != (words in NOT_YET), "built: take it out of NOT_YET; or it went away"


@pytest.mark.parametrize("key", KEYS)
def test_a_settled_key_has_its_command(key: str) -> None:
    found = [each.id for each in COMMANDS if key in each.keys]
    if key in NOT_YET:
        assert not found, "built: take it out of NOT_YET"
    else:
        assert found == [KEYS[key]]


def test_settled_options_variables_and_codes() -> None:
    assert set(COMMON_OPTIONS) <= set(NAMES)
    serve = fdtui.get_command(click.Context(fdtui), "serve")
    assert serve is not None
    assert set(SERVE_OPTIONS) <= {option for each in serve.params for option in each.opts}
    assert {f"FDTUI_{each}" for each in SETTLED_VARIABLES} <= set(VARIABLES)
    assert {each.name: each.value for each in ExitCode} == CODES


def test_the_board_leaves_keys_to_the_terminal() -> None:
    assert not [each.id for each in COMMANDS if set(each.keys) & set(TAKEN_BY_OTHERS)]
