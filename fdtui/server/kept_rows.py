"""The rendered rows of whole lists, kept up to date by the change feed: a change renders what changed.

Rendering 1,000 tasks takes 10 ms and 100,000 a second, and every write of anybody asks for all of it
again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from fdtui.core.schema import STAGE, TASK_URL
from fdtui.core.values import Row
from fdtui.server import change_feed
from fdtui.server.render import encode
from fdtui.server.task_service import TaskService

MAX_KEPT_BYTES = 96_000_000
"""Bytes of rows that are kept in all; a list that is longer alone is rendered each time."""
_OVERHEAD = 350
"""Bytes that Python takes for a row besides its text."""


@dataclass
class _KeptList:
    """One list: by the page of each task, in their order, the stage, the unique id and the row."""

    token: str = ""
    rows: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    """The page of each unique id."""
    size: int = 0

    def put(self, rows: Sequence[Row], unique_id: str | None) -> None:
        """Let ``rows`` stand where they stood, or at the end; who had their unique ids is gone."""
        for row in rows:
            known = self.rows.get(str(row[TASK_URL]))
            if known is not None:
                self.places.pop(known[1], None)
        for row in rows:
            place = str(row[TASK_URL])
            uid = "" if unique_id is None else str(row[unique_id])
            if uid:
                self.lose(uid)
                self.places[uid] = place
            known = self.rows.get(place)
            text = encode(row)
            self.rows[place] = (str(row[STAGE]), uid, text)
            self.size += len(text) - len(known[2]) if known is not None else len(text) + _OVERHEAD

    def lose(self, uid: str) -> None:
        """Forget the task of that unique id."""
        place = self.places.pop(uid, None)
        if place is not None:
            self.size -= len(self.rows.pop(place)[2]) + _OVERHEAD


class KeptRows:
    """Whole lists by workflow and address."""

    def __init__(self, limit: int = MAX_KEPT_BYTES) -> None:
        self._limit = limit
        self._lists: OrderedDict[tuple[str, str], _KeptList] = OrderedDict()
        self.lock = threading.Lock()
        """Held by who asks from before his transaction begins, so that no view is older than a list."""

    def body(self, book: TaskService, *, active: bool) -> bytes:
        """The list of all tasks, or of those in no end stage, as bytes; with the `lock` held.

        Of a ``book`` that hides nothing: whoever sees all links of the workflow sees the same rows.
        """
        book = book.whole()
        key = (book.workflow.id, book.base_url)
        kept = self._lists.pop(key, None)
        kept = self._fresh(book) if kept is None else self._followed(book, kept)
        if kept.size <= self._limit:
            self._lists[key] = kept
            while sum(each.size for each in self._lists.values()) > self._limit:
                self._lists.popitem(last=False)
        ends = frozenset(book.workflow.end_stages) if active else frozenset()
        texts = (text for stage, _, text in kept.rows.values() if stage not in ends)
        return b"[" + b",".join(texts) + b"]"

    def _fresh(self, book: TaskService) -> _KeptList:
        kept = _KeptList(change_feed.token(book))
        kept.put(book.rows([]), _unique_id(book))
        return kept

    def _followed(self, book: TaskService, kept: _KeptList) -> _KeptList:
        more = True
        while more:
            news = change_feed.since(book, kept.token)
            if news.reset:
                return self._fresh(book)
            kept.put(news.tasks, _unique_id(book))
            for uid in news.deleted:
                kept.lose(uid)
            kept.token, more = news.next, news.more
        return kept


def _unique_id(book: TaskService) -> str | None:
    unique_id = book.workflow.schema.unique_id
    return None if unique_id is None else unique_id.name
