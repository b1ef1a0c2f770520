"""A task as the store holds it, its values by field id so that a field may be renamed, and a search."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


@dataclass(frozen=True, slots=True)
class Search:
    """What the tasks of a list have in common; a condition that is ``None`` is none.

    ``assignee`` is an e-mail in any letters, empty for nobody. ``holds`` are texts that the task's
    stored values hold, ``lacks`` are texts that they do not, and of each of ``holds_one`` they hold one.
    ``stages`` and ``assignees`` say of a stage, or of an e-mail or nobody, whether it is looked for.
    """

    uid: str | None = None
    stage: str | None = None
    assignee: str | None = None
    but_stages: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    holds_one: tuple[tuple[str, ...], ...] = ()
    stages: Callable[[str], bool] | None = None
    assignees: Callable[[str | None], bool] | None = None
