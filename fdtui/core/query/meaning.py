"""What a query means for the tasks of one workflow: compiled once into a test that is quick."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, tzinfo
from operator import itemgetter
from typing import TypeAlias

from fdtui.core.frozen import frozen, replace
from fdtui.core.lateness import deadline_of, is_late
from fdtui.core.query.naming import choices, field_named
from fdtui.core.query.parser import ParsedQuery
from fdtui.core.query.tree import (
    Comparison,
    Every,
    Node,
    Not,
    Problem,
    Some,
    Span,
    Text,
    Word,
    leaves,
    terms,
)
from fdtui.core.query.values import Check, Setting, check_of
from fdtui.core.schema import ASSIGNEE, STAGE, Field, Schema
from fdtui.core.search import CardReader, is_found, phrase_of, words_of
from fdtui.core.several import parted
from fdtui.core.task import Task

Predicate: TypeAlias = Callable[[Task], bool]
Finder: TypeAlias = Callable[[Task, tuple[str, ...]], bool]
"""Whether a task holds all of these words, as `words_of` tells them."""

_Costed: TypeAlias = tuple[int, Predicate]
"""A test, and what it costs: the stage nothing, a value little, words that any field may hold most."""
MOST_GUESSED = 20
"""Problems of one query for which it is said what may have been meant; a paste may hold thousands."""
_FREE, _CHEAP, _DAY, _DEAR = 0, 2, 4, 8


@frozen
class Query:
    """A query that was understood: its test, and what was not."""

    parsed: ParsedQuery
    passes: Predicate
    problems: tuple[Problem, ...] = ()
    understood: tuple[Span, ...] = ()
    """Where a field or a word of the language stands: all that is more than a search."""
    words: tuple[str, ...] = ()
    """The words that a task must hold, as `words_of` tells them, whatever else is asked for."""
    rest: Predicate | None = None
    """The test of what else is asked for; ``None`` where that is nothing."""

    @property
    def wrong(self) -> tuple[Problem, ...]:
        """The problems that do not go away by more being typed."""
        return tuple(each for each in self.problems if not each.is_unfinished)


def understand(parsed: ParsedQuery, setting: Setting) -> Query:
    """What ``parsed`` means in a workflow; what means nothing there is looked for as a text."""
    compiler = _Compiler(parsed.text, setting)
    words, rest = compiler.parted(parsed.node)
    passes = _of(compiler.together(words, rest))
    problems = (*parsed.problems, *compiler.problems)
    also = None if rest is None else _of(rest)
    return Query(parsed, passes, problems, tuple(compiler.understood), words, also)


def parts_by_field(parsed: ParsedQuery, setting: Setting) -> Iterator[tuple[str, Predicate]]:
    """The parts of a query that all must hold and of which each asks for one field, with its name.

    For who can look for a field's values without reading tasks; the whole query still decides.
    """
    compiler = _Compiler(parsed.text, setting)
    for part in terms(parsed.node):
        names = {compiler.asked_by(each) for each in leaves(part)}
        if len(names) == 1 and (name := names.pop()) is not None:
            yield name, compiler.whole(part)


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
    compiler = _Compiler("", Setting(schema, me, today, zone))
    passes = compiler.whole(node)
    for problem in compiler.problems:
        if problem.of == "field":
            raise problem.error
    return passes


def _finder(schema: Schema, zone: tzinfo | None) -> Finder:
    reader = CardReader(schema, zone)

    def finds(task: Task, words: tuple[str, ...]) -> bool:
        return is_found(reader.text_of(task), words)

    return finds


class _Compiler:
    def __init__(self, text: str, setting: Setting) -> None:
        self.problems: list[Problem] = []
        self.understood: list[Span] = []
        self._text, self._setting = text, setting
        self._finds = _finder(setting.schema, setting.zone)

    def whole(self, node: Node) -> Predicate:
        """The test of a query."""
        return _of(self.together(*self.parted(node)))

    def asked_by(self, leaf: Text | Comparison) -> str | None:
        """The field whose value alone decides; ``None`` where others do, too."""
        if isinstance(leaf, Text):
            is_me = not leaf.is_quoted and leaf.text.casefold() == "me" and self._setting.me is not None
            return ASSIGNEE if is_me else None
        field = field_named(leaf.name, self._setting.schema, leaf.name_span, guesses=False)
        return field.name if isinstance(field, Field) else None

    def parted(self, node: Node) -> tuple[tuple[str, ...], _Costed | None]:
        """The words that a query asks for in any case, and the test of what else it asks for."""
        words: tuple[str, ...] = ()
        tests: list[_Costed] = []
        for each in node.parts if isinstance(node, Every) else (node,):
            test = self._keyword(each) if isinstance(each, Text) else self._part(each)
            if test is not None:
                tests.append(test)
            elif isinstance(each, Text):
                words += _words(each)
        return words, _all(tests)

    def together(self, words: tuple[str, ...], rest: _Costed | None) -> _Costed | None:
        """The test of both; ``None`` where there is neither."""
        return _all([test for test in (rest, self._holding(words)) if test is not None])

    def _part(self, node: Node) -> _Costed | None:
        """The test of one part; ``None`` where it says nothing yet, and its opposite neither."""
        match node:
            case Text():
                return self._keyword(node) or self._holding(_words(node))
            case Not(part=part):
                return _opposite(self._part(part))
            case Every():
                return self.together(*self.parted(node))
            case Some(parts=parts):
                return _some([test for each in parts if (test := self._part(each)) is not None])
            case Comparison():
                return self._compared(node)

    def _holding(self, words: tuple[str, ...]) -> _Costed | None:
        finds = self._finds
        return (_DEAR, lambda task: finds(task, words)) if words else None

    def _keyword(self, text: Text) -> _Costed | None:
        """What a word means that stands alone: mine, late, due today; ``None`` for any other."""
        setting, said = self._setting, text.text.casefold()
        if text.is_quoted or said not in ("me", "late", "today", "changed"):
            return None
        if said == "changed":
            return self._changed(text)
        if said == "me":
            if setting.me is None:
                return None
            mine = Word("me", text.span)
            return self._compared(Comparison(ASSIGNEE, ":", (mine,), text.span, text.span))
        schema, today = setting.schema, setting.today
        if today is None or schema.deadline is None:
            return None
        self.understood.append(text.span)
        if said == "late":
            return _DAY, lambda task: is_late(task, schema, today)
        return _DAY, lambda task: deadline_of(task, schema) == today

    def _changed(self, text: Text) -> _Costed | None:
        changed = self._setting.changed
        if changed is None:
            return None
        self.understood.append(text.span)
        return _FREE, lambda task: task.key in changed

    def _compared(self, test: Comparison) -> _Costed | None:
        setting = self._setting
        field = field_named(test.name, setting.schema, test.name_span, guesses=setting.guesses)
        if isinstance(field, Problem):
            if not test.name.isdigit():  # a time of day is no mistake
                self._tell(field)
            return self._holding(words_of(self._text[slice(*test.span)]))
        self.understood.append(test.span)
        checks = [self._check(field, test, word) for word in self._values(field, test)]
        if not checks:
            return None
        check = _each_of(checks) if test.operator == "!=" else _any_of(checks)
        name = field.name
        if name == STAGE:
            return _FREE, lambda task: check(task.row.get(STAGE))
        return _CHEAP, lambda task: check(task.row.get(name))

    def _check(self, field: Field, test: Comparison, word: Word) -> Check:
        check, problem = check_of(field, test.operator, word, self._setting)
        if problem is not None:
            self._tell(problem)
        return check

    def _tell(self, problem: Problem) -> None:
        self.problems.append(problem)
        if len(self.problems) == MOST_GUESSED:
            self._setting = replace(self._setting, guesses=False)

    def _values(self, field: Field, test: Comparison) -> tuple[Word, ...]:
        """The values; an option with a comma in it needs no quotes."""
        values = test.values
        if len(values) < 2 or any(each.is_quoted for each in values) or not self._text:
            return values
        start, end = values[0].span[0], values[-1].span[1]
        names = choices(field, self._setting.schema)
        if not any("," in name for name in names):
            return values
        found = parted(self._text[start:end], names)
        return tuple(Word(each, (start, end)) for each in found) if len(found) < len(values) else values


def _of(test: _Costed | None) -> Predicate:
    return (lambda _: True) if test is None else test[1]


def _words(text: Text) -> tuple[str, ...]:
    if text.is_quoted:
        return (phrase_of(text.text),) if text.text else ()
    return words_of(text.text)


def _opposite(test: _Costed | None) -> _Costed | None:
    if test is None:
        return None
    cost, inner = test
    return cost, lambda task: not inner(task)


def _all(tests: list[_Costed]) -> _Costed | None:
    """All of the tests, the cheap ones first."""
    tests.sort(key=itemgetter(0))
    if not tests:
        return None
    if len(tests) == 1:
        return tests[0]
    if len(tests) == 2:
        (cost, one), (more, other) = tests
        return cost + more, lambda task: one(task) and other(task)
    many = tuple(test for _, test in tests)

    def passes(task: Task) -> bool:
        for test in many:  # noqa: SIM110  # `all` of a generator takes twice as long
            if not test(task):
                return False
        return True

    return sum(cost for cost, _ in tests), passes


def _some(tests: list[_Costed]) -> _Costed | None:
    """One of the tests, the cheap ones first."""
    tests.sort(key=itemgetter(0))
    if not tests:
        return None
    many = tuple(test for _, test in tests)

    def passes(task: Task) -> bool:
        for test in many:  # noqa: SIM110
            if test(task):
                return True
        return False

    return sum(cost for cost, _ in tests), passes


def _any_of(checks: list[Check]) -> Check:
    if len(checks) == 1:
        return checks[0]
    return lambda value: any(check(value) for check in checks)


def _each_of(checks: list[Check]) -> Check:
    if len(checks) == 1:
        return checks[0]
    return lambda value: all(check(value) for check in checks)
