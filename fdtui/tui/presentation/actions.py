"""What can be done with a task now, and how the last tries ended, as lines of the detail pane. Pure."""

from __future__ import annotations

import re

from fdtui.core import job
from fdtui.core.details import Action, Part
from fdtui.core.job import Run
from fdtui.core.safetext import quoted, safe
from fdtui.core.schema import ASSIGNEE, Schema
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.preferences import Glyphs
from fdtui.tui.presentation.runs import sign_of
from fdtui.tui.toolkit.cells import Line, Piece, cut, line_width, wrapped

ACTION_KEYS_SHOWN = "123456789"
CHECKLIST = "checklist"
"""The place of a requirement that is no field."""
_REQUIRED = re.compile(r"(.+?) (?:is required|must be (?:set|filled in|present)|can't be blank)\.?")


def offered(task: Task, state: State) -> tuple[Action, ...] | None:
    """The actions of the task as far as they are known."""
    details = state.details.get(task.key)
    return details.actions if details is not None else None


def action_rows(task: Task, state: State, width: int, glyphs: Glyphs) -> list[Line]:
    """Numbered actions, what is missing for them, what runs and what failed."""
    lines = [*_choices(task, state, width, glyphs), *_missing(task, state, width, glyphs)]
    for run in runs_of(task, state):
        sign, _, role = sign_of(run, glyphs)
        if not run.is_over:
            lines.append(((f"{sign} {safe(run.action[:80])} is running", role),))
        elif run.needs_reading:
            errors = run.errors or (run.status,)
            for at, error in enumerate(errors):
                name = f"{sign} {safe(run.action[:80])}: " if at == 0 else "  "
                text = name + safe(error[:4000], multiline=True)
                lines += wrapped(text, role, width)
    return lines


def runs_of(task: Task, state: State) -> list[Run]:
    """The runs on a task that say something now: what runs, and the last of each action if it failed."""
    mine = [run for run in state.runs if run.key == task.key]
    latest = {run.action_id: run for run in mine}
    return [run for run in mine if not run.is_over or latest[run.action_id] is run]


def _choices(task: Task, state: State, width: int, glyphs: Glyphs) -> list[Line]:
    actions = offered(task, state)
    if actions is None:
        details = state.details.get(task.key)
        problem = details.problem(Part.ACTIONS) if details is not None else ""
        return [((cut(f"No actions: {safe(problem)}", width, glyphs.cut), "dim"),)] if problem else []
    lines: list[Line] = []
    line: list[Piece] = []
    for number, action in zip(
        (*ACTION_KEYS_SHOWN, *[glyphs.middot] * len(actions)), actions, strict=False
    ):
        name = cut(safe(action.name[:200]), max(4, width - 7), glyphs.cut)
        pieces: list[Piece] = [
            (f" {number} ", "bold on_accent@accent"),
            (f" {name} ", "text@chip"),
            ("  ", "text"),
        ]
        if line and line_width((*line, *pieces)) - 2 > width:
            lines.append(tuple(line))
            line = []
        line += pieces
    return [*lines, tuple(line)] if line else lines


def missing_fields(task: Task, schema: Schema) -> tuple[str, ...]:
    """The fields that the workflow requires and the task lacks."""
    return tuple(
        field.name
        for field in schema.fields
        if field.required and task.row.get(field.name, "?") in (None, "", [])
    )


def _missing(task: Task, state: State, width: int, glyphs: Glyphs) -> list[Line]:
    names = missing_fields(task, state.schema)
    if not names or not offered(task, state):
        return []
    verb = "is" if len(names) == 1 else "are"
    text = f"{glyphs.late} {', '.join(map(quoted, names))} {verb} required and empty"
    return wrapped(text, "warn", width)


def place_of(errors: tuple[str, ...], schema: Schema) -> str:
    """Where the first requirement that is missing can be met: a field's name, or `CHECKLIST`."""
    for error in errors:
        match = _REQUIRED.fullmatch(error.strip())
        if match and schema.field(match[1]) is not None:
            return match[1]
        if "assigned" in error.lower():
            return ASSIGNEE
        if "checklist" in error.lower():
            return CHECKLIST
        named = [each.name for each in schema.fields if each.name and each.name in error]
        if named:
            return max(named, key=len)
    return ""


def last_refusal(task: Task, state: State) -> Run | None:
    """The latest run on the task that its requirements stopped."""
    mine = (run for run in reversed(state.runs) if run.key == task.key and run.is_over)
    return next((run for run in mine if run.status in {job.REFUSED, job.FAIL}), None)
