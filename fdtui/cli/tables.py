"""Aligned columns, by the cells that a terminal gives each letter, and not by letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fdtui.core.safetext import safe


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A line for each row; the last column is as long as it likes."""
    from rich.cells import cell_len

    if not rows:
        return
    shown = [[safe(cell) for cell in row] for row in rows]
    widths = [max(cell_len(row[at]) for row in shown) for at in range(len(shown[0]) - 1)]
    for row in shown:
        cells = [cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*cells, row[-1]]).rstrip()
