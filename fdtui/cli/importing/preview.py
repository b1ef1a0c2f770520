"""What an import is about to do, for whoever has to agree to it: on stderr, for it is no data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fdtui.cli import output
from fdtui.cli.importing.journey import ImportProgress
from fdtui.cli.tables import aligned
from fdtui.core.safetext import safe
from fdtui.core.values import Value
from fdtui.importing.mapping import ColumnMap
from fdtui.importing.values import text_of

MAX_SAMPLE = 40
"""Letters that are shown of a cell."""
LEFT_OUT = "(left out)"


def show_mapping(mapping: ColumnMap, samples: Sequence[Mapping[str, Value]]) -> None:
    """Which column goes where, each with something that stands in it."""
    rows = [
        [column, "→", target or LEFT_OUT, _sample(column, samples)]
        for column, target in mapping.targets.items()
    ]
    for line in aligned(sorted(rows, key=lambda row: row[2] == LEFT_OUT)):
        output.notify(f"  {line}")


def _sample(column: str, samples: Sequence[Mapping[str, Value]]) -> str:
    found = (text for row in samples if (text := text_of(row.get(column)).strip()))
    text = safe(" ".join(next(found, "").split()))
    return text if len(text) <= MAX_SAMPLE else f"{text[:MAX_SAMPLE]}…"


def summary(progress: ImportProgress, *, is_rehearsed: bool) -> str:
    """What became of the rows, or would, in a sentence."""
    begin = "Would create" if is_rehearsed else "Created"
    parts = [f"{begin} {_tasks(progress.created)}"]
    if progress.changed:
        parts.append(f"{'change' if is_rehearsed else 'changed'} {progress.changed:,}")
    if progress.refused:
        parts.append(f"{'refuse' if is_rehearsed else 'refused'} {progress.refused:,}")
    return f"{', '.join(parts)}."


def _tasks(count: int) -> str:
    return "1 task" if count == 1 else f"{count:,} tasks"
