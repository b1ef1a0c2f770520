"""The sort as one sees it: its fields as chips, each with its direction. Pure."""

from __future__ import annotations

from fdtui.core.entry import fields_of
from fdtui.core.safetext import safe
from fdtui.core.schema import Schema
from fdtui.core.sort_edit import meant
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, Piece, cut, line_width


def sort_chips(sort: str, schema: Schema, room: int, glyphs: Glyphs) -> Line:
    """The fields in at most ``room`` cells; one that the workflow does not have in another colour."""
    pieces: list[Piece] = [("by ", "bold accent")]
    for number, (term, field) in enumerate(meant(sort, fields_of(schema))):
        sign = glyphs.late if field is None else glyphs.down if term.is_falling else glyphs.up
        left = room - line_width(tuple(pieces)) - 2
        if left < 4:
            pieces.append((glyphs.cut, "bold accent"))
            break
        if number:
            pieces.append((" ", "text"))
        name = cut(safe(term.name if field is None else field.name), left, glyphs.cut)
        pieces.append((name + sign, "bold warn@cursor" if field is None else "bold accent@cursor"))
    return tuple(pieces) if len(pieces) > 1 else ()
