"""The features of one board: made here, each with the host and what it needs of another."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fdtui.core.commands import why_not
from fdtui.tui.actions.commands import ActionCommands
from fdtui.tui.activity.controller import ActivityPane
from fdtui.tui.preferences import Behaviour
from fdtui.tui.presentation.cards import CardPlan, title_of
from fdtui.tui.presentation.details import Tab

if TYPE_CHECKING:
    from fdtui.core.task import Task
    from fdtui.tui.actions.on_selection import ActionOnSelection
    from fdtui.tui.board.screen import BoardScreen
    from fdtui.tui.triage.controller import Triage
    from fdtui.tui.triage.view import TriageView
    from fdtui.tui.waiting.commands import WaitingCommands


class Features:
    """What the first frame does not show is imported when it is first wanted."""

    def __init__(self, board: BoardScreen, behaviour: Behaviour) -> None:
        self._board = board
        self.actions = ActionCommands(
            board.host, behaviour, plan=self._plan, show_field=self._show_field
        )
        self.activity = ActivityPane(
            board.host,
            behaviour,
            title=self._title,
            again=self.actions.again,
            fix_after=self.actions.fix_after,
            is_covered=lambda: self.is_triaging,
        )

    def _plan(self) -> CardPlan:
        return self._board.deck.plan

    def _title(self, task: Task) -> str:
        return title_of(task, self._board.deck.plan)

    @property
    def is_triaging(self) -> bool:
        """Whether one task fills the screen."""
        return "triage" in self.__dict__ and self.triage in self._board.host.focus

    @cached_property
    def triage(self) -> Triage:
        """One task at a time."""
        from fdtui.tui.triage.controller import Triage  # noqa: PLC0415

        return Triage(
            self._board.host,
            self._board.deck,
            self.actions,
            comment=self._comment,
            mount=self._mount,
            walked=self._board.left_card.walked,
            left=self.activity.reopen,
        )

    @cached_property
    def waiting(self) -> WaitingCommands:
        """What the server has not taken yet."""
        from fdtui.tui.waiting.commands import WaitingCommands  # noqa: PLC0415

        return WaitingCommands(self._board.host, self._board.handlers.reopen)

    def _mount(self, view: TriageView) -> None:
        self._board.mount(view, before=self._board.message)

    def _comment(self, task: Task) -> None:
        from fdtui.tui.writing import write_comment  # noqa: PLC0415

        host = self._board.host
        host.run(write_comment(host, task, "triage.comment"))

    @cached_property
    def on_selection(self) -> ActionOnSelection:
        """An action on the selected tasks."""
        from fdtui.tui.actions.on_selection import ActionOnSelection  # noqa: PLC0415

        return ActionOnSelection(
            self._board.host,
            plan=self._plan,
            who=self.actions.who,
            selected=lambda: self._board.deck.selection,
            started=self._clear_selection,
        )

    def _clear_selection(self) -> None:
        self._board.deck.selection.clear()
        self._board.draw()

    def _show_field(self, name: str, why: str) -> None:
        """Open the task under the cursor at a field, and its editor with the reason for it."""
        board = self._board
        if self.is_triaging:
            self.triage.leave()
        board.handlers.tabs.open(Tab.FIELDS)
        board.call_after_refresh(self._edit_field, name, why)

    def _edit_field(self, name: str, why: str) -> None:
        board = self._board
        task = board.current
        if task is None or not board.detail.go_to_field(name):
            return
        if reason := why_not(board.state, "task.edit", task):
            board.show_notice(reason, "warning")
        else:
            board.handlers.edit_field(task, name, why)
