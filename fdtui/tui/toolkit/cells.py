"""Text cut, padded and wrapped by the cells it covers, for CJK letters and emoji cover two."""

from __future__ import annotations

from typing import TypeAlias

from rich.cells import cell_len, set_cell_size, split_graphemes

Piece: TypeAlias = tuple[str, str]
"""A run of safe text and its role, e.g. ``("Acme", "bold text")``; see `toolkit.theme.Paint`."""

Line: TypeAlias = tuple[Piece, ...]
"""One line of a screen, from left to right."""


def width_of(text: str) -> int:
    """The cells that ``text`` covers."""
    return len(text) if text.isascii() else cell_len(text)


def cut(text: str, width: int, mark: str = "…") -> str:
    """``text`` in at most ``width`` cells, with ``mark`` at its end if it was longer."""
    if width <= 0:
        return ""
    if len(text) > width * 16:
        text = text[: width * 16]  # a megabyte is not measured to show one line of it
    if width_of(text) <= width:
        return text
    return set_cell_size(text, max(0, width - width_of(mark))).rstrip() + mark


def fit(text: str, width: int, mark: str = "…") -> str:
    """``text`` in exactly ``width`` cells."""
    text = cut(text, width, mark)
    return text + " " * (width - width_of(text))


def cut_line(line: Line, width: int, mark: str = "…") -> Line:
    """``line`` in at most ``width`` cells."""
    kept: list[Piece] = []
    left = width
    for text, role in line:
        if left <= 0:
            break
        shown = cut(text, left, mark)
        kept.append((shown, role))
        left -= width_of(shown)
        if shown != text:
            break
    return tuple(kept)


def shifted(line: Line, count: int) -> Line:
    """``line`` without its first ``count`` cells; of a wide letter that is cut in half a blank stays."""
    kept: list[Piece] = []
    for text, role in line:
        width = width_of(text)
        if count <= 0:
            kept.append((text, role))
        elif width > count:
            kept.append((_without(text, count), role))
        count -= width
    return tuple(kept)


def _without(text: str, count: int) -> str:
    if text.isascii():
        return text[count:]
    for begin, _, size in split_graphemes(text)[0]:
        if count <= 0:
            return " " * -count + text[begin:]
        count -= size
    return " " * -count


def line_width(line: Line) -> int:
    """The cells that ``line`` covers."""
    return sum(width_of(text) for text, _ in line)


def spread(left: Line, right: Line, width: int, role: str, mark: str = "…") -> Line:
    """``left`` and ``right`` at the two ends of ``width`` cells; where room is short, left is cut."""
    right = cut_line(right, width, mark)
    room = width - line_width(right)
    gap = 1 if right and room > 1 else 0
    left = cut_line(left, room - gap, mark)
    return (*left, (" " * (room - line_width(left)), role), *right)


def wrap(text: str, width: int) -> list[str]:
    """``text`` in lines of at most ``width`` cells, broken at spaces where there are any."""
    width = max(1, width)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_wrap_paragraph(paragraph, width))
    return lines


def wrapped(text: str, role: str, width: int) -> list[Line]:
    """``text`` as `wrap` breaks it, each line a piece of that role."""
    return [((part, role),) for part in wrap(text, width)]


def _wrap_paragraph(paragraph: str, width: int) -> list[str]:
    if width_of(paragraph) <= width:
        return [paragraph]
    lines: list[str] = []
    line, used = "", 0
    for word in paragraph.split(" "):
        size = width_of(word)
        if line and used + 1 + size <= width:
            line, used = f"{line} {word}", used + 1 + size
            continue
        if line:
            lines.append(line)
        if size > width:
            *whole, rest = _chop(word, width)
            lines.extend(whole)
            line, used = rest, width_of(rest)
        else:
            line, used = word, size
    return [*lines, line]


def _chop(word: str, width: int) -> list[str]:
    if word.isascii():
        return [word[at : at + width] for at in range(0, len(word), width)]
    parts, start, used = [], 0, 0
    for begin, _, size in split_graphemes(word)[0]:
        if used and used + size > width:
            parts.append(word[start:begin])
            start, used = begin, 0
        used += size
    return [*parts, word[start:]]
