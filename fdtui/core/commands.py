"""Every command of the board, declared once: its id, words and keys.

The keymap, the help, the footer, the command palette and the documentation are all read from here.
Whether a command makes sense just now says `why_not`.
"""

from __future__ import annotations

from enum import StrEnum

from fdtui.core.frozen import frozen
from fdtui.core.intents import CreateTask, Intent, MoveTask
from fdtui.core.safetext import quoted
from fdtui.core.state import State
from fdtui.core.task import NO_UNIQUE_ID, Task


class Group(StrEnum):
    """Where a command belongs in the help."""

    MOVE = "Move"
    CARD = "Card"
    BOARD = "Board"
    ANYWHERE = "Anywhere"


@frozen
class Command:
    """One thing a user can do. A key is a sequence of key names, parted by spaces (``g g``)."""

    id: str
    title: str
    help: str
    keys: tuple[str, ...]
    group: Group
    footer: str = ""
    """The word in the footer; empty for none."""
    counts: bool = False
    """Whether a number typed before it repeats it."""


_M, _C, _B, _A = Group.MOVE, Group.CARD, Group.BOARD, Group.ANYWHERE

COMMANDS: tuple[Command, ...] = (
    Command("cursor.down", "Down", "To the next card.", ("j", "down"), _M, counts=True),
    Command("cursor.up", "Up", "To the card above.", ("k", "up"), _M, counts=True),
    Command("column.previous", "Left", "To the column on the left.", ("h", "left"), _M, counts=True),
    Command("column.next", "Right", "To the column on the right.", ("l", "right"), _M, counts=True),
    Command(
        "cursor.top",
        "Top",
        "To the first card; with a count, to that card.",
        ("g g", "home"),
        _M,
        counts=True,
    ),
    Command(
        "cursor.bottom",
        "Bottom",
        "To the last card; with a count, to that card.",
        ("G", "end"),
        _M,
        counts=True,
    ),
    Command(
        "cursor.half-down",
        "Half a page down",
        "Half a column down.",
        ("ctrl+d", "pagedown"),
        _M,
        counts=True,
    ),
    Command(
        "cursor.half-up", "Half a page up", "Half a column up.", ("ctrl+u", "pageup"), _M, counts=True
    ),
    Command("column.first", "First column", "To the first column.", ("0",), _M),
    Command("column.last", "Last column", "To the last column.", ("$",), _M),
    Command("pane.tab-next", "Next tab", "To the task's next tab.", ("]",), _M),
    Command("pane.tab-previous", "Previous tab", "To the task's tab before.", ("[",), _M),
    Command("pane.next", "Next pane", "From the board to the detail pane and back.", ("tab",), _M),
    Command(
        "task.open",
        "Open",
        "Show every field of the task; in its pane, edit the field under the cursor.",
        ("enter",),
        _C,
        footer="open",
    ),
    Command("task.edit", "Edit…", "Edit all fields of the task in a form.", ("e",), _C, footer="edit"),
    Command("task.move", "Move to stage…", "Choose a stage for the task.", ("m",), _C, footer="move"),
    Command("task.move-previous", "Move to previous stage", "One stage to the left.", ("H",), _C),
    Command(
        "task.move-next",
        "Move to next stage",
        "One stage to the right.",
        ("L",),
        _C,
        footer="next stage",
    ),
    Command(
        "task.assign", "Assign…", "Choose who has the task, or nobody.", ("A",), _C, footer="assign"
    ),
    Command(
        "task.actions",
        "Actions…",
        "Choose what the workflow does with the task; in the open card 1 to 9 do it at once.",
        ("a",),
        _C,
        footer="actions",
    ),
    Command("task.mend", "What is missing", "Go where the last action misses something.", ("!",), _C),
    Command("task.assign-me", "Assign to me", "Take the task; once more to give it back.", ("I",), _C),
    Command(
        "task.select",
        "Select",
        "Pick the card out for a change in bulk, or let it go, and go on to the next.",
        ("space",),
        _C,
        footer="select",
    ),
    Command(
        "task.select-column",
        "Select the column",
        "Pick out every card of the column that the filter shows, or let them all go.",
        ("V",),
        _C,
    ),
    Command(
        "task.duplicate",
        "Duplicate…",
        "Make a new task of what this one holds, in a form first.",
        ("D",),
        _C,
    ),
    Command("task.delete", "Delete…", "Delete the task for good; asks first.", ("d",), _C),
    Command(
        "task.comments",
        "Comments",
        "Read what is said about the task; once more to write.",
        ("c",),
        _C,
        footer="comments",
    ),
    Command("task.checklist", "Checklist", "What is to do: tick it, skip it, add to it.", ("C",), _C),
    Command(
        "task.links", "Linked tasks", "See, open, link and unlink tasks of other workflows.", ("K",), _C
    ),
    Command("task.activity", "Activity", "Who changed what, and when.", ("t",), _C),
    Command("task.copy", "Copy…", "Copy the task's unique id, title, address or whole.", ("y",), _C),
    Command("task.files", "Files", "See, attach, fetch and remove the task's files.", ("f",), _C),
    Command("task.open-url", "Open in browser", "Open the task's page in the browser.", ("o",), _C),
    Command("task.new", "New task…", "Make a task in this column.", ("n",), _B, footer="new"),
    Command(
        "board.filter",
        "Filter",
        "Show only cards that hold what you type.",
        ("/",),
        _B,
        footer="filter",
    ),
    Command(
        "board.collapse", "Collapse column", "Fold the column to a strip, or unfold it.", ("z",), _B
    ),
    Command("board.toggle-end", "Hide or show end stages", "Hide what is done, or show it.", (".",), _B),
    Command(
        "board.switch-workflow",
        "Switch workflow…",
        "Show another workflow.",
        ("w",),
        _B,
        footer="workflow",
    ),
    Command(
        "board.resolve",
        "Resolve a conflict…",
        "Choose between your change and the one that overtook it.",
        ("=",),
        _B,
    ),
    Command("board.undo", "Undo", "Take back what you did last; a bulk change whole.", ("u",), _B),
    Command("board.redo", "Redo", "Do again what was undone last.", ("ctrl+r",), _B),
    Command(
        "board.stop",
        "Stop in bulk",
        "Send no more of a bulk change or of actions than is sent.",
        ("X",),
        _B,
    ),
    Command(
        "board.results",
        "Results of the bulk change",
        "Which tasks it changed and which not.",
        ("B",),
        _B,
    ),
    Command("board.trash", "Deleted tasks…", "Make a task anew that was deleted here.", (), _B),
    Command(
        "triage.start", "Triage", "One task after the other, large, decided with one key.", ("T",), _B
    ),
    Command("runs.toggle", "Executions", "What runs and what ran; once more to close it.", ("x",), _B),
    Command("runs.requests", "Request log", "Every request to the server, as curl if need be.", (), _B),
    Command("board.refresh", "Refresh", "Ask the server now.", ("r",), _B, footer="refresh"),
    Command("app.help", "Help", "What can be done here, and with which key.", ("?",), _A, footer="help"),
    Command("app.palette", "Command palette", "Find any command by name.", (":", "ctrl+p"), _A),
    Command("app.theme", "Dark or light", "Change between the dark and the light theme.", (), _A),
    Command(
        "app.cancel", "Cancel", "Close what is open, drop the filter, forget a count.", ("escape",), _A
    ),
    Command("app.back", "Back or quit", "Close what is open; on the bare board, quit.", ("q",), _A),
)
BY_ID = {command.id: command for command in COMMANDS}

WRITES = frozenset(
    {
        "task.move",
        "task.move-previous",
        "task.move-next",
        "task.assign",
        "task.assign-me",
        "task.edit",
        "task.delete",
        "task.actions",
        "task.mend",
    }
)
MAKES = frozenset({"task.new", "task.duplicate", "board.trash"})
"""Commands that only make tasks, which a workflow without a unique id can do, too."""
NEEDS_TASK = frozenset(command.id for command in COMMANDS if command.group is Group.CARD)

READ_ONLY = "Read-only: this program was started so that it changes nothing."


def why_not(state: State, command_id: str, task: Task | None) -> str:
    """Why the command cannot be given for ``task`` now; empty if it can."""
    if command_id in NEEDS_TASK and task is None:
        return "No card is under the cursor."
    if command_id in WRITES:
        return why_not_write(state, task)
    if command_id in MAKES and state.read_only:
        return READ_ONLY
    if command_id in MAKES and not state.loaded:
        return "Nothing is known of this workflow yet."
    if command_id == "task.open-url" and task is not None and not is_web_address(task.url):
        return "This task has no web address."
    return ""


def why_not_write(state: State, task: Task | None) -> str:
    """Why ``task`` cannot be changed now; empty if it can."""
    if state.read_only:
        return READ_ONLY
    if state.schema.unique_id is None:
        return NO_UNIQUE_ID
    return task.problem if task is not None else ""


def why_not_intent(state: State, intent: Intent) -> str:
    """Why ``intent`` cannot be performed; empty if it can."""
    if isinstance(intent, CreateTask):
        return READ_ONLY if state.read_only else _why_not_create(state, intent)
    task = state.shown.get(intent.key)
    if task is None:
        return "The task is not on the board any more."
    if isinstance(intent, MoveTask) and state.schema.stage(intent.stage) is None:
        return f"“{intent.stage}” is no stage of this workflow."
    return why_not_write(state, task)


def _why_not_create(state: State, intent: CreateTask) -> str:
    """Why a task cannot be made: one of its unique id is there, or on its way."""
    uid = intent.uid(state.schema)
    if uid is None:
        return ""
    making = [each.intent for each in state.pending if isinstance(each.intent, CreateTask)]
    conflict = state.conflicts.get(uid)
    is_gone = conflict is not None and conflict.deleted  # the board may not have heard of it yet
    if any(each.uid(state.schema) == uid for each in making) or (uid in state.shown and not is_gone):
        return f"A task with the id {quoted(uid[:80])} exists already, so none was made."
    return ""


def is_web_address(text: str) -> bool:
    """Whether a browser may be asked to open ``text``: http and https only."""
    return text.lower().startswith(("https://", "http://")) and text.isprintable() and " " not in text
