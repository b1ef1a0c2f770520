"""The filter language: what the board's `/`, an action's condition and ``?q=`` are written in.

    acme corp                            any field holds each of these words
    stage:"In Progress" assignee:none    both hold
    value>=10000 or due<+3d              one of them holds
    -international:yes (name~acme or 42) not, groups, and words
    me late                              assigned to the user, and past the deadline

`:` means *is* (several values parted by commas: one of them), `~` means *holds*, `<` `<=` `>` `>=`
compare numbers, days and texts; ``none`` is no value, ``any`` is some value, ``me`` is the user. A
field is named by its name, or by a word of it that no other field has.

``lexer`` and ``parser`` read a text, ``naming``, ``values`` and ``meaning`` understand it in one
workflow, ``completion`` offers what could be typed, ``guide`` explains it. Nothing is evaluated as
code, and no pattern of the user's becomes a regular expression.
"""

from fdtui.core.query.meaning import Predicate, Query, compile_query, parts_by_field, understand
from fdtui.core.query.naming import resolve
from fdtui.core.query.parser import MAX_QUERY_LENGTH, ParsedQuery, parse, read
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
    leaves,
    terms,
)
from fdtui.core.query.values import Setting

__all__ = [
    "MAX_QUERY_LENGTH",
    "Comparison",
    "Every",
    "Node",
    "Not",
    "ParsedQuery",
    "Predicate",
    "Problem",
    "Query",
    "QueryError",
    "Setting",
    "Some",
    "Span",
    "Text",
    "Word",
    "compile_query",
    "leaves",
    "parse",
    "parts_by_field",
    "read",
    "resolve",
    "terms",
    "understand",
]
