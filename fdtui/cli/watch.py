"""``fdtui watch``: what changes in a workflow, as it happens, one JSON value a line."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from fdtui.cli import output
from fdtui.cli.change_command import ChangeCommand
from fdtui.cli.client import ConnectedWorkflow, with_workflow
from fdtui.cli.ending import take_signals
from fdtui.cli.options import ASKING, common, honours
from fdtui.cli.setup import settings_of
from fdtui.core.errors import FdtuiError, NotAuthenticatedError
from fdtui.core.fields import same
from fdtui.core.safetext import safe
from fdtui.core.schema import Schema
from fdtui.core.state import ConnectionState, State
from fdtui.core.task import Task
from fdtui.core.task_map import differing
from fdtui.core.values import Value
from fdtui.tui.terminal.last_resort import end_at_last, hear_endings

if TYPE_CHECKING:
    from fdtui.sync.gateway import Gateway


@click.command()
@click.option(
    "--exec",
    "said",
    metavar="COMMAND",
    help="Run this for each change, with its JSON on stdin, instead of printing it.",
)
@honours(ASKING, why="it prints a JSON value on each line anyway")
def watch(*, said: str | None) -> None:
    """Print each change of a task as a line of JSON, until you stop it.

    A line has the `event` (created, updated, deleted), `at`, the `task`'s unique id, the `changes` as
    {field: {was, now}}, and the whole `row` as it is now, or was last.
    """
    with_workflow(lambda connected: _watched(connected, said))


async def _watched(connected: ConnectedWorkflow, said: str | None) -> None:
    command = None if said is None else ChangeCommand(said)
    beside = [] if command is None else [command.run]
    await follow(connected, _Reporter(command).on_state, output.notify, beside)


async def follow(
    connected: ConnectedWorkflow,
    show: Callable[[State], object],
    tell: Callable[[str], None],
    beside: Sequence[Callable[[], Coroutine[Any, Any, object]]] = (),
) -> None:
    """Let ``show`` see each state of the workflow until a signal ends it, and ``tell`` each notice.

    What runs ``beside`` ends with it. Raises what ``show`` raises, and `NotAuthenticatedError`.
    """
    from fdtui.sync.session import Session, SessionOptions

    profile = settings_of(common()).profile
    options = SessionOptions(
        workflow=connected.workflow.id,
        unique_id=profile.unique_id or None,
        stages=profile.stages,
        read_only=True,
        every=profile.poll,
    )

    async def connect() -> Gateway:
        return connected.gateway

    session = Session(connect, options, clock=time.time)
    ending, failures = asyncio.Event(), list[FdtuiError]()

    def on_state(state: State) -> None:
        try:
            show(state)
        except FdtuiError as error:
            failures.append(error)
        if failures or state.connection is ConnectionState.DENIED:
            ending.set()

    session.on_change = on_state
    session.on_notice = lambda notice: tell(notice.text)
    running, refused = asyncio.create_task(session.run()), asyncio.create_task(ending.wait())
    commanding = [asyncio.create_task(each()) for each in beside]
    try:
        with _cancelled_by_signals():
            await asyncio.wait([running, refused], return_when=asyncio.FIRST_COMPLETED)
    finally:
        begun = (running, refused, *commanding)
        for each in begun:
            each.cancel()
        await asyncio.gather(*begun, return_exceptions=True)
    if failures:
        raise failures[0]
    if ending.is_set():
        raise NotAuthenticatedError(session.state.connection_reason)


@contextmanager
def _cancelled_by_signals() -> Iterator[None]:
    """Let a signal end the waiting, and the program behind it, and not break into whatever runs then."""
    loop, waiting, came = asyncio.get_running_loop(), asyncio.current_task(), list[int]()

    def heard(number: int, _: FrameType | None) -> None:
        came.append(number)
        end_at_last(128 + number, lambda: None)  # a reader that takes nothing stops the loop, too
        if waiting is not None:
            loop.call_soon_threadsafe(waiting.cancel)

    hear_endings(heard)
    try:
        yield
    except asyncio.CancelledError:
        if came:
            raise SystemExit(128 + came[0]) from None
        raise
    finally:
        take_signals()


class _Reporter:
    """Prints what differs from state to state, or gives it to a command; the first is the beginning."""

    def __init__(self, command: ChangeCommand | None) -> None:
        self._command = command
        self._before: State | None = None
        self._connection = ConnectionState.CONNECTING

    def on_state(self, state: State) -> None:
        """A new state."""
        if state.connection is not self._connection:
            self._connection = state.connection
            if state.connection is ConnectionState.OFFLINE:
                output.notify(f"{state.connection_reason} Trying again.")
        if not state.loaded:
            return
        before, self._before = self._before, state
        if before is None:
            name = safe(state.workflow.name) if state.workflow else ""
            output.notify(f"Watching {name}: {len(state.base)} tasks.")
            return
        if before.base is not state.base:
            for line in _lines(before, state):
                if self._command is None:
                    output.json_line(line)
                else:
                    self._command.add(line, state.schema)


def _lines(before: State, state: State) -> Iterator[dict[str, Value]]:
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    for key in differing(before.base, state.base):
        old, new = before.base.get(key), state.base.get(key)
        changes = _changes(old, new, state.schema)
        if old is not None and new is not None and not changes:
            continue
        task = new or old
        assert task is not None  # noqa: S101 - `differing` names what one of them has
        event = "created" if old is None else "deleted" if new is None else "updated"
        row: dict[str, Value] = dict(task.row)
        yield {"event": event, "at": at, "task": task.uid, "changes": changes, "row": row}


def _changes(old: Task | None, new: Task | None, schema: Schema) -> dict[str, Value]:
    """The fields that differ in meaning, where there was a task and still is one."""
    if old is None or new is None:
        return {}
    was, now = dict(old.row), dict(new.row)
    return {
        name: {"was": was.get(name), "now": now.get(name)}
        for name in {**was, **now}
        if not same(schema.meant(name), was.get(name), now.get(name))
    }
