"""What is seen beside the list of the destination under the bar. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fdtui.core.commands import BY_ID
from fdtui.core.safetext import safe
from fdtui.core.schema import Field, Schema
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.task_search import SearchedBoard
from fdtui.tui.preferences import Look
from fdtui.tui.presentation.cards import plan_card
from fdtui.tui.presentation.fields import sheet, value_lines
from fdtui.tui.presentation.stages import stage_role
from fdtui.tui.toolkit.cells import Line, spread, wrapped


def of_task(task: Task, state: State, look: Look, *, width: int, today: date) -> Sequence[Line]:
    """Every field of a task; ``state`` is of its workflow."""
    plan = plan_card(state.schema, look)
    return sheet(task, plan, state, stage=_role_of(task.stage, state.schema), width=width, today=today)


def _role_of(stage: str, schema: Schema) -> str:
    return next(
        (stage_role(each, at) for at, each in enumerate(schema.stages) if each.name == stage), "warn"
    )


def of_person(email: str, schema: Schema, filter_: str, width: int) -> Sequence[Line]:
    """Who it is, and what going there does."""
    person = schema.person(email)
    name = person.name if person is not None else email
    return [
        ((safe(name), "bold text"),),
        ((safe(email), "dim"),),
        (),
        *wrapped(f"Shows this person's cards: {safe(filter_)}", "text", width),
    ]


def of_view(name: str, width: int) -> Sequence[Line]:
    """What going to a view does."""
    words = "Shows the board as this view has it: filter, sort, groups, and how large cards are."
    return [((safe(name), "bold text"),), (), *wrapped(words, "text", width)]


def of_board(name: str, board: SearchedBoard | None, look: Look, width: int) -> Sequence[Line]:
    """The stages of a workflow, and how many tasks were in each when it was last seen."""
    head: list[Line] = [((safe(name), "bold text"),), ()]
    if board is None:
        return [*head, (("Not seen on this machine yet.", "italic dim"),)]
    counts: dict[str, int] = {stage: len(lane) for stage, lane in board.tasks.shared.lanes.items()}
    stages = [
        spread(
            ((f"{look.glyphs.dot} ", stage_role(each, at)), (safe(each.name), "text")),
            ((f"{counts.get(each.name, 0):,}", "dim"),),
            min(width, 36),
            "text",
            look.glyphs.cut,
        )
        for at, each in enumerate(board.schema.stages)
    ]
    return [*head, *stages]


def of_field(
    field: Field, task: Task, schema: Schema, look: Look, *, width: int, today: date
) -> Sequence[Line]:
    """The field's value on the card under the cursor."""
    values = value_lines(task, field, plan_card(schema, look), today, width)
    kind = str(field.type).replace("_", " ")
    return [((safe(field.name), "bold text"),), ((kind, "dim"),), (), *values]


def of_command(command: str, keys: str, why_not: str, width: int) -> Sequence[Line]:
    """What the command does, with its keys; and why it cannot be given now."""
    known = BY_ID[command]
    lines: list[Line] = [((known.title, "bold text"),), ((keys or "no key", "accent"),), ()]
    lines += wrapped(known.help, "text", width)
    return [*lines, (), *wrapped(why_not, "warn", width)] if why_not else lines
