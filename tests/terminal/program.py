"""A program in a pseudo-terminal: its screen, its bytes, its keys, its end."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType

from tests.terminal import prefork
from tests.terminal.vt import Vt

KEYS = {
    "enter": "\r", "tab": "\t", "escape": "\x1b", "space": " ", "backspace": "\x7f",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
    "home": "\x1b[H", "end": "\x1b[F", "pageup": "\x1b[5~", "pagedown": "\x1b[6~",
}  # fmt: skip
UNWANTED = (
    "COLUMNS",
    "LINES",
    "TMUX",
    "NO_COLOR",
    "FORCE_COLOR",
    "VIRTUAL_ENV",
    "SSH_CONNECTION",
    "SSH_TTY",
    "SSH_CLIENT",
)


class Program:
    """A running program; use it as a context manager, so that it never outlives its test."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        columns: int = 80,
        rows: int = 24,
        environ: Mapping[str, str] | None = None,
        preforked: bool = False,
    ) -> None:
        """Start ``argv``; with ``preforked`` it is the arguments of ``fdtui``, started by `prefork`."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in UNWANTED
            and not name.startswith(("PYTHON", "TEXTUAL", "PYTEST", "FDTUI", "XDG"))
        }
        kept |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
        self.vt = Vt(columns, rows, lambda text: self.write(text.encode()))
        self.output = bytearray()
        """Every byte that the program has written."""
        self.code: int | None = None
        master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(slave)
        self.began = time.monotonic()
        self.heard = self.began
        """When the last byte arrived."""
        full = {**kept, **(environ or {})}
        if preforked:
            self.pid = prefork.start(argv, full, [slave], tty=True)
        else:
            self.pid = self._executed(argv, full, master, slave)
        self._slave = slave  # kept open, so that the modes left behind can be read
        self._fd = master
        self.is_hung_up = False
        """Whether there is no terminal any more; then nothing can be read or typed."""

    @staticmethod
    def _executed(argv: Sequence[str], environ: Mapping[str, str], master: int, slave: int) -> int:
        pid = os.fork()
        if pid == 0:
            with contextlib.suppress(OSError):
                os.close(master)
                os.login_tty(slave)
                for each in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE):
                    signal.signal(each, signal.SIG_DFL)
                os.execvpe(argv[0], list(argv), environ)
            os._exit(127)
        return pid

    def __enter__(self) -> Program:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.code is None:
            self.signal(signal.SIGKILL)
            self.wait_end()
        if not self.is_hung_up:
            os.close(self._slave)
            os.close(self._fd)

    @property
    def screen(self) -> str:
        """The screen as text, a line each."""
        return "\n".join(self.vt.lines)

    @property
    def modes_left(self) -> list[int]:
        """The terminal's flags as they are now; compare with `before`."""
        return termios.tcgetattr(self._slave)[:4]

    def write(self, data: bytes) -> None:
        """Type bytes as they are."""
        while data:
            _, ready, _ = select.select([], [self._fd], [], 5)
            assert ready, "the program does not read what is typed"
            data = data[os.write(self._fd, data[:1024]) :]

    def press(self, *keys: str) -> None:
        """Type keys by name, or characters."""
        for key in keys:
            control = re.fullmatch(r"ctrl\+([a-z])", key)
            text = chr(ord(control[1]) & 31) if control else KEYS.get(key, key)
            self.write(text.encode())

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Close the terminal under the program, as a lost connection does."""
        self.is_hung_up = True
        os.close(self._slave)
        os.close(self._fd)

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the window."""
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.vt.screen.resize(max(rows, 1), max(columns, 1))

    def read(self, seconds: float) -> bool:
        """Take output that comes within the time; whether there was any."""
        if self.is_hung_up:
            time.sleep(min(seconds, 0.01))
            return False
        ready, _, _ = select.select([self._fd], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self._fd, 65536)
        except OSError:
            return False
        self.heard = time.monotonic()
        self.output += data
        self._take(data)
        return bool(data)

    def _take(self, data: bytes) -> None:
        """Do with output what a terminal does."""
        self.vt.feed(data)

    def wait_for(self, pattern: str, seconds: float = 15) -> re.Match[str]:
        """Wait until the screen matches ``pattern``."""
        deadline = time.monotonic() + seconds
        while True:
            if match := re.search(pattern, self.screen):
                return match
            self._alive_until(deadline, f"“{pattern}” did not appear")

    def wait_gone(self, pattern: str, seconds: float = 15) -> None:
        """Wait until the screen matches ``pattern`` no more."""
        deadline = time.monotonic() + seconds
        while re.search(pattern, self.screen):
            self._alive_until(deadline, f"“{pattern}” did not go away")

    def settle(self, quiet: float = 0.15, seconds: float = 10) -> None:
        """Wait until the program has written nothing for a while."""
        deadline = time.monotonic() + seconds
        while self.read(quiet):
            assert time.monotonic() < deadline, "the program does not come to rest"

    def wait_end(self, seconds: float = 10) -> int:
        """Wait for the end of the program; its exit code, negative for a signal."""
        deadline = time.monotonic() + seconds
        while self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
                while self.read(0):
                    pass
            else:
                self.read(0.02)
                assert time.monotonic() < deadline, f"it does not end; the screen:\n{self.screen}"
        return self.code

    def _alive_until(self, deadline: float, complaint: str) -> None:
        if not self.read(0.05):
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
                raise AssertionError(f"{complaint}: it ended ({self.code}); the screen:\n{self.screen}")
        assert time.monotonic() < deadline, f"{complaint}; the screen:\n{self.screen}"
