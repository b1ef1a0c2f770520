"""Changes of many tasks at once on one board: asked for, shown before, followed, summed up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from fdtui.core.batch import Batch
from fdtui.core.board import neighbour
from fdtui.core.commands import why_not_intent
from fdtui.core.intents import AssignTask, DeleteTask, Intent, MoveTask, SetFields
from fdtui.core.names import same_email
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.values import Value
from fdtui.sync.writing.history import describe_intents
from fdtui.tui.bulk.plan import possible, preview_lines, result_lines, steps_of, sum_of, tasks_of
from fdtui.tui.confirm import LOST, confirm, one_line_name
from fdtui.tui.host import Host
from fdtui.tui.presentation.cards import CardPlan
from fdtui.tui.toolkit.item import Item
from fdtui.tui.toolkit.reader import ACCEPT, Reader

GUESSED = "The order of the stages is a guess: the server does not say it. Check where each task goes."


class Selected(Protocol):
    """The tasks that the user has selected."""

    def tasks(self, shown: Mapping[str, Task]) -> list[Task]:
        """Those of them that are shown."""
        ...

    def toggle_all(self, keys: Iterable[str]) -> None:
        """Select all of these, where not all of them are."""
        ...

    def clear(self) -> bool:
        """Deselect all; false where there was none."""
        ...


class BulkCommands:
    """Does to the selected tasks what the single commands do to one."""

    def __init__(self, host: Host, selection: Selected, plan: Callable[[], CardPlan]) -> None:
        self._host, self._selection, self._plan = host, selection, plan

    @property
    def tasks(self) -> list[Task]:
        """The tasks that are selected."""
        return self._selection.tasks(self._host.state.shown)

    def move(self, stage: str) -> None:
        """Put all of them into a stage."""
        self._begin([MoveTask(task.key, stage) for task in self.tasks])

    def step(self, step: int) -> None:
        """Put each of them into the stage beside its own."""
        state = self._host.state
        wanted = [(task, neighbour(state, task.stage, step)) for task in self.tasks]
        intents = [MoveTask(task.key, stage or task.stage) for task, stage in wanted]
        self._begin(intents, GUESSED if state.schema.stages_guessed else "")

    def assign(self, email: str | None) -> None:
        """Give all of them to a person, or to none."""
        self._begin([AssignTask(task.key, email) for task in self.tasks])

    def assign_me(self, me: str) -> None:
        """Take them all; where all are yours already, give them back."""
        are_mine = all(same_email(task.assignee, me) for task in self.tasks)
        self.assign(None if are_mine else self._host.state.schema.email(me))

    def delete(self) -> None:
        """Delete all of them, once the user has said so."""
        self._host.run(self._delete())

    def set_field(self) -> None:
        """Give one field of all of them the same value."""
        from fdtui.tui.bulk.set_field import set_field  # noqa: PLC0415

        async def change(name: str, value: Value) -> bool:
            return await self._change([SetFields(task.key, ((name, value),)) for task in self.tasks])

        self._host.run(set_field(self._host, len(self.tasks), change))

    def results(self) -> None:
        """Which of the last bulk change went through and which did not; those can be tried again."""
        batch = self._host.session.state.batch
        if batch is None:
            self._host.notify("No bulk change yet.")
        else:
            self._host.run(self._results(batch))

    def stop(self) -> None:
        """Take back what has not been sent yet."""
        host, batch = self._host, self._host.session.state.batch
        if batch is None or batch.is_over:
            host.notify("No bulk change is running.")
        elif not host.session.withdraw(batch.waiting):
            host.notify("Everything has been sent already.")

    def on_state(self, before: State, state: State) -> None:
        """Say how a batch ended: in a line if all is well or the user is busy, else in full."""
        host, batch = self._host, state.batch
        if batch is None or batch is before.batch or not batch.is_over:
            return
        if not batch.left:
            key = host.key_of("board.redo" if batch.undoes else "board.undo")
            hint = f" {key} to {'redo' if batch.undoes else 'undo'}." if key else ""
            host.notify(f"{sum_of(batch)}{hint}")
        elif not host.is_asking:
            host.run(self._results(batch))
        else:
            key = host.key_of("board.results")
            hint = f" {key} shows which." if key else ""
            host.notify(f"{sum_of(batch)}{hint}", "warning")

    # Asking

    def _begin(self, intents: Sequence[Intent], note: str = "") -> None:
        async def change() -> None:
            await self._change(intents, note)

        self._host.run(change())

    async def _change(self, intents: Sequence[Intent], note: str = "") -> bool:
        """Show what ``intents`` would change, and do it once the user says so; whether they did."""
        host, glyphs, seen = self._host, self._host.look.glyphs, self._host.state
        steps = steps_of(intents, seen, self._plan())
        wanted = possible(steps)
        words = describe_intents(wanted or list(intents))
        some = f"{len(wanted):,} of " if len(wanted) < len(steps) else ""
        preview = Reader(
            f"{words[:1].upper()}{words[1:]}: {some}{tasks_of(len(steps))}",
            lambda width: preview_lines(steps, width, glyphs, note),
            glyphs,
            answers=(Item("apply", "do it", letter=ACCEPT),) if wanted else (),
            leave="back" if wanted else "close",
            final=any(isinstance(each, DeleteTask) for each in wanted),
        )
        if await host.ask(preview) is None:
            return False
        self._send(wanted, seen=seen)
        return True

    async def _delete(self) -> None:
        """Each is named whole, with its unique id."""
        host, plan, asked, seen = self._host, self._plan(), self.tasks, self._host.state
        reasons = {task.key: why_not_intent(host.state, DeleteTask(task.key)) for task in asked}
        tasks = [task for task in asked if not reasons[task.key]]
        if not tasks:
            host.notify(next(iter(reasons.values()), "No task is selected."), "warning")
            return
        kept = [
            f"stays: {one_line_name(task, plan)} ({reasons[task.key]})"
            for task in asked
            if reasons[task.key]
        ]
        what = "this task" if len(tasks) == 1 else f"these {len(tasks):,} tasks"
        is_sure = await confirm(
            host,
            f"Delete {what} for everyone?",
            yes=f"Delete {tasks_of(len(tasks))}",
            no="Keep them",
            subject=LOST,
            listed=[*kept, *(one_line_name(task, plan) for task in tasks)],
        )
        if is_sure:
            self._send([DeleteTask(task.key) for task in tasks], seen=seen)

    async def _results(self, batch: Batch) -> None:
        host, left, glyphs = self._host, batch.left, self._host.look.glyphs
        answers: tuple[Item, ...] = ()
        if left and batch.is_over:
            those = "that one" if len(left) == 1 else f"those {len(left)}"
            answers = (
                Item("retry", f"retry {those}", letter="r"),
                Item("select", "select them", letter="s"),
            )
        report = Reader(
            sum_of(batch) if batch.is_over else batch.sentence,
            lambda width: result_lines(batch, width, glyphs),
            glyphs,
            answers=answers,
        )
        match await host.ask(report):
            case "retry":
                self._send(left, group=batch.group)
            case "select":
                self._select(left)

    def _send(self, intents: Sequence[Intent], *, group: int = 0, seen: State | None = None) -> None:
        session = self._host.session
        for intent in intents if group else ():
            # What is tried again is decided again, knowing what others have made of it.
            conflict = session.state.conflicts.get(intent.key)
            if conflict is not None and not conflict.deleted and conflict.pending.intent == intent:
                session.resolve_conflict(intent.key, {})
        session.perform_all(intents, group=group, seen=seen)
        self._selection.clear()
        self._host.draw()

    def _select(self, intents: Sequence[Intent]) -> None:
        shown = self._host.state.shown
        self._selection.clear()
        self._selection.toggle_all(intent.key for intent in intents if intent.key in shown)
        self._host.draw()
