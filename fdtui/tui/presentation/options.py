"""The colours and signs of a select's options: how grave each is, or as its workflow says. Pure."""

from __future__ import annotations

from fdtui.core.schema import Field
from fdtui.core.values import Value
from fdtui.tui.preferences import Glyphs
from fdtui.tui.presentation.colours import colour_role
from fdtui.tui.toolkit.cells import Piece

_ROLES = ("bad", "warn", "dim", "dim")
"""By how grave an option is, the gravest first."""
_GRAVE = frozenset(
    ("critical", "blocker", "urgent", "highest", "high", "severe", "major", "immediate", "p0", "s1")
)
_SLIGHT = frozenset(("low", "lowest", "minor", "trivial", "none", "later", "someday", "p4", "s4"))


def option_role(field: Field, option: str) -> str:
    """The role of an option: its own colour, how grave it is where the field says that, else quiet."""
    if own := colour_role(field.color_of(option)):
        return own
    level = option_level(field, option)
    return "dim" if level is None else _ROLES[level]


def option_level(field: Field, option: Value) -> int | None:
    """How grave an option is, 0 the gravest and 3 the least; ``None`` where the field does not rank."""
    if not field.ranks or not isinstance(option, str) or option not in field.options:
        return None
    last = len(field.options) - 1
    place = field.options.index(option)
    if _is_rising(field.options):
        place = last - place
    return place if last == 3 else round(place * 3 / last) if last else 2


def option_sign(field: Field | None, option: Value, glyphs: Glyphs) -> Piece | None:
    """The sign that stands before a title for its option, with its colour; ``None`` for none."""
    if field is None:
        return None
    level = option_level(field, option)
    if level is None or not isinstance(option, str):
        return None
    return glyphs.levels[level], option_role(field, option)


def _is_rising(options: tuple[str, ...]) -> bool:
    """Whether the options are listed from the least to the gravest, as their words tell."""
    first, last = options[0].strip().lower(), options[-1].strip().lower()
    return first in _SLIGHT or (last in _GRAVE and first not in _GRAVE)
