"""Textual's driver for a terminal of any kind: any bytes, a hang-up, an idle program that sleeps."""

from __future__ import annotations

import contextlib
import fcntl
import os
import selectors
import signal
import struct
import sys
import termios
from codecs import getincrementaldecoder
from collections.abc import Callable
from types import FrameType
from typing import IO, TYPE_CHECKING, Any, Protocol, runtime_checkable

from textual.drivers.linux_driver import LinuxDriver

from fdtui.launch import start
from fdtui.tui.terminal.last_resort import end_at_last
from fdtui.tui.terminal.parser import PatientParser

if TYPE_CHECKING:
    from fdtui.launch.kept_frame import KeptFrame
    from fdtui.tui.terminal.pace import Pace
    from fdtui.tui.terminal.replies import Replies

_BASE_KEYS = "\x1b[=4;2u"
"""Asks a terminal of the kitty protocol for what a US keyboard has in a key's place, too."""

_NO_PIPE = (-1, -1)
_OTHER_SCREEN = "\x1b[?1049h"


@runtime_checkable
class DrivenApp(Protocol):
    """What the driver asks of the app that it is for."""

    replies: Replies | None
    pace: Pace | None
    has_mouse: bool

    def forget_painted(self) -> None:
        """Paint every cell again with the next frame."""

    def adopt_painted(self, frame: KeptFrame) -> None:
        """Take over a frame that the terminal shows already."""

    def window_changed(self) -> None:
        """Trust no cell: the window has, or had, another size."""

    def wipe_pictures(self) -> str:
        """The sequence that takes all pictures off the screen."""

    def leave(self, number: int) -> None:
        """End in good order because of a signal."""


class PatientDriver(LinuxDriver):
    """Textual's driver with a decoder that never gives up, and that notices a closed terminal.

    While there is no input, nothing of it runs: a board that is left open costs its host only polls.
    """

    _wake = _NO_PIPE
    """Ends the reading thread: where it reads, where it is written."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        pausing = signal.getsignal(signal.SIGTSTP)
        super().__init__(*arguments, **options)
        if start.is_painted():  # until the terminal is ours
            signal.signal(signal.SIGTSTP, pausing)
        self._is_gone = self._is_painted = False
        self._typed: list[tuple[float, bytes]] = []
        """What was read before there was a board, and when."""
        self._file = _Tolerant(self._file or sys.stderr, self._hung_up)  # type: ignore[assignment]

    def start_application_mode(self) -> None:
        """Begin, or begin again after a pause, with a screen of which nothing is known."""
        self._wake = os.pipe()
        given = start.hand_over()
        self._typed = given.typed if given is not None else []
        modes = given.modes if given is not None else None
        if isinstance(self._app, DrivenApp):
            self._app.forget_painted()
            if given is not None and given.frame is not None:
                self._app.adopt_painted(given.frame)
        self._is_painted = modes is not None
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if modes is not None:
            self.attrs_before = modes
            signal.signal(signal.SIGTSTP, self._sigtstp_application)
        self._watch_size()
        self.write(_BASE_KEYS)
        if self._pace is not None:
            self.write(self._pace.begin())

    def write(self, data: str) -> None:
        """Write, but not what would wipe the last frame: the other screen is on already."""
        if self._is_painted and data == _OTHER_SCREEN:
            self._is_painted = False
            return
        super().write(data)

    def _watch_size(self) -> None:
        """Let the app know of each change of the window's size, also of one that is taken back."""
        app, resized = self._app, signal.getsignal(signal.SIGWINCH)
        if not isinstance(app, DrivenApp) or not callable(resized):
            return

        def changed(number: int, frame: FrameType | None) -> None:
            app.window_changed()
            resized(number, frame)

        signal.signal(signal.SIGWINCH, changed)

    @property
    def _pace(self) -> Pace | None:
        is_asked = self.input_tty and isinstance(self._app, DrivenApp)
        return self._app.pace if is_asked and isinstance(self._app, DrivenApp) else None

    def disable_input(self) -> None:
        """End the reading thread, which sleeps until there is something to read."""
        (reading, writing), self._wake = self._wake, _NO_PIPE
        if writing >= 0:
            os.write(writing, b"!")
        super().disable_input()
        if writing >= 0:
            os.close(reading)
            os.close(writing)

    def stop_application_mode(self) -> None:
        """Give the terminal back without pictures that no text wipes away, with all answers heard."""
        if isinstance(self._app, DrivenApp):
            self.write(self._app.wipe_pictures())
        if self._pace is not None and not self._is_gone:
            self._pace.part()
        super().stop_application_mode()

    def send(self, sequence: str) -> None:
        """Write past the painter."""
        self.write(sequence)
        self.flush()

    @property
    def window(self) -> tuple[int, int, int, int]:
        """Columns, rows, and their width and height in pixels, which are 0 where they are unknown."""
        try:
            found = fcntl.ioctl(self.fileno, termios.TIOCGWINSZ, bytes(8))
        except OSError:
            return 0, 0, 0, 0
        rows, columns, across, down = struct.unpack("HHHH", found)
        return columns, rows, across, down

    def _enable_mouse_support(self) -> None:
        # Clicks and the wheel, but not every move of the mouse: over SSH each would be a packet.
        if self._mouse and isinstance(self._app, DrivenApp) and self._app.has_mouse:
            self.send("\x1b[?1000h\x1b[?1006h")

    def follow_mouse(self) -> None:
        """Ask for clicks where the app wants them now, else leave the mouse to the terminal."""
        if isinstance(self._app, DrivenApp) and self._app.has_mouse:
            self._enable_mouse_support()
        else:
            self.send("\x1b[?1000l\x1b[?1006l")

    def run_input_thread(self) -> None:
        """Read keys until it is stopped, or until the terminal is gone."""
        app = self._app
        pace = app.pace if isinstance(app, DrivenApp) else None
        replies = lambda: app.replies if isinstance(app, DrivenApp) else None  # noqa: E731
        parser = PatientParser(self._debug, replies, pace=pace)
        decode = getincrementaldecoder("utf-8")(errors="surrogateescape").decode
        wake, _ = self._wake
        typed, self._typed = self._typed, []
        for at, data in typed:
            for event in parser.replay(decode(data), at):
                self.process_message(event)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(wake, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                ready = [key.fd for key, _ in selector.select(parser.patience)]
                if wake in ready:
                    return
                if ready:
                    try:
                        data = os.read(self.fileno, 4096)
                    except OSError:
                        data = b""
                    if not data:
                        self._hung_up()
                        return
                    for event in parser.feed(decode(data)):
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)

    def _hung_up(self) -> None:
        """The terminal is gone, and a signal that says so may not come: say it once, from any thread."""
        app = self._app
        if self._is_gone or not isinstance(app, DrivenApp):
            return
        self._is_gone = True
        end_at_last(128 + signal.SIGHUP)  # the loop may be waiting for the terminal
        with contextlib.suppress(RuntimeError):  # the loop may have ended already
            self._loop.call_soon_threadsafe(app.leave, signal.SIGHUP)

    def restore(self) -> None:
        """The keyboard's modes as they were, at once; for an end that could not be orderly."""
        if self.attrs_before is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)


class _Tolerant:
    """A stream for a thread that must not die: what cannot be written is dropped, and told once."""

    def __init__(self, file: IO[str], failed: Callable[[], None]) -> None:
        self._file, self._failed = file, failed

    def write(self, text: str) -> None:
        """Write, or say that it failed."""
        try:
            self._file.write(text)
        except (OSError, ValueError):
            self._failed()

    def flush(self) -> None:
        """Flush, or say that it failed."""
        try:
            self._file.flush()
        except (OSError, ValueError):
            self._failed()

    def fileno(self) -> int:
        """The stream's file descriptor."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._file.isatty()
