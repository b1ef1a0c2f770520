"""Goes to anything: opens the list, learns what other workflows hold, and goes to what is chosen."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fdtui.core.errors import ApiError
from fdtui.core.query.lexer import spelled
from fdtui.core.state import State
from fdtui.core.task_map import TaskMap
from fdtui.core.task_search import SearchedBoard
from fdtui.tui.board.palette import palette_items
from fdtui.tui.goto import preview
from fdtui.tui.goto.destinations import (
    Destination,
    DestinationKind,
    commands_of,
    fields_of,
    people_of,
    views_of,
    workflows_of,
)
from fdtui.tui.goto.dialog import GoToDialog

if TYPE_CHECKING:
    from fdtui.core.keymap import Keymap
    from fdtui.sync.storage.protocols import Snapshot
    from fdtui.tui.board.arranging_commands import ArrangingCommands
    from fdtui.tui.board.features import Features
    from fdtui.tui.board.host import BoardHost
    from fdtui.tui.toolkit.cells import Line
    from fdtui.tui.toolkit.item import Item

MAX_RECENT = 12
MAX_ASKED = 8
"""Workflows never seen here that the server is asked for."""


class GoTo:
    """Knows what one can go to from one board, and where one went lately."""

    def __init__(
        self, host: BoardHost, features: Features, keymap: Keymap, arranging: ArrangingCommands
    ) -> None:
        self._arranging = arranging
        self._host, self._features, self._keymap = host, features, keymap
        self._recent: list[Destination] = []
        self._boards: dict[str, tuple[float | None, SearchedBoard]] = {}
        """The workflows whose tasks are known, each with when they were read."""

    def open(self) -> None:
        """Ask where to go."""
        self._host.run(self._open())

    async def _open(self) -> None:
        host, typed = self._host, asyncio.Event()
        own = self._own_board()
        dialog = GoToDialog(
            self._standing(),
            self._recent_now(),
            host.look.glyphs,
            here=host.state.workflow_id,
            boards=() if own is None else (own,),
            preview=self._preview,
            edited=typed.set,
        )
        host.run(self._learn(dialog, typed))
        there = await host.ask(dialog)
        typed.set()
        if there is not None:
            self._go(there)

    # What is known

    def _standing(self) -> list[Destination]:
        """All that is no task."""
        host = self._host
        state, glyphs = host.state, host.look.glyphs
        return [
            *views_of(self._arranging.tab_names, state.workflow_id, glyphs),
            *workflows_of(state, glyphs),
            *people_of(state),
            *fields_of(state, host.current, glyphs),
            *commands_of(self._commands(), glyphs),
        ]

    def _commands(self) -> list[Item]:
        """As the palette has them, but for the one that is being given."""
        host = self._host
        items = palette_items(host.focus, self._keymap, host.recent.ids)
        return [each for each in items if each.id != "app.go"]

    def _recent_now(self) -> list[Destination]:
        """Where one went lately, as it is now; a field or command that means nothing now is left out."""
        now = {each.where: each for each in self._standing()}
        return [
            now.get(each.where, each)
            for each in self._recent
            if each.kind is DestinationKind.TASK or each.where in now
        ]

    def _own_board(self) -> SearchedBoard | None:
        state = self._host.state
        if state.workflow is None or not state.loaded:
            return None
        _, known = self._boards.get(state.workflow.id, (None, None))
        if known is None:
            known = SearchedBoard(state.workflow, state.schema, TaskMap.of(state.shown))
        known = known.follow(state.schema, TaskMap.of(state.shown))
        self._boards[state.workflow.id] = (None, known)
        return known

    async def _learn(self, dialog: GoToDialog, typed: asyncio.Event) -> None:
        """Tell the list of the other workflows: as they were last seen, then what the server knows."""
        host = self._host
        others = [each for each in host.state.workflows if each.id != host.state.workflow_id]
        unseen = []
        for each in others:
            seen = await host.session.other_workflows.last_seen(each)
            if seen is None:
                unseen.append(each)
            else:
                self._know(seen, dialog)
        await typed.wait()
        for each in unseen[:MAX_ASKED]:
            if dialog not in host.focus:
                return
            try:
                self._know(await host.session.peek(each), dialog)
            except ApiError:
                continue  # what is known can be gone to all the same

    def _know(self, seen: Snapshot, dialog: GoToDialog) -> None:
        at, board = self._boards.get(seen.workflow.id, (None, None))
        if board is None or at is None or at != seen.at:
            board = SearchedBoard(seen.workflow, seen.schema, TaskMap.of(seen.tasks))
            self._boards[seen.workflow.id] = (seen.at, board)
        if dialog in self._host.focus:
            dialog.know(board)

    # Where one goes

    def _go(self, there: Destination) -> None:
        self._recent = [there, *(each for each in self._recent if each.where != there.where)]
        del self._recent[MAX_RECENT:]
        host, features = self._host, self._features
        match there.kind:
            case DestinationKind.TASK:
                features.trail.go_to_task(there.workflow, there.id)
            case DestinationKind.WORKFLOW:
                features.trail.go_to_task(there.id, "")
            case DestinationKind.PERSON:
                features.trail.filter(self._filter_of(there.id))
            case DestinationKind.VIEW:
                features.trail.note()
                self._arranging.show_tab(int(there.id))
            case DestinationKind.FIELD:
                features.go_to_field(there.id)
            case _:
                host.give(there.id)

    def _filter_of(self, email: str) -> str:
        """The filter that shows a person's cards, by the name where only one has it."""
        schema = self._host.state.schema
        person = schema.person(email)
        same = [each for each in schema.people if person is not None and each.name == person.name]
        return f"assignee:{spelled(same[0].name if len(same) == 1 else email)}"

    # What stands beside the list

    def _preview(self, there: Destination, width: int, height: int) -> Sequence[Line]:
        return self._lines(there, width)[:height]

    def _lines(self, there: Destination, width: int) -> Sequence[Line]:
        host = self._host
        state, look, today = host.state, host.look, host.now.date()
        match there.kind:
            case DestinationKind.TASK:
                state = self._state_of(there.workflow)
                task = state.shown.get(there.id)
                if task is None:
                    return ()
                return preview.of_task(task, state, look, width=width, today=today)
            case DestinationKind.WORKFLOW:
                _, board = self._boards.get(there.id, (None, None))
                return preview.of_board(there.text, board, look, width)
            case DestinationKind.PERSON:
                return preview.of_person(there.id, state.schema, self._filter_of(there.id), width)
            case DestinationKind.VIEW:
                return preview.of_view(there.text, width)
            case DestinationKind.FIELD:
                field, task = state.schema.field(there.id), host.current
                if field is None or task is None:
                    return ()
                return preview.of_field(field, task, state.schema, look, width=width, today=today)
            case _:
                return preview.of_command(there.id, there.note, there.why_not, width)

    def _state_of(self, workflow: str) -> State:
        """What is known of a workflow, as a state of its own."""
        state = self._host.state
        known = self._boards.get(workflow)
        if workflow == state.workflow_id or known is None:
            return state
        _, board = known
        return State(schema=board.schema, workflow=board.workflow, base=board.tasks)
