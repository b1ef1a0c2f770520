"""A form as lines: a row for each field, the live one with its caret, what is wrong under it. Pure."""

from __future__ import annotations

from fdtui.core.entry import Reading, meaning
from fdtui.core.fields import show
from fdtui.core.frozen import frozen
from fdtui.core.safetext import safe
from fdtui.core.schema import FieldType
from fdtui.core.several import joined
from fdtui.core.values import Value
from fdtui.tui.forms.form import Form, Slot, ticked
from fdtui.tui.preferences import Glyphs
from fdtui.tui.presentation.cards import MAX_LINE, initials_of, line_of, person_of, person_role
from fdtui.tui.toolkit.cells import Line, Piece, cut, fit, spread, width_of, wrapped

MAX_LABEL = 24
LIVE_TEXT_ROWS = {"text": 3, "longText": 8}
"""Rows that the live text takes at most, by the kind of its slot."""

NARROW_BELOW = 44
"""Below this width what is said of a field has all of it, and not only that under its value."""

SAVE = "Save"


@frozen
class KeyWords:
    """The keys that a line names, as people read them; empty where a command has none."""

    accept: str = ""
    open: str = ""


def label_width(form: Form, width: int) -> int:
    """Cells for the names of the fields, the mark of the required ones included."""
    longest = max((width_of(safe(slot.entry.field.name[:64])) for slot in form.slots), default=0)
    return max(4, min(MAX_LABEL, width // 3, longest)) + 2


def slot_lines(
    form: Form, slot: Slot, *, here: bool, width: int, room: int, glyphs: Glyphs, keys: KeyWords
) -> list[Line]:
    """The lines of one slot; ``room`` is `label_width`."""
    reading = form.reading(slot)
    field = slot.entry.field
    bar = (f"{glyphs.bar} " if here else "  ", "accent")
    role = "bold text" if here else "dim"
    name: Line = ((fit(safe(field.name[:64]), room - 2, glyphs.cut), role), required(slot))
    note = _note(slot, reading)
    if width < NARROW_BELOW and (slot.told or form.complaint(slot)):
        note = ("", "dim")  # what is wrong needs the lines more
    space = max(4, width - 2 - room - (width_of(note[0]) + 1 if note[0] else 0))
    values = value_lines(form, slot, here=here, width=space, glyphs=glyphs)
    first: Line = (bar, *name, (" ", "dim"), *values[0])
    lines = [spread(first, (note,) if note[0] else (), width, "text", glyphs.cut)]
    indent: Piece = (" " * room, "dim")
    aside: Piece = (" " * room if width >= NARROW_BELOW else "", "dim")
    space = width - 2 - len(aside[0])
    told = told_lines(form, slot, reading, here=here, width=space, glyphs=glyphs, keys=keys)
    under = [*((indent, *line) for line in values[1:]), *((aside, *line) for line in told)]
    return [*lines, *(spread((bar, *line), (), width, "text", glyphs.cut) for line in under)]


def required(slot: Slot) -> Piece:
    """The mark of a required field."""
    return ("*" if slot.entry.field.required and not slot.read_only else " ", "warn")


def _note(slot: Slot, reading: Reading) -> Piece:
    if slot.read_only:
        return ("read-only", "italic dim")
    if slot.theirs is not None:
        return ("conflict", "warn")
    if reading.is_changed and slot.entry.is_touched:
        return ("changed", "warn")
    return ("", "dim")


def value_lines(form: Form, slot: Slot, *, here: bool, width: int, glyphs: Glyphs) -> list[Line]:
    """What stands in a slot: as it is typed where the cursor is, else as it is read."""
    if here and form.buffer is not None:
        lines = form.buffer.lines(width, LIVE_TEXT_ROWS.get(slot.kind, 1))
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
        return ((cut(safe(joined(ticked(slot))), width, glyphs.cut), role),)
    return ((cut(line_of(field, value), width, glyphs.cut), role),)


def told_lines(
    form: Form,
    slot: Slot,
    reading: Reading,
    *,
    here: bool,
    width: int,
    glyphs: Glyphs,
    keys: KeyWords,
) -> list[Line]:
    """What is to be said under a field: what is wrong, how it is understood, who else changed it."""
    lines: list[Line] = []
    for told in slot.told:
        lines += _few(f"{glyphs.refused} {safe(told)}", "bad", width)
    if (complaint := form.complaint(slot)) and not slot.told:
        lines += _few(f"{glyphs.refused} {safe(complaint)}", "bad", width)
    if slot.theirs is not None:
        theirs = shown(slot, slot.theirs[0])
        way = f" ({keys.accept} to accept)" if keys.accept else ""
        lines += _few(f"{glyphs.doubtful} someone changed this to {theirs}{way}", "warn", width)
    if not here:
        return lines
    understood = meaning(slot.entry, reading, form.moment)
    if understood and understood != slot.entry.text:
        lines += _few(f"= {safe(understood)}", "dim", width)
    if slot.read_only:
        lines += _few(slot.read_only, "italic dim", width)
    elif slot.entry.in_escapes:
        words = r"Invisible characters are shown as escapes: \x1b, \u202e; a backslash is \\."
        lines += _few(words, "italic dim", width)
    elif form.buffer is None and slot.kind in LIVE_TEXT_ROWS:
        way = f": {keys.open} opens your editor" if keys.open else ""
        words = f"{len(slot.entry.text):,} letters, too many to edit here{way}."
        lines += _few(words, "italic dim", width)
    return lines


def _few(text: str, role: str, width: int) -> list[Line]:
    return wrapped(text, role, max(8, width))[:4]


def shown(slot: Slot, value: Value) -> str:
    """A value for a sentence."""
    if value is None:
        return "nothing"
    return f"“{safe(show(slot.entry.field, value)[:80])}”"


def save_lines(form: Form, *, here: bool, width: int, glyphs: Glyphs) -> list[Line]:
    """The row that saves."""
    bar = (f"{glyphs.bar} " if here else "  ", "accent")
    button = (f" {SAVE} ", "bold on_accent@accent" if here else "bold accent")
    count, wrong = len(form.typed), sum(bool(form.complaint(slot)) for slot in form.slots)
    words = f"{count} field{'' if count == 1 else 's'} changed" if count else ""
    if not count and not form.is_new:
        words = "nothing changed"
    told: Line = (("  ", "dim"), (words, "dim"))
    if wrong:
        told = (*told, (f"  {glyphs.refused} {wrong} invalid", "bad"))
    return [spread((bar, button, *told), (), width, "text", glyphs.cut)]
