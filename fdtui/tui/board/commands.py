"""What each command does on the board: one table from command id to method."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from fdtui.core.commands import WRITES, why_not, why_not_write
from fdtui.core.intents import AssignTask
from fdtui.core.names import same_email
from fdtui.core.schema import WorkflowRef
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.board.display_commands import DisplayCommands
from fdtui.tui.focus import Handler, Hints, declared_hints
from fdtui.tui.presentation.details import Tab

if TYPE_CHECKING:
    from fdtui.sync.storage.journal import JournalEntry
    from fdtui.tui.board.pickers import BoardPickers
    from fdtui.tui.board.screen import BoardScreen
    from fdtui.tui.board.stage_steps import StageSteps
    from fdtui.tui.board.undo_commands import UndoCommands
    from fdtui.tui.bulk.commands import BulkCommands
    from fdtui.tui.conflicts.commands import ConflictCommands
    from fdtui.tui.detail.commands import DetailCommands
    from fdtui.tui.files.commands import FileCommands
    from fdtui.tui.forms.commands import FormCommands

NO_ME = "Your e-mail is not configured: set `user` in the configuration, or FDTUI_USER."
TO_THE_END = 10**9
BULK = WRITES - {"task.fix"}
"""Commands that change every selected task where some are selected."""
WITH_SELECTION: Hints = (
    ("task.move", "move"), ("task.move-next", "next stage"), ("task.assign", "assign"),
    ("task.assign-me", "to me"), ("task.edit", "set a field"), ("task.actions", "actions"),
    ("task.delete", "delete"), ("task.select", "select"), ("task.select-column", "the column"),
    ("app.cancel", "clear the selection"), ("app.help", "help"),
)  # fmt: skip
"""What can be done while tasks are selected."""


class BoardCommands:
    """Does what commands say, on one board."""

    def __init__(self, board: BoardScreen) -> None:
        self._board = board
        self._has_forms = False
        self._told_drafts: WorkflowRef | None = None
        self._display = display = DisplayCommands(board)
        self._table: dict[str, Handler] = {
            "cursor.down": lambda n: self._vertical(n or 1),
            "cursor.up": lambda n: self._vertical(-(n or 1)),
            "cursor.half-down": lambda n: self._vertical((n or 1) * self._half()),
            "cursor.half-up": lambda n: self._vertical(-(n or 1) * self._half()),
            "cursor.top": lambda n: self._jump(n - 1 if n else 0),
            "cursor.bottom": lambda n: self._jump(n - 1 if n else TO_THE_END),
            "column.previous": lambda n: self._horizontal(-(n or 1)),
            "column.next": lambda n: self._horizontal(n or 1),
            "column.first": lambda _: self._horizontal(-TO_THE_END),
            "column.last": lambda _: self._horizontal(TO_THE_END),
            "cursor.follow": lambda _: board.answers.follow(),
            "pane.next": lambda _: board.panes.next(),
            "task.open": lambda _: self._open_task(),
            "task.edit": lambda _: self._edit(),
            "task.new": lambda _: self._forms.new(
                board.deck.column.stage.name if board.deck.column else None
            ),
            "task.duplicate": lambda _: self._forms.duplicate(self._task()),
            "task.delete": lambda _: self._delete(),
            "board.trash": lambda _: self._forms.trash(),
            "task.move": lambda _: self._move(),
            "task.move-previous": lambda n: self._steps.step(-(n or 1)),
            "task.move-next": lambda n: self._steps.step(n or 1),
            "task.assign": lambda _: self._assign(),
            "task.assign-me": lambda _: self._assign_me(),
            "task.comments": lambda _: self.tabs.open(Tab.COMMENTS),
            "task.checklist": lambda _: self.tabs.open(Tab.CHECKLIST),
            "task.links": lambda _: self.tabs.open(Tab.LINKS),
            "task.activity": lambda _: self.tabs.open(Tab.ACTIVITY),
            "pane.tab-next": lambda n: self._turn_tab(n or 1),
            "pane.tab-previous": lambda n: self._turn_tab(-(n or 1)),
            "task.select": lambda n: self._select(n or 1),
            "task.select-column": lambda _: self._select_column(),
            "task.copy": lambda _: self._choose.text_to_copy(self._task()),
            "task.files": lambda _: self._filing.open(self._task()),
            "task.open-url": lambda _: self._choose.open_url(self._task()),
            "board.filter": lambda _: self._choose.filter(),
            "board.sort": lambda _: self._choose.sort(),
            "board.density": lambda _: display.turn_density(),
            "board.changed": lambda _: display.show_changed(),
            "board.collapse": lambda _: self._toggle_fold(),
            "board.toggle-end": lambda _: self._toggle_end(),
            "board.switch-workflow": lambda _: self._choose.workflow(),
            "board.resolve": lambda _: self._settling.open(),
            "board.undo": lambda n: self._history.undo(n or 1),
            "board.redo": lambda n: self._history.redo(n or 1),
            "board.stop": lambda _: self._stop(),
            "board.results": lambda _: self.bulk.results(),
            "board.waiting": lambda _: board.features.waiting.open(),
            "task.actions": lambda _: self._actions(),
            "task.fix": lambda _: board.features.actions.fix(self._task()),
            "runs.toggle": lambda _: board.features.activity.toggle(),
            "runs.requests": lambda _: board.features.activity.toggle("requests"),
            "triage.start": lambda _: board.features.triage.start(),
            "board.refresh": lambda _: self._refresh(),
            "app.help": lambda _: self._choose.help(),
            "app.palette": lambda _: self._choose.command(),
            "app.repaint": lambda _: board.host.repaint(),
            "app.theme": lambda _: board.toggle_theme(),
            "app.cancel": lambda _: self._cancel(),
            "app.back": lambda _: self._back(),
        }

    @property
    def commands(self) -> frozenset[str]:
        """The commands that are built; a test holds them against the registry."""
        return frozenset(self._table)

    # The layer below all others

    scopes = ("board",)
    is_modal = False
    is_typing = False

    def bindings(self) -> Mapping[str, Handler]:
        """Everything that the board can do."""
        return self._table

    def refuses(self, command: str) -> str:
        """Why a command makes no sense now."""
        board = self._board
        if command in BULK and board.deck.selection:
            return why_not_write(board.state, None)
        if command == "cursor.follow":
            return board.answers.why_not_follow()
        return why_not(board.state, command, board.current)

    def type(self, name: str, character: str | None) -> bool:
        """No other key means anything here."""
        return False

    def footer(self) -> Hints:
        """What can be done with the card, or with the selected ones."""
        board = self._board
        if board.deck.selection:
            return WITH_SELECTION if board.state.writable else WITH_SELECTION[-2:]
        return tuple(hint for hint in declared_hints("board") if not self.refuses(hint[0]))

    def reopen(self, entry: JournalEntry) -> None:
        """Open the form of a refused change."""
        self._forms.reopen(entry)

    @property
    def has_detail_keys(self) -> bool:
        """Whether the keys are those of the detail pane."""
        return "tabs" in self.__dict__ and self._board.host.focus.pane is self.tabs

    @cached_property
    def _choose(self) -> BoardPickers:
        # Not before the first frame: nothing of it is on that.
        from fdtui.tui.board.pickers import BoardPickers  # noqa: PLC0415

        board = self._board
        return BoardPickers(board.host, board.deck, board.keymap, filtered=board.filter)

    @cached_property
    def _steps(self) -> StageSteps:
        from fdtui.tui.board.stage_steps import StageSteps  # noqa: PLC0415

        board = self._board
        return StageSteps(board.host, board.deck, of_many=self._step_selected)

    def _step_selected(self, step: int) -> None:
        self.bulk.step(step)

    @cached_property
    def _history(self) -> UndoCommands:
        from fdtui.tui.board.undo_commands import UndoCommands  # noqa: PLC0415

        return UndoCommands(self._board.host, self._board.deck)

    @cached_property
    def tabs(self) -> DetailCommands:
        """The tabs of a task; imported when the first is opened."""
        from fdtui.tui.detail.commands import DetailCommands  # noqa: PLC0415

        board = self._board
        return DetailCommands(
            board.host,
            board.side,
            actions=board.features.actions,
            take_keys=board.panes.give_detail_keys,
            edit_field=self.edit_field,
            tick_field=self._tick_field,
            visit=self._visit,
        )

    @cached_property
    def bulk(self) -> BulkCommands:
        """Changes of the selected tasks; imported when the first is made."""
        from fdtui.tui.bulk.commands import BulkCommands  # noqa: PLC0415

        board = self._board
        return BulkCommands(board.host, board.deck.selection, lambda: board.deck.plan)

    def _half(self) -> int:
        deck = self._board.deck
        return max(1, deck.lane(deck.column).room // 2) if deck.column else 1

    def _vertical(self, step: int) -> None:
        self._board.left_card.walked()
        self._board.moved(self._board.deck.move(step))

    def _jump(self, place: int) -> None:
        self._board.left_card.walked()
        self._board.moved(self._board.deck.go(place))

    def _horizontal(self, step: int) -> None:
        self._board.left_card.walked()
        self._board.moved(self._board.deck.turn(step))

    def _task(self) -> Task:
        task = self._board.current
        assert task is not None, "why_not has seen to it"  # noqa: S101
        return task

    @cached_property
    def _filing(self) -> FileCommands:
        from fdtui.tui.files.commands import FileCommands  # noqa: PLC0415

        return FileCommands(self._board.host)

    @cached_property
    def _settling(self) -> ConflictCommands:
        from fdtui.tui.conflicts.commands import ConflictCommands  # noqa: PLC0415

        return ConflictCommands(self._board.host, lambda: self._board.deck.plan)

    @cached_property
    def _forms(self) -> FormCommands:
        from fdtui.tui.forms.commands import FormCommands  # noqa: PLC0415

        board, self._has_forms = self._board, True
        return FormCommands(
            board.host,
            board.side,
            plan=lambda: board.deck.plan,
            pass_on=board.take_key,
            expect=board.deck.expect,
        )

    def on_state(self, before: State, state: State) -> None:
        """Let what is open follow what the session knows, and tell once of drafts that wait."""
        board = self._board
        board.host.on_state(before, state)
        self._display.on_state()
        if self._has_forms:
            self._forms.on_state(before, state)
        if state.loaded and self._told_drafts != state.workflow:
            self._told_drafts = state.workflow
            if board.session.drafts.all() and (words := self._forms.waiting_drafts()):
                board.show_notice(words)
            board.count_drafts()

    def _open_task(self) -> None:
        self._board.panes.open_detail()
        if self._task().key in self._board.state.conflicts:
            self._settling.open()

    def edit_field(self, task: Task, field: str, why: str = "") -> None:
        """Edit a field in the open detail pane; ``why`` stands under it."""
        self._forms.field(task, field, why)

    def _tick_field(self, task: Task) -> None:
        self._forms.tick(task)

    def _turn_tab(self, step: int) -> None:
        if not self._board.panes.has_detail:
            self._board.panes.open_detail()
        self.tabs.turn(step)

    def _visit(self, workflow: str, key: str) -> None:
        self._board.deck.goal = (workflow, key)
        self._board.session.open_workflow(workflow)

    def _select(self, count: int) -> None:
        board = self._board
        for _ in range(min(count, len(board.deck.column.tasks) if board.deck.column else 1)):
            board.deck.selection.toggle(self._task().key)
            if not board.deck.move(1):
                break
        board.moved()
        board.draw()

    def _select_column(self) -> None:
        column = self._board.deck.column
        if column is not None:
            self._board.deck.selection.toggle_all(column.tasks.task_keys())
            self._board.draw()

    def _edit(self) -> None:
        if self._board.deck.selection:
            self.bulk.set_field()
        else:
            self._forms.edit(self._task())

    def _delete(self) -> None:
        if self._board.deck.selection:
            self.bulk.delete()
        else:
            self._forms.delete(self._task())

    def _move(self) -> None:
        if self._board.deck.selection:
            self._choose.stage_of_many(self.bulk.tasks, self.bulk.move)
        else:
            self._choose.stage(self._task())

    def _assign(self) -> None:
        if self._board.deck.selection:
            self._choose.person_of_many(self.bulk.tasks, self.bulk.assign)
        else:
            self._choose.person(self._task())

    def _actions(self) -> None:
        board = self._board
        if board.deck.selection and not board.features.is_triaging:
            board.features.on_selection.choose(self.bulk.tasks)
        else:
            board.features.actions.choose(self._task())

    def _stop(self) -> None:
        stopped = self._board.session.stop_runs()
        if stopped:
            self._board.show_notice(f"Cancelled {stopped:,}; those already sent will finish.")
        else:
            self.bulk.stop()

    def _assign_me(self) -> None:
        board, me = self._board, self._board.state.me
        if me is None:
            board.show_notice(NO_ME, "warning")
            return
        if board.deck.selection:
            self.bulk.assign_me(me)
            return
        task, me = self._task(), board.state.schema.email(me)
        board.session.perform(AssignTask(task.key, None if same_email(task.assignee, me) else me))

    def _toggle_end(self) -> None:
        board = self._board
        if not board.deck.view.hide_end and not any(each.end for each in board.state.schema.stages):
            board.show_notice("No stage of this workflow is known to be an end stage.")
            return
        board.deck.toggle_end()
        board.session.save_view(board.deck.saved)
        board.draw()

    def _toggle_fold(self) -> None:
        self._board.deck.toggle_fold()
        self._board.session.save_view(self._board.deck.saved)
        self._board.draw()

    def _refresh(self) -> None:
        self._board.session.refresh()
        if self._board.panes.has_detail:
            self.tabs.refresh()
        self._board.show_notice("Asking the server…")

    def _cancel(self) -> None:
        board = self._board
        if board.panes.has_detail and not board.panes.is_resident:
            board.panes.close_detail()
        elif board.deck.selection.clear():
            board.draw()
        elif board.deck.view.filter:
            board.filter("")
            board.session.save_view(board.deck.saved)
        elif board.current is not None and board.current.key in board.state.refused:
            board.session.acknowledge(board.current.key)
        elif board.panes.has_detail:
            board.panes.close_detail()

    def _back(self) -> None:
        panes = self._board.panes
        if panes.has_detail and (panes.has_detail_keys or not panes.is_resident):
            panes.close_detail()
        else:
            self._board.quitting.quit()
