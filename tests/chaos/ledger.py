"""Holds what a user was shown against what the server's log says: lost, doubled, overwritten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from tests.chaos.acts import Act, Deed
from tests.chaos.office import Entry

Told = Callable[[Act], bool]
"""Whether the program says that an act waits, was refused, or is in conflict."""


@dataclass
class Verdict:
    """What is wrong, in sentences."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    overwritten: list[str] = field(default_factory=list)
    told: int = 0
    """Acts that are not on the server, of which the program says so."""

    @property
    def problems(self) -> list[str]:
        """All of it, each with its kind."""
        kinds = {"lost": self.lost, "doubled": self.doubled, "overwritten": self.overwritten}
        return [f"{kind}: {each}" for kind, sentences in kinds.items() for each in sentences]


def judge(
    acts: Sequence[Act], log: Sequence[Entry], rows: Mapping[str, Mapping[str, object]], told: Told
) -> Verdict:
    """Hold all acts of an episode against all of the server's log and the tasks that are there."""
    verdict = Verdict()
    chains: dict[tuple[Deed, str], list[Act]] = defaultdict(list)
    for act in acts:
        if act.deed in {Deed.CREATE, Deed.COMMENT, Deed.ITEM}:
            _judge_once(act, acts, log, told, verdict)
        else:
            chains[act.deed, act.uid].append(act)
    gone = {entry.uid: entry for entry in log if entry.what == "task.deleted"}
    for (deed, uid), chain in chains.items():
        if deed is Deed.DELETE:
            _judge_delete(chain, log, rows, told, verdict)
        elif not _is_taken_back(uid, acts, log):
            _Chain(chain, log, rows.get(uid), gone.get(uid), told).judge(verdict)
    _judge_strangers(acts, log, verdict)
    return verdict


def _judge_once(
    act: Act, acts: Sequence[Act], log: Sequence[Entry], told: Told, verdict: Verdict
) -> None:
    """A comment, an item to do or a new task: its text is nobody else's, so it can be counted."""
    count = sum(act.is_in(entry) for entry in log)
    if count > 1:
        verdict.doubled.append(f"{act} is there {count} times")
    if count or act.taken is None:
        return
    deleted_after = any(
        each.deed is Deed.DELETE and each.uid == act.uid and each.begun > act.begun for each in acts
    )
    if told(act):
        verdict.told += 1
    elif not act.uid or not deleted_after:
        verdict.lost.append(str(act))


def _is_taken_back(uid: str, acts: Sequence[Act], log: Sequence[Entry]) -> bool:
    """Whether the user made a task and deleted it before the server knew of it."""
    deeds = {act.deed for act in acts if act.uid == uid and act.taken is not None}
    return {Deed.CREATE, Deed.DELETE} <= deeds and not any(entry.uid == uid for entry in log)


def _judge_delete(
    chain: Sequence[Act],
    log: Sequence[Entry],
    rows: Mapping[str, object],
    told: Told,
    verdict: Verdict,
) -> None:
    for act in chain:
        deletions = [entry for entry in log if act.is_in(entry) and entry.id > act.since]
        for entry in deletions:
            unseen = [
                each
                for each in log
                if act.since < each.id < entry.id
                and each.uid == act.uid
                and each.what == "task.updated"
                and not each.is_ours
            ]
            if unseen:
                verdict.overwritten.append(f"{act} took with it what was unseen: {unseen[-1].after}")
        if act.taken is not None and act.uid in rows:
            if told(act):
                verdict.told += 1
            else:
                verdict.lost.append(str(act))


def _judge_strangers(acts: Sequence[Act], log: Sequence[Entry], verdict: Verdict) -> None:
    """What the program did to a task that no act of the user asks for."""
    asked = {(act.uid, act.field) for act in acts if act.field}
    makings = [act for act in acts if act.deed is Deed.CREATE]
    for entry in log:
        if entry.is_ours and entry.what == "task.updated":
            for name in entry.after:
                if (entry.uid, name) not in asked:
                    verdict.overwritten.append(f"{entry.uid} {name}, which nobody asked for: {entry}")
        elif (
            entry.is_ours
            and entry.what == "task.created"
            and not any(act.is_in(entry) for act in makings)
        ):
            verdict.doubled.append(f"a task that nobody asked for: {entry}")


@dataclass
class _Chain:
    """All acts on one field of one task, against what the log says of that field."""

    acts: Sequence[Act]
    log: Sequence[Entry]
    row: Mapping[str, object] | None
    deletion: Entry | None
    told: Told

    def __post_init__(self) -> None:
        first = self.acts[0]
        self.name, self.uid = first.field, first.uid
        self.changes = [
            entry
            for entry in self.log
            if entry.uid == self.uid and entry.what == "task.updated" and self.name in entry.after
        ]

    def judge(self, verdict: Verdict) -> None:
        """Each change by the program is one act, in order; the last act that was shown is there."""
        at, before = 0, None
        for entry in self.changes:
            if entry.is_ours:
                found = self._claimed(entry, at, before)
                if found is None:
                    verdict.doubled.append(
                        f"{self.uid} {self.name} = {entry.after[self.name]} (line {entry.id}): "
                        f"of {[str(act) for act in self.acts]} from {at}"
                    )
                else:
                    if before is not None and not before.is_ours and not self._saw(found, before):
                        verdict.overwritten.append(f"{self.acts[found]} over unseen {before.after}")
                    at = found + 1
            before = entry
        self._judge_last(verdict)

    def _claimed(self, entry: Entry, at: int, before: Entry | None) -> int | None:
        """The act that this change is: of those that are left, one that saw what was there before."""
        fitting = [n for n in range(at, len(self.acts)) if self.acts[n].is_in(entry)]
        if before is not None and not before.is_ours:
            saw = [n for n in fitting if self._saw(n, before)]
            fitting = saw or fitting
        return fitting[0] if fitting else None

    def _saw(self, at: int, theirs: Entry) -> bool:
        """Whether the user saw a colleague's value, before the keys or right behind them."""
        act, value = self.acts[at], theirs.after[self.name]
        if act.seen == value:
            return theirs.id <= act.since or act.note == "undo"
        return theirs.id <= act.since and str(value).encode() in act.telling and self.name == "Name"

    def _judge_last(self, verdict: Verdict) -> None:
        shown = [at for at, act in enumerate(self.acts) if act.taken is not None]
        if not shown:
            return
        last = self.acts[shown[-1]]
        wanted = {act.value for act in self.acts[shown[-1] :]}
        if self._is_there(last, wanted):
            return
        if self.told(last):
            verdict.told += 1
        else:
            now = "deleted" if self.row is None else self.row.get(self.name)
            verdict.lost.append(f"{last}; it is {now!r}")

    def _is_there(self, last: Act, wanted: Collection[object]) -> bool:
        if self.row is not None and self.row.get(self.name) in wanted:
            return True
        # Whoever made it so: what is there already is not sent again.
        before = [entry for entry in self.changes if entry.id <= last.since][-1:]
        after = [entry for entry in self.changes if entry.id > last.since]
        if any(entry.after[self.name] in wanted for entry in [*before, *after]):
            return True
        if any(
            each.is_ours
            and (each.what, each.uid) == ("task.created", self.uid)
            and each.after.get(self.name) in wanted
            for each in self.log
        ):
            return True  # it was created so: what is changed while it waits goes into its creation
        if self.row is None and self.deletion is not None and self.deletion.is_ours:
            return True  # the user's own deletion came after it, and that one is judged by itself
        return any(act.seen in wanted for act in self.acts if self._is_unsent(act))

    def _is_unsent(self, act: Act) -> bool:
        """Whether nothing of it reached the server: there and back, it is no change."""
        return not any(
            entry.is_ours and entry.id > act.since and act.is_in(entry) for entry in self.changes
        )
