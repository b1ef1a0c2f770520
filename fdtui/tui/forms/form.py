"""A form: the fields of a task with what is typed into them. Pure; a view draws it and asks for more.

One field is live at a time, however many there are: that makes a key in a form of fifty fields as
cheap as in one of five.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum

from fdtui.core.entry import (
    BASE_PREFIX,
    Entry,
    Moment,
    Reading,
    entry_of,
    from_draft,
    options_of,
    read,
    settled,
    to_draft,
)
from fdtui.core.errors import BadJsonError
from fdtui.core.fields import FIELD_KINDS, TAKEN, same
from fdtui.core.intents import Pairs
from fdtui.core.safetext import is_typed
from fdtui.core.schema import FieldType, Schema
from fdtui.core.strictjson import dumps, loads
from fdtui.core.values import Row, Value
from fdtui.tui.toolkit.text_buffer import MAX_LETTERS, TextBuffer

_T = FieldType
_CHOICES = frozenset({_T.SINGLE_SELECT, _T.MULTIPLE_SELECT, _T.PERSON})
_WITH_DAY = frozenset({_T.DATE, _T.DATETIME})


class Ask(Enum):
    """What a form wants of whoever shows it."""

    NOTHING = "nothing"
    LIST = "list"
    CALENDAR = "calendar"
    EDITOR = "editor"
    SAVE = "save"


class Slot:
    """One field of a form."""

    def __init__(self, entry: Entry, read_only: str = "") -> None:
        self.entry = entry
        self.read_only = read_only
        """Why it cannot be changed here, or empty."""
        self.was_left = False
        """Whether the cursor stood here and went on: from then on it says what is missing."""
        self.told: tuple[str, ...] = ()
        """What the server said of it."""
        self.theirs: tuple[Value] | None = None
        """What someone else changed it to while it was being changed here."""

    @property
    def kind(self) -> str:
        """How it is edited: ``text``, ``longText``, ``choice``, ``checkbox``."""
        kind = self.entry.field.type
        if kind in _CHOICES:
            return "choice"
        if kind == _T.CHECKBOX:
            return "checkbox"
        return "longText" if kind == _T.LONG_TEXT or kind not in FIELD_KINDS else "text"

    @property
    def opens(self) -> Ask:
        """What more there is than typing."""
        if self.entry.field.type in _WITH_DAY:
            return Ask.CALENDAR
        kinds = {"choice": Ask.LIST, "checkbox": Ask.NOTHING}
        return kinds.get(self.kind, Ask.EDITOR)


class Form:
    """The slots, the one under the cursor, and the text that is live in it."""

    def __init__(
        self,
        slots: Iterable[Slot],
        schema: Schema,
        moment: Callable[[], Moment],
        *,
        is_taken: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self.slots = list(slots)
        self.schema, self._moment, self._is_taken = schema, moment, is_taken
        self.intro = ""
        """A sentence beside the fields: how to fill them in, or why they were opened."""
        self.top_told = ""
        """What the server said of the whole."""
        self.at = 0
        self.buffer: TextBuffer | None = None
        self._readings: dict[int, tuple[Entry, Reading]] = {}
        self.go(next((at for at, slot in enumerate(self.slots) if not slot.read_only), 0))

    @property
    def slot(self) -> Slot | None:
        """The slot under the cursor; ``None`` on the row that saves."""
        return self.slots[self.at] if self.at < len(self.slots) else None

    @property
    def moment(self) -> Moment:
        """When and where the user types."""
        return self._moment()

    def go(self, at: int) -> None:
        """Put the cursor on that slot, and make its text live."""
        self._settle()
        self.at = max(0, min(at, len(self.slots)))
        self.enliven()

    def enliven(self) -> None:
        """Make the text of the slot under the cursor the live one."""
        slot = self.slot
        self.buffer = None
        if slot is not None and not slot.read_only and slot.kind in ("text", "longText"):
            text = slot.entry.text
            if len(text) <= MAX_LETTERS:
                self.buffer = TextBuffer(text, multiline=slot.kind == "longText")

    def _settle(self) -> None:
        if self.slot is not None and not self.slot.read_only:
            self.slot.entry = settled(self.slot.entry, self.moment)

    def step(self, step: int) -> None:
        """To the next slot that can be changed, or the row that saves."""
        if self.slot is not None:
            self.slot.was_left = True
        at = self.at + step
        while 0 <= at < len(self.slots) and self.slots[at].read_only:
            at += step
        if at >= 0:
            self.go(at)

    # What keys do; who shows the form binds them

    def enter(self) -> Ask:
        """Whatever the slot under the cursor is for; else on to the next."""
        slot = self.slot
        if slot is None:
            return Ask.SAVE
        if not slot.read_only:
            if slot.kind in ("choice", "checkbox"):
                return self.tick()
            if self.buffer is not None and self.buffer.multiline:
                self.buffer.do("text.new-line")
                self.take_typed()
                return Ask.NOTHING
        self.step(1)
        return Ask.NOTHING

    def tick(self) -> Ask:
        """Tick a checkbox; a choice asks for its list, the last row saves."""
        slot = self.slot
        if slot is None:
            return Ask.SAVE
        if slot.kind == "choice":
            return Ask.LIST
        self.put(slot, slot.entry.typed("no" if slot.entry.text == "yes" else "yes"))
        return Ask.NOTHING

    @property
    def can_tick(self) -> bool:
        """Whether there is something to tick, or to choose."""
        slot = self.slot
        return slot is None or (not slot.read_only and slot.kind in ("choice", "checkbox"))

    def walk(self, steps: int) -> None:
        """This many slots further, or with a negative number back."""
        for _ in range(abs(steps)):
            self.step(1 if steps > 0 else -1)

    def row(self, step: int) -> bool:
        """One row up or down in the live text; false where there is none."""
        command = "text.down" if step > 0 else "text.up"
        return self.buffer is not None and self.buffer.do(command)

    def row_or_step(self, step: int) -> None:
        """One row up or down; from the first and the last on to another slot."""
        if not self.row(step):
            self.step(step)

    def empty(self) -> None:
        """Set the slot to nothing; once more: to an empty text."""
        if self.slot is not None and not self.slot.read_only:
            self.put(self.slot, self.slot.entry.cleared())
            self.enliven()

    def accept_theirs(self, slot: Slot | None = None) -> None:
        """Take the value that someone else has given a field meanwhile, or the one under the cursor."""
        slot = slot or self.slot
        if slot is not None and slot.theirs is not None:
            self.put(slot, slot.entry.given(slot.theirs[0]).on(slot.theirs[0]))
            slot.theirs = None
            self.enliven()

    def type(self, name: str, character: str | None) -> Ask:
        """Take a key that is no command of a text."""
        slot = self.slot
        if slot is None or slot.read_only:
            return Ask.NOTHING
        if self.buffer is not None:
            self.buffer.type(name, character)
            self.take_typed()
        elif slot.kind == "checkbox" and name in ("left", "right"):
            self.tick()
        elif slot.kind == "checkbox" and name in ("y", "n"):
            self.put(slot, slot.entry.typed("yes" if name == "y" else "no"))
        elif slot.kind == "choice" and is_typed(character):
            return Ask.LIST
        return Ask.NOTHING

    def clear(self) -> None:
        """Take the choice or the tick away."""
        if (slot := self.slot) is not None:
            self.put(slot, slot.entry.cleared())

    def take_typed(self) -> None:
        """Give the slot under the cursor what its live text holds by now."""
        slot, buffer = self.slot, self.buffer
        if slot is not None and buffer is not None and buffer.text != slot.entry.text:
            self.put(slot, slot.entry.typed(buffer.text))

    def paste(self, text: str) -> str:
        """Type ``text`` into the live slot and nowhere else; answers what has to be said about it."""
        if self.buffer is None or self.slot is None:
            return "There is nothing to paste into here."
        said = self.buffer.paste(text)
        self.take_typed()
        return said

    def put(self, slot: Slot, entry: Entry) -> None:
        """Give a slot what was typed or chosen; what the server said of the old text is void."""
        slot.entry, slot.told = entry, ()

    # What it all means

    def reading(self, slot: Slot) -> Reading:
        """What stands in a slot, judged."""
        known = self._readings.get(id(slot))
        if known is None or known[0] is not slot.entry:
            known = self._readings[id(slot)] = (slot.entry, self._judged(slot.entry))
        return known[1]

    def _judged(self, entry: Entry) -> Reading:
        reading = read(entry, self.schema, self.moment)
        taken = entry.is_new and entry.field.type == _T.UNIQUE_ID and not reading.problem
        if taken and self._is_taken(str(reading.value)):
            return Reading(reading.value, TAKEN, reading.is_changed)
        return reading

    @property
    def changed(self) -> list[Slot]:
        """The slots that have another value than before, good or not."""
        return [slot for slot in self.slots if self.reading(slot).is_changed]

    @property
    def typed(self) -> list[Slot]:
        """Those of them that the user has changed here; a new task may begin with values."""
        return [slot for slot in self.changed if slot.entry.is_touched]

    @property
    def is_dirty(self) -> bool:
        """Whether something would be lost if it were closed now."""
        return bool(self.typed)

    @property
    def is_new(self) -> bool:
        """Whether it is the form of a task that is still to be made."""
        return any(slot.entry.is_new for slot in self.slots)

    @property
    def wrong(self) -> list[Slot]:
        """The slots whose value cannot be sent."""
        return [slot for slot in self.slots if self.reading(slot).problem]

    def complaint(self, slot: Slot) -> str:
        """What is wrong with a slot, once the user has been there; a fresh form is calm."""
        is_calm = not (slot.entry.is_touched or slot.was_left or slot.told)
        return "" if is_calm else self.reading(slot).problem

    def values(self) -> dict[str, Value]:
        """What is to be sent: the changed fields alone."""
        return {slot.entry.field.name: self.reading(slot).value for slot in self.changed}

    def seen(self) -> Pairs:
        """What the changed fields were when the form showed them, or what it said they are by now."""
        return tuple(
            (slot.entry.field.name, slot.theirs[0] if slot.theirs is not None else slot.entry.base)
            for slot in self.changed
        )

    def merge(self, row: Row) -> bool:
        """The task is another by now: untouched slots show it, the others note it. True if any does."""
        changed = False
        for slot in self.slots:
            name = slot.entry.field.name
            fresh, missing = row.get(name), name not in row
            before = slot.theirs[0] if slot.theirs is not None else slot.entry.base
            if same(slot.entry.field, fresh, before) and missing == slot.entry.is_missing:
                continue
            changed = True
            if slot.entry.is_touched:
                same_again = same(slot.entry.field, fresh, slot.entry.base)
                slot.theirs = None if same_again else (fresh,)
            else:
                slot.entry = slot.entry.on(fresh, is_missing=missing)
                if slot is self.slot:
                    self.enliven()
        return changed

    def show_errors(self, fields: Mapping[str, Iterable[str]], whole: str) -> None:
        """Put what the server said under the fields it names, the rest on top, and go there."""
        names = {slot.entry.field.name: slot for slot in self.slots}
        rest = [f"{name} {', '.join(says)}" for name, says in fields.items() if name not in names]
        for name, says in fields.items():
            if name in names:
                names[name].told = tuple(says)
        self.top_told = "; ".join(rest) if fields else whole
        first = next((at for at, slot in enumerate(self.slots) if slot.told), None)
        if first is not None:
            self.go(first)

    # Drafts

    def draft(self) -> tuple[tuple[str, str], ...]:
        """What has been typed so far, and what it was typed over."""
        texts = []
        for slot in self.slots:
            if slot.entry.is_touched and self.reading(slot).is_changed:
                name = slot.entry.field.name
                texts += [(name, to_draft(slot.entry)), (BASE_PREFIX + name, dumps(slot.entry.base))]
        return tuple(texts)

    def recall(self, texts: Iterable[tuple[str, str]]) -> None:
        """Go on with a draft."""
        known = dict(texts)
        for slot in self.slots:
            name = slot.entry.field.name
            if slot.read_only or name not in known:
                continue
            fresh = slot.entry.base
            try:
                base: Value = loads(known[BASE_PREFIX + name]) if BASE_PREFIX + name in known else fresh
            except BadJsonError:
                base = fresh
            new = slot.entry.is_new
            entry = entry_of(slot.entry.field, base, is_new=new)
            slot.entry = from_draft(entry, known[name])
            if not new and not same(slot.entry.field, base, fresh):
                slot.theirs = (fresh,)
        self.enliven()


def ticked(slot: Slot) -> tuple[str, ...]:
    """The options chosen in a slot: several, one or none."""
    if slot.entry.is_null:
        return ()
    if slot.entry.field.type == _T.MULTIPLE_SELECT:
        return options_of(slot.entry)
    value = slot.entry.base if not slot.entry.is_touched else slot.entry.text
    return (value,) if isinstance(value, str) else ()
