"""Keys that were typed while only the last frame was on the screen: what they were meant for is checked.

They are done only if the board began as the last frame showed it, for they go on from the card that
was seen there. Such a key moves the cursor at once. One that may change something waits, with all keys
behind it, until the server has confirmed the board.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from hashlib import blake2b
from typing import TypeAlias

from textual import events

from fdtui.core.commands import BY_ID
from fdtui.core.commands.command import Group, Scope
from fdtui.core.state import ConnectionState, State
from fdtui.tui.board.host import BoardHost
from fdtui.tui.board.model import BoardModel
from fdtui.tui.toolkit.key_events import KeyRead, read_of
from fdtui.tui.toolkit.key_names import key_name

Typed: TypeAlias = events.Key | events.Paste

AROUND = 50
"""Cards on each side of a column's cursor that must be where they were for a key that changes one."""
CONFIRMED_WITHIN = 5.0
"""Seconds after which a key that waits for the board is dropped, and reported."""

_MOVES = frozenset(
    each.id for each in BY_ID.values() if (each.group, each.scope) == (Group.MOVE, Scope.BOARD)
)
"""Commands that go from the card under the cursor to another."""
_SAFE = frozenset(
    {"app.cancel", "app.back", "app.help", "app.repaint"}
    | {"board.filter", "board.collapse", "board.toggle-end"}
    | _MOVES
    | {each.id for each in BY_ID.values() if each.scope in {Scope.FILTER, Scope.HELP, Scope.TEXT}}
)
"""Commands that change no task and open nothing that does."""


class EarlyKeys:
    """Keeps what came before there was a board, in order, until it may be done or must not be."""

    def __init__(
        self, host: BoardHost, model: BoardModel, do: Callable[[Typed], Awaitable[None]]
    ) -> None:
        """``do`` does what was typed, and waits until it has had its effect."""
        self._host, self._model, self._do = host, model, do
        self._kept: deque[Typed] = deque()
        self._is_delivering = False
        self._dropped = 0
        self._first = ""
        """The mark of the first cards of this run."""

    def keeps(self, event: Typed) -> bool:
        """Take an event away from the board; false where it can be done now."""
        if not self._kept and not self._is_delivering:
            waits = self._is_doubtful(event) or self._is_astray(event)
            if not waits and not self._is_blank:
                return False
            self._host.screen.set_timer(CONFIRMED_WITHIN, self._give_up)
        elif self._cancels(event):
            self._give_up()
            return True
        self._kept.append(event)
        self._go_on()
        return True

    def on_state(self, state: State) -> None:
        """The board has cards, is confirmed, or will not be soon."""
        if not self._first and state.loaded:
            self._first = mark_of(self._model)
        self._go_on()

    def _go_on(self) -> None:
        """Do what can be done by now, in order; drop it where it cannot be."""
        if self._is_delivering or not self._kept or self._is_blank:
            return
        state = self._host.session.state
        if state.loaded and self._is_astray(self._kept[0]):
            self._give_up()
        elif not self._is_doubtful(self._kept[0]) or (_is_confirmed(state) and self._is_as_shown):
            self._is_delivering = True
            self._host.run(self._deliver())
        elif _is_confirmed(state) or state.connection is not ConnectionState.CONNECTING:
            self._give_up()

    async def _deliver(self) -> None:
        is_first = True
        try:
            while self._kept and (is_first or not self._is_doubtful(self._kept[0])):
                event, is_first = self._kept.popleft(), False
                await self._do(event)
        finally:
            self._is_delivering = False
        self._go_on()

    def _give_up(self) -> None:
        if not self._kept or self._is_delivering:
            return
        self._dropped += len(self._kept)
        self._kept.clear()
        count = self._dropped
        keys = "The key you typed" if count == 1 else f"The {count} keys you typed"
        self._host.notify(f"{keys} before the board was up to date did nothing.", "warning")

    # What is known

    @property
    def _is_blank(self) -> bool:
        """Whether the board has no cards to move among while those of the last frame are seen."""
        return bool(getattr(self._host.app, "shows_last_frame", False))

    @property
    def _is_as_shown(self) -> bool:
        """Whether this run began with the cards, and the cursor, that the last frame shows."""
        return self._first == getattr(self._host.app, "early_note", None)

    def _is_doubtful(self, event: Typed) -> bool:
        """Whether an event came early, and may change something."""
        command = self._early_command(event)
        return command is not None and command not in _SAFE

    def _is_astray(self, event: Typed) -> bool:
        """Whether an event moves the cursor from a card that was under it on the last frame only."""
        is_known = getattr(self._host.app, "early_note", None) is not None
        return is_known and not self._is_as_shown and self._early_command(event) in _MOVES

    def _early_command(self, event: Typed) -> str | None:
        read = read_of(event) if isinstance(event, events.Key) else None
        if not isinstance(event, events.Key) or read is None or not self._is_early(read):
            return None
        return self._host.focus.meaning(key_name(event))

    def _is_early(self, read: KeyRead) -> bool:
        """Whether it was typed while the last frame was on the screen, of which the board may differ."""
        return read.is_early or read.at < getattr(self._host.app, "seen_since", 0.0)

    def _cancels(self, event: Typed) -> bool:
        read = read_of(event) if isinstance(event, events.Key) else None
        if not isinstance(event, events.Key) or read is None or self._is_early(read):
            return False
        return self._host.focus.meaning(key_name(event)) == "app.cancel"


def _is_confirmed(state: State) -> bool:
    return state.loaded and state.as_of is None


def mark_of(model: BoardModel) -> str:
    """Which cards are around the cursors, where they are and whose; the same if they are the same."""
    current = model.current
    parts = [model.state.workflow_id, current.key if current is not None else ""]
    for column in model.columns:
        lane = model.lane(column)
        around = lane.tasks[max(0, lane.position - AROUND) : lane.position + AROUND + 1]
        parts += ["", column.stage.name]
        parts += (part for task in around for part in (task.key, task.assignee or ""))
    parts += ["", repr(model.arrangement)]
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
