"""A task as the lines of its card. Pure: no widget, no clock; whatever comes from outside is `safe`."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date

from fdtui.core.fields import check, show
from fdtui.core.frozen import replace
from fdtui.core.lateness import is_late
from fdtui.core.moments import day_of, short_date
from fdtui.core.names import meaning
from fdtui.core.safetext import safe
from fdtui.core.schema import Field, FieldType, Person, Schema
from fdtui.core.state import Mark
from fdtui.core.task import Task
from fdtui.core.values import Value
from fdtui.tui.preferences import Glyphs, Look
from fdtui.tui.toolkit.cells import Line, Piece, cut, line_width, spread, width_of

MAX_LINE = 512
"""Letters of a value that are looked at for one line; no card is wider."""

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


@dataclass(frozen=True)
class CardPlan:
    """Which fields of a workflow stand where on its cards; made once per schema and look."""

    schema: Schema
    glyphs: Glyphs
    lines: int
    title: Field | None
    facts: tuple[Field, ...]
    due: Field | None
    files: tuple[str, ...]


class CardLook:
    """How cards look on one board: as the user's settings say, but for what a view says."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self.density = ""
        """Lines a card, by their name; empty for what the settings say."""
        self.fields: tuple[str, ...] | None = None
        """What a card shows; ``None`` for what the settings say."""
        self._made: tuple[Schema, CardPlan] | None = None

    def take(self, density: str, fields: tuple[str, ...] | None) -> None:
        """Look so from now on."""
        if (density, fields) != (self.density, self.fields):
            self.density, self.fields, self._made = density, fields, None

    def plan(self, schema: Schema) -> CardPlan:
        """The plan for the cards of a workflow; the same object as long as it is the same."""
        if self._made is None or self._made[0] is not schema:
            look = replace(self._look, density=self.density or self._look.density)
            if self.fields is not None:
                look = replace(look, card_fields=self.fields)
            self._made = (schema, plan_card(schema, look))
        return self._made[1]


def plan_card(schema: Schema, look: Look) -> CardPlan:
    """The plan for the cards of a workflow as the user wants to see them."""
    chosen = schema.named(look.title) if look.title else None
    if look.card_fields is None:
        facts = tuple(each for each in schema.card_facts if each.type != FieldType.NUMBER)
    else:
        facts = tuple(each for name in look.card_fields if (each := schema.named(name)))
    return CardPlan(
        schema=schema,
        glyphs=look.glyphs,
        lines=look.card_lines,
        title=chosen or schema.title,
        facts=facts,
        due=schema.corner_date,
        files=tuple(each.name for each in schema.fields if each.type == FieldType.FILE),
    )


def card(task: Task, plan: CardPlan, mark: Mark, width: int, today: date) -> tuple[Line, ...]:
    """The card's lines, each exactly ``width`` cells wide."""
    glyphs, late = plan.glyphs, is_late(task, plan.schema, today)
    sign = _sign(mark, late, glyphs)
    title = (cut(title_of(task, plan), width * 2, glyphs.cut), "bold text")
    if plan.lines == 1:
        right: Line = ((_uid(task, plan), "dim"), (" ", "dim"), *_initials(task, plan), *_spaced(sign))
        return (spread((title,), right, width, "text", glyphs.cut),)
    first = spread((title,), sign, width, "text", glyphs.cut)
    if plan.lines == 2:
        corner = (*_initials(task, plan), *_spaced(sign))
        first = spread((title,), corner, width, "text", glyphs.cut)
        due = _due(task, plan, today, late)
        if not late and width_of(_facts(task, plan)) + line_width(due) >= width:
            due = ()  # half a sum of money says less than no date
        facts = _facts(task, plan, width - line_width(due) - 1)
        return first, spread(((facts, "dim"),), due, width, "dim", glyphs.cut)
    second = spread(((_facts(task, plan, width), "dim"),), (), width, "dim", glyphs.cut)
    files, due = _files(task, plan), _due(task, plan, today, late)
    if files and due:  # or the number of files would be read as a day
        due = ((f" {glyphs.middot} ", "dim"), (due[0][0].strip(), due[0][1]))
    right = (*files, *due)
    return first, second, spread(_who(task, plan), right, width, "dim", glyphs.cut)


def title_of(task: Task, plan: CardPlan) -> str:
    """The card's title: its field, else the unique id, else a word that says there is none."""
    if plan.title is not None:
        text = line_of(plan.title, task.row.get(plan.title.name)).strip()
        if text:
            return text
    return safe((task.uid or "(untitled)")[:MAX_LINE])


def line_of(field: Field, value: Value) -> str:
    """A value on one line, safe; empty where there is none."""
    if isinstance(value, str) and len(value) > MAX_LINE:
        value = value[:MAX_LINE]
    return safe(show(field, value)[:MAX_LINE])


def due_of(task: Task, plan: CardPlan) -> date | None:
    """The day that stands in the card's corner."""
    return None if plan.due is None else day_of(plan.due, task.row.get(plan.due.name))


def person_of(email: str, schema: Schema) -> Person:
    """The person with that e-mail, known or not."""
    return schema.person(email) or Person(email)


_EMAIL_FIELD = Field("", FieldType.EMAIL)


def person_meant(who: str, schema: Schema) -> Person | None:
    """The person that ``who`` names, by e-mail or by the full name that only one has.

    An e-mail is a person's, known or not; ``None`` for what else acts: a key, a sync.
    """
    found = schema.person(who)
    if found is None and "@" in who and not check(_EMAIL_FIELD, who):
        found = Person(who)
    if found is not None:
        return found
    wanted = meaning(who)
    named = [each for each in schema.people if meaning(each.name) == wanted and each.first_name]
    return named[0] if len(named) == 1 else None


def person_role(email: str) -> str:
    """The role of a person's initials: a hue that stays theirs from run to run."""
    return f"bold person{zlib.crc32(email.lower().encode('utf-8', 'surrogatepass')) % 8}"


def initials_of(person: Person) -> str:
    """Two safe letters at the most, which cover four cells at the most."""
    return cut(safe(person.initials), 4, "")


def _sign(mark: Mark, late: bool, glyphs: Glyphs) -> Line:
    if mark in MARKS:
        glyph, role = MARKS[mark]
        return ((getattr(glyphs, glyph), role),)
    return ((glyphs.late, "bold bad"),) if late else ()


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


def _facts(task: Task, plan: CardPlan, room: int = MAX_LINE) -> str:
    """Unique id and facts, as many of them as fit whole into ``room``."""
    parts = [_uid(task, plan)]
    for field in plan.facts:
        text = line_of(field, task.row.get(field.name))
        if text and field.type in _SHOWN_WITH_NAME:
            text = f"{safe(field.name)} {text}"
        parts.append(text)
    parts = [part for part in parts if part]
    between = f" {plan.glyphs.middot} "
    while len(parts) > 1 and width_of(between.join(parts)) > room:
        parts.pop()
    return between.join(parts)


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


def _files(task: Task, plan: CardPlan) -> Line:
    values = [task.row.get(name) for name in plan.files]
    count = sum(len(value) for value in values if isinstance(value, list))
    return ((f"{plan.glyphs.files}{count}", "dim"),) if count else ()


def _due(task: Task, plan: CardPlan, today: date, late: bool) -> Line:
    due = due_of(task, plan)
    if due is None:
        return ()
    piece: Piece = (f"{short_date(due, today):>6}", "bad" if late else "dim")
    return (piece,)
