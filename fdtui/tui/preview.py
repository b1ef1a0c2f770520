"""What a file looks like in a terminal: text, code, a table, or its facts; of an image its data.

Made beside the event loop, for highlighting takes its time; the lines are cut to a width later.
"""

from __future__ import annotations

import csv
import io

from fdtui.core import strictjson
from fdtui.core.errors import BadJsonError
from fdtui.core.frozen import frozen
from fdtui.core.mediatype import by_content, is_text, media_type
from fdtui.core.safetext import safe
from fdtui.core.transfer import size_words
from fdtui.tui.cells import Line, Piece, cut_line, fit, width_of, wrap
from fdtui.tui.look import Glyphs

MAX_LINES = 4_000
MAX_LETTERS = 2_000
"""Letters of one line that are shown."""
MAX_CELL = 28
MAX_ROWS = 1_000
MAX_COLUMNS = 40
_PROSE = ("text/plain", "text/markdown", "")


@frozen
class Preview:
    """A file ready to be shown; ``image`` is its data where a picture may be drawn of it."""

    facts: tuple[Line, ...]
    body: tuple[Line, ...] = ()
    wraps: bool = False
    """Whether long lines go on below; of code and tables they are cut."""
    image: bytes = b""

    @property
    def summary(self) -> Line:
        """The facts in one line."""
        pieces: Line = ()
        for label, fact in self.facts:
            pieces = (*pieces, (label[0].strip() + " ", "dim"), (fact[0] + "   ", "text"))
        return pieces

    def lines(self, width: int, glyphs: Glyphs) -> list[Line]:
        """All lines, none wider than ``width``."""
        body = list(self.body)
        if self.wraps:
            body = [((part, "text"),) for line in body for part in wrap(_plain(line), width)]
        head = [cut_line(line, width, glyphs.cut) for line in self.facts]
        rule: list[Line] = [((glyphs.rule * width, "line"),)] if body else []
        return head + rule + [cut_line(line, width, glyphs.cut) for line in body]


def make_preview(
    name: str, told: str, data: bytes, size: int | None, digest: str, *, most: int
) -> Preview:
    """The preview of a file of which ``data`` is the beginning, or all.

    ``told`` is the media type that the server says, ``most`` how much of a text is shown.
    """
    proven = by_content(data)
    kind = media_type(name, data)
    facts = _facts(told, kind, size, digest)
    if proven.startswith("image/"):
        return Preview(facts, image=data if size == len(data) else b"")
    if proven or not is_text(data[:most]):
        return Preview(facts)
    is_cut = len(data) > most or size != len(data)
    text = _decoded(data[:most])
    body: list[Line]
    if kind in {"text/csv", "text/tab-separated-values"}:
        body = _table(text, "\t" if "tab" in kind else None)
    else:
        if kind == "application/json" and not is_cut:
            text = _pretty(text)
        body = [((safe(line[:MAX_LETTERS], multiline=True), "text"),) for line in _split(text)]
        if kind not in _PROSE:
            body = _highlighted(name, text) or body
    if is_cut:
        whole = f" of {size_words(size)}" if size is not None else ""
        body.append(((f"the first {size_words(min(len(data), most))}{whole}", "italic dim"),))
    return Preview(facts, tuple(body), wraps=kind in _PROSE)


def _facts(told: str, kind: str, size: int | None, digest: str) -> tuple[Line, ...]:
    rows = [("type", safe(told[:80]) or kind)]
    if kind != told and told:
        rows.append(("seems", kind))
    rows.append(("size", "unknown" if size is None else f"{size_words(size)} ({size:,} bytes)"))
    if digest:
        rows.append(("sha256", digest))
    return tuple(((fit(label, 8), "dim"), (text, "text")) for label, text in rows)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "ignore")


def _split(text: str) -> list[str]:
    return text.replace("\r\n", "\n").split("\n")[:MAX_LINES]


def _pretty(text: str) -> str:
    try:
        return strictjson.dumps(strictjson.loads(text, forgiving=True), indent=2)
    except (BadJsonError, ValueError, RecursionError):
        return text


def _table(text: str, delimiter: str | None) -> list[Line]:
    if delimiter is None:
        first = text.partition("\n")[0]
        delimiter = max(",;\t|", key=first.count)
    try:
        rows = [row[:MAX_COLUMNS] for row in csv.reader(io.StringIO(text), delimiter=delimiter)][
            :MAX_ROWS
        ]
    except csv.Error:
        return [((safe(line[:MAX_LETTERS]), "text"),) for line in _split(text)]
    cells = [[safe(cell.strip()[:200]) for cell in row] for row in rows if row]
    if not cells:
        return []
    count = max(map(len, cells))
    widths = [
        min(MAX_CELL, max(width_of(row[at]) if at < len(row) else 0 for row in cells))
        for at in range(count)
    ]
    lines: list[Line] = []
    for index, row in enumerate(cells):
        role = "bold accent" if index == 0 else "text"
        padded = [*row, *[""] * (count - len(row))]
        pieces = [(fit(cell, width) + "  ", role) for cell, width in zip(padded, widths, strict=True)]
        lines.append(tuple(pieces))
    return lines


def _highlighted(name: str, text: str) -> list[Line]:
    """The text in colours, or nothing where nobody knows its language."""
    from pygments.lexers import get_lexer_for_filename  # noqa: PLC0415 - 30 ms, and only for code
    from pygments.token import Token  # noqa: PLC0415
    from pygments.util import ClassNotFound  # noqa: PLC0415

    roles = {
        Token.Keyword: "accent", Token.Name.Tag: "accent", Token.Comment: "italic dim",
        Token.Literal.String: "good", Token.Literal.Number: "warn", Token.Name.Function: "running",
        Token.Name.Class: "bold running", Token.Name.Attribute: "running", Token.Operator: "dim",
        Token.Generic.Heading: "bold text", Token.Punctuation: "dim",
    }  # fmt: skip
    try:
        lexer = get_lexer_for_filename(name, stripnl=False, ensurenl=False)
    except (ClassNotFound, ValueError):
        return []
    lines: list[list[Piece]] = [[]]
    for token, value in lexer.get_tokens(text):
        role = "text"
        while token is not None and token is not Token:
            if token in roles:
                role = roles[token]
                break
            token = token.parent  # noqa: PLW2901
        first, *rest = value.split("\n")
        lines[-1].append((safe(first[:MAX_LETTERS], multiline=True), role))
        lines.extend([(safe(each[:MAX_LETTERS], multiline=True), role)] for each in rest)
        if len(lines) > MAX_LINES:
            break
    return [tuple(piece for piece in line if piece[0]) for line in lines[:MAX_LINES]]


def _plain(line: Line) -> str:
    return "".join(text for text, _ in line)
