"""A board's tasks as a server tells them now: what did not change stays the same object. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from fdtui.core.task import Task, tasks_from_rows
from fdtui.core.task_map import TaskMap
from fdtui.core.uncollected import uncollected
from fdtui.core.values import Row

PACK_FROM = 500
"""Tasks from which on a listing is kept packed."""


def adopted(old: Mapping[str, Task], fresh: Mapping[str, Task]) -> TaskMap:
    """``fresh`` in its order, with the same object as in ``old`` where nothing changed.

    Compares all of them and packs what is new of a long list, so of such a one this is done beside the
    screen, before `events.Fetched`.
    """
    before = TaskMap.of(old)
    if isinstance(fresh, TaskMap) and (not before or fresh.follows(before)):
        return fresh
    if not before:
        return TaskMap.of(fresh) if len(fresh) < PACK_FROM else TaskMap.packed(fresh)
    same, others, is_in_order = _compared(before, fresh)
    gone = {key for key in before if key not in fresh} if len(same) < len(before) else set[str]()
    is_small = len(fresh) < PACK_FROM
    if is_small or before.is_packed:
        made = before.with_changes(others, gone)
        if (is_in_order or all(map(str.__eq__, made, fresh))) and (is_small or not made.is_far_apart):
            return made
    if is_small:
        made = TaskMap({key: others.get(key) or before[key] for key in fresh})
    else:
        made = TaskMap.packed(fresh)
        made.hold(task for task in before.held() if task.key in same)
    return made.since(before, tuple(dict.fromkeys((*others, *gone))))


def adopted_rows(rows: Iterable[Row], unique_id: str | None, old: Mapping[str, Task]) -> TaskMap:
    """The tasks of a long listing, with the same object as in ``old`` where nothing changed."""
    with uncollected():
        return adopted(old, tasks_from_rows(rows, unique_id))


def _compared(before: TaskMap, fresh: Mapping[str, Task]) -> tuple[Set[str], dict[str, Task], bool]:
    """The keys of tasks that are equal, the tasks that are not, and whether the order is the same."""
    walk = before.glanced()
    expected = next(walk, None)
    same: set[str] = set()
    others: dict[str, Task] = {}
    is_in_order = True
    for key, task in fresh.items():
        while expected is not None and expected.key != key and expected.key not in fresh:
            expected = next(walk, None)
        mine = expected
        if expected is not None and expected.key == key:
            expected = next(walk, None)
        else:
            mine = before.get(key)
            is_in_order = is_in_order and mine is None and expected is None
        if mine is not None and mine == task:
            same.add(key)
        else:
            others[key] = task
    return same, others, is_in_order


def with_feed(old: TaskMap, fresh: Mapping[str, Task], gone: Set[str]) -> TaskMap:
    """``old`` as a feed tells it is now, in the list's order.

    What is new comes last, and what was deleted and made again; a task that has another unique id now
    is in its place.
    """
    come = {k: each for k, each in fresh.items() if k not in old or old[k].url != each.url}
    leaving, places = gone | {k for k in come if k in old}, {each.url: k for k, each in come.items()}
    if not any(old[key].url in places for key in leaving):
        return old.with_changes(fresh, leaving)
    renamed = {places[old[key].url]: key for key in leaving if old[key].url in places}
    return old.with_changes(fresh, leaving, renamed)
