"""What the parts of the board may ask of their screen, which none of them imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from textual.screen import Screen

    from fdtui.core.task import Task
    from fdtui.tui.toolkit.key_events import KeyRead


class BoardFace(Protocol):
    """The screen, as its own parts see it: what takes more than one of them."""

    @property
    def screen(self) -> Screen[Any]:
        """Itself, for what is mounted on it and what comes after a frame."""
        ...

    @property
    def subject(self) -> Task | None:
        """The task that the keys of the board, or of triage, are for."""
        ...

    @property
    def read(self) -> KeyRead | None:
        """The read of the terminal that the key of the moment came with."""
        ...

    def draw(self) -> None:
        """Bring the screen up to date; what is right already is not painted again."""
        ...

    def catch_up(self) -> None:
        """Show what the session knows by now."""
        ...

    def moved(self, has_moved: bool = True) -> None:
        """Follow the cursor, which the model has moved."""
        ...

    def chose_card(self) -> None:
        """Draw the card where the user wants to be."""
        ...

    def take_key(self, name: str, character: str | None, *, is_kept: bool = False) -> None:
        """Do what a key means; ``is_kept`` marks one that was typed ahead of a dialog."""
        ...

    def give(self, command: str) -> None:
        """Give a command by its id, as if its key had been pressed."""
        ...
