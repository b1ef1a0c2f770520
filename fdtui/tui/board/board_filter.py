"""The filter of one board: its text understood, once for each workflow, day and user. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fdtui.core.query import ParsedQuery, Query, Setting, read, understand
from fdtui.core.query.completion import Suggestions, complete
from fdtui.core.state import State


class BoardFilter:
    """Compiles what is typed; what was compiled last is kept."""

    def __init__(self, today: Callable[[], date], changed: Callable[[], frozenset[str]]) -> None:
        """``changed`` answers the keys of the tasks that others changed."""
        self._today, self._changed = today, changed
        self._made: tuple[str, Setting, Query] | None = None

    def setting(self, state: State, caret: int | None = None) -> Setting:
        """What the words of a filter depend on."""
        return Setting(state.schema, state.me, self._today(), None, caret, self._changed())

    def query(self, text: str, state: State, caret: int | None = None) -> Query:
        """What ``text`` means; the same object as long as it means the same."""
        setting, made = self.setting(state, caret), self._made
        if made is not None and made[0] == text and _is_same(made[1], setting):
            return made[2]
        query = self.alone(read(text), setting)
        self._made = (text, setting, query)
        return query

    def alone(self, parsed: ParsedQuery, setting: Setting) -> Query:
        """What a query means that is not the board's."""
        return understand(parsed, setting)

    def suggestions(self, text: str, caret: int, state: State) -> Suggestions:
        """What could be typed at the caret."""
        return complete(text, caret, self.setting(state))


def _is_same(one: Setting, other: Setting) -> bool:
    """Whether words mean the same; a workflow's shape is compared as an object, which is quick."""
    if one.schema is not other.schema or one.changed != other.changed:
        return False
    return (one.me, one.today, one.caret) == (other.me, other.today, other.caret)
