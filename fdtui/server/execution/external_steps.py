"""The steps that speak to others: an API call, Slack, e-mail. None of them holds a transaction.

What is to be said is put together first (`prepare`), within the transaction that notes that the step
has begun; then it is said, once (`send`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from fdtui.core import fields
from fdtui.core.errors import BadJsonError
from fdtui.core.schema import Field, FieldType
from fdtui.core.strictjson import loads
from fdtui.core.values import Row, Value
from fdtui.server.execution.http_client import Hangup, OutboundError, RequestLimits, fetch
from fdtui.server.execution.mail import MailError, MailServer, OutgoingMail
from fdtui.server.execution.task_steps import StepError, user_of, values_of
from fdtui.server.record import Record
from fdtui.server.render import encode
from fdtui.server.task_service import TaskService
from fdtui.server.workflow import templates
from fdtui.server.workflow.steps import CallOut, Email, Slack, Step

_MAX_ANSWER_BYTES = 10_000_000
"""Bytes that the answer to an API call may have."""
_EMAIL = Field("", FieldType.EMAIL)


class InterruptedStepError(StepError):
    """The server stops; ``sent`` says whether the other side may have heard us."""

    def __init__(self, sent: bool) -> None:
        super().__init__("interrupted: the server stopped during this step")
        self.sent = sent


@dataclass(frozen=True)
class Doors:
    """How one gets out: exceptions from the table of addresses, the e-mail server, the way to end it."""

    allow: Collection[str] = ()
    mail: MailServer | None = None
    hangup: Hangup = field(default_factory=Hangup)


@dataclass(frozen=True)
class _Post:
    """A request with JSON."""

    what: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    takes_changes: bool

    def send(self, doors: Doors) -> Row | None:
        """Say it; answers the changes of the task that the other side asks for. Raises `StepError`."""
        limits = RequestLimits(self.seconds, _MAX_ANSWER_BYTES)
        try:
            answer = fetch(
                self.url,
                method="POST",
                headers=self.headers,
                body=self.body,
                limits=limits,
                allow=doors.allow,
                hangup=doors.hangup,
            )
        except OutboundError as error:
            if doors.hangup.done:
                raise InterruptedStepError(error.sent) from None
            raise StepError(f"{self.what} failed: {error.message}") from None
        if not 200 <= answer.status < 300:
            raise StepError(f"{self.what} was answered with the status {answer.status}")
        return _changes(answer.content) if self.takes_changes else None


@dataclass(frozen=True)
class _Mail:
    letter: OutgoingMail
    seconds: float = 30.0

    def send(self, doors: Doors) -> Row | None:
        """Say it; raises `StepError`."""
        if doors.mail is None:
            raise StepError("No e-mail server is set up: FDTUI_SMTP_URL names one")
        # Few servers ever send one, and a demo that starts never does.
        from fdtui.server.execution.smtp import deliver  # noqa: PLC0415

        try:
            deliver(doors.mail, self.letter, doors.hangup)
        except (MailError, OutboundError) as error:
            if doors.hangup.done:
                raise InterruptedStepError(error.sent) from None
            raise StepError(error.message) from None
        return None


Prepared: TypeAlias = _Post | _Mail


def prepare(
    book: TaskService, record: Record, step: Step, *, action: str, email: str | None, key: str
) -> Prepared:
    """What ``step`` says of the task; ``key`` is the same whenever the same message is meant."""
    row = book.row(record)
    values = values_of(book, row, email)
    fixed = {"Content-Type": "application/json", "Idempotency-Key": key}
    match step:
        case CallOut(url, headers, timeout):
            body = {"action": action, "user": _user(book, email), "task": row}
            own = {name.title(): text for name, text in headers.items()}
            both = {"User-Agent": "fdtui", **own, **fixed}
            return _Post("The API call", url, both, encode(body), timeout, takes_changes=True)
        case Slack(url, text):
            body = {"text": templates.fill(text, values, escape=_unmarked)}
            return _Post("The post to Slack", url, fixed, encode(body), 15, takes_changes=False)
        case Email(to, subject, text):
            return _Mail(
                OutgoingMail(
                    _addresses(templates.fill(to, values)),
                    templates.fill(subject, values),
                    templates.fill(text, values),
                    key,
                    book.actor.now,
                )
            )
        case _:
            raise StepError("This step speaks to nobody")


def _user(book: TaskService, email: str | None) -> dict[str, Value]:
    person = user_of(book, email)
    return {
        "id": person.id or None,
        "email": person.email or None,
        "first_name": person.first_name,
        "last_name": person.last_name,
    }


def _changes(content: bytes) -> Row | None:
    """The ``task`` of an answer; an answer that is no JSON, or says nothing of it, changes nothing."""
    try:
        answer = loads(content)
    except BadJsonError:
        return None
    task = answer.get("task") if isinstance(answer, dict) else None
    if task is not None and not isinstance(task, dict):
        raise StepError("The API call was answered with a task that is not a JSON object")
    return task


def _unmarked(text: str) -> str:
    """``text`` without what Slack takes for a mention or a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _addresses(text: str) -> tuple[str, ...]:
    found = tuple(each.strip() for each in text.split(",") if each.strip())
    wrong = [each for each in found if fields.check(_EMAIL, each)]
    if wrong or not found:
        raise StepError(*(f"{each} is not a valid email" for each in wrong or ["An empty text"]))
    return found
