"""The tasks of a list that is too long to be held, read one by one from the text of an answer."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from typing import BinaryIO

from fdtui.api.codec import MAX_COMPLAINTS, row_problem
from fdtui.core.errors import BadJsonError, NotFlowdashError
from fdtui.core.strictjson import list_items
from fdtui.core.values import Row

READ_AT_ONCE = 1 << 18
"""Bytes that are read at once."""


def read_rows(answer: BinaryIO, complain: Callable[[str], object] = lambda _: None) -> Iterator[Row]:
    """The tasks in ``answer``, which is read from its beginning; what is no task is told and left out.

    Raises `NotFlowdashError` where it is no list, or breaks off.
    """
    answer.seek(0)
    bad = 0
    try:
        for index, record in enumerate(list_items(_pieces(answer)), start=1):
            problem = row_problem(record)
            if not problem:
                yield record
                continue
            bad += 1
            if bad <= MAX_COMPLAINTS:
                complain(f"Record {index} {problem} and was left out.")
    except BadJsonError as error:
        raise NotFlowdashError(f"Not a Flowdash answer: broken JSON ({error.message}).") from None
    if bad > MAX_COMPLAINTS:
        complain(f"{bad - MAX_COMPLAINTS} more records were left out.")


def _pieces(answer: BinaryIO) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while data := answer.read(READ_AT_ONCE):
            if text := decoder.decode(data):
                yield text
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        raise BadJsonError("it is not UTF-8") from None
