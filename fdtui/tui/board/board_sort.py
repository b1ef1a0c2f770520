"""The sort of one board: its text understood, once for each workflow. Pure."""

from __future__ import annotations

from fdtui.core.entry import fields_of
from fdtui.core.ordering import RowOrder
from fdtui.core.schema import Schema
from fdtui.core.sort_edit import meant
from fdtui.core.sort_terms import sort_keys


class BoardSort:
    """Compiles a sort; the same order is the same object as long as it means the same."""

    def __init__(self) -> None:
        self._made: tuple[str, Schema, RowOrder | None] | None = None

    def order(self, text: str, schema: Schema) -> RowOrder | None:
        """What ``text`` means; a field that the workflow does not have is passed over."""
        made = self._made
        if made is not None and made[0] == text and made[1] is schema:
            return made[2]
        fields = fields_of(schema)
        keys = sort_keys((term for term, field in meant(text, fields) if field is not None), fields)
        order = RowOrder(keys, schema) if keys else None
        self._made = (text, schema, order)
        return order
