"""Asking before what destroys or cannot be taken back: one question, the same keys everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from fdtui.core.fields import show
from fdtui.core.safetext import quoted, safe
from fdtui.core.schema import Schema
from fdtui.core.task import Task
from fdtui.tui.host import DialogHost
from fdtui.tui.presentation.cards import CardPlan, title_of
from fdtui.tui.toolkit.item import Item

LOST = ("Undo brings the fields back.", "Comments, checklist, files and links are lost.")
"""What a deletion takes for good, and what not."""


async def confirm(
    host: DialogHost,
    question: str,
    *,
    yes: str,
    no: str = "Keep it",
    subject: Sequence[str] = (),
    listed: Sequence[str] = (),
) -> bool:
    """Whether the user says so: by its key, or on the second answer; the bar is on the safe one.

    ``subject`` says whole what it is about, a line each, and must be read; ``listed`` may be long.
    """
    from fdtui.tui.toolkit.question import Question  # noqa: PLC0415 - with the first question

    items = (
        Item("no", no, note=host.key_of("question.no")),
        Item("yes", yes, note=host.key_of("question.yes")),
    )
    dialog = Question(
        question,
        items,
        host.look.glyphs,
        subject=subject,
        listed=listed,
        leave="keep" if no.startswith("Keep") else "back",
    )
    return await host.ask(dialog) == "yes"


def whole_name(task: Task, plan: CardPlan, schema: Schema) -> tuple[str, ...]:
    """A task so that no other can be meant: its title in full, and its unique id."""
    title, uid = whole_title(task, plan), id_line(task, schema)
    return uid if title == task.uid else (quoted(title), *uid)


def id_line(task: Task, schema: Schema) -> tuple[str, ...]:
    """The unique id with the name that the workflow gives it; nothing where a task has none."""
    field = schema.unique_id
    return (f"{field.name if field is not None else 'Unique id'} {task.uid}",) if task.uid else ()


def one_line_name(task: Task, plan: CardPlan) -> str:
    """The same in one line, for a list."""
    title = whole_title(task, plan)
    return title if task.uid in (None, title) else f"{task.uid}  {title}"


def whole_title(task: Task, plan: CardPlan) -> str:
    """The title with nothing cut off, for two of them may differ at their end only."""
    whole = show(plan.title, task.row.get(plan.title.name)).strip() if plan.title is not None else ""
    return safe(whole) if whole else title_of(task, plan)
