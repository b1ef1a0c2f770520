"""A task as the store holds it: values by field id, so that a field may be renamed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fdtui.core.values import Value


@dataclass(frozen=True, slots=True)
class Record:
    """One stored task.

    ``values`` hold what was written, spelling and all: numbers as text, an unset field not at all,
    a file field as the list that the API answers. ``uid`` is the unique id's text.
    """

    id: str
    stage: str
    assignee: str | None = None
    uid: str | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
