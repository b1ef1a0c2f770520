"""Everything that reads text from outside takes time that grows with the text, and no faster.

Growth is compared, not time: four times the text may take at most nine times as long (a square would
take sixteen). What takes next to nothing is left alone, for there is nothing to compare.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fdtui.api import key, origin, reply, retry, urls, webhook
from fdtui.config import profiles, tomlfile
from fdtui.core import (
    dates,
    entry,
    escapes,
    fields,
    filename,
    fuzzy,
    keymap,
    mediatype,
    pairs,
    query,
    safetext,
    search,
    strictjson,
    values,
)
from fdtui.core.errors import FdtuiError
from fdtui.core.query.completion import complete
from fdtui.core.schema import Field, FieldType, Person, Schema, Stage
from fdtui.core.task import Task
from fdtui.server import analytics, attachments, data_sync
from fdtui.server.http import address, auth
from fdtui.server.refusal import RefusedError
from fdtui.server.routes import remote_files
from fdtui.server.shapes import places
from fdtui.server.workflow import exporting, reading, templates
from fdtui.sync.reading import inference as infer
from fdtui.tui.presentation import actions as actionrow
from fdtui.tui.terminal import graphics
from fdtui.tui.terminal.input_sequences import Tokenizer
from fdtui.tui.terminal.replies import Replies
from fdtui.tui.toolkit import cells
from fdtui.tui.toolkit.text_buffer import TextBuffer

Read = Callable[[str], object]

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MOMENT = entry.Moment(NOW, UTC)
SCHEMA = Schema(
    stages=(Stage("A"),),
    fields=(
        Field("Name"),
        Field("N", FieldType.NUMBER),
        Field("D", FieldType.DATETIME),
        Field("T", FieldType.MULTIPLE_SELECT, options=("a",)),
    ),
    people=(Person("a@b.c", "A", "B"),),
)
ROW = Task("1", "1", {"Name": "x", "N": "1", "D": "2026-01-01T00:00:00Z", "T": ["a"]})
ROW_TEXT = search.CardReader(SCHEMA).text_of(ROW)

UNITS = [
    *"1aA \t\n\0\x1b\x9b\"'\\{[(-:;,=.+/%&@#<~!*`_",
    *"é\u0301\u200d\ufe0f\u202eا漢ßİ\ud800\u3000\xa0\U0001f600\U0001f1fa",
    "\r\n", "\\\\", "\x1b[", "\x1b[?", "\x1b[?1;", "{{", "{{ ", "{{a}}", "[[", "- ", "not ", "or ",
    "a:", "a,", "=\n", "a=\n", "1.", "1e", "+1", "//", "%4", "%41", "&a=", "a@", "e\u0301", "x ", "1 ",
    "1,", "1,000", "1:", "2026-01-01", "http://", "\U0001f600\u200d", "\\x", "\\u12", "1z", "1 utc",
    "x1+01:00", ".tar.gz", " .",
]  # fmt: skip


def _field(kind: str) -> Field:
    return Field("F", kind, options=("a", "b"))


def _of_types() -> dict[str, Read]:
    made: dict[str, Read] = {}
    for kind in FieldType:
        field = _field(kind)
        made[f"check {kind}"] = lambda text, field=field: fields.check(field, text)
        made[f"show {kind}"] = lambda text, field=field: fields.show(field, text)
        made[f"same {kind}"] = lambda text, field=field: fields.same(field, text, text + "x")
        made[f"typed {kind}"] = lambda text, field=field: entry.read(
            entry.entry_of(field, None).typed(text), SCHEMA, MOMENT
        )
        made[f"edited {kind}"] = lambda text, field=field: entry.entry_of(field, text)
    return made


def _passes(text: str) -> bool:
    return query.compile_query(query.parse(text), SCHEMA)(ROW)


def _quoted(before: str) -> Read:
    return lambda text: _passes(before + '"' + text.replace('"', "") + '"')


def _bytes(read: Callable[[bytes], object]) -> Read:
    return lambda text: read(text.encode("utf-8", "surrogatepass"))


def _toml(text: str) -> tomlfile.TomlFile:
    return tomlfile.TomlFile(Path("config.toml"), {}, 0o600, False, text)


def _file(text: str) -> None:
    """Long lists of short texts are the standard library's; its numbers are bounded by the size."""
    tomlfile._parse(Path("config.toml"), text[:1000])


def _place(text: str) -> None:
    """Only of valid TOML is a place asked for."""
    places.lines_of(f"x = {json.dumps(text, ensure_ascii=False)}\n")


READERS: dict[str, Read] = {
    **_of_types(),
    "day": lambda text: dates.day_of(text, NOW.date()),
    "moment": lambda text: dates.moment_of(text, NOW, UTC),
    "decimal": values.as_decimal,
    "JSON": strictjson.loads,
    "JSON text": lambda text: strictjson.loads('"' + text + '"'),
    "JSON list": lambda text: strictjson.loads("[" + ",".join(text) + "]"),
    "JSON out": strictjson.dumps,
    "escaped": escapes.escaped,
    "unescaped": escapes.unescaped,
    "safe": safetext.safe,
    "safe lines": lambda text: safetext.safe(text, multiline=True),
    "quoted": safetext.quoted,
    "query": _passes,
    "query name": _quoted("name~"),
    "query number": _quoted("N>"),
    "query moment": _quoted("D<="),
    "query choice": _quoted("T:"),
    "typed query": lambda text: query.understand(query.read(text), query.Setting(SCHEMA)),
    "completion": lambda text: complete(text, len(text), query.Setting(SCHEMA)),
    "query field": lambda text: query.resolve(text, SCHEMA),
    "filter": lambda text: search.is_found(ROW_TEXT, search.words_of(text)),
    "card": lambda text: search.CardReader(SCHEMA).text_of(ROW.with_changes({"Name": text})),
    "fuzzy query": lambda text: fuzzy.fuzzy(text, "hello world " * 40),
    "fuzzy text": lambda text: fuzzy.fuzzy("hello", text),
    "fuzzy both": lambda text: fuzzy.fuzzy(text, text[1:]),
    "pairs": pairs.read_pairs,
    "file name": filename.safe_filename,
    "suffix": filename.split_suffix,
    "media type": lambda text: mediatype.media_type(text, text.encode("utf-8", "surrogatepass")),
    "keys": lambda text: keymap.build_keymap("vim", {"task.move-next": [text]}),
    "key's command": lambda text: keymap.build_keymap("vim", {text: ["j"]}),
    "template": lambda text: templates.fill(text, {}),
    "template's names": templates.names_in,
    "template's value": lambda text: templates.fill_value(text, {}),
    "path": _bytes(address.segments),
    "filters": _bytes(address.pairs),
    "CSV": lambda text: analytics.report([("", "t", text, None, text)], NOW, NOW),
    "TOML out": exporting._value,
    "TOML key out": exporting._key,
    "TOML": _file,
    "place in a file": lambda text: _toml(text).wrong(["board", "x"], "is wrong"),
    "place in a workflow": _place,
    "nearest": lambda text: reading.nearest(text, ["abc", "def"]),
    "install": origin.Origin.parse,
    "install's rest": lambda text: origin.Origin.parse("https://" + text),
    "Retry-After": lambda text: retry.retry_after(text, text, 0),
    "tag": reply._TAG.fullmatch,
    "webhook": webhook._PARTS.fullmatch,
    "webhook's rest": lambda text: webhook._PARTS.fullmatch("https://x/" + text),
    "key": key.checked_key,
    "address": lambda text: urls.target(text, query=[(text, text)]),
    "answer": lambda text: graphics.canvas_of(text, (80, 24, 0, 0)),
    "typed with answers": lambda text: Tokenizer().feed(text, 0.0),
    "heard": lambda text: Replies().takes(text),
    "paste": lambda text: TextBuffer("", multiline=True).paste(text),
    "editor": lambda text: TextBuffer(text, multiline=True).lines(80, 10),
    "wrapped": lambda text: cells.wrap(text, 80),
    "cut": lambda text: cells.cut(text, 80),
    "width": cells.width_of,
    "requirement": actionrow._REQUIRED.fullmatch,
    "inferred": lambda text: infer.inferred_fields([{text: text, "b": text}], "b"),
    "inferred ids": infer._ID_WORDS.search,
    "bearer": lambda text: auth.bearer(["bearer " + text]),
    "remote name": remote_files._FILENAME_HEADER.search,
    "attachment's type": attachments._TYPE.fullmatch,
    "sync's variables": data_sync._VARIABLE.findall,
    "sync's verb": data_sync._READ_STATEMENT.match,
    "profile": profiles._NAME.fullmatch,
}

EXPECTED = (FdtuiError, RefusedError, query.QueryError)
"""How a reader refuses; `unescaped` says it with a plain `ValueError` that `entry.read` takes up."""

STEPS = (500, 2_000, 8_000, 32_000)
"""Letters; each four times those before, so that what grows by squares is found while it is small."""
NOTHING = 0.02
"""Seconds of work below which growth says nothing."""
MOST = 9.0


def _work(read: Read, text: str) -> float:
    begun = time.thread_time()
    with contextlib.suppress(*EXPECTED, ValueError):
        read(text)
    return time.thread_time() - begun


def _grows_too_fast(read: Read, unit: str, ends: tuple[str, str]) -> str:
    first, last = ends
    before = 0.0
    for size in STEPS:
        text = first + (unit * (size // len(unit) + 1))[:size] + last
        now = _work(read, text)
        for _ in range(3):  # a busy machine may take its time once, not each time
            if now <= max(NOTHING, MOST * before):
                break
            now = min(now, _work(read, text))
        else:
            return f"{size} letters of {unit!r} between {ends!r}: {now:.3f} s, a quarter: {before:.3f} s"
        before = now
    return ""


@pytest.mark.parametrize("name", READERS)
def test_time_grows_with_the_text_and_no_faster(name: str) -> None:
    read = READERS[name]
    told = (_grows_too_fast(read, unit, ends) for unit in UNITS for ends in (("", ""), ("1", "!")))
    assert next(filter(None, told), "") == ""


def test_quadratic_growth_is_detected() -> None:
    def square(text: str) -> int:
        return sum(len(text[at:].strip()) + len(text.split("a")) for at in range(len(text)))

    assert _grows_too_fast(square, "a", ("", ""))
    assert not _grows_too_fast(lambda text: [str(ord(each)) for each in text], "a", ("", ""))
