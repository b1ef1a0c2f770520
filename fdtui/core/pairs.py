"""Fields as lines of text: ``Name=value``, or ``Name:=JSON`` where a value is more than text."""

from __future__ import annotations

from fdtui.core.errors import BadJsonError, UsageError
from fdtui.core.strictjson import loads
from fdtui.core.values import Value


def read_pairs(text: str) -> dict[str, Value]:
    """The fields that the lines give; raises `UsageError` naming the line that gives none."""
    fields: dict[str, Value] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        name, sign, value = line.partition("=")
        raw = name.endswith(":")
        name = name.removesuffix(":").strip()
        if not sign or not name:
            raise UsageError(f"Line {number} is no field: write Name=value.")
        if name in fields:
            raise UsageError(f"Line {number} gives {name} once more.")
        try:
            fields[name] = loads(value) if raw else value.strip()
        except BadJsonError as error:
            raise UsageError(f"Line {number}: {error}") from None
    return fields
