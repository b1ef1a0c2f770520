"""How a workflow was shown last: the filter, the folded columns; local to this machine."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, Protocol

from fdtui.core.errors import DamagedError
from fdtui.core.frozen import frozen
from fdtui.core.views import Arrangement


@frozen
class SavedView:
    """How the user left the board of a workflow."""

    shows: Arrangement = Arrangement()
    history: tuple[str, ...] = ()
    """The filters that were kept before, the latest last."""
    view: str = ""
    """The name of the view that was shown, perhaps changed since; empty for none."""


_ARRANGED = tuple(each.name for each in dataclasses.fields(Arrangement))


class Views(Protocol):
    """The last view of each workflow. Raises `StorageError`."""

    def get(self, workflow: str) -> SavedView | None:
        """The last one, where there was any; one that is damaged is forgotten, and told once."""
        ...

    def put(self, workflow: str, view: SavedView) -> None:
        """Remember one."""
        ...


class MemoryViews:
    """Views that end with the program."""

    def __init__(self) -> None:
        self._views: dict[str, SavedView] = {}

    def get(self, workflow: str) -> SavedView | None:
        """See `Views.get`."""
        return self._views.get(workflow)

    def put(self, workflow: str, view: SavedView) -> None:
        """See `Views.put`."""
        self._views[workflow] = view


class ViewTable:
    """The views in a ledger."""

    def __init__(self, ask: Any) -> None:
        self._ask = ask

    def get(self, workflow: str) -> SavedView | None:
        """See `Views.get`."""
        rows = self._ask("select body from view where workflow = ?", workflow)
        if not rows:
            return None
        view = _read(rows[0][0])
        if view is None:
            self._ask("delete from view where workflow = ?", workflow)
            raise DamagedError("How this board was left could not be read, so it starts fresh.")
        return view

    def put(self, workflow: str, view: SavedView) -> None:
        """See `Views.put`."""
        shown = {name: getattr(view.shows, name) for name in _ARRANGED}
        values = {**shown, "history": view.history, "view": view.view}
        self._ask("insert or replace into view values (?, ?)", workflow, json.dumps(values))


def _read(body: object) -> SavedView | None:
    """The view in the text; ``None`` where it holds something else."""
    try:
        values = json.loads(body) if isinstance(body, str) else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict):
        return None
    words, hide, folded = values.get("filter"), values.get("hide_end"), values.get("folded")
    if not isinstance(words, str) or not isinstance(hide, bool | None) or not isinstance(folded, list):
        return None
    fields = values.get("fields")
    shows = Arrangement(
        filter=words,
        sort=_text(values.get("sort")),
        group=_text(values.get("group")),
        sum=_text(values.get("sum")),
        density=_text(values.get("density")),
        fields=None if fields is None else _texts(fields),
        folded=_texts(folded),
        folded_groups=_texts(values.get("folded_groups")),
        hide_end=hide,
    )
    return SavedView(shows, _texts(values.get("history")), _text(values.get("view")))


def _text(value: object) -> str:
    """A text; empty for what else stands for it."""
    return value if isinstance(value, str) else ""


def _texts(values: object) -> tuple[str, ...]:
    """The texts of a list; what else stands in it, or for it, is passed over."""
    return tuple(each for each in values if isinstance(each, str)) if isinstance(values, list) else ()
