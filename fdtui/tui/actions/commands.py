"""What the workflow can do with a task: shown, chosen, confirmed and run, on one board."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeAlias

from fdtui.core.commands import why_not_write
from fdtui.core.details import Action, Part
from fdtui.core.frozen import frozen
from fdtui.core.job import UNKNOWN, Run
from fdtui.core.safetext import quoted, safe
from fdtui.core.schema import ASSIGNEE
from fdtui.core.state import ConnectionState, State
from fdtui.core.task import Task
from fdtui.tui.host import Host
from fdtui.tui.preferences import Behaviour
from fdtui.tui.presentation.actions import (
    CHECKLIST,
    last_refusal,
    missing_fields,
    offered,
    place_of,
)
from fdtui.tui.presentation.cards import CardPlan, person_of

MAX_REMEMBERED = 256
"""Tasks of which it is remembered when their actions were asked for."""


@frozen
class Unknown:
    """Why the actions of a task are not known; empty where that needs no words."""

    why: str
    severity: str = "warning"


Arrival: TypeAlias = "asyncio.Future[Task | Unknown]"
"""Brings the task once its actions are known."""


@frozen
class Awaited:
    """The task whose actions are awaited."""

    key: str
    arrival: Arrival
    anywhere: bool = False
    """Whether they are wanted although the cursor is elsewhere."""

    def fail(self, why: str, severity: str = "warning") -> None:
        """They will not come."""
        if not self.arrival.done():
            self.arrival.set_result(Unknown(why, severity))


class ActionCommands:
    """Knows which actions are fresh; everything is done by the session.

    ``show_field`` opens a task at a field, and says there why.
    """

    def __init__(
        self,
        host: Host,
        behaviour: Behaviour,
        *,
        plan: Callable[[], CardPlan],
        show_field: Callable[[str, str], object],
    ) -> None:
        self._host, self._behaviour = host, behaviour
        self._plan, self._show_field = plan, show_field
        self._asked: dict[str, Task] = {}
        """Task key to the task as it was when its actions were asked for."""
        self._awaited: Awaited | None = None

    # What is known of a task's actions

    def look(self, task: Task | None) -> None:
        """See to it that the actions of ``task`` are those of the task as it is."""
        if task is None or self._asked.get(task.key) is task:
            return
        state = self._host.state
        if task.uid is None or task.problem or task.key in state.waiting or not state.loaded:
            return
        if len(self._asked) > MAX_REMEMBERED:
            self._asked.clear()
        self._asked[task.key] = task
        self._host.session.fetch_details(task.key, Part.ACTIONS)

    def is_fresh(self, task: Task) -> bool:
        """Whether what is known of its actions was asked for as the task is now."""
        return self.is_known(task) and self._asked.get(task.key) is task

    def is_known(self, task: Task) -> bool:
        """Whether its actions are known, perhaps as they were before its last change."""
        return offered(task, self._host.state) is not None

    def count(self, task: Task) -> int:
        """How many actions are offered for the task, as far as is known."""
        return len(offered(task, self._host.state) or ())

    async def _arrival(self, task: Task, *, anywhere: bool = False) -> Task | Unknown:
        """The task once its actions are known as it is then."""
        if self._awaited is not None:
            self._awaited.fail("")
        arrival: Arrival = asyncio.get_running_loop().create_future()
        awaited = self._awaited = Awaited(task.key, arrival, anywhere)
        self._asked.pop(task.key, None)
        self.look(task)
        try:
            return await arrival
        finally:
            if self._awaited is awaited:
                self._awaited = None

    async def _known(self, task: Task, *, anywhere: bool = False) -> Task | None:
        """The same, keeping keys for the dialog that comes; ``None`` if not, and that has been said."""
        what = f"Asking what can be done with {self._host.label(task, 40)}"
        return self._told(await self._host.wait(what, self._arrival(task, anywhere=anywhere)))

    def _told(self, found: Task | Unknown | None) -> Task | None:
        if not isinstance(found, Unknown):
            return found
        if found.why:
            self._host.notify(found.why, found.severity)
        return None

    def on_state(self, before: State, state: State) -> None:
        """Ask as soon as it can be asked, for a task may have been on its way."""
        awaited = self._awaited
        if awaited is None:
            return
        task = state.shown.get(awaited.key)
        if before.workflow != state.workflow:
            awaited.fail("Another workflow was opened.")
        elif task is None:
            awaited.fail("The task is no longer on the board.")
        elif state.connection in (ConnectionState.OFFLINE, ConnectionState.DENIED):
            awaited.fail("There is no connection, so its actions are not known.")
        else:
            self.look(task)

    def looked(self, key: str, part: Part) -> None:
        """The server has answered, if only that all is as it was: go on with what waited for it."""
        awaited, host = self._awaited, self._host
        if awaited is None or part is not Part.ACTIONS or key != awaited.key:
            return
        host.catch_up()
        state = host.state
        task, details = state.shown.get(key), state.details.get(key)
        if task is None or self._asked.get(key) is not task or awaited.arrival.done():
            return  # it has changed meanwhile, and is asked for again
        if details is not None and (problem := details.problem(Part.ACTIONS)):
            awaited.fail(f"Could not load actions: {problem}", "error")
        elif host.focus.top.is_modal:
            awaited.fail("Something else was opened meanwhile.")
        elif not awaited.anywhere and (host.current is None or host.current.key != key):
            awaited.fail("The cursor is on another card now, so nothing was run.")
        elif details is not None and details.actions is not None:
            awaited.arrival.set_result(task)

    # Choosing and running

    def choose(self, task: Task) -> None:
        """Ask which action to run, and run it."""
        self._host.run(self._choose(task))

    async def _choose(self, task: Task) -> None:
        # Not before the first frame: nothing of it is on that.
        from fdtui.tui.actions.picker import ActionPicker  # noqa: PLC0415

        host = self._host
        found = task if self.is_fresh(task) else await self._known(task)
        if found is None:
            return
        actions = offered(found, host.state) or ()
        if not actions:
            host.notify(f"At {quoted(found.stage)} the workflow offers no action for this task.")
            return
        missing = missing_fields(found, host.state.schema)
        action = await host.ask(
            ActionPicker(
                f"Run on {host.label(found, 40)} {self.who()}",
                actions,
                host.look.glyphs,
                running=self._running(found),
                warning=f"Required and empty: {', '.join(missing)}" if missing else "",
            )
        )
        if action is not None:
            await self._run(found, action)

    def _running(self, task: Task) -> frozenset[str]:
        runs = self._host.state.runs
        return frozenset(run.action_id for run in runs if run.key == task.key and not run.is_over)

    def who(self) -> str:
        """Who runs the actions, as the server sees it."""
        me, schema = self._host.state.me, self._host.state.schema
        if me is None:
            return "as the API key"
        person = person_of(me, schema)
        return f"as {safe(person.name)}" + ("" if person.name in me else f" <{safe(me)}>")

    def run_number(self, task: Task, at: int) -> bool:
        """Run the action at that place; false where there is none."""
        actions = offered(task, self._host.state) or ()
        if not 0 <= at < len(actions):
            return False
        self._host.run(self._run_and_forget(task, actions[at]))
        return True

    async def _run_and_forget(self, task: Task, action: Action) -> None:
        await self._run(task, action)

    async def decide(self, task: Task, at: int) -> bool:
        """Run the action at that place, once the actions are known; whether it was started."""
        host = self._host
        found: Task | None = task
        if not self.is_known(task):
            host.notify(f"Asking what can be done with {host.label(task, 40)}…")
            found = self._told(await self._arrival(task))
            if found is None:
                return False
            host.clear()
        actions = offered(found or task, host.state) or ()
        if at >= len(actions):
            host.notify(f"There is no action {at + 1} for this task.", "warning")
            return False
        return await self._run(found or task, actions[at])

    async def _run(self, task: Task, action: Action) -> bool:
        """Run it, after a yes where the workflow or the settings want one; whether it was started."""
        if reason := why_not_write(self._host.state, task):
            self._host.notify(reason, "warning")
            return False
        name, *more = self._whole(task)
        if action.confirm:
            is_sure = await self._confirm(f"{action.name}: {action.confirm}", action.name, name, *more)
        elif self._behaviour.asks_before(action.name):
            is_sure = await self._confirm(f"{action.name}: {name}?", action.name, *more)
        else:
            is_sure = True
        return is_sure and self._start(task, action)

    def _start(self, task: Task, action: Action) -> bool:
        if reason := self._host.session.run_action(task.key, action):
            self._host.notify(reason, "warning")
        return not reason

    async def _confirm(self, question: str, yes: str, *subject: str) -> bool:
        from fdtui.tui.confirm import confirm  # noqa: PLC0415 (not before the first frame)

        return await confirm(self._host, question, yes=f"Yes, {yes}", no="No", subject=subject)

    def _whole(self, task: Task) -> tuple[str, ...]:
        """The task so that no other can be meant."""
        from fdtui.tui.confirm import whole_name  # noqa: PLC0415 (not before the first frame)

        return whole_name(task, self._plan(), self._host.state.schema)

    # After an action has ended

    def fix(self, task: Task) -> None:
        """Go where the first requirement that the last action missed can be met."""
        host = self._host
        run = last_refusal(task, host.state)
        missing = missing_fields(task, host.state.schema)
        place = place_of(run.errors, host.state.schema) if run is not None else ""
        errors = run.errors if run is not None and place else ()
        place = place or next(iter(missing), "")
        if run is not None and not run.is_read:
            host.session.mark_runs_read({run.ticket})
        if not place:
            host.notify("Nothing is known to be missing for an action on this task.")
            return
        why = "; ".join(errors) or f"{quoted(place)} is required and empty"
        if place not in (CHECKLIST, ASSIGNEE):
            self._show_field(place, why)
            return
        host.notify(why, "warning")
        host.give("task.checklist" if place == CHECKLIST else "task.assign")

    def fix_after(self, run: Run) -> None:
        """The same for the task under the cursor, where ``run`` says what it missed."""
        task, schema = self._host.current, self._host.state.schema
        if task is not None and run.is_over and place_of(run.errors, schema):
            self.fix(task)

    def again(self, task: Task, run: Run) -> None:
        """Run the same action once more, on what the task is now."""
        self._host.run(self._again(task, run))

    async def _again(self, task: Task, run: Run) -> None:
        found = task if self.is_known(task) else await self._known(task, anywhere=True)
        if found is None:
            return
        known = offered(found, self._host.state) or ()
        action = next((each for each in known if each.id == run.action_id), None)
        action = action or Action(run.action_id, run.action)
        if run.status != UNKNOWN:
            await self._run(found, action)
            return
        question = f"It may have run already. {run.action} again? {action.confirm or ''}".strip()
        if await self._confirm(question, "run it again", *self._whole(found)):
            self._start(found, action)
