"""Every call that writes the journal made to fail: what is shown as taken is there after a restart.

Run with the library of `failing_disk` before the C library (``python -m tests.chaos disk`` does so).
"""

from __future__ import annotations

import errno
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.failing_disk import DiskFault
from tests.chaos.faulty import WELL, Fault, FaultyLink, Kind
from tests.chaos.lives import Life
from tests.chaos.office import Office

ERRORS = (errno.ENOSPC, errno.EIO)
EDITS = 3


@dataclass
class DiskTally:
    """What came of it."""

    calls: int = 0
    """How many calls there are, none of them failing."""
    runs: int = 0
    taken: int = 0
    told: int = 0
    """Edits that were not taken, with a word."""
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        return (
            f"{len(self.problems)} lost or unsaid\nin {self.runs} runs over {self.calls} calls: "
            f"{self.taken} edits shown as taken, {self.told} of which it was said that they are not; "
            f"{self.seconds:.0f} s"
        )


class _Judge:
    def __init__(self, folder: Path, tally: DiskTally) -> None:
        self._folder, self._tally = folder, tally
        self._office = Office(folder)
        self._link = FaultyLink(self._office.port)
        self._number = 0

    def close(self) -> None:
        self._link.stop()
        self._office.stop()

    def count(self) -> int:
        """How many calls write the journal where none fails."""
        return self.suffer(DiskFault())

    def suffer(self, fault: DiskFault) -> int:
        """Edit without a network on such a disk, die, start on a good one; how many calls there were."""
        self._number += 1
        prefix = f"r{self._number}"
        uids = [f"{prefix}-{at}" for at in range(EDITS)]
        for uid in uids:
            self._office.make(uid, uid)
        home = self._folder / prefix
        self._link.become(WELL)
        life = Life(self._link.url, self._office.key, home, fault)
        try:
            life.ask("drain")
            self._link.become(Fault(Kind.REFUSE))
            begun = life.ask("view")["notices"]
            answers = [life.ask("edit", uid=uid, field="Note", value=f"{uid} noted") for uid in uids]
            calls: int = life.ask("calls")
        finally:
            life.kill()
        self._link.become(WELL)
        self._judge(fault, uids, answers, home, begun)
        for uid in uids:
            self._office.delete(uid)
        return calls

    def _judge(
        self,
        fault: DiskFault,
        uids: list[str],
        answers: list[dict[str, Any]],
        home: Path,
        begun: list[str],
    ) -> None:
        life = Life(self._link.url, self._office.key, home)
        try:
            shown = life.ask("drain")
        finally:
            life.kill()
        rows, tally = self._office.tasks(), self._tally
        tally.runs += 1
        for uid, answer in zip(uids, answers, strict=True):
            is_there = rows[uid]["Note"] == f"{uid} noted"
            if any("will not outlive" in each for each in begun):
                tally.told += 1  # at the start, of all that is done from then on
            elif answer["taken"]:
                tally.taken += 1
                if not is_there and uid not in shown["told"]:
                    tally.problems.append(
                        f"{fault}: {uid} was shown as taken and is lost ({answer}, {shown})"
                    )
            elif answer["notices"]:
                tally.told += 1
            else:
                tally.problems.append(f"{fault}: {uid} was not taken, and nothing was said")


def run(*, step: int = 1, say: Callable[[str], None] = lambda _: None) -> DiskTally:
    """Let every ``step``-th call fail, once and for good, with a full disk and a broken one."""
    tally, began = DiskTally(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="chaos") as name:
        judge = _Judge(Path(name), tally)
        try:
            tally.calls = judge.count()
            for at in range(1, tally.calls + 1, step):
                for for_good in (False, True):
                    judge.suffer(DiskFault(at, ERRORS[(at + for_good) % 2], for_good))
                tally.seconds = time.monotonic() - began
                say(f"{at}: {tally}")
        finally:
            judge.close()
    return tally
