"""What each command does on the board: one table from command id to method."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from fdtui.core.board import neighbour
from fdtui.core.commands import why_not, why_not_write
from fdtui.core.intents import AssignTask, MoveTask
from fdtui.core.safetext import quoted
from fdtui.core.schema import WorkflowRef
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.tabs import Tab

if TYPE_CHECKING:
    from fdtui.tui.bulkwork import BulkWork
    from fdtui.tui.choices import Choices
    from fdtui.tui.desk import Desk
    from fdtui.tui.filing import Filing
    from fdtui.tui.screens.board import BoardScreen
    from fdtui.tui.settling import Settling
    from fdtui.tui.tabwork import TabWork

NO_ME = "Who you are is not known: set `user` in the configuration, or FDTUI_USER, to your e-mail."
FAR = 10**9
BULK = frozenset(
    {
        "task.move",
        "task.move-previous",
        "task.move-next",
        "task.assign",
        "task.assign-me",
        "task.edit",
        "task.delete",
        "task.actions",
    }
)
"""Commands that change every selected task where some are selected."""


class Handlers:
    """Does what commands say, on one board."""

    def __init__(self, board: BoardScreen) -> None:
        self._board = board
        self._has_desk = False
        self._told_drafts: WorkflowRef | None = None
        self._table: dict[str, Callable[[int | None], None]] = {
            "cursor.down": lambda n: self._vertical(n or 1),
            "cursor.up": lambda n: self._vertical(-(n or 1)),
            "cursor.half-down": lambda n: self._page((n or 1) * self._half()),
            "cursor.half-up": lambda n: self._page(-(n or 1) * self._half()),
            "cursor.top": lambda n: self._jump(n - 1 if n else 0),
            "cursor.bottom": lambda n: self._jump(n - 1 if n else FAR),
            "column.previous": lambda n: self._horizontal(-(n or 1)),
            "column.next": lambda n: self._horizontal(n or 1),
            "column.first": lambda _: self._horizontal(-FAR),
            "column.last": lambda _: self._horizontal(FAR),
            "pane.next": lambda _: board.next_pane(),
            "task.open": lambda _: self._open_task(),
            "task.edit": lambda _: self._edit(),
            "task.new": lambda _: self._desk.new(
                board.deck.column.stage.name if board.deck.column else None
            ),
            "task.duplicate": lambda _: self._desk.duplicate(self._task()),
            "task.delete": lambda _: self._delete(),
            "board.trash": lambda _: self._desk.trash(),
            "task.move": lambda _: self._move(),
            "task.move-previous": lambda _: self._step_stage(-1),
            "task.move-next": lambda _: self._step_stage(1),
            "task.assign": lambda _: self._assign(),
            "task.assign-me": lambda _: self._assign_me(),
            "task.comments": lambda _: self.tabs.open(Tab.COMMENTS),
            "task.checklist": lambda _: self.tabs.open(Tab.CHECKLIST),
            "task.links": lambda _: self.tabs.open(Tab.LINKS),
            "task.activity": lambda _: self.tabs.open(Tab.ACTIVITY),
            "pane.tab-next": lambda _: self.tabs.turn(1),
            "pane.tab-previous": lambda _: self.tabs.turn(-1),
            "task.select": lambda _: self._select(),
            "task.select-column": lambda _: self._select_column(),
            "task.copy": lambda _: self._choose.text_to_copy(self._task()),
            "task.files": lambda _: self._filing.open(self._task()),
            "task.open-url": lambda _: self._choose.open_url(self._task()),
            "board.filter": lambda _: self._choose.filter(),
            "board.collapse": lambda _: self._toggle_fold(),
            "board.toggle-end": lambda _: self._toggle_end(),
            "board.switch-workflow": lambda _: self._choose.workflow(),
            "board.resolve": lambda _: self._settling.open(),
            "board.undo": lambda _: self._undo(),
            "board.redo": lambda _: self._redo(),
            "board.stop": lambda _: self._stop(),
            "board.results": lambda _: self.bulk.results(),
            "task.actions": lambda _: self._actions(),
            "task.mend": lambda _: board.work.actions.mend(self._task()),
            "runs.toggle": lambda _: board.work.toggle(),
            "runs.requests": lambda _: board.work.toggle("requests"),
            "triage.start": lambda _: board.work.triage.start(),
            "board.refresh": lambda _: self._refresh(),
            "app.help": lambda _: self._choose.help(),
            "app.palette": lambda _: self._choose.command(),
            "app.theme": lambda _: board.toggle_theme(),
            "app.cancel": lambda _: self._cancel(),
            "app.back": lambda _: self._back(),
        }

    @property
    def commands(self) -> frozenset[str]:
        """The commands that are built; a test holds them against the registry."""
        return frozenset(self._table)

    def give(self, command: str, count: int | None = None) -> None:
        """Do it, or say why it cannot be done now."""
        if self._board.work.takes(command, count):
            return
        board = self._board
        if command in BULK and board.deck.selection:
            reason = why_not_write(board.state, None)
        else:
            reason = why_not(board.state, command, board.current)
        if reason:
            self._board.say(reason, "warning")
        elif (handler := self._table.get(command)) is not None:
            handler(count)

    @cached_property
    def _choose(self) -> Choices:
        # Not before the first frame: nothing of it is on that.
        from fdtui.tui.choices import Choices  # noqa: PLC0415

        return Choices(self._board)

    @cached_property
    def tabs(self) -> TabWork:
        """The tabs of a task; imported when the first is opened."""
        from fdtui.tui.tabwork import TabWork  # noqa: PLC0415

        return TabWork(self._board)

    @cached_property
    def bulk(self) -> BulkWork:
        """Changes of the selected tasks; imported when the first is made."""
        from fdtui.tui.bulkwork import BulkWork  # noqa: PLC0415

        return BulkWork(self._board)

    def _half(self) -> int:
        board = self._board
        if board.pane == "detail":
            return max(1, board.side.room // 2)
        return max(1, board.deck.lane(board.deck.column).room // 2) if board.deck.column else 1

    def _vertical(self, step: int) -> None:
        if self._board.pane == "detail":
            self._board.side.walk(step)
        else:
            self._board.moved(self._board.deck.move(step))

    def _page(self, lines: int) -> None:
        if self._board.pane == "detail":
            self._board.side.turn_page(lines)
        else:
            self._vertical(lines)

    def _jump(self, place: int) -> None:
        if self._board.pane == "detail":
            self._board.side.jump(place)
        else:
            self._board.moved(self._board.deck.go(place))

    def _horizontal(self, step: int) -> None:
        if self._board.pane == "detail" and abs(step) < FAR:
            self.tabs.turn(1 if step > 0 else -1)
            return
        self._board.moved(self._board.deck.turn(step))

    def _task(self) -> Task:
        task = self._board.current
        assert task is not None, "why_not has seen to it"  # noqa: S101
        return task

    @cached_property
    def _filing(self) -> Filing:
        from fdtui.tui.filing import Filing  # noqa: PLC0415

        return Filing(self._board)

    @cached_property
    def _settling(self) -> Settling:
        from fdtui.tui.settling import Settling  # noqa: PLC0415

        return Settling(self._board)

    @cached_property
    def _desk(self) -> Desk:
        from fdtui.tui.desk import Desk  # noqa: PLC0415

        self._has_desk = True
        return Desk(self._board)

    def heed(self, state: State) -> None:
        """Let open forms follow what the session knows, and tell once of drafts that wait."""
        board = self._board
        if board.overlay is not None:
            board.overlay.heed(state)
        if self._has_desk:
            self._desk.heed(state)
        if state.loaded and self._told_drafts != state.workflow:
            self._told_drafts = state.workflow
            if board.session.drafts.all() and (told := self._desk.told_drafts()):
                board.say(told)

    def _open_task(self) -> None:
        board, task = self._board, self._task()
        if board.pane == "detail" and board.has_detail and board.detail.field is not None:
            reason = why_not(board.state, "task.edit", task)
            if reason:
                board.say(reason, "warning")
            else:
                self._desk.field(task, board.detail.field)
            return
        board.open_detail()
        if self._task().key in self._board.state.conflicts:
            self._settling.open()

    def _select(self) -> None:
        board = self._board
        if board.pane == "detail":
            self._desk.tick(self._task())
            return
        board.deck.selection.toggle(self._task().key)
        board.deck.move(1)
        board.moved()
        board.draw()

    def _select_column(self) -> None:
        column = self._board.deck.column
        if column is not None:
            self._board.deck.selection.toggle_all(task.key for task in column.tasks)
            self._board.draw()

    def _edit(self) -> None:
        if self._board.deck.selection:
            self.bulk.set_field()
        else:
            self._desk.edit(self._task())

    def _delete(self) -> None:
        if self._board.deck.selection:
            self.bulk.delete()
        else:
            self._desk.delete(self._task())

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

    def _undo(self) -> None:
        session = self._board.session
        if not session.can_undo:
            self._board.say("There is nothing to undo.")
        elif told := session.undo():
            self._board.say(f"Taken back: {told}.")

    def _redo(self) -> None:
        session = self._board.session
        if not session.can_redo:
            self._board.say("There is nothing to do again.")
        elif told := session.redo():
            self._board.say(f"Done again: {told}.")

    def _step_stage(self, step: int) -> None:
        if self._board.deck.selection:
            self.bulk.step(step)
            return
        board, task = self._board, self._task()
        stage = neighbour(board.state, task.stage, step)
        if stage is not None:
            board.session.perform(MoveTask(task.key, stage))
        elif board.state.schema.stage(task.stage) is None:
            board.say(f"{quoted(task.stage)} is no stage of this workflow; m chooses one.", "warning")
        else:
            end = "last" if step > 0 else "first"
            board.say(f"{quoted(task.stage)} is the {end} stage.")

    def _actions(self) -> None:
        board = self._board
        if board.deck.selection and not board.work.is_triaging:
            board.work.many.choose(self.bulk.tasks)
        else:
            board.work.actions.choose(self._task())

    def _stop(self) -> None:
        stopped = self._board.session.stop_runs()
        if stopped:
            self._board.say(f"{stopped:,} not sent any more; what is sent runs on.")
        else:
            self.bulk.stop()

    def _assign_me(self) -> None:
        board, me = self._board, self._board.state.me
        if me is None:
            board.say(NO_ME, "warning")
            return
        if board.deck.selection:
            self.bulk.assign_me(me)
            return
        task = self._task()
        board.session.perform(AssignTask(task.key, None if task.assignee == me else me))

    def _toggle_end(self) -> None:
        board = self._board
        if not board.deck.view.hide_end and not any(each.end for each in board.state.schema.stages):
            board.say("No stage of this workflow is known to be an end stage.")
            return
        board.deck.toggle_end()
        board.draw()

    def _toggle_fold(self) -> None:
        self._board.deck.toggle_fold()
        self._board.draw()

    def _refresh(self) -> None:
        self._board.session.refresh()
        if self._board.has_detail:
            self.tabs.look_again()
        self._board.repaint_all()
        self._board.say("Asking the server…")

    def _cancel(self) -> None:
        board = self._board
        if board.has_detail:
            board.close_detail()
        elif board.deck.selection.clear():
            board.draw()
        elif board.deck.view.filter:
            board.filter("")
        elif board.current is not None and board.current.key in board.state.refused:
            board.session.acknowledge(board.current.key)

    def _back(self) -> None:
        if self._board.has_detail:
            self._board.close_detail()
        else:
            self.quit()

    def quit(self) -> None:
        """Leave; asks first while changes are not sent yet."""
        count = self._board.session.unsent
        if count:
            self._choose.how_to_quit(count)
        else:
            self._board.app.exit()
