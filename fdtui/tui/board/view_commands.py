"""What is done with the views of a workflow: shown, kept, renamed, put in order, deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from fdtui.core.errors import FdtuiError
from fdtui.core.frozen import replace
from fdtui.core.safetext import quoted
from fdtui.core.schema import WorkflowRef
from fdtui.core.state import State
from fdtui.core.views import (
    MAX_VIEW_NAME,
    NamedView,
    ViewsChange,
    move,
    put,
    remove,
    rename,
    set_default,
    span,
    view_named,
    why_no_name,
)
from fdtui.tui.board.host import BoardHost
from fdtui.tui.board.model import BoardModel
from fdtui.tui.board.view_tabs import ViewTabs
from fdtui.tui.board.views_picker import ViewDeed, ViewsPicker, ViewWish
from fdtui.tui.confirm import confirm
from fdtui.tui.toolkit.picker import Item, Picker

if TYPE_CHECKING:
    from fdtui.tui.board.span_commands import SpanCommands


class ViewCommands:
    """Does with views what the user asks for, on one board."""

    def __init__(
        self, host: BoardHost, model: BoardModel, tabs: ViewTabs, *, shown: Callable[[], object]
    ) -> None:
        """``shown`` is called when the board shows another view."""
        self._host, self._model, self._tabs, self._shown = host, model, tabs, shown

    def show(self, tab: int) -> None:
        """Show a tab; where there is none of that number, say so."""
        if why := self._tabs.why_not_show(tab, self._host.key_of("board.views")):
            self._host.notify(why, "warning")
            return
        if tab and (view := self._tabs.views[tab - 1]).spans:
            self._host.run(self._span.show(view))
            return
        self._tabs.show(tab)
        self._host.session.save_view(self._model.saved)
        self._shown()

    def begin_with(self, name: str) -> None:
        """List the cards of several workflows, if that is what the view of that name does.

        Any other is on the board already, unless it is no view of this workflow.
        """
        view = view_named(self._tabs.views, name)
        if view is None:
            self._host.notify(f"{quoted(name)} is no view of this workflow.", "warning")
        elif view.spans:
            self._host.run(self._span.show(view))

    @cached_property
    def _span(self) -> SpanCommands:
        from fdtui.tui.board.span_commands import SpanCommands  # noqa: PLC0415  # not before one is shown

        return SpanCommands(self._host, self._model)

    def on_state(self, state: State) -> None:
        """Follow the workflow that a card of several is looked for in."""
        if "_span" in self.__dict__:
            self._span.on_state(state)

    def open(self) -> None:
        """The list of views."""
        self._host.run(self._open())

    async def _open(self) -> None:
        host, tabs = self._host, self._tabs
        at = tabs.shown
        while True:
            picker = ViewsPicker(tabs.views, tabs.shown, tabs.is_changed, host.look.glyphs, start=at)
            wish = await host.ask(picker)
            if wish is None:
                return
            if wish.deed is ViewDeed.SHOW:
                self.show(wish.tab)
                return
            at = await self._do(wish)
            host.draw()

    async def _do(self, wish: ViewWish) -> int:
        """Do something with a view; answers the tab that the bar is on then."""
        workflow = self._host.state.workflow
        if workflow is None:
            return 0
        if wish.deed is ViewDeed.NEW:
            return await self._new(workflow)
        view = self._tabs.views[wish.tab - 1]
        match wish.deed:
            case ViewDeed.SAVE:
                await self._save(view)
            case ViewDeed.RENAME:
                await self._rename(view)
            case ViewDeed.DEFAULT:
                await self._keep(set_default(view, is_default=not view.is_default))
            case ViewDeed.ACROSS:
                await self._keep(span(view, workflow))
            case ViewDeed.DELETE:
                await self._delete(view)
            case ViewDeed.EARLIER | ViewDeed.LATER:
                step = 1 if wish.deed is ViewDeed.LATER else -1
                await self._keep(move(view, step, workflow))
                return max(1, min(wish.tab + step, len(self._tabs.views)))
        return min(wish.tab, len(self._tabs.views))

    async def _new(self, workflow: WorkflowRef) -> int:
        name = await self._name("A new view")
        if name is not None:
            view = NamedView(name, workflow.name, self._model.arrangement)
            if await self._keep(put(view)):
                self._call_it(name)
        return self._tabs.shown

    async def _save(self, view: NamedView) -> None:
        is_other = view is not self._tabs.view
        question = f"Let {quoted(view.name)} be what the board shows now?"
        if is_other and not await confirm(self._host, question, yes="Save it", no="Keep it as it is"):
            return
        if await self._keep(put(replace(view, shows=self._model.arrangement))):
            self._call_it(view.name)

    async def _rename(self, view: NamedView) -> None:
        is_shown = view is self._tabs.view
        name = await self._name(f"Another name for {quoted(view.name)}", view)
        if name is not None and await self._keep(rename(view, name)) and is_shown:
            self._call_it(name)

    async def _delete(self, view: NamedView) -> None:
        is_shown = view is self._tabs.view
        question = f"Delete the view {quoted(view.name)}?"
        is_gone = await confirm(self._host, question, yes="Delete it") and await self._keep(remove(view))
        if is_gone and is_shown:
            self._call_it("")

    def _call_it(self, name: str) -> None:
        """The board shows that view from now on; what is on it stays."""
        self._model.view_name = name
        self._host.session.save_view(self._model.saved)

    async def _name(self, title: str, view: NamedView | None = None) -> str | None:
        """A name as the user types it; ``None`` where they leave without one."""

        def named(typed: str) -> Item:
            name = typed.strip()
            others = (each for each in self._tabs.views if each is not view)
            why = f"A view's name {reason}." if (reason := why_no_name(name)) else ""
            if any(replace(each, name=name).key == each.key for each in others):
                why = "There is a view of that name already."
            return Item(name, f"Call it {quoted(name)}", why_not=why)

        text = view.name if view is not None else ""
        nothing = f"Type a name of at most {MAX_VIEW_NAME} letters, then choose it."
        picker = Picker(title, (), self._host.look.glyphs, free=named, text=text, nothing=nothing)
        item = await self._host.ask(picker)
        return None if item is None else item.id

    async def _keep(self, change: ViewsChange) -> bool:
        """Keep other views; false where that cannot be, which is said."""
        try:
            await self._host.wait("Saving the views", asyncio.to_thread(self._tabs.book.change, change))
        except FdtuiError as error:
            self._host.notify(str(error), "error")
            return False
        return True
