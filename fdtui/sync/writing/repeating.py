"""What may be sent a second time, after an answer was lost or the program ended before it came.

A server that keeps the names of requests is sent the same one again. Any other is asked what is there
first: where the thing is there it is done, where it surely is not it is sent, and where that is unclear
it is refused, for nothing is sent blindly twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping

from fdtui.core.conflict import still_wanted
from fdtui.core.details import Activity, ChecklistItem, Comment, Tick
from fdtui.core.errors import ApiError, FdtuiError, NotFoundError, UnreachableError
from fdtui.core.fields import same
from fdtui.core.intents import AddChecklistItem, Pending
from fdtui.core.moments import read_moment
from fdtui.core.schema import ASSIGNEE, STAGE, Schema
from fdtui.core.task import Task
from fdtui.core.values import Value
from fdtui.sync.gateway import Gateway, is_known_again

MAY_HAVE_BEEN_APPLIED = "It may have been applied. Check before retrying."
SAME_WORDS_WITHIN = 24 * 3600.0
"""Seconds before our comment in which one of the same words may be it: a clock can be hours wrong."""
ROUNDING = 2.0
"""Seconds that a time may be off because it is told without fractions."""
CLOCKS_APART = 120.0
"""Seconds that the server's clock may be behind ours."""
LOOKS = (0.0, 1.0, 3.0)
"""Seconds before each look: a request that we gave up may still be on its way to the server."""


async def was_done(
    look: Callable[[], Awaitable[bool | None]], sleep: Callable[[float], Awaitable[object]]
) -> bool:
    """Whether what may have been sent is there, after some looks that find nothing.

    ``look`` answers ``None`` where that is unclear, which is raised as `FdtuiError`.
    """
    for pause in LOOKS:
        if pause:
            await sleep(pause)
        try:
            found = await look()
        except NotFoundError as error:
            raise FdtuiError(f"{error} {MAY_HAVE_BEEN_APPLIED}") from None
        if found is None:
            raise FdtuiError(f"The answer was lost. {MAY_HAVE_BEEN_APPLIED}")
        if found:
            return True
    return False


def find_comment(comments: Iterable[Comment], body: str, since: float) -> bool | None:
    """Whether ``body``, said at ``since`` by our clock or later, is among ``comments``."""
    is_unsure = False
    for comment in comments:
        if _words(comment.body) != _words(body):
            continue
        at = read_moment(comment.at)
        age = None if at is None or not since else at.timestamp() - since
        if age is not None and age >= -ROUNDING:
            return True
        is_unsure = is_unsure or age is None or age >= -SAME_WORDS_WITHIN
    return None if is_unsure else False


def find_item(items: Iterable[ChecklistItem], item: AddChecklistItem) -> bool | None:
    """Whether ``item`` is on the checklist: as it was put there, and not by a stage's template.

    One that somebody has ticked or assigned may be older.
    """
    same = [
        each
        for each in items
        if each.editable and _words(each.title) == _words(item.title) and each.stage in ("", item.stage)
    ]
    if any(each.status == Tick.BLANK and not each.assignee for each in same):
        return True
    return None if same else False


def find_new(
    tasks: Iterable[Task], values: Mapping[str, Value], known: Collection[str], schema: Schema
) -> Task | None:
    """The task of ``values`` that is not among the ``known`` unique ids."""
    for task in tasks:
        if task.uid not in known and not still_wanted(task, values, schema):
            return task
    return None


async def find_again(
    tasks: Callable[[], Awaitable[list[Task]]],
    values: Mapping[str, Value],
    known: Collection[str],
    schema: Schema,
    sleep: Callable[[float], Awaitable[object]],
) -> Task | None:
    """The task that was made of ``values``, or ``None`` where surely none was; else `FdtuiError`."""
    found: Task | None = None

    async def look() -> bool | None:
        nonlocal found
        there = await tasks()
        found = find_new(there, values, known, schema)
        is_unclear = found is None and any(is_like(each, values, schema) for each in there)
        return None if is_unclear else found is not None

    return found if await was_done(look, sleep) else None


def is_like(task: Task, values: Mapping[str, Value], schema: Schema) -> bool:
    """Whether ``task`` may be the one that was made of ``values``, and changed or moved since."""
    title = schema.title
    if title is not None and values.get(title.name) is not None:
        return same(title, task.row.get(title.name), values[title.name])
    content = {name: value for name, value in values.items() if name not in (STAGE, ASSIGNEE)}
    return not still_wanted(task, content, schema)


async def was_undone(
    log: Callable[[], Awaitable[Iterable[Activity]]],
    wanted: Mapping[str, Value],
    since: float,
    schema: Schema,
) -> bool:
    """Whether an edit whose answer was lost had arrived, and somebody has taken it back since.

    The task is then as if it had never arrived, and only the server's log tells; false without one.
    """
    try:
        entries = await log()
    except UnreachableError:
        raise
    except ApiError:
        return False
    for entry in entries:
        at = read_moment(entry.at)
        is_since = at is not None and at.timestamp() >= since - CLOCKS_APART
        after = entry.after if entry.what == "task.updated" and is_since else None
        if isinstance(after, dict) and all(
            name in after and same(schema.meant(name), after[name], value)
            for name, value in wanted.items()
        ):
            return True
    return False


def needs_a_look(gateway: Gateway, pending: Pending, now: float) -> bool:
    """Whether what is there has to be seen before ``pending`` is sent: it may have been sent before."""
    return pending.sent and not is_known_again(gateway, pending.once, pending.earliest, now)


def _words(text: str) -> str:
    return " ".join(text.split())
