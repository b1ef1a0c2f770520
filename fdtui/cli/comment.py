"""``fdtui comment``: what is said about a task."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from fdtui.cli.client import ConnectedWorkflow, with_workflow
from fdtui.cli.listing import ListForm, lists
from fdtui.cli.options import ASKING, JSON, honours
from fdtui.cli.submission import Submission, submit, submits
from fdtui.cli.suggestions import uids
from fdtui.cli.tasks.values import MAX_TEXT_BYTES, STANDARD_INPUT
from fdtui.core.details import Comment
from fdtui.core.errors import UsageError
from fdtui.core.intents import AddComment
from fdtui.core.schema import Field, FieldType
from fdtui.core.values import Row
from fdtui.sync.writing.submitter import PlannedIntent

COMMENT_FIELDS = (
    Field("timestamp", FieldType.DATETIME),
    Field("author"),
    Field("body", FieldType.LONG_TEXT),
)


@click.group()
def comment() -> None:
    """Comments on a task: list, add."""


@comment.command("list")
@click.argument("uid", shell_complete=uids)
@honours(ASKING | JSON)
@lists(is_filtered=False)
def list_comments(*, uid: str, listing: ListForm) -> None:
    """What was said, the oldest first: time, author, text."""
    from fdtui.cli.tables import print_rows

    async def work(connected: ConnectedWorkflow) -> list[Row]:
        known, _ = await connected.task(uid)
        found = await connected.gateway.comments(connected.workflow.id, known)
        return [comment_row(each) for each in found]

    print_rows(with_workflow(work), COMMENT_FIELDS, [each.name for each in COMMENT_FIELDS], listing)


def comment_row(found: Comment) -> Row:
    """A comment as JSON has it."""
    return {"author": found.author, "body": found.body, "timestamp": found.at}


@comment.command()
@click.argument("uid", shell_complete=uids)
@click.argument("text")
@submits
def add(*, uid: str, text: str, how: Submission) -> None:
    """Say something about a task; - takes the text from stdin, `@Full Name` mentions a person."""
    body = _text(text)

    async def plan(connected: ConnectedWorkflow) -> Sequence[PlannedIntent]:
        task = await connected.read(uid)
        return [PlannedIntent(task, AddComment(task.key, body))]

    submit(plan, how)


def _text(said: str) -> str:
    if said == STANDARD_INPUT:
        data = sys.stdin.buffer.read(MAX_TEXT_BYTES + 1)
        if len(data) > MAX_TEXT_BYTES:
            raise UsageError(f"Stdin holds more than {MAX_TEXT_BYTES:,} bytes.")
        try:
            said = data.decode("utf-8-sig").rstrip("\r\n")
        except UnicodeDecodeError:
            raise UsageError("Stdin holds no text in UTF-8.") from None
    if not said.strip():
        raise UsageError("The comment is empty.")
    return said
