"""The last frame on the screen before the program is loaded, and the terminal meanwhile.

`begin` paints where there is a frame for this start; `hand_over` gives the terminal to the board's
driver with all that was typed; `give_back` gives it back to the shell whenever something else happens.
The keyboard's signals stay on until the driver takes over, so ctrl+c ends even a start that hangs.
"""

from __future__ import annotations

import os
import sys

from fdtui import __version__
from fdtui.launch.kept_frame import KeptFrame, cache_folder, fingerprint, read_frame

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import FrameType
    from typing import Any, NoReturn

_TAKE = b"\x1b[?1049h\x1b[?25l\x1b[?7l"
_GIVE = b"\x1b[?7h\x1b[?1049l\x1b[?25h"
_KEYBOARD, _SIZED, _SCREEN = 0, 1, 2
"""Where the driver reads keys, takes the size from, and draws."""


class HandedOver:
    """What the driver gets: the terminal's modes as they were, and what was typed since."""

    __slots__ = ("frame", "modes", "typed")

    def __init__(
        self, frame: KeptFrame | None, modes: list[Any] | None, typed: list[tuple[float, bytes]]
    ) -> None:
        """Without a ``frame`` the screen shows anything; without ``modes`` the shell has it.

        Each part of ``typed`` was read at once, at a moment of the monotonic clock.
        """
        self.frame, self.modes, self.typed = frame, modes, typed


class _Start:
    """A terminal that shows the last frame."""

    def __init__(self, frame: KeptFrame) -> None:
        import termios

        self.frame = frame
        self.modes = termios.tcgetattr(_KEYBOARD)
        self.typed: list[tuple[float, bytes]] = []
        self.is_taken = self.is_resized = False
        self._woken = self._wake = -1
        self._done: Any = None

    def take(self) -> None:
        """Take the terminal as the driver does, but for the keyboard's signals, and paint."""
        import termios

        modes = [*self.modes[:6], [*self.modes[6]]]
        modes[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
        modes[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
        modes[3] |= termios.NOFLSH  # ctrl+z loses no key
        modes[6][termios.VMIN] = 1
        self.is_taken = True
        termios.tcsetattr(_KEYBOARD, termios.TCSANOW, modes)
        _say(_TAKE + self.frame.painting)

    def give(self) -> None:
        """Give the terminal back as it was."""
        import termios

        if not self.is_taken:
            return
        self.is_taken = False
        try:
            termios.tcsetattr(_KEYBOARD, termios.TCSANOW, self.modes)
            _say(_GIVE)
        except (OSError, termios.error):  # it is gone
            return

    def listen(self) -> None:
        """Keep what is typed from now on, in a thread: so it is known what came together."""
        import _thread

        self._done = _thread.allocate_lock()
        self._done.acquire()
        self._woken, self._wake = os.pipe()
        _thread.start_new_thread(self._read, (self._woken,))

    def _read(self, wake: int) -> None:
        import select
        import time

        try:
            while True:
                ready, _, _ = select.select([_KEYBOARD, wake], [], [])
                data = b"" if wake in ready else os.read(_KEYBOARD, 4096)
                if not data:  # asked to stop; or the terminal is gone, which others find out, too
                    return
                self.typed.append((time.monotonic(), data))
        except (OSError, ValueError):
            return
        finally:
            self._done.release()

    def stop_listening(self) -> None:
        """End the thread; what comes from now on is for whoever reads next."""
        if self._wake >= 0:
            wake, self._wake = self._wake, -1
            os.write(wake, b"!")
            self._done.acquire()
            os.close(wake)
            os.close(self._woken)


_start: _Start | None = None


def begin(argv: Sequence[str], environ: Mapping[str, str]) -> None:
    """Paint the last frame of this start, where there is one and the terminal is ours."""
    global _start  # noqa: PLW0603 - a program has one terminal
    if sys.platform == "win32" or not all(map(os.isatty, (_KEYBOARD, _SIZED, _SCREEN))):
        return
    try:
        size = os.get_terminal_size(_SIZED)
        mark = fingerprint(argv, environ, __version__)
        frame = read_frame(cache_folder(environ), mark, (size.columns, size.lines)) if mark else None
        if frame is None or os.tcgetpgrp(_KEYBOARD) != os.getpgrp():
            return
        import termios

        try:
            started = _Start(frame)
            _take_signals()
            _start = started
            started.take()
            started.listen()
        except termios.error:
            give_back()
    except OSError:
        give_back()


def is_painted() -> bool:
    """Whether the last frame is on the screen, and nobody has taken the terminal over."""
    return _start is not None and _start.is_taken


def give_back() -> None:
    """Give the terminal back to the shell, if it was taken: something is to be read there."""
    if _start is not None:
        _start.stop_listening()
        _start.give()


def restore() -> None:
    """The same from any thread, at once: for an end that could not be orderly."""
    if _start is not None:
        _start.give()


def hand_over() -> HandedOver | None:
    """Give the terminal to the driver; ``None`` where nothing was painted, or it was given already.

    A frame that the window no longer has the size of is not handed over with it.
    """
    global _start
    started, _start = _start, None
    if started is None:
        return None
    started.stop_listening()
    if not started.is_taken:
        return HandedOver(None, None, started.typed)
    frame = None if started.is_resized or not _fits(started.frame) else started.frame
    return HandedOver(frame, started.modes, started.typed)


def _fits(frame: KeptFrame) -> bool:
    try:
        return tuple(os.get_terminal_size(_SIZED)) == frame.size
    except OSError:
        return False


def _say(data: bytes) -> None:
    while data:
        data = data[os.write(_SCREEN, data) :]


# Signals: until `fdtui.cli.ending` has its own, and for ctrl+z until the driver has


def _take_signals() -> None:
    import signal

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as `nohup` asks for
            signal.signal(number, _end)
    if signal.getsignal(signal.SIGTSTP) is not signal.SIG_IGN:
        signal.signal(signal.SIGTSTP, _pause)
    signal.signal(signal.SIGWINCH, _resized)


def _resized(number: int, _: FrameType | None) -> None:
    """Trust nothing on a screen whose size has changed, even if it changed back."""
    if _start is not None:
        _start.is_resized = True


def _end(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def _pause(number: int, _: FrameType | None) -> None:
    """Stop as any program does at ctrl+z, and paint again when it goes on."""
    import signal

    started = _start
    was_taken = started is not None and started.is_taken
    if started is not None:
        started.give()
    os.kill(os.getpid(), signal.SIGSTOP)
    if started is not None and was_taken and started is _start:
        _take_again(started)


def _take_again(started: _Start) -> None:
    import termios

    try:
        if _fits(started.frame):
            started.take()
    except (OSError, termios.error):
        started.give()
