"""JSON without the standard library's leniencies (RFC 8259, with limits).

`json.loads` takes ``NaN``, duplicate keys, lone surrogates and any depth; parsers that differ on
these are how one program is made to see what another did not. Fractions become `Decimal`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from fdtui.core.errors import BadJsonError

MAX_DEPTH = 64
MAX_DIGITS = 400
MAX_ITEM = 64 * 1024 * 1024
"""Letters of one item of a list that is read piece by piece."""
_CUT = 16
"""Letters before the end of a piece in which a number, a word or an escape may be cut off."""
_BRACKETS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
"""Texts whole, or brackets; possessive, for the plain form took 100 bytes of memory per character."""
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class RepeatedKeys(dict[str, Any]):
    """An object in which a key stood twice; kept apart so that one bad record spoils no list."""


def _number(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise BadJsonError(f"a number of {len(text)} digits, more than {MAX_DIGITS}")
    return int(text)


def _fraction(text: str) -> Decimal:
    number = Decimal(text)
    if len(text) > MAX_DIGITS or abs(number.adjusted()) > MAX_DIGITS:
        raise BadJsonError(f"a number out of range ({text[:20]}…)")
    return number


def _constant(name: str) -> Any:
    raise BadJsonError(f"{name} is not JSON")


def _strict(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise BadJsonError(f"the key {json.dumps(twice)} stands twice in one object")
    return record


def _marking(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    return record if len(record) == len(pairs) else RepeatedKeys(pairs)


_STRICT, _FORGIVING = (
    json.JSONDecoder(
        object_pairs_hook=hook, parse_int=_number, parse_float=_fraction, parse_constant=_constant
    )
    for hook in (_strict, _marking)
)
"""Made once: for a short text it costs as much as reading it."""


def _is_deep(value: object) -> bool:
    """Whether lists and objects are nested in each other too often."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            item
            for each in level
            if isinstance(each, list | dict)
            for item in (each.values() if isinstance(each, dict) else each)
            if isinstance(item, list | dict)
        ]
        if not level:
            return False
    return True


def _check_depth(text: str) -> None:
    """Say where a text is nested too deeply."""
    depth = 0
    for match in _BRACKETS.finditer(text):
        if match[0] in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                line, column = _place(text, match.start())
                raise BadJsonError(f"nested deeper than {MAX_DEPTH}", line, column)
        elif match[0] in "]}":
            depth -= 1


def _place(text: str, index: int) -> tuple[int, int]:
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def loads(data: bytes | str, *, forgiving: bool = False) -> Any:
    """The value that ``data`` holds.

    ``forgiving`` is for answers of a service: an object with a repeated key becomes a
    `RepeatedKeys`, surrogates stay, and the depth is bounded by the interpreter's own limit.

    Raises `BadJsonError` with line and column; never `RecursionError` or a bare `ValueError`.
    """
    try:
        text = data if isinstance(data, str) else data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadJsonError(f"byte {error.start + 1} is not UTF-8") from None
    if text.startswith("\ufeff"):
        text = text[1:]
    try:
        value = (_FORGIVING if forgiving else _STRICT).decode(text)
    except json.JSONDecodeError as error:
        raise BadJsonError(error.msg, error.lineno, error.colno) from None
    except RecursionError:
        if not forgiving:
            _check_depth(text)
        raise BadJsonError("nested too deeply") from None
    if not forgiving and _is_deep(value):
        _check_depth(text)
    if not forgiving and "\\u" in text and _has_surrogate(value):
        raise BadJsonError("a text holds half of a surrogate pair")
    return value


def list_items(pieces: Iterable[str]) -> Iterator[Any]:
    """The items of a list that comes in ``pieces``, as `loads` reads them ``forgiving``.

    Only a piece and an item are held. Raises `BadJsonError`, also after some of the items.
    """
    return (item for _, item in placed_items(pieces))


def placed_items(pieces: Iterable[str]) -> Iterator[tuple[int, Any]]:
    """The same, each with the line on which it begins."""
    source = _Pieces(pieces)
    if source.mark() != "[":
        raise BadJsonError("not a list")
    mark = source.mark()
    if mark != "]":
        source.put_back()
        while mark != "]":
            yield source.value()
            mark = source.mark()
            if mark not in {",", "]"}:
                raise source.error("an item is followed by neither , nor ]" if mark else "it ends early")
    if source.mark():
        raise source.error("something follows the list")


class _Pieces:
    """A text that comes in pieces, and how far it is read."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = iter(pieces)
        self._text, self._at = "", 0
        self._line, self._counted = 1, 0
        """The line at a place of the text up to which the lines are counted."""

    def mark(self) -> str:
        """The next letter that is no blank; empty at the end."""
        while True:
            while self._at < len(self._text):
                letter = self._text[self._at]
                self._at += 1
                if letter not in " \t\r\n\ufeff":
                    return letter
            if not self._grow():
                return ""

    def put_back(self) -> None:
        """Let the last mark be read again."""
        self._at -= 1

    def error(self, message: str) -> BadJsonError:
        """What is wrong with the letter that was read last."""
        line = self.line()
        return BadJsonError(message, line, max(1, self._at - self._text.rfind("\n", 0, self._at) - 1))

    def line(self) -> int:
        """The line that is reached, counted from 1."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def value(self) -> tuple[int, Any]:
        """The next item; one that is cut off by the end of a piece is read again with the next."""
        if self.mark():
            self.put_back()
        line = self.line()
        while True:
            try:
                value, end = _FORGIVING.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                is_cut = error.msg.startswith("Unterminated") or error.pos > len(self._text) - _CUT
                if is_cut and self._grow():
                    continue
                below = self._text.count("\n", self._at, error.pos)
                raise BadJsonError(error.msg, line + below, error.colno) from None
            except RecursionError:
                raise BadJsonError("nested too deeply", line) from None
            if end > len(self._text) - _CUT and self._grow():
                continue
            self._at = end
            return line, value

    def _grow(self) -> bool:
        piece = next(self._pieces, "")
        if len(self._text) - self._at > MAX_ITEM:
            raise BadJsonError(f"an item of more than {MAX_ITEM:,} letters")
        if piece:
            self.line()
            self._text, self._at, self._counted = self._text[self._at :] + piece, 0, 0
        return bool(piece)


def _has_surrogate(value: object) -> bool:
    if isinstance(value, str):
        return _SURROGATE.search(value) is not None
    if isinstance(value, dict):
        return any(_has_surrogate(key) or _has_surrogate(item) for key, item in value.items())
    return isinstance(value, list) and any(_has_surrogate(item) for item in value)


def dumps(value: object, *, indent: int | None = None, ascii_only: bool = False) -> str:
    """``value`` as JSON text; a `Decimal` is written with exactly its digits."""
    separators = (",", ": ") if indent else (",", ":")
    held: list[str] = []
    mark = "\0number"

    def hold(other: object) -> str:
        if not isinstance(other, Decimal):
            raise TypeError(f"{type(other).__name__} is not JSON")
        held.append(str(other))
        return mark

    def encode() -> str:
        held.clear()
        return json.dumps(
            value,
            default=hold,
            ensure_ascii=ascii_only,
            indent=indent,
            separators=separators,
            allow_nan=False,
        )

    text = encode()
    if not held:
        return text
    while text.count(json.dumps(mark)) != len(held):
        mark += "'"  # a text of the value is the mark itself: take one that none is
        text = encode()
    numbers = iter(held)
    return re.sub(re.escape(json.dumps(mark)), lambda _: next(numbers), text)
