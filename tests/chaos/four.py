"""Four processes with one journal make five hundred edits at once: five hundred requests, in order."""

from __future__ import annotations

import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.faulty import WELL, Fault, FaultyLink, Kind
from tests.chaos.lives import Life
from tests.chaos.office import ME, OTHERS, Office

PROCESSES = 4
Edit = tuple[str, str, str]
"""Unique id, field, value."""


@dataclass
class Count:
    """What came of it."""

    edits: int
    taken: int = 0
    requests: int = 0
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        return (
            f"{len(self.problems)} wrong: {self.requests} requests for {self.edits} edits by "
            f"{PROCESSES} processes, {self.taken} shown as taken, {self.seconds:.0f} s"
        )


def values_of(uid: str) -> list[Edit]:
    """One change of each field of a task, in the order in which they are made."""
    who = ME if uid.endswith("0") else OTHERS[0]
    values = {"Name": f"{uid} named", "Note": f"{uid} noted", "Stage": "Doing", "Assigned To": who}
    return [(uid, name, value) for name, value in values.items()]


def edits_of(edits: int) -> list[list[Edit]]:
    """For each process: all fields of tasks of its own, and one field each of tasks of everybody."""
    each = edits // PROCESSES
    shared = [f"shared-{at}" for at in range(each // 5)]
    found = []
    for number in range(PROCESSES):
        own = [edit for at in range(each // 5) for edit in values_of(f"own-{number}-{at}")]
        both = [values_of(uid)[number] for uid in shared]
        found.append([*own, *both])
    return found


def run(edits: int, *, offline: bool) -> Count:
    """Let them edit, with the network as it should be, or without one until all is done."""
    count, began = Count(edits), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="chaos") as name, ExitStack() as after:
        folder, wanted = Path(name), edits_of(edits)
        office = Office(folder)
        after.callback(office.stop)
        link = FaultyLink(office.port)
        after.callback(link.stop)
        uids = {uid for each in wanted for uid, _, _ in each}
        for uid in sorted(uids):
            office.make(uid, uid)
        lives = [Life(link.url, office.key, folder / "home") for _ in wanted]
        for life in lives:
            after.callback(life.kill)
            life.ask("drain")
        if offline:
            link.become(Fault(Kind.REFUSE))
        for life, each in zip(lives, wanted, strict=True):
            life.tell("many", edits=each)
        count.taken = sum(life.hear(300) for life in lives)
        link.become(WELL)
        for life in lives:
            shown = life.ask("drain", seconds=280, timeout=300)
            if not shown["drained"] or shown["told"]:
                count.problems.append(f"a process is not done: {shown}")
        count.requests = len(link.seen)
        count.problems += _problems(office, wanted, count)
        count.seconds = time.monotonic() - began
    return count


def _problems(office: Office, wanted: Sequence[Sequence[Edit]], count: Count) -> list[str]:
    done: dict[str, list[str]] = defaultdict(list)
    for entry in office.look():
        if entry.is_ours:
            done[entry.uid] += entry.after
    problems, rows = [], office.tasks()
    for edit, number in Counter(edit for each in wanted for edit in each).items():
        assert number == 1
        uid, name, value = edit
        if done[uid].count(name) != 1 or rows[uid][name] != value:
            problems.append(f"{edit}: {done[uid]}")
    for uid, names in done.items():
        if uid.startswith("own") and names != [name for _, name, _ in values_of(uid)]:
            problems.append(f"{uid} was changed in another order: {names}")
    if count.taken != count.edits or count.requests != count.edits:
        problems.append(f"{count.requests} requests for {count.edits} edits, {count.taken} taken")
    return problems
