"""What the workflow can do with a task: shown, chosen, confirmed and run, on one board."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fdtui.core.commands import why_not_write
from fdtui.core.details import Action, Part
from fdtui.core.job import UNKNOWN, Run
from fdtui.core.safetext import quoted, safe
from fdtui.core.schema import ASSIGNEE
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui import actionrow
from fdtui.tui.actionrow import DIGITS
from fdtui.tui.habits import Habits
from fdtui.tui.present import person_of, title_of

if TYPE_CHECKING:
    from fdtui.tui.screens.board import BoardScreen


class Actions:
    """Knows which actions are fresh; everything is done by the session."""

    def __init__(self, board: BoardScreen, habits: Habits) -> None:
        self._board, self._habits = board, habits
        self._asked: dict[str, Task] = {}
        """Task key to the task as it was when its actions were asked for."""
        self._awaited: tuple[str, Callable[[Task], None]] | None = None

    def look(self, task: Task | None) -> None:
        """See to it that the actions of ``task`` are those of the task as it is."""
        if task is None or self._asked.get(task.key) is task:
            return
        state = self._board.state
        if task.uid is None or task.problem or task.key in state.waiting or not state.loaded:
            return
        if len(self._asked) > 256:
            self._asked.clear()
        self._asked[task.key] = task
        self._board.session.look(task.key, Part.ACTIONS)

    def is_fresh(self, task: Task) -> bool:
        """Whether what is known of its actions was asked for as the task is now."""
        known = actionrow.offered(task, self._board.state) is not None
        return known and self._asked.get(task.key) is task

    def is_known(self, task: Task) -> bool:
        """Whether its actions are known, perhaps as they were before its last change."""
        return actionrow.offered(task, self._board.state) is not None

    def when_known(self, task: Task, then: Callable[[Task], None]) -> None:
        """Do ``then`` once the actions of ``task`` are known; at once if they are."""
        if self.is_fresh(task):
            then(task)
            return
        self._asked.pop(task.key, None)
        self.look(task)
        self._awaited = (task.key, then)
        self._board.say("Asking what can be done with it…")

    def take(self, before: State, state: State) -> None:
        """Go on with what waited for an answer."""
        if self._awaited is None or state.details is before.details:
            return
        key, then = self._awaited
        task, details = state.shown.get(key), state.details.get(key)
        if details is before.details.get(key) or self._board.overlay is not None:
            return
        self._awaited = None
        current = self._board.current
        if task is None or current is None or current.key != key or details is None:
            return
        if problem := details.problem(Part.ACTIONS):
            self._board.say(f"Its actions cannot be told: {problem}", "error")
        elif details.actions is not None:
            self._board.message.hush()
            then(task)

    def choose(self, task: Task) -> None:
        """Ask which action to run."""
        self.when_known(task, self._open)

    def _open(self, task: Task) -> None:
        # Not before the first frame: nothing of it is on that.
        from fdtui.tui.widgets.actionpicker import ActionPicker  # noqa: PLC0415

        board = self._board
        actions = actionrow.offered(task, board.state) or ()
        if not actions:
            board.say(f"At {quoted(task.stage)} the workflow offers no action for this task.")
            return
        missing = actionrow.missing_fields(task, board.state.schema)
        board.open(
            ActionPicker(
                f"Run on {self.named(task)}",
                self.who(),
                actions,
                board.look.glyphs,
                running={
                    run.action_id for run in board.state.runs if run.key == task.key and not run.is_over
                },
                warning=f"Required and empty: {', '.join(missing)}" if missing else "",
                chosen=lambda action: self.run(task, action),
                closed=board.close,
            )
        )

    def who(self) -> str:
        """In whose name actions are run."""
        me = self._board.state.me
        if me is None:
            return "in the name of the API key"
        person = person_of(me, self._board.state.schema)
        return f"as {safe(person.name)}" + ("" if person.name in me else f" <{safe(me)}>")

    def press(self, task: Task, digit: str, ran: Callable[[], None] = lambda: None) -> bool:
        """Run the action of that number; false where there is none."""
        actions = actionrow.offered(task, self._board.state) or ()
        at = DIGITS.find(digit)
        if not 0 <= at < len(actions):
            return False
        self.run(task, actions[at], ran)
        return True

    def run(self, task: Task, action: Action, ran: Callable[[], None] = lambda: None) -> None:
        """Run it, after a yes where the settings want one; ``ran`` is called when it is under way."""
        board = self._board
        reason = why_not_write(board.state, task)
        if reason:
            board.say(reason, "warning")
            return

        def go() -> None:
            reason = board.session.run_action(task.key, action)
            if reason:
                board.say(reason, "warning")
            else:
                ran()

        if self._habits.asks_before(action.name):
            self.confirm(f"{action.name}: {self.named(task)}?", f"Yes, {action.name}", go)
        else:
            go()

    def confirm(self, question: str, yes: str, go: Callable[[], None]) -> None:
        """Ask before it is done."""
        from fdtui.tui.widgets.picker import Item, Picker  # noqa: PLC0415

        board = self._board
        items = [Item("no", "No", note="n", letter="n"), Item("yes", yes, note="y", letter="y")]
        board.open(
            Picker(
                question,
                items,
                board.look.glyphs,
                chosen=lambda item: go() if item.id == "yes" else None,
                closed=board.close,
                searchable=False,
            )
        )

    def mend(self, task: Task) -> None:
        """Go where the first requirement that the last action missed can be met."""
        board = self._board
        run = actionrow.last_refusal(task, board.state)
        missing = actionrow.missing_fields(task, board.state.schema)
        place = actionrow.place_of(run.errors, board.state.schema) if run is not None else ""
        place = place or next(iter(missing), "")
        if run is not None and not run.is_read:
            board.session.mark_runs_read({run.ticket})
        if not place:
            board.say("Nothing is known to be missing for an action on this task.")
        elif place == actionrow.CHECKLIST and "task.checklist" in board.handlers.commands:
            board.handlers.give("task.checklist")
        elif place == ASSIGNEE:
            board.handlers.give("task.assign")
        else:
            board.work.show_field(place)

    def place(self, errors: tuple[str, ...]) -> str:
        """Where what these errors miss can be given, or empty."""
        return actionrow.place_of(errors, self._board.state.schema)

    def again(self, task: Task, run: Run) -> None:
        """Run the same action once more, on what the task is now."""
        action = Action(run.action_id, run.action)
        if run.status == UNKNOWN:
            question = f"It may have run already. {run.action} on {self.named(task)} again?"
            self.confirm(question, "Yes, run it again", lambda: self.run(task, action))
        else:
            self.run(task, action)

    def named(self, task: Task) -> str:
        """The task in a title."""
        return quoted(title_of(task, self._board.deck.plan)[:40])
