"""What is done with the cards of several workflows: listed, opened on their boards, worked on there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator

from fdtui.core.errors import FdtuiError
from fdtui.core.frozen import replace
from fdtui.core.query import Setting
from fdtui.core.safetext import quoted
from fdtui.core.schema import Schema, WorkflowRef
from fdtui.core.spanning import SpanRow, SpanSearch, left_out
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.task_map import TaskMap
from fdtui.core.views import NamedView, spanned
from fdtui.tui.board.host import BoardHost
from fdtui.tui.board.model import BoardModel
from fdtui.tui.board.span_list import SpanList, SpanWish

AT_ONCE = 200
"""Tasks that are looked at between two keys."""
ON_ITS_BOARD = frozenset(
    {
        *("task.open", "task.comments", "task.checklist", "task.links", "task.activity"),
        *("task.files", "task.duplicate"),
    }
)
"""Commands after which the list stays away: what they open is worked on beside the board."""


class SpanCommands:
    """Lists the cards of several workflows, and goes to the board of one for what is done with it."""

    def __init__(self, host: BoardHost, model: BoardModel) -> None:
        self._host, self._model = host, model
        self._has_news = asyncio.Event()
        self._left: dict[tuple[str, str], tuple[Task | None, float]] = {}
        """By workflow and key, how a card was left on its board and when; ``None`` for a deleted one."""

    def on_state(self, state: State) -> None:
        """The board shows another state; perhaps the workflow that is waited for."""
        self._has_news.set()

    async def show(self, view: NamedView) -> None:
        """Show the cards of a view until the list is left."""
        host = self._host
        last: tuple[str, str] | None = None
        at = 0
        while True:
            found = await host.wait(f"Reading {quoted(view.name)}", self._found(view))
            if found is None:
                return
            rows, notes = found
            at = next(
                (n for n, row in enumerate(rows) if row.key == last), min(at, max(0, len(rows) - 1))
            )
            nothing = " ".join(notes) or "No card of any of these workflows is in this view."
            if notes and rows:
                host.notify(" ".join(notes), "warning")
            dialog = SpanList(
                f"{view.name}: {_counted(len(rows), 'card')} of {_workflows(view, host.state)}",
                rows,
                host.look.glyphs,
                today=host.now.date(),
                start=at,
                nothing=nothing,
            )
            wish = await host.ask(dialog)
            if wish is None:
                return
            at = dialog.at
            if wish.row is None and wish.command != "board.refresh":
                host.give(wish.command)
                return
            if wish.row is not None:
                last = wish.row.key
                if not await self._do(wish, wish.row) or wish.command in ON_ITS_BOARD:
                    return

    async def _found(self, view: NamedView) -> tuple[list[SpanRow], list[str]]:
        """The cards that a view shows in each of its workflows, and why it shows none of some."""
        state = self._host.state
        rows, notes = list[SpanRow](), list[str]()
        for workflow in spanned(view, state.workflows):
            try:
                schema, tasks, at = await self._tasks(workflow, state)
            except FdtuiError as error:
                notes.append(f"{workflow.name}: {error.message}")
                continue
            failed = {run.key for run in state.runs if run.workflow == workflow.id and run.needs_reading}
            changed = await self._changed(workflow, schema, tasks)
            setting = Setting(schema, state.me, self._host.now.date(), changed=changed)
            search = SpanSearch(view.shows, setting, failed)
            if search.problem is not None:
                notes.append(left_out(search.problem, workflow))
            rows += search.rows(workflow, await _wanted(search, self._as_left(workflow, tasks, at)))
        return rows, notes

    async def _tasks(self, workflow: WorkflowRef, state: State) -> tuple[Schema, TaskMap, float | None]:
        """The shape and the tasks of a workflow, and of when; the board's own where it shows it."""
        if workflow.id == state.workflow_id and state.loaded:
            return state.schema, TaskMap.of(state.shown), None
        known = await self._host.session.peek(workflow)
        return known.schema, TaskMap.of(known.tasks), known.at or 0.0

    async def _changed(self, workflow: WorkflowRef, schema: Schema, tasks: TaskMap) -> frozenset[str]:
        """The keys of the tasks that others changed since the user saw them."""
        host = self._host
        if workflow.id == host.state.workflow_id:
            return self._model.since_last.keys | frozenset(host.state.news)
        return await host.session.remembered.changed_in(workflow.id, schema, tasks)

    def _as_left(self, workflow: WorkflowRef, tasks: TaskMap, at: float | None) -> Iterator[Task]:
        """Tasks of that moment, and those that were changed on their board since as they were left."""
        for task in tasks.glanced():
            left, when = self._left.get((workflow.id, task.key), (task, 0.0))
            if at is None or when < at:
                yield task
            elif left is not None:
                yield left

    async def _do(self, wish: SpanWish, row: SpanRow) -> bool:
        """Give a command for a card, on its board; false where the card is not there."""
        host = self._host
        if not await self._go(row):
            return False
        host.give(wish.command)
        await host.cleared()
        host.catch_up()
        if host.state.workflow_id == row.workflow.id:
            self._left[row.key] = (host.state.shown.get(row.task.key), host.clock())
        return True

    async def _go(self, row: SpanRow) -> bool:
        """Put the cursor on a card of any workflow; false where it is not there."""
        host, model, key = self._host, self._model, row.task.key
        if host.state.workflow_id != row.workflow.id:
            self._model.expect(row.workflow.id, key)
            host.session.open_workflow(row.workflow.id)
            name = quoted(row.workflow.name)
            if await host.wait(f"Opening {name}", self._arrived(row.workflow.id)) is None:
                return False
        if key in host.state.shown and not model.go_to(key):
            # Its workflow is left filtered: what is asked for is this card.
            model.arrange(replace(model.arrangement, filter="", hide_end=False), model.view_name)
        if host.go_to(key):
            return True
        words = f"The task {row.task.uid or ''}".strip()
        host.notify(f"{words} is no longer in {quoted(row.workflow.name)}.", "warning")
        return False

    async def _arrived(self, workflow: str) -> bool:
        """Wait until the board shows the tasks of that workflow."""
        while True:
            self._host.catch_up()
            state = self._host.state
            if state.workflow_id == workflow and state.loaded:
                return True
            self._has_news.clear()
            await self._has_news.wait()


async def _wanted(search: SpanSearch, tasks: Iterable[Task]) -> list[Task]:
    """The tasks that a search wants, with room for keys in between."""
    found = list[Task]()
    for count, task in enumerate(tasks, 1):
        if search.wants(task):
            found.append(task)
        if not count % AT_ONCE:
            await asyncio.sleep(0)
    return found


def _workflows(view: NamedView, state: State) -> str:
    return _counted(len(spanned(view, state.workflows)), "workflow")


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
