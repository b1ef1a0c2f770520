"""What stands below a task's fields where the pane is high enough for all of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from fdtui.core.details import Details
from fdtui.tui.presentation.details import (
    Block,
    Page,
    Tab,
    activity_blocks,
    checklist_blocks,
    comment_blocks,
    label,
)
from fdtui.tui.presentation.headings import heading
from fdtui.tui.toolkit.cells import Line

MOST_ENTRIES = 12
"""Entries of the log that are shown; the tab has all of them."""


def stacked(details: Details, page: Page) -> tuple[Line, ...]:
    """Checklist, comments and activity, each under its name; what is empty or not known is left out."""
    lines: list[Line] = []
    if details.checklist:
        blocks = checklist_blocks(details.checklist, page, everything=False)
        lines += _part(Tab.CHECKLIST, blocks, details, page)
    if details.comments:
        lines += _part(Tab.COMMENTS, comment_blocks(details.comments, page), details, page)
    if details.activity:
        entries = details.activity[:MOST_ENTRIES]
        lines += _part(Tab.ACTIVITY, activity_blocks(entries, page), details, page)
    return tuple(lines)


def _part(tab: Tab, blocks: Iterable[Block], details: Details, page: Page) -> list[Line]:
    lines: list[Line] = [(), heading(label(tab, details, page.task, 0), page.width, page.glyphs)]
    for block in blocks:
        lines += block.lines
    while lines and not lines[-1]:
        lines.pop()
    return lines
