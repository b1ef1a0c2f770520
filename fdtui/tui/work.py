"""What runs and what ran, on one board: the pane at the bottom, and who has its keys."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from textual.timer import Timer

from fdtui.core.commands import NEEDS_TASK
from fdtui.core.job import Run
from fdtui.core.state import State
from fdtui.tui import clipboard, ended
from fdtui.tui.actionrow import DIGITS
from fdtui.tui.actions import Actions
from fdtui.tui.habits import Habits
from fdtui.tui.requestrows import curl
from fdtui.tui.runbar import FAR, RunBar
from fdtui.tui.tabs import Tab
from fdtui.tui.widgets.runs import RunsPane

if TYPE_CHECKING:
    from fdtui.tui.many import Many
    from fdtui.tui.moving import Moving
    from fdtui.tui.screens.board import BoardScreen
    from fdtui.tui.triage import Triage

LINGER = 4.0
"""Seconds that the pane stays after the last execution has ended well."""
TICK = 1.0
"""Seconds between two looks at the clock while something runs and the pane is to be seen."""
NOTHING = {
    "runs": "Nothing has been run yet; a on a card does.",
    "transfers": "No file is on its way; f on a card attaches and downloads.",
    "requests": "No request yet.",
}


class Work:
    """Opens the pane when something runs, closes it when all is over and read, and takes its keys."""

    def __init__(self, board: BoardScreen, habits: Habits) -> None:
        self._board, self._habits, self._log = board, habits, board.session.log
        self.actions = Actions(board, habits)
        self.pane = RunsPane(board.look.glyphs, clicked=self._clicked, turned=self.move)
        self.bar = RunBar(board, self._log)
        self.is_open = False
        self._is_wanted = False
        """Whether the user opened the pane; then only the user closes it."""
        self._goal: tuple[str, str] | None = None
        """The workflow and key of a task to go to once it is on the board."""
        self._ticker: Timer | None = None
        self._closer: Timer | None = None

    @cached_property
    def triage(self) -> Triage:
        """One task at a time; imported when it is first wanted."""
        from fdtui.tui.triage import Triage  # noqa: PLC0415

        return Triage(self._board)

    @cached_property
    def many(self) -> Many:
        """An action on the selected tasks; imported when it is first wanted."""
        from fdtui.tui.many import Many  # noqa: PLC0415

        return Many(self._board)

    @cached_property
    def moving(self) -> Moving:
        """The keys of the files on their way; imported when there is one."""
        from fdtui.tui.moving import Moving  # noqa: PLC0415

        return Moving(self._board)

    @property
    def is_triaging(self) -> bool:
        """Whether one task fills the screen."""
        return self._board.pane == "triage"

    @property
    def has_keys(self) -> bool:
        """Whether the movement keys go to the pane."""
        return self._board.pane == "runs"

    # From the session

    def start(self) -> None:
        """Show what an earlier run of the program left behind."""
        self._log.on_change = self._logged
        self._open_if_news(None, self._board.state)

    def take(self, before: State, state: State) -> None:
        """Follow the board to another state, which it has taken already."""
        if state.runs is not before.runs:
            over = ended.since(before.runs, state.runs)
            if over:
                ended.tell(self._board.app, over, self._habits)
            self._open_if_news(before, state)
        self.actions.take(before, state)
        if self._goal is not None and state.workflow is not None:
            workflow, key = self._goal
            if state.workflow.id == workflow and key in state.shown:
                self._goal = None
                self.go_to(key)
        if self.is_triaging:
            self.triage.take(before, state)

    def _open_if_news(self, before: State | None, state: State) -> None:
        known = {run.ticket for run in before.runs} if before is not None else set()
        waits = any(not r.is_over or (before is None and r.needs_reading) for r in state.runs)
        news = any(run.ticket not in known and not run.is_over for run in reversed(state.runs))
        if (news or (before is None and waits)) and not self.is_triaging:
            self.is_open = True
            self.bar.turn_to("runs")
        if self.is_open and not any(not run.is_over for run in state.runs) and self._closer is None:
            self._closer = self._board.set_timer(LINGER, self._close_if_over)

    def reopen(self) -> None:
        """After a triage: show what still runs, or went wrong meanwhile."""
        state = self._board.state
        if any(not run.is_over or run.needs_reading for run in state.runs):
            self.is_open = True
            self.bar.turn_to("runs")
            self._board.draw()

    def _close_if_over(self) -> None:
        self._closer = None
        runs = self._board.state.runs
        if any(not run.is_over or run.needs_reading for run in runs) or self.has_keys:
            return
        if self.is_open and not self._is_wanted:
            self.is_open = False
            self._board.draw()

    def _logged(self) -> None:
        if self.is_open and self.bar.tab == "requests":
            self.draw()

    # What is drawn

    def arrange(self, height: int, *, small: bool) -> None:
        """Give the pane its place on a screen of that height."""
        wanted = self.is_open and not small and height >= 10 and not self.is_triaging
        if self.pane.display != wanted:
            self.pane.display = wanted
        lines = max(4, min(9, height // 6 + 1))
        if self.has_keys and (most := min(16, height // 3)) > lines:
            lines = max(lines, min(most, len(self.bar.rows(most - 1)) + 1))  # errors are read whole
        if self.pane.styles.height is None or self.pane.styles.height.value != lines:
            self.pane.styles.height = lines

    def draw(self) -> None:
        """Draw the rows that are in view, and watch the clock only while one of them needs it."""
        if self.is_triaging:
            self.triage.draw()
        state = self._board.state
        running = self.pane.display and any(not run.is_over for run in state.runs)
        if running and self._ticker is None:
            self._ticker = self._board.set_interval(TICK, self.draw)
        elif not running and self._ticker is not None:
            self._ticker.stop()
            self._ticker = None
        if not self.pane.display:
            return
        room = max(1, int(self.pane.styles.height.value if self.pane.styles.height else 6) - 1)
        rows, nothing = self.bar.rows(room), NOTHING[self.bar.tab]
        self.pane.show(rows, self.bar.tabs, has_keys=self.has_keys, nothing=nothing)

    # Commands

    def toggle(self, tab: str = "") -> None:
        """Open the pane and go there; from inside, close it. Without a tab, where there is something."""
        if not tab:
            state = self._board.state
            only_files = state.transfers and not state.runs
            tab = self.bar.tab if self.has_keys else "transfers" if only_files else "runs"
        if self.is_open and self.has_keys and tab == self.bar.tab:
            self.leave(close=True)
            return
        self.is_open = self._is_wanted = True
        self.bar.turn_to(tab)
        self._board.pane = "runs"
        self._board.draw()
        self._read()

    def leave(self, *, close: bool) -> None:
        """Give the keys back to the board; what was looked at counts as read."""
        self._read()
        self._is_wanted = False
        self.bar.forget()
        self._board.pane = "board"
        if close:
            self.is_open = False
        self._board.draw()
        self._close_if_over()

    def next_pane(self) -> bool:
        """Go to the pane, or from it to the board, where that is what comes next."""
        board = self._board
        if self.has_keys:
            self.leave(close=False)
            return True
        if not self.pane.display or (board.pane == "board" and board.has_detail and board.is_beside):
            return False
        if board.has_detail and not board.is_beside:
            board.has_detail = False
        board.pane = "runs"
        board.draw()
        self._read()
        return True

    def press(self, name: str) -> bool:
        """Take a key that means something only here; false where it is the board's."""
        board = self._board
        if self.is_triaging:
            return self.triage.press(name)
        if board.pane == "detail" and len(name) == 1 and name in DIGITS and not board.sequence.pending:
            task = board.current
            return task is not None and self.actions.press(task, name)
        if not self.has_keys:
            return False
        run, transfer = self.bar.run, self.bar.transfer
        if transfer is not None and self.moving.press(transfer, name):
            return True
        match name:
            case "]" | "[":
                self.bar.turn(1 if name == "]" else -1)
                board.draw()
            case "enter" if transfer is not None:
                self._jump(transfer.workflow, transfer.key)
            case "y":
                self._copy(run)
            case "enter" if run is not None:
                self._jump(run.workflow, run.key, run)
            case "r" if run is not None:
                self._again(run)
            case "d" | "delete" | "backspace" if run is not None:
                self._dismiss(run)
            case "space":
                self._read()
            case _:
                return False
        return True

    def takes(self, command: str, count: int | None) -> bool:
        """Do a command of the board in the pane; false where it means there what it always means."""
        if self.is_triaging:
            return self.triage.takes(command, count)
        if not self.has_keys:
            return False
        n, half = count or 1, max(1, self.pane.size.height // 2)
        steps = {
            "cursor.down": n, "cursor.up": -n, "cursor.half-down": n * half, "cursor.top": -(FAR),
            "cursor.half-up": -n * half, "cursor.bottom": FAR,
        }  # fmt: skip
        if command in steps:
            self.move(steps[command])
        elif command == "app.cancel" and self.bar.transfer and self.moving.cancel(self.bar.transfer):
            return True
        elif command in ("app.cancel", "app.back"):
            self.leave(close=command == "app.back")
        elif command in NEEDS_TASK or command.startswith("column."):
            board = self._board
            board.say(f"The pane has the keys; {board.key_of('app.cancel')} goes back to the board.")
        else:
            return False
        return True

    def move(self, step: int) -> None:
        """Move the bar; the run that it leaves counts as read."""
        self._read()
        self.bar.move(step)
        self.draw()
        self._read()

    def _clicked(self, y: int) -> None:
        if not self.has_keys:
            self.toggle(self.bar.tab)
        elif y < 0:
            self.press("]")
        else:
            self.move(y)

    @property
    def footer(self) -> str:
        """The pane that the footer speaks of."""
        if not self.has_keys:
            return self._board.pane
        transfer = self.bar.transfer
        return "moving" if transfer is not None and not transfer.is_over else self.bar.tab

    def go_to(self, key: str) -> bool:
        """Put the cursor on a card; false where it is on no column."""
        deck = self._board.deck
        for column in deck.columns:
            for index, task in enumerate(column.tasks):
                if task.key == key:
                    deck.folded.discard(column.stage.name)
                    deck.turn_to(column.stage.name)
                    deck.go(index)
                    self._board.draw()
                    self._board.moved()
                    return True
        return False

    def show_field(self, name: str) -> None:
        """Open the task at a field, and its editor."""
        board = self._board
        if self.is_triaging:
            self.triage.leave()
        board.handlers.tabs.open(Tab.FIELDS)
        board.call_after_refresh(self._edit_field, name)

    def _edit_field(self, name: str) -> None:
        if self._board.detail.go_to_field(name):
            self._board.handlers.give("task.open")

    def _read(self) -> None:
        """The run under the bar has been seen whole."""
        run = self.bar.run if self.has_keys and self.pane.display else None
        if run is not None and run.needs_reading:
            self.bar.ticket = run.ticket
            self._board.session.mark_runs_read({run.ticket})

    def _jump(self, workflow: str, key: str, run: Run | None = None) -> None:
        board, here = self._board, self._board.state.workflow
        self.leave(close=False)
        if here is None or here.id != workflow:
            self._goal = (workflow, key)
            board.session.open_workflow(workflow)
        elif not self.go_to(key):
            there = key in board.state.shown
            why = "is hidden by the filter or the view" if there else "is not on the board any more"
            what = "this execution" if run is not None else "this file"
            board.say(f"The task of {what} {why}.", "warning")
        elif run is None:
            return
        elif board.current is not None and run.is_over and self.actions.place(run.errors):
            self.actions.mend(board.current)

    def _again(self, run: Run) -> None:
        board = self._board
        task = board.state.shown.get(run.key)
        if not run.is_over:
            board.say("It is still running.")
        elif task is None or board.state.workflow is None or board.state.workflow.id != run.workflow:
            board.say("Its task is not on this board; enter goes there.", "warning")
        else:
            self.bar.ticket = None
            self.actions.again(task, run)

    def _copy(self, run: Run | None) -> None:
        board = self._board
        if (request := self.bar.request) is not None:
            text = curl(request, self._log.url)
            board.say(*clipboard.copy(board.app, "The request as curl", text))
        elif run is not None:
            board.say(*clipboard.copy(board.app, "The execution's id", run.id))

    def _dismiss(self, run: Run) -> None:
        if not run.is_over:
            self._board.say("It is still running; it can be dismissed when it is over.")
            return
        self.bar.pass_on(run)
        self._board.session.dismiss_run(run.ticket)
