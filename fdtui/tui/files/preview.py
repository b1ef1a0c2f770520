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
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, Piece, cut_line, fit, width_of, wrapped

MAX_PREVIEW_LINES = 4_000
MAX_LINE_LETTERS = 2_000
"""Letters of one line that are shown."""
WHOLE_LONG_LINES_UP_TO = 20
"""Lines of which one that is too long is shown whole."""
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
    """Whether long lines go on below."""
    notes: tuple[str, ...] = ()
    """What is not shown of it, and why."""
    image: bytes = b""

    @property
    def summary(self) -> Line:
        """The facts in one line."""
        pieces: Line = ()
        for label, fact in self.facts:
            pieces = (*pieces, (label[0].strip() + " ", "dim"), (fact[0] + "   ", "text"))
        return pieces

    def lines(self, width: int, glyphs: Glyphs) -> list[Line]:
        """All lines; those of code and tables may be wider than ``width``."""
        head = [cut_line(line, width, glyphs.cut) for line in self.facts]
        body = list(self.body)
        if self.wraps:
            body = [part for line in body for part in wrapped(_plain(line), "text", width)]
        notes = [part for note in self.notes for part in wrapped(note, "italic dim", width)]
        rule: list[Line] = [((glyphs.rule * width, "line"),)]
        return head + rule + body + notes


def make_preview(
    name: str, told: str, data: bytes, size: int | None, digest: str, *, most: int
) -> Preview:
    """The preview of a file of which ``data`` is the beginning, or all.

    ``told`` is the media type by the server, ``most`` how much of a text is shown.
    """
    proven = by_content(data)
    kind = media_type(name, data)
    facts = _facts(told, kind, size, digest)
    if proven.startswith("image/"):
        too_large = "Too large to be drawn. Download it instead."
        return Preview(facts, image=data) if size == len(data) else Preview(facts, notes=(too_large,))
    if proven:
        return Preview(facts, notes=("No preview of this kind of file. Download it instead.",))
    coding = "utf-8" if is_text(data[:most]) else "cp1252" if _is_old_text(data[:most]) else ""
    if not coding:
        return Preview(facts, notes=("Not recognised as text. Download it instead.",))
    notes = () if coding == "utf-8" else ("Not UTF-8: shown as Windows-1252.",)
    is_cut = len(data) > most or size != len(data)
    text = _decoded(data[:most], coding)
    if kind in {"text/csv", "text/tab-separated-values"}:
        body, omitted = _table(text, "\t" if kind != "text/csv" else None)
        return Preview(facts, body, notes=(*notes, *omitted, *_cut_words(is_cut, most, size)))
    if kind == "application/json" and not is_cut:
        text = _pretty(text)
    lines = _split(text)
    # Code in one long line was written by a machine.
    wraps = kind in _PROSE or (
        len(lines) < WHOLE_LONG_LINES_UP_TO and max(map(len, lines)) > MAX_LINE_LETTERS
    )
    if len(lines) > MAX_PREVIEW_LINES:
        notes = (*notes, f"These are the first {MAX_PREVIEW_LINES:,} lines.")
        lines = lines[:MAX_PREVIEW_LINES]
    else:
        notes = (*notes, *_cut_words(is_cut, most, size))
    if not wraps and any(len(line) > MAX_LINE_LETTERS for line in lines):
        notes = (*notes, f"Lines of more than {MAX_LINE_LETTERS:,} letters are cut.")
    coloured = _highlighted(name, text) if not wraps else []
    most_letters = most if wraps else MAX_LINE_LETTERS
    plain = [((safe(line[:most_letters], multiline=True), "text"),) for line in lines]
    return Preview(facts, tuple(coloured or plain), wraps, notes)


def _cut_words(is_cut: bool, most: int, size: int | None) -> tuple[str, ...]:
    if not is_cut:
        return ()
    whole = f" of {size_words(size)}" if size is not None else ""
    return (f"These are the first {size_words(most)}{whole}.",)


def _is_old_text(data: bytes) -> bool:
    """Whether it may be text of the time before UTF-8: no NUL, hardly a control character."""
    strange = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in data)
    return b"\0" not in data and bool(data) and strange * 100 <= len(data)


def _facts(told: str, kind: str, size: int | None, digest: str) -> tuple[Line, ...]:
    rows = [("type", safe(told[:80]) or kind)]
    if kind != told and told:
        rows.append(("seems", kind))
    rows.append(("size", "unknown" if size is None else f"{size_words(size)} ({size:,} bytes)"))
    if digest:
        rows.append(("sha256", digest))
    return tuple(((fit(label, 8), "dim"), (text, "text")) for label, text in rows)


def _decoded(data: bytes, coding: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "ignore") if coding == "utf-8" else data.decode(coding, "replace")


def _split(text: str) -> list[str]:
    return text.replace("\r\n", "\n").split("\n")


def _pretty(text: str) -> str:
    try:
        return strictjson.dumps(strictjson.loads(text, forgiving=True), indent=2)
    except (BadJsonError, ValueError, RecursionError):
        return text


def _table(text: str, delimiter: str | None) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Rows in columns, and what is not shown of them."""
    if delimiter is None:
        first = text.partition("\n")[0]
        delimiter = max(",;\t|", key=first.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]
    except csv.Error:
        lines = _split(text)[:MAX_PREVIEW_LINES]
        return tuple(((safe(line[:MAX_LINE_LETTERS]), "text"),) for line in lines), (
            "Not a valid CSV file: shown as text.",
        )
    told = [f"These are the first {MAX_ROWS:,} rows."] if len(rows) > MAX_ROWS else []
    count = max(map(len, rows), default=0)
    if count > MAX_COLUMNS:
        told.append(f"These are {MAX_COLUMNS} of {count:,} columns.")
    cells = [[safe(cell.strip()[:200]) for cell in row[:MAX_COLUMNS]] for row in rows[:MAX_ROWS]]
    widths = [
        min(MAX_CELL, max(width_of(row[at]) if at < len(row) else 0 for row in cells))
        for at in range(min(count, MAX_COLUMNS))
    ]
    lines_of_table: list[Line] = []
    for index, row in enumerate(cells):
        role = "bold accent" if index == 0 else "text"
        padded = [*row, *[""] * (len(widths) - len(row))]
        pieces = [(fit(cell, width) + "  ", role) for cell, width in zip(padded, widths, strict=True)]
        lines_of_table.append(tuple(pieces))
    return tuple(lines_of_table), tuple(told)


def _highlighted(name: str, text: str) -> list[Line]:
    """The text in colours, or nothing where its language is unknown."""
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
        lines[-1].append((safe(first[:MAX_LINE_LETTERS], multiline=True), role))
        lines.extend([(safe(each[:MAX_LINE_LETTERS], multiline=True), role)] for each in rest)
        if len(lines) > MAX_PREVIEW_LINES:
            break
    return [tuple(piece for piece in line if piece[0]) for line in lines[:MAX_PREVIEW_LINES]]


def _plain(line: Line) -> str:
    return "".join(text for text, _ in line)
