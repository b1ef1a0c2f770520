"""Starts programs without waiting for their imports: one process imports all, and forks for each start.

What is forked is the real program from `fdtui.cli.main.main` on, with a terminal or pipes of its own,
its own environment and folder, in a session of its own. What is not tried that way is the start of the
interpreter and the order of imports; ``tests/pty/test_terminal.py`` starts the program as a user does.

The process is asked over a socket, with a program's standard streams in the message. It forks twice, so
that the program becomes a child of whoever asked (``PR_SET_CHILD_SUBREAPER``), who can wait for it.
"""

from __future__ import annotations

import array
import atexit
import contextlib
import ctypes
import functools
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

IMPORTED = (
    "fdtui.cli.main", "fdtui.cli.commands",
    "fdtui.cli.board", "fdtui.cli.demo", "fdtui.cli.serve", "fdtui.cli.task", "fdtui.wiring",
    "fdtui.api", "fdtui.tui.app", "fdtui.server.http.serve", "fdtui.server.http.app",
    "fdtui.server.seed",
    "fdtui.server.store",
    "uvicorn", "uvicorn.protocols.http.h11_impl", "uvicorn.lifespan.on", "uvicorn.loops.asyncio",
    "sqlalchemy.dialects.sqlite",
)  # fmt: skip
ROOT = Path(__file__).parents[2]
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER in linux/prctl.h
_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE, signal.SIGTERM)


@functools.cache
def _process() -> socket.socket | None:
    """The end of the socket that this process asks at; ``None`` where the system is no Linux."""
    if sys.platform != "linux" or ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0) != 0:
        return None
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "FDTUI"))
    }
    code = "from tests.terminal.prefork import main; main()"
    helper = subprocess.Popen(  # it ends when our end of the socket closes
        [sys.executable, "-c", code, str(theirs.fileno())],
        pass_fds=[theirs.fileno()],
        cwd=ROOT,
        env=kept,
        stdin=subprocess.DEVNULL,
    )

    def end() -> None:
        ours.close()
        helper.wait(timeout=10)

    atexit.register(end)
    theirs.close()
    return ours


def start(
    argv: Sequence[str],
    environ: Mapping[str, str],
    streams: Sequence[int],
    *,
    tty: bool,
    folder: Path | None = None,
) -> int:
    """Start ``fdtui`` with the arguments ``argv``; its process id, a child of this process.

    ``streams`` are the file descriptors for its standard input, output and error; with ``tty`` the
    first of them is a terminal, which becomes the program's own. It starts in ``folder``, or here.
    """
    where = str(folder or Path.cwd())
    ours = _process()
    if ours is None:
        return _spawned(argv, environ, streams, tty=tty, folder=where)
    order = {"argv": list(argv), "environ": dict(environ), "cwd": where, "tty": tty}
    fds = array.array("i", streams)
    ours.sendmsg([json.dumps(order).encode()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
    return int(ours.recv(64))


def _spawned(
    argv: Sequence[str],
    environ: Mapping[str, str],
    streams: Sequence[int],
    *,
    tty: bool,
    folder: str,
) -> int:
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(OSError):
            _take_streams(streams, tty=tty)
            os.chdir(folder)
            os.execvpe(sys.executable, [sys.executable, "-m", "fdtui", *argv], environ)
        os._exit(127)
    return pid


def _take_streams(streams: Sequence[int], *, tty: bool) -> None:
    for each in _SIGNALS:
        signal.signal(each, signal.SIG_DFL)
    if tty:
        os.login_tty(streams[0])
        return
    os.setsid()
    for at, stream in enumerate(streams):
        os.dup2(stream, at)
    for stream in set(streams) - {0, 1, 2}:
        os.close(stream)


def _serve(theirs: socket.socket) -> None:
    """Fork for each order, until the other end is gone."""
    while True:
        data, fds, _, _ = socket.recv_fds(theirs, 1 << 20, 3)
        if not data:
            return
        order = json.loads(data)
        ready, told = os.pipe()
        middle = os.fork()
        if middle == 0:
            pid = os.fork()
            if pid == 0:
                for fd in (ready, told):
                    os.close(fd)
                theirs.close()
                _run(order, fds)
            os.write(told, str(pid).encode())
            os._exit(0)
        os.waitpid(middle, 0)  # only now is the program a child of whoever asked
        theirs.send(os.read(ready, 64))
        for fd in (ready, told):
            os.close(fd)
        for fd in fds:
            os.close(fd)


def _run(order: dict[str, object], fds: list[int]) -> None:
    """Be the program; never returns."""
    code = 1
    try:
        _take_streams(fds, tty=bool(order["tty"]))
        os.environ.clear()
        os.environ.update(order["environ"])  # type: ignore[call-overload]
        time.tzset()
        os.chdir(str(order["cwd"]))
        sys.argv = ["fdtui", *order["argv"]]  # type: ignore[misc]
        for fd, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
            stream = os.fdopen(fd, mode, encoding="utf-8", closefd=False)
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)
        from fdtui.cli.main import main

        main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    finally:
        _end(code)


def _end(code: int) -> None:
    """End as an interpreter does: with what was registered for the end, and what is buffered."""
    import threading

    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


def main() -> None:
    """Import everything, then serve the socket whose number is the first argument."""
    import gc
    import importlib

    for name in IMPORTED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    _serve(socket.socket(fileno=int(sys.argv[1])))
