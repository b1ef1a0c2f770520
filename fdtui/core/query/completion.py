"""What could be typed next at the caret of a query, best first. Pure.

A suggestion says what it puts in the place of which part of the text, and a query of its own whose
tasks can be counted: those that it would leave.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import islice
from typing import TypeAlias

from fdtui.core.frozen import frozen
from fdtui.core.fuzzy import fuzzy
from fdtui.core.names import meaning, plain
from fdtui.core.query.lexer import spelled
from fdtui.core.query.naming import BUILT_IN, ShortNames, begun, choices, field_named, people_begun
from fdtui.core.query.parser import ParsedQuery, read
from fdtui.core.query.tree import Comparison, Node, Not, Problem, Span, Text, Word, leaves, terms
from fdtui.core.query.values import DAYS, ORDERS, Setting
from fdtui.core.schema import STAGE, Field, FieldType, Person, Schema

MOST_SUGGESTED = 50
LEAST_TYPED = 2
"""Letters that must have been typed before values of all fields are offered."""
_DAYS = (
    ("today", ""), ("tomorrow", ""), ("yesterday", ""), ("+3d", "in 3 days"), ("+1w", "in a week"),
    ("-1w", "a week ago"),
)  # fmt: skip
_SPANS = (
    ("<today", "before today"),
    ("<=+3d", "until 3 days from now"),
    ("<=+1w", "until a week from now"),
)
"""Days before or after one, where only ``:`` has been typed."""
_KIND_WORDS: dict[str, str] = {
    FieldType.PERSON: "person",
    FieldType.DATE: "date",
    FieldType.DATETIME: "date",
    FieldType.NUMBER: "number",
    FieldType.CURRENCY: "number",
    FieldType.CHECKBOX: "yes or no",
    FieldType.UNIQUE_ID: "unique id",
}


@frozen
class Suggestion:
    """Something that can be put in."""

    label: str
    insert: str
    span: Span
    """What it takes the place of."""
    query: str = ""
    """What it stands for, as a query of its own; empty where there is nothing to count."""
    note: str = ""
    is_open: bool = False
    """Whether something must follow it, so that no space is put behind."""

    def applied(self, text: str) -> tuple[str, int]:
        """The text with it, and where the caret stands then."""
        start, end = self.span
        rest = text[end:]
        blank = "" if self.is_open or rest[:1] in (" ", ",", ")") else " "
        return f"{text[:start]}{self.insert}{blank}{rest}", start + len(self.insert) + len(blank)


@frozen
class Suggestions:
    """What could be typed, and what else the text asks for."""

    found: tuple[Suggestion, ...] = ()
    rest: str = ""
    """The query without the part at the caret: tasks that it leaves are those to count."""


def complete(text: str, caret: int, setting: Setting) -> Suggestions:
    """What could be typed at ``caret``, the best first."""
    parsed = read(text)
    part = _at(parsed, caret)
    if part is None and not _is_between(text, caret):
        return Suggestions()
    span = (caret, caret) if part is None else part.span
    if isinstance(part, Comparison):
        found = _of_test(part, text, caret, setting)
    elif isinstance(part, Text) and part.is_quoted:
        found = iter(())
    else:
        found = _of_word("" if part is None else text[part.span[0] : caret], span, setting)
    starts = _begun_alone(text, is_value=isinstance(part, Comparison))
    found = (each for each in found if starts(each.span))
    return Suggestions(tuple(islice(_each_once(found), MOST_SUGGESTED)), _rest(parsed, part, span))


def _at(parsed: ParsedQuery, caret: int) -> Text | Comparison | None:
    """The part in which the caret stands, or behind which it stands; one without a value goes on."""
    for leaf in leaves(parsed.node):
        start, end = leaf.span
        if start < caret <= end:
            return leaf
        is_open = isinstance(leaf, Comparison) and not leaf.values
        if is_open and end <= caret and not parsed.text[end:caret].strip():
            return leaf
    return None


def _begun_alone(text: str, *, is_value: bool) -> Callable[[Span], bool]:
    """What tells whether something put there stands for itself: behind an open quote it would end that.

    Where values are put in, it may be one of several.
    """

    @cache
    def starts(span: Span) -> bool:
        start, end = span
        return all(
            start in _starts(read(f"{text[:start]}{probe} {text[end:]}"), is_value=is_value)
            for probe in ("x", '"x"')
        )

    return starts


def _starts(parsed: ParsedQuery, *, is_value: bool) -> Iterator[int]:
    for leaf in leaves(parsed.node):
        yield leaf.span[0]
        if is_value and isinstance(leaf, Comparison):
            yield from (value.span[0] for value in leaf.values)


def _is_between(text: str, caret: int) -> bool:
    """Whether a word could begin at the caret: none of the query's own words stands there."""
    before, behind = text[max(0, caret - 1) : caret], text[caret : caret + 1]
    return (not before.strip() or before in "(-") and (not behind.strip() or behind == ")")


def _rest(parsed: ParsedQuery, part: Text | Comparison | None, span: Span) -> str:
    """The query without the part; nothing where that part is one of several that may hold."""
    beside = [_inner(each) for each in terms(parsed.node)]
    if part is None:
        is_joined = all(isinstance(each, Text | Comparison) for each in beside)
    else:
        is_joined = any(each is part for each in beside)
    if not is_joined:
        return ""
    return f"{parsed.text[: span[0]].rstrip().removesuffix('-')} {parsed.text[span[1] :]}".strip()


def _inner(node: Node) -> Node:
    while isinstance(node, Not):
        node = node.part
    return node


def _each_once(found: Iterable[Suggestion]) -> Iterator[Suggestion]:
    seen: set[str] = set()
    for each in found:
        if each.insert not in seen:
            seen.add(each.insert)
            yield each


# The name of a field, a keyword, or a value of any field


def _of_word(typed: str, span: Span, setting: Setting) -> Iterator[Suggestion]:
    wanted, schema = plain(typed), setting.schema
    for word, note in _keywords(setting):
        if word.startswith(wanted) and word != wanted:
            yield Suggestion(word, word, span, word, note)
    fields = [*BUILT_IN, *schema.fields]
    names = [each.name for each in fields]
    fitting, short = set(begun(typed, names) if typed else names), ShortNames(schema)
    for field in fields:
        name = short.of(field, typed)
        if field.name in fitting or (typed and name.startswith(wanted)):
            note = _note_on(field, schema, name)
            yield Suggestion(f"{name}:", f"{name}:", span, f"{name}:any", note, is_open=True)
    if len(typed) >= LEAST_TYPED:
        yield from _any_value(typed, span, schema, short)


def _keywords(setting: Setting) -> Iterator[tuple[str, str]]:
    if setting.me is not None:
        yield "me", "assigned to me"
    if (deadline := setting.schema.deadline) is not None and setting.today is not None:
        yield "late", f"{deadline.name} has passed"
        yield "today", f"{deadline.name} is today"
    if setting.changed is not None:
        yield "changed", "others changed it lately"


def _note_on(field: Field, schema: Schema, name: str) -> str:
    """What a field takes; with its own name where it is written otherwise."""
    names = choices(field, schema)
    kind = _KIND_WORDS.get(field.type, "text")
    if names:
        kind = f"{', '.join(names[:3])}{', …' if len(names) > 3 else ''}"
    return kind if name == field.name.lower() else f"{field.name}: {kind}"


def _any_value(typed: str, span: Span, schema: Schema, short: ShortNames) -> Iterator[Suggestion]:
    """Stages, people and options that begin as what was typed, each with its field."""
    for stage in begun(typed, choices(BUILT_IN[0], schema)):
        yield _whole("stage", stage, span)
    named = _naming(schema)
    for person in people_begun(typed, schema):
        yield _whole("assignee", named(person), span)
    for field in schema.fields:
        name = short.of(field)
        for option in begun(typed, choices(field, schema)):
            yield _whole(name, option, span)


def _whole(name: str, value: str, span: Span) -> Suggestion:
    written = f"{name}:{spelled(value)}"
    return Suggestion(written, written, span, written)


def _naming(schema: Schema) -> Callable[[Person], str]:
    """What gives the name of a person, or the e-mail where another one is called the same."""
    count = Counter(plain(each.name) for each in schema.people)
    return lambda person: person.name if count[plain(person.name)] == 1 else person.email


# The value of a field


def _of_test(test: Comparison, text: str, caret: int, setting: Setting) -> Iterator[Suggestion]:
    schema = setting.schema
    field = field_named(test.name, schema, test.name_span)
    if isinstance(field, Problem):
        if field.fix is not None:
            yield Suggestion(field.fix, field.fix, field.span, note="did you mean", is_open=True)
        return
    if test.name and caret <= test.name_span[1]:
        return
    nothing = Word("", (caret, caret))
    word = next((each for each in test.values if each.span[0] < caret <= each.span[1]), nothing)
    typed = text[word.span[0] : caret].removeprefix('"')
    name = ShortNames(schema).of(field) if test.name else ""
    operator = ":" if test.operator == "!=" else test.operator
    for written, label, note in _fitting(field, typed, operator, setting):
        if meaning(written) != meaning(text[slice(*word.span)]):
            yield Suggestion(label, written, word.span, f"{name}{operator}{written}", note)


_Offer: TypeAlias = tuple[str, str, str]
"""What is put in, what is shown of it, and a note."""


def _fitting(field: Field, typed: str, operator: str, setting: Setting) -> list[_Offer]:
    """The values that begin as what was typed, else those that have its letters in this order."""
    offers = list(_offers(field, operator, setting))
    if not typed:
        return offers
    wanted = set(begun(typed, [text for _, label, note in offers for text in (label, note)]))
    found = [each for each in offers if each[1] in wanted or (each[2] and each[2] in wanted)]
    if found:
        return found
    scored = [(hit[0], each) for each in offers if (hit := fuzzy(typed, each[1])) is not None]
    return [each for _, each in sorted(scored, key=lambda pair: -pair[0])]


def _offers(field: Field, operator: str, setting: Setting) -> Iterator[_Offer]:
    schema, is_equal = setting.schema, operator in (":", "=")
    if field.type == FieldType.PERSON and operator not in ORDERS:
        if setting.me is not None and is_equal:
            yield "me", "me", setting.me
        named = _naming(schema)
        for person in schema.people:
            yield spelled(named(person)), person.name, person.email
    elif field.type in DAYS and operator != "~":
        yield from ((word, word, note) for word, note in _DAYS)
        if operator == ":":
            yield from ((word, word, note) for word, note in _SPANS)
    elif field.type == FieldType.CHECKBOX:
        yield from (("yes", "yes", ""), ("no", "no", ""))
    else:
        yield from ((spelled(name), name, "") for name in choices(field, schema))
    if is_equal and field.name != STAGE and field.type != FieldType.CHECKBOX:
        yield from (("none", "none", "no value"), ("any", "any", "some value"))
