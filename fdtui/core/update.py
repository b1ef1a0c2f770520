"""The next state. Pure: the same state and event always give the same state.

Where nothing changes the *same object* comes back, so that whoever draws may compare by identity.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from types import MappingProxyType
from typing import TypeVar, assert_never

from fdtui.core import events as happened
from fdtui.core.batch import Outcome
from fdtui.core.details import Details, Part
from fdtui.core.events import Event
from fdtui.core.intents import CreateTask, DeleteTask, Pending
from fdtui.core.remarks import remarked
from fdtui.core.schema import Schema, WorkflowRef
from fdtui.core.state import Link, Refusal, State
from fdtui.core.task import Task

MAX_DETAILS = 64
"""Tasks whose details are kept; the least recently learned go first."""

MAX_REFUSALS = 64
"""Refusals that are remembered for the forms they came from."""

K = TypeVar("K")
V = TypeVar("V")


def update(state: State, event: Event) -> State:
    """The state after ``event``."""
    match event:
        case happened.WorkflowsListed(workflows, workspace):
            if workflows == state.workflows and workspace == state.workspace:
                return state
            return replace(state, workflows=workflows, workspace=workspace)
        case happened.WorkflowOpened(workflow):
            return _opened(state, workflow)
        case happened.SchemaLearned(schema):
            return state if schema == state.schema else replace(state, schema=schema)
        case happened.Fetched(tasks, asked, complaints):
            return _fetched(state, tasks, asked, complaints)
        case happened.Recalled(tasks, at):
            return replace(state, base=MappingProxyType(dict(tasks)), as_of=at, loaded=True)
        case happened.Reread(key, task, asked):
            return _reread(state, key, task, asked)
        case happened.Queued(pending):
            refused = _without(state.refused, pending.key)
            return replace(state, pending=(*state.pending, pending), refused=refused)
        case happened.Sent(ticket):
            sent = tuple(p.as_sent() if p.ticket == ticket else p for p in state.pending)
            return state if sent == state.pending else replace(state, pending=sent)
        case happened.Confirmed(ticket, task, write):
            return _confirmed(state, ticket, task, write)
        case happened.Refused():
            return _refused(state, event)
        case happened.Withdrawn(tickets):
            left = tuple(each for each in state.pending if each.ticket not in tickets)
            state = state if left == state.pending else replace(state, pending=left)
            return _answered(state, tickets, Outcome.WITHDRAWN)
        case happened.BatchBegun(batch):
            return replace(state, batch=batch)
        case happened.Answered(ticket, outcome, why):
            return _answered(state, {ticket}, outcome, why)
        case happened.Settled(key):
            if key not in state.conflicts:
                return state
            conflicts, refused = _without(state.conflicts, key), _without(state.refused, key)
            return replace(state, conflicts=conflicts, refused=refused)
        case happened.DetailsLearned(key, details):
            return _detailed(state, key, details)
        case happened.LinkChanged(link, at, reason):
            if (link, reason) == (state.link, state.link_reason):
                return state
            since = state.link_since if link == state.link else at
            return replace(state, link=link, link_reason=reason, link_since=since)
        case happened.Acknowledged(key):
            if key not in state.refused:
                return state
            return replace(state, refused=_without(state.refused, key))
        case happened.RunChanged(run):
            others = [each for each in state.runs if each.ticket != run.ticket]
            return replace(state, runs=tuple(sorted([*others, run], key=lambda each: each.ticket)))
        case happened.RunDismissed(ticket):
            return replace(state, runs=tuple(run for run in state.runs if run.ticket != ticket))
        case happened.TransferChanged(transfer):
            apart = [each for each in state.transfers if each.ticket != transfer.ticket]
            ordered = sorted([*apart, transfer], key=lambda each: each.ticket)
            return replace(state, transfers=tuple(ordered))
        case happened.TransferDismissed(ticket):
            kept = tuple(each for each in state.transfers if each.ticket != ticket)
            return replace(state, transfers=kept)
        case _:
            assert_never(event)


def _opened(state: State, workflow: WorkflowRef) -> State:
    return replace(
        state,
        workflow=workflow,
        schema=Schema(),
        base=MappingProxyType({}),
        pending=(),
        refused=MappingProxyType({}),
        conflicts=MappingProxyType({}),
        details=MappingProxyType({}),
        written=MappingProxyType({}),
        complaints=(),
        as_of=None,
        loaded=False,
        link=Link.CONNECTING,
        link_reason="",
    )


def _fetched(state: State, tasks: Mapping[str, Task], asked: int, complaints: tuple[str, ...]) -> State:
    old, fresh, changed = state.base, dict(tasks), False
    for key, task in fresh.items():
        known = old.get(key)
        if known is not None and (state.written.get(key, 0) > asked or known == task):
            fresh[key] = known
        else:
            changed = True
    for key, write in state.written.items():
        if write > asked and key in old and key not in fresh:
            fresh[key] = old[key]  # made after the listing was asked for
        elif write > asked and key not in old and fresh.pop(key, None) is not None:
            changed = True  # deleted after the listing was asked for
    if not changed and list(fresh) == list(old) and state.loaded and state.as_of is None:
        if complaints == state.complaints:
            return state
        return replace(state, complaints=complaints)
    return replace(
        state,
        base=MappingProxyType(fresh),
        complaints=complaints,
        loaded=True,
        as_of=None,
        written=MappingProxyType({k: w for k, w in state.written.items() if w > asked}),
        refused=MappingProxyType({k: why for k, why in state.refused.items() if k in fresh}),
    )


def _reread(state: State, key: str, task: Task | None, asked: int) -> State:
    known = state.base.get(key)
    if known is None or known == task or state.written.get(key, 0) > asked:
        return state
    if task is None:
        return replace(state, base=_without(state.base, key))
    return replace(state, base=_with(state.base, key, task))


def _confirmed(state: State, ticket: int, task: Task | None, write: int) -> State:
    pending = next((p for p in state.pending if p.ticket == ticket), None)
    left = _dropped(state.pending, ticket)
    base, written, details = state.base, state.written, state.details
    if pending is not None and pending.key in details:
        known = details[pending.key]
        said = remarked(known, pending.intent, state.me or "you")
        details = details if said is known else _with(details, pending.key, said)
    if task is not None:
        base, written = _with(base, task.key, task), _with(written, task.key, write)
    elif pending is not None and isinstance(pending.intent, DeleteTask):
        base, written = _without(base, pending.key), _with(written, pending.key, write)
    if pending is not None and isinstance(pending.intent, CreateTask) and pending.intent.settles:
        state = update(state, happened.Settled(pending.intent.settles))
    return replace(state, base=base, pending=left, written=written, details=details)


def _refused(state: State, event: happened.Refused) -> State:
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


def _detailed(state: State, key: str, details: Details) -> State:
    known = state.details.get(key, Details())
    fetched = {part for part in Part if getattr(details, part) is not None}
    news = {part: getattr(details, part) for part in fetched}
    problems = {part: why for part, why in known.problems if part not in fetched}
    merged = replace(known, **news, problems=tuple({**problems, **dict(details.problems)}.items()))
    if merged == known:
        return state
    others = list(_without(state.details, key).items())[-(MAX_DETAILS - 1) :]
    return replace(state, details=MappingProxyType({**dict(others), key: merged}))


def _answered(state: State, tickets: Set[int], outcome: Outcome, why: str = "") -> State:
    batch = state.batch.answered(tickets, outcome, why) if state.batch is not None else None
    return state if batch is state.batch else replace(state, batch=batch)


def _dropped(pending: tuple[Pending, ...], ticket: int) -> tuple[Pending, ...]:
    return tuple(each for each in pending if each.ticket != ticket)


def _with(mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return MappingProxyType({**mapping, key: value})


def _without(mapping: Mapping[K, V], key: K) -> Mapping[K, V]:
    if key not in mapping:
        return mapping
    return MappingProxyType({each: value for each, value in mapping.items() if each != key})
