"""The board as its features see it: what `fdtui.tui.host.Host` promises, by the screen."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from fdtui.core.safetext import quoted
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.conversations import TypedKey
from fdtui.tui.dialogs import Dialogs
from fdtui.tui.focus import Layer
from fdtui.tui.host import FollowsState, HoldsTask
from fdtui.tui.presentation.cards import CardPlan, title_of
from fdtui.tui.toolkit.cells import cut
from fdtui.tui.toolkit.lined import Lined
from fdtui.tui.toolkit.overlay import Overlay

if TYPE_CHECKING:
    from fdtui.core.keymap import Keymap
    from fdtui.tui.board.screen import BoardScreen

T = TypeVar("T")


class BoardHost(Dialogs):
    """Gives features what they may ask for, and nothing else of the screen."""

    def __init__(self, board: BoardScreen, keymap: Keymap, bottom: Layer) -> None:
        super().__init__(board, board.look, keymap, bottom)
        self._board = board
        self.session, self.keeper = board.session, board.keeper
        self.selection = board.deck.selection
        self._last_said = ("", "warning")
        """What was said last and how gravely, since something is waited for."""

    @property
    def state(self) -> State:
        """See `Host.state`."""
        return self._board.state

    @property
    def current(self) -> Task | None:
        """See `Host.current`."""
        return self._board.current

    @property
    def plan(self) -> CardPlan:
        """What the board shows on a card."""
        return self._board.deck.plan

    @property
    def now(self) -> datetime:
        """See `Host.now`."""
        return self._board.now

    def clock(self) -> float:
        """The moment, in seconds of the wall clock."""
        return self._board.clock()

    def label(self, task: Task, cells: int = 60) -> str:
        """See `Host.label`."""
        return quoted(cut(title_of(task, self.plan), cells, self.look.glyphs.cut))

    def notify(self, text: str, severity: str = "information") -> None:
        """See `Host.notify`."""
        self._last_said = (text, severity)
        self._board.show_notice(text, severity)

    def clear(self) -> None:
        """See `Host.clear`."""
        self._board.message.clear()

    def give(self, command: str) -> None:
        """See `Host.give`."""
        self._board.give(command)

    def draw(self) -> None:
        """See `Host.draw`."""
        self._board.draw()

    def go_to(self, key: str) -> bool:
        """See `Host.go_to`."""
        board = self._board
        if not board.deck.go_to(key):
            return False
        board.left_card.forget()
        board.draw()
        board.moved()
        return True

    def catch_up(self) -> None:
        """See `Host.catch_up`."""
        self._board.on_state_changed()

    def draw_footer(self) -> None:
        """See `Host.draw_footer`."""
        self._board.draw_footer()

    def repaint(self) -> None:
        """See `Host.repaint`."""
        self.draw()
        super().repaint()

    # What lies over the board

    @property
    def held(self) -> Task | None:
        """The task that something over the board is about, the topmost first."""
        for each in self.overlays:
            if isinstance(each, HoldsTask) and (found := each.held(self.state)) is not None:
                return found
        return None

    def on_state(self, before: State, state: State) -> None:
        """Let everything that lies over the board follow what the session knows."""
        for each in self.overlays:
            if isinstance(each, FollowsState):
                each.on_state(before, state)

    @property
    def is_asking(self) -> bool:
        """See `Host.is_asking`."""
        return self._board.overlay is not None or self.conversations.is_keeping

    async def wait(self, what: str, coming: Awaitable[T]) -> T | None:
        """See `Host.wait`."""
        key = self.key_of("app.cancel")
        self.notify(f"{what}… {key} stops waiting." if key else f"{what}…")
        self._last_said = ("", "warning")
        answer = await self.conversations.wait(coming)
        if answer is not None:
            self.clear()
        return answer

    @property
    def _is_asking(self) -> bool:
        """Whether a question is open."""
        overlay = self._board.overlay
        return overlay is not None and overlay.is_question

    def _deliver(self, key: TypedKey) -> bool:
        """Press a key that was typed ahead; none of them answers a question that it has not seen."""
        if self._is_asking:
            self._last_said = ("", "warning")
            return False
        self._board.take_key(key.name, key.character, is_kept=True)
        return True

    def _gave_up(self, count: int) -> None:
        self.notify(f"Stopped waiting.{_dropped(count)}")

    def _dropped(self, count: int) -> None:
        """Say that keys came to nothing, behind what was said of the reason."""
        text, severity = self._last_said
        more = " Answer this first." if self._is_asking else ""
        self.notify(f"{text}{_dropped(count)}{more}".strip(), severity)

    def open(self, overlay: Overlay) -> None:
        """Lay something over whatever is open; it has the keys until it is closed."""
        super().open(overlay)
        overlay.note_opened(self._board.intake.read)
        self._board.call_after_refresh(self._dim)

    def close(self, overlay: Overlay) -> None:
        """Take it away, and let what lay below come forward."""
        super().close(overlay)
        self._board.call_after_refresh(self._dim)
        self._board.call_after_refresh(self._board.count_drafts)

    def _dim(self) -> None:
        """Dim the board while a dialog lies over it.

        It is done behind the frame that shows the dialog: a key that opens one is answered no later,
        and a dialog that follows another, or is gone at once, makes nothing flicker.
        """
        is_dimmed = self.look.dim and any(each.dims for each in self.overlays)
        for part in self._board.query(Lined):
            if part.is_background:
                part.dim(is_dimmed)


def _dropped(count: int) -> str:
    """How many keys came to nothing; empty for none."""
    if not count:
        return ""
    return f" The {'key' if count == 1 else f'{count} keys'} you typed meanwhile did nothing."
