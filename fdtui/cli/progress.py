"""How far something is that takes longer than a moment, for whoever watches."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from fdtui.cli import output

T = TypeVar("T")
QUIET_SECONDS = 1.0
"""What is done within this time needs no progress; and so often it is told then."""


class CommandProgress:
    """A line on stderr that is written over, on a terminal only; use it as a context."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._next = clock() + QUIET_SECONDS
        self._is_shown = False

    def __enter__(self) -> CommandProgress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_shown:
            output.progress("")

    def counted(self, items: Iterable[T], what: str) -> Iterator[T]:
        """``items``, which are ``what``, as they pass."""
        for count, each in enumerate(items, start=1):
            self.tell(lambda count=count: f"{count:,} {what}")  # type: ignore[misc]
            yield each

    def tell(self, words: Callable[[], str]) -> None:
        """Show ``words`` where it is time to."""
        now = self._clock()
        if now < self._next or not output.is_watched():
            return
        self._next, self._is_shown = now + QUIET_SECONDS, True
        output.progress(words())
