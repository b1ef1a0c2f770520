"""The steps that change tasks: each within the transaction that also notes it as done."""

from __future__ import annotations

from collections.abc import Mapping

from fdtui.core.errors import ApiError, InvalidError
from fdtui.core.schema import ASSIGNEE, STAGE, Person
from fdtui.core.values import Row, Value
from fdtui.server.record import Record
from fdtui.server.store import links, schedules, tasks
from fdtui.server.task_service import TaskService
from fdtui.server.workflow import templates
from fdtui.server.workflow.catalog import LinkSide
from fdtui.server.workflow.steps import (
    Assign,
    CreateLinked,
    Delete,
    Move,
    Schedule,
    Step,
    Update,
    UpdateLinked,
    table_of_step,
)

SECONDS_PER_DAY = 86_400
"""Seconds."""


class StepError(Exception):
    """A step that cannot be done; ``says`` are the sentences of the execution."""

    def __init__(self, *says: str) -> None:
        super().__init__("; ".join(says))
        self.says = says


def refused(error: ApiError) -> StepError:
    """What a task's rules said against a change, as sentences."""
    if isinstance(error, InvalidError):
        told = [f"{name} {why}" for name, whys in error.fields.items() for why in whys]
        return StepError(*told, *error.errors)
    return StepError(error.message)


def others(book: TaskService, step: Step, *, changes: bool = False) -> tuple[str, ...]:
    """The other workflows that a failure of ``step`` may speak of; all if it took ``changes``."""
    said = table_of_step(step)
    named = {*templates.names_in(said), said.get("link"), *said.get("fields", ())}
    return tuple(sorted({side.other for name, side in book.sides.items() if changes or name in named}))


def task_of(book: TaskService, task: str) -> Record:
    """The task that an execution is about; raises `StepError`."""
    found = tasks.by_ids(book.tx, [task]).get(task)
    if found is None:
        raise StepError("The task is no longer there")
    return found


def values_of(book: TaskService, row: Row, email: str | None) -> dict[str, Value]:
    """What templates may speak of: ``row``, a rendered task, and who does it on which day."""
    person = user_of(book, email)
    extra: Mapping[str, Value] = {
        "user.email": email or "",
        "user.name": person.name if email else "API",
        "today": book.actor.now.date().isoformat(),
    }
    return {**row, **extra}


def user_of(book: TaskService, email: str | None) -> Person:
    """Who does it; the API itself where nobody was named."""
    known = book.workflow.schema.person(email) if email else None
    return known or Person(email or "", "" if email else "API")


def do(book: TaskService, record: Record, step: Step, email: str | None) -> None:
    """Do a step with the task ``record``; raises `StepError`, and what the rules raise."""
    values = values_of(book, book.row(record), email)
    match step:
        case Move(stage):
            book.change(record, {STAGE: stage})
        case Assign(to):
            whom = templates.fill(to, values)
            if whom or not to:
                book.change(record, {ASSIGNEE: whom or None})
        case Update(fields):
            book.change(record, templates.fill_all(fields, values))
        case Delete():
            book.delete(record)
        case Schedule(stage, days):
            _schedule(book, record, stage, days)
        case CreateLinked(link, fields):
            _create_linked(book, record, link, templates.fill_all(fields, values))
        case UpdateLinked(link, fields):
            side, there = _there(book, link)
            others = [other for _, other in links.pairs(book.tx, side, record.id)]
            for each in tasks.by_ids(book.tx, others).values():
                there.change(each, templates.fill_all(fields, values))
        case _:
            raise StepError("This step speaks to others")


def _schedule(book: TaskService, record: Record, stage: str, days: int) -> None:
    schedules.add(
        book.tx,
        task=record.id,
        workflow=book.workflow.id,
        stage=stage,
        due=book.actor.now.timestamp() + days * SECONDS_PER_DAY,
        who=book.actor.who,
        base_url=book.base_url,
    )
    book.note("task.scheduled", record, after={STAGE: stage, "days": days})


def _create_linked(book: TaskService, record: Record, link: str, body: Row) -> None:
    side, there = _there(book, link)
    made = there.create(body)
    before = [other for _, other in links.pairs(book.tx, side, record.id)]
    book.relink(side, record, [*before, made.id] if side.many else [made.id])
    book.note("task.updated", record, after={link: [made.uid]})


def _there(book: TaskService, link: str) -> tuple[LinkSide, TaskService]:
    """A link and the tasks at its other end."""
    side = book.sides.get(link)
    if side is None:
        raise StepError(f"There is no link {link}")
    return side, TaskService.open(book.store, book.tx, side.other, book.base_url, book.actor)
