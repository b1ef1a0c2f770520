"""The order of the stages as moves teach it, where an install does not tell it; kept on this machine."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from heapq import heapify, heappop, heappush
from itertools import islice, pairwise

from fdtui.core.details import Activity
from fdtui.core.errors import StorageError
from fdtui.core.schema import STAGE, Stage
from fdtui.core.state import State
from fdtui.core.task_map import differing
from fdtui.sync.storage.moves import Moves, ObservedMove

SURE = 3
"""More tasks that went from a stage to the next one than back, for their order to be no guess."""
MAX_PER_PAIR = 20
"""Tasks that are remembered of each pair of stages."""
MAX_PAIRS = 200
"""Pairs of stages that are remembered of a workflow."""
MAX_MOVES_LEARNED = 100
"""Moves that are learned from one answer: more are no work of people."""
_LONGEST = 200
"""Letters of a stage's name."""
_OF_STAGES = frozenset({"task.updated"})


class StageTeacher:
    """Sees moves, remembers them, and says which order they teach.

    A disk that refuses is no harm: what is learned ends with the program then.
    """

    def __init__(self, moves: Moves) -> None:
        self._moves = moves
        self._known: dict[str, set[ObservedMove]] = {}

    def see(self, before: State, after: State) -> None:
        """Learn from what two states differ in, whoever moved the tasks."""
        workflow = after.workflow
        if workflow is None or before.workflow != workflow or "stages" not in after.schema.inferred:
            return
        seen: list[ObservedMove] = []
        if before.base is not after.base and before.base:
            seen += islice(seen_moves(before, after), MAX_MOVES_LEARNED)
        if before.details is not after.details:
            for key, details in after.details.items():
                was = before.details.get(key)
                if details.activity and (was is None or was.activity is not details.activity):
                    seen += told_moves(key, details.activity)
        if seen:
            self.learn(workflow.id, seen)

    def order(self, workflow: str, stages: Sequence[Stage]) -> tuple[tuple[Stage, ...], bool]:
        """``stages`` as the moves teach, and whether they leave no doubt."""
        found = lead([each.name for each in stages], self._of(workflow))
        names = order_of([each.name for each in stages], found)
        known = {each.name: each for each in stages}
        sure = all(found.get(pair, 0) >= SURE for pair in pairwise(names))
        return tuple(known[name] for name in names), sure and len(names) > 1

    def _of(self, workflow: str) -> set[ObservedMove]:
        if workflow not in self._known:
            try:
                self._known[workflow] = set(self._moves.get(workflow))
            except StorageError:
                self._known[workflow] = set()
        return self._known[workflow]

    def learn(self, workflow: str, moves: Sequence[ObservedMove]) -> None:
        """Remember ``moves``, as far as they are new and there is room."""
        known = self._of(workflow)
        counts = Counter((each.before, each.after) for each in known)
        fresh: list[ObservedMove] = []
        for move in moves[:MAX_MOVES_LEARNED]:
            pair = (move.before, move.after)
            has_room = 0 < counts[pair] < MAX_PER_PAIR or (not counts[pair] and len(+counts) < MAX_PAIRS)
            if move in known or not has_room or not all(map(_is_name, pair)):
                continue
            known.add(move)
            counts[pair] += 1
            fresh.append(move)
        if fresh:
            with contextlib.suppress(StorageError):  # they are known until the program ends
                self._moves.add(workflow, fresh)


def _is_name(stage: str) -> bool:
    """Whether it can be stored, and is worth it."""
    return 0 < len(stage) <= _LONGEST and not any("\ud800" <= letter <= "\udfff" for letter in stage)


def _short(key: str) -> str:
    """A task's key in few letters, whatever a server takes for one."""
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def seen_moves(before: State, after: State) -> Iterator[ObservedMove]:
    """Where the tasks of two states stand otherwise."""
    for key in differing(before.base, after.base):
        known, task = before.base.get(key), after.base.get(key)
        if known is not None and task is not None and known.stage != task.stage:
            yield ObservedMove(known.stage, task.stage, _short(key))


def told_moves(key: str, entries: Iterable[Activity]) -> Iterator[ObservedMove]:
    """The moves of a task in its log."""
    for each in entries:
        if each.what in _OF_STAGES and isinstance(each.before, dict) and isinstance(each.after, dict):
            before, after = each.before.get(STAGE), each.after.get(STAGE)
            if isinstance(before, str) and isinstance(after, str) and before != after:
                yield ObservedMove(before, after, _short(key))


def lead(names: Sequence[str], moves: Iterable[ObservedMove]) -> dict[tuple[str, str], int]:
    """For each pair of stages how many more tasks went from the first to the second than back."""
    found: dict[tuple[str, str], int] = {}
    known = set(names)
    for each in moves:
        if each.before in known and each.after in known:
            pair = (each.before, each.after)
            found[pair] = found.get(pair, 0) + 1
            found[pair[::-1]] = found.get(pair[::-1], 0) - 1
    return found


def order_of(names: Sequence[str], leads: Mapping[tuple[str, str], int]) -> tuple[str, ...]:
    """``names`` so that tasks go from left to right; where moves do not tell, in the order given.

    Where they contradict each other in a circle, the one from which most others are reached comes first.
    """
    before: dict[str, set[str]] = {name: set() for name in names}
    behind: dict[str, set[str]] = {name: set() for name in names}
    for (one, other), count in leads.items():
        if count > 0:
            before[other].add(one)
            behind[one].add(other)
    places = {name: at for at, name in enumerate(names)}
    free = [at for name, at in places.items() if not before[name]]
    heapify(free)
    bound = {name for name in names if before[name]}
    ordered: list[str] = []
    while free or bound:
        if not free:
            name = max(sorted(bound, key=places.__getitem__), key=lambda n: len(behind[n] & bound))
            bound.discard(name)
            free = [places[name]]
        name = names[heappop(free)]
        ordered.append(name)
        for other in behind[name]:
            before[other].discard(name)
            if other in bound and not before[other]:
                bound.discard(other)
                heappush(free, places[other])
    return tuple(ordered)
