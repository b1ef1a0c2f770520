"""Cells that a spreadsheet would run: guarded by a quote before them, and the guard taken off again."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*(?:[=@\t\r]|[+-](?![0-9.,() /-]*$))")
"""What a spreadsheet would take for a formula, behind any quotes; numbers and phone numbers are none."""


def guarded(text: str) -> str:
    """``text`` with a quote before what a spreadsheet would run; and before what looks guarded."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` made ``text`` of; any other text stays as it is."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text, 1) else text
