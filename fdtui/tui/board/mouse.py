"""What a click or the wheel does on one board: the same as the keys, never something of its own."""

from __future__ import annotations

from collections.abc import Callable

from fdtui.core.commands import BY_ID
from fdtui.tui.board.face import BoardFace
from fdtui.tui.board.features import Features
from fdtui.tui.board.host import BoardHost
from fdtui.tui.board.model import BoardModel
from fdtui.tui.board.searching import Searching


class Mouse:
    """Takes clicks for one board. While a dialog is open, only its own keys can be clicked."""

    def __init__(
        self,
        face: BoardFace,
        host: BoardHost,
        model: BoardModel,
        features: Features,
        searching: Searching,
        *,
        fold: Callable[[str], object],
    ) -> None:
        """``fold`` folds the group of that id, or unfolds it."""
        self._face, self._host, self._model = face, host, model
        self._features, self._searching, self._fold = features, searching, fold

    def card(self, stage: str, stop: int | None, group: str | None = None) -> None:
        """Put the cursor on the card that was clicked; on the card that has it, open it.

        The head of a ``group`` folds it, or unfolds it.
        """
        host, model = self._host, self._model
        key = self._key_at(stage, stop)
        self._searching.finish()
        before, had_keys = model.current, host.focus.top is host.focus.bottom
        model.turn_to(stage)
        is_card = key is not None and model.go_to(key)
        if group is not None:
            self._fold(group)
        self._features.panes.give_detail_keys(False)
        self._features.activity.give_back_keys()
        self._face.chose_card()
        if is_card and had_keys and before is not None and before is model.current:
            host.give("task.open")

    def _key_at(self, stage: str, stop: int | None) -> str | None:
        """The key of the task at a stop of that column, as it is seen now."""
        for column in self._model.columns:
            if column.stage.name == stage and stop is not None:
                task = self._model.lane(column).stops.task(stop)
                return None if task is None else task.key
        return None

    def wheel(self, stage: str, cards: int) -> None:
        """Move the view of a column."""
        self._searching.finish()
        for column in self._model.columns:
            if column.stage.name == stage:
                self._face.moved(self._model.lane(column).scroll(cards))

    def strip(self, index: int) -> None:
        """Go to the column whose strip was clicked."""
        self._searching.finish()
        self._face.moved(self._model.turn(index - self._model.active))

    def hint(self, command: str) -> None:
        """Do what the footer names; what is no command is the key of an answer."""
        host = self._host
        if command in BY_ID:
            host.catch_up()
            host.clear()
            host.give(command)
            host.draw_footer()
        else:
            self._face.take_key(command, command if len(command) == 1 else None)

    def workflow(self) -> None:
        """Open the list of workflows."""
        if self._host.overlay is None:
            self._host.give("board.switch-workflow")
