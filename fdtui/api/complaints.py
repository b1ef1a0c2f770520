"""What an error answer says to people, whatever shape it has."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping

from fdtui.api.reply import Reply
from fdtui.core import strictjson
from fdtui.core.errors import BadJsonError
from fdtui.core.frozen import frozen
from fdtui.core.safetext import safe

MAX_SENTENCES = 200
_MAX_SENTENCE = 300
"""Characters of one sentence that are kept."""
_MAX_PAGE = 8_192
"""Characters of a page that are looked through."""
_MAX_LEVELS, _MAX_VALUES = 8, 1_000
"""Levels and values of an answer that are looked through."""
_SPOKEN = (
    "errors",
    "error",
    "message",
    "messages",
    "detail",
    "details",
    "msg",
    "description",
    "error_description",
    "reason",
    "title",
    "text",
)
"""The keys under which services put their sentences, the likeliest first."""
_UNSPOKEN = frozenset({"status", "code", "type", "id", "loc", "path", "url", "instance", "timestamp"})
"""Keys whose texts are for programs."""
_ASIDE = re.compile(r"<(script|style|title)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.I | re.S)
_MARKUP = re.compile(r"<[^<>]*>")


@frozen
class Complaint:
    """The sentences of an answer, those about single fields apart; ``page`` where it is no JSON."""

    sentences: tuple[str, ...] = ()
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()
    page: str = ""


def complaint_of(reply: Reply) -> Complaint:
    """What ``reply`` says to people: bounded, and fit to be shown."""
    try:
        value = strictjson.loads(reply.body, forgiving=True)
    except BadJsonError:
        return Complaint(page=_words_of_page(reply))
    errors = value.get("errors", value.get("error")) if isinstance(value, dict) else None
    if isinstance(errors, Mapping) and errors and not _is_spoken(errors):
        return Complaint(fields=_of_fields(errors))
    return Complaint(sentences_in(errors) or sentences_in(value))


def sentences_in(value: object) -> tuple[str, ...]:
    """The sentences of a list, else the first text found, else the numbers; nothing where none is."""
    if isinstance(value, list):
        texts = tuple(_cut(each) for each in value[:MAX_SENTENCES] if _is_text(each))
        if texts:
            return texts
    first = next(_texts(value), "") or next(_numbers(value), "")
    return (first,) if first else ()


def _is_spoken(errors: Mapping[str, object]) -> bool:
    """Whether a mapping is one error, and not errors by field."""
    return all(str(key).lower() in _SPOKEN or str(key).lower() in _UNSPOKEN for key in errors)


def _of_fields(errors: Mapping[str, object]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    told = []
    for name, value in list(errors.items())[:MAX_SENTENCES]:
        flat = value if isinstance(value, list) else [value]
        says = tuple(_cut(each) for each in flat[:MAX_SENTENCES] if _is_text(each))
        deeper = next(_texts(value), "")
        told.append((str(name), says or ((deeper,) if deeper else ("is invalid",))))
    return tuple(told)


def _texts(value: object) -> Iterator[str]:
    """The texts in a value, those under a key for sentences before the others."""
    for each in _leaves(value):
        if _is_text(each):
            yield _cut(each)


def _numbers(value: object) -> Iterator[str]:
    """All the numbers in a value as one text: better than nothing."""
    numbers = [str(each) for each in _leaves(value) if isinstance(each, int) and each is not True]
    if numbers:
        yield _cut(", ".join(numbers[:20]))


def _leaves(value: object) -> Iterator[object]:
    waiting: list[tuple[int, object]] = [(0, value)]
    for _ in range(_MAX_VALUES):
        if not waiting:
            return
        depth, each = waiting.pop()
        if not isinstance(each, Mapping | list):
            yield each
        elif depth < _MAX_LEVELS:
            inner = _ranked(each) if isinstance(each, Mapping) else each[:_MAX_VALUES]
            waiting += [(depth + 1, item) for item in reversed(inner)]


def _ranked(value: Mapping[str, object]) -> list[object]:
    """The values of an object, those that speak first, without those that are for programs."""
    named = {str(key).lower(): item for key, item in list(value.items())[:_MAX_VALUES]}
    spoken = [named[key] for key in _SPOKEN if key in named]
    others = [item for key, item in named.items() if key not in _SPOKEN and key not in _UNSPOKEN]
    return spoken + others


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _cut(value: object) -> str:
    text = str(value)
    return safe(text if len(text) <= _MAX_SENTENCE else text[: _MAX_SENTENCE - 1] + "…")


def _words_of_page(reply: Reply) -> str:
    """The words of a page or a plain text, in one line; none of what is neither."""
    try:
        text = reply.body[: 16 * _MAX_PAGE].decode(
            "utf-8", "ignore" if len(reply.body) > _MAX_PAGE else "strict"
        )
    except UnicodeDecodeError:
        return ""
    if "\0" in text or text.lstrip()[:1] in {"{", "["}:
        return ""
    if text.lstrip()[:1] == "<":
        body = text.lower().find("<body")
        text = _ASIDE.sub(" ", text[max(body, 0) :][:_MAX_PAGE])
        text = html.unescape(_MARKUP.sub(" ", text))
    return _cut(" ".join(text[:_MAX_PAGE].split()))
