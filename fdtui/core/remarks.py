"""What a comment or a tick makes of a task's details before they are fetched again. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from fdtui.core.details import ChecklistItem, Comment, Details, Tick
from fdtui.core.frozen import replace
from fdtui.core.intents import AddChecklistItem, AddComment, Intent, Pending, RemoveItem, TickItem


def remarked(details: Details, intent: Intent, author: str) -> Details:
    """``details`` with ``intent`` in them; a part that was never fetched stays unknown."""
    comments, items = details.comments, details.checklist
    match intent:
        case AddComment(_, body) if comments is not None:
            return replace(details, comments=(*comments, Comment(author, body, "")))
        case TickItem(_, item_id, status) if items is not None:
            return replace(details, checklist=_ticked(items, item_id, status))
        case AddChecklistItem(_, title, stage) if items is not None:
            new = ChecklistItem("", title, Tick.BLANK, stage=stage)
            return replace(details, checklist=(*items, new))
        case RemoveItem(_, item_id) if items is not None:
            left = tuple(each for each in items if each.id != item_id)
            return replace(details, checklist=left)
        case _:
            return details


def with_pending(details: Details, pending: Iterable[Pending], key: str, author: str) -> Details:
    """``details`` of the task ``key`` as they will be once the server has taken what is pending."""
    for each in pending:
        if each.key == key:
            details = remarked(details, each.intent, author)
    return details


def _ticked(items: tuple[ChecklistItem, ...], item_id: str, status: Tick) -> tuple[ChecklistItem, ...]:
    return tuple(replace(each, status=status) if each.id == item_id else each for each in items)
