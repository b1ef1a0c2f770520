"""What `fdtui doctor` finds: one thing each, whether it is well, and how to repair it."""

from __future__ import annotations

from enum import StrEnum

from fdtui.core.errors import FdtuiError
from fdtui.core.frozen import frozen


class Verdict(StrEnum):
    """How a thing is."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@frozen
class Finding:
    """One thing that was looked at; ``hint`` says how to repair it."""

    name: str
    verdict: Verdict
    says: str
    hint: str = ""


def ok(name: str, says: str) -> Finding:
    """A thing that is well."""
    return Finding(name, Verdict.OK, says)


def warning(name: str, says: str, hint: str = "") -> Finding:
    """A thing that could be better; the program works."""
    return Finding(name, Verdict.WARNING, says, hint)


def failed(name: str, error: FdtuiError) -> Finding:
    """A thing that does not work."""
    return Finding(name, Verdict.FAILED, error.message, error.hint)
