"""Which panes are open beside the board, and which of them has the keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from fdtui.tui.activity.controller import ActivityPane
from fdtui.tui.board.host import BoardHost

if TYPE_CHECKING:
    from fdtui.tui.detail.commands import DetailCommands

RESIDENT_FROM = 180
"""Windows of this width and more show the task under the cursor without being asked."""


class Panes:
    """Opens the detail pane beside the board, or over it where the screen is narrow."""

    def __init__(
        self, host: BoardHost, activity: ActivityPane, make_detail: Callable[[], DetailCommands]
    ) -> None:
        self._host, self._activity, self._make_detail = host, activity, make_detail
        self.has_detail = False
        """Whether the detail pane is open."""
        self.is_resident = False
        """Whether it opened by itself, because the window has room for it."""
        self._was_offered = False

    @cached_property
    def detail(self) -> DetailCommands:
        """What the keys of the detail pane do; imported when it is first opened."""
        return self._make_detail()

    @property
    def has_detail_keys(self) -> bool:
        """Whether the movement keys go to the detail pane."""
        is_made = self.has_detail and "detail" in self.__dict__
        return is_made and self._host.focus.pane is self.detail

    def give_detail_keys(self, has_keys: bool = True) -> None:
        """Give the keys to the detail pane, which is open, or take them from it."""
        if has_keys:
            self.has_detail = True
            self._host.focus.push(self.detail)
        elif self.has_detail_keys:
            self._host.focus.pop(self.detail)

    def offer_detail(self) -> None:
        """Open the detail pane by itself in a wide window, once; close it where that becomes narrow."""
        host = self._host
        is_wide = host.app.size.width >= RESIDENT_FROM
        if self.is_resident and not is_wide and not self.has_detail_keys:
            self.hide_detail()
            self._was_offered = False
        elif is_wide and not self._was_offered and host.look.resident and host.current is not None:
            self._was_offered = True
            if not self.has_detail:
                self.has_detail = self.is_resident = True
                self.detail.count(host.current)

    def open_detail(self) -> None:
        """Show every field of the task; where it is open already, give it the keys."""
        host = self._host
        was_open, self.has_detail = self.has_detail, True
        if was_open or not host.is_beside:
            self.give_detail_keys()
        if not was_open and host.current is not None:
            self.detail.count(host.current)
        host.draw()

    def close_detail(self) -> None:
        """Give the board its room back; what the pane told of a refusal counts as seen."""
        host, task = self._host, self._host.current
        self.hide_detail()
        if task is not None and task.key in host.state.refused:
            host.session.acknowledge(task.key)
        host.draw()

    def hide_detail(self) -> None:
        """Close the detail pane, whose refusals go on being told."""
        self.give_detail_keys(False)
        self.has_detail = self.is_resident = False

    def next(self) -> None:
        """Give the keys to the next pane."""
        activity, is_beside = self._activity, self._host.is_beside
        is_last = self.has_detail and is_beside and not self.has_detail_keys
        if activity.has_keys:
            activity.leave(close=False)
            return
        if activity.is_shown and not is_last:
            if self.has_detail and not is_beside:
                self.hide_detail()
            self.give_detail_keys(False)
            activity.enter()
            return
        if not self.has_detail:
            self.give_detail_keys()
        elif is_beside:
            self.give_detail_keys(not self.has_detail_keys)
        else:
            self.hide_detail()
        self._host.draw()
