"""What runs and what ran, on one board: the pane at the bottom, and its keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from textual.timer import Timer

from fdtui.core.commands import NEEDS_TASK
from fdtui.core.job import Run
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.sync.requestlog import Request
from fdtui.tui.activity.cursor import END_OF_LIST, ActivityCursor
from fdtui.tui.activity.pane import ActivityView
from fdtui.tui.activity.request_rows import curl
from fdtui.tui.focus import Handler, Hints, declared_hints
from fdtui.tui.host import Host
from fdtui.tui.preferences import Behaviour
from fdtui.tui.presentation.runs import ended_words, since

if TYPE_CHECKING:
    from fdtui.tui.activity.transfer_keys import TransferKeys

STAYS_OPEN_FOR = 4.0
"""Seconds that the pane stays after the last execution has ended well."""
PANE_FROM_HEIGHT = 10
"""Lines of the lowest screen that the pane has room on."""
CLOCK_INTERVAL = 1.0
"""Seconds between two looks at the clock while something runs and the pane is to be seen."""
EMPTY_TABS = {
    "runs": ("No executions yet.", "task.actions", "on a card to run an action."),
    "transfers": ("No files on their way.", "task.files", "on a card to attach or download."),
    "requests": ("No requests yet.", "", ""),
}
"""What an empty tab says, and which command would fill it."""
MEANINGS = {
    "cursor.down": "To the next row.",
    "cursor.up": "To the row before.",
    "cursor.half-down": "Half a page down.",
    "cursor.half-up": "Half a page up.",
    "cursor.top": "To the first row.",
    "cursor.bottom": "To the last row.",
    "pane.next": "Back to the board.",
    "app.cancel": "Back to the board; the pane stays.",
    "app.back": "Close the pane.",
    "runs.toggle": "Close the pane.",
}
"""What the board's commands do here, for the help."""


class ActivityPane:
    """Opens the pane when something runs, closes it when all is over and read, and takes its keys.

    ``title`` is what a task is called, ``again`` runs an execution's action once more, and
    ``fix_after`` goes where what it missed can be given. While ``is_covered``, something else fills
    the screen, so the pane does not open by itself.
    """

    def __init__(
        self,
        host: Host,
        behaviour: Behaviour,
        *,
        title: Callable[[Task], str],
        again: Callable[[Task, Run], object],
        fix_after: Callable[[Run], object],
        is_covered: Callable[[], bool],
    ) -> None:
        self._host, self._behaviour, self._log = host, behaviour, host.session.log
        self._run_again, self._fix_after, self._is_covered = again, fix_after, is_covered
        self.pane = ActivityView(host.look.glyphs, clicked=self._clicked, turned=self.move)
        self.bar = ActivityCursor(
            host, self.pane, self._log, title=title, has_keys=lambda: self.has_keys
        )
        self.is_open = False
        self._is_wanted = False
        """Whether the user opened the pane; then only the user closes it."""
        self._goal: tuple[str, str] | None = None
        """The workflow and key of a task to go to once it is on the board."""
        self._ticker: Timer | None = None
        self._closer: Timer | None = None

    @cached_property
    def _transfers(self) -> TransferKeys:
        # Not before the first frame: there is a file on its way then.
        from fdtui.tui.activity.transfer_keys import TransferKeys  # noqa: PLC0415

        return TransferKeys(self._host)

    @property
    def has_keys(self) -> bool:
        """Whether the movement keys go to the pane."""
        return self._host.focus.pane is self

    @property
    def is_shown(self) -> bool:
        """Whether the pane is to be seen."""
        return bool(self.pane.display)

    # From the session

    def start(self) -> None:
        """Show what an earlier run of the program left behind."""
        self._log.on_change = self._logged
        self._open_if_news(None, self._host.state)

    def on_state(self, before: State, state: State) -> None:
        """Follow the board to another state, which it has taken already."""
        if state.runs is not before.runs:
            if over := since(before.runs, state.runs):
                from fdtui.tui.terminal.notify import notify  # noqa: PLC0415

                notify(self._host.app, ended_words(over), self._behaviour)
            self._open_if_news(before, state)
        if self._goal is not None and state.workflow is not None:
            workflow, key = self._goal
            if state.workflow.id == workflow and key in state.shown:
                self._goal = None
                self._host.go_to(key)

    def _open_if_news(self, before: State | None, state: State) -> None:
        known = {run.ticket for run in before.runs} if before is not None else set()
        waits = any(not r.is_over or (before is None and r.needs_reading) for r in state.runs)
        news = any(run.ticket not in known and not run.is_over for run in reversed(state.runs))
        if (news or (before is None and waits)) and not self._is_covered():
            self.is_open = True
            self.bar.turn_to("runs")
        if self.is_open and not any(not run.is_over for run in state.runs) and self._closer is None:
            self._closer = self.pane.set_timer(STAYS_OPEN_FOR, self._close_if_over)

    def reopen(self) -> None:
        """Something that covered the pane is gone: show what still runs, or went wrong meanwhile."""
        state = self._host.state
        if any(not run.is_over or run.needs_reading for run in state.runs):
            self.is_open = True
            self.bar.turn_to("runs")
            self._host.draw()

    def _close_if_over(self) -> None:
        self._closer = None
        runs = self._host.state.runs
        if any(not run.is_over or run.needs_reading for run in runs) or self.has_keys:
            return
        if self.is_open and not self._is_wanted:
            self.is_open = False
            self._host.draw()

    def _logged(self) -> None:
        if self.is_open and self.bar.tab == "requests":
            self.draw()

    # What is drawn

    def arrange(self, height: int, *, small: bool) -> None:
        """Give the pane its place on a screen of that height."""
        wanted = self.is_open and not small and height >= PANE_FROM_HEIGHT and not self._is_covered()
        if self.pane.display != wanted:
            self.pane.display = wanted
        if self.has_keys and not wanted:
            self.give_back_keys()  # what they would act on is not to be seen
        lines = max(4, min(9, height // 6 + 1))
        if self.has_keys and (most := min(16, height // 3)) > lines:
            lines = max(lines, min(most, len(self.bar.rows(most - 1)) + 1))  # errors are read whole
        if self.pane.styles.height is None or self.pane.styles.height.value != lines:
            self.pane.styles.height = lines

    def draw(self) -> None:
        """Draw the rows that are in view, and watch the clock only while one of them needs it."""
        state = self._host.state
        running = self.pane.display and any(not run.is_over for run in state.runs)
        if running and self._ticker is None:
            self._ticker = self.pane.set_interval(CLOCK_INTERVAL, self.draw)
        elif not running and self._ticker is not None:
            self._ticker.stop()
            self._ticker = None
        if not self.pane.display:
            return
        room = max(1, int(self.pane.styles.height.value if self.pane.styles.height else 6) - 1)
        nothing = self._nothing()
        self.pane.show(self.bar.rows(room), self.bar.tabs, has_keys=self.has_keys, nothing=nothing)

    def _nothing(self) -> str:
        words, command, more = EMPTY_TABS[self.bar.tab]
        key = self._host.key_of(command) if command else ""
        return f"{words} Press {key} {more}" if key else words

    # Commands

    def toggle(self, tab: str = "") -> None:
        """Open the pane and go there; where it is to be seen, close it, whoever opened it.

        Without a tab, go where there is something.
        """
        if self.is_shown and tab in ("", self.bar.tab):
            self.leave(close=True)
            return
        if not tab:
            state = self._host.state
            tab = "transfers" if state.transfers and not state.runs else "runs"
        if self._host.app.size.height < PANE_FROM_HEIGHT:
            self._host.notify(f"The pane needs a screen of {PANE_FROM_HEIGHT} lines.", "warning")
            return
        self.is_open = self._is_wanted = True
        self.bar.turn_to(tab)
        self.enter()

    def leave(self, *, close: bool) -> None:
        """Give the keys back to the board; what was looked at counts as read."""
        self._read()
        self._is_wanted = False
        self.bar.forget()
        self.give_back_keys()
        if close:
            self.is_open = False
        self._host.draw()
        self._close_if_over()

    def enter(self) -> None:
        """Give the pane, which is to be seen, the keys."""
        self._host.focus.push(self)
        self._host.draw()
        self._read()

    def give_back_keys(self) -> None:
        """Let the board have the keys."""
        self._host.focus.pop(self)

    # The layer with the keys

    is_modal = False
    is_typing = False
    meanings = MEANINGS

    @property
    def scopes(self) -> tuple[str, ...]:
        """The keys of the open tab, and those of all tabs."""
        return (self.bar.tab, "activity")

    def bindings(self) -> Mapping[str, Handler]:
        """What can be done with the row under the bar."""
        half = max(1, self.pane.size.height // 2)
        keys: dict[str, Handler] = {
            "cursor.down": lambda n: self.move(n or 1),
            "cursor.up": lambda n: self.move(-(n or 1)),
            "cursor.half-down": lambda n: self.move(half * (n or 1)),
            "cursor.half-up": lambda n: self.move(-half * (n or 1)),
            "cursor.top": lambda _: self.move(-END_OF_LIST),
            "cursor.bottom": lambda _: self.move(END_OF_LIST),
            "activity.tab-next": lambda _: self._turn(1),
            "activity.tab-previous": lambda _: self._turn(-1),
            "app.cancel": lambda _: self.leave(close=False),
            "app.back": lambda _: self.leave(close=True),
        }
        if (run := self.bar.run) is not None:
            keys |= {
                "runs.go": lambda _: self._jump(run.workflow, run.key, run),
                "runs.again": lambda _: self._again(run),
                "runs.copy": lambda _: self._copy_id(run),
                "runs.dismiss": lambda _: self._dismiss(run),
                "runs.read": lambda _: self._read(),
            }
        if (transfer := self.bar.transfer) is not None:
            keys["transfers.go"] = lambda _: self._jump(transfer.workflow, transfer.key)
            keys |= self._transfers.bindings(transfer)
        if (request := self.bar.request) is not None:
            keys["requests.copy"] = lambda _: self._copy_curl(request)
        return keys

    def refuses(self, command: str) -> str:
        """What is for a card, which the cursor is not on here."""
        if command in NEEDS_TASK or command.startswith("column."):
            key = self._host.key_of("app.cancel")
            return "Not available here." + (f" {key} returns to the board." if key else "")
        return ""

    def type(self, name: str, character: str | None) -> bool:
        """No other key means anything here."""
        return False

    def footer(self) -> Hints:
        """What can be done with the row, and the ways out."""
        bound = self.bindings()
        own = tuple(hint for hint in declared_hints(*self.scopes) if hint[0] in bound)
        return (*own, ("app.cancel", "board"), ("app.back", "close"), ("app.help", "help"))

    def _turn(self, step: int) -> None:
        self.bar.turn(step)
        self._host.draw()

    def move(self, step: int) -> None:
        """Move the bar; the run that it leaves counts as read."""
        self._read()
        self.bar.move(step)
        self.draw()
        self._read()

    def _clicked(self, tab: str, row: int) -> None:
        """A click on a tab opens it; one on a row puts the bar there."""
        if tab and tab != self.bar.tab:
            self.bar.turn_to(tab)
        elif not tab and self.has_keys:
            self.bar.move_to_line(row)
        if self.has_keys:
            self._host.draw()
            self._read()
        else:
            self.enter()

    def _read(self) -> None:
        """The run under the bar has been seen whole."""
        run = self.bar.run if self.has_keys and self.pane.display else None
        if run is not None and run.needs_reading:
            self.bar.ticket = run.ticket
            self._host.session.mark_runs_read({run.ticket})

    def _jump(self, workflow: str, key: str, run: Run | None = None) -> None:
        host, here = self._host, self._host.state.workflow
        self.leave(close=False)
        if here is None or here.id != workflow:
            self._goal = (workflow, key)
            host.session.open_workflow(workflow)
        elif not host.go_to(key):
            there = key in host.state.shown
            why = "is hidden by the filter or the view" if there else "is no longer on the board"
            what = "this execution" if run is not None else "this file"
            host.notify(f"The task of {what} {why}.", "warning")
        elif run is not None:
            self._fix_after(run)

    def _again(self, run: Run) -> None:
        host = self._host
        task = host.state.shown.get(run.key)
        if not run.is_over:
            host.notify("It is still running.")
        elif task is None or host.state.workflow is None or host.state.workflow.id != run.workflow:
            key = host.key_of("runs.go")
            host.notify(
                "Its task is not on this board." + (f" {key} goes there." if key else ""), "warning"
            )
        else:
            self.bar.ticket = None
            self._run_again(task, run)

    def _copy_curl(self, request: Request) -> None:
        self._copy("The request as curl", curl(request, self._log.url))

    def _copy_id(self, run: Run) -> None:
        self._copy("The execution's id", run.id)

    def _copy(self, what: str, text: str) -> None:
        from fdtui.tui.terminal import clipboard  # noqa: PLC0415

        self._host.notify(*clipboard.copy(self._host.app, what, text))

    def _dismiss(self, run: Run) -> None:
        if not run.is_over:
            self._host.notify("It is still running; dismiss it when it is over.")
            return
        self.bar.pass_on(run)
        self._host.session.dismiss_run(run.ticket)
