"""The next state. Pure: the same state and event always give the same state.

Where nothing changes the *same object* comes back, so that whoever draws may compare by identity.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Protocol, TypeVar, assert_never

from fdtui.core import events
from fdtui.core.adoption import adopted, with_feed
from fdtui.core.batch import Outcome
from fdtui.core.details import Details, Part
from fdtui.core.events import Event
from fdtui.core.frozen import replace as frozen_replace
from fdtui.core.intents import CreateTask, DeleteTask, followed
from fdtui.core.remarks import remarked
from fdtui.core.remembered import News, Stay
from fdtui.core.schema import Schema, WorkflowRef
from fdtui.core.state import ConnectionState, Refusal, State
from fdtui.core.task import Task
from fdtui.core.task_map import TaskChanges, TaskMap, differing

MAX_DETAILS = 64
"""Tasks whose details are kept; the least recently learned go first."""

MAX_REFUSALS = 64
"""Refusals that are remembered for the forms they came from."""

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T", bound="_Ticketed")


class _Ticketed(Protocol):
    @property
    def ticket(self) -> int: ...


def update(state: State, event: Event) -> State:
    """The state after ``event``."""
    after = _updated(state, event)
    if after is not state:
        after.follow_shown(state)
    return after


def _updated(state: State, event: Event) -> State:
    match event:
        case events.WorkflowsListed(workflows, workspace):
            return _set(state, workflows=workflows, workspace=workspace)
        case events.WorkflowOpened(workflow):
            return _opened(state, workflow)
        case events.SchemaLearned(schema):
            return _set(state, schema=schema)
        case events.Fetched(tasks, asked, complaints):
            return _fetched(state, tasks, asked, complaints)
        case events.Changed():
            return _changed(state, event)
        case events.Recalled(tasks, at):
            return replace(state, base=TaskMap.of(tasks), as_of=at, loaded=True)
        case events.Repacked(before, tasks):
            return _repacked(state, before, tasks)
        case events.Reread(key, task, asked):
            return _reread(state, key, task, asked)
        case events.DetailsLearned(key, details):
            return _detailed(state, key, details)
        case events.DetailDenied(key, part, why):
            return _denied(state, key, part, why)
        case events.Remembered(news, stays):
            return _remembered(state, news, stays)
        case events.ConnectionChanged():
            return _connected(state, event)
        case events.RunChanged(run):
            return replace(state, runs=_in_order(run, state.runs))
        case events.RunDismissed(ticket):
            return replace(state, runs=_dropped(state.runs, ticket))
        case events.TransferChanged(transfer):
            return replace(state, transfers=_in_order(transfer, state.transfers))
        case events.TransferDismissed(ticket):
            return replace(state, transfers=_dropped(state.transfers, ticket))
        case _:
            return _of_writing(state, event)


def _of_writing(state: State, event: events.Writing) -> State:
    """What becomes of the user's intents: queued, saved, sent, and answered in one way or another."""
    match event:
        case events.Queued(pending):
            refused = _without(state.refused, pending.key)
            return replace(state, pending=(*state.pending, pending), refused=refused)
        case events.Recollected(found):
            refused = _without_all(state.refused, {each.key for each in found})
            return replace(state, pending=(*state.pending, *found), refused=refused)
        case events.Saved(tickets):
            saved = (frozen_replace(p, saved=True) if p.ticket in tickets else p for p in state.pending)
            return replace(state, pending=tuple(saved))
        case events.Sent(ticket):
            sent = tuple(p.as_sent() if p.ticket == ticket else p for p in state.pending)
            return _set(state, pending=sent)
        case events.Confirmed(ticket, task, write):
            return _confirmed(state, ticket, task, write)
        case events.Refused():
            return _refused(state, event)
        case events.Withdrawn(tickets):
            left = tuple(each for each in state.pending if each.ticket not in tickets)
            return _answered(_set(state, pending=left), tickets, Outcome.WITHDRAWN)
        case events.WaitingElsewhere(counts):
            return _set(state, elsewhere=counts)
        case events.SenderStalled(process):
            return _set(state, stalled=process)
        case events.BatchBegun(batch):
            return replace(state, batch=batch)
        case events.Answered(ticket, outcome, why):
            return _answered(state, {ticket}, outcome, why)
        case events.ConflictResolved(key):
            return _settled(state, key)
        case events.Acknowledged(key):
            return _set(state, refused=_without(state.refused, key))
        case _:
            assert_never(event)


def _set(state: State, **values: Any) -> State:
    """``state`` with ``values``; the same object where it has them already."""
    is_same = all(getattr(state, name) == value for name, value in values.items())
    return state if is_same else replace(state, **values)


def _opened(state: State, workflow: WorkflowRef) -> State:
    return replace(
        state,
        workflow=workflow,
        schema=Schema(),
        base=TaskMap(),
        pending=(),
        refused=MappingProxyType({}),
        conflicts=MappingProxyType({}),
        details=MappingProxyType({}),
        news=MappingProxyType({}),
        stays=MappingProxyType({}),
        written=MappingProxyType({}),
        complaints=(),
        as_of=None,
        loaded=False,
        connection=ConnectionState.CONNECTING,
        connection_reason="",
    )


def _fetched(state: State, tasks: Mapping[str, Task], asked: int, complaints: tuple[str, ...]) -> State:
    old = state.base
    listed = TaskChanges(adopted(old, tasks))
    for key, write in state.written.items():
        known = old.get(key)
        if write <= asked:
            continue
        if known is None:
            listed.drop(key)  # deleted after the listing was asked for
        elif listed.get(key) is not known:
            listed.put(known)  # changed or made after that
    fresh = listed.result
    is_like_it = len(old) == len(fresh) and not differing(old, fresh)
    is_same = is_like_it and (fresh.shares_with(old) or (not fresh.is_packed and [*fresh] == [*old]))
    if is_same and state.loaded and state.as_of is None:
        if complaints == state.complaints:
            return state
        return replace(state, complaints=complaints)
    return replace(
        state,
        base=old if is_same else fresh,
        complaints=complaints,
        loaded=True,
        as_of=None,
        written=MappingProxyType({k: w for k, w in state.written.items() if w > asked}),
        refused=MappingProxyType({k: why for k, why in state.refused.items() if k in fresh}),
    )


def is_overtaken(state: State, event: events.Changed) -> bool:
    """Whether ``event`` tells of a task that was written since it was asked for.

    Nobody knows which of the two is newer, so it has to be asked for again.
    """
    late = (key for key, write in state.written.items() if write > event.asked)
    return any(
        (key in event.tasks and event.tasks[key] != state.base.get(key))
        or (key in event.gone and key in state.base)
        for key in late
    )


def _changed(state: State, event: events.Changed) -> State:
    old = state.base
    late = {key for key, write in state.written.items() if write > event.asked}
    fresh = {key: task for key, task in event.tasks.items() if key not in late and old.get(key) != task}
    gone = {key for key in event.gone if key in old and key not in late}
    if not fresh and not gone:
        return state
    base = with_feed(old, fresh, gone)
    refused = state.refused
    if gone & refused.keys():
        refused = MappingProxyType({k: why for k, why in refused.items() if k in base})
    written = MappingProxyType({k: w for k, w in state.written.items() if w > event.asked})
    return replace(state, base=base, refused=refused, written=written)


def _repacked(state: State, before: TaskMap, tasks: TaskMap) -> State:
    base = state.base
    if not base.shares_with(before):
        return state  # a listing came meanwhile
    changed = differing(before, base)
    fresh = {key: task for key in changed if (task := base.get(key)) is not None}
    gone = {key for key in changed if key not in base}
    return replace(state, base=tasks.with_changes(fresh, gone).since(base, ()))


def _reread(state: State, key: str, task: Task | None, asked: int) -> State:
    known = state.base.get(key)
    if known is None or known == task or state.written.get(key, 0) > asked:
        return state
    if task is None:
        return replace(state, base=state.base.with_changes({}, {key}))
    return replace(state, base=state.base.with_changes({key: task}))


def _confirmed(state: State, ticket: int, task: Task | None, write: int) -> State:
    pending = next((p for p in state.pending if p.ticket == ticket), None)
    left = _dropped(state.pending, ticket)
    base, written, details = state.base, state.written, state.details
    if pending is not None and pending.key in details:
        known = details[pending.key]
        said = remarked(known, pending.intent, state.me or "you")
        details = details if said is known else _with(details, pending.key, said)
    if task is not None:
        base, written = base.with_changes({task.key: task}), _with(written, task.key, write)
    elif pending is not None and isinstance(pending.intent, DeleteTask):
        base = base.with_changes({}, {pending.key}) if pending.key in base else base
        written = _with(written, pending.key, write)
    if pending is not None and isinstance(pending.intent, CreateTask):
        if task is not None:
            making, key = pending.intent, pending.key
            left = tuple(followed(each, making, task) if each.key == key else each for each in left)
        if pending.intent.resolves:
            state = _settled(state, pending.intent.resolves)
    return replace(state, base=base, pending=left, written=written, details=details)


def _refused(state: State, event: events.Refused) -> State:
    ticket, why, conflict = event.ticket, event.why, event.conflict
    pending = next((p for p in state.pending if p.ticket == ticket), None)
    if pending is None:
        return state
    refusal = Refusal(pending, why, event.fields, conflict)
    refusals = (*state.refusals, refusal)[-MAX_REFUSALS:]
    left, refused = _dropped(state.pending, ticket), _with(state.refused, pending.key, why)
    if conflict is None:
        return replace(state, pending=left, refused=refused, refusals=refusals)
    conflicts = _with(state.conflicts, pending.key, conflict)
    return replace(state, pending=left, refused=refused, refusals=refusals, conflicts=conflicts)


def _settled(state: State, key: str) -> State:
    """The task ``key`` is in conflict no longer."""
    if key not in state.conflicts:
        return state
    conflicts, refused = _without(state.conflicts, key), _without(state.refused, key)
    return replace(state, conflicts=conflicts, refused=refused)


def _connected(state: State, event: events.ConnectionChanged) -> State:
    if (event.connection, event.reason) == (state.connection, state.connection_reason):
        return state
    since = state.connection_since if event.connection == state.connection else event.at
    return replace(
        state, connection=event.connection, connection_reason=event.reason, connection_since=since
    )


def _remembered(state: State, news: Mapping[str, News], stays: Mapping[str, Stay]) -> State:
    news = state.news if news == state.news else MappingProxyType(dict(news))
    stays = state.stays if stays == state.stays else MappingProxyType(dict(stays))
    is_same = news is state.news and stays is state.stays
    return state if is_same else replace(state, news=news, stays=stays)


def _detailed(state: State, key: str, details: Details) -> State:
    known = state.details.get(key, Details())
    fetched = {part for part in Part if getattr(details, part) is not None}
    news = {part: getattr(details, part) for part in fetched}
    problems = {part: why for part, why in known.problems if part not in fetched}
    problems |= dict(details.problems)
    cached = {part: at for part, at in known.cached if part not in fetched} | dict(details.cached)
    merged = replace(known, **news, problems=tuple(problems.items()), cached=tuple(cached.items()))
    if merged == known:
        return state
    others = list(_without(state.details, key).items())[-(MAX_DETAILS - 1) :]
    return replace(state, details=MappingProxyType({**dict(others), key: merged}))


def _denied(state: State, key: str, part: Part, why: str) -> State:
    known = state.details.get(key, Details())
    problems = {**dict(known.problems), part: why}
    cached = tuple(each for each in known.cached if each[0] != part)
    # What this run has fetched stays, as ever; what an earlier one had kept is not shown any longer.
    gone = {part.value: None} if known.as_of(part) is not None else {}
    denied = replace(known, problems=tuple(problems.items()), cached=cached, **gone)
    return state if denied == known else replace(state, details=_with(state.details, key, denied))


def _answered(state: State, tickets: Set[int], outcome: Outcome, why: str = "") -> State:
    batch = state.batch.answered(tickets, outcome, why) if state.batch is not None else None
    return state if batch is state.batch else replace(state, batch=batch)


def _in_order(changed: T, known: tuple[T, ...]) -> tuple[T, ...]:
    """``known`` with ``changed``, by their tickets."""
    others = _dropped(known, changed.ticket)
    return tuple(sorted((*others, changed), key=lambda each: each.ticket))


def _dropped(known: tuple[T, ...], ticket: int) -> tuple[T, ...]:
    return tuple(each for each in known if each.ticket != ticket)


def _with(mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return MappingProxyType({**mapping, key: value})


def _without_all(mapping: Mapping[K, V], keys: Set[K]) -> Mapping[K, V]:
    if mapping.keys().isdisjoint(keys):
        return mapping
    return MappingProxyType({each: value for each, value in mapping.items() if each not in keys})


def _without(mapping: Mapping[K, V], key: K) -> Mapping[K, V]:
    if key not in mapping:
        return mapping
    return MappingProxyType({each: value for each, value in mapping.items() if each != key})
