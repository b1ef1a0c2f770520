"""What was done to a text, to be taken back; and what was cut out of one, to be put in again. Pure."""

from __future__ import annotations

from fdtui.core.frozen import frozen

MOST_STEPS = 1_000
"""Steps that can be taken back; older ones are forgotten."""


@frozen
class TextChange:
    """At a place, one text instead of another; ``caret`` is where it stood before."""

    at: int
    removed: str
    inserted: str
    caret: int


class Changes:
    """The changes of one text, the latest last; letters typed one after the other are one."""

    def __init__(self) -> None:
        self._done: list[TextChange] = []
        self._is_open = False
        """Whether the next letter still belongs to the last change."""

    def add(self, change: TextChange, *, typed: bool) -> None:
        """Remember one; a blank after a word begins another."""
        last = self._done[-1] if self._done else None
        if typed and self._is_open and last is not None:
            follows = change.at == last.at + len(last.inserted) and not change.removed
            if follows and not (change.inserted.isspace() and not last.inserted[-1:].isspace()):
                inserted = last.inserted + change.inserted
                self._done[-1] = TextChange(last.at, last.removed, inserted, last.caret)
                return
        self._done.append(change)
        del self._done[:-MOST_STEPS]
        self._is_open = typed

    def seal(self) -> None:
        """The caret went elsewhere: what is typed from now on is another change."""
        self._is_open = False

    def take(self) -> TextChange | None:
        """The last change, to be taken back."""
        self._is_open = False
        return self._done.pop() if self._done else None


class Cut:
    """What was cut out last, by whichever text: ``ctrl+y`` puts it in."""

    def __init__(self) -> None:
        self.text = ""


CUT = Cut()
"""One for the whole program, so that a word cut here can be put in there."""
