"""The program with a screen: shows what a session knows, and ends in good order."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from fdtui.core.keymap import Keymap
from fdtui.core.state import ConnectionState, State
from fdtui.core.views import AS_LEFT, BoardStart
from fdtui.tui.board.screen import BoardScreen
from fdtui.tui.board.view_tabs import MemoryViewBook, ViewBook
from fdtui.tui.messages import StateChanged
from fdtui.tui.preferences import Behaviour, Look
from fdtui.tui.terminal.app import TerminalApp
from fdtui.tui.terminal.first_theme import begin_in

if TYPE_CHECKING:
    from fdtui.sync.session import Notice, Session
    from fdtui.tui.terminal.last_frame import OldPage


class FdtuiApp(TerminalApp[None]):
    """Owns nothing but the screen; the session owns the state."""

    TITLE = "fdtui"

    def __init__(
        self,
        session: Session,
        *,
        keymap: Keymap,
        look: Look,
        behaviour: Behaviour | None = None,
        clock: Callable[[], float] = time.time,
        views: ViewBook | None = None,
        start: BoardStart = AS_LEFT,
    ) -> None:
        """Without ``views`` they end with the program."""
        super().__init__()
        self.session, self.look, self.clock = session, look, clock
        self.has_mouse = look.mouse
        begin_in(self, look.theme, look.depth)
        self.board = BoardScreen(
            session,
            keymap,
            look,
            clock,
            behaviour or Behaviour(),
            views=views if views is not None else MemoryViewBook(),
            start=start,
        )

    def get_default_screen(self) -> Screen[None]:
        """The board, at once."""
        return self.board

    def on_mount(self) -> None:
        """Listen to the session, and let it begin once the first frame is on the screen."""
        self.session.on_change = self._changed

    def after_first_frame(self) -> None:
        """Let the session begin: what it imports and asks must not keep the first frame waiting."""
        if self.look.notice:
            self.board.host.notify(self.look.notice, "warning")
        self.session.on_notice = self._noticed  # what was said before comes now
        self.run_worker(self._run_session(), group="session", exit_on_error=False)

    async def _run_session(self) -> None:
        try:
            await self.session.run()
        except Exception as error:  # noqa: BLE001 (one of the two outermost borders)
            self.crash(error)

    def has_something_to_show(self) -> bool:
        """Whether there are cards, from the cache or the server, or a reason why there are none."""
        state = self.board.host.state  # what is drawn: the session may be ahead of it
        is_connecting = state.connection is ConnectionState.CONNECTING and not state.connection_reason
        return state.loaded or not is_connecting

    def old_page(self) -> OldPage | None:
        """The board, for the next start; a key that was refused leaves none."""
        from fdtui.tui.board.last_page import old_page  # noqa: PLC0415 - not before the first frame

        if self.session.state.connection is ConnectionState.DENIED:
            self.discard_frames()
            return None
        return old_page(self.board)

    def frame_note(self) -> str | None:
        """Which cards the frame shows, and where its cursor is."""
        from fdtui.tui.board.early_keys import mark_of  # noqa: PLC0415 - not before the first frame

        return mark_of(self.board.model)

    def exit(self, *arguments: Any, **more: Any) -> None:
        """End for whatever reason, with what was typed on the disk."""
        self.board.keeper.save()
        super().exit(*arguments, **more)

    def _changed(self, _: State) -> None:
        self.board.post_message(StateChanged())

    def _noticed(self, notice: Notice) -> None:
        self.board.host.notify(notice.text, notice.severity)

    def on_app_focus(self) -> None:
        """The user looks: the session asks at its usual pace."""
        self.session.set_focused(focused=True)

    def on_app_blur(self) -> None:
        """The user looks elsewhere: the session asks less often."""
        self.session.set_focused(focused=False)
