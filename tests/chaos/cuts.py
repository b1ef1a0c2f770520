"""Requests cut after any byte, and their answers: each deed is done once, or the user is told.

The session, its client and the server are real; between them is a network that ends the connection
after byte N of a write or of its answer, or drops the answer whole.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from fdtui.core.intents import (
    AddChecklistItem,
    AddComment,
    AssignTask,
    CreateTask,
    DeleteTask,
    Intent,
    MoveTask,
    SetFields,
)
from fdtui.core.state import State
from fdtui.sync.session import Session
from tests.chaos.acts import Act, Deed
from tests.chaos.faulty import WELL, Fault, FaultyLink, Kind, Message
from tests.chaos.office import ME, OTHERS, STAGES, WORKFLOW, Office

TASKS = 24
LONGEST_ANSWER = 700
"""Bytes; a cut after more than an answer has ends the connection right behind it."""
AGAIN = 0.3
"""How often a deed that was cut once is cut once more."""
KINDS = (Kind.CUT_UP, Kind.CUT_DOWN, Kind.RESET, Kind.DROP)


@dataclass
class Cutter:
    """Cuts the first try of every write, and some of those after it."""

    chance: Random
    counts: Counter[Kind] = field(default_factory=Counter)
    _tries: Counter[bytes] = field(default_factory=Counter)

    def __call__(self, request: Message) -> Fault:
        method, path, _ = request.words
        if method == "GET":
            return WELL
        who = f"{method} {path} ".encode() + request.body
        self._tries[who] += 1
        if self._tries[who] > 3 or (self._tries[who] > 1 and self.chance.random() > AGAIN):
            return WELL
        kind = self.chance.choice(KINDS)
        self.counts[kind] += 1
        length = len(request.data) if kind is Kind.CUT_UP else LONGEST_ANSWER
        return Fault(kind, self.chance.randrange(length))


@dataclass
class Outcome:
    """What came of all deeds."""

    cuts: Counter[Kind] = field(default_factory=Counter)
    done: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    """Deeds of which the user was told that they failed, by kind."""
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def total(self) -> int:
        """How many requests and answers were cut or dropped."""
        return sum(self.cuts.values())

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(self.cuts.items()))
        refused = ", ".join(f"{kind} {number}" for kind, number in sorted(self.refused.items()))
        return (
            f"{len(self.problems)} doubled or lost\nin {self.total} cuts ({kinds}): "
            f"{self.done} deeds done, {sum(self.refused.values())} refused ({refused or 'none'}), "
            f"{self.seconds:.0f} s"
        )


class Desk:
    """The session with its user, who does many things at once."""

    def __init__(self, office: Office, link: FaultyLink, folder: Path, chance: Random) -> None:
        self._office, self._chance, self._numbers = office, chance, count(1)
        self.told: set[Intent] = set()
        self.acts: list[tuple[Act, Intent | None]] = []
        self.session = _session(link.url, office.key, folder)
        self.session.on_change = self._see
        self.session.on_notice = lambda _: None
        self._made: list[str] = []

    def _see(self, state: State) -> None:
        self.told.update(each.pending.intent for each in state.refusals)

    def do(self) -> None:
        """One thing for each task that is there, and new ones."""
        for task in list(self.session.state.shown.values()):
            if task.uid is None or task.problem:
                continue
            number, uid = next(self._numbers), task.uid
            match self._chance.randrange(6):
                case 0:
                    self._perform(Deed.EDIT, uid, SetFields(task.key, (("Name", f"name {number}"),)))
                case 1:
                    self._perform(Deed.COMMENT, uid, AddComment(task.key, f"said {number}"))
                case 2:
                    stage = self._chance.choice([each for each in STAGES if each != task.stage])
                    self._perform(Deed.MOVE, uid, MoveTask(task.key, stage))
                case 3:
                    who = [each for each in (ME, *OTHERS) if each != task.row.get("Assigned To")]
                    self._perform(Deed.ASSIGN, uid, AssignTask(task.key, self._chance.choice(who)))
                case 4:
                    item = AddChecklistItem(task.key, f"item {number}", task.stage)
                    self._perform(Deed.ITEM, uid, item)
                case 5 if uid in self._made:
                    self._perform(Deed.DELETE, uid, DeleteTask(task.key))
        for _ in range(6):
            self._create()

    def _create(self) -> None:
        number = next(self._numbers)
        uid, name = f"n{number}", f"made {number}"
        self._made.append(uid)
        values = {"Name": name, **({} if self._office.counts else {"ID": uid})}
        self.session.create(values)
        self.acts.append((Act(Deed.CREATE, "" if self._office.counts else uid, name), None))

    def _perform(self, deed: Deed, uid: str, intent: Any) -> None:
        value = {
            SetFields: lambda: intent.values[0][1],
            AddComment: lambda: intent.body,
            AddChecklistItem: lambda: intent.title,
            MoveTask: lambda: intent.stage,
            AssignTask: lambda: intent.email,
            DeleteTask: lambda: None,
        }[type(intent)]()
        position = self._office.log[-1].id if self._office.log else 0
        self.acts.append((Act(deed, uid, value, since=position), intent))
        self.session.perform(intent)

    def is_told(self, act: Act, intent: Intent | None) -> bool:
        """Whether the user was told that it did not get through, or may not have."""
        if intent is not None:
            return intent in self.told
        return any(
            isinstance(each, CreateTask) and ("Name", act.value) in each.values for each in self.told
        )


def _session(url: str, key: str, folder: Path) -> Session:
    """A session with the storage of the program, which waits for nothing that is not under way."""
    from fdtui.api.client import Client
    from fdtui.api.retry import Timing
    from fdtui.config.paths import find_folders
    from fdtui.config.settings import Profile
    from fdtui.sync.session import SessionOptions
    from fdtui.wiring import sessions

    async def no_time(_: float) -> None:
        await asyncio.sleep(0.002)

    async def connect() -> Any:
        timing = Timing(sleep=no_time, chance=lambda: 0.0)
        return Client.open(url, key, read_only=False, timing=timing)

    options = SessionOptions(WORKFLOW, me=ME, every=3600)
    folders, profile = find_folders({"FDTUI_HOME": str(folder)}), Profile(url=url, user=ME)
    journal = sessions.journal_of(folders, profile, options, print)
    return Session(connect, options, clock=time.time, sleep=no_time, journal=journal)


def judge(desk: Desk, office: Office, outcome: Outcome) -> None:
    """Hold what was done since the last judgement against the server's log."""
    seen = len(office.log)
    fresh = office.look()[seen:]
    used: dict[int, int] = defaultdict(int)
    for act, intent in desk.acts:
        found = [entry for entry in fresh if act.is_in(entry)]
        for entry in found:
            used[entry.id] += 1
        told = desk.is_told(act, intent)
        if len(found) > 1 or (not found and not told):
            outcome.problems.append(f"{act} is there {len(found)} times, told: {told}: {found}")
        elif told:
            outcome.refused[act.deed] += 1
        else:
            outcome.done += 1
    outcome.problems += [
        f"nobody asked for {each}" for each in fresh if each.is_ours and not used[each.id]
    ]
    desk.acts.clear()


async def _idle(desk: Desk, link: FaultyLink) -> None:
    """Wait until all was answered; what is still under way after two minutes is said."""
    try:
        async with asyncio.timeout(120):
            await desk.session.idle()
    except TimeoutError:
        state, last = desk.session.state, "\n".join(map(str, link.seen[-20:]))
        raise AssertionError(
            f"under way for two minutes: {state.pending}, {state.connection}: "
            f"{state.connection_reason}; the last requests:\n{last}"
        ) from None


async def _run(
    cuts: int, chance: Random, office: Office, folder: Path, say: Callable[[str], None]
) -> Outcome:
    outcome, cutter, began = Outcome(), Cutter(chance), time.monotonic()
    link = FaultyLink(office.port)
    desk = Desk(office, link, folder, chance)
    run = asyncio.create_task(desk.session.run())
    try:
        await asyncio.sleep(0)
        await desk.session.idle()
        link.choose = cutter
        while sum(cutter.counts.values()) < cuts:
            desk.do()
            await _idle(desk, link)
            await asyncio.to_thread(judge, desk, office, outcome)
            outcome.cuts, outcome.seconds = cutter.counts, time.monotonic() - began
            say(str(outcome))
    finally:
        run.cancel()
        with suppress(asyncio.CancelledError):
            await run
        link.stop()
    return outcome


def run(cuts: int, seed: int, *, say: Callable[[str], None] = lambda _: None) -> Sequence[Outcome]:
    """Cut so many requests and answers, with ids that the user gives and with ids of the server's."""
    found = []
    for counts in (False, True):
        with tempfile.TemporaryDirectory(prefix="chaos") as name:
            folder = Path(name)
            office = Office(folder, counts=counts)
            try:
                for number in range(TASKS):
                    office.make(f"task {number}", f"t{number}")
                office.look()
                chance = Random(f"{seed}/{counts}")
                found.append(asyncio.run(_run(cuts // 2, chance, office, folder / "home", say)))
            finally:
                office.stop()
    return found
