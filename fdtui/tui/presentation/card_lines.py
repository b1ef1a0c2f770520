"""A task as the lines of its card. Pure: no widget, no clock; whatever comes from outside is `safe`."""

from __future__ import annotations

from datetime import date

from fdtui.core.frozen import frozen
from fdtui.core.lateness import days_late
from fdtui.core.safetext import safe
from fdtui.core.schema import Field, FieldType
from fdtui.core.state import Mark
from fdtui.core.task import Task
from fdtui.tui.presentation.cards import (
    MAX_LINE,
    CardPlan,
    due_of,
    initials_of,
    line_of,
    person_of,
    person_role,
    title_of,
)
from fdtui.tui.presentation.days import day_words, late_words, short_span
from fdtui.tui.presentation.options import option_role, option_sign
from fdtui.tui.toolkit.cells import Line, cut, cut_line, line_width, spread, width_of, wrap

_SHOWN_WITH_NAME = {FieldType.NUMBER, FieldType.CHECKBOX, FieldType.PHONE}
"""Types whose value says little without the field's name."""

MARKS: dict[Mark, tuple[str, str]] = {
    Mark.SAVING: ("saving", "dim"),
    Mark.WAITING: ("waiting", "bold warn"),
    Mark.REFUSED: ("refused", "bold bad"),
    Mark.CONFLICT: ("conflict", "bold warn"),
    Mark.RUNNING: ("running", "bold running"),
    Mark.DOUBTFUL: ("doubtful", "bold bad"),
    Mark.CHANGED: ("changed", "bold accent"),
}
"""Each mark's glyph, by its name in `Glyphs`, and its role."""


@frozen
class Beside:
    """What is known of a task besides its row."""

    comments: int = 0
    days: int | None = None
    """For how many days it is in its stage; ``None`` where that is not known."""


NOTHING_BESIDE = Beside()


def card(
    task: Task, plan: CardPlan, mark: Mark, width: int, today: date, *, beside: Beside = NOTHING_BESIDE
) -> tuple[Line, ...]:
    """The card's lines, each exactly ``width`` cells wide."""
    late = days_late(task, plan.schema, today)
    density = plan.density
    if density.lines == 1:
        return (_one_line(task, plan, mark, width, late),)
    if density.lines == 2:
        return _two_lines(task, plan, mark, width, today=today, late=late)
    sign = _sign(mark, plan)
    title = _title(task, plan, width, sign)
    right: Line = ()
    if beside.days:
        right = ((f"for {short_span(beside.days)}", "dim"),)
    facts = _chips(task, plan, width)
    if right and line_width(facts) + line_width(right) >= width:
        right = ()
    below = [spread(facts, right, width, "dim", plan.glyphs.cut)]
    spare = density.lines - len(title) - 2
    text = _text(task, plan, width) if spare > 0 else ()
    if text:
        below.append(text)
    comments, files = _comments(beside, plan), _files(task, plan)
    ends = (*comments, *(_spaced(files) if comments else files))
    due = _due(task, plan, today, late)
    if ends and due:  # or the number of files would be read as a day
        due = ((f" {plan.glyphs.middot} ", "dim"), *due)
    below.append(spread(_who(task, plan), (*ends, *due), width, "dim", plan.glyphs.cut))
    blank: Line = ((" " * width, "dim"),)
    return (*title, *below, *[blank] * (density.lines - len(title) - len(below)))


def _one_line(task: Task, plan: CardPlan, mark: Mark, width: int, late: int) -> Line:
    sign = _sign(mark, plan) or (((plan.glyphs.late, "bold bad"),) if late else ())
    who = _initials(task, plan)
    gap = (" " * max(0, 2 - line_width(who)), "dim")
    right: Line = ((_uid(task, plan), "dim"), (" ", "dim"), *who, gap, *_spaced(sign))
    return spread(_headed(task, plan, width), right, width, "text", plan.glyphs.cut)


def _two_lines(
    task: Task, plan: CardPlan, mark: Mark, width: int, *, today: date, late: int
) -> tuple[Line, ...]:
    glyphs = plan.glyphs
    first = spread(_headed(task, plan, width), _sign(mark, plan), width, "text", glyphs.cut)
    due = _due(task, plan, today, late)
    indent = "  " if plan.priority is not None else ""
    who = _initials(task, plan)
    left: Line = ((indent, "dim"), *who, (" " * max(1, 4 - line_width(who)), "dim"))
    room = width - line_width(left)
    if not late and width_of(_facts(task, plan)) + line_width(due) >= room:
        due = ()  # half a sum of money says less than no date
    facts = _facts(task, plan, room - line_width(due) - 1)
    return first, spread((*left, (facts, "dim")), due, width, "dim", glyphs.cut)


def _headed(task: Task, plan: CardPlan, width: int) -> Line:
    """The title, behind the sign of its priority where the workflow has one."""
    title = (cut(title_of(task, plan), width * 2, plan.glyphs.cut), "bold text")
    return (*_priority(task, plan), title)


def _priority(task: Task, plan: CardPlan) -> Line:
    if plan.priority is None:
        return ()
    sign = option_sign(plan.priority, task.row.get(plan.priority.name), plan.glyphs)
    return (sign or (" ", "dim"), (" ", "dim"))


def _title(task: Task, plan: CardPlan, width: int, sign: Line) -> list[Line]:
    """The title in as many lines as there are for it and it needs."""
    if plan.density.title_lines == 1:
        return [spread(_headed(task, plan, width), sign, width, "text", plan.glyphs.cut)]
    before = _priority(task, plan)
    indent = line_width(before)
    text = cut(title_of(task, plan), width * 4, plan.glyphs.cut)
    room = max(1, width - indent - (line_width(sign) + 1 if sign else 0))
    first, *rest = wrap(text, room)
    lines = [spread((*before, (first, "bold text")), sign, width, "text", plan.glyphs.cut)]
    if rest:
        second: Line = ((" " * indent, "text"), (text[len(first) :].strip(), "bold text"))
        lines.append(spread(second, (), width, "text", plan.glyphs.cut))
    return lines


def _sign(mark: Mark, plan: CardPlan) -> Line:
    if mark not in MARKS:
        return ()
    glyph, role = MARKS[mark]
    return ((getattr(plan.glyphs, glyph), role),)


def _spaced(line: Line) -> Line:
    return ((" ", "dim"), *line) if line else ()


def _uid(task: Task, plan: CardPlan) -> str:
    """The unique id; of a task that is still to be created, the one that was typed."""
    field = plan.schema.unique_id
    if field is None or plan.title is None or plan.title == field:
        return ""
    return (
        safe(task.uid[:MAX_LINE]) if task.uid is not None else line_of(field, task.row.get(field.name))
    )


def _fact(task: Task, field: Field) -> str:
    text = line_of(field, task.row.get(field.name))
    return f"{safe(field.name)} {text}" if text and field.type in _SHOWN_WITH_NAME else text


def _facts(task: Task, plan: CardPlan, room: int = MAX_LINE) -> str:
    """Unique id and facts, as many of them as fit whole into ``room``; the priority has its sign."""
    parts = [_uid(task, plan), *(_fact(task, each) for each in plan.facts if each != plan.priority)]
    parts = [part for part in parts if part]
    between = f" {plan.glyphs.middot} "
    while len(parts) > 1 and width_of(between.join(parts)) > room:
        parts.pop()
    return between.join(parts)


def _chips(task: Task, plan: CardPlan, room: int) -> Line:
    """The same with the options of selects on a ground of their own."""
    found: list[Line] = [((uid, "dim"),)] if (uid := _uid(task, plan)) else []
    for field in plan.facts:
        if not (text := _fact(task, field)):
            continue
        if field.type == FieldType.SINGLE_SELECT:
            role = option_role(field, str(task.row.get(field.name)))
            found.append(((f" {text} ", f"{role}@chip"),))
        else:
            found.append(((text, "dim"),))
    line: Line = ()
    for each in found:
        between = "  " if "@" in each[0][1] else f" {plan.glyphs.middot} "
        longer: Line = (*line, (between, "dim"), *each) if line else each
        if line and line_width(longer) > room:
            break
        line = longer
    return cut_line(line, room, plan.glyphs.cut)


def _text(task: Task, plan: CardPlan, width: int) -> Line:
    """The beginning of the long text, for the line that a short title leaves; empty for none."""
    value = task.row.get(plan.text.name) if plan.text is not None else None
    if plan.text is None or not isinstance(value, str):
        return ()
    words = line_of(plan.text, " ".join(value[: width * 4].split()))
    return spread(((words, "dim"),), (), width, "dim", plan.glyphs.cut) if words else ()


def _initials(task: Task, plan: CardPlan) -> Line:
    if task.assignee is None:
        return ((plan.glyphs.dash, "dim"),)
    person = person_of(task.assignee[:MAX_LINE], plan.schema)
    return ((initials_of(person), person_role(person.email)),)


def _who(task: Task, plan: CardPlan) -> Line:
    if task.assignee is None:
        return (("unassigned", "italic dim"),)
    person = person_of(task.assignee[:MAX_LINE], plan.schema)
    name = person.first_name or person.email.partition("@")[0]
    return (*_initials(task, plan), (" ", "dim"), (safe(name), "dim"))


def _comments(beside: Beside, plan: CardPlan) -> Line:
    return ((f"{plan.glyphs.comments}{beside.comments}", "dim"),) if beside.comments else ()


def _files(task: Task, plan: CardPlan) -> Line:
    values = [task.row.get(name) for name in plan.files]
    count = sum(len(value) for value in values if isinstance(value, list))
    return ((f"{plan.glyphs.files}{count}", "dim"),) if count else ()


def _due(task: Task, plan: CardPlan, today: date, late: int) -> Line:
    """The day of the corner, or how late the task is."""
    if late:
        return ((late_words(late), "bad"),)
    due = due_of(task, plan)
    return () if due is None else ((day_words(due, today), "dim"),)
