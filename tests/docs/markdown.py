"""Tables and words in Markdown, as every generated part writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The lines of a table, with an empty one behind it; none where there is no row."""
    names, found = list(head), list(rows)
    if found:
        yield f"| {' | '.join(names)} |"
        yield f"| {' | '.join('---' for _ in names)} |"
        yield from (f"| {' | '.join(row)} |" for row in found)
        yield ""


def code(text: str) -> str:
    """A text as it is typed."""
    return f"`` {text} ``" if "`" in text else f"`{cell(text)}`"


def cell(text: str) -> str:
    """A sentence that stands in a table."""
    return text.replace("|", "\\|")


def plain(text: str) -> str:
    """A sentence of the code, in which no sign is Markdown's but what is in backticks."""
    parts = re.split(r"(`[^`]+`)", " ".join(text.replace("``", "`").split()))
    return "".join(
        part if part.startswith("`") else re.sub(r"(\*|<(?=[a-z/!]))", r"\\\1", part) for part in parts
    )
