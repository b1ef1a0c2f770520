"""What a table of ``[[views]]`` means, and what it has to say of a view."""

from __future__ import annotations

from typing import Any

from fdtui.config.settings import ViewSettings
from fdtui.core.views import Arrangement, NamedView


def named_view(said: ViewSettings) -> NamedView:
    """The view that a table of the file means."""
    shows = Arrangement(
        filter=said.filter,
        sort=said.sort,
        group=said.group,
        sum=said.sum,
        density=said.density,
        fields=said.fields,
        folded=said.folded,
        folded_groups=said.folded_groups,
        hide_end=said.hide_end_stages,
    )
    return NamedView(said.name, said.workflow, shows, said.default, said.workflows)


def values_of(view: NamedView) -> dict[str, Any]:
    """What a view is, by the keys of the file; ``None`` for what goes without saying."""
    shows = view.shows
    return {
        "name": view.name,
        "workflow": view.workflow or None,
        "workflows": list(view.spans) or None,
        "default": view.is_default or None,
        "filter": shows.filter or None,
        "sort": shows.sort or None,
        "group": shows.group or None,
        "sum": shows.sum or None,
        "density": shows.density or None,
        "fields": None if shows.fields is None else list(shows.fields),
        "hide_end_stages": shows.hide_end,
        "folded": list(shows.folded) or None,
        "folded_groups": list(shows.folded_groups) or None,
    }
