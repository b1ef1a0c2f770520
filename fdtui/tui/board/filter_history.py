"""The filters of before, called back one by one while one is typed. Pure."""

from __future__ import annotations

MOST_KEPT = 50


def with_filter(history: tuple[str, ...], text: str) -> tuple[str, ...]:
    """The history with another filter at its end, each of them once."""
    if not text:
        return history
    return (*(each for each in history if each != text), text)[-MOST_KEPT:]


class FilterHistory:
    """Where one is in the filters of before; what was typed comes back behind the latest."""

    def __init__(self, entries: tuple[str, ...], typed: str) -> None:
        self._entries = tuple(each for each in entries if each != typed)
        self._typed = typed
        self._at = len(self._entries)

    @property
    def is_older(self) -> bool:
        """Whether there is one before."""
        return self._at > 0

    @property
    def is_newer(self) -> bool:
        """Whether one was called back, so that there is one behind it, or what was typed."""
        return self._at < len(self._entries)

    def typed(self, text: str) -> None:
        """Something was typed: it is what comes behind the latest."""
        self._typed, self._at = text, len(self._entries)

    def move(self, step: int) -> str:
        """The filter before or behind; at the ends the same again."""
        self._at = max(0, min(self._at + step, len(self._entries)))
        return self._entries[self._at] if self.is_newer else self._typed
