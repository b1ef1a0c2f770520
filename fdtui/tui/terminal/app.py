"""An app that leaves the terminal as it found it: signals, crashes, a screen painted cell by cell.

All that this program needs of Textual's private parts is in `fdtui.tui.terminal`, behind a guard: with a
Textual that they were not tried with, the plain driver is used.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import math
import os
import signal
import sys
import time
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from textual._ansi_sequences import SYNC_END, SYNC_START
from textual.app import App, ScreenError
from textual.binding import Binding
from textual.driver import Driver
from textual.geometry import Offset

from fdtui.launch import start
from fdtui.tui.terminal.abilities import abilities_of
from fdtui.tui.terminal.frame_timer import quicken
from fdtui.tui.terminal.images import Pictures
from fdtui.tui.terminal.known_textual import is_known_textual
from fdtui.tui.terminal.last_resort import THREADS_TIMEOUT, end_at_last, hear_endings
from fdtui.tui.terminal.pace import Pace, can_be_asked
from fdtui.tui.terminal.painter import Painter, is_paintable

if TYPE_CHECKING:
    from threading import Timer

    from rich.console import RenderableType
    from textual.events import Resize

    from fdtui.launch.kept_frame import FrameShelf, KeptFrame
    from fdtui.tui.terminal.graphics import Canvas
    from fdtui.tui.terminal.last_frame import FrameKeeper, OldPage
    from fdtui.tui.terminal.replies import Replies

if sys.platform != "win32":
    from textual.drivers.linux_driver import LinuxDriver

    from fdtui.tui.terminal.driver import PatientDriver

Result = TypeVar("Result")

A_BLINK = 0.25
"""Seconds in which nobody answers to what a frame shows."""
LAST_FRAME_STAYS = 5.0
"""Seconds that the frame of the last run stays at most while there is nothing better to be shown."""


class TerminalApp(App[Result], Generic[Result], inherit_bindings=False):
    """An app that leaves the terminal as it found it, whatever happens."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = [Binding("ctrl+z", "suspend_process", priority=True, show=False)]

    def __init__(self) -> None:
        super().__init__()
        quicken()
        self.crashed: BaseException | None = None
        """The error that ended the program."""
        self.is_lent = False
        """Whether another program has the terminal; see `lent`."""
        self._ended_by = 0
        """The signal that ends the program; 0 for none."""
        self._heard_before: dict[int, Any] = {}
        """What the signals did before."""
        self._patience: Timer | None = None
        """Ends the program if its threads do not let it."""
        self._has_painted = False
        self._is_resized = False
        self._painter = Painter(abilities_of(os.environ)) if is_known_textual() else None
        self._keeper: FrameKeeper | None = None
        self._is_adopted = False
        """Whether the last frame was taken over, and nothing was drawn yet."""
        self._last_frame_stays: asyncio.TimerHandle | None = None
        """While the last frame is on the screen: ends that, whatever there is to be shown."""
        self._trusted_size: tuple[int, int] | None = None
        """The window's size since before the last frame was painted, while it has not changed."""
        self.early_note: str | None = None
        """What the board has noted with the last frame that was on the screen before it."""
        self.seen_since = 0.0
        """When this run's own first frame has been seen, by the monotonic clock; what was typed before
        was meant for the last frame."""
        is_heard = self._painter is not None and self.driver_class is PatientDriver
        self.pace = Pace(self._frame_answered) if is_heard and can_be_asked(os.environ) else None
        """When the next frame may go; ``None`` where frames are not paced: for another driver, the
        terminal's answers would be keys."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._late: asyncio.TimerHandle | None = None
        """Sends what is owed if the terminal does not answer."""
        self._caret_at: tuple[int, int] | None = None
        self.has_mouse = True
        """Whether clicks come here; where they do not, the terminal selects text with the mouse."""
        self.replies: Replies | None = None
        """Hears what the terminal says of itself, once it was asked."""
        self._answers: str | None = None

    def run(self, **options: Any) -> Result | None:
        """Run to the end and answer the result; an unexpected error is raised then.

        By then the terminal is as it was, and whoever catches it can say it in one sentence.
        """
        gc.disable()  # up to the first frame much is made and nothing is thrown away
        try:
            result = super().run(**options)
        finally:
            gc.enable()
            self._give_signals_back()
            if self._patience is not None:
                self._patience.cancel()
        if self.crashed is not None:
            raise self.crashed
        return result

    def get_driver_class(self) -> type[Driver]:
        """The patient driver where its base is one that it was written for."""
        chosen = super().get_driver_class()
        if is_known_textual() and sys.platform != "win32" and chosen is LinuxDriver:
            return PatientDriver
        start.give_back()  # it would prepare the terminal again, and not read what was typed
        return chosen

    def set_mouse(self, has_mouse: bool) -> None:
        """Take the mouse, or leave it to the terminal."""
        self.has_mouse = has_mouse
        if isinstance(self._driver, PatientDriver):
            self._driver.follow_mouse()

    # Painting

    def forget_painted(self) -> None:
        """Paint every cell again with the next frame."""
        self._caret_at = None
        if self._painter is not None:
            self._painter.forget()

    def keep_frames(self, shelf: FrameShelf) -> None:
        """Keep the last frame for the next start."""
        from fdtui.tui.terminal.last_frame import FrameKeeper  # noqa: PLC0415 - a demo keeps none

        if self._painter is not None:
            self._keeper = FrameKeeper(shelf, self._painter, abilities_of(os.environ), self.old_page)

    def discard_frames(self) -> None:
        """Let no later start show what is on the screen."""
        if self._keeper is not None:
            self._keeper.discard()

    def old_page(self) -> OldPage | None:
        """How the screen is shown at the next start; ``None`` while it is not one to begin with."""
        return None

    def frame_note(self) -> str | None:
        """What is to be given with the frame that was just sent; ``None`` for what its page says."""
        return None

    def adopt_painted(self, frame: KeptFrame) -> None:
        """Take over the last frame, which the terminal shows: the first one is a difference to it."""
        from fdtui.tui.terminal.last_frame import decoded  # noqa: PLC0415 - not every start has one

        with contextlib.suppress(ValueError):
            rows, self.early_note = decoded(frame.cells, frame.size)
            if self._painter is not None:
                self._painter.adopt(rows, self.console)
                self._trusted_size, self._is_adopted = frame.size, True
                self.seen_since = math.inf
                loop = asyncio.get_running_loop()
                self._last_frame_stays = loop.call_later(LAST_FRAME_STAYS, self._replace_last_frame)

    @property
    def shows_last_frame(self) -> bool:
        """Whether the frame of the last run is on the screen, for there is nothing better yet."""
        return self._last_frame_stays is not None and not self.has_something_to_show()

    def has_something_to_show(self) -> bool:
        """Whether what would be drawn now is better than the frame of the last run."""
        return True

    def _replace_last_frame(self) -> None:
        self._end_last_frame()
        if self._running and not self._closed:
            self._send_frame()

    def _end_last_frame(self) -> None:
        """Let what is drawn be seen from now on."""
        if self._last_frame_stays is not None:
            self._last_frame_stays.cancel()
            self._last_frame_stays = None

    def window_changed(self) -> None:
        """Trust no cell: the window has, or had, another size."""
        self._trusted_size = None

    def wipe_pictures(self) -> str:
        """The sequence that takes all pictures off the screen; they come again with the text."""
        return self._painter.pictures.farewell() if self._painter is not None else ""

    @property
    def pictures(self) -> Pictures | None:
        """The pictures on the screen; ``None`` where the terminal is not painted by our painter."""
        return None if self.is_headless or self._painter is None else self._painter.pictures

    async def canvas(self, wish: str) -> Canvas:
        """What pictures are drawn with; ``wish`` is a `Way`, or ``auto``. Asks the terminal once."""
        from fdtui.tui.terminal.graphics import Canvas, Way, canvas_of, question  # noqa: PLC0415
        from fdtui.tui.terminal.replies import Replies  # noqa: PLC0415 - the first frame does not wait for them

        driver = self._driver
        if self.pictures is None or wish == Way.BLOCKS or not isinstance(driver, PatientDriver):
            return Canvas()
        if self._answers is None:
            text = question(os.environ)
            self.replies = self.replies or Replies()
            self._answers = await self.replies.ask(lambda: driver.send(text)) if text else ""
        return canvas_of(self._answers, driver.window, wish)

    def on_resize(self, event: Resize) -> None:
        """Take nothing for granted of a terminal that changed, even if it changed back."""
        if event.size == self._trusted_size:
            return
        self._trusted_size = None
        self._is_resized = True
        self._end_last_frame()
        with contextlib.suppress(ScreenError):
            self.screen.refresh()

    def _display(self, screen: Any, renderable: Any) -> None:
        painter = self._painter
        is_ours = painter is not None and not self._batch_count and not self.is_headless
        is_whole = self._is_resized or self._is_adopted
        if painter is not None and is_ours and is_whole and renderable is not None:
            if screen.is_current and screen._compositor.size != self.size:
                return  # laid out for another size: it would be painted in the wrong places
            if self._is_resized:
                painter.forget()
            self._is_resized = self._is_adopted = False
            renderable = screen._compositor.render_full_update()
        if (
            painter is not None
            and is_ours
            and self._running
            and not self._closed
            and is_paintable(renderable)
        ):
            painter.take(renderable, self.console)
            self._send_frame()
            self.post_display_hook()
        else:
            super()._display(screen, renderable)
        if renderable is not None and not self._has_painted and not self._batch_count:
            self._has_painted = True
            gc.freeze()
            gc.enable()
            self.call_later(self.after_first_frame)

    def _send_frame(self) -> None:
        """Send what differs by now, unless the frame before is still on its way."""
        driver, painter, pace = self._driver, self._painter, self.pace
        if driver is None or painter is None or self._late is not None or self.shows_last_frame:
            return
        self._end_last_frame()
        if pace is not None and (seconds := pace.wait()):
            self._late = asyncio.get_running_loop().call_later(seconds, self._send_owed)
            return
        frame, caret = painter.frame(), painter.caret
        self.seen_since = min(self.seen_since, time.monotonic() + A_BLINK)
        if not frame and caret == self._caret_at:
            return
        self._caret_at = caret
        self.cursor_position = Offset(*(caret or (0, 0)))
        frame += f"\x1b[{caret[1] + 1};{caret[0] + 1}H" if caret else "\x1b[H"
        if self._sync_available:
            frame = f"{SYNC_START}{frame}{SYNC_END}"
        driver.write(frame + (pace.sent(len(frame)) if pace is not None else ""))
        driver.flush()
        if self._keeper is not None and frame:
            self._keeper.painted(self.frame_note())

    def _send_owed(self) -> None:
        """Send what waited, if anything did."""
        late, self._late = self._late, None
        if late is not None:
            late.cancel()
            if self._running and not self._closed:
                self._send_frame()

    def _frame_answered(self) -> None:
        """The terminal has shown a frame; said by the thread that reads."""
        with contextlib.suppress(RuntimeError):  # the loop may have ended already
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._send_owed)

    def after_first_frame(self) -> None:
        """Called once the first frame is on its way to the terminal."""

    # Ending

    async def _on_compose(self) -> None:
        self._take_signals()
        self._loop = asyncio.get_running_loop()
        await super()._on_compose()

    def _take_signals(self) -> None:
        if sys.platform == "win32" or self.is_headless:
            return
        loop = asyncio.get_running_loop()

        # Not the loop's own handlers: they wait for the loop, which a full terminal stops.
        def heard(number: int, _: FrameType | None) -> None:
            if not self._is_for_borrower(number):
                self._ended_by = self._ended_by or number
                self._last_resort(number)
            with contextlib.suppress(RuntimeError):  # the loop has ended, and the program is about to
                loop.call_soon_threadsafe(self.leave, number)

        self._heard_before = hear_endings(heard)

    def _give_signals_back(self) -> None:
        if not self._ended_by:
            for number, before in self._heard_before.items():
                signal.signal(number, before)
        self._heard_before.clear()

    def _is_for_borrower(self, number: int) -> bool:
        return self.is_lent and number in {signal.SIGINT, signal.SIGQUIT}

    def _last_resort(self, number: int) -> None:
        driver = self._driver
        end_at_last(128 + number, driver.restore if isinstance(driver, PatientDriver) else lambda: None)

    def leave(self, number: int) -> None:
        """End in good order because of a signal; the exit code says which.

        While the terminal is lent, its keyboard's signals are for whoever has it.
        """
        if not self._is_for_borrower(number):
            self._ended_by = self._ended_by or number
            self.exit()

    def exit(
        self, result: Result | None = None, return_code: int = 0, message: RenderableType | None = None
    ) -> None:
        """End with a result; what a signal has ended stays ended by it, whoever else asks for an end."""
        if self._ended_by:
            result, return_code = None, 128 + self._ended_by
        if self._keeper is not None:
            self._keeper.end()
        super().exit(result, return_code, message)

    async def _shutdown(self) -> None:
        await super()._shutdown()
        if not self.is_headless:  # a thread that asks for a server's address may take a minute
            code = self._return_code or 0
            self._patience = end_at_last(code, seconds=THREADS_TIMEOUT)

    def crash(self, error: Exception) -> None:
        """End because of an unexpected error, in one sentence."""
        self._handle_exception(error)

    def _handle_exception(self, error: Exception) -> None:
        if self._ended_by:  # what fails in a hurried end changes nothing of why it ends
            self._close_messages_no_wait()
            return
        if self.crashed is None:
            self.crashed = error
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        # Textual would print a traceback with local variables, and with them tasks and keys.
        self._close_messages_no_wait()


@contextlib.contextmanager
def lent(app: App[Any]) -> Iterator[None]:
    """While another program has the terminal: ``ctrl+c`` is not the end of this one."""
    if isinstance(app, TerminalApp):
        app.is_lent = True
    try:
        yield
    finally:
        if isinstance(app, TerminalApp):
            app.is_lent = False
