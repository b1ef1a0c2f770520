"""Which field, person, stage or option a word of a query means, and what was meant where it is none."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from fdtui.core.names import find_all, meaning, plain
from fdtui.core.query.lexer import spelled
from fdtui.core.query.tree import Problem, QueryError, Span
from fdtui.core.schema import ASSIGNEE, STAGE, Field, FieldType, Person, Schema

_ALIASES = {"stage": STAGE, "assignee": ASSIGNEE, "assigned": ASSIGNEE, "who": ASSIGNEE}
_CHOICES = frozenset({FieldType.SINGLE_SELECT, FieldType.MULTIPLE_SELECT})
MAX_GUESSED = 100
"""Letters of a wrong word that are compared with what there is."""
BUILT_IN = (Field(STAGE), Field(ASSIGNEE, FieldType.PERSON))
"""The fields that every workflow has."""


def resolve(name: str, schema: Schema, column: int = 1) -> Field:
    """The field that ``name`` means: the whole name, whatever its case, or a word of one alone.

    ``id`` is the unique id, and no name at all the deadline. Raises `QueryError` that names the
    nearest, or those among which it does not decide.
    """
    found = field_named(name, schema, (column - 1, column - 1))
    if isinstance(found, Problem):
        raise found.error
    return found


def field_named(name: str, schema: Schema, span: Span, *, guesses: bool = True) -> Field | Problem:
    """The same, with the problem as a value; ``span`` is where the name stands.

    Without ``guesses`` it does not say what may have been meant, which takes long.
    """
    if not name:
        missing = Problem(
            "This workflow has no deadline", span, "Name a field before the sign.", of="field"
        )
        return schema.deadline or missing
    fields = [*schema.fields, *BUILT_IN]
    named = find_all(name, fields, lambda each: each.name) or [
        each for each in fields if _folded(each.name) == _folded(name)
    ]
    if len({each.name for each in named}) == 1:
        return named[0]
    if (alias := _by_alias(name, schema)) is not None:
        return alias
    by_word = named or [
        each for each in fields if _folded(name) in {_folded(word) for word in each.name.split()}
    ]
    if len(by_word) == 1:
        return by_word[0]
    if by_word:
        names = ", ".join(f"“{each.name}”" for each in by_word)
        hint = "Write the whole name in quotes."
        return Problem(f"“{name}” may be {names}", span, hint, of="field")
    near = nearest(name, [each.name for each in fields]) if guesses else None
    fix = None if near is None else ShortNames(schema).of(next(x for x in fields if x.name == near))
    hint = f"Did you mean “{near}”?" if near else ""
    return Problem(f"There is no field “{name}”", span, hint, fix, of="field")


def _by_alias(name: str, schema: Schema) -> Field | None:
    if meaning(name) == "id" and schema.unique_id is not None:
        return schema.unique_id
    alias = _ALIASES.get(meaning(name))
    return next((each for each in BUILT_IN if each.name == alias), None)


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", meaning(name))


def nearest(said: str, names: Sequence[str]) -> str | None:
    """The one of ``names`` that is most like what was ``said``, or has a word that is, if any does."""
    import difflib  # noqa: PLC0415  # not before something is wrong

    forms = {word: name for name in reversed(names) for word in plain(name).split()}
    forms.update((plain(name), name) for name in reversed(names))
    near = difflib.get_close_matches(plain(said[:MAX_GUESSED]), list(forms), 1, 0.6)
    return forms[near[0]] if near else next(iter(begun(said, names)), None)


class ShortNames:
    """How the fields of a workflow are written in a query: by a word that means one of them alone."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._wholes: dict[str, set[str]] = defaultdict(set)
        self._words: dict[str, set[str]] = defaultdict(set)
        for field in (*schema.fields, *BUILT_IN):
            self._wholes[_folded(field.name)].add(field.name)
            for word in field.name.split():
                self._words[_folded(word)].add(field.name)

    def of(self, field: Field, typed: str = "") -> str:
        """The field's word, one that begins as ``typed`` if any does; its name where none will do."""
        small = field.name.lower()
        words = [small, *(alias for alias, name in _ALIASES.items() if name == field.name)]
        words += ["id"] if field == self._schema.unique_id else []
        words += small.split()
        wanted = plain(typed)
        if wanted:
            words.sort(key=lambda word: not plain(word).startswith(wanted))
        found = (word for word in words if spelled(word) == word and self._means(word) == {field.name})
        return next(found, spelled(field.name))

    def _means(self, word: str) -> set[str]:
        folded = _folded(word)
        if folded in self._wholes:
            return self._wholes[folded]
        if (alias := _by_alias(word, self._schema)) is not None:
            return {alias.name}
        return self._words.get(folded, set())


def choices(field: Field, schema: Schema) -> tuple[str, ...]:
    """The values that a field chooses among, as they are named; none where it takes any."""
    if field.name == STAGE:
        return tuple(stage.name for stage in schema.stages)
    return field.options if field.type in _CHOICES else ()


def people_named(said: str, schema: Schema) -> tuple[Person, ...]:
    """The people whom a word means: by e-mail, full name, or else by a part of the name."""
    known = schema.person(said)
    if known is not None:
        return (known,)
    named = find_all(said, schema.people, lambda each: each.name)
    if named:
        return tuple(named)
    wanted = plain(said)
    return tuple(each for each in schema.people if wanted in _parts(each))


def people_begun(typed: str, schema: Schema) -> tuple[Person, ...]:
    """The people a part of whose name, or whose e-mail, begins as ``typed``."""
    wanted = plain(typed)
    return tuple(
        each
        for each in schema.people
        if any(part.startswith(wanted) for part in (*_parts(each), plain(each.name), plain(each.email)))
    )


def _parts(person: Person) -> Sequence[str]:
    """The words of a name, and the part of the e-mail before the sign."""
    return (*plain(person.name).split(), plain(person.email.partition("@")[0]))


def begun(typed: str, names: Iterable[str]) -> list[str]:
    """Those of ``names`` that begin as ``typed``, or have a word that does."""
    wanted = plain(typed)
    return [name for name in names if begins(wanted, plain(name))]


def begins(wanted: str, form: str) -> bool:
    """Whether a name or a word of it begins as ``wanted``, both as they are searched."""
    if wanted not in form:
        return False
    return form.startswith(wanted) or re.search(rf"\b{re.escape(wanted)}", form) is not None


__all__ = ["BUILT_IN", "QueryError", "begun", "choices", "field_named", "people_named", "resolve"]
