"""Lists to choose a value from: one option, several, or a person."""

from __future__ import annotations

from collections.abc import Callable

from fdtui.core.entry import Entry
from fdtui.core.schema import FieldType, Schema
from fdtui.core.values import Value
from fdtui.tui.forms.form import Slot, ticked
from fdtui.tui.host import DialogHost
from fdtui.tui.preferences import Glyphs
from fdtui.tui.presentation.people import person_item
from fdtui.tui.toolkit.picker import Item, Picker
from fdtui.tui.toolkit.ticks import Ticks

NO_PERSON, NONE = "\0nobody", "\0none"


async def chosen_entry(host: DialogHost, slot: Slot, schema: Schema, typed: str = "") -> Entry | None:
    """What a slot holds once a value was chosen; ``typed`` is searched for to begin with."""
    if slot.entry.field.type == FieldType.MULTIPLE_SELECT:
        return await _several(host, slot, typed)
    return await _one(host, slot, schema, typed)


async def _several(host: DialogHost, slot: Slot, typed: str) -> Entry | None:
    field, entry, had = slot.entry.field, slot.entry, ticked(slot)
    known = [Item(each, each) for each in field.options]
    gone = [Item(each, each, note="no longer an option") for each in had if each not in field.options]
    dialog = Ticks(field.name, [*known, *gone], host.look.glyphs, ticked=had, text=typed)
    ids = await host.ask(dialog)
    if ids is None:
        return None
    empty: Value = None if field.required or entry.base is None else []
    several: Value = [*ids]
    return entry.given(several if ids else empty)


async def _one(host: DialogHost, slot: Slot, schema: Schema, typed: str) -> Entry | None:
    field, entry, glyphs = slot.entry.field, slot.entry, host.look.glyphs
    is_person = field.type == FieldType.PERSON
    items = _people(schema, glyphs) if is_person else _options(slot, glyphs)
    mine = next(iter(ticked(slot)), NO_PERSON if is_person else NONE)
    mine = schema.email(mine) if is_person else mine
    at = next((at for at, item in enumerate(items) if item.id == mine), 0)
    free = _typed_person(schema) if is_person else None
    item = await host.ask(Picker(field.name, items, glyphs, start=at, free=free, text=typed))
    if item is None:
        return None
    return entry.given(None if item.id in (NO_PERSON, NONE) else item.id)


def _options(slot: Slot, glyphs: Glyphs) -> list[Item]:
    field = slot.entry.field
    none = [] if field.required else [Item(NONE, "nothing", sign=(glyphs.dash, "dim"))]
    return [*none, *(Item(each, each) for each in field.options)]


def _people(schema: Schema, glyphs: Glyphs) -> list[Item]:
    people = sorted(schema.people, key=lambda each: each.name.casefold())
    no_one = Item(NO_PERSON, "no one", sign=(glyphs.dash, "dim"))
    return [
        no_one,
        *(person_item(each, each.email if each.name != each.email else "") for each in people),
    ]


def _typed_person(schema: Schema) -> Callable[[str], Item | None] | None:
    """Where people are only guessed, any e-mail can be typed."""
    if "people" not in schema.inferred:
        return None

    def typed(text: str) -> Item | None:
        text = text.strip()
        if schema.person(text) or "@" not in text.strip("@") or " " in text:
            return None
        return Item(text, f"someone else: {text}", sign=("+", "dim"))

    return typed
