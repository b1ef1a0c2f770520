"""Views: a filter, a sort, groups and a look under a name, as the settings file keeps them. Pure.

What changes the views of a file is a function from all of them to all of them, so that whoever keeps
the file can do it to what the file holds by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

from fdtui.core.errors import UsageError
from fdtui.core.frozen import frozen, replace
from fdtui.core.names import find_all, meaning
from fdtui.core.safetext import is_control, quoted
from fdtui.core.schema import WorkflowRef

MAX_VIEW_NAME = 40
"""Letters of a view's name: it stands in the header."""
EVERY_WORKFLOW = "*"
"""In the list of workflows that a view spans: all of them."""
ALL_CARDS = "All"
"""What the board without a view is called; no view may be."""


@frozen
class Arrangement:
    """How the cards of a board are shown."""

    filter: str = ""
    sort: str = ""
    group: str = ""
    """The field that cards are grouped by; empty for none."""
    sum: str = ""
    """The number that is summed over each group; empty for none."""
    density: str = ""
    """Lines of a card, by their name; empty for what the settings say."""
    fields: tuple[str, ...] | None = None
    """What a card shows beside title and unique id; ``None`` for what the settings say."""
    folded: tuple[str, ...] = ()
    """The names of stages whose columns are folded."""
    folded_groups: tuple[str, ...] = ()
    """The ids of groups that are folded (`fdtui.core.grouping`)."""
    hide_end: bool | None = None
    """Whether the end stages are hidden; ``None`` for what the settings say."""

    def settled(self, hide_end: bool) -> Arrangement:
        """The same, so that two that show the same are equal; ``hide_end`` is what the settings say."""
        return replace(
            self,
            folded=tuple(sorted(self.folded)),
            folded_groups=tuple(sorted(self.folded_groups)),
            hide_end=hide_end if self.hide_end is None else self.hide_end,
        )


@frozen
class BoardStart:
    """How the board is to begin; what is not said is as the user left it."""

    view: str = ""
    """The name of a view; empty for none."""
    filter: str | None = None


AS_LEFT = BoardStart()


@frozen
class NamedView:
    """An arrangement with a name."""

    name: str
    workflow: str = ""
    """The workflow that it is for, by id or name; empty for each of them."""
    shows: Arrangement = Arrangement()
    is_default: bool = False
    """Whether its workflow begins with it."""
    spans: tuple[str, ...] = ()
    """The workflows whose cards it shows together, `EVERY_WORKFLOW` for all; none for its own only."""

    def fits(self, workflow: WorkflowRef) -> bool:
        """Whether it is a view of that workflow, or of several of which it is one."""
        if self.spans:
            return any(said == EVERY_WORKFLOW or _is_called(workflow, said) for said in self.spans)
        return not self.workflow or _is_called(workflow, self.workflow)

    @property
    def key(self) -> tuple[str, str]:
        """What no two views have in common: the name, beside others of that workflow."""
        return meaning(self.name.strip()), meaning("\0".join(self.spans) or self.workflow)


def _is_called(workflow: WorkflowRef, said: str) -> bool:
    return said == workflow.id or meaning(said) == meaning(workflow.name)


ViewList: TypeAlias = tuple[NamedView, ...]
ViewsChange: TypeAlias = Callable[[ViewList], ViewList]
"""Makes of all views those that there are to be. Raises `UsageError`."""


def views_of(views: Iterable[NamedView], workflow: WorkflowRef | None) -> ViewList:
    """The views of a workflow, in order."""
    return tuple(each for each in views if workflow is not None and each.fits(workflow))


def default_of(views: Iterable[NamedView], workflow: WorkflowRef | None) -> NamedView | None:
    """The view that a workflow begins with: one of its own before one of every workflow."""
    marked = [each for each in views_of(views, workflow) if each.is_default and not each.spans]
    return next((each for each in marked if each.workflow), next(iter(marked), None))


def view_named(views: Iterable[NamedView], said: str) -> NamedView | None:
    """The view that ``said`` names; of two, the one that is of its workflow alone."""
    found = find_all(said, views, lambda each: each.name)
    return next((each for each in found if each.workflow), next(iter(found), None))


def spanned(view: NamedView, workflows: Iterable[WorkflowRef]) -> tuple[WorkflowRef, ...]:
    """Those of the workflows whose cards a view shows together."""
    return tuple(each for each in workflows if view.spans and view.fits(each))


def view_meant(views: Iterable[NamedView], said: str) -> NamedView:
    """The same; raises `UsageError` that names the nearest one."""
    listed = tuple(views)
    found = view_named(listed, said)
    if found is not None:
        return found
    from fdtui.core.query.naming import nearest  # noqa: PLC0415  # not before something is wrong

    near = nearest(said, [each.name for each in listed])
    names = ", ".join(quoted(each.name) for each in listed)
    hint = f"Did you mean {quoted(near)}?" if near else f"There are {names}." if names else ""
    raise UsageError(f"There is no view {quoted(said[:80])}.", hint)


def why_no_name(name: str) -> str:
    """Why a view cannot have that name, as the end of a sentence; empty where it can."""
    if not name.strip() or any(map(is_control, name)):
        return "must be a line of text"
    if len(name) > MAX_VIEW_NAME:
        return f"must have at most {MAX_VIEW_NAME} letters"
    if meaning(name.strip()) == meaning(ALL_CARDS):
        return f"must not be {ALL_CARDS}: that is the board without a view"
    return ""


# What changes all of them


def put(view: NamedView) -> ViewsChange:
    """In place of the view of that name, or behind all others."""

    def change(views: ViewList) -> ViewList:
        _check_name(view)
        at = _place(views, view)
        views = (*views, view) if at is None else _with(views, at, view)
        return _one_default(views, view)

    return change


def rename(view: NamedView, name: str) -> ViewsChange:
    """Under another name."""

    def change(views: ViewList) -> ViewList:
        at = _known_place(views, view)
        renamed = replace(views[at], name=name.strip())
        _check_name(renamed)
        if _place(views, renamed) not in (None, at):
            raise UsageError(f"There is a view {quoted(name)} already.", "Choose another name.")
        return _with(views, at, renamed)

    return change


def remove(view: NamedView) -> ViewsChange:
    """Without that view."""

    def change(views: ViewList) -> ViewList:
        at = _known_place(views, view)
        return views[:at] + views[at + 1 :]

    return change


def move(view: NamedView, step: int, workflow: WorkflowRef) -> ViewsChange:
    """Past this many of the other views of a workflow, or to their end."""

    def change(views: ViewList) -> ViewList:
        places = [at for at, each in enumerate(views) if each.fits(workflow)]
        at = _known_place(views, view)
        order = [each for each in places if each != at]
        order.insert(max(0, min(places.index(at) + step, len(order))), at)
        turn = {place: views[other] for place, other in zip(places, order, strict=True)}
        return tuple(turn.get(place, each) for place, each in enumerate(views))

    return change


def set_default(view: NamedView, *, is_default: bool = True) -> ViewsChange:
    """With that view as the one its workflow begins with, or with none."""

    def change(views: ViewList) -> ViewList:
        at = _known_place(views, view)
        changed = replace(views[at], is_default=is_default)
        return _one_default(_with(views, at, changed), changed)

    return change


def span(view: NamedView, workflow: WorkflowRef) -> ViewsChange:
    """With the cards of all workflows in that view; of a workflow alone where it had them."""

    def change(views: ViewList) -> ViewList:
        at = _known_place(views, view)
        changed = replace(view, workflow="", spans=(EVERY_WORKFLOW,), is_default=False)
        if view.spans:
            changed = replace(view, workflow=workflow.name, spans=())
        if _place(views, changed) not in (None, at):
            raise UsageError(f"There is a view {quoted(view.name)} already.", "Choose another name.")
        return _with(views, at, changed)

    return change


def _place(views: ViewList, view: NamedView) -> int | None:
    return next((at for at, each in enumerate(views) if each.key == view.key), None)


def _known_place(views: ViewList, view: NamedView) -> int:
    at = _place(views, view)
    if at is None:
        raise UsageError(f"The view {quoted(view.name)} no longer exists.")
    return at


def _with(views: ViewList, at: int, view: NamedView) -> ViewList:
    return (*views[:at], view, *views[at + 1 :])


def _check_name(view: NamedView) -> None:
    if why := why_no_name(view.name):
        raise UsageError(f"A view's name {why}.", "Choose another name.")


def _one_default(views: ViewList, chosen: NamedView) -> ViewList:
    """A workflow begins with one view only."""
    if not chosen.is_default:
        return views
    return tuple(
        replace(each, is_default=False)
        if each.is_default and each.key != chosen.key and each.key[1] == chosen.key[1]
        else each
        for each in views
    )
