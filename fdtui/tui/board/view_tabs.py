"""Which view a board shows, of those that its workflow has, and how it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from fdtui.core.frozen import replace
from fdtui.core.schema import WorkflowRef
from fdtui.core.views import (
    ALL_CARDS,
    Arrangement,
    BoardStart,
    NamedView,
    ViewList,
    ViewsChange,
    default_of,
    view_named,
    views_of,
)
from fdtui.sync.storage.views import SavedView
from fdtui.tui.board.model import BoardModel
from fdtui.tui.presentation.header_tabs import HeaderTab

if TYPE_CHECKING:
    from fdtui.sync.session import Session


class ViewBook(Protocol):
    """Where the views are kept."""

    @property
    def views(self) -> ViewList:
        """All of them, of every workflow."""
        ...

    def change(self, change: ViewsChange) -> None:
        """Make others of them; may take a while. Raises `FdtuiError` where that cannot be kept."""
        ...


class MemoryViewBook:
    """Views that end with the program."""

    def __init__(self, views: ViewList = ()) -> None:
        self.views = views

    def change(self, change: ViewsChange) -> None:
        """See `ViewBook.change`."""
        self.views = change(self.views)


class BoardBeginning:
    """How each workflow begins: as it was asked for, with its default view, or as it was left."""

    def __init__(
        self, book: ViewBook, start: BoardStart, session: Session, *, hide_end: bool = False
    ) -> None:
        """``hide_end`` is what the settings say."""
        self._book, self._start, self._session, self._hide_end = book, start, session, hide_end
        self._begun: set[str] = set()

    def __call__(self) -> SavedView | None:
        """How the workflow is shown that was opened just now."""
        workflow, last = self._session.state.workflow, self._session.last_view()
        if workflow is None or workflow.id in self._begun:
            return last
        start = self._start if not self._begun else BoardStart()
        self._begun.add(workflow.id)
        return self._beginning(workflow, last, start)

    def _beginning(
        self, workflow: WorkflowRef, last: SavedView | None, start: BoardStart
    ) -> SavedView | None:
        views = views_of(self._book.views, workflow)
        view = view_named(views, start.view) if start.view else default_of(views, workflow)
        if (start.filter is not None and not start.view) or (view is not None and view.spans):
            view = None
        history = last.history if last is not None else ()
        begun = last if view is None else SavedView(view.shows, history, view.name)
        if start.filter is not None:
            begun = begun or SavedView()
            begun = replace(begun, shows=replace(begun.shows, filter=start.filter))
        return begun

    def is_kept(self, saved: SavedView) -> bool:
        """Whether the next start shows the workflow so, as it is shown now."""
        workflow = self._session.state.workflow
        if workflow is None:
            return False
        begun = self._beginning(workflow, saved, self._start)
        if begun is None or begun.view != saved.view:
            return False
        return begun.shows.settled(self._hide_end) == saved.shows.settled(self._hide_end)


class ViewTabs:
    """The views of the workflow on the board, in order; tab 0 is the board without one."""

    def __init__(self, model: BoardModel, book: ViewBook, *, hide_end: bool = False) -> None:
        """``hide_end`` is what the settings say."""
        self._model, self.book, self._hide_end = model, book, hide_end
        self._free: dict[str, Arrangement] = {}
        """By workflow, how the board was shown without a view."""

    @property
    def views(self) -> ViewList:
        """Those of the workflow."""
        return views_of(self.book.views, self._model.state.workflow)

    @property
    def shown(self) -> int:
        """The tab that is shown, perhaps changed since."""
        name = self._model.view_name
        view = view_named((each for each in self.views if not each.spans), name) if name else None
        return 0 if view is None else self.views.index(view) + 1

    @property
    def view(self) -> NamedView | None:
        """The view that is shown; ``None`` for none."""
        return self.views[self.shown - 1] if self.shown else None

    @property
    def is_changed(self) -> bool:
        """Whether the board shows something else than the view has."""
        view = self.view
        hide_end = self._hide_end
        return view is not None and view.shows.settled(hide_end) != self._model.arrangement.settled(
            hide_end
        )

    @property
    def tabs(self) -> tuple[HeaderTab, ...]:
        """The tabs, the board without a view first; none where there are no views."""
        views, shown = self.views, self.shown
        if not views:
            return ()
        named = (
            HeaderTab(each.name, tab == shown, tab == shown and self.is_changed)
            for tab, each in enumerate(views, 1)
        )
        return (HeaderTab(ALL_CARDS, shown == 0), *named)

    def why_not_show(self, tab: int, key: str) -> str:
        """Why a tab cannot be shown, empty where it can; ``key`` is that of the views."""
        if tab <= len(self.views):
            return ""
        return f"There is no view {tab + 1} yet; {key} makes one of what the board shows."

    def show(self, tab: int) -> None:
        """Show a tab: the view as it is kept, or the board as it was before a view was shown."""
        workflow = self._model.state.workflow_id
        if not self.shown:
            self._free[workflow] = self._model.arrangement
        if tab:
            view = self.views[tab - 1]
            self._model.arrange(view.shows, view.name)
        else:
            self._model.arrange(self._free.get(workflow, Arrangement()))
