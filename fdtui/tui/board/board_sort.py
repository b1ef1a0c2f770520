"""The order of one board's cards: sort and groups understood, once for each workflow. Pure."""

from __future__ import annotations

from fdtui.core.board import View
from fdtui.core.entry import fields_of
from fdtui.core.errors import UsageError
from fdtui.core.grouping import GroupOrder, grouping_fields, summed_fields
from fdtui.core.ordering import RowOrder
from fdtui.core.schema import Field, Schema
from fdtui.core.sort_edit import meant
from fdtui.core.sort_terms import field_meant, sort_keys


class BoardSort:
    """Compiles a sort; the same order is the same object as long as it means the same."""

    def __init__(self) -> None:
        self._made: tuple[tuple[str, str, str], Schema, RowOrder | None] | None = None

    def order(self, view: View, schema: Schema) -> RowOrder | None:
        """What sort and groups mean; a field that the workflow does not have is passed over."""
        said, made = (view.sort, view.group, view.sum), self._made
        if made is not None and made[0] == said and made[1] is schema:
            return made[2]
        fields = fields_of(schema)
        keys = sort_keys((term for term, field in meant(view.sort, fields) if field is not None), fields)
        group = _known(view.group, grouping_fields(fields))
        order: RowOrder | None = RowOrder(keys, schema) if keys else None
        if group is not None:
            order = GroupOrder(group, keys, schema, _known(view.sum, summed_fields(fields)))
        self._made = (said, schema, order)
        return order


def _known(said: str, fields: tuple[Field, ...]) -> Field | None:
    try:
        return field_meant(said, fields) if said else None
    except UsageError:
        return None
