"""One field of many tasks: which one, and what its value becomes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fdtui.core.entry import Moment, typed_value
from fdtui.core.errors import BadJsonError
from fdtui.core.fields import check, show
from fdtui.core.safetext import safe
from fdtui.core.schema import Field, FieldType, Schema
from fdtui.core.values import Value
from fdtui.sync.writing.draft_keeper import Texts
from fdtui.sync.writing.history import BODY, bulk_draft
from fdtui.tui.host import Host
from fdtui.tui.toolkit.item import Item
from fdtui.tui.toolkit.picker import Picker

_ALONE = (FieldType.UNIQUE_ID, FieldType.FILE)
"""Types of which no value can be that of many tasks."""
NULL_ITEM = "\0nothing"


async def set_field(host: Host, count: int, change: Callable[[str, Value], Awaitable[bool]]) -> None:
    """Ask for a field and then for its value, in two lists; ``change`` says whether it was set.

    What is typed is kept as a draft until then.
    """
    field = await _field(host, count)
    if field is None:
        return
    known = _known(field, host.state.schema)

    def read() -> Texts | None:
        text = picker.edit.text if picker.edit is not None else ""
        return ((BODY, text),) if text.strip() and not known else ()

    kept = host.keeper.open(host.state.workflow_id, bulk_draft(field.name), read)
    draft = kept.load()
    text = dict(draft.texts).get(BODY, "") if draft is not None else ""
    picker = _value_picker(host, field, known, text, kept.touch)
    try:
        item = await host.ask(picker)
    finally:
        kept.close()
    if item is None:
        return
    value: Value = None
    if item.id != NULL_ITEM:
        is_known = item.id in known
        value = known[item.id] if is_known else _parsed(field, item.id, Moment(host.now))[0]
    if await change(field.name, value):
        kept.drop()


async def _field(host: Host, count: int) -> Field | None:
    fields = {each.name: each for each in host.state.schema.fields if each.type not in _ALONE}
    items = [
        Item(
            name,
            name,
            note=each.type,
            why_not="" if each.editable else "This field cannot be edited.",
        )
        for name, each in fields.items()
    ]
    heading = f"Set a field of {count} task{'' if count == 1 else 's'}"
    item = await host.ask(Picker(heading, items, host.look.glyphs))
    return fields[item.id] if item is not None else None


def _value_picker(
    host: Host, field: Field, known: dict[str, Value], text: str, changed: Callable[[], object]
) -> Picker:
    items = [Item(each, safe(show(field, value)[:200])) for each, value in known.items()]
    if not field.required:
        items.append(Item(NULL_ITEM, "nothing", sign=(host.look.glyphs.dash, "dim")))

    def typed(text: str) -> Item | None:
        value, wrong = _parsed(field, text, Moment(host.now))
        if any(known[key] == value for key in known):
            return None
        return Item(text, text, note=safe(wrong) or "as typed", why_not=wrong)

    return Picker(
        f"{field.name} becomes",
        items,
        host.look.glyphs,
        free=typed,
        nothing="Type the value.",
        text=text,
        changed=changed,
    )


def _known(field: Field, schema: Schema) -> dict[str, Value]:
    """The values that can be chosen instead of typed, each under a word of its own."""
    if field.type == FieldType.CHECKBOX:
        return {"\0yes": True, "\0no": False}
    if field.type == FieldType.PERSON:
        return {each.email: each.email for each in schema.people}
    if field.type == FieldType.MULTIPLE_SELECT:
        return {option: [option] for option in field.options}
    return {option: option for option in field.options}


def _parsed(field: Field, text: str, moment: Moment) -> tuple[Value, str]:
    """What ``text`` means for the field, and what is wrong with it."""
    try:
        value = typed_value(field, text, moment)
    except BadJsonError as error:
        return None, str(error)
    wrong = check(field, value)
    return value, f"{field.name} {wrong}." if wrong else ""
