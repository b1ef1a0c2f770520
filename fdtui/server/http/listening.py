"""Sockets to listen on: TCP, or a unix socket that is its owner's alone."""

from __future__ import annotations

import os
import socket
import stat
from dataclasses import dataclass
from pathlib import Path

from fdtui.core.errors import UsageError
from fdtui.server.private_folder import make_folder

BACKLOG = 1024


@dataclass
class Listener:
    """A bound socket; ``path`` is the file of a unix socket."""

    socket: socket.socket
    path: Path | None = None

    def close(self) -> None:
        """Stop listening, and leave no file behind."""
        self.socket.close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)


def listen_tcp(host: str, port: int) -> Listener:
    """A socket bound to ``host``; port 0 takes a free one. Raises `UsageError`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, OverflowError):
        raise UsageError(f"{host}:{port} is not an address to listen on.") from None
    family, kind, protocol, _, place = found[0]
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(place)
        bound.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        bound.close()
        why = error.strerror if isinstance(error, OSError) else "there is no such port"
        raise UsageError(
            f"{host}:{port} cannot be listened on: {why}.", "Choose another with --port."
        ) from None
    return Listener(bound)


OWNER_ONLY = 0o600


def listen_unix(uds: str, mode: int = OWNER_ONLY) -> Listener:
    """A unix socket of ``mode``, in a folder of mode 0700 where it had to be made.

    What is at ``uds`` already is replaced only if it is our own socket and nobody listens on it;
    else `UsageError`.
    """
    path = Path(uds)
    try:
        make_folder(path.absolute().parent)
        _clear(path)
        bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    except OSError as error:
        raise UsageError(f"The socket {uds} cannot be made: {error.strerror}.") from None
    before = os.umask(0o177)
    try:
        bound.bind(uds)
        path.chmod(mode)
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        raise UsageError(f"The socket {uds} cannot be made: {error.strerror or error}.") from None
    finally:
        os.umask(before)
    return Listener(bound, path)


def _clear(path: Path) -> None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(found.st_mode) or found.st_uid != os.getuid():
        raise UsageError(f"{path} already exists and is not your socket.")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        if probe.connect_ex(str(path)) == 0:
            raise UsageError(f"Another server listens on {path}.")
    path.unlink()
