"""One task over the whole screen: its title in a band, what can be done, what was said. Pure."""

from __future__ import annotations

from datetime import date, datetime

from fdtui.core.details import Details, Part
from fdtui.core.frozen import frozen
from fdtui.core.lateness import days_late
from fdtui.core.safetext import safe
from fdtui.core.schema import FieldType
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.preferences import Glyphs
from fdtui.tui.presentation.actions import action_rows
from fdtui.tui.presentation.ages import stay_words
from fdtui.tui.presentation.cards import CardPlan, initials_of, person_of, person_role, title_of
from fdtui.tui.presentation.days import late_words
from fdtui.tui.presentation.details import Page, comment_blocks
from fdtui.tui.presentation.fields import MAX_TEXT, fields_of, rest_of, task_words, value_lines
from fdtui.tui.presentation.headings import heading
from fdtui.tui.presentation.options import option_role, option_sign
from fdtui.tui.presentation.runs import sign_of
from fdtui.tui.toolkit.cells import Line, cut, cut_line, fit, line_width, width_of, wrapped
from fdtui.tui.triage.queue import TriageQueue

WIDEST_TEXT = 120
"""Cells of a text at the most; longer lines are hard to read."""
TWO_COLUMNS_FROM = 100
"""Pages of this width and more show the fields in two columns."""
AHEAD = 3
"""Cards that are named at the foot."""
LABEL_COLUMN = 20


@frozen
class TriageKeys:
    """The keys that the text names; empty where the user took one away."""

    skip: str = ""
    leave: str = ""
    back: str = ""
    comment: str = ""
    runs: str = ""


@frozen
class TriageFace:
    """All that is to be seen."""

    task: Task | None
    state: State
    plan: CardPlan
    stage: str
    """The role of the stage's colour."""
    now: datetime
    cards: TriageQueue
    keys: TriageKeys

    @property
    def today(self) -> date:
        """The day it is for the user."""
        return self.now.date()


@frozen
class TriagePage:
    """The lines, and which of them are the band of the title: the first, and the one behind the last."""

    lines: list[Line]
    band: tuple[int, int] = (0, 0)


def lay_out(face: TriageFace, details: Details | None, width: int, height: int) -> TriagePage:
    """The whole screen; the next cards stand at its foot where the rest leaves room."""
    glyphs = face.plan.glyphs
    head: list[Line] = [_progress(face, width, glyphs), ()]
    if face.task is None:
        if face.cards.key is not None:
            words = "This task was deleted, or is no longer on the board."
            on = f"{face.keys.skip} goes on to the next card." if face.keys.skip else ""
            return TriagePage([*head, ((words, "warn"),), (), ((on, "dim"),)])
        band = [(), *_end(face), ()]
        return TriagePage(
            [*head, *band, (), *_failures(face, width)], (len(head), len(head) + len(band))
        )
    band = [(), *_title(face.task, face, details, width), ()]
    page = [*head, *band, (), *_body(face.task, face, details, width)]
    foot = _foot(face, width)
    gap = max(1, height - len(page) - len(foot))
    return TriagePage([*page, *[()] * gap, *foot], (len(head), len(head) + len(band)))


def _progress(face: TriageFace, width: int, glyphs: Glyphs) -> Line:
    cards = face.cards
    at, total = min(cards.at + 1, len(cards.keys)), len(cards.keys)
    last = face.state.runs[-1] if face.state.runs else None
    tail: Line = ()
    if last is not None:
        sign, _, role = sign_of(last, glyphs)
        words = cut(f"{safe(last.action)}: {safe(last.title)}", 36, glyphs.cut)
        tail = ((f"  {sign} ", role), (words, "dim"))
    left: Line = (("Triage ", "bold accent"), (f" {at:,} of {total:,}  ", "bold text"))
    size = max(0, width - line_width(left) - line_width(tail))
    done = round(size * min(cards.at, total) / max(1, total))
    rule: Line = ((glyphs.strong_rule * done, "accent"), (glyphs.rule * (size - done), "line"))
    return (*left, *rule, *tail)


def _title(task: Task, face: TriageFace, details: Details | None, width: int) -> list[Line]:
    lines = wrapped(title_of(task, face.plan), "bold text", width)[:4]
    facts = _facts(task, face, details)
    rows: list[Line] = []
    line: Line = ()
    for each in facts:
        if line and line_width(line) + 3 + line_width(each) > width:
            rows.append(line)
            line = ()
        line = (*line, ("   ", "dim"), *each) if line else each
    return [*lines, (), *rows, cut_line(line, width, face.plan.glyphs.cut)]


def _facts(task: Task, face: TriageFace, details: Details | None) -> list[Line]:
    """What is to be known at a glance: how grave, where and since when, whose, by when."""
    plan, state, glyphs = face.plan, face.state, face.plan.glyphs
    facts: list[Line] = []
    field = plan.priority
    if field is not None and (sign := option_sign(field, task.row.get(field.name), glyphs)):
        option = str(task.row.get(field.name))
        role = option_role(field, option)
        facts.append(((f"{sign[0]} ", sign[1]), (safe(option), f"bold {role}")))
    stay = state.stays.get(task.key)
    since = f" {stay_words(stay, face.today)}" if stay is not None and stay.stage == task.stage else ""
    facts.append(
        ((f"{glyphs.dot} ", face.stage), (safe(task.stage) or "(no stage)", "text"), (since, "dim"))
    )
    if task.assignee is None:
        facts.append((("unassigned", "italic dim"),))
    else:
        person = person_of(task.assignee[:512], plan.schema)
        facts.append(
            ((initials_of(person), person_role(person.email)), (f" {safe(person.name)}", "dim"))
        )
    if late := days_late(task, plan.schema, face.today):
        facts.append(((late_words(late), "bad"),))
    if task.uid is not None:
        facts.append(((safe(task.uid[:80]), "dim"),))
    comments = len(details.comments or ()) if details is not None else 0
    files = sum(len(value) for name in plan.files if isinstance(value := task.row.get(name), list))
    counts = [f"{glyphs.comments}{comments}"] * bool(comments) + [f"{glyphs.files}{files}"] * bool(files)
    return [*facts, ((" ".join(counts), "dim"),)] if counts else facts


def _body(task: Task, face: TriageFace, details: Details | None, width: int) -> list[Line]:
    """Actions, what is wrong, the long texts, what was said, and the other fields."""
    plan, state = face.plan, face.state
    lines: list[Line] = []
    if actions := action_rows(task, state, width, plan.glyphs):
        lines += [*actions, ()]
    if said := task_words(task, plan, state, width, face.today):
        lines += [*said, ()]
    room = min(width, WIDEST_TEXT)
    texts = [
        (field, value)
        for field in fields_of(task, plan)
        if field.type == FieldType.LONG_TEXT
        and isinstance(value := task.row.get(field.name), str)
        and value
    ]
    for at, (field, value) in enumerate(texts):
        if at:
            lines.append(heading(cut(safe(field.name[:256]), width // 2), width, plan.glyphs))
        lines += [*wrapped(safe(value[:MAX_TEXT], multiline=True), "text", room)]
        lines += [*rest_of(value, plan, width), ()]
    lines += [*_comments(task, face, details, width), ()]
    return [*lines, *_fields(task, face, width)]


def _comments(task: Task, face: TriageFace, details: Details | None, width: int) -> list[Line]:
    glyphs, key = face.plan.glyphs, face.keys.comment
    comments = details.comments if details is not None else None
    problem = details.problem(Part.COMMENTS) if details is not None else ""
    count = f" {len(comments)}" if comments else ""
    lines: list[Line] = [heading(f"Comments{count}", width, glyphs)]
    if problem:
        return [*lines, ((cut(safe(problem), width, glyphs.cut), "dim"),)]
    if comments is None:
        return [*lines, (("…" if glyphs.cut == "…" else "...", "dim"),)]
    if not comments:
        hint = f" {key} writes one." if key else ""
        return [*lines, ((f"No comments yet.{hint}", "italic dim"),)]
    page = Page(task, face.state.schema, min(width, WIDEST_TEXT), glyphs, face.now)
    for block in comment_blocks(tuple(reversed(comments[-50:])), page):
        lines += block.lines
    return lines[:-1]


def _fields(task: Task, face: TriageFace, width: int) -> list[Line]:
    """The fields that stand nowhere else, side by side where there is room."""
    plan = face.plan
    told = {each.name for each in (plan.title, plan.priority, plan.schema.unique_id) if each is not None}
    fields = [
        each
        for each in fields_of(task, plan)
        if each.name not in told and (each.type != FieldType.LONG_TEXT or not task.row.get(each.name))
    ]
    if not fields:
        return []
    columns = 2 if width >= TWO_COLUMNS_FROM else 1
    room = (width - 4 * (columns - 1)) // columns
    label = min(LABEL_COLUMN, room // 2 - 1, max(width_of(safe(each.name[:256])) for each in fields))
    blocks: list[list[Line]] = []
    for each in fields:
        values = value_lines(task, each, plan, face.today, max(8, room - label - 2))
        name = fit(safe(each.name[:256]), label, plan.glyphs.cut)
        blocks.append(
            [
                ((name if at == 0 else " " * label, "dim"), ("  ", "dim"), *line)
                for at, line in enumerate(values)
            ]
        )
    half = -(-len(blocks) // columns)
    left = [line for block in blocks[:half] for line in block]
    right = [line for block in blocks[half:] for line in block]
    lines: list[Line] = [heading("Fields", width, plan.glyphs)]
    for at in range(max(len(left), len(right))):
        one = left[at] if at < len(left) else ()
        other = right[at] if at < len(right) else ()
        gap = (" " * (room + 4 - line_width(one)), "text")
        lines.append((*one, gap, *other) if other else one)
    return lines


def _foot(face: TriageFace, width: int) -> list[Line]:
    """The next cards, and how it goes."""
    plan, glyphs = face.plan, face.plan.glyphs
    lines: list[Line] = []
    for at, key in enumerate(face.cards.coming(AHEAD + 1)[1:]):
        task = face.state.shown.get(key)
        if task is None:
            continue
        option = task.row.get(plan.priority.name) if plan.priority is not None else None
        sign = option_sign(plan.priority, option, glyphs)
        before: Line = (("next   " if at == 0 else " " * 7, "dim"), sign or (" ", "dim"), (" ", "dim"))
        lines.append(cut_line((*before, (title_of(task, plan), "dim")), width, glyphs.cut))
    tally = tally_line(face)
    return [*lines, (), tally] if tally else lines


def tally_line(face: TriageFace) -> Line:
    """How many cards were decided, skipped and put to sleep, what failed, and the seconds for each."""
    glyphs, counts = face.plan.glyphs, face.cards.counts()
    failed, running = len(_failed(face)), sum(not run.is_over for run in face.state.runs)
    parts: list[Line] = []
    if decided := counts.get("decided", 0):
        parts.append(((f"{glyphs.done} {decided:,} decided", "good"),))
    parts += [
        ((f"{count:,} {what}", "dim"),)
        for what, count in (("skipped", counts.get("skipped", 0)), ("asleep", counts.get("snoozed", 0)))
        if count
    ]
    if failed:
        parts.append(((f"{glyphs.refused} {failed:,} failed", "bad"),))
    if running:
        parts.append(((f"{glyphs.running} {running:,} running", "running"),))
    if (each := face.cards.seconds_each) is not None:
        parts.append(((f"{each:.0f} s a card", "dim"),))
    line: Line = ()
    for part in parts:
        line = (*line, (f" {glyphs.middot} ", "dim"), *part) if line else part
    return line


def _failed(face: TriageFace) -> list[tuple[str, str]]:
    """Of the cards that were decided, those whose last execution failed, and why."""
    latest = {run.key: run for run in face.state.runs if run.key in face.cards.became}
    return [
        (run.title, (run.errors or (run.status,))[0])
        for run in latest.values()
        if run.is_over and run.needs_reading
    ]


def _end(face: TriageFace) -> list[Line]:
    ways = ((face.keys.leave, "goes back to the board"), (face.keys.back, "to the card before"))
    hint = ", ".join(f"{key} {words}" for key, words in ways if key)
    tally = tally_line(face) or (("Nothing was decided.", "dim"),)
    lines: list[Line] = [(("That was the last card.", "bold text"),), (), tally]
    return [*lines, (), ((f"{hint}.", "dim"),)] if hint else lines


def _failures(face: TriageFace, width: int) -> list[Line]:
    """What failed, with the reason; the executions have the rest."""
    glyphs, failed = face.plan.glyphs, _failed(face)
    lines: list[Line] = []
    for title, why in failed[:12]:
        lines += wrapped(f"{glyphs.refused} {safe(title[:80])}: {safe(why[:400])}", "bad", width)
    if failed and face.keys.runs:
        lines += [(), ((f"{face.keys.runs} shows the executions.", "dim"),)]
    running = sum(not run.is_over for run in face.state.runs)
    if running:
        lines.append(((f"{running:,} still running; the board shows how they end.", "running"),))
    return lines
