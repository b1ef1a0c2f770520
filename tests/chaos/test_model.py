"""Any order of edits, ends, lost links and colleagues, against a plain dictionary.

The dictionary says what the server must hold, and a list what must still wait. The session is a
process that is really killed, the storage is the program's, the server is ours, over a real network
that can be told to fail. ``FDTUI_EXAMPLES`` asks for more examples. What fails is not shrunk: the same
steps take other times.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from tests.chaos.faulty import WELL, Fault, FaultyLink, Kind
from tests.chaos.lives import Life
from tests.chaos.office import STAGES, Office

EXAMPLES = int(os.environ.get("FDTUI_EXAMPLES", "12"))
TASKS = st.integers(0, 2)
FIELDS = ("Name", "Note", "Stage")


@dataclass
class Op:
    """What the board showed as taken, and no answer was awaited for."""

    kind: str
    uid: str
    value: str | None
    field: str = ""
    was: str | None = None
    may_be_there: bool = False
    """Whether it left and nobody heard the answer."""


class NothingIsLost(RuleBasedStateMachine):
    office: ClassVar[Office]
    link: ClassVar[FaultyLink]
    folder: ClassVar[Path]
    examples: ClassVar[Iterator[int]] = count(1)
    taken: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.prefix = f"e{next(self.examples)}"
        self.numbers = count(1)
        self.server: dict[str, dict[str, Any]] = {}
        self.comments: dict[str, list[str]] = {}
        self.waiting: list[Op] = []
        self.due: set[str] = set()
        """Tasks of which the board has to say that something did not get through."""
        self.mode = "online"
        self.link.become(WELL)
        for number in range(3):
            self._appears(f"{self.prefix}-t{number}", f"task {number}")
            self.office.make(f"task {number}", f"{self.prefix}-t{number}")
        self._start()

    def _appears(self, uid: str, name: str | None) -> None:
        self.server[uid] = {"Name": name, "Note": None, "Stage": STAGES[0]}
        self.comments[uid] = []

    def _start(self) -> None:
        self.life = Life(self.link.url, self.office.key, self.folder / self.prefix)
        self.life.ask("view")

    def _uid(self, at: int) -> str:
        return f"{self.prefix}-t{at}"

    # ---- the user ----

    @rule(at=TASKS, field=st.sampled_from(FIELDS), stage=st.sampled_from(STAGES))
    def edit(self, at: int, field: str, stage: str) -> None:
        uid = self._uid(at)
        value = stage if field == "Stage" else f"mine {next(self.numbers)}"
        answer = self.life.ask("edit", uid=uid, field=field, value=value)
        if not answer["there"]:
            assert uid not in self.server or self.mode == "offline", f"{uid} is not on the board"
        elif answer["was"] != value:
            assert answer["taken"] or answer["notices"], answer
            if answer["taken"]:
                self._take(Op("edit", uid, value, field, answer["was"]))
            else:  # a colleague's deletion that the board had not heard of refused it at once
                assert uid not in self.server, answer

    @rule(at=TASKS)
    def comment(self, at: int) -> None:
        text = f"{self.prefix} said {next(self.numbers)}"
        if self.life.ask("comment", uid=self._uid(at), text=text)["taken"]:
            self._take(Op("comment", self._uid(at), text))

    @rule()
    def create(self) -> None:
        number = next(self.numbers)
        uid, name = f"{self.prefix}-n{number}", f"{self.prefix} made {number}"
        if self.life.ask("create", uid=uid, name=name)["taken"]:
            self._take(Op("create", uid, name))

    @precondition(lambda self: self.mode != "deaf")  # there, what has left may come back with a word
    @rule()
    def undo(self) -> None:
        self._again("undo")

    @precondition(lambda self: self.mode != "deaf")
    @rule()
    def redo(self) -> None:
        self._again("redo")

    def _again(self, what: str) -> None:
        if self.mode == "online":
            self._settle()  # so that what changes on the board is this alone
        answer = self.life.ask(what)
        for uid, field, was, value in answer["changed"]:
            self._take(Op("edit", uid, value, field, was))
        for kind in ("gone", "back"):
            for name in answer[kind]:
                if " made " in name:
                    uid = name.replace(" made ", "-n")
                    self._take(Op("create" if kind == "back" else "delete", uid, name))

    def _take(self, op: Op) -> None:
        type(self).taken += 1
        is_first = not any(each.uid == op.uid for each in self.waiting)
        op.may_be_there = self.mode == "deaf" and is_first
        self.waiting.append(op)
        self.due.discard(op.uid)  # whoever touches a task again has seen what was said of it

    # ---- the world ----

    @precondition(lambda self: self.mode != "offline")
    @rule()
    def goes_offline(self) -> None:
        self.link.become(Fault(Kind.REFUSE))
        self.mode = "offline"

    @precondition(lambda self: self.mode == "online")
    @rule()
    def goes_deaf(self) -> None:
        """What is written arrives, and no answer comes back."""
        self._settle()
        self.link.become(Fault(Kind.HANG))
        self.mode = "deaf"

    @precondition(lambda self: self.mode != "online")
    @rule()
    def comes_back(self) -> None:
        self.link.become(WELL)
        self.mode = "online"
        self._settle()

    @rule()
    def kill(self) -> None:
        self.life.kill()
        self._start()
        shown = self.life.ask("view")
        last = {(each.uid, each.field): each.value for each in self.waiting if each.kind == "edit"}
        for (uid, field), value in last.items():
            if self.mode == "offline" and uid in shown["rows"]:
                assert shown["rows"][uid][field] == value, "what waits is shown after a start"

    @rule(at=TASKS, field=st.sampled_from(("Name", "Note")))
    def other_edit(self, at: int, field: str) -> None:
        uid, value = self._uid(at), f"theirs {next(self.numbers)}"
        if self.mode == "online":
            self._settle()
        was_there = self.office.change(uid, **{field: value})
        assert was_there == (uid in self.server)
        if was_there:
            self.server[uid][field] = value
            self._is_seen(uid, field, value)

    @rule(at=TASKS)
    def other_delete(self, at: int) -> None:
        uid = self._uid(at)
        if self.mode == "online":
            self._settle()
        if self.office.delete(uid):
            del self.server[uid]
            self._is_seen(uid, "", None)

    def _is_seen(self, uid: str, field: str, value: str | None) -> None:
        if self.mode == "online":
            assert self.life.ask("see", uid=uid, field=field, value=value)

    # ---- the judgement ----

    def _settle(self) -> None:
        shown = self.life.ask("drain", seconds=40)
        assert shown["drained"], f"something waits though the network is well: {shown}"
        for op in self.waiting:
            self._deliver(op)
        self.waiting.clear()
        self._check(shown)

    def _deliver(self, op: Op) -> None:
        """What the server makes of it, in words of the dictionary."""
        row = self.server.get(op.uid)
        if op.kind == "create":
            self._appears(op.uid, op.value)
        elif op.kind == "delete":
            self.server.pop(op.uid, None)
        elif row is None:
            self._refuse(op)
        elif op.kind == "comment":
            self.comments[op.uid].append(str(op.value))
        elif row[op.field] not in {op.was, op.value}:
            self._refuse(op)
        else:
            row[op.field] = op.value

    def _refuse(self, op: Op) -> None:
        if not op.may_be_there:
            self.due.add(op.uid)

    def _check(self, shown: dict[str, Any]) -> None:
        rows = self.office.tasks()
        there = {uid: row for uid, row in rows.items() if uid.startswith(f"{self.prefix}-")}
        held = {uid: {name: row[name] for name in FIELDS} for uid, row in there.items()}
        assert held == self.server
        for uid in self.server:
            said = Counter(self.office.comments(uid))
            if not self.office.keeps_keys:
                said = Counter(said.keys())
            assert said <= Counter(self.comments[uid]), "a comment is there twice"
            missing = Counter(self.comments[uid]) - said
            assert not missing or uid in shown["told"], f"{missing}, and nothing says so"
            self.comments[uid] = list(said.elements())
        assert self.due <= set(shown["told"]), f"not told: {shown}"

    def teardown(self) -> None:
        try:
            self.link.become(WELL)
            self.mode = "online"
            self._settle()
            self.life.kill()
            self._start()
            self._settle()
        finally:
            self.life.kill()
            for uid in self.server:
                self.office.delete(uid)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = Office(tmp_path_factory.mktemp("model"))
    yield made
    made.stop()


# A life that is killed closes none of its sockets.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.timeout(600)
def test_nothing_is_lost_in_any_order(office: Office, tmp_path: Path) -> None:
    NothingIsLost.office, NothingIsLost.folder = office, tmp_path
    NothingIsLost.link = FaultyLink(office.port)
    try:
        run_state_machine_as_test(
            NothingIsLost,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=20,
                deadline=None,
                derandomize=True,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        NothingIsLost.link.stop()
    assert NothingIsLost.taken > 50
