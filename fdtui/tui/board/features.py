"""The features of one board: made here, each with the host and what it needs of another."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from fdtui.core.commands import why_not
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.actions.commands import ActionCommands
from fdtui.tui.activity.controller import ActivityPane
from fdtui.tui.board.face import BoardFace
from fdtui.tui.board.host import BoardHost
from fdtui.tui.board.model import BoardModel
from fdtui.tui.board.panes import Panes
from fdtui.tui.board.trail import Trail
from fdtui.tui.board.widgets import BoardWidgets
from fdtui.tui.preferences import Behaviour
from fdtui.tui.presentation.cards import CardPlan, title_of
from fdtui.tui.presentation.details import Tab

if TYPE_CHECKING:
    from fdtui.sync.storage.journal import JournalEntry
    from fdtui.tui.actions.on_selection import ActionOnSelection
    from fdtui.tui.board.jump import Jump
    from fdtui.tui.board.marks import Marks
    from fdtui.tui.board.repeat import Repeat
    from fdtui.tui.bulk.commands import BulkCommands
    from fdtui.tui.conflicts.commands import ConflictCommands
    from fdtui.tui.detail.commands import DetailCommands
    from fdtui.tui.files.commands import FileCommands
    from fdtui.tui.forms.commands import FormCommands
    from fdtui.tui.triage.controller import Triage
    from fdtui.tui.triage.view import TriageView
    from fdtui.tui.waiting.commands import WaitingCommands


class Features:
    """What the first frame does not show is imported when it is first wanted."""

    def __init__(
        self,
        face: BoardFace,
        host: BoardHost,
        model: BoardModel,
        widgets: BoardWidgets,
        behaviour: Behaviour,
        *,
        walked: Callable[[], None],
    ) -> None:
        """``walked`` is told when triage goes on to another task."""
        self._face, self._host, self._model, self._widgets = face, host, model, widgets
        self._walked = walked
        self.actions = ActionCommands(host, behaviour, plan=self._plan, show_field=self._show_field)
        self.activity = ActivityPane(
            host,
            behaviour,
            title=self._title,
            again=self.actions.again,
            fix_after=self.actions.fix_after,
            is_covered=lambda: self.is_triaging,
        )
        self.panes = Panes(host, self.activity, self._detail)
        self.trail = Trail(face, host, model)
        self._known_ticket = max((each.ticket for each in host.state.pending), default=0)
        """The last change that waited when the board was opened."""

    def _plan(self) -> CardPlan:
        return self._model.plan

    def _title(self, task: Task) -> str:
        return title_of(task, self._model.plan)

    def on_state(self, before: State, state: State) -> None:
        """Let those that show something follow what the session knows, before the board is drawn."""
        self.activity.on_state(before, state)
        self.actions.on_state(before, state)
        if self.is_triaging:
            self.triage.on_state(before, state)

    def on_state_of_forms(self, before: State, state: State) -> None:
        """Let an open form follow it, once the board is drawn."""
        if "forms" in self.__dict__:
            self.forms.on_state(before, state)

    @cached_property
    def jump(self) -> Jump:
        """A letter wherever one can go."""
        from fdtui.tui.board.jump import Jump  # noqa: PLC0415

        return Jump(
            self._face, self._host, self._model, self._widgets, self.panes, leave=self._leave_panes
        )

    def _leave_panes(self) -> None:
        """The cursor goes elsewhere on the board, and the keys with it."""
        self.trail.note()
        self.panes.give_detail_keys(False)
        self.activity.give_back_keys()

    @cached_property
    def marks(self) -> Marks:
        """Letters of cards."""
        from fdtui.tui.board.marks import Marks  # noqa: PLC0415

        return Marks(self._host, self.trail)

    @cached_property
    def repeat(self) -> Repeat:
        """The last change, again."""
        from fdtui.tui.board.repeat import Repeat  # noqa: PLC0415

        return Repeat(self._host, self._model, self._known_ticket, is_single=lambda: self.is_triaging)

    def on_resize(self) -> None:
        """Show no letters that stand where their cards were."""
        if "jump" in self.__dict__:
            self.jump.end()

    def on_state_of_cards(self, before: State, state: State) -> None:
        """Let what goes from card to card follow it, once the board is drawn."""
        self.trail.on_state(state)
        if state.pending or "repeat" in self.__dict__:
            self.repeat.on_state(before, state)
        if "jump" in self.__dict__:
            self.jump.on_state(state)

    # The task

    @property
    def subject(self) -> Task | None:
        """The task that the keys of the board, or of triage, are for."""
        return self.triage.task if self.is_triaging else self._model.current

    def _detail(self) -> DetailCommands:
        from fdtui.tui.detail.commands import DetailCommands  # noqa: PLC0415

        return DetailCommands(
            self._host,
            self._widgets.detail,
            actions=self.actions,
            take_keys=self.panes.give_detail_keys,
            edit_field=self._edit,
            tick_field=self._tick,
            visit=self._visit,
        )

    def _edit(self, task: Task, field: str) -> None:
        self.forms.field(task, field)

    def _tick(self, task: Task) -> None:
        self.forms.tick(task)

    def _reopen(self, entry: JournalEntry) -> None:
        self.forms.reopen(entry)

    def _visit(self, workflow: str, key: str) -> None:
        self.trail.go_to_task(workflow, key)

    def go_to_field(self, name: str) -> None:
        """Open the task under the cursor at a field."""
        self.panes.detail.open(Tab.FIELDS)
        self._face.screen.call_after_refresh(self._widgets.detail.detail.go_to_field, name)

    @cached_property
    def forms(self) -> FormCommands:
        """Making and editing tasks."""
        from fdtui.tui.forms.commands import FormCommands  # noqa: PLC0415

        return FormCommands(
            self._host,
            self._widgets.detail,
            plan=self._plan,
            pass_on=self._face.take_key,
            expect=self._model.expect,
            count_drafts=self._host.count_drafts,
        )

    @cached_property
    def files(self) -> FileCommands:
        """The files of a task."""
        from fdtui.tui.files.commands import FileCommands  # noqa: PLC0415

        return FileCommands(self._host)

    @cached_property
    def conflicts(self) -> ConflictCommands:
        """Both sides of a change that someone else was faster with."""
        from fdtui.tui.conflicts.commands import ConflictCommands  # noqa: PLC0415

        return ConflictCommands(self._host, self._plan)

    @cached_property
    def waiting(self) -> WaitingCommands:
        """What the server has not taken yet."""
        from fdtui.tui.waiting.commands import WaitingCommands  # noqa: PLC0415

        return WaitingCommands(self._host, self._reopen)

    # Triage

    @property
    def is_triaging(self) -> bool:
        """Whether one task fills the screen."""
        return "triage" in self.__dict__ and self.triage in self._host.focus

    @cached_property
    def triage(self) -> Triage:
        """One task at a time."""
        from fdtui.tui.triage.controller import Triage  # noqa: PLC0415

        return Triage(
            self._host,
            self._model,
            self.actions,
            comment=self._comment,
            mount=self._mount,
            walked=self._walked,
            left=self.activity.reopen,
        )

    def _mount(self, view: TriageView) -> None:
        self._face.screen.mount(view, before=self._widgets.message)

    def _comment(self, task: Task) -> None:
        from fdtui.tui.writing import write_comment  # noqa: PLC0415

        self._host.run(write_comment(self._host, task, "triage.comment"))

    # The selection

    @cached_property
    def bulk(self) -> BulkCommands:
        """Changes of the selected tasks."""
        from fdtui.tui.bulk.commands import BulkCommands  # noqa: PLC0415

        return BulkCommands(self._host, self._model.selection, self._plan)

    @cached_property
    def on_selection(self) -> ActionOnSelection:
        """An action on the selected tasks."""
        from fdtui.tui.actions.on_selection import ActionOnSelection  # noqa: PLC0415

        return ActionOnSelection(
            self._host,
            plan=self._plan,
            who=self.actions.who,
            selected=lambda: self._model.selection,
            started=self._clear_selection,
        )

    def _clear_selection(self) -> None:
        self._model.selection.clear()
        self._host.draw()

    # What an action needs

    def _show_field(self, name: str, why: str) -> None:
        """Open the task under the cursor at a field, and its editor with the reason for it."""
        if self.is_triaging:
            self.triage.leave()
        self.panes.detail.open(Tab.FIELDS)
        self._face.screen.call_after_refresh(self._edit_field, name, why)

    def _edit_field(self, name: str, why: str) -> None:
        host = self._host
        task = host.current
        if task is None or not self._widgets.detail.detail.go_to_field(name):
            return
        if reason := why_not(host.state, "task.edit", task):
            host.notify(reason, "warning")
        else:
            self.forms.field(task, name, why)
