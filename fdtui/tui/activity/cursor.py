"""Where one is in the pane: which tab, which row, and the rows around it that fit."""

from __future__ import annotations

from collections.abc import Callable

from fdtui.core.job import Run
from fdtui.core.safetext import safe
from fdtui.core.task import Task
from fdtui.core.transfer import Transfer
from fdtui.sync.requestlog import Request, RequestLog
from fdtui.tui.activity.pane import ActivityView, PaneTab
from fdtui.tui.activity.request_rows import request_rows
from fdtui.tui.activity.run_rows import RunKeys, RunRow, Sight, rows_in_view
from fdtui.tui.host import Host

END_OF_LIST = 10**6
TABS = ("runs", "requests", "transfers")


class ActivityCursor:
    """The bar stays on its run, file or request, whatever comes above it."""

    def __init__(
        self,
        host: Host,
        pane: ActivityView,
        log: RequestLog,
        *,
        title: Callable[[Task], str],
        has_keys: Callable[[], bool],
    ) -> None:
        self._host, self._pane, self._log = host, pane, log
        self._title, self._has_keys = title, has_keys
        self.tab = "runs"
        """Which of `TABS` is open."""
        self.ticket: int | None = None
        """The run under the bar; ``None`` for the newest."""
        self._transfer: int | None = None
        """The ticket of the file under the bar; ``None`` for the newest."""
        self._at: int | None = None
        """The request under the bar, by its number since the start; ``None`` for the newest."""
        self._top = 0
        self._drawn: list[RunRow] = []

    @property
    def has_keys(self) -> bool:
        """Whether the movement keys move it."""
        return self._has_keys()

    @property
    def runs(self) -> tuple[Run, ...]:
        """The executions as the pane has them: the newest first."""
        return self._host.state.runs[::-1]

    @property
    def run(self) -> Run | None:
        """The execution under the bar; ``None`` where there is none, or the other tab is open."""
        runs = self.runs
        return runs[self._index(runs)] if runs and self.tab == "runs" else None

    @property
    def transfers(self) -> tuple[Transfer, ...]:
        """The files on their way, and those that arrived: the newest first."""
        return self._host.state.transfers[::-1]

    @property
    def transfer(self) -> Transfer | None:
        """The file under the bar; ``None`` where there is none, or another tab is open."""
        transfers = self.transfers
        return transfers[self._transfer_index()] if transfers and self.tab == "transfers" else None

    @property
    def request(self) -> Request | None:
        """The request under the bar."""
        requests = tuple(reversed(self._log.requests))
        return requests[self._request_index()] if requests and self.tab == "requests" else None

    @property
    def tabs(self) -> tuple[PaneTab, ...]:
        """The tabs by name, and which of them is open."""
        state = self._host.state
        names = {
            "runs": f"Executions {len(state.runs)}",
            "requests": f"Requests {len(self._log.requests)}",
            "transfers": f"Files {len(state.transfers)}",
        }
        return tuple(PaneTab(tab, names[tab], tab == self.tab) for tab in TABS)

    def turn_to(self, tab: str) -> None:
        """Open a tab, at its newest row."""
        self.tab, self._top = tab, 0
        self.forget()

    def turn(self, step: int) -> None:
        """Open the next tab, or with -1 the one before."""
        self.turn_to(TABS[(TABS.index(self.tab) + step) % len(TABS)])

    def forget(self) -> None:
        """Back to the newest row."""
        self.ticket = self._transfer = self._at = None

    def move(self, step: int) -> None:
        """This many rows down, or up."""
        if self.tab == "runs":
            if runs := self.runs:
                at = max(0, min(self._index(runs) + step, len(runs) - 1))
                self.ticket = runs[at].ticket if at else None
        elif self.tab == "transfers":
            if transfers := self.transfers:
                at = max(0, min(self._transfer_index() + step, len(transfers) - 1))
                self._transfer = transfers[at].ticket if at else None
        else:
            at = max(0, min(self._request_index() + step, len(self._log.requests) - 1))
            self._at = self._log.total - at - 1 if at else None

    def move_to_line(self, line: int) -> None:
        """To the row that is drawn at that line, where there is one."""
        at = self._drawn[line].at if 0 <= line < len(self._drawn) else None
        if at is not None:
            self.move(at - self._place)

    @property
    def _place(self) -> int:
        """Which row the bar is on."""
        if self.tab == "runs":
            return self._index(self.runs) if self.runs else 0
        return self._transfer_index() if self.tab == "transfers" else self._request_index()

    def pass_on(self, run: Run) -> None:
        """The run is about to go: the bar goes to the next one."""
        runs = self.runs
        at = runs.index(run) + 1 if run in runs else len(runs)
        self.ticket = runs[at].ticket if at < len(runs) else None

    def rows(self, room: int) -> list[RunRow]:
        """As many rows as fit, with the one under the bar among them."""
        host = self._host
        width, glyphs = self._pane.size.width or host.app.size.width, host.look.glyphs
        rows: list[RunRow] = []
        if self.tab == "requests":
            requests = tuple(reversed(self._log.requests))
            at, size = self._request_index(), (width, room)
            rows, self._top = request_rows(requests, at, self._top, size, glyphs, has_keys=self.has_keys)
        elif self.tab == "transfers":
            from fdtui.tui.activity.transfer_rows import transfer_rows  # noqa: PLC0415 - for a tab that is seldom open

            if self.transfers:
                at, size = self._transfer_index(), (width, room)
                rows, self._top = transfer_rows(
                    self.transfers,
                    at,
                    self._top,
                    size,
                    glyphs,
                    has_keys=self.has_keys,
                    task=self._task,
                    retry_key=host.key_of("transfers.retry"),
                )
        elif runs := self.runs:
            now, keys = host.now.timestamp(), RunKeys(host.key_of("runs.again"), host.key_of("runs.go"))
            sight = Sight(host.state, glyphs, width, room, now, self.has_keys, keys)
            rows, self._top = rows_in_view(runs, self._index(runs), self._top, sight)
        self._drawn = rows
        return rows

    def _index(self, runs: tuple[Run, ...]) -> int:
        at = next((at for at, run in enumerate(runs) if run.ticket == self.ticket), None)
        if at is not None:
            return at
        if self.has_keys:
            return 0
        return next((at for at, run in enumerate(runs) if run.needs_reading), 0)

    def _transfer_index(self) -> int:
        tickets = [each.ticket for each in self.transfers]
        return tickets.index(self._transfer) if self._transfer in tickets else 0

    def _task(self, transfer: Transfer) -> str:
        """What to call the task of a file: its title, or where it is not on the board its id."""
        task = self._host.state.shown.get(transfer.key)
        name = self._title(task) if task is not None else transfer.uid
        return f"{safe(name[:200])} {self._host.look.glyphs.middot} {safe(transfer.field[:60])}"

    def _request_index(self) -> int:
        if self._at is None:
            return 0
        return max(0, min(self._log.total - self._at - 1, len(self._log.requests) - 1))
