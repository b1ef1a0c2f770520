"""Changes of many tasks at once on one board: asked for, shown before, followed, summed up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fdtui.core.batch import Batch
from fdtui.core.board import neighbour
from fdtui.core.intents import AssignTask, DeleteTask, Intent, MoveTask, SetFields
from fdtui.core.task import Task
from fdtui.core.values import Value
from fdtui.sync.history import told_of
from fdtui.tui.bulk import possible, preview_lines, result_lines, steps_of, sum_of
from fdtui.tui.widgets.paper import Paper

if TYPE_CHECKING:
    from fdtui.tui.screens.board import BoardScreen

NOTHING_TO_STOP = "Nothing is being changed in bulk."


class BulkWork:
    """Does to the selected tasks what the single commands do to one."""

    def __init__(self, board: BoardScreen) -> None:
        self._board = board

    @property
    def tasks(self) -> list[Task]:
        """The tasks that are selected."""
        return self._board.deck.selection.tasks(self._board.state.shown)

    def move(self, stage: str) -> None:
        """Put all of them into a stage."""
        self.apply([MoveTask(task.key, stage) for task in self.tasks])

    def step(self, step: int) -> None:
        """Put each of them into the stage beside its own."""
        state = self._board.state
        wanted = [(task, neighbour(state, task.stage, step)) for task in self.tasks]
        self.apply([MoveTask(task.key, stage or task.stage) for task, stage in wanted])

    def assign(self, email: str | None) -> None:
        """Give all of them to somebody, or to nobody."""
        self.apply([AssignTask(task.key, email) for task in self.tasks])

    def assign_me(self, me: str) -> None:
        """Take them all; where all are mine already, give them back."""
        self.assign(None if all(task.assignee == me for task in self.tasks) else me)

    def delete(self) -> None:
        """Delete all of them; the preview names each."""
        self.apply([DeleteTask(task.key) for task in self.tasks])

    def set_field(self) -> None:
        """Give one field of all of them the same value."""
        from fdtui.tui.fieldwork import FieldWork  # noqa: PLC0415

        def chosen(name: str, value: Value) -> None:
            self.apply([SetFields(task.key, ((name, value),)) for task in self.tasks])

        FieldWork(self._board, chosen).ask(len(self.tasks))

    def apply(self, intents: Sequence[Intent]) -> None:
        """Show what ``intents`` would change, and do it once the user says so."""
        board = self._board
        steps = steps_of(intents, board.state, board.deck.plan)
        wanted, glyphs = possible(steps), board.look.glyphs
        words = told_of(wanted or list(intents))
        count = (
            f"{len(wanted)} of {len(steps)} tasks" if len(wanted) < len(steps) else _tasks(len(steps))
        )
        answers = {"enter": ("does it", lambda: self._go(wanted))} if wanted else {}
        board.open(
            Paper(
                f"{words[:1].upper()}{words[1:]}: {count}",
                lambda width: preview_lines(steps, width, glyphs),
                glyphs,
                answers=answers,
                closed=board.close,
                leave="leaves it" if wanted else "closes",
            )
        )

    def _go(self, intents: Sequence[Intent], group: int = 0) -> None:
        session = self._board.session
        for intent in intents if group else ():
            # What is tried again is decided again, in the knowledge of what somebody else made of it.
            conflict = session.state.conflicts.get(intent.key)
            if conflict is not None and not conflict.deleted and conflict.pending.intent == intent:
                session.settle(intent.key, {})
        session.perform_all(intents, group=group)
        self._board.deck.selection.clear()
        self._board.draw()

    def stop(self) -> None:
        """Take back what has not been sent yet."""
        board, batch = self._board, self._board.session.state.batch
        if batch is None or batch.is_over:
            board.say(NOTHING_TO_STOP)
        elif not board.session.withdraw(batch.waiting):
            board.say("All of it has been sent already.")

    def follow(self, batch: Batch | None) -> None:
        """Say how a batch ended: in a line if all is well or the user is busy, else in full."""
        board = self._board
        if batch is None or not batch.is_over:
            return
        if not batch.left:
            key = board.key_of("board.redo" if batch.undoes else "board.undo")
            words = f" {key} {'does it again' if batch.undoes else 'takes it back'}." if key else ""
            board.say(f"{sum_of(batch)}{words}")
        elif board.overlay is None:
            self.results()
        else:
            board.say(f"{sum_of(batch)} {board.key_of('board.results')} tells which.", "warning")

    def results(self) -> None:
        """Which of the last bulk change went through and which did not; those can be tried again."""
        board, batch = self._board, self._board.session.state.batch
        if batch is None:
            board.say("Nothing has been changed in bulk yet.")
            return
        left, glyphs, group = batch.left, board.look.glyphs, batch.group
        answers = {}
        if left and batch.is_over:
            answers["r"] = (f"retries {_those(len(left))}", lambda: self._go(left, group))
            answers["s"] = ("selects them", lambda: self._select(left))
        board.open(
            Paper(
                sum_of(batch) if batch.is_over else batch.sentence,
                lambda width: result_lines(batch, width, glyphs),
                glyphs,
                answers=answers,
                closed=board.close,
            )
        )

    def _select(self, intents: Sequence[Intent]) -> None:
        selection = self._board.deck.selection
        selection.clear()
        selection.toggle_all(intent.key for intent in intents)
        selection.keep(self._board.state.shown)
        self._board.draw()


def _tasks(count: int) -> str:
    return f"{count} task{'' if count == 1 else 's'}"


def _those(count: int) -> str:
    return "that one" if count == 1 else f"those {count}"
