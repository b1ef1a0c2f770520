"""A form as lines: a row for each field, the live one with its caret, what is wrong under it. Pure."""

from __future__ import annotations

from fdtui.core.entry import Reading, meaning
from fdtui.core.fields import show
from fdtui.core.safetext import safe
from fdtui.core.schema import FieldType
from fdtui.core.values import Value
from fdtui.tui.cells import Line, Piece, cut, fit, spread, width_of, wrap
from fdtui.tui.form import Form, Slot, ticked
from fdtui.tui.look import Glyphs
from fdtui.tui.present import MAX_LINE, initials_of, line_of, person_of, person_role

MAX_LABEL = 24
ROWS = {"text": 3, "longText": 8}
"""Rows that the live text takes at most, by the kind of its slot."""

SAVE = "Save"


def label_width(form: Form, width: int) -> int:
    """Cells for the names of the fields, the mark of the required ones included."""
    longest = max((width_of(safe(slot.entry.field.name[:64])) for slot in form.slots), default=0)
    return max(4, min(MAX_LABEL, width // 3, longest)) + 2


def slot_lines(
    form: Form, slot: Slot, *, here: bool, width: int, room: int, glyphs: Glyphs
) -> list[Line]:
    """The lines of one slot; ``room`` is `label_width`."""
    reading = form.reading(slot)
    field = slot.entry.field
    bar = (f"{glyphs.bar} " if here else "  ", "accent")
    role = "bold text" if here else "dim"
    name: Line = ((fit(safe(field.name[:64]), room - 2, glyphs.cut), role), required(slot))
    note = _note(slot, reading)
    space = max(4, width - 2 - room - (width_of(note[0]) + 1 if note[0] else 0))
    values = value_lines(form, slot, here=here, width=space, glyphs=glyphs)
    lines = [spread((bar, *name, (" ", "dim"), *values[0]), (note,) if note[0] else (), width, "text")]
    indent: Piece = (" " * room, "dim")
    under = [
        *values[1:],
        *told_lines(form, slot, reading, here=here, width=width - room - 2, glyphs=glyphs),
    ]
    return [*lines, *(spread((bar, indent, *line), (), width, "text", glyphs.cut) for line in under)]


def required(slot: Slot) -> Piece:
    """The mark of a required field."""
    return ("*" if slot.entry.field.required and not slot.read_only else " ", "warn")


def _note(slot: Slot, reading: Reading) -> Piece:
    if slot.read_only:
        return ("read-only", "italic dim")
    if slot.theirs is not None:
        return ("changed twice", "warn")
    if reading.is_changed and slot.entry.is_touched:
        return ("changed", "warn")
    return ("", "dim")


def value_lines(form: Form, slot: Slot, *, here: bool, width: int, glyphs: Glyphs) -> list[Line]:
    """What stands in a slot: as it is typed where the cursor is, else as it is read."""
    if here and form.buffer is not None:
        lines = form.buffer.lines(width, ROWS.get(slot.kind, 1))
        if not form.buffer.text:
            word = glyphs.dash if slot.entry.is_null else "(empty)"
            return [(*lines[0][:2], (f" {word}", "italic dim"))]
        return lines
    if slot.entry.is_missing and not slot.entry.is_touched:
        return [(("not returned", "italic dim"),)]
    line = _chosen(form, slot, "dim" if slot.read_only else "text", glyphs=glyphs, width=width)
    if here and slot.kind == "choice":
        line = (*line, (f" {glyphs.down}", "accent"))
    return [line]


def _chosen(form: Form, slot: Slot, role: str, *, glyphs: Glyphs, width: int) -> Line:
    schema, reading = form.schema, form.reading(slot)
    field, value = slot.entry.field, reading.value
    if reading.problem and slot.entry.is_touched:
        text = safe(slot.entry.text[:MAX_LINE]) or glyphs.dash
        return ((cut(text, width, glyphs.cut), "bad"),)
    if value is None:
        return ((glyphs.dash, "dim"),)
    if value in ("", []):
        return (("(empty)", "italic dim"),)
    if field.type == FieldType.CHECKBOX and isinstance(value, bool):
        return ((f"{glyphs.ticked if value else glyphs.box} {'yes' if value else 'no'}", role),)
    if field.type == FieldType.PERSON and isinstance(value, str):
        person = person_of(value[:MAX_LINE], schema)
        return (
            (f"{initials_of(person)} ", person_role(person.email)),
            (cut(safe(person.name), width - 4, glyphs.cut), role),
        )
    if field.type == FieldType.MULTIPLE_SELECT and slot.entry.is_touched:
        return ((cut(safe(", ".join(ticked(slot))), width, glyphs.cut), role),)
    return ((cut(line_of(field, value), width, glyphs.cut), role),)


def told_lines(
    form: Form, slot: Slot, reading: Reading, *, here: bool, width: int, glyphs: Glyphs
) -> list[Line]:
    """What is to be said under a field: what is wrong, how it is understood, who else changed it."""
    lines: list[Line] = []
    for told in slot.told:
        lines += _wrapped(f"{glyphs.refused} {safe(told)}", "bad", width)
    if reading.problem and (here or slot.entry.is_touched) and not slot.told:
        lines += _wrapped(f"{glyphs.refused} {safe(reading.problem)}", "bad", width)
    if slot.theirs is not None:
        theirs = shown(slot, slot.theirs[0])
        lines += _wrapped(f"{glyphs.doubtful} somebody made it {theirs}: ^t takes that", "warn", width)
    if not here:
        return lines
    understood = meaning(slot.entry, reading, form.moment)
    if understood and understood != slot.entry.text:
        lines += _wrapped(f"= {safe(understood)}", "dim", width)
    if slot.read_only:
        lines += _wrapped(slot.read_only, "italic dim", width)
    elif slot.entry.in_escapes:
        words = r"What cannot be seen is spelled out: \x1b, \u202e; a backslash is \\."
        lines += _wrapped(words, "italic dim", width)
    elif form.buffer is None and slot.kind in ROWS:
        words = f"{len(slot.entry.text):,} letters, too many to edit here: ^x opens your editor."
        lines += _wrapped(words, "italic dim", width)
    return lines


def _wrapped(text: str, role: str, width: int) -> list[Line]:
    return [((part, role),) for part in wrap(text, max(8, width))[:4]]


def shown(slot: Slot, value: Value) -> str:
    """A value for a sentence."""
    if value is None:
        return "nothing"
    return f"“{safe(show(slot.entry.field, value)[:80])}”"


def save_lines(form: Form, *, here: bool, width: int, glyphs: Glyphs) -> list[Line]:
    """The row that saves."""
    bar = (f"{glyphs.bar} " if here else "  ", "accent")
    button = (f" {SAVE} ", "bold on_accent@accent" if here else "bold accent")
    count, wrong = len(form.changed), len(form.wrong)
    words = f"{count} field{'' if count == 1 else 's'} changed" if count else "nothing changed"
    told: Line = (("  ", "dim"), (words, "dim"))
    if wrong:
        told = (*told, (f"  {glyphs.refused} {wrong} to mend", "bad"))
    return [spread((bar, button, *told), (), width, "text")]
