"""What a value of a query means for one field: a check of what a task holds, and what may be wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, tzinfo
from typing import TypeAlias

from fdtui.core import dates, fields
from fdtui.core.frozen import frozen
from fdtui.core.moments import day_of
from fdtui.core.names import find_all, meaning, plain
from fdtui.core.query.lexer import spelled
from fdtui.core.query.naming import begun, choices, nearest, people_begun, people_named
from fdtui.core.query.tree import Problem, Word
from fdtui.core.schema import STAGE, Field, FieldType, Schema
from fdtui.core.values import Value, as_decimal

Check: TypeAlias = Callable[[Value], bool]

ORDERS = frozenset({"<", "<=", ">", ">="})
DAYS = frozenset({FieldType.DATE, FieldType.DATETIME})
NUMERIC = frozenset({FieldType.NUMBER, FieldType.CURRENCY})
NOTHING = frozenset({"none", "null"})
YES, NO = frozenset({"true", "yes"}), frozenset({"false", "no"})
MOST_KNOWN = 4096
"""Texts of which a check keeps what it has found."""


@frozen
class Setting:
    """What the words of a query depend on: the workflow, who asks, when and where."""

    schema: Schema
    me: str | None = None
    today: date | None = None
    zone: tzinfo | None = None
    """The zone whose days count; ``None`` for the machine's own."""
    caret: int | None = None
    """Where one types: a value that ends there stands for all that it can become."""
    changed: frozenset[str] | None = None
    """The keys of the tasks that others changed, for the word changed; ``None`` where nobody knows."""
    who: str = "Set `user` in the configuration, or FDTUI_USER."
    """How the user can say who asks, where that is not known."""
    guesses: bool = True
    """Whether to look for what was meant by a word that means nothing."""


def check_of(field: Field, operator: str, word: Word, setting: Setting) -> tuple[Check, Problem | None]:
    """What decides whether a task's value passes, and what is wrong with ``word``, if anything."""
    if operator in ORDERS:
        return _ordered(field, operator, word, setting)
    if operator == "~":
        held = plain(word.text)
        return _known(lambda value: held in plain(fields.show(field, value, setting.zone))), None
    check, problem = _equal(field, word, setting)
    return (_negated(check) if operator == "!=" else check), problem


def _negated(check: Check) -> Check:
    return lambda value: not check(value)


def _known(check: Check) -> Check:
    """The check of what is not empty, done once for each text: those of many tasks are the same."""
    known: dict[str, bool] = {}

    def test(value: Value) -> bool:
        if type(value) is not str:
            return value is not None and check(value)
        try:
            return known[value]
        except KeyError:
            if len(known) >= MOST_KNOWN:
                known.clear()
            found = known[value] = check(value)
            return found

    return test


def _equal(field: Field, word: Word, setting: Setting) -> tuple[Check, Problem | None]:
    said = word.text.casefold()
    if not word.text or (said in NOTHING and not word.is_quoted):
        return fields.is_empty, None
    if said == "any" and not word.is_quoted:
        return _negated(fields.is_empty), None
    if field.type == FieldType.PERSON:
        return _person(word, setting)
    if field.type == FieldType.CHECKBOX:
        is_yes = said in YES
        told = None if said in YES | NO else _told(word, f"“{word.text}” is neither yes nor no")
        return (lambda value: (value is True) is is_yes), told
    if names := choices(field, setting.schema):
        return _choice(field, word, names, setting)
    key, problem = _wanted(field, word, setting)
    if isinstance(key, str):
        check = _known(lambda value: any(key == _key(field, x, setting.zone) for x in _each(value)))
        return check, problem
    return _known(lambda value: _key(field, value, setting.zone) == key), problem


def _choice(
    field: Field, word: Word, names: tuple[str, ...], setting: Setting
) -> tuple[Check, Problem | None]:
    found = find_all(word.text, names, str)
    is_typed = setting.caret == word.span[1] and not word.is_quoted
    wanted, problem = found or [word.text], None
    if not found and is_typed and (wanted := begun(word.text, names)):
        pass
    elif not found:
        wanted = [word.text]
        near = nearest(word.text, names) if setting.guesses else None
        what = "stage" if field.name == STAGE else f"option of {field.name}"
        hint = f"Did you mean “{near}”?" if near else ""
        fix = None if near is None else spelled(near)
        problem = _told(word, f"“{word.text}” is no {what}", hint, fix)
    return _one_of({meaning(name) for name in wanted}), problem


def _one_of(folded: Iterable[str]) -> Check:
    wanted = frozenset(folded)
    return _known(lambda value: any(meaning(str(each)) in wanted for each in _each(value)))


def _person(word: Word, setting: Setting) -> tuple[Check, Problem | None]:
    said, schema = word.text, setting.schema
    if said.casefold() == "me" and not word.is_quoted:
        if setting.me is None:
            return (lambda _: False), _told(word, "Who you are is not known", setting.who)
        return _one_of([meaning(setting.me)]), None
    people, problem = people_named(said, schema), None
    if not people and setting.caret == word.span[1]:
        people = people_begun(said, schema)
    if not people and schema.people and "@" not in said:
        near = nearest(said, [each.name for each in schema.people]) if setting.guesses else None
        hint = f"Did you mean “{near}”?" if near else ""
        fix = spelled(near) if near else None
        problem = _told(word, f"There is no person “{said}”", hint, fix)
    emails = {meaning(person.email) for person in people} or {meaning(said)}
    return _one_of(emails), problem


def _each(value: Value) -> list[Value]:
    return value if isinstance(value, list) else [value]


def _ordered(field: Field, operator: str, word: Word, setting: Setting) -> tuple[Check, Problem | None]:
    limit, problem = _wanted(field, word, setting)

    def check(value: Value) -> bool:
        key = _key(field, value, setting.zone)
        if key is None or type(key) is not type(limit):
            return False
        below, above = bool(key < limit), bool(key > limit)  # type: ignore[operator]
        return {"<": below, "<=": not above, ">": above, ">=": not below}[operator]

    return _known(check), problem


def _wanted(field: Field, word: Word, setting: Setting) -> tuple[object, Problem | None]:
    """What the asker means by ``word``, as `_key` tells of a value."""
    text = word.text
    if field.type in DAYS:
        day = day_of(field, text, setting.zone)
        if day is None and setting.today is not None:
            day = dates.day_of(text, setting.today)
        if day is not None:
            return day, None
        hint = "Try today, +3d, fri or a date such as 2030-01-31."
        return meaning(text), _told(word, f"“{text}” is no day", hint, caret=setting.caret)
    if field.type in NUMERIC:
        number = as_decimal(fields.parse(field, text))
        told = _told(word, f"“{text}” is no number", caret=setting.caret) if number is None else None
        return (meaning(text) if number is None else number), told
    return meaning(text), None


def _told(
    word: Word, message: str, hint: str = "", fix: str | None = None, *, caret: int | None = None
) -> Problem:
    is_typed = caret is not None and caret == word.span[1]
    return Problem(message, word.span, hint, fix, of="value", is_unfinished=is_typed)


def _key(field: Field, value: Value, zone: tzinfo | None) -> object:
    """``value`` as something that compares by meaning: a number, a day or folded text."""
    if value is None or value == "":
        return None
    if field.type in NUMERIC:
        number = as_decimal(value)
        return number if number is not None else meaning(str(value))
    day = day_of(field, value, zone) if field.type in DAYS else None
    return day or meaning(str(value))
