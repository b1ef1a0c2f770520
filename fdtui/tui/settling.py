"""Settling conflicts on one board: which dialog, and what becomes of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fdtui.core.conflict import Conflict
from fdtui.core.task import Task
from fdtui.core.values import Row, Value
from fdtui.sync.history import contents
from fdtui.tui import clipboard
from fdtui.tui.cells import Line
from fdtui.tui.dispute import Dispute, row_lines
from fdtui.tui.present import title_of
from fdtui.tui.widgets.disputing import Disputing
from fdtui.tui.widgets.paper import Paper
from fdtui.tui.widgets.picker import Item, Picker

if TYPE_CHECKING:
    from fdtui.tui.screens.board import BoardScreen


class Settling:
    """Opens the dialog that a conflict needs, and hands the choice to the session."""

    def __init__(self, board: BoardScreen) -> None:
        self._board = board

    def open(self) -> None:
        """Settle the conflict of the card under the cursor, else the oldest there is."""
        board = self._board
        conflicts, task = board.session.state.conflicts, board.current
        key = task.key if task is not None and task.key in conflicts else next(iter(conflicts), None)
        if key is None:
            board.say("Nothing is in conflict.")
        elif conflicts[key].deleted:
            self._deleted(key, conflicts[key])
        else:
            self._disputed(key, conflicts[key])

    def _title(self, key: str, conflict: Conflict) -> str:
        task = self._board.state.shown.get(key)
        if task is None:
            task = Task(key, key, conflict.row or {})
        return title_of(task, self._board.deck.plan)

    def _disputed(self, key: str, conflict: Conflict) -> None:
        board = self._board

        def settled(mine: Mapping[str, Value]) -> None:
            board.session.settle(key, mine)
            board.say("Yours is on its way." if mine else "Theirs stands.")

        board.open(
            Disputing(
                f"Conflict on {self._title(key, conflict)}",
                Dispute(conflict, board.state.schema),
                board.look.glyphs,
                settled=settled,
                closed=board.close,
            )
        )

    def _deleted(self, key: str, conflict: Conflict) -> None:
        board, row = self._board, conflict.row or {}
        glyphs, schema = board.look.glyphs, board.state.schema
        what = conflict.pending.intent.sentence()

        def lines(width: int) -> list[Line]:
            told: Line = (("Its last contents, with your change in them:", "dim"),)
            return [told, (), *row_lines(row, schema, width, glyphs)]

        board.open(
            Paper(
                f"{self._title(key, conflict)} was deleted while you wanted to {what}",
                lines,
                glyphs,
                answers={
                    "n": ("creates it anew", lambda: self._recreate(key, row)),
                    "y": ("copies it as JSON", lambda: self._copy(key, row)),
                    "x": ("discards…", lambda: self._ask_discard(key, conflict)),
                },
                closed=board.close,
                leave="later",
            )
        )

    def _recreate(self, key: str, row: Row) -> None:
        session = self._board.session
        if session.create(dict(contents(row, session.state.schema)), settles=key):
            self._board.say("On its way anew; files and links stay behind.")

    def _copy(self, key: str, row: Row) -> None:
        text = clipboard.task_json(Task(key, key, row))
        self._board.say(*clipboard.copy(self._board.app, "The task as JSON", text))

    def _ask_discard(self, key: str, conflict: Conflict) -> None:
        board = self._board
        items = [
            Item("keep", "Keep it for later", note="k", letter="k"),
            Item("discard", "Discard my change", note="d", letter="d"),
        ]

        def chosen(item: Item) -> None:
            if item.id == "discard":
                board.session.settle(key, {})
                board.say("Discarded.")

        board.open(
            Picker(
                f"Your change of {self._title(key, conflict)}",
                items,
                board.look.glyphs,
                chosen=chosen,
                closed=board.close,
                searchable=False,
            )
        )
