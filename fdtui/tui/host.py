"""What a feature may ask of the board. No feature imports the board's screen; the screen fits this."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.focus import FocusStack, Layer

if TYPE_CHECKING:
    from textual.app import App

    from fdtui.sync.session import Session
    from fdtui.sync.writing.draft_keeper import DraftKeeper
    from fdtui.tui.preferences import Look

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Asks(Layer, Protocol[T_co]):
    """A layer that asks something and answers once."""

    def begin(self, told: Callable[[], None], close: Callable[[Any], None]) -> None:
        """Whoever asks hears by ``told`` of the answer, and ``close`` takes the dialog away."""
        ...

    def answer(self) -> None:
        """Go without an answer."""
        ...

    async def answered(self) -> T_co | None:
        """The answer; ``None`` where the dialog was left without one."""
        ...


class DialogHost(Protocol):
    """What can ask the user something and say something: the board, or a screen without one."""

    @property
    def look(self) -> Look:
        """How the user wants the screen to look."""
        ...

    @property
    def focus(self) -> FocusStack:
        """Who has the keys."""
        ...

    @property
    def app(self) -> App[Any]:
        """The program, for its size and its terminal."""
        ...

    def notify(self, text: str, severity: str = "information") -> None:
        """Tell the user something, where the eye is: ``information``, ``warning`` or ``error``."""
        ...

    def key_of(self, command: str) -> str:
        """The first key of a command as people read it; empty where it has none."""
        ...

    def draw_footer(self) -> None:
        """Say what can be done now, after something else than a key has changed that."""
        ...

    def repaint(self) -> None:
        """Paint every cell again: another program has had the terminal."""
        ...

    def run(self, conversation: Coroutine[Any, Any, None]) -> None:
        """Start what asks the user something on its way; it ends with the screen at the latest."""
        ...

    async def ask(self, dialog: Asks[T]) -> T | None:
        """Open a dialog and wait for its answer; ``None`` where it was left without one."""
        ...


class Host(DialogHost, Protocol):
    """The board as its features see it."""

    @property
    def session(self) -> Session:
        """What knows the state, and what changes go through."""
        ...

    @property
    def keeper(self) -> DraftKeeper:
        """Keeps what is being typed."""
        ...

    @property
    def state(self) -> State:
        """What the session knows, as it is drawn."""
        ...

    @property
    def current(self) -> Task | None:
        """The task that a command is for: under the cursor, in triage, or held by an open editor."""
        ...

    @property
    def now(self) -> datetime:
        """The moment, in the user's time zone."""
        ...

    def clock(self) -> float:
        """The same in seconds of the wall clock."""
        ...

    def label(self, task: Task, cells: int = 60) -> str:
        """The task in a sentence: its title, quoted, safe, and cut to ``cells``."""
        ...

    def clear(self) -> None:
        """Take back what was said last."""
        ...

    def give(self, command: str) -> None:
        """Give a command by its id, as if its key had been pressed."""
        ...

    def draw(self) -> None:
        """Bring the screen up to date; what is right already is not painted again."""
        ...

    def catch_up(self) -> None:
        """Show what the session knows by now, before its message arrives."""
        ...

    def go_to(self, key: str) -> bool:
        """Put the cursor on a task; false where it is on no column."""
        ...

    @property
    def is_asking(self) -> bool:
        """Whether a dialog is open, or on its way."""
        ...

    async def wait(self, what: str, coming: Awaitable[T]) -> T | None:
        """Wait for what a dialog needs before it can open, and say ``what`` is asked for.

        Keys that come meanwhile are kept for the dialog that `ask` opens next; where the conversation
        ends without one they are dropped, and that is said behind what was said last. ``None`` where
        the user gave up waiting, which is said, too.
        """
        ...


@runtime_checkable
class FollowsState(Protocol):
    """A layer that shows what the session knows."""

    def on_state(self, before: State, state: State) -> None:
        """The board shows another state."""
        ...


@runtime_checkable
class HoldsTask(Protocol):
    """A layer about one task, which stays the current one while the layer is open."""

    def held(self, state: State) -> Task | None:
        """The task, as it is or as it was last; ``None`` for the one under the cursor."""
        ...
