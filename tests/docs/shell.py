"""A shell in which the commands of a page are typed; its ``fdtui`` starts without waiting for imports.

``fdtui`` in its PATH is a few lines that hand their arguments and streams to this process, which starts
the program by `prefork`, or, where it is a board, in a terminal of its own, and types what
the page says.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

from fdtui.cli.commands import COMMANDS
from fdtui.cli.completion import VARIABLE
from tests.docs.examples import Press
from tests.terminal import prefork
from tests.terminal.program import Program

SECONDS = 90
"""How long a block may take, on a machine that is busy."""
SECONDS_A_PRESS = 20
BOARD = r"[●*] live|How do you want"
"""What is on the screen once a board, or the setup, can be used."""
_SHIM = """#!{python} -IS
import array, json, os, socket, sys
there = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
there.connect({address!r})
order = {{"argv": sys.argv[1:], "environ": dict(os.environ), "cwd": os.getcwd()}}
fds = array.array("i", [0, 1, 2])
there.sendmsg([json.dumps(order).encode()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)])
code = there.recv(64)
sys.exit(int(code) if code else 70)
"""


class Shell:
    """A bash in a folder and a home of its own."""

    def __init__(self, root: Path) -> None:
        self.folder, self._bin = root / "work", root / "bin"
        for each in (self.folder, self._bin):
            each.mkdir(parents=True)
        self.presses: Sequence[Press] = ()
        """What to do on the next board."""
        self.complaints: list[str] = []
        self._count = 0
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        address = str(root / "s")
        self._listener.bind(address)
        self._listener.listen()
        shim = self._bin / "fdtui"
        shim.write_text(_SHIM.format(python=sys.executable, address=address), "utf-8")
        shim.chmod(0o755)
        threading.Thread(target=self._answer_all, daemon=True).start()
        ready, told = os.pipe()
        environ = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("FDTUI", "XDG", "PYTEST", "TMUX", "LC_"))
            and name not in {"NO_COLOR", "COLUMNS", "LINES"}
        }
        self._bash = subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail"],
            stdin=subprocess.PIPE,
            cwd=self.folder,
            env={
                **environ,
                "HOME": str(root),
                "PATH": f"{self._bin}:{environ['PATH']}",
                "LANG": "C.UTF-8",
                "DONE": str(told),
            },
            pass_fds=[told],
        )
        os.close(told)
        self._ready = ready

    def __enter__(self) -> Shell:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._type("kill $(jobs -p) 2>/dev/null || true; wait; exit\n")
            assert self._bash.stdin is not None
            self._bash.stdin.close()
        self._bash.wait(SECONDS)
        self._listener.close()
        os.close(self._ready)

    def run(self, text: str, answered: str = "") -> str:
        """Type a block; all that it prints. Raises `AssertionError` where it fails.

        ``answered`` is what is typed where it asks.
        """
        script, out = self._written(text)
        answer = script.with_suffix(".in")
        answer.write_text(f"{answered}\n" if answered else "", "utf-8")
        self._type(f"source {script} > {out} 2>&1 < {answer}; echo >&$DONE\n")
        found, _, _ = select.select([self._ready], [], [], SECONDS)
        printed = out.read_text("utf-8") if out.exists() else ""
        assert not self.complaints, "\n".join(self.complaints)
        assert found, f"it does not end:\n{text}\n{printed}"
        assert os.read(self._ready, 64), f"it fails:\n{text}\n{printed}"
        return printed

    def start(self, text: str, seen: str) -> Path:
        """Type a block that runs on, as in a terminal of its own; the file of what it prints.

        Returns when ``seen`` is in it.
        """
        script, out = self._written(text)
        out.touch()
        self._type(f"( exec {{DONE}}>&-; source {script} ) > {out} 2>&1 < /dev/null &\n")
        deadline = time.monotonic() + SECONDS
        while not re.search(seen, out.read_text("utf-8")):
            assert time.monotonic() < deadline, f"it prints nothing:\n{text}\n{out.read_text('utf-8')}"
            time.sleep(0.02)
        return out

    def _written(self, text: str) -> tuple[Path, Path]:
        self._count += 1
        script = self._bin / f"{self._count}.sh"
        script.write_text(text + "\n", "utf-8")
        return script, self._bin / f"{self._count}.out"

    def _type(self, line: str) -> None:
        assert self._bash.stdin is not None
        self._bash.stdin.write(line.encode())
        self._bash.stdin.flush()

    def _answer_all(self) -> None:
        while True:
            try:
                there, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=[there], daemon=True).start()

    def _answer(self, there: socket.socket) -> None:
        data, fds, _, _ = socket.recv_fds(there, 1 << 20, 3)
        order = json.loads(data)
        argv, environ = order["argv"], order["environ"]
        try:
            if _opens_a_board(argv) and VARIABLE not in environ:
                code = self._board(argv, environ)
            else:
                code = self._command(there, argv, environ, fds, Path(order["cwd"]))
        except AssertionError as error:
            self.complaints.append(str(error))
            code = 70
        for fd in fds:
            os.close(fd)
        with contextlib.suppress(OSError), there:
            there.send(str(code).encode())

    @staticmethod
    def _command(
        there: socket.socket, argv: list[str], environ: dict[str, str], fds: list[int], folder: Path
    ) -> int:
        pid = prefork.start(argv, environ, fds, tty=False, folder=folder)
        is_asked = True
        while (ended := os.waitpid(pid, os.WNOHANG))[0] == 0:
            gone, _, _ = select.select([there] if is_asked else [], [], [], 0.01)
            if gone:  # who asked was stopped
                is_asked = False
                os.kill(pid, signal.SIGTERM)
        return os.waitstatus_to_exitcode(ended[1]) % 256

    def _board(self, argv: list[str], environ: dict[str, str]) -> int:
        presses, self.presses = self.presses, ()
        with Program(argv, columns=120, rows=36, environ=environ, preforked=True) as program:
            program.wait_for(BOARD, SECONDS_A_PRESS)
            for each in presses or [Press(("q",), ())]:
                program.settle()  # whoever reads a page looks before typing on
                program.press(*each.keys)
                for text in each.seen:
                    program.wait_for(re.escape(text), SECONDS_A_PRESS)
            return program.wait_end(SECONDS_A_PRESS)


def _opens_a_board(argv: list[str]) -> bool:
    words = list(_words(argv))
    asks = {"--help", "-h", "--version"} & set(argv)
    return not asks and (not words or words[0] not in COMMANDS or words[0] == "demo")


def _words(argv: list[str]) -> Iterator[str]:
    """The arguments that are no options, nor what belongs to one of the common options."""
    rest = iter(argv)
    for each in rest:
        if each in {"--profile", "--url", "--workflow", "--config"}:
            next(rest, None)
        elif not each.startswith("-"):
            yield each
