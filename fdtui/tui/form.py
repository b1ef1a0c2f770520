"""A form: the fields of a task with what is typed into them. Pure; a view draws it and asks for more.

One field is live at a time, however many there are: that makes a key in a form of fifty fields as
cheap as in one of five.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum

from fdtui.core.entry import (
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
from fdtui.core.fields import KINDS, TAKEN, same
from fdtui.core.intents import Pairs
from fdtui.core.schema import FieldType, Schema
from fdtui.core.strictjson import dumps, loads
from fdtui.core.values import Row, Value
from fdtui.tui.editors.buffer import MAX_LETTERS, Buffer

BASE = "\0base\0"
"""Before a field's name in a draft: what the field was when the draft was begun."""

_T = FieldType
_CHOICES = frozenset({_T.SINGLE_SELECT, _T.MULTIPLE_SELECT, _T.PERSON})
_DAYS = frozenset({_T.DATE, _T.DATETIME})


class Ask(Enum):
    """What a form wants of whoever shows it."""

    NOTHING = "nothing"
    LIST = "list"
    CALENDAR = "calendar"
    EDITOR = "editor"
    SAVE = "save"
    LEAVE = "leave"


class Slot:
    """One field of a form."""

    def __init__(self, entry: Entry, read_only: str = "") -> None:
        self.entry = entry
        self.read_only = read_only
        """Why it cannot be changed here, or empty."""
        self.told: tuple[str, ...] = ()
        """What the server said of it."""
        self.theirs: tuple[Value] | None = None
        """What somebody else has made of it while it was being changed here."""

    @property
    def kind(self) -> str:
        """How it is edited: ``text``, ``longText``, ``choice``, ``checkbox``."""
        kind = self.entry.field.type
        if kind in _CHOICES:
            return "choice"
        if kind == _T.CHECKBOX:
            return "checkbox"
        return "longText" if kind == _T.LONG_TEXT or kind not in KINDS else "text"

    @property
    def opens(self) -> Ask:
        """What more there is than typing."""
        if self.entry.field.type in _DAYS:
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
        """A sentence above the fields."""
        self.top_told = ""
        """What the server said of the whole."""
        self.at = 0
        self.buffer: Buffer | None = None
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
                self.buffer = Buffer(text, multiline=slot.kind == "longText")

    def _settle(self) -> None:
        if self.slot is not None and not self.slot.read_only:
            self.slot.entry = settled(self.slot.entry, self.moment)

    def step(self, step: int) -> None:
        """To the next slot that can be changed, or the row that saves."""
        at = self.at + step
        while 0 <= at < len(self.slots) and self.slots[at].read_only:
            at += step
        if at >= 0:
            self.go(at)

    # Keys

    def press(self, name: str, character: str | None) -> Ask:
        """Take a key; answers what it asks for."""
        slot = self.slot
        match name:
            case "escape":
                return Ask.LEAVE
            case "ctrl+o":
                return Ask.SAVE
            case "tab" | "shift+tab":
                self.step(1 if name == "tab" else -1)
                return Ask.NOTHING
        if slot is None:
            if name in ("enter", "space"):
                return Ask.SAVE
        elif not slot.read_only:
            if name == "ctrl+n":
                self.put(slot, slot.entry.cleared())
                self.enliven()
                return Ask.NOTHING
            if name == "ctrl+x":
                return slot.opens
            if self.buffer is not None:
                if self._type(slot, self.buffer, name, character):
                    return Ask.NOTHING
            elif slot.kind == "checkbox":
                if self._toggle(slot, name):
                    return Ask.NOTHING
            elif slot.kind == "choice" and self._wants_list(slot, name, character):
                return Ask.LIST
        steps = {"down": 1, "up": -1, "enter": 1, "pagedown": 10, "pageup": -10}
        step = steps.get(name, 0)
        for _ in range(abs(step)):
            self.step(1 if step > 0 else -1)
        return Ask.NOTHING

    def _type(self, slot: Slot, buffer: Buffer, name: str, character: str | None) -> bool:
        if not buffer.press(name, character):
            return False
        self._take(slot, buffer)
        return True

    def _take(self, slot: Slot, buffer: Buffer) -> None:
        if buffer.text != slot.entry.text:
            self.put(slot, slot.entry.typed(buffer.text))

    def _toggle(self, slot: Slot, name: str) -> bool:
        words = {"space": None, "enter": None, "left": None, "right": None, "y": "yes", "n": "no"}
        if name in ("backspace", "delete"):
            self.put(slot, slot.entry.cleared())
            return True
        if name not in words:
            return False
        self.put(slot, slot.entry.typed(words[name] or ("no" if slot.entry.text == "yes" else "yes")))
        return True

    def _wants_list(self, slot: Slot, name: str, character: str | None) -> bool:
        if name in ("backspace", "delete"):
            self.put(slot, slot.entry.cleared())
            return False
        return name in ("enter", "space") or (character is not None and character.isprintable())

    def paste(self, text: str) -> str:
        """Type ``text`` into the live slot and nowhere else; answers what has to be said about it."""
        if self.buffer is None or self.slot is None:
            return "There is nothing to paste into here."
        said = self.buffer.paste(text)
        self._take(self.slot, self.buffer)
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
        """The slots that somebody has given another value, good or not."""
        return [slot for slot in self.slots if self.reading(slot).is_changed]

    @property
    def is_dirty(self) -> bool:
        """Whether something would be lost if it were closed now."""
        return any(slot.entry.is_touched and self.reading(slot).is_changed for slot in self.slots)

    @property
    def wrong(self) -> list[Slot]:
        """The slots whose value cannot be sent."""
        return [slot for slot in self.slots if self.reading(slot).problem]

    def values(self) -> dict[str, Value]:
        """What is to be sent: the changed fields alone."""
        return {slot.entry.field.name: self.reading(slot).value for slot in self.changed}

    def seen(self) -> Pairs:
        """What the changed fields were when the form showed them, or what it told they are by now."""
        return tuple(
            (slot.entry.field.name, slot.theirs[0] if slot.theirs is not None else slot.entry.base)
            for slot in self.changed
        )

    def follow(self, row: Row) -> bool:
        """The task is another by now: untouched slots show it, others are told. True if any is."""
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

    def tell(self, fields: Mapping[str, Iterable[str]], whole: str) -> None:
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
                texts += [(name, to_draft(slot.entry)), (BASE + name, dumps(slot.entry.base))]
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
                base: Value = loads(known[BASE + name]) if BASE + name in known else fresh
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
