"""Finding cards as one types: those that hold every word, wherever it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import tzinfo
from functools import partial
from typing import TypeAlias

from fdtui.core.fields import show
from fdtui.core.moments import day_of, every_short_date
from fdtui.core.names import plain, plain_lines
from fdtui.core.schema import ASSIGNEE, STAGE, TASK_URL, Field, FieldType, Schema
from fdtui.core.task import Task
from fdtui.core.values import Value

_T = FieldType
_AS_IT_IS = frozenset(
    {_T.TEXT, _T.LONG_TEXT, _T.PHONE, _T.SINGLE_SELECT, _T.UNIQUE_ID, _T.EMAIL, _T.URL}
)
"""Types whose texts are shown as they are written."""

MAX_KNOWN = 4096
"""Texts of a field of which a reader keeps what is read: days, sums and people come again and again."""

_Read: TypeAlias = Callable[[Value], Iterable[str]]


class CardReader:
    """Tells the words that tasks of a workflow are found by: what one sees of them.

    Addresses and ids that the server made must be typed whole: a part of one says nothing about the
    task. Initials find nobody: two letters stand in too many words.
    """

    def __init__(self, schema: Schema, zone: tzinfo | None = None) -> None:
        self._schema, self._zone = schema, zone
        self._reads: dict[str, tuple[_Read | None, dict[str, str]]] = {TASK_URL: (_nothing, {})}
        """By field: what reads its values (``None`` where a text is read as it is), and what it has."""

    def text_of(self, task: Task) -> str:
        """What finds a task, for `is_found`: all that is read of it, then what must be typed whole."""
        parts: list[str] = []
        whole: list[str] = []
        reads = self._reads
        row = task.row
        for name, value in row.items():
            if value is None or value is False:
                continue
            try:
                read, known = reads[name]
            except KeyError:
                read, known = reads[name] = self._read_of(name), {}
            if isinstance(value, str):
                if read is None:
                    parts.append(value)
                elif read is not _nothing:
                    parts.append(known.get(value) or _learned(known, value, read))
                continue
            if isinstance(value, list):
                if not value:
                    continue
                whole += [
                    str(each["blobId"]) for each in value if isinstance(each, dict) and "blobId" in each
                ]
            parts += (read or self._any)(value)
        if isinstance(url := row.get(TASK_URL), str) and url:
            whole += (url, url.rpartition("/")[2])
        known_whole = _unmarked(plain_lines(["", *whole, ""])) if whole else ""
        return f"{_unmarked(plain_lines(parts))}{MARKS[0]}{known_whole}"

    def _read_of(self, name: str) -> _Read | None:
        """What reads the values of a field; ``None`` where a text is read as it is."""
        field = self._schema.field(name)
        if name == STAGE or (field is not None and field.type in _AS_IT_IS):
            return None
        if name == ASSIGNEE or (field is not None and field.type == _T.PERSON):
            return self._person
        if field is None:
            return self._any
        if field == self._schema.corner_date:
            return partial(self._corner, field)
        return partial(self._typed, field)

    def _person(self, value: Value) -> Iterable[str]:
        person = self._schema.person(value) if isinstance(value, str) else None
        return (show(_UNKNOWN, value),) if person is None else (str(value), person.name)

    def _any(self, value: Value) -> Iterable[str]:
        return self._typed(_FILES if _are_files(value) else _UNKNOWN, value)

    def _typed(self, field: Field, value: Value) -> Iterable[str]:
        shown = show(_FILES if _are_files(value) else field, value, self._zone)
        if field.type == _T.DATETIME or not isinstance(value, str) or shown == value:
            return (shown,)
        return value, shown

    def _corner(self, field: Field, value: Value) -> Iterable[str]:
        day = day_of(field, value, self._zone)
        shown = self._typed(field, value)
        return shown if day is None else (*shown, every_short_date(day))


def _nothing(_: Value) -> Iterable[str]:
    return ()


def _learned(known: dict[str, str], value: str, read: _Read) -> str:
    """What ``read`` tells of a text, kept in ``known``."""
    if len(known) >= MAX_KNOWN:
        known.clear()
    words = known[value] = "\n".join(read(value))
    return words


_UNKNOWN, _FILES = Field("", "unknown"), Field("", _T.FILE)


def _are_files(value: Value) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) and "blobId" in each for each in value)


MARKS = "\0\1"
"""What no text of a task holds: it stands between what is read of it and what must be typed whole, and
between two tasks whose texts are put together."""
_AS_SPACES = str.maketrans(MARKS, "  ")


def _unmarked(text: str) -> str:
    has_marks = MARKS[0] in text or MARKS[1] in text
    return text.translate(_AS_SPACES) if has_marks else text


def is_found(text: str, words: tuple[str, ...]) -> bool:
    """Whether a task of this text (`CardReader.text_of`) holds all ``words`` (`words_of`)."""
    for word in words:
        at = text.find(word)
        if at < 0:
            return False
        if at > text.index(MARKS[0]) and text.find(f"\n{word}\n", at - 1) < 0:
            return False  # it is a part of what must be typed whole
    return True


def words_of(text: str) -> tuple[str, ...]:
    """The words that a card must hold to pass the filter ``text``."""
    return tuple(phrase_of(text).split())


def phrase_of(text: str) -> str:
    """The words of ``text`` that a card must hold in this order."""
    return plain(text).translate(_AS_SPACES)
