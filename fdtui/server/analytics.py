"""The time that tasks spent in stages, as CSV (Analytics Export API). Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

COLUMNS = ("Task", "Stage", "Entered", "Left", "Seconds")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def bounds(start: date, end: date) -> tuple[datetime, datetime]:
    """The first moment of ``start`` and the first after ``end``, in UTC."""
    first = datetime.combine(start, time(), UTC)
    return first, datetime.combine(end, time(), UTC) + timedelta(days=1)


def report(moves: Iterable[tuple[str, str, str, Any, Any]], start: datetime, end: datetime) -> str:
    """A row for each stay in a stage that touches the time from ``start`` to ``end``.

    ``Seconds`` are those within that time; ``Left`` is empty for a stay that goes on, and ``Entered``
    for one whose beginning nobody noted.
    """
    stays: dict[str, tuple[str, str, str]] = {}
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)

    def close(task: str, left: str) -> None:
        uid, stage, entered = stays.pop(task)
        came = max(_moment(entered), start) if entered else start
        went = min(_moment(left), end) if left else end
        if went > came or (went == came and start <= came < end):
            seconds = max(0, round((went - came).total_seconds()))
            rows.writerow([_cell(uid), _cell(stage), entered, left, seconds])

    for at, task, uid, was, now in moves:
        if task in stays:
            close(task, at)
        elif was is not None:
            stays[task] = (uid, was, "")
            close(task, at)
        if now is not None:
            stays[task] = (uid, now, at)
    for task in list(stays):
        close(task, "")
    return text.getvalue()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
