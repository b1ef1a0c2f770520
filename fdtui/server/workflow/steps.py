"""What an action does, step by step (Actions): ten kinds, each a frozen value.

    kind = "move"           stage
    kind = "assign"         to: an e-mail, "" for nobody, or a template (none if it comes out empty)
    kind = "update"         fields
    kind = "delete"
    kind = "schedule"       stage, days: the task moves there after that many days
    kind = "call"           url, headers?, timeout? (seconds): a POST that may answer with changes
    kind = "slack"          url (an incoming webhook), text
    kind = "email"          to, subject, body?
    kind = "create_linked"  link, fields: a new task at the other end of the link
    kind = "update_linked"  link, fields: all tasks at the other end

Texts are templates: ``{{Field}}``, ``{{Stage}}``, ``{{Assigned To}}``, ``{{user.email}}``,
``{{today}}``.

A step that changes tasks happens exactly once. A step that speaks to others (call, slack, email)
happens at most once: one that a crash cut short is not tried again, the execution fails as
interrupted. Its ``Idempotency-Key`` lets the other side know a repeated request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, field, fields
from datetime import date, datetime
from typing import Any, TypeAlias

from fdtui.core.frozen import frozen
from fdtui.core.values import Value
from fdtui.server.workflow.reading import SourceFile, Table, TablePath, nearest

MAX_TIMEOUT = 60
"""Seconds that a call may take."""
MAX_DAYS = 3650


@frozen
class Move:
    """Move the task to a stage."""

    stage: str


@frozen
class Assign:
    """Give the task to somebody."""

    to: str


@frozen
class Update:
    """Change the task's fields."""

    fields: Mapping[str, Value]


@frozen
class Delete:
    """Delete the task for good."""


@frozen
class Schedule:
    """Move the task to a stage later."""

    stage: str
    days: int


@frozen
class CallOut:
    """Call another program, and apply the changes that it answers."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout: int = 30


@frozen
class Slack:
    """Post to a Slack channel."""

    url: str
    text: str


@frozen
class Email:
    """Send an e-mail."""

    to: str
    subject: str
    body: str = ""


@frozen
class CreateLinked:
    """Create a task at the other end of a link, linked."""

    link: str
    fields: Mapping[str, Value]


@frozen
class UpdateLinked:
    """Change the tasks at the other end of a link."""

    link: str
    fields: Mapping[str, Value]


Step: TypeAlias = (
    Move | Assign | Update | Delete | Schedule | CallOut | Slack | Email | CreateLinked | UpdateLinked
)

STEP_KINDS: dict[str, type[Step]] = {
    "move": Move,
    "assign": Assign,
    "update": Update,
    "delete": Delete,
    "schedule": Schedule,
    "call": CallOut,
    "slack": Slack,
    "email": Email,
    "create_linked": CreateLinked,
    "update_linked": UpdateLinked,
}
_KIND_NAMES = {kind: name for name, kind in STEP_KINDS.items()}
_TYPES: dict[str, type] = {"days": int, "timeout": int, "fields": dict, "headers": dict}
"""The types of the keys that hold no text."""
EXTERNAL_STEPS = (CallOut, Slack, Email)
"""The kinds that speak to others."""


def read_step(source: SourceFile, path: TablePath, entry: Table) -> Step:
    """The step that a table describes; raises `ConfigError`."""
    name = entry.get("kind")
    if not isinstance(name, str) or name not in STEP_KINDS:
        says = f"has the unknown kind {name!r}." if name else "has no kind."
        hint = nearest(str(name), STEP_KINDS) or f"Known: {', '.join(STEP_KINDS)}."
        source.refuse(path, says, hint)
    kind = STEP_KINDS[name]
    keys = {each.name: _TYPES.get(each.name, str) for each in fields(kind)}
    needed = [
        each.name
        for each in fields(kind)
        if each.default is MISSING and each.default_factory is MISSING and each.name != "to"
    ]
    source.check(path, entry, {"kind": str, **keys}, needed)
    if kind is Assign and "to" not in entry:
        source.refuse(path, "has no to.", 'Write to = "" for nobody.')
    given = {key: entry[key] for key in keys if key in entry}
    if "fields" in given:
        given["fields"] = {key: _plain(source, path, key, each) for key, each in given["fields"].items()}
    if not all(isinstance(each, str) for each in given.get("headers", {}).values()):
        source.refuse(path, "headers must be texts.")
    for key, most in (("timeout", MAX_TIMEOUT), ("days", MAX_DAYS)):
        if key in given and not 1 <= given[key] <= most:
            source.refuse(path, f"{key} must be between 1 and {most}.")
    return kind(**given)


def table_of_step(step: Step) -> dict[str, Any]:
    """``step`` as `read_step` takes it."""
    found: dict[str, Any] = {"kind": _KIND_NAMES[type(step)]}
    for each in fields(step):
        value = getattr(step, each.name)
        found[each.name] = dict(value) if isinstance(value, Mapping) else value
    return found


def _plain(source: SourceFile, path: TablePath, key: str, value: Any) -> Value:
    """A field's value out of TOML, as JSON would have it."""
    if isinstance(value, list):
        return [_plain(source, path, key, each) for each in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value)
    if not isinstance(value, str | bool | int):
        source.refuse(path, f"fields: {key} must be text, a number, a date, true, false or a list.")
    return value
