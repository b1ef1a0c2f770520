"""The commands that say how the cards of a board are shown: its views and its groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from fdtui.core.entry import fields_of
from fdtui.core.grouping import grouping_fields
from fdtui.core.state import State
from fdtui.core.views import ALL_CARDS
from fdtui.tui.board.host import BoardHost
from fdtui.tui.board.left_card import LeftCard
from fdtui.tui.board.model import BoardModel
from fdtui.tui.board.view_tabs import ViewTabs
from fdtui.tui.focus import Handler

if TYPE_CHECKING:
    from fdtui.tui.board.view_commands import ViewCommands

IN_GROUPS = frozenset({"cursor.next-group", "cursor.previous-group", "board.collapse-group"})
"""Commands that only mean something while the cards are grouped."""
TAB_COMMANDS = {f"view.show-{number}": number - 1 for number in range(1, 10)}
"""The commands that show a tab, each with it."""


class ArrangingCommands:
    """Does what these commands say."""

    def __init__(
        self,
        host: BoardHost,
        model: BoardModel,
        tabs: ViewTabs,
        *,
        left_card: LeftCard,
        moved: Callable[[bool], object],
        start: str = "",
    ) -> None:
        """``moved`` is told whether the cursor has moved; ``start`` names the view to begin with."""
        self._host, self._model, self._tabs = host, model, tabs
        self._left_card, self._moved = left_card, moved
        self._start = start

    def bindings(self) -> Mapping[str, Handler]:
        """What each of them does."""
        return {
            "cursor.next-group": lambda n: self._to_group(n or 1),
            "cursor.previous-group": lambda n: self._to_group(-(n or 1)),
            "board.group": lambda _: self._host.run(self._group()),
            "board.collapse-group": lambda _: self._toggle_group(),
            "board.views": lambda n: self._views.show(n - 1) if n else self._views.open(),
            **{command: self._showing(tab) for command, tab in TAB_COMMANDS.items()},
        }

    def _showing(self, tab: int) -> Handler:
        return lambda _: self._views.show(tab)

    def refuses(self, command: str) -> str:
        """Why one of them makes no sense now."""
        if command in IN_GROUPS and self._model.order is None:
            return f"The cards are not grouped; {self._host.key_of('board.group')} groups them."
        if command == "board.group" and not grouping_fields(fields_of(self._host.state.schema)):
            return "This workflow has no person and no choice to group its cards by."
        tab = TAB_COMMANDS.get(command, 0)
        return self._tabs.why_not_show(tab, self._host.key_of("board.views")) if tab else ""

    @cached_property
    def _views(self) -> ViewCommands:
        from fdtui.tui.board.view_commands import ViewCommands  # noqa: PLC0415

        return ViewCommands(self._host, self._model, self._tabs, shown=self._shown)

    def on_state(self, state: State) -> None:
        """Begin with the view that was asked for, and follow the cards of several workflows."""
        if self._start and state.loaded and state.workflows:
            name, self._start = self._start, ""
            self._views.begin_with(name)
        if "_views" in self.__dict__:
            self._views.on_state(state)

    def _shown(self) -> None:
        self._left_card.forget()
        self._moved(True)
        self._host.draw()

    @property
    def tab_names(self) -> tuple[str, ...]:
        """What the tabs are called, all cards first; empty where there are no views."""
        names = tuple(each.name for each in self._tabs.views)
        return (ALL_CARDS, *names) if names else ()

    def show_tab(self, tab: int) -> None:
        """Show a tab that was clicked."""
        self._views.show(tab)

    def _to_group(self, step: int) -> None:
        self._left_card.walked()
        self._moved(self._model.go_to_group(step))

    async def _group(self) -> None:
        from fdtui.tui.board.group_picker import GroupPicker  # noqa: PLC0415

        host, order = self._host, self._model.order
        group, summed = (order.field, order.summed) if order is not None else (None, None)
        await host.ask(
            GroupPicker(group, summed, host.state.schema, host.look.glyphs, changed=self._group_by)
        )
        host.session.save_view(self._model.saved)

    def _group_by(self, field: str, summed: str) -> None:
        self._model.group(field, summed)
        self._host.draw()

    def _toggle_group(self) -> None:
        column = self._model.column
        section = self._model.lane(column).group if column is not None else None
        if section is None:
            self._host.notify("No group is under the cursor.", "warning")
            return
        self.fold(section.group.id)

    def fold(self, group: str) -> None:
        """Fold a group in all columns, or unfold it."""
        self._model.toggle_group(group)
        self._host.session.save_view(self._model.saved)
        self._shown()
