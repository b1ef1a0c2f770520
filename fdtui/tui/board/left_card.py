"""The card under the cursor left by another's hand: the next key that changes a task is held back.

So is the key that takes a card or gives it back, right after somebody has decided that otherwise.
"""

from __future__ import annotations

from collections.abc import Callable

from fdtui.core.names import same_email
from fdtui.core.safetext import quoted
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.board.model import BoardModel
from fdtui.tui.host import Host
from fdtui.tui.presentation.cards import CardPlan, title_of

CHANGES = {
    "task.move": "move", "task.move-next": "move", "task.move-previous": "move",
    "task.assign": "assign", "task.assign-me": "assign", "task.edit": "edit", "task.delete": "delete",
    "task.actions": "run an action on", "task.fix": "edit", "task.duplicate": "duplicate",
    "task.files": "open the files of", "task.repeat": "change",
    **dict.fromkeys((f"detail.run-{n}" for n in range(1, 10)), "run an action on"),
    **dict.fromkeys((f"triage.run-{n}" for n in range(1, 10)), "run an action on"),
    "triage.snooze": "snooze", "triage.comment": "comment on", "comments.write": "comment on",
    **dict.fromkeys(
        ("checklist.tick", "checklist.skip", "checklist.reset", "checklist.add", "checklist.delete",
         "links.add", "links.remove"), "change",
    ),
}  # fmt: skip
"""Commands that change the task under the cursor, or open what does, with a verb for the sentence."""

IN_PANE = {"task.open": "edit", "task.select": "edit"}
"""Commands that do so only while the detail pane has the keys."""

NOTICED_AFTER = 1.0
"""Seconds after which a key that moves the cursor was pressed after the user has seen what happened."""

RUN_CHANGES_WITHIN = 10.0
"""Seconds after the end of an execution in which its task changes because of it."""


class LeftCard:
    """Knows whether another card slid under the cursor that the user has not asked for.

    ``subject`` is the task that the keys of the board are for; ``is_in_pane`` says whether the detail
    pane has them, and ``is_single`` whether they are for one task whatever is selected.
    """

    def __init__(
        self,
        host: Host,
        model: BoardModel,
        *,
        subject: Callable[[], Task | None],
        is_in_pane: Callable[[], bool],
        is_single: Callable[[], bool],
    ) -> None:
        self._host, self._model, self._subject = host, model, subject
        self._is_in_pane, self._is_single = is_in_pane, is_single
        self._what = ""
        self._at = 0.0
        self._reassigned: tuple[str, float] | None = None
        """The key of the current task that somebody else has just assigned, and when."""

    def on_state(self, before: State, after: State, old: Task | None) -> None:
        """See what became of ``old``, which was the current task before the state changed."""
        now = self._subject()
        if old is None or before.workflow != after.workflow:
            self._what = "" if before.workflow != after.workflow else self._what
        elif self._model.has_arrived and now is self._model.current:
            self._what = ""  # the user sent the cursor here: no card has left under it
        elif (now is None or now.key != old.key or now.stage != old.stage) and not self._is_own(
            old.key, before, after
        ):
            self._what = _what_happened(old, before, after, self._model.plan)
            self._at = self._host.now.timestamp()
        elif (
            now is not None
            and now.key == old.key
            and not same_email(now.assignee or "", old.assignee or "")
            and not any(each.key == old.key for each in before.pending)
            and not self._is_own(old.key, before, after)
        ):
            self._reassigned = old.key, self._host.now.timestamp()

    def _is_own(self, key: str, before: State, after: State) -> bool:
        """Whether the user did it: a change just queued, a task just made, an action of theirs."""
        known = {pending.ticket for pending in before.pending}
        if any(each.key == key and each.ticket not in known for each in after.pending):
            return True
        if key.startswith("\0"):  # a new task, which has its unique id from now on
            return True
        moment = self._host.now.timestamp()
        return any(
            run.key == key and (run.ended is None or moment - run.ended < RUN_CHANGES_WITHIN)
            for run in after.runs
        )

    def walked(self) -> None:
        """The user moved the cursor: later than a blink, that says they have seen it."""
        if self._what and self._host.now.timestamp() - self._at >= NOTICED_AFTER:
            self._what = ""

    def forget(self) -> None:
        """The user has chosen a card."""
        self._what = ""

    def stops(self, command: str, key: str = "") -> bool:
        """Whether a command has to wait for another press, which is then said."""
        if command == "task.assign-me" and self._stops_toggle():
            return True
        verb = CHANGES.get(command) or (IN_PANE.get(command) if self._is_in_pane() else None)
        if verb is None or (self._model.selection and not self._is_single()):
            return False
        return self.stops_key(key or self._host.key_of(command), verb)

    def _stops_toggle(self) -> bool:
        """Whether the current task was assigned, or not, a blink ago: the key would do the opposite."""
        (key, at), self._reassigned = self._reassigned or ("", 0.0), None
        task, now = self._subject(), self._host.now.timestamp()
        if task is None or task.key != key or now - at >= NOTICED_AFTER or self._model.selection:
            return False
        how = f"assigned to {quoted(task.assignee)}" if task.assignee else "unassigned"
        name, again = _named(task, self._model.plan), self._host.key_of("task.assign-me")
        self._host.notify(f"{name} was {how} by someone else; press {again} to change that.", "warning")
        return True

    def stops_key(self, key: str, verb: str) -> bool:
        """The same for a key of a pane, which means to ``verb`` the task."""
        if not self._what:
            return False
        what, self._what = self._what, ""
        task = self._subject()
        again = ""
        if task is not None:
            again = f"; press {key} again to {verb} {_named(task, self._model.plan)}"
        self._host.notify(f"{what}{again}.", "warning")
        return True


def _what_happened(old: Task, before: State, after: State, plan: CardPlan) -> str:
    name, there = _named(old, plan), after.shown.get(old.key)
    if there is None:
        return f"{name} was deleted by someone else"
    if any(each.key == old.key for each in before.pending):
        return f"{name} is in {quoted(there.stage)} now"
    if there.stage != old.stage:
        return f"{name} was moved to {quoted(there.stage)} by someone else"
    return f"{name} was changed by someone else and is hidden now"


def _named(task: Task, plan: CardPlan) -> str:
    return title_of(task, plan)[:40]
