"""Lists to choose a value from: one option, several, or a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fdtui.core.entry import Entry
from fdtui.core.schema import FieldType, Schema
from fdtui.core.values import Value
from fdtui.tui.form import Slot, ticked
from fdtui.tui.look import Glyphs
from fdtui.tui.panekeys import TICKS, Keys
from fdtui.tui.present import initials_of, person_role
from fdtui.tui.widgets.picker import Item, Picker

NOBODY, NONE = "\0nobody", "\0none"


class Ticks(Picker):
    """Several of a list: ``space`` ticks, ``enter`` is done."""

    def __init__(
        self,
        title: str,
        items: Sequence[Item],
        glyphs: Glyphs,
        *,
        ticked: Sequence[str],
        done: Callable[[tuple[str, ...]], object],
        closed: Callable[[], None],
    ) -> None:
        self._chosen_ids = list(ticked)
        self._done, self._close = done, closed
        self._plain, self._marks = tuple(items), glyphs
        super().__init__(title, self._with_boxes(), glyphs, chosen=lambda _: None, closed=closed)

    def _with_boxes(self) -> list[Item]:
        on, off = (self._marks.ticked, "good"), (self._marks.box, "dim")
        return [
            Item(each.id, each.text, note=each.note, sign=on if each.id in self._chosen_ids else off)
            for each in self._plain
        ]

    def press(self, name: str, character: str | None) -> None:
        """Tick, finish, or go on as in any list."""
        if name == "enter":
            self._close()
            order = [each.id for each in self._plain]
            known = [each for each in order if each in self._chosen_ids]
            self._done((*(each for each in self._chosen_ids if each not in order), *known))
        elif name == "space" and self.item is not None:
            self._tick(self.item.id)
        else:
            super().press(name, character)

    def hints(self) -> Keys:
        """As in any list, but that there are several."""
        return TICKS

    def _tick(self, option: str) -> None:
        if option in self._chosen_ids:
            self._chosen_ids.remove(option)
        else:
            self._chosen_ids.append(option)
        at, self.items = self.at, tuple(self._with_boxes())
        self._search()
        self.at = at
        self.refresh()

    def _choose(self, item: Item | None) -> None:
        if item is not None:  # a click ticks
            self._tick(item.id)


def list_for(
    slot: Slot,
    schema: Schema,
    glyphs: Glyphs,
    *,
    chosen: Callable[[Entry], object],
    closed: Callable[[], None],
) -> Picker:
    """The list that a slot's value is chosen from."""
    field, entry = slot.entry.field, slot.entry
    if field.type == FieldType.MULTIPLE_SELECT:
        had = ticked(slot)
        known = [Item(each, each) for each in field.options]
        gone = [Item(each, each, note="no option any more") for each in had if each not in field.options]

        def done(ids: tuple[str, ...]) -> None:
            empty: Value = None if field.required or entry.base is None else []
            several: Value = [*ids]
            chosen(entry.given(several if ids else empty))

        return Ticks(
            f"{field.name}: space ticks, enter is done",
            [*known, *gone],
            glyphs,
            ticked=had,
            done=done,
            closed=closed,
        )
    items = _people(schema, glyphs) if field.type == FieldType.PERSON else _options(slot, glyphs)
    mine = next(iter(ticked(slot)), NOBODY if field.type == FieldType.PERSON else NONE)
    at = next((at for at, item in enumerate(items) if item.id == mine), 0)
    return Picker(
        field.name,
        items,
        glyphs,
        chosen=lambda item: chosen(entry.given(None if item.id in (NOBODY, NONE) else item.id)),
        closed=closed,
        start=at,
        free=_typed_person(schema) if field.type == FieldType.PERSON else None,
    )


def _options(slot: Slot, glyphs: Glyphs) -> list[Item]:
    field = slot.entry.field
    none = [] if field.required else [Item(NONE, "nothing", sign=(glyphs.dash, "dim"))]
    return [*none, *(Item(each, each) for each in field.options)]


def _people(schema: Schema, glyphs: Glyphs) -> list[Item]:
    people = sorted(schema.people, key=lambda each: each.name.casefold())
    nobody = Item(NOBODY, "nobody", sign=(glyphs.dash, "dim"))
    return [
        nobody,
        *(
            Item(
                each.email,
                each.name,
                note=each.email if each.name != each.email else "",
                sign=(initials_of(each), person_role(each.email)),
            )
            for each in people
        ),
    ]


def _typed_person(schema: Schema) -> Callable[[str], Item | None] | None:
    """Where people are only guessed, any e-mail can be typed."""
    if "people" not in schema.inferred:
        return None

    def typed(text: str) -> Item | None:
        if schema.person(text) or "@" not in text.strip("@") or " " in text:
            return None
        return Item(text, f"somebody else: {text}", sign=("+", "dim"))

    return typed
