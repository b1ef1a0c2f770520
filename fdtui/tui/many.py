"""An action on the selected tasks: only where it is offered, a row for each, stopped with one key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fdtui.core.commands import why_not_write
from fdtui.core.details import Action
from fdtui.core.task import Task
from fdtui.sync.offers import Offer
from fdtui.tui.widgets.actionpicker import ActionPicker

if TYPE_CHECKING:
    from fdtui.tui.screens.board import BoardScreen


class Many:
    """Asks what all of them offer, lets choose, and starts it."""

    def __init__(self, board: BoardScreen) -> None:
        self._board = board

    def choose(self, tasks: Sequence[Task]) -> None:
        """Ask which action to run on ``tasks``."""
        board = self._board
        reason = why_not_write(board.state, None)
        if reason:
            board.say(reason, "warning")
            return
        board.say(f"Asking what {_tasks(len(tasks))} offer…")

        async def ask() -> None:
            offers = await board.session.offers([task.key for task in tasks])
            if board.overlay is None and set(board.deck.selection) == {task.key for task in tasks}:
                board.message.hush()
                self._open(offers)

        board.run_worker(ask(), group="offers", exclusive=True, exit_on_error=False)

    def _open(self, offers: Sequence[Offer]) -> None:
        board = self._board
        counts: dict[str, int] = {}
        actions: dict[str, Action] = {}
        for offer in offers:
            for action in offer.actions:
                counts[action.id] = counts.get(action.id, 0) + 1
                actions[action.id] = action
        if not actions:
            problem = next((offer.problem for offer in offers if offer.problem), "")
            board.say(problem or f"None of {_tasks(len(offers))} offers an action.", "warning")
            return
        ordered = sorted(actions.values(), key=lambda action: -counts[action.id])
        total = len(offers)
        board.open(
            ActionPicker(
                f"Run on {_tasks(total)}",
                board.work.actions.who(),
                ordered,
                board.look.glyphs,
                running=(),
                warning="It runs only on tasks that offer it.",
                chosen=lambda action: self._sure(action, offers),
                closed=board.close,
                notes={each.id: f"{counts[each.id]:,} of {total:,}" for each in ordered},
            )
        )

    def _sure(self, action: Action, offers: Sequence[Offer]) -> None:
        keys = [offer.key for offer in offers if any(a.id == action.id for a in offer.actions)]
        left = len(offers) - len(keys)
        without = f"; {left:,} do not offer it" if left else ""
        yes = f"Yes, {action.name} on {_tasks(len(keys))}{without}"
        self._board.work.actions.confirm(
            f"{action.name}: {_tasks(len(keys))}?", yes, lambda: self._go(keys, action)
        )

    def _go(self, keys: Sequence[str], action: Action) -> None:
        board = self._board
        board.session.run_action_on(keys, action)
        board.deck.selection.clear()
        board.draw()
        board.say(f"{board.key_of('board.stop')} stops what has not been sent yet.")


def _tasks(count: int) -> str:
    return f"{count:,} task{'' if count == 1 else 's'}"
