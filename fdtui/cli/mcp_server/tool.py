"""A tool: what it is called, what it takes, and what it does; bad arguments are named."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import Any

from fdtui.cli.mcp_server.connection import AgentConnection
from fdtui.core.errors import UsageError
from fdtui.core.frozen import frozen
from fdtui.core.safetext import quoted

Arguments = Mapping[str, Any]
"""What a tool is called with; what was left out is not in it."""


class ParameterKind(StrEnum):
    """What a parameter takes, by its name in JSON Schema."""

    TEXT = "string"
    COUNT = "integer"
    SWITCH = "boolean"
    NAMES = "array"
    FIELDS = "object"


_TYPES: Mapping[ParameterKind, type] = {
    ParameterKind.TEXT: str,
    ParameterKind.COUNT: int,
    ParameterKind.SWITCH: bool,
    ParameterKind.NAMES: list,
    ParameterKind.FIELDS: dict,
}


@frozen
class Parameter:
    """Something that a tool takes."""

    name: str
    kind: ParameterKind
    says: str
    is_required: bool = False

    def schema(self) -> dict[str, Any]:
        """Its JSON Schema."""
        more: dict[str, Any] = {"items": {"type": "string"}} if self.kind is ParameterKind.NAMES else {}
        if self.kind is ParameterKind.COUNT:
            more["minimum"] = 1
        return {"type": str(self.kind), "description": self.says, **more}

    def check(self, value: object) -> None:
        """Raise `UsageError` for a value of another kind."""
        is_right = isinstance(value, _TYPES[self.kind])
        if self.kind is ParameterKind.COUNT:
            is_right = isinstance(value, int) and not isinstance(value, bool) and value >= 1
        elif isinstance(value, list):
            is_right = is_right and all(isinstance(each, str) for each in value)
        if not is_right:
            raise UsageError(f"{quoted(self.name)} takes {_TAKES[self.kind]}.")
        if isinstance(value, str) and self.is_required and not value.strip():
            raise UsageError(f"{quoted(self.name)} is empty.", self.says)


_TAKES: Mapping[ParameterKind, str] = {
    ParameterKind.TEXT: "a text",
    ParameterKind.COUNT: "a whole number from 1",
    ParameterKind.SWITCH: "true or false",
    ParameterKind.NAMES: "a list of texts",
    ParameterKind.FIELDS: "an object of field names and values",
}


@frozen
class Tool:
    """Something that an agent can do."""

    name: str
    title: str
    says: str
    work: Callable[[AgentConnection, Arguments], Awaitable[object]]
    parameters: tuple[Parameter, ...] = ()
    changes: bool = False
    destroys: bool = False
    """Whether what it changes cannot be undone."""

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of what it takes."""
        return {
            "type": "object",
            "properties": {each.name: each.schema() for each in self.parameters},
            "required": [each.name for each in self.parameters if each.is_required],
            "additionalProperties": False,
        }

    def read(self, given: Mapping[str, Any]) -> Arguments:
        """``given``, without what is ``null``; raises `UsageError` for what the tool does not take."""
        said = {name: value for name, value in given.items() if value is not None}
        known = {each.name: each for each in self.parameters}
        for name in said:
            if name not in known:
                listed = ", ".join(map(quoted, known)) or "nothing"
                raise UsageError(f"{self.name} takes no {quoted(name[:80])}.", f"It takes {listed}.")
        for each in self.parameters:
            if each.name in said:
                each.check(said[each.name])
            elif each.is_required:
                raise UsageError(f"{self.name} needs {quoted(each.name)}.", each.says)
        return said


WORKFLOW = Parameter(
    "workflow", ParameterKind.TEXT, "Id or name of the workflow; not needed where the settings name one."
)
TASK = Parameter("task", ParameterKind.TEXT, "The unique id of the task.", is_required=True)
