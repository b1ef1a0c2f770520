"""An action on the selected tasks: only where it is offered, a row for each, stopped with one key."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from fdtui.core.commands import why_not_write
from fdtui.core.details import Action
from fdtui.core.task import Task
from fdtui.sync.reading.available_actions import AvailableActions
from fdtui.tui.actions.picker import ActionPicker
from fdtui.tui.confirm import confirm, one_line_name
from fdtui.tui.host import Host
from fdtui.tui.presentation.cards import CardPlan


class ActionOnSelection:
    """Asks what all of them offer, lets choose, and starts it.

    ``who`` says who runs it, ``selected`` which tasks are selected by now, and ``started`` hears that
    it runs.
    """

    def __init__(
        self,
        host: Host,
        *,
        plan: Callable[[], CardPlan],
        who: Callable[[], str],
        selected: Callable[[], Collection[str]],
        started: Callable[[], object],
    ) -> None:
        self._host, self._plan, self._who = host, plan, who
        self._selected, self._started = selected, started

    def choose(self, tasks: Sequence[Task]) -> None:
        """Ask which action to run on ``tasks``, and run it."""
        self._host.run(self._choose(tasks))

    async def _choose(self, tasks: Sequence[Task]) -> None:
        host, keys = self._host, [task.key for task in tasks]
        if reason := why_not_write(host.state, None):
            host.notify(reason, "warning")
            return
        what = f"Asking what {_tasks(len(tasks))} offer"
        offers = await host.wait(what, host.session.available_actions(keys))
        if offers is None:
            return
        if host.focus.top.is_modal or set(self._selected()) != set(keys):
            host.notify("The selection is another one now.", "warning")
            return
        action = await self._choice(offers)
        if action is None:
            return
        able = [offer.key for offer in offers if any(a.id == action.id for a in offer.actions)]
        if await self._is_sure(action, able, len(offers)):
            host.session.run_action_on(able, action)
            self._started()
            host.notify(f"{host.key_of('board.stop')} stops what has not been sent yet.")

    async def _choice(self, offers: Sequence[AvailableActions]) -> Action | None:
        host, total = self._host, len(offers)
        counts: dict[str, int] = {}
        actions: dict[str, Action] = {}
        for offer in offers:
            for action in offer.actions:
                counts[action.id] = counts.get(action.id, 0) + 1
                actions[action.id] = action
        if not actions:
            problem = next((offer.problem for offer in offers if offer.problem), "")
            host.notify(problem or f"None of {_tasks(total)} offers an action.", "warning")
            return None
        ordered = sorted(actions.values(), key=lambda action: -counts[action.id])
        return await host.ask(
            ActionPicker(
                f"Run on {_tasks(total)} {self._who()}",
                ordered,
                host.look.glyphs,
                warning="It runs only on tasks that offer it.",
                notes={each.id: f"{counts[each.id]:,} of {total:,}" for each in ordered},
            )
        )

    async def _is_sure(self, action: Action, keys: Sequence[str], total: int) -> bool:
        left = total - len(keys)
        without = f" {left:,} {'does' if left == 1 else 'do'} not offer it." if left else ""
        asked = f" {action.confirm}" if action.confirm else ""
        shown, plan = self._host.state.shown, self._plan()
        return await confirm(
            self._host,
            f"{action.name}: {_tasks(len(keys))}?{asked}{without}",
            yes=f"Yes, {action.name} on {_tasks(len(keys))}",
            no="No",
            listed=[one_line_name(shown[key], plan) for key in keys if key in shown],
        )


def _tasks(count: int) -> str:
    return f"{count:,} task{'' if count == 1 else 's'}"
