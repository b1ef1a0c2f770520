"""The program ended at random moments, over and over, and judged after each."""

from __future__ import annotations

import json
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any

from tests.chaos.acts import Act, Deed
from tests.chaos.faulty import WELL, Fault, FaultyLink, Kind
from tests.chaos.ledger import Verdict, judge
from tests.chaos.office import ME, OTHERS, STAGES, Office
from tests.chaos.screen import Screen
from tests.chaos.tally import Tally
from tests.chaos.user import ENDS, User
from tests.terminal import prefork

LIVES = 20
"""Ends of the program in one episode: then comes a new server, and a new home."""
TASKS = 7
PATIENCE = 12.0
"""Seconds that a program may take to send what waits, once the network is well."""

_ACTS = {
    "move": 6, "assign": 3, "edit": 4, "comment": 3, "item": 2, "create": 3, "delete": 1, "many": 1,
}  # fmt: skip
_ON_WAITING = {"move": 4, "assign": 3, "edit": 4, "comment": 3, "item": 2, "delete": 1}
"""What is done, and how often; with a task that waits for its creation."""


def _one_of(chance: Random, weights: dict[str, int]) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]


class Episode:
    """One server, one home, and some lives of the program."""

    def __init__(self, folder: Path, seed: int, tally: Tally, *, is_local: bool = False) -> None:
        """With ``is_local`` the program has the server in itself, and a colleague shares its file."""
        self.seed, self.tally, self._folder, self._is_local = seed, tally, folder, is_local
        self.office = Office(folder, counts=seed % 2 == 1)
        self.link = FaultyLink(self.office.port)
        settings = '[board]\ndensity = "comfortable"\n'
        if is_local:
            settings += f'[profiles.chaos]\nlocal = true\ndatabase = "{self.office.database}"\n'
        (folder / "chaos.toml").write_text(settings)
        self.acts: list[Act] = []
        self.transcript: list[str] = []
        self._began = time.monotonic()
        self._number = 0
        self._position = 0
        self._settled: set[str] = set()
        """Problems that were counted already."""
        for _ in range(TASKS):
            self._colleague_makes()

    def tell(self, what: str) -> None:
        """Write into the transcript."""
        self.transcript.append(f"{time.monotonic() - self._began:8.3f} {what}")

    def close(self) -> None:
        """End the server and the network."""
        self.link.stop()
        self.office.stop()

    # ---- a life ----

    def live(self, number: int) -> Verdict:
        """Start the program, work, end it; start it again and judge."""
        chance = Random(f"{self.seed}/{number}")
        self.tell(f"---- life {number} ----")
        self._work(chance)
        self.tally.kills += 1
        self.link.become(WELL)
        return self._judge(chance)

    def _environ(self) -> dict[str, str]:
        place = {"FDTUI_URL": self.link.url, "FDTUI_API_KEY": self.office.key}
        if self._is_local:
            place = {}
        return {
            "FDTUI_HOME": str(self._folder / "home"),
            "FDTUI_CONFIG": str(self._folder / "chaos.toml"),
            "TMPDIR": str(self._folder),
            **place,
            "FDTUI_USER": ME,
            "FDTUI_WORKFLOW": "chaos",
        }

    def _start(self, chance: Random) -> User:
        def position() -> int:
            log = self.office.look()
            return log[-1].id if log else 0

        return User(self._environ(), chance, position, self.tell)

    def _work(self, chance: Random) -> None:
        self._become(chance, calm=0.6)
        user = self._start(chance)
        try:
            if chance.random() > 0.1:  # else it ends while it starts
                user.wait(lambda screen: screen.is_bare, 5)
                if chance.random() < 0.8:  # else keys are typed on the last frame, or on an old board
                    user.wait(lambda screen: screen.is_bare and screen.is_live, 1.5)
                if not self._is_local and not self.office.counts and chance.random() < 0.3:
                    self._works_offline(user, chance)
                for _ in range(chance.randint(1, 6)):
                    if chance.random() < 0.35:
                        self._become(chance, calm=0.35)
                    if chance.random() < 0.3:
                        self._colleague_acts(chance)
                    if user.is_hasty or user.has_ended:
                        break
                    if user.is_on_board():
                        self._user_acts(user, chance)
            user.look(chance.choice([0.0, 0.02, 0.1, 0.4]) * chance.random())
            how = chance.choice(ENDS)
            self.tally.ends[how] = self.tally.ends.get(how, 0) + 1
            self.tell(f"end by {how}; the screen:\n{user.screen}")
            user.end(how)
        finally:
            user.window.__exit__()
            self.acts += user.acts
            self.tally.acts += len(user.acts)
            self.tally.taken += sum(act.taken is not None for act in user.acts)

    def _become(self, chance: Random, calm: float) -> None:
        kinds = [kind for kind in Kind if kind is not Kind.NONE]
        kind = Kind.NONE if chance.random() < calm else chance.choice(kinds)
        after = (
            chance.randint(1, 60) if kind is Kind.SLOW else chance.choice([0, 1, 9, 30, 120, 200, 260])
        )
        fault = Fault(kind, after, writes_only=chance.random() < 0.7)
        self.tell(f"the network: {fault}")
        self.link.become(fault)

    def _works_offline(self, user: User, chance: Random) -> None:
        """Make a task while the server is away or answers no change, and go on with that task."""
        kind = chance.choice([Kind.REFUSE, Kind.BLACK_HOLE, Kind.HANG, Kind.DROP])
        fault = Fault(kind, writes_only=kind is not Kind.REFUSE and chance.random() < 0.5)
        user.wait(lambda screen: screen.is_live, 2)
        self.tell(f"the network, for a new task: {fault}")
        self.link.become(fault)
        self._number += 1
        uid = f"n{self._number}"
        user.create(f"made-{self._number}", uid)
        for _ in range(chance.randint(1, 4)):
            card = user.screen.card(uid) if user.is_on_board() else None
            if user.is_hasty or card is None or card.mark != "waiting":
                break
            self._number += 1
            self.tally.early += 1
            self._does(user, _one_of(chance, _ON_WAITING), uid)

    # ---- what happens ----

    def _user_acts(self, user: User, chance: Random) -> None:
        self._number += 1
        acts = [*self.acts, *user.acts]
        known = {act.uid for act in acts if act.deed is Deed.DELETE}
        made = {act.uid for act in acts if act.deed is Deed.CREATE and act.uid and act.taken}
        cards = [
            card
            for card in user.screen.cards
            if card.uid in self._there | made and card.uid not in known and card.mark in {"", "waiting"}
        ]
        waiting = [card for card in cards if card.uid not in self._there and card.mark]
        if not cards:
            return
        # What waits for its creation is worked on as soon as it is there, for it may soon be made.
        uid = chance.choice(waiting if waiting and chance.random() < 0.7 else cards).uid
        if any(card.uid == uid for card in waiting):
            self.tally.early += 1
        self._does(user, _one_of(chance, _ACTS), uid)

    def _does(self, user: User, what: str, uid: str) -> None:
        match what:
            case "move":
                user.move(uid)
            case "assign":
                user.assign(uid)
            case "edit":
                user.edit(uid, f"mine-{self._number}")
            case "comment":
                user.comment(uid, f"said-{self._number}")
            case "item":
                user.add_item(uid, f"todo-{self._number}")
            case "create":
                user.create(f"made-{self._number}", "" if self.office.counts else f"n{self._number}")
            case "delete" if uid not in self._there or len(self._there) > 4:
                user.delete(uid)
            case "many":
                user.move_many(uid)

    def _colleague_makes(self) -> None:
        self._number += 1
        self.office.make(f"theirs-{self._number}", f"t{self._number}")
        self._there = set(self.office.tasks())

    def _colleague_acts(self, chance: Random) -> None:
        self._number += 1
        there = sorted(self.office.tasks())
        if not there:
            return
        uid = chance.choice(there)
        what = chance.choices(["Name", "Stage", "Assigned To", "delete"], [4, 4, 3, 1])[0]
        value: Any = None
        if what == "delete":
            if len(there) > 4:
                self.office.delete(uid)
        else:
            value = {
                "Name": f"theirs-{self._number}",
                "Stage": chance.choice(STAGES),
                "Assigned To": chance.choice([*OTHERS, None]),
            }[what]
            self.office.change(uid, **{what.replace(" ", "_"): value})
        self.tell(f"a colleague: {uid} {what} {value}")

    # ---- the judgement ----

    def _judge(self, chance: Random) -> Verdict:
        if chance.random() < 0.3:
            self._fdtui("sync")
        user = self._start(chance)
        try:
            user.wait(lambda screen: screen.is_bare and screen.is_live, 10)
            is_done = user.wait(lambda screen: screen.is_bare and not self._waits(screen), PATIENCE)
            user.look(0.15)
            if not is_done:
                self.tally.stuck += 1
                self.tally.problems.append("stuck: something waits though the network is well")
            told = self._told(user.screen)
            log, rows = self.office.look(), self.office.tasks()
            verdict = self._fresh(judge(self.acts, log, rows, told))
            if not self.office.keeps_keys:
                nameless = ("comment", "create (new)")
                verdict.doubled = [each for each in verdict.doubled if not each.startswith(nameless)]
            self.tally.add(verdict)
            if verdict.problems or not is_done:
                said = "\n".join(verdict.problems) or "stuck"
                self.tell(f"JUDGED: {said}\nthe screen:\n{user.screen}")
                self.transcript += [str(each) for each in (*self.acts, *log, *self.link.seen)]
            user.end("SIGKILL" if chance.random() < 0.5 else "SIGTERM")
        finally:
            user.window.__exit__()
        while len(self.office.tasks()) < TASKS:
            self._colleague_makes()
        self._there = set(self.office.tasks())
        return verdict

    def _fresh(self, verdict: Verdict) -> Verdict:
        """Without what was found after an earlier end of this episode."""
        for sentences in (verdict.lost, verdict.doubled, verdict.overwritten):
            sentences[:] = [each for each in sentences if each.partition(";")[0] not in self._settled]
            self._settled.update(each.partition(";")[0] for each in sentences)
        return verdict

    def _waits(self, screen: Screen) -> bool:
        """Whether something is still to be sent."""
        return screen.waiting > 0 or any(card.mark == "waiting" for card in screen.cards)

    def _told(self, screen: Screen) -> Callable[[Act], bool]:
        """What the program says that is not on the server: on the cards, and in its list."""
        listed = self._fdtui("journal", "list", "--all", "--json")
        rows = [row for row in json.loads(listed or "[]") if _is_told(row)]
        self.tell(f"the journal: {rows}")

        def is_told(act: Act) -> bool:
            card = screen.card(act.uid) if act.uid else screen.titled(str(act.value))
            if card is not None and card.mark:
                return True
            return any(_is_about(row, act) for row in rows)

        return is_told

    def _fdtui(self, *arguments: str) -> str:
        """What a command of the program says on its standard output; nothing where it fails."""
        ours, theirs = os.pipe()
        with Path(os.devnull).open("r+b") as nothing:
            streams = [nothing.fileno(), theirs, nothing.fileno()]
            pid = prefork.start(arguments, {**os.environ, **self._environ()}, streams, tty=False)
        os.close(theirs)
        with os.fdopen(ours, "rb") as pipe:
            said = pipe.read().decode()
        os.waitpid(pid, 0)
        return said


def _is_told(row: dict[str, Any]) -> bool:
    """Whether a line says that something did not get through; the user may have seen it already."""
    return row["state"] != "done" and (row["state"] != "closed" or bool(row["why"]))


def _is_about(row: dict[str, Any], act: Act) -> bool:
    """Whether a line of `fdtui journal list` is this act."""
    wanted = json.dumps(row["wanted"], ensure_ascii=False)
    if act.deed in {Deed.COMMENT, Deed.ITEM, Deed.CREATE}:
        return str(act.value) in wanted
    words = ("assign", "unassign") if act.deed is Deed.ASSIGN else (act.deed.value,)
    return row["task"] == act.uid and row["change"].startswith(words)


def run(
    kills: int,
    seed: int,
    *,
    keep: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
    lives: int = LIVES,
    jobs: int = 1,
    is_local: bool = False,
) -> Tally:
    """End the program so many times; transcripts of what went wrong are written to ``keep``.

    With ``is_local`` its workspace is a file, and not a server behind a faulty network.
    """
    tally, began = Tally(), time.monotonic()
    episodes = [
        (seed + at, min(lives, kills - first), keep, is_local)
        for at, first in enumerate(range(0, kills, lives))
    ]
    with ExitStack() as after:
        found: Iterable[Tally]
        if jobs > 1:
            context = multiprocessing.get_context("spawn")
            pool = after.enter_context(ProcessPoolExecutor(jobs, mp_context=context))
            found = pool.map(_episode, *zip(*episodes, strict=True))
        else:
            found = (_episode(*each) for each in episodes)
        for (number, *_), each in zip(episodes, found, strict=True):
            tally.take(each)
            tally.seconds = time.monotonic() - began
            progress(f"seed {number}: {tally}")
    return tally


def _episode(seed: int, lives: int, keep: Path | None, is_local: bool) -> Tally:
    """One episode, with a server and a home of its own."""
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="chaos") as name:
        episode = Episode(Path(name), seed, tally, is_local=is_local)
        try:
            for number in range(lives):
                episode.live(number)
        finally:
            episode.close()
    if tally.problems and keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / f"chaos-{'local' if is_local else 'http'}-{seed}.txt").write_text(
            "\n".join(episode.transcript)
        )
    tally.problems = [f"seed {seed}: {each}" for each in tally.problems]
    return tally
