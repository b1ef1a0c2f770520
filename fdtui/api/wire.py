"""The answers of a fixed shape: workspace, workflows, and what a workflow is made of.

Installs differ, so a missing or an additional key is no error; a record without the one thing that
makes it useful is left out. Plain code, for pydantic would cost more to import than these lines take.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from fdtui.core.errors import NotFlowdashError
from fdtui.core.schema import Field, FieldType, Person, Role, Stage, WorkflowRef, Workspace

T = TypeVar("T")


def workspace(value: Any) -> Workspace:
    """``{"id", "name"}`` (Workspace API)."""
    if not isinstance(value, dict) or not (value.keys() & {"id", "name"}):
        raise NotFlowdashError("Not a Flowdash answer: no workspace.")
    return Workspace(id=text_of(value.get("id")), name=text_of(value.get("name")))


def workflows(value: Any) -> tuple[WorkflowRef, ...]:
    """``[{"id", "name"}]`` (Workflows API)."""
    return each_of(value, _workflow, "workflows")


def stages(value: Any) -> tuple[Stage, ...]:
    """``[{"name"}]`` in board order, with ``end`` and ``color`` where the install says them."""
    return each_of(value, _stage, "stages")


def fields(value: Any) -> tuple[Field, ...]:
    """``[{"id", "name", "type", "editable", "required", …}]`` (Fields API)."""
    return each_of(value, _field, "fields")


def users(value: Any) -> tuple[Person, ...]:
    """``[{"id", "email", "first_name", "last_name", "role_id", …}]`` (Users API)."""
    return each_of(value, _person, "users")


def roles(value: Any) -> tuple[Role, ...]:
    """``[{"id", "name", "admin"}]`` (Roles API)."""
    return each_of(value, _role, "roles")


def each_of(value: Any, shape: Callable[[dict[str, Any]], T | None], what: str) -> tuple[T, ...]:
    """The good records of a list, each as ``shape`` reads it; a list without one is no answer."""
    if not isinstance(value, list):
        raise NotFlowdashError(f"Not a Flowdash answer: no list of {what}.")
    shaped = (shape(each) for each in value if isinstance(each, dict))
    good = tuple(each for each in shaped if each is not None)
    if value and not good:
        raise NotFlowdashError(f"Not a Flowdash answer: none of the {what} can be read.")
    return good


def _workflow(each: dict[str, Any]) -> WorkflowRef | None:
    key = text_of(each.get("id"))
    return WorkflowRef(key, text_of(each.get("name")) or key) if key else None


def _stage(each: dict[str, Any]) -> Stage | None:
    name = text_of(each.get("name"))
    end = each.get("end")
    if not name:
        return None
    said = end if isinstance(end, bool) else None
    return Stage(name, said, text_of(each.get("color")), _limit(each.get("limit")))


def _limit(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _field(each: dict[str, Any]) -> Field | None:
    name, limit = text_of(each.get("name")), each.get("limit")
    if not name:
        return None
    options = each.get("options")
    return Field(
        name=name,
        type=text_of(each.get("type")) or FieldType.TEXT,
        id=text_of(each.get("id")),
        editable=each.get("editable") is not False,
        required=each.get("required") is True,
        options=tuple(filter(None, map(_option, options))) if isinstance(options, list) else (),
        limit=limit if isinstance(limit, int) and not isinstance(limit, bool) and limit >= 0 else None,
        autoincrement=each.get("autoincrement") is True,
        colors=_colors(each.get("colors")),
    )


def _colors(value: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict):
        return ()
    return tuple((name, color) for name, color in value.items() if isinstance(color, str))


def _option(value: Any) -> str:
    if isinstance(value, dict):
        return text_of(value.get("name", value.get("value")))
    return text_of(value)


def _person(each: dict[str, Any]) -> Person | None:
    email = text_of(each.get("email"))
    if not email:
        return None
    return Person(
        email=email,
        first_name=text_of(each.get("first_name")),
        last_name=text_of(each.get("last_name")),
        id=text_of(each.get("id")),
        role_id=text_of(each.get("role_id")) or None,
    )


def _role(each: dict[str, Any]) -> Role | None:
    key = text_of(each.get("id"))
    return Role(key, text_of(each.get("name")) or key, each.get("admin") is True) if key else None


def text_of(value: Any) -> str:
    """A text, or a number as text: ids are opaque, and some installs count them."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
