"""Tells the windows of one file of each other's writes at once, without looking again and again.

Each has a socket beside the file, and each write sends a byte to all of them. Where there are no such
sockets, a look from time to time has to do.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MAX_PATH = 100
"""Bytes of a socket's path that every system takes."""


class Doorbell:
    """The socket of one window; may be rung from any thread."""

    def __init__(self, beside: Path, name: str) -> None:
        self._folder, self._stem = beside.parent, beside.stem
        self._path = beside.with_name(f"{beside.stem}-{name}.bell")
        self._socket: socket.socket | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def listen(self, rung: Callable[[], object]) -> bool:
        """Call ``rung`` on this event loop whenever another window rings; false where nobody can."""
        if not hasattr(socket, "AF_UNIX"):
            return False
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            listening.setblocking(False)
            with self._named() as address:
                listening.bind(address(self._path))
            self._path.chmod(0o600)
            loop = asyncio.get_running_loop()
            loop.add_reader(listening.fileno(), self._heard, listening, rung)
        except (OSError, NotImplementedError):
            listening.close()
            return False
        self._socket, self._loop = listening, loop
        return True

    def ring(self) -> None:
        """Tell all other windows that something was written."""
        if not hasattr(socket, "AF_UNIX"):
            return
        others = [each for each in self._folder.glob(f"{self._stem}-*.bell") if each != self._path]
        if not others:
            return
        with (
            suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sending,
            self._named() as address,
        ):
            sending.setblocking(False)
            for path in others:
                self._ring_one(sending, address(path), path)

    @contextmanager
    def _named(self) -> Iterator[Callable[[Path], str]]:
        """How a socket of the folder is called: a name has room for about 100 bytes."""
        if len(os.fsencode(self._path)) <= MAX_PATH:
            yield str
            return
        folder = os.open(self._folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            yield lambda path: f"/proc/self/fd/{folder}/{path.name}"  # where there is none: OSError
        finally:
            os.close(folder)

    @staticmethod
    def _ring_one(sending: socket.socket, address: str, path: Path) -> None:
        try:
            sending.sendto(b"!", address)
        except (ConnectionRefusedError, FileNotFoundError):
            with suppress(OSError):
                path.unlink()  # its window is gone
        except OSError:
            pass  # it has enough to read already

    @staticmethod
    def _heard(listening: socket.socket, rung: Callable[[], object]) -> None:
        with suppress(OSError):
            while listening.recv(16):
                pass
        rung()

    def close(self) -> None:
        """Be rung no more; on the loop that listens."""
        listening, self._socket = self._socket, None
        if listening is not None:
            if self._loop is not None and not self._loop.is_closed():
                self._loop.remove_reader(listening.fileno())
            listening.close()
            with suppress(OSError):
                self._path.unlink()
