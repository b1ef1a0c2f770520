"""From a text to the tree of a query. Any text has a tree; what is wrong with it is told beside.

    or     = and {"or" and}
    and    = not {["and"] not}
    not    = ("-" | "not") not | "(" or ")" | test | text
    test   = [name] (":" | "=" | "!=" | "~" | "<" | "<=" | ">" | ">=") value {"," value}

``:`` may stand before ``<``: ``due:<+3d`` is ``due<+3d``. A comparison without a name is about the
workflow's deadline.
"""

from __future__ import annotations

from fdtui.core.frozen import frozen
from fdtui.core.query.lexer import QueryToken, tokens_of
from fdtui.core.query.tree import (
    Comparison,
    Every,
    Node,
    Not,
    Problem,
    QueryError,
    Some,
    Span,
    Text,
    Word,
)

MAX_DEPTH = 40
MAX_QUERY_LENGTH = 10_000
_ORDERS = frozenset({"<", "<=", ">", ">="})
_IN_A_WORD = frozenset({"word", "minus", "comma"})
_IN_A_VALUE = frozenset({"word", "minus", "operator"})


@frozen
class ParsedQuery:
    """A text and what it says."""

    text: str
    node: Node
    problems: tuple[Problem, ...] = ()


def read(text: str) -> ParsedQuery:
    """What ``text`` says, however much of it is wrong: open quotes and brackets end with it."""
    if not text.strip():
        return ParsedQuery(text, Every(()))
    if len(text) > MAX_QUERY_LENGTH:
        hint = f"It may have {MAX_QUERY_LENGTH:,} letters."
        end = (MAX_QUERY_LENGTH, len(text))
        return ParsedQuery(text, Every(()), (Problem("The filter is too long", end, hint),))
    parser = _Parser(text)
    try:
        node = parser.whole()
    except _TooDeepError as error:
        return ParsedQuery(text, Every(()), (Problem("Too many brackets", error.span),))
    return ParsedQuery(text, node, tuple(parser.problems))


def parse(text: str) -> Node:
    """The tree of ``text``; nothing but space is a query that everything passes.

    Raises `QueryError`.
    """
    parsed = read(text)
    if parsed.problems:
        raise parsed.problems[0].error
    return parsed.node


class _TooDeepError(Exception):
    def __init__(self, span: Span) -> None:
        super().__init__()
        self.span = span


class _Parser:
    def __init__(self, text: str) -> None:
        self.problems: list[Problem] = []
        self._text = text
        self._tokens = tokens_of(text, self.problems)
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        """Everything there is; a closing bracket too many is passed over."""
        parts = [self._or()]
        while self._peek().kind != "end":
            token = self._take()
            self.problems.append(Problem(f"“{token.text}” is not expected here", token.span))
            if self._peek().kind != "end":
                parts.append(self._or())
        return _joined(Every, parts)

    def _tell(self, message: str, span: Span, hint: str = "") -> None:
        is_unfinished = self._peek().kind == "end"
        self.problems.append(Problem(message, span, hint, is_unfinished=is_unfinished))

    def _peek(self, ahead: int = 0) -> QueryToken:
        return self._tokens[min(self._at + ahead, len(self._tokens) - 1)]

    def _take(self) -> QueryToken:
        token = self._peek()
        self._at += 1
        return token

    def _is_word(self, word: str) -> bool:
        token = self._peek()
        return token.kind == "word" and token.text.lower() == word

    def _is_over(self) -> bool:
        token = self._peek()
        return token.kind == "end" or (token.kind == "bracket" and token.text == ")")

    def _or(self) -> Node:
        parts = [self._and()]
        while self._is_word("or"):
            self._take()
            parts.append(self._and())
        return _joined(Some, parts)

    def _and(self) -> Node:
        parts = [self._not()]
        while True:
            if self._is_word("and"):
                self._take()
            elif self._is_over() or self._is_word("or"):
                break
            parts.append(self._not())
        return _joined(Every, parts)

    def _not(self) -> Node:
        token = self._peek()
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _TooDeepError(token.span)
        try:
            follows = self._peek(1).kind
            if token.kind == "minus" or (self._is_word("not") and follows not in ("operator", "end")):
                self._take()
                inner = self._not()
                is_nothing = isinstance(inner, Every) and not inner.parts
                return inner if is_nothing else Not(inner, (token.span[0], inner.span[1]))
            if token.text == "(" and token.kind == "bracket":
                return self._group()
            return self._leaf()
        finally:
            self._depth -= 1

    def _group(self) -> Node:
        opening = self._take()
        node = self._or()
        end = node.span[1]
        if self._is_over() and self._peek().kind != "end":
            end = self._take().span[1]
        else:
            self._tell("A bracket is open", opening.span, "Close it with ).")
        return _spanned(node, (opening.span[0], end))

    def _leaf(self) -> Node:
        token = self._peek()
        if self._is_over():
            told = f"“{token.text}”" if token.text else "the end"
            self._tell(f"A word is expected, not {told}", token.span)
            return Every((), token.span)
        if token.kind == "operator":
            if token.text in _ORDERS and self._peek(1).kind in ("word", "minus", "quoted"):
                return self._test(Word("", (token.span[0], token.span[0])))
            self._take()
            word = self._glued(token, _IN_A_WORD | _IN_A_VALUE)
            self.problems.append(Problem(f"A word is expected, not “{token.text}”", token.span))
            return Text(word.text, word.span)
        word = self._name()
        if self._peek().kind == "operator":
            if not self._is_address():
                return self._test(word)
            whole = self._glued(self._take(), _IN_A_WORD | _IN_A_VALUE)
            span = (word.span[0], whole.span[1])
            return Text(self._text[slice(*span)], span)
        return Text(word.text, word.span, word.is_quoted)

    def _is_address(self) -> bool:
        """Whether what follows is that of ``http`` in a web address."""
        colon, rest = self._peek(), self._peek(1)
        is_glued = colon.glued and rest.glued and rest.kind == "word"
        return is_glued and colon.text == ":" and rest.text.startswith("//")

    def _name(self) -> Word:
        token = self._take()
        if token.kind == "quoted":
            return Word(token.text, token.span, is_quoted=True)
        return self._glued(token, _IN_A_WORD)

    def _glued(self, token: QueryToken, kinds: frozenset[str]) -> Word:
        """The token and all of these kinds that follow it without a space."""
        start, end = token.span
        while self._peek().glued and self._peek().kind in kinds:
            end = self._take().span[1]
        return Word(self._text[start:end], (start, end))

    def _test(self, name: Word) -> Node:
        operator = self._take()
        follows = self._peek()
        is_order = follows.kind == "operator" and follows.text in _ORDERS
        if operator.text == ":" and follows.glued and is_order:
            operator = self._take()
        values = [self._value()]
        end = operator.span[1]
        while self._peek().kind == "comma":
            end = self._take().span[1]
            values.append(self._value())
        found = tuple(value for value in values if value is not None)
        span = (name.span[0], max(end, *(value.span[1] for value in found), end))
        return Comparison(name.text, operator.text, found, span, name.span)

    def _value(self) -> Word | None:
        token = self._peek()
        if token.kind == "minus" and self._peek(1).kind != "word":
            self._take()
            token = self._peek()
        if token.kind not in ("word", "quoted", "minus"):
            self._tell("A value is missing", token.span, "For no value write none.")
            return None
        self._take()
        if token.kind == "quoted":
            return Word(token.text, token.span, is_quoted=True)
        return self._glued(token, _IN_A_VALUE)  # a sign, the colons of a time or a web address


def _joined(kind: type[Every] | type[Some], parts: list[Node]) -> Node:
    """The parts as one; what is unfinished and says nothing is left out."""
    said = [part for part in parts if not (isinstance(part, Every) and not part.parts)]
    if len(said) == 1:
        return said[0]
    return kind(tuple(said), (said[0].span[0], said[-1].span[1])) if said else parts[0]


def _spanned(node: Node, span: Span) -> Node:
    """A part with the brackets around it."""
    match node:
        case Every(parts=parts):
            return Every(parts, span)
        case Some(parts=parts):
            return Some(parts, span)
        case _:
            return Every((node,), span)


__all__ = ["MAX_DEPTH", "MAX_QUERY_LENGTH", "ParsedQuery", "QueryError", "parse", "read"]
