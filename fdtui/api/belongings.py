"""The answers about what belongs to a task: actions, executions, comments, checklist, activity."""

from __future__ import annotations

from typing import Any

from fdtui.api.complaints import sentences_in
from fdtui.api.wire import each_of, text_of
from fdtui.core.details import Action, Activity, ChecklistItem, Comment
from fdtui.core.errors import NotFlowdashError
from fdtui.core.job import Execution


def actions(value: Any) -> tuple[Action, ...]:
    """``[{"id", "name"}]`` (Actions API), with ``confirm`` where our own server has a question."""
    return each_of(value, _action, "actions")


def execution(value: Any) -> Execution:
    """``{"id", "status"}``, and ``"errors"`` where it failed (Actions API)."""
    if not isinstance(value, dict) or not value.get("status"):
        raise NotFlowdashError("Not a Flowdash answer: no execution.")
    found = (sentences_in(value.get(key)) for key in ("errors", "error", "message"))
    told = next((each for each in found if each), ())
    return Execution(text_of(value.get("id")), text_of(value["status"]), told)


def comments(value: Any) -> tuple[Comment, ...]:
    """``[{"author", "body", "timestamp"}]`` (Comments API)."""
    return each_of(value, _comment, "comments")


def checklist(value: Any) -> tuple[ChecklistItem, ...]:
    """``[{"id", "title", "status", "editable", "Assigned To", "Stage"}]`` (Checklist API)."""
    return each_of(value, _item, "checklist items")


def activity(value: Any) -> tuple[Activity, ...]:
    """``[{"timestamp", "who", "what", "before", "after"}]``, oldest first: our own server's.

    Answered newest first; ``before`` and ``after`` hold the fields that differ.
    """
    return each_of(value, _activity, "changes")[::-1]


def nothing(value: Any) -> None:
    """An answer that says only that it was taken."""
    if not isinstance(value, dict | list):
        raise NotFlowdashError("Not a Flowdash answer.")


def _action(each: dict[str, Any]) -> Action | None:
    action_id, confirm = text_of(each.get("id")), each.get("confirm")
    if not action_id:
        return None
    question = confirm.strip() if isinstance(confirm, str) else ""
    return Action(action_id, text_of(each.get("name")) or action_id, question or None)


def _comment(each: dict[str, Any]) -> Comment | None:
    return Comment(
        text_of(each.get("author")), text_of(each.get("body")), text_of(each.get("timestamp"))
    )


def _item(each: dict[str, Any]) -> ChecklistItem | None:
    item_id, who = text_of(each.get("id")), each.get("Assigned To")
    if not item_id:
        return None
    return ChecklistItem(
        item_id,
        text_of(each.get("title")),
        text_of(each.get("status")),
        each.get("editable") is not False,
        who if isinstance(who, str) and who else None,
        text_of(each.get("Stage")),
    )


def _activity(each: dict[str, Any]) -> Activity | None:
    return Activity(
        text_of(each.get("timestamp")),
        text_of(each.get("who")),
        text_of(each.get("what")),
        each.get("before"),
        each.get("after"),
    )
