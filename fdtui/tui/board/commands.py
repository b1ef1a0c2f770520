"""What each command does on the board: one table from command id to method."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from fdtui.core.commands import WRITES, why_not, why_not_write
from fdtui.core.intents import AssignTask
from fdtui.core.keymap import Keymap
from fdtui.core.names import same_email
from fdtui.core.schema import WorkflowRef
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.board.arranging_commands import ArrangingCommands
from fdtui.tui.board.display_commands import DisplayCommands
from fdtui.tui.board.face import BoardFace
from fdtui.tui.board.features import Features
from fdtui.tui.board.host import BoardHost
from fdtui.tui.board.left_card import LeftCard
from fdtui.tui.board.model import BoardModel
from fdtui.tui.focus import Handler, Hints, declared_hints
from fdtui.tui.presentation.details import Tab

if TYPE_CHECKING:
    from fdtui.tui.board.answers import ChangeAnswers
    from fdtui.tui.board.go_to import GoTo
    from fdtui.tui.board.pickers import BoardPickers
    from fdtui.tui.board.stage_steps import StageSteps
    from fdtui.tui.board.undo_commands import UndoCommands

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

    def __init__(
        self,
        face: BoardFace,
        host: BoardHost,
        model: BoardModel,
        features: Features,
        *,
        left_card: LeftCard,
        arranging: ArrangingCommands,
        keymap: Keymap,
        is_quiet: Callable[[], bool],
        quit: Callable[[], None],  # noqa: A002
    ) -> None:
        """``is_quiet`` says whether nothing was said since the last key; ``quit`` leaves the board."""
        self._face, self._host, self._model, self._features = face, host, model, features
        self._left_card, self._arranging, self._keymap = left_card, arranging, keymap
        self._is_quiet, self._quit = is_quiet, quit
        self._known_ticket = max((each.ticket for each in host.state.pending), default=0)
        """The last change that waited when the board was opened."""
        self._told_drafts: WorkflowRef | None = None
        self._display = display = DisplayCommands(host, model, self.filter)
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
            "cursor.follow": lambda _: self._follow(),
            "cursor.jump": lambda _: self._features.jump.begin(),
            "cursor.mark": lambda _: self._features.marks.give(),
            "cursor.to-mark": lambda _: self._features.marks.go(),
            "task.repeat": lambda _: self._features.repeat.give(),
            "cursor.back": lambda _: features.trail.back(),
            "pane.next": lambda _: features.panes.next(),
            "task.open": lambda _: self._open_task(),
            "task.edit": lambda _: self._edit(),
            "task.new": lambda _: features.forms.new(model.column.stage.name if model.column else None),
            "task.duplicate": lambda _: features.forms.duplicate(self._task()),
            "task.delete": lambda _: self._delete(),
            "board.trash": lambda _: features.forms.trash(),
            "task.move": lambda _: self._move(),
            "task.move-previous": lambda n: self._steps.step(-(n or 1)),
            "task.move-next": lambda n: self._steps.step(n or 1),
            "task.assign": lambda _: self._assign(),
            "task.assign-me": lambda _: self._assign_me(),
            "task.comments": lambda _: features.panes.detail.open(Tab.COMMENTS),
            "task.checklist": lambda _: features.panes.detail.open(Tab.CHECKLIST),
            "task.links": lambda _: features.panes.detail.open(Tab.LINKS),
            "task.activity": lambda _: features.panes.detail.open(Tab.ACTIVITY),
            "pane.tab-next": lambda n: self._turn_tab(n or 1),
            "pane.tab-previous": lambda n: self._turn_tab(-(n or 1)),
            "task.select": lambda n: self._select(n or 1),
            "task.select-column": lambda _: self._select_column(),
            "task.copy": lambda _: self._choose.text_to_copy(self._task()),
            "task.files": lambda _: features.files.open(self._task()),
            "task.open-url": lambda _: self._choose.open_url(self._task()),
            "board.filter": lambda _: self._choose.filter(),
            "app.go": lambda _: self._go_to.open(),
            "board.sort": lambda _: self._choose.sort(),
            "board.density": lambda _: display.turn_density(),
            "board.changed": lambda _: display.show_changed(),
            "board.collapse": lambda _: self._toggle_fold(),
            "board.toggle-end": lambda _: self._toggle_end(),
            "board.switch-workflow": lambda _: self._choose.workflow(),
            "board.resolve": lambda _: features.conflicts.open(),
            "board.undo": lambda n: self._history.undo(n or 1),
            "board.redo": lambda n: self._history.redo(n or 1),
            "board.stop": lambda _: self._stop(),
            "board.results": lambda _: features.bulk.results(),
            "board.waiting": lambda _: features.waiting.open(),
            "task.actions": lambda _: self._actions(),
            "task.fix": lambda _: features.actions.fix(self._task()),
            "runs.toggle": lambda _: features.activity.toggle(),
            "runs.requests": lambda _: features.activity.toggle("requests"),
            "triage.start": lambda _: features.triage.start(),
            "board.refresh": lambda _: self._refresh(),
            "app.help": lambda _: self._choose.help(),
            "app.palette": lambda _: self._choose.command(),
            "app.repaint": lambda _: host.repaint(),
            "app.mouse": lambda _: display.toggle_mouse(),
            "app.theme": lambda _: display.toggle_theme(),
            "app.cancel": lambda _: self._cancel(),
            "app.back": lambda _: self._back(),
            **arranging.bindings(),
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
        host = self._host
        if command in BULK and self._model.selection:
            return why_not_write(host.state, None)
        if command == "cursor.follow":
            return self._answers.why_not_follow()
        return why_not(host.state, command, host.current) or self._arranging.refuses(command)

    def type(self, name: str, character: str | None) -> bool:
        """No other key means anything here."""
        return False

    def footer(self) -> Hints:
        """What can be done with the card, or with the selected ones."""
        if self._model.selection:
            return WITH_SELECTION if self._host.state.writable else WITH_SELECTION[-2:]
        return tuple(hint for hint in declared_hints("board") if not self.refuses(hint[0]))

    @cached_property
    def _choose(self) -> BoardPickers:
        # Not before the first frame: nothing of it is on that.
        from fdtui.tui.board.pickers import BoardPickers  # noqa: PLC0415

        return BoardPickers(self._host, self._model, self._keymap, filtered=self.filter)

    @cached_property
    def _go_to(self) -> GoTo:
        from fdtui.tui.board.go_to import GoTo  # noqa: PLC0415

        return GoTo(self._host, self._features, self._keymap, self._arranging)

    @cached_property
    def _steps(self) -> StageSteps:
        from fdtui.tui.board.stage_steps import StageSteps  # noqa: PLC0415

        return StageSteps(self._host, self._model, of_many=self._step_selected)

    def _step_selected(self, step: int) -> None:
        self._features.bulk.step(step)

    @cached_property
    def _history(self) -> UndoCommands:
        from fdtui.tui.board.undo_commands import UndoCommands  # noqa: PLC0415

        return UndoCommands(self._host, self._model)

    @cached_property
    def _answers(self) -> ChangeAnswers:
        from fdtui.tui.board.answers import ChangeAnswers  # noqa: PLC0415

        return ChangeAnswers(
            self._host,
            self._model,
            known=self._known_ticket,
            is_quiet=self._is_quiet,
            is_clear=lambda: self._host.overlay is None,
        )

    def _half(self) -> int:
        model = self._model
        return max(1, model.lane(model.column).room // 2) if model.column else 1

    def _vertical(self, step: int) -> None:
        self._left_card.walked()
        self._face.moved(self._model.move(step))

    def _jump(self, place: int) -> None:
        self._left_card.walked()
        self._face.moved(self._model.go(place))

    def _follow(self) -> None:
        self._features.trail.note()
        self._answers.follow()

    def _horizontal(self, step: int) -> None:
        self._left_card.walked()
        self._face.moved(self._model.turn(step))

    def _task(self) -> Task:
        task = self._host.current
        assert task is not None, "why_not has seen to it"  # noqa: S101
        return task

    def on_state(self, before: State, state: State) -> None:
        """Let what is open follow what the session knows, and tell once of drafts that wait."""
        host = self._host
        if state.batch is not before.batch:
            self._features.bulk.on_state(before, state)
        host.on_state(before, state)
        self._arranging.on_state(state)
        self._display.on_state()
        self._features.on_state_of_cards(before, state)
        self._features.on_state_of_forms(before, state)
        if state.loaded and self._told_drafts != state.workflow:
            self._told_drafts = state.workflow
            if host.session.drafts.all() and (words := self._features.forms.waiting_drafts()):
                host.notify(words)
            host.count_drafts()

    def answer(self, before: State, state: State) -> None:
        """Answer what the user has changed."""
        if state.pending or state.runs or "_answers" in self.__dict__:
            self._answers.on_state(before, state)

    def filter(self, text: str, caret: int | None = None) -> None:
        """Show only cards that pass this filter; while it is typed, ``caret`` is where."""
        if (text, caret) != (self._model.view.filter, self._model.caret):
            self._model.filter(text, caret)
            self._left_card.forget()
            self._host.draw()

    def _open_task(self) -> None:
        self._features.panes.open_detail()
        if self._task().key in self._host.state.conflicts:
            self._features.conflicts.open()

    def _turn_tab(self, step: int) -> None:
        panes = self._features.panes
        if not panes.has_detail:
            panes.open_detail()
        panes.detail.turn(step)

    def _select(self, count: int) -> None:
        model = self._model
        left = min(count, len(model.column.tasks) if model.column else 1)
        while left:
            if (task := self._host.current) is not None:  # and not the head of a folded group
                model.selection.toggle(task.key)
                left -= 1
            if not model.move(1):
                break
        self._face.moved()
        self._host.draw()

    def _select_column(self) -> None:
        column = self._model.column
        if column is not None:
            self._model.selection.toggle_all(self._model.lane(column).open_keys())
            self._host.draw()

    def _edit(self) -> None:
        if self._model.selection:
            self._features.bulk.set_field()
        else:
            self._features.forms.edit(self._task())

    def _delete(self) -> None:
        if self._model.selection:
            self._features.bulk.delete()
        else:
            self._features.forms.delete(self._task())

    def _move(self) -> None:
        if self._model.selection:
            bulk = self._features.bulk
            self._choose.stage_of_many(bulk.tasks, bulk.move)
        else:
            self._choose.stage(self._task())

    def _assign(self) -> None:
        if self._model.selection:
            bulk = self._features.bulk
            self._choose.person_of_many(bulk.tasks, bulk.assign)
        else:
            self._choose.person(self._task())

    def _actions(self) -> None:
        features = self._features
        if self._model.selection and not features.is_triaging:
            features.on_selection.choose(features.bulk.tasks)
        else:
            features.actions.choose(self._task())

    def _stop(self) -> None:
        stopped = self._host.session.stop_runs()
        if stopped:
            self._host.notify(f"Cancelled {stopped:,}; those already sent will finish.")
        else:
            self._features.bulk.stop()

    def _assign_me(self) -> None:
        host, me = self._host, self._host.state.me
        if me is None:
            host.notify(NO_ME, "warning")
            return
        if self._model.selection:
            self._features.bulk.assign_me(me)
            return
        task, me = self._task(), host.state.schema.email(me)
        host.session.perform(AssignTask(task.key, None if same_email(task.assignee, me) else me))

    def _toggle_end(self) -> None:
        host, model = self._host, self._model
        if not model.view.hide_end and not any(each.end for each in host.state.schema.stages):
            host.notify("No stage of this workflow is known to be an end stage.")
            return
        model.toggle_end()
        host.session.save_view(model.saved)
        host.draw()

    def _toggle_fold(self) -> None:
        self._model.toggle_fold()
        self._host.session.save_view(self._model.saved)
        self._host.draw()

    def _refresh(self) -> None:
        self._host.session.refresh()
        panes = self._features.panes
        if panes.has_detail:
            panes.detail.refresh()
        self._host.notify("Asking the server…")

    def _cancel(self) -> None:
        host, model, panes = self._host, self._model, self._features.panes
        if panes.has_detail and (panes.has_detail_keys or not panes.is_resident):
            panes.close_detail()
        elif model.selection.clear():
            host.draw()
        elif model.view.filter:
            self.filter("")
            host.session.save_view(model.saved)
        elif host.current is not None and host.current.key in host.state.refused:
            host.session.acknowledge(host.current.key)
        elif panes.has_detail:
            panes.close_detail()

    def _back(self) -> None:
        panes = self._features.panes
        if panes.has_detail and (panes.has_detail_keys or not panes.is_resident):
            panes.close_detail()
        else:
            self._quit()
