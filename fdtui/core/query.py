"""The filter language: what the board's `/`, an action's condition and a saved view are written in.

    stage:"In Progress" assignee:none        both hold
    value>=10000 or close<2020-03-01         one of them holds
    -international:true (name~acme or 42)    not, groups, and words that any field may hold

`:` means *is* (several values parted by commas: one of them), `~` means *holds*, `<` `<=` `>` `>=`
compare numbers, dates and texts; ``none`` is no value, ``any`` is some value, ``me`` is the user.
A field is named by its name, or by a word of it that no other field has. Grammar:

    or     = and {"or" and}
    and    = not {["and"] not}
    not    = ("-" | "not") not | "(" or ")" | test | text
    test   = name (":" | "=" | "!=" | "~" | "<" | "<=" | ">" | ">=") value {"," value}

Nothing is evaluated as code, and no pattern of the user's becomes a regular expression.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, tzinfo
from typing import TypeAlias

from fdtui.core.errors import UsageError
from fdtui.core.fields import show
from fdtui.core.frozen import frozen
from fdtui.core.moments import day_of
from fdtui.core.names import find_all, meaning, plain, same_email
from fdtui.core.schema import ASSIGNEE, STAGE, Field, FieldType, Schema
from fdtui.core.search import CardReader, holds
from fdtui.core.task import Task
from fdtui.core.values import Value, as_decimal

MAX_DEPTH = 40
MAX_QUERY_LENGTH = 10_000


class QueryError(UsageError):
    """The text is no query; ``column`` (from 1) is where it goes wrong."""

    def __init__(self, message: str, column: int, hint: str = "") -> None:
        super().__init__(f"{message} (column {column}).", hint)
        self.column = column


@frozen
class Text:
    """Any field holds this text."""

    text: str


@frozen
class Test:
    """One field, compared with one value or several."""

    name: str
    operator: str
    values: tuple[str, ...]
    column: int


@frozen
class Not:
    """The opposite."""

    part: Node


@frozen
class Every:
    """All parts hold."""

    parts: tuple[Node, ...]


@frozen
class Some:
    """At least one part holds."""

    parts: tuple[Node, ...]


Node: TypeAlias = Text | Test | Not | Every | Some
Predicate: TypeAlias = Callable[[Task], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<quoted>\"(?:[^\"\\]|\\.)*\"?)|(?P<operator><=|>=|!=|[:=~<>])|(?P<bracket>[()])"
    r"|(?P<comma>,)|(?P<minus>-(?=[^\s]))|(?P<word>(?:[^\s\"():=~<>!,]|!(?!=))+))"
)


@frozen
class _Token:
    kind: str
    text: str
    column: int
    glued: bool
    """No space stands before it."""


def _tokens(text: str) -> Iterator[_Token]:
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise QueryError(f"“{text[at:].strip()[0]}” means nothing here", at + 1)
        kind = str(match.lastgroup)
        start = match.start(kind)
        word = match[kind]
        if kind == "quoted":
            if len(word) < 2 or not word.endswith('"'):
                raise QueryError("A quotation mark is open", start + 1, 'Close it with another ".')
            word = re.sub(r"\\(.)", r"\1", word[1:-1])
        yield _Token(kind, word, start + 1, glued=start == at and at > 0)
        at = match.end()
    yield _Token("end", "", len(text) + 1, glued=False)


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._or()
        token = self._peek()
        if token.kind != "end":
            raise QueryError(f"“{token.text}” is not expected here", token.column)
        return node

    def _peek(self, ahead: int = 0) -> _Token:
        return self._tokens[min(self._at + ahead, len(self._tokens) - 1)]

    def _take(self) -> _Token:
        token = self._peek()
        self._at += 1
        return token

    def _is_word(self, word: str) -> bool:
        token = self._peek()
        return token.kind == "word" and token.text.lower() == word

    def _or(self) -> Node:
        parts = [self._and()]
        while self._is_word("or"):
            self._take()
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _and(self) -> Node:
        parts = [self._not()]
        while True:
            if self._is_word("and"):
                self._take()
            elif self._peek().kind in {"end"} or self._peek().text == ")" or self._is_word("or"):
                break
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _not(self) -> Node:
        token = self._peek()
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise QueryError("Too many brackets", token.column)
        try:
            if token.kind == "minus" or (self._is_word("not") and self._peek(1).kind != "operator"):
                self._take()
                return Not(self._not())
            if token.text == "(" and token.kind == "bracket":
                return self._group()
            return self._test()
        finally:
            self._depth -= 1

    def _group(self) -> Node:
        opening = self._take()
        node = self._or()
        if self._peek().text != ")":
            raise QueryError("A bracket is open", opening.column, "Close it with ).")
        self._take()
        return node

    def _test(self) -> Node:
        token = self._take()
        if token.kind not in {"word", "quoted"}:
            told = f"“{token.text}”" if token.text else "the end"
            raise QueryError(f"A word is expected, not {told}", token.column)
        if self._peek().kind != "operator":
            return Text(token.text)
        operator = self._take().text
        values = [self._value()]
        while self._peek().kind == "comma":
            self._take()
            values.append(self._value())
        return Test(token.text, operator, tuple(values), token.column)

    def _value(self) -> str:
        token = self._take()
        text = token.text
        if token.kind == "minus":  # a negative number
            following = self._take()
            text += following.text
            token = following
        if token.kind not in {"word", "quoted"}:
            raise QueryError("A value is missing", token.column, "For no value write none.")
        while token.kind == "word" and self._peek().glued and self._peek().kind in {"operator", "word"}:
            token = self._take()  # the colons of a time or a web address
            text += token.text
            if token.kind == "operator" and self._peek().glued and self._peek().kind == "word":
                token = self._take()
                text += token.text
        return text


def parse(text: str) -> Node:
    """The tree of ``text``; nothing but space is a query that everything passes.

    Raises `QueryError`.
    """
    if len(text) > MAX_QUERY_LENGTH:
        raise QueryError(
            "The filter is too long", MAX_QUERY_LENGTH + 1, f"It may have {MAX_QUERY_LENGTH:,} letters."
        )
    return _Parser(text).whole() if text.strip() else Every(())


@frozen
class _Asker:
    """What the words mean that depend on who asks, when and where."""

    me: str | None
    today: date | None
    zone: tzinfo
    reader: CardReader


def compile_query(
    node: Node,
    schema: Schema,
    *,
    me: str | None = None,
    today: date | None = None,
    zone: tzinfo = UTC,
) -> Predicate:
    """What decides whether a task passes. ``today`` serves the words today, tomorrow, yesterday.

    ``zone`` says which day a moment belongs to; a server has no other than UTC.

    Raises `QueryError` for a field that the workflow does not have.
    """
    return _compiled(node, schema, _Asker(me, today, zone, CardReader(schema, zone)))


def _compiled(node: Node, schema: Schema, asker: _Asker) -> Predicate:
    match node:
        case Text(text):
            wanted_text, words_in = plain(text), asker.reader.words_in
            return lambda task: holds(words_in(task), wanted_text)
        case Not(part):
            inner = _compiled(part, schema, asker)
            return lambda task: not inner(task)
        case Every(parts):
            every = [_compiled(part, schema, asker) for part in parts]
            return lambda task: all(test(task) for test in every)
        case Some(parts):
            some = [_compiled(part, schema, asker) for part in parts]
            return lambda task: any(test(task) for test in some)
        case Test():
            return _compiled_test(node, schema, asker)


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", meaning(name))


_ALIASES = {"stage": STAGE, "assignee": ASSIGNEE, "assigned": ASSIGNEE, "who": ASSIGNEE}


def resolve(name: str, schema: Schema, column: int = 1) -> Field:
    """The field that ``name`` means: the whole name, whatever its case, or a word of one alone.

    Raises `QueryError` that names the nearest, or those among which it does not decide.
    """
    built_in = [Field(STAGE), Field(ASSIGNEE, FieldType.PERSON)]
    fields = [*schema.fields, *built_in]
    named = find_all(name, fields, lambda each: each.name) or [
        each for each in fields if _folded(each.name) == _folded(name)
    ]
    if len({each.name for each in named}) == 1:
        return named[0]
    alias = _ALIASES.get(meaning(name))
    if alias is not None:
        return next(each for each in built_in if each.name == alias)
    by_word = named or [
        each for each in fields if _folded(name) in {_folded(word) for word in each.name.split()}
    ]
    if len(by_word) == 1:
        return by_word[0]
    if by_word:
        names = ", ".join(f"“{each.name}”" for each in by_word)
        raise QueryError(f"“{name}” may be {names}", column, "Write the whole name in quotes.")
    near = difflib.get_close_matches(name, [each.name for each in fields], 1, 0.5)
    hint = f"Did you mean “{near[0]}”?" if near else ""
    raise QueryError(f"There is no field “{name}”", column, hint)


def _compiled_test(test: Test, schema: Schema, asker: _Asker) -> Predicate:
    field = resolve(test.name, schema, test.column)
    values = [_spelled(field, value, schema) for value in test.values]
    checks = [_check(field, test.operator, value, asker) for value in values]
    if test.operator == "!=":
        return lambda task: all(check(task.row.get(field.name)) for check in checks)
    return lambda task: any(check(task.row.get(field.name)) for check in checks)


def _spelled(field: Field, wanted: str, schema: Schema) -> str:
    """A person's e-mail where one person has the name ``wanted``; all else as it was typed."""
    if field.type != FieldType.PERSON or "@" in wanted:
        return wanted
    named = find_all(wanted, schema.people, lambda each: each.name)
    return named[0].email if len(named) == 1 else wanted


def _check(field: Field, operator: str, wanted: str, asker: _Asker) -> Callable[[Value], bool]:
    if operator in {"<", "<=", ">", ">="}:
        return _ordered(field, operator, wanted, asker)
    if operator == "~":
        held = plain(wanted)
        return lambda value: value is not None and held in plain(show(field, value, asker.zone))
    if operator == "!=":
        equal = _equal(field, wanted, asker)
        return lambda value: not equal(value)
    return _equal(field, wanted, asker)


def _equal(field: Field, wanted: str, asker: _Asker) -> Callable[[Value], bool]:
    word = wanted.casefold()
    if word in {"none", "null", ""}:
        return lambda value: value is None or value in ("", [])
    if word == "any":
        return lambda value: value is not None and value not in ("", [])
    if word == "me" and asker.me is not None and field.type == FieldType.PERSON:
        return lambda value: same_email(value, asker.me)
    if field.type == FieldType.CHECKBOX:
        return lambda value: (word in {"true", "yes"}) is (value is True)
    key = _wanted(field, wanted, asker)
    if isinstance(key, str):
        return lambda value: any(key == _key(field, each, asker.zone) for each in _each(value))
    return lambda value: _key(field, value, asker.zone) == key


def _each(value: Value) -> list[Value]:
    return value if isinstance(value, list) else [value]


def _ordered(field: Field, operator: str, wanted: str, asker: _Asker) -> Callable[[Value], bool]:
    limit = _wanted(field, wanted, asker)

    def check(value: Value) -> bool:
        key = _key(field, value, asker.zone)
        if key is None or type(key) is not type(limit):
            return False
        below, above = bool(key < limit), bool(key > limit)  # type: ignore[operator]
        return {"<": below, "<=": not above, ">": above, ">=": not below}[operator]

    return check


_DAYS = frozenset({FieldType.DATE, FieldType.DATETIME})
_NEAR = {"yesterday": -1, "today": 0, "tomorrow": 1}


def _wanted(field: Field, text: str, asker: _Asker) -> object:
    """What the asker means by ``text``, as `_key` tells of a value."""
    if field.type in _DAYS and asker.today is not None and text.casefold() in _NEAR:
        return date.fromordinal(asker.today.toordinal() + _NEAR[text.casefold()])
    return _key(field, text, asker.zone)


def _key(field: Field, value: Value, zone: tzinfo) -> object:
    """``value`` as something that compares by meaning: a number, a day or folded text."""
    if value is None or value == "":
        return None
    if field.type in {FieldType.NUMBER, FieldType.CURRENCY}:
        number = as_decimal(value)
        return number if number is not None else meaning(str(value))
    day = day_of(field, value, zone) if field.type in _DAYS else None
    return day or meaning(str(value))
