"""What is to be said of a state where no card says it. Pure."""

from __future__ import annotations

from fdtui.core.errors import KEY_HINT
from fdtui.core.safetext import safe
from fdtui.core.state import Link, State
from fdtui.core.task import NO_UNIQUE_ID
from fdtui.core.transfer import Kind, Status, progress_words


def emptiness(state: State, *, hide_end: bool) -> tuple[str, str]:
    """What to say where there are no columns, and the next step."""
    if not state.loaded:
        if state.link is Link.CONNECTING:
            return "Connecting…", ""
        return state.link_reason or "Nothing has been loaded.", next_step(state)
    if hide_end and state.shown:
        return "All cards are in end stages, which are hidden.", "Press . to show them."
    return "This workflow has no stages and no tasks yet.", ""


def next_step(state: State) -> str:
    """What the user can do about the link."""
    if state.link is Link.DENIED:
        return "" if KEY_HINT in state.link_reason else KEY_HINT
    return "It is tried again by itself; r tries now."


def standing_words(state: State, resolve_key: str = "", sign: str = "≠") -> tuple[str, str]:
    """What stands above the footer while nothing else is said, and its role."""
    if state.loaded and state.link in (Link.OFFLINE, Link.DENIED):
        return f"{state.link_reason} {next_step(state)}".strip(), "warn"
    if state.loaded and state.schema.unique_id is None and not state.read_only:
        return NO_UNIQUE_ID, "warn"
    if state.conflicts:
        return f"{sign} {_conflict_words(state, resolve_key)}", "warn"
    if moving := under_way_words(state):
        return moving, "running"
    if state.complaints:
        count = len(state.complaints)
        return f"{count} record{'' if count == 1 else 's'} could not be shown", "dim"
    return "", "dim"


def _conflict_words(state: State, key: str) -> str:
    """Which task is in conflict, and with which key to choose."""
    first, count = next(iter(state.conflicts)), len(state.conflicts)
    task, title = state.shown.get(first), state.schema.title
    row = task.row if task is not None else state.conflicts[first].row or {}
    name = safe(str((row.get(title.name) if title is not None else None) or first)[:80])
    more = f" and {count - 1} more" if count > 1 else ""
    choose = f": {key} lets you choose" if key else ""
    return f"Conflict on {name}{more}{choose}"


def under_way_words(state: State) -> str:
    """The file on its way that takes a while, in a few words; empty for none."""
    slow = [each for each in state.transfers if each.is_slow]
    if not slow:
        return ""
    first, waiting = slow[0], sum(each.status is Status.WAITING for each in state.transfers)
    verb = "Attaching" if first.kind is Kind.UPLOAD else "Fetching"
    words = "checking" if first.status is Status.CHECKING else progress_words(first)
    more = len(slow) - 1 + waiting
    return f"{verb} {safe(first.name[:40])}  {words}" + (f"  and {more} more" if more else "")
