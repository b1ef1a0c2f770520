"""Why a command makes no sense just now, in one sentence; empty where it does."""

from __future__ import annotations

from fdtui.core.commands.board import COMMANDS
from fdtui.core.commands.command import Group
from fdtui.core.intents import BEING_CREATED, CreateTask, DeleteTask, Intent, MoveTask, Pending
from fdtui.core.safetext import quoted
from fdtui.core.state import State
from fdtui.core.task import NO_UNIQUE_ID, Task

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
        "task.fix",
        "task.repeat",
    }
)
WAITS_FOR_CREATION = WRITES - {"task.actions", "task.fix"}
"""Those that can be given while the task is still being created: they are sent after it, or with it."""
MAKING_COMMANDS = frozenset({"task.new", "task.duplicate", "board.trash"})
"""Commands that only make tasks, which a workflow without a unique id can do, too."""
SHAPES = frozenset({"board.sort", "board.group", "board.views"})
"""Commands that say how the cards of a workflow are shown."""
NEEDS_TASK = frozenset(command.id for command in COMMANDS if command.group is Group.CARD)

READ_ONLY = "Read-only mode: changes are disabled."


def why_not(state: State, command_id: str, task: Task | None) -> str:
    """Why the command cannot be given for ``task`` now; empty if it can."""
    if command_id in NEEDS_TASK and task is None:
        return "No card is under the cursor."
    if command_id == "task.delete" and task is not None and unsent_creation(state, task.key):
        return READ_ONLY if state.read_only else ""
    if command_id in WAITS_FOR_CREATION:
        return why_not_change(state, task)
    if command_id in WRITES:
        return why_not_write(state, task)
    if command_id in MAKING_COMMANDS and state.read_only:
        return READ_ONLY
    if command_id in MAKING_COMMANDS and not state.loaded:
        return "This workflow is not loaded yet."
    if command_id in SHAPES and not state.loaded:
        return "This workflow is not loaded yet."
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


def why_not_change(state: State, task: Task | None) -> str:
    """The same for what can wait until the server has made the task; an action cannot, or a file."""
    reason = why_not_write(state, task)
    return "" if reason == BEING_CREATED else reason


def why_not_intent(state: State, intent: Intent) -> str:
    """Why ``intent`` cannot be performed; empty if it can."""
    if isinstance(intent, CreateTask):
        return READ_ONLY if state.read_only else _why_not_create(state, intent)
    task = state.shown.get(intent.key)
    if task is None:
        return "The task is no longer on the board."
    if isinstance(intent, DeleteTask) and unsent_creation(state, intent.key):
        return READ_ONLY if state.read_only else ""
    if isinstance(intent, MoveTask) and state.schema.stage(intent.stage) is None:
        return f"“{intent.stage}” is no stage of this workflow."
    return why_not_change(state, task)


def unsent_creation(state: State, key: str) -> Pending | None:
    """The making of the task ``key`` while nothing of it has left, so that it can be taken back."""
    for pending in state.pending:
        if pending.key == key and isinstance(pending.intent, CreateTask) and not pending.sent:
            return pending
    return None


def _why_not_create(state: State, intent: CreateTask) -> str:
    """Why a task cannot be made: one of its unique id is there, or on its way."""
    uid = intent.uid(state.schema)
    if uid is None:
        return ""
    making = [each.intent for each in state.pending if isinstance(each.intent, CreateTask)]
    conflict = state.conflicts.get(uid)
    is_gone = conflict is not None and conflict.deleted  # the board may not know of it yet
    if any(each.uid(state.schema) == uid for each in making) or (uid in state.shown and not is_gone):
        return f"A task with the id {quoted(uid[:80])} exists already."
    return ""


def is_web_address(text: str) -> bool:
    """Whether a browser may be asked to open ``text``: http and https only."""
    return text.lower().startswith(("https://", "http://")) and text.isprintable() and " " not in text
