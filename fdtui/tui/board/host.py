"""The board as its features see it, as `fdtui.tui.host.Host` promises; its own parts see a bit more."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from fdtui.core.safetext import quoted
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.board.face import BoardFace
from fdtui.tui.board.model import BoardModel
from fdtui.tui.board.recent_commands import RecentCommands
from fdtui.tui.board.widgets import BoardWidgets
from fdtui.tui.conversations import TypedKey
from fdtui.tui.dialogs import Dialogs, EmptyLayer
from fdtui.tui.host import FollowsState, HoldsTask
from fdtui.tui.presentation.cards import CardPlan, title_of
from fdtui.tui.toolkit.cells import cut
from fdtui.tui.toolkit.lined import Lined
from fdtui.tui.toolkit.overlay import Overlay

if TYPE_CHECKING:
    from textual.screen import Screen

    from fdtui.core.keymap import Keymap
    from fdtui.sync.session import Session
    from fdtui.sync.writing.draft_keeper import DraftKeeper
    from fdtui.tui.preferences import Look

T = TypeVar("T")

BESIDE_FROM = 120
"""Screens of this width and more show the detail pane beside the board."""

SMALLEST_SCREEN = (20, 6)
FETCH_PAUSE = 0.05
"""Seconds between two looks whether what a dialog needs has come."""
TURNS = 3
"""Turns of the loop in which whoever was answered opens the next dialog."""


class BoardHost(Dialogs):
    """Gives features what they may ask for, and nothing else of the screen."""

    def __init__(
        self,
        face: BoardFace,
        model: BoardModel,
        widgets: BoardWidgets,
        look: Look,
        keymap: Keymap,
        *,
        session: Session,
        keeper: DraftKeeper,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(face.screen, look, keymap, EmptyLayer())
        self._face, self._model, self._widgets = face, model, widgets
        self.session, self.keeper, self._clock = session, keeper, clock
        self.recent = RecentCommands()
        self.draft_count = 0
        """Texts of this workflow that wait to be taken up again."""
        self._last_said = ("", "warning")
        """What was said last and how gravely, since something is waited for."""
        self._closed = asyncio.Event()
        """Set when something that lay over the board has been taken away."""

    @property
    def state(self) -> State:
        """See `Host.state`."""
        return self._model.state

    @property
    def current(self) -> Task | None:
        """See `Host.current`."""
        return self._held or self._face.subject

    @property
    def plan(self) -> CardPlan:
        """What the board shows on a card."""
        return self._model.plan

    @property
    def now(self) -> datetime:
        """See `Host.now`."""
        return local_time(self._clock())

    def clock(self) -> float:
        """The moment, in seconds of the wall clock."""
        return self._clock()

    def label(self, task: Task, cells: int = 60) -> str:
        """See `Host.label`."""
        return quoted(cut(title_of(task, self.plan), cells, self.look.glyphs.cut))

    def notify(self, text: str, severity: str = "information") -> None:
        """See `Host.notify`."""
        self._last_said = (text, severity)
        if not any(overlay.take_notice(text, severity) for overlay in self.overlays):
            self._widgets.message.show_notice(text, severity)

    def clear(self) -> None:
        """See `Host.clear`."""
        self._widgets.message.clear()

    def give(self, command: str) -> None:
        """See `Host.give`."""
        self._face.give(command)

    def draw(self) -> None:
        """See `Host.draw`."""
        self._face.draw()

    def go_to(self, key: str) -> bool:
        """See `Host.go_to`."""
        if not self._model.go_to(key):
            return False
        self._face.chose_card()
        return True

    def catch_up(self) -> None:
        """See `Host.catch_up`."""
        self._face.catch_up()

    def draw_footer(self) -> None:
        """See `Host.draw_footer`."""
        self._widgets.footer.show(self._keymap, self.focus)

    def repaint(self) -> None:
        """See `Host.repaint`."""
        self.draw()
        super().repaint()

    # What the parts of the board ask besides

    @property
    def screen(self) -> Screen[Any]:
        """What widgets are mounted on."""
        return self._screen

    @property
    def is_small(self) -> bool:
        """Whether the screen is too small for the board, so that nothing of it is drawn."""
        width, height = self.app.size
        return width < SMALLEST_SCREEN[0] or height < SMALLEST_SCREEN[1]

    @property
    def is_beside(self) -> bool:
        """Whether the detail pane has room beside the board."""
        return self.app.size.width >= BESIDE_FROM

    def count_drafts(self) -> None:
        """Count the texts that wait, and tell so in the header until there are none."""
        workflow = self.state.workflow_id
        count = sum(each.workflow == workflow for each in self.session.drafts.all())
        if count != self.draft_count:
            self.draft_count = count
            self.draw()

    # What lies over the board

    @property
    def overlay(self) -> Overlay | None:
        """What lies over the board and has the keys."""
        top = self.focus.top
        return top if isinstance(top, Overlay) else None

    @property
    def _held(self) -> Task | None:
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
        return self.overlay is not None or self.conversations.is_keeping

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
        return self.overlay is not None and self.overlay.is_question

    def _deliver(self, key: TypedKey) -> bool:
        """Press a key that was typed ahead; none of them answers a question that it has not seen."""
        if self._is_asking:
            self._last_said = ("", "warning")
            return False
        self._face.take_key(key.name, key.character, is_kept=True)
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
        overlay.note_opened(self._face.read)
        self.screen.call_after_refresh(self._dim)

    def close(self, overlay: Overlay) -> None:
        """Take it away, and let what lay below come forward."""
        super().close(overlay)
        self._closed.set()
        self.screen.call_after_refresh(self._dim)
        self.screen.call_after_refresh(self.count_drafts)

    async def cleared(self) -> None:
        """Wait until nothing lies over the board, and none of what was opened is on its way."""
        await self._few_turns()
        while self.is_asking:
            self._closed.clear()
            with suppress(TimeoutError):
                # What is waited for before there is a dialog closes none.
                await asyncio.wait_for(self._closed.wait(), None if self.overlay else FETCH_PAUSE)
            await self._few_turns()

    async def _few_turns(self) -> None:
        for _ in range(TURNS):
            await asyncio.sleep(0)

    def _dim(self) -> None:
        """Dim the board while a dialog lies over it.

        It is done behind the frame that shows the dialog: a key that opens one is answered no later,
        and a dialog that follows another, or is gone at once, makes nothing flicker.
        """
        is_dimmed = self.look.dim and any(each.dims for each in self.overlays)
        for part in self.screen.query(Lined):
            if part.is_background:
                part.dim(is_dimmed)


def local_time(seconds: float) -> datetime:
    """A moment of the wall clock, in the user's time zone."""
    return datetime.fromtimestamp(seconds).astimezone()


def _dropped(count: int) -> str:
    """How many keys came to nothing; empty for none."""
    if not count:
        return ""
    return f" The {'key' if count == 1 else f'{count} keys'} you typed meanwhile did nothing."
