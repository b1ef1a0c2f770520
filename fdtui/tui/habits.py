"""How the program behaves where people differ: what it asks before, and how loudly it tells."""

from __future__ import annotations

from fdtui.core.frozen import frozen


@frozen
class Habits:
    """The user's choices; made once by wiring and handed to the screen."""

    confirm: frozenset[str] = frozenset()
    """Names of actions that are run only after a yes."""
    bell: bool = False
    """Whether the terminal's bell rings when an execution has ended."""
    osc: bool = False
    """Whether the terminal is asked to notify (OSC 9 and 777) when an execution has ended."""

    def asks_before(self, action: str) -> bool:
        """Whether to ask before an action of that name is run."""
        return action.casefold() in {each.casefold() for each in self.confirm}
