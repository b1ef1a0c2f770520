"""Watches a program from outside: when bytes come, how many, and how much memory it takes."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.terminal.program import Program

_QUERY = re.compile(rb"\x1b\[(?:\?(?P<mode>\d+)\$p|(?P<attributes>0?)c|(?P<place>[56])n)")
_ESCAPES = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|.)"
)


class Watched(Program):
    """A program whose output is timed and counted but not drawn: drawing would take our time."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 40,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(argv, columns=columns, rows=rows, environ=environ)
        self._answered = 0

    @property
    def text(self) -> bytes:
        """Everything written, without escape sequences."""
        return _ESCAPES.sub(b"", bytes(self.output))

    def _take(self, data: bytes) -> None:
        """Answer what the output asks of a terminal, and draw nothing."""
        for query in _QUERY.finditer(self.output, self._answered):
            self._answered = query.end()
            if query["mode"]:
                known = {b"2026": b"2", b"2004": b"2"}.get(query["mode"], b"0")
                self.write(b"\x1b[?" + query["mode"] + b";" + known + b"$y")
            else:
                answers = {b"5": b"\x1b[0n", b"6": b"\x1b[1;1R"}
                self.write(answers.get(query["place"], b"\x1b[?62;22c"))

    def forget(self) -> None:
        """Begin to collect anew: to look through an hour of output takes time."""
        self.output.clear()
        self._answered = 0

    def first_paint(self, words: bytes, seconds: float = 60) -> float:
        """Seconds from the start until ``words`` were written."""
        deadline = time.monotonic() + seconds
        while words not in self.text:
            self.read(0.05)
            assert time.monotonic() < deadline, self.text[-500:]
        return self.heard - self.began

    def key(self, name: str) -> tuple[float, int]:
        """Press a key: seconds until the last byte of the reaction, and how many bytes there were."""
        before, pressed = len(self.output), time.monotonic()
        self.press(name)
        while self.read(0.06 if len(self.output) > before else 1.0):
            pass
        return self.heard - pressed, len(self.output) - before

    def idle(self, seconds: float) -> int:
        """Bytes written while nothing happens."""
        before, deadline = len(self.output), time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self.read(left)
        return len(self.output) - before

    def cpu(self) -> float:
        """Seconds of work so far, of all threads."""
        places = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(each.read_text("ascii").split()[0]) for each in places) / 1e9

    def memory(self, name: str = "VmHWM") -> float:
        """Peak resident memory so far, in MB; as ``VmRSS`` what it is now."""
        status = Path(f"/proc/{self.pid}/status").read_text("utf-8")
        return int(re.findall(rf"{name}:\s+(\d+)", status)[0]) / 1024

    def forget_peak(self) -> None:
        """Let the peak of its memory count from now."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")
