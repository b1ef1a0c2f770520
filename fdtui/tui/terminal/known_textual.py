"""Which Textual is installed, and whether what uses its private parts was tried with it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import textual

TRIED_WITH = ("8.2.",)
"""The beginnings of the Textual versions that this was tried with."""


@cache
def is_known_textual() -> bool:
    """Whether this Textual is one that painter, driver and parser were tried with."""
    version = version_beside(Path(textual.__path__[0])) or textual.__version__
    return version.startswith(TRIED_WITH)


def version_beside(package: Path) -> str:
    """The version that an installer wrote beside ``package``; empty where not exactly one is there.

    Textual's own `__version__` says the same, but imports parsers of e-mails and archives for it.
    """
    try:
        found = [each.name for each in package.parent.glob(f"{package.name}-*.dist-info")]
    except OSError:
        return ""
    return found[0][len(package.name) + 1 : -len(".dist-info")] if len(found) == 1 else ""
