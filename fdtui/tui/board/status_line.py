"""What is to be said of a state where no card says it. Pure."""

from __future__ import annotations

from fdtui.core.errors import KEY_HINT
from fdtui.core.frozen import frozen
from fdtui.core.safetext import safe
from fdtui.core.state import ConnectionState, State, stalled_words
from fdtui.core.task import NO_UNIQUE_ID
from fdtui.core.transfer import Status, TransferKind, progress_words


@frozen
class StatusKeys:
    """The keys that the words name; empty where the user took one away."""

    refresh: str = ""
    resolve: str = ""
    toggle_end: str = ""
    drop: str = ""
    filter: str = ""


def emptiness(state: State, keys: StatusKeys, *, hide_end: bool) -> tuple[str, str]:
    """What to say where there are no columns, and the next step."""
    if not state.loaded:
        if state.connection is ConnectionState.CONNECTING:
            return "Connecting…", state.connection_reason
        return state.connection_reason or "Nothing has been loaded.", next_step(state, keys)
    if hide_end and state.shown:
        hint = f"Press {keys.toggle_end} to show them." if keys.toggle_end else ""
        return "All cards are in end stages, which are hidden.", hint
    return "This workflow has no stages and no tasks yet.", ""


def next_step(state: State, keys: StatusKeys) -> str:
    """What the user can do about the link."""
    now = f"; {keys.refresh} to retry now" if keys.refresh else ""
    if state.connection is ConnectionState.DENIED:
        hint = "" if KEY_HINT in state.connection_reason else KEY_HINT
        return f"{hint} Retrying every few minutes{now}.".strip()
    return f"Retrying automatically{now}."


def standing_words(state: State, keys: StatusKeys, sign: str = "≠") -> tuple[str, str]:
    """What stands above the footer while nothing else is said, and its role."""
    if state.loaded and state.connection in (
        ConnectionState.OFFLINE,
        ConnectionState.DENIED,
        ConnectionState.REFUSED,
    ):
        return f"{state.connection_reason} {next_step(state, keys)}".strip(), "warn"
    if state.loaded and state.schema.unique_id is None and not state.read_only:
        return NO_UNIQUE_ID, "warn"
    if state.stalled:
        return f"{stalled_words(state.stalled)} Continue it or end it.", "warn"
    if state.conflicts:
        return f"{sign} {_conflict_words(state, keys.resolve)}", "warn"
    if moving := under_way_words(state):
        return moving, "running"
    if state.schema.unreadable:
        parts = " and ".join(state.schema.unreadable)
        again = f" Press {keys.refresh} to ask again." if keys.refresh else ""
        return f"The server's answer about {parts} could not be read.{again}", "warn"
    if state.complaints:
        count = len(state.complaints)
        return f"{count} record{'' if count == 1 else 's'} could not be shown", "dim"
    return "", "dim"


def _conflict_words(state: State, key: str) -> str:
    """Which task is in conflict, and with which key to choose."""
    first, count = next(iter(state.conflicts)), len(state.conflicts)
    task = state.shown.get(first)
    row = task.row if task is not None else state.conflicts[first].row or {}
    name = safe((state.schema.title_in(row) or first)[:80])
    more = f" and {count - 1} more" if count > 1 else ""
    choose = f": {key} lets you choose" if key else ""
    return f"Conflict on {name}{more}{choose}"


def under_way_words(state: State) -> str:
    """The file on its way that takes a while, in a few words; empty for none."""
    slow = [each for each in state.transfers if each.is_slow]
    if not slow:
        return ""
    first, waiting = slow[0], sum(each.status is Status.WAITING for each in state.transfers)
    verb = "Attaching" if first.kind is TransferKind.UPLOAD else "Fetching"
    words = "checking" if first.status is Status.CHECKING else progress_words(first)
    more = len(slow) - 1 + waiting
    return f"{verb} {safe(first.name[:40])}  {words}" + (f"  and {more} more" if more else "")
