"""A query's text as tokens, each with where it stands."""

from __future__ import annotations

import re

from fdtui.core.frozen import frozen
from fdtui.core.query.tree import Problem, Span

_TOKEN = re.compile(
    r"\s*(?:(?P<quoted>\"(?:[^\"\\]|\\.)*\"?)|(?P<operator><=|>=|!=|[:=~<>])|(?P<bracket>[()])"
    r"|(?P<comma>,)|(?P<minus>-(?=[^\s]))|(?P<word>(?:[^\s\"():=~<>!,]|!(?!=))+))",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@frozen
class QueryToken:
    """A piece of the text; ``text`` is what it means, without the quotes."""

    kind: str
    text: str
    span: Span
    glued: bool = False
    """No space stands before it."""


def tokens_of(text: str, problems: list[Problem]) -> list[QueryToken]:
    """The tokens of ``text``, the last of the kind ``end``; an open quote is told in ``problems``."""
    tokens: list[QueryToken] = []
    at, end = 0, len(text.rstrip())
    while at < end and (match := _TOKEN.match(text, at, end)) is not None:
        kind = str(match.lastgroup)
        span = match.span(kind)
        word = match[kind]
        if kind == "quoted":
            if len(word) < 2 or not word.endswith('"'):
                says = "A quotation mark is open"
                problems.append(
                    Problem(says, (span[0], span[0] + 1), 'Close it with another ".', is_unfinished=True)
                )
                word += '"'
            word = _ESCAPED.sub(r"\1", word[1:-1])
        tokens.append(QueryToken(kind, word, span, glued=span[0] == at and at > 0))
        at = match.end()
    tokens.append(QueryToken("end", "", (len(text), len(text))))
    return tokens


_BARE = re.compile(r"(?!-)(?:[^\s\"():=~<>!,]|!(?!=))+")
_KEYWORDS = frozenset(
    {"and", "or", "not", "none", "null", "any", "me", "late", "today", "tomorrow", "yesterday"}
)


def spelled(text: str) -> str:
    """``text`` as it must be written in a query to mean just this: in quotes where it needs them."""
    if _BARE.fullmatch(text) and text.casefold() not in _KEYWORDS:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
