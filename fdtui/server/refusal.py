"""A request that is not answered as asked, other than for its data (that is `InvalidError`)."""

from __future__ import annotations

from collections.abc import Mapping

from fdtui.core.errors import ApiError


class RefusedError(ApiError):
    """An answer of that ``status`` with one sentence, and ``headers`` that belong to it."""

    def __init__(self, message: str, *, status: int, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message, status=status)
        self.headers = dict(headers or {})


def no_such_page() -> RefusedError:
    """The answer for an address that is none."""
    return RefusedError("There is nothing at this address.", status=404)


def no_such_task() -> RefusedError:
    """The answer for a unique id that no task has."""
    return RefusedError("There is no such task.", status=404)
