"""A task: one row of a workflow, with the place of its built-in fields known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from fdtui.core.schema import ASSIGNEE, BUILT_INS, STAGE, TASK_URL, Schema
from fdtui.core.values import Row, Value


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Task:
    """One card. ``row`` is what the API said, key for key; it is never mutated.

    ``key`` identifies the task on the board: the unique id where it has a good one,
    else something the program made up. ``problem`` says why the task cannot be changed, or is empty.
    """

    key: str
    uid: str | None
    row: Mapping[str, Value] = field(repr=False)
    problem: str = ""

    @property
    def stage(self) -> str:
        """The stage's name; empty where the answer had none."""
        value = self.row.get(STAGE)
        return value if isinstance(value, str) else ""

    @property
    def assignee(self) -> str | None:
        """The e-mail of whoever has it, or ``None``."""
        value = self.row.get(ASSIGNEE)
        return value if isinstance(value, str) and value else None

    @property
    def url(self) -> str:
        """Its page in the browser, or empty."""
        value = self.row.get(TASK_URL)
        return value if isinstance(value, str) else ""

    @property
    def custom(self) -> dict[str, Value]:
        """Everything but the built-ins."""
        return {name: value for name, value in self.row.items() if name not in BUILT_INS}

    def with_changes(self, changes: Mapping[str, Value]) -> Task:
        """The task as it will be once the server has taken ``changes``."""
        return Task(self.key, self.uid, {**self.row, **changes}, self.problem)


def title_of(task: Task, schema: Schema, nameless: str = "the task") -> str:
    """What to call a task in a sentence: its title, else its unique id, else ``nameless``."""
    return schema.title_in(task.row) or task.uid or nameless


NO_UNIQUE_ID = "This workflow has no unique-id field, so Flowdash cannot change its tasks."
NO_ID = "This task has no unique id, so Flowdash cannot change it."
SAME_ID = "Another task has the same unique id; which of the two would change is unknown."
BAD_ID = "This task's unique id cannot stand in a web address, so it cannot be changed safely."


def uid_of(row: Row, unique_id: str | None) -> str | None:
    """The unique id in ``row`` as text, or ``None``."""
    value = row.get(unique_id) if unique_id is not None else None
    if isinstance(value, bool) or value is None or isinstance(value, list | dict):
        return None
    return str(value) or None


def uid_problem(uid: str) -> str:
    """Why ``uid`` must not be put into an address, or empty."""
    return BAD_ID if uid in {".", ".."} or "\0" in uid else ""


def tasks_from_rows(rows: Iterable[Row], unique_id: str | None) -> dict[str, Task]:
    """The tasks by key, in the order of the list; doubtful ones are kept and marked."""
    tasks: dict[str, Task] = {}
    for index, row in enumerate(rows):
        task = task_from_row(row, unique_id, index)
        if task.key in tasks:
            first = tasks[task.key]
            tasks[task.key] = Task(first.key, first.uid, first.row, SAME_ID)
            task = Task(f"{task.key}\0{index}", task.uid, row, SAME_ID)
        tasks[task.key] = task
    return tasks


def task_from_row(row: Row, unique_id: str | None, index: int = 0) -> Task:
    """One task; ``index`` is its place in the list, for a task that nothing else identifies."""
    uid = uid_of(row, unique_id)
    if uid is not None:
        return Task(uid, uid, row, uid_problem(uid))
    url = row.get(TASK_URL)
    key = f"\0{url}" if isinstance(url, str) and url else f"\0{index}"
    return Task(key, None, row, NO_UNIQUE_ID if unique_id is None else NO_ID)
