"""What the user last saw of a task, and since when it is in its stage. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

from fdtui.core.details import Activity
from fdtui.core.fields import same
from fdtui.core.frozen import frozen
from fdtui.core.moments import read_moment
from fdtui.core.schema import STAGE, TASK_URL, Schema
from fdtui.core.strictjson import dumps
from fdtui.core.task import Task
from fdtui.core.task_map import differing
from fdtui.core.values import Row, Value

MAX_VALUE = 2000
"""Letters of the longest value that is remembered as it was; of a longer one only that it changed."""
_DIGEST = "\0digest"


@frozen
class Change:
    """A field that differs from what the user saw; ``is_long`` where the values are too long to tell."""

    name: str
    before: Value
    after: Value
    is_long: bool = False


@frozen
class News:
    """What changed in a task since the user looked at it, at ``since`` (wall clock, seconds)."""

    since: float
    changes: tuple[Change, ...]
    is_read: bool = False
    """Whether the user is looking at it now: told for as long as they stay, and marked no longer."""


@frozen
class Stay:
    """Since when a task is in its stage, in seconds of the wall clock."""

    stage: str
    since: float
    is_exact: bool = True
    """False where the task came some time after ``since``, while nobody was looking."""


def remembered_row(row: Row) -> dict[str, Value]:
    """``row`` as it is remembered: what is long by a digest."""
    return {name: _remembered(value) for name, value in row.items()}


def _remembered(value: Value) -> Value:
    if value is None or isinstance(value, bool | int):
        return value
    text = value if isinstance(value, str) else dumps(value)
    if len(text) <= MAX_VALUE:
        return value
    return {_DIGEST: sha256(text.encode("utf-8", "surrogatepass")).hexdigest()}


def changes_between(seen: Row, now: Row, schema: Schema) -> tuple[Change, ...]:
    """The fields of ``now`` that mean something else than in ``seen``, which `remembered_row` made."""
    return tuple(_changes(seen, now, schema))


def _changes(seen: Row, now: Row, schema: Schema) -> Iterator[Change]:
    for name, value in now.items():
        if name == TASK_URL:
            continue
        before = seen.get(name)
        if before == value:
            continue
        if isinstance(before, dict) and _DIGEST in before:
            if before != _remembered(value):
                yield Change(name, None, None, is_long=True)
        elif not same(schema.meant(name), before, value):
            is_long = _remembered(value) is not value and not isinstance(value, bool | int)
            yield Change(name, before, None if is_long else value, is_long)


def stay_told(task: Task, entries: Iterable[Activity]) -> Stay | None:
    """Since when the task is in its stage as its log tells; ``None`` where it does not."""
    latest: tuple[float, str] | None = None
    for each in entries:
        stage = _entered(each)
        moment = read_moment(each.at) if stage is not None else None
        if stage is not None and moment is not None:
            latest = max(latest or (float("-inf"), ""), (moment.timestamp(), stage))
    return Stay(task.stage, latest[0]) if latest is not None and latest[1] == task.stage else None


def _entered(entry: Activity) -> str | None:
    """The stage that a task came into by that entry."""
    if entry.what not in {"task.created", "task.updated"} or not isinstance(entry.after, dict):
        return None
    after = entry.after.get(STAGE)
    before = entry.before.get(STAGE) if isinstance(entry.before, dict) else None
    return after if isinstance(after, str) and after != before else None


def stays_seen(
    before: Mapping[str, Task], after: Mapping[str, Task], now: float, as_of: float | None
) -> dict[str, Stay]:
    """The tasks that came into a stage between two boards, of which the first may be of a while ago."""
    since, is_exact = (now, True) if as_of is None else (as_of, False)
    found: dict[str, Stay] = {}
    for key in differing(before, after):
        known, task = before.get(key), after.get(key)
        if task is not None and (known is None or known.stage != task.stage):
            found[key] = Stay(task.stage, since, is_exact)
    return found
