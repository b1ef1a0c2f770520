"""Writing a comment, or an item of a checklist: what it is written in, and who sends it.

The task is fixed when it is opened: the cursor may stand elsewhere by the time it is sent.
"""

from __future__ import annotations

from collections.abc import Callable

from fdtui.core.commands import why_not_change
from fdtui.core.intents import AddChecklistItem, AddComment, Intent
from fdtui.core.safetext import quoted
from fdtui.core.schema import Person
from fdtui.core.task import Task
from fdtui.sync.writing.draft_keeper import Texts
from fdtui.sync.writing.history import BODY, comment_draft, item_draft
from fdtui.tui.host import Host
from fdtui.tui.presentation.people import person_items
from fdtui.tui.toolkit.composer import Composer


async def write_comment(host: Host, task: Task, command: str) -> None:
    """Write a comment; ``command`` is the one whose key goes on with what is left of it."""
    await _write(
        host,
        task,
        f"Comment on {host.label(task)}",
        about=comment_draft(task.key),
        intent=lambda text: AddComment(task.key, text),
        command=command,
        people=tuple(host.state.schema.people),
    )


async def write_item(host: Host, task: Task, command: str) -> None:
    """Write an item of the checklist; it is one line."""
    await _write(
        host,
        task,
        f"To do in {quoted(task.stage)}",
        about=item_draft(task.key),
        intent=lambda text: AddChecklistItem(task.key, one_line(text), task.stage),
        command=command,
    )


async def _write(
    host: Host,
    task: Task,
    heading: str,
    *,
    about: str,
    intent: Callable[[str], Intent],
    command: str,
    people: tuple[Person, ...] = (),
) -> None:
    workflow, reason = host.state.workflow, why_not_change(host.state, task)
    if reason or workflow is None:
        host.notify(reason, "warning")
        return

    def texts() -> Texts:
        return ((BODY, composer.text),) if composer.text.strip() else ()

    def warn(why: str) -> None:
        composer.warn(why)

    def send(text: str) -> bool:
        is_sent = host.session.perform(intent(text))
        if is_sent:
            kept.drop()
        return is_sent

    name = host.keeper.waiting(workflow.id, about)
    kept = host.keeper.open(workflow.id, name, texts, warn)
    draft = kept.load()
    composer = Composer(
        heading,
        host.look.glyphs,
        text=dict(draft.texts).get(BODY, "") if draft is not None else "",
        changed=kept.touch,
        send=send,
        people=person_items(people),
    )
    try:
        sent = await host.ask(composer)
    finally:
        kept.close()
    if sent is None and composer.text.strip():
        key = host.key_of(command)
        host.notify(f"Draft kept; press {key} to continue." if key else "Draft kept.")


def draft_of(host: Host, about: str) -> str:
    """The text about that which waits to be sent; empty for none."""
    name = host.state.workflow_id
    found = host.keeper.load(name, host.keeper.waiting(name, about))
    return dict(found.texts).get(BODY, "") if found is not None else ""


def one_line(text: str) -> str:
    """``text`` with a blank for its line ends; every other character between its ends is kept."""
    return " ".join(line for line in text.strip().split("\n") if line)
