"""People as items of a list. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from fdtui.core.schema import Person
from fdtui.tui.presentation.cards import initials_of, person_role
from fdtui.tui.toolkit.item import Item


def person_items(people: Iterable[Person]) -> list[Item]:
    """Each with initials in front and the e-mail at the edge."""
    return [person_item(each, each.email) for each in people]


def person_item(person: Person, note: str) -> Item:
    """One of them, with ``note`` at the edge."""
    sign = (initials_of(person), person_role(person.email))
    return Item(person.email, person.name, note, sign=sign)
