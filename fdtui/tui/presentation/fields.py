"""A task as the lines of the detail pane: every field, shown by its type. Pure."""

from __future__ import annotations

from datetime import date

from fdtui.core.fields import show
from fdtui.core.frozen import frozen
from fdtui.core.lateness import days_late, is_late
from fdtui.core.remembered import Change
from fdtui.core.safetext import safe
from fdtui.core.schema import ASSIGNEE, BUILT_INS, STAGE, TASK_URL, Field, FieldType
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.values import Value
from fdtui.tui.presentation.actions import action_rows
from fdtui.tui.presentation.ages import span_words, stay_words, when_words
from fdtui.tui.presentation.cards import (
    CardPlan,
    due_of,
    initials_of,
    person_of,
    person_role,
    title_of,
)
from fdtui.tui.presentation.days import late_words
from fdtui.tui.presentation.headings import heading
from fdtui.tui.presentation.options import option_role, option_sign
from fdtui.tui.toolkit.cells import Line, cut, cut_line, fit, line_width, width_of, wrap, wrapped

MAX_TEXT = 65_536
"""Letters of one value that are shown; the rest is one key away in the browser."""

MAX_LABEL = 24
MAX_CHANGES = 6
"""Fields that are named of those that others changed."""
FIRST_FIELDS = 300
"""Fields that are shown until the user scrolls on."""


@frozen
class Sheet:
    """The lines, and where each field stands among them: its first line and the one after its last."""

    lines: list[Line]
    spans: dict[str, tuple[int, int]]
    room: int
    """Cells for the names of the fields."""


def sheet(
    task: Task,
    plan: CardPlan,
    state: State,
    *,
    stage: str,
    width: int,
    today: date,
    most: int = FIRST_FIELDS,
) -> list[Line]:
    """The pane's lines, none wider than ``width``; ``stage`` is the role of the task's stage.

    Of a task with more than ``most`` fields the rest is counted in the last line.
    """
    return lay_out(task, plan, state, stage=stage, width=width, today=today, most=most).lines


def lay_out(
    task: Task,
    plan: CardPlan,
    state: State,
    *,
    stage: str,
    width: int,
    today: date,
    most: int = FIRST_FIELDS,
) -> Sheet:
    """The lines of `sheet` with the place of each field."""
    width = max(width, 12)
    lines = wrapped(title_of(task, plan), "bold text", width)[:4]
    at = len(lines)
    lines += _below_title(task, plan, state, stage, width, today=today)
    spans = {STAGE: (at, at + 1), ASSIGNEE: (at + 1, at + 2)}
    every = fields_of(task, plan)
    fields = every[:most]
    labels = [safe(each.name[:256]) for each in fields]
    room = min(MAX_LABEL, width // 2 - 1, max(map(width_of, labels), default=0))
    paragraphs: list[tuple[Field, str]] = []
    for field, label in zip(fields, labels, strict=True):
        value = task.row.get(field.name)
        if field.type == FieldType.LONG_TEXT and isinstance(value, str) and value:
            paragraphs.append((field, value))
            continue
        shown = fit(label, room, plan.glyphs.cut)
        texts = value_lines(task, field, plan, today, width - room - 2)
        spans[field.name] = (len(lines), len(lines) + len(texts))
        for index, line in enumerate(texts):
            lines.append(((shown if index == 0 else " " * room, "dim"), ("  ", "dim"), *line))
    for field, value in paragraphs:
        begin = len(lines) + 1
        lines += [
            (),
            heading(cut(safe(field.name[:256]), width - 4, plan.glyphs.cut), width, plan.glyphs),
        ]
        lines += wrapped(safe(value[:MAX_TEXT], multiline=True), "text", width)
        lines += rest_of(value, plan, width)
        spans[field.name] = (begin, len(lines))
    if len(every) > most:
        lines += [(), ((f"{len(every) - most:,} more fields", "italic dim"),)]
    return Sheet([cut_line(line, width, plan.glyphs.cut) for line in lines], spans, room)


def _below_title(
    task: Task, plan: CardPlan, state: State, stage: str, width: int, *, today: date
) -> list[Line]:
    """The stage, the assignee, and what is to be said of the whole task."""
    glyphs = plan.glyphs
    name = safe(task.stage) or "(no stage)"
    who: Line = (("unassigned", "italic dim"),)
    if task.assignee is not None:
        person = person_of(task.assignee[:512], plan.schema)
        email = safe(person.email)
        known = f"{safe(person.name)} <{email}>" if person.first_name or person.last_name else email
        who = ((initials_of(person), person_role(person.email)), (" ", "dim"), (known, "dim"))
    stay = state.stays.get(task.key)
    span: Line = ()
    if stay is not None and stay.stage == task.stage:
        span = ((f"  {stay_words(stay, today)}", "dim"),)
    late = days_late(task, plan.schema, today)
    ends: Line = ((f"  {late_words(late)}", "bad"),) if late else ()
    lines: list[Line] = [((f"{glyphs.dot} ", stage), (name, stage), *span, *ends), who]
    lines += task_words(task, plan, state, width, today)
    if actions := action_rows(task, state, width, glyphs):
        lines += [(), *actions]
    if task.problem and plan.schema.unique_id is not None:
        lines += wrapped(f"{glyphs.doubtful} {task.problem}", "bad", width)
    return [*lines, ((glyphs.rule * width, "line"),)]


def task_words(task: Task, plan: CardPlan, state: State, width: int, today: date) -> list[Line]:
    """What is to be said of the whole task: what others changed, what was refused, what waits."""
    glyphs = plan.glyphs
    lines = _news(task, plan, state, width, today)
    why = state.refused.get(task.key)
    if why:
        lines += wrapped(f"{glyphs.refused} {safe(why)}", "bad", width)
    for pending in state.pending:
        if pending.key == task.key:
            saved = "not sent yet" if pending.saved else "being saved"
            how = "being sent" if pending.sent else saved
            lines += wrapped(f"{glyphs.waiting} {safe(pending.intent.sentence())}: {how}", "warn", width)
    return lines


def _news(task: Task, plan: CardPlan, state: State, width: int, today: date) -> list[Line]:
    """What others changed since the user saw the task."""
    news = state.news.get(task.key)
    if news is None:
        return []
    parts = [_change(each, plan) for each in news.changes[:MAX_CHANGES]]
    if len(news.changes) > MAX_CHANGES:
        parts.append(f"and {len(news.changes) - MAX_CHANGES} more fields")
    when = when_words(news.since, today)
    return wrapped(f"Changed since you last looked ({when}): {', '.join(parts)}", "accent", width)


def _change(change: Change, plan: CardPlan) -> str:
    name = safe(change.name[:MAX_LABEL])
    if change.is_long:
        return name
    field = plan.schema.meant(change.name)
    before, after = (_brief(field, each) for each in (change.before, change.after))
    return f"{name} {before} {plan.glyphs.arrow} {after}"


def _brief(field: Field, value: Value) -> str:
    return cut(safe(show(field, value)[:400]), 40) or "nothing"


def fields_of(task: Task, plan: CardPlan) -> list[Field]:
    """The fields of a task in order, those that the workflow does not list, and its address."""
    known = [each for each in plan.schema.fields if each.name not in BUILT_INS]
    names = {*BUILT_INS, *(each.name for each in known)}
    strange = [Field(name, type="unknown") for name in task.row if name not in names]
    url = [Field(TASK_URL, type=FieldType.URL)] if TASK_URL in task.row else []
    return [*known, *strange, *url]


def value_lines(task: Task, field: Field, plan: CardPlan, today: date, width: int) -> list[Line]:
    """What a field holds, by its type; a line at least."""
    glyphs = plan.glyphs
    if field.name not in task.row:
        return [(("not returned", "italic dim"),)]
    value = task.row[field.name]
    if value is None:
        return [((glyphs.dash, "dim"),)]
    if value == "" or value in ([], {}):
        return [(("(empty)", "italic dim"),)]
    if field.type == FieldType.CHECKBOX and isinstance(value, bool):
        return [((f"{glyphs.ticked if value else glyphs.box} {'yes' if value else 'no'}", "text"),)]
    if isinstance(value, list) and all(isinstance(each, dict) for each in value):
        return _entries(field, value, plan, width)
    day = due_of(task, plan) if plan.due is not None and field.name == plan.due.name else None
    if day is not None and is_late(task, plan.schema, today):
        words = f"{show(field, value)}  late by {span_words((today - day).days)}"
        return [((part.strip(), "bad"),) for part in wrap(words, width)]
    if field.type == FieldType.SINGLE_SELECT and isinstance(value, str):
        return _option(field, value, plan, width)
    text = _text(field, value)
    if field.name == TASK_URL:  # whole in the browser and on the clipboard
        return [((cut(text, width, glyphs.cut), "accent"),)]
    role = "accent" if field.type == FieldType.URL else "text"
    lines = wrapped(text, role, width)
    return lines + (rest_of(value, plan, width) if isinstance(value, str) else [])


def _option(field: Field, value: str, plan: CardPlan, width: int) -> list[Line]:
    """An option in its colour, behind its sign where the field ranks."""
    sign, role = option_sign(field, value, plan.glyphs), option_role(field, value)
    before: Line = ((f"{sign[0]} ", sign[1]),) if sign is not None else ()
    room = max(1, width - line_width(before))
    role = "text" if role == "dim" else role
    first, *rest = wrapped(_text(field, value), role, room)
    return [(*before, *first), *rest]


def _text(field: Field, value: Value) -> str:
    if isinstance(value, str):
        value = value[:MAX_TEXT]
    return safe(show(field, value)[:MAX_TEXT], multiline=True)


def _entries(field: Field, value: list[Value], plan: CardPlan, width: int) -> list[Line]:
    """Files by their name, linked tasks by whatever the answer calls them; one a line."""
    lines: list[Line] = []
    for each in value[:1000]:
        if not isinstance(each, dict):
            continue
        name = each.get("filename")
        if isinstance(name, str):
            text = f"{plan.glyphs.files} {safe(name[:512])}"
        else:
            text = safe(show(Field(field.name, type="unknown"), each)[:512]) or "(nameless)"
        lines.append(((cut(text, width, plan.glyphs.cut), "accent"),))
    if len(value) > 1000:
        lines.append(((f"and {len(value) - 1000} more", "italic dim"),))
    return lines


def rest_of(value: str, plan: CardPlan, width: int) -> list[Line]:
    """A note on what is left out of a huge text."""
    if len(value) <= MAX_TEXT:
        return []
    note = f"{plan.glyphs.cut} the first 64 kB of {len(value) // 1024:,} kB"
    return wrapped(note, "italic dim", width)
