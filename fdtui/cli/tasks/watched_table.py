"""``fdtui task list --watch``: the table on the whole terminal, as the tasks are now."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal

from fdtui.cli import output
from fdtui.cli.client import ConnectedWorkflow, with_workflow
from fdtui.cli.listing import ListForm
from fdtui.cli.tables import table_lines
from fdtui.cli.tasks.listing import columns_of, found_by, usual_columns
from fdtui.cli.terminal import NOT_FOR_SCREENS
from fdtui.cli.watch import follow
from fdtui.config.locales import ascii_of
from fdtui.core.errors import UsageError
from fdtui.core.safetext import safe
from fdtui.core.state import ConnectionState, State

_TAKE_SCREEN, _GIVE_SCREEN = "\x1b[?1049h\x1b[?25l", "\x1b[?1049l\x1b[?25h"
"""A screen of its own without a cursor, and back to what was there before."""
_TO_TOP, _CLEAR_LINE, _CLEAR_REST = "\x1b[H", "\x1b[K", "\x1b[J"
_FOR_PROGRAMS = "`fdtui watch` prints what changes for programs, a line of JSON each."


def show_tasks(listing: ListForm) -> None:
    """Show the tasks until a signal ends it; raises `UsageError` where no table can be shown."""
    if listing.form:
        raise UsageError(f"--watch shows a table, and --{listing.form} prints none.", _FOR_PROGRAMS)
    if not output.is_terminal() or os.environ.get("TERM", "") in {"", *NOT_FOR_SCREENS}:
        raise UsageError("--watch needs a terminal that can be drawn on.", _FOR_PROGRAMS)
    output.through(None)  # a pager would wait for the end
    with_workflow(lambda connected: _watched(connected, listing))


async def _watched(connected: ConnectedWorkflow, listing: ListForm) -> None:
    table, loop = _WatchedTable(listing), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGWINCH, table.draw)
    try:
        await follow(connected, table.on_state, table.tell)
    finally:
        loop.remove_signal_handler(signal.SIGWINCH)
        table.leave()


class _WatchedTable:
    """Writes a table to the terminal if it is not there already; what is too long is counted."""

    def __init__(self, listing: ListForm) -> None:
        self._listing = listing
        self._state: State | None = None
        self._drawn, self._shown = "", list[str]()
        self._words = ""
        """What was told last."""
        self._is_begun = False

    def on_state(self, state: State) -> None:
        """A new state; raises `UsageError` where it has no such field."""
        before, self._state = self._state, state
        is_same = before is not None and before.base is state.base and before.schema is state.schema
        if not is_same or before is None or before.connection is not state.connection:
            self.draw()

    def tell(self, text: str) -> None:
        """Show a notice below the table, until something changes."""
        self._words = text
        self.draw()
        self._words = ""

    def draw(self) -> None:
        """Draw what has changed, also by another size of the terminal."""
        if self._state is None or not self._state.loaded:
            return
        columns, height = shutil.get_terminal_size()
        lines, below = self._lines(), safe(self._below())[: columns - 1]
        room = max(height - 1 - bool(below), 1)
        if len(lines) > room:
            mark = "..." if ascii_of(False, os.environ)[0] else "…"
            lines = [*lines[: room - 1], f"{mark} and {len(lines) - room + 1} more"[: columns - 1]]
        text = "".join(f"{line}{_CLEAR_LINE}\r\n" for line in lines)
        text = f"{_TO_TOP}{text}{below}{_CLEAR_LINE}{_CLEAR_REST}"
        if text == self._drawn:
            return
        output.ready(text if self._is_begun else f"{_TAKE_SCREEN}{text}")
        self._drawn, self._shown, self._is_begun = text, lines, True

    def leave(self) -> None:
        """Give the terminal back, with the table as it was last."""
        if self._is_begun:
            output.ready(_GIVE_SCREEN)
            output.lines(self._shown, is_ready=True)

    def _below(self) -> str:
        state = self._state
        if state is not None and state.connection is ConnectionState.OFFLINE:
            return f"{state.connection_reason} Trying again."
        return self._words

    def _lines(self) -> list[str]:
        state, listing = self._state, self._listing
        assert state is not None  # noqa: S101 - drawn only once there is one
        schema = state.schema
        rows = found_by(listing.query, [dict(each.row) for each in state.base.values()], schema)
        fields = columns_of(schema, rows)
        return list(table_lines(rows, fields, usual_columns(schema), listing, schema))
