"""Where the user was before going elsewhere, and the way to a card wherever it is."""

from __future__ import annotations

from fdtui.core.frozen import frozen
from fdtui.core.state import State
from fdtui.tui.board.face import BoardFace
from fdtui.tui.board.host import BoardHost
from fdtui.tui.board.model import BoardModel


@frozen
class Spot:
    """A place on a board, and how the board was filtered there."""

    workflow: str
    stage: str
    key: str
    """The card; empty where the cursor was on none."""
    filter: str = ""


class Trail:
    """Goes to cards of any workflow, and back to where the user was."""

    def __init__(self, face: BoardFace, host: BoardHost, model: BoardModel) -> None:
        self._face, self._host, self._model = face, host, model
        self._before: Spot | None = None
        self._wanted: tuple[str, str] | None = None
        """Workflow and task of which it is not known yet whether the filter there shows it."""

    @property
    def here(self) -> Spot | None:
        """Where the cursor is; ``None`` where there is no board."""
        place, workflow = self._model.place, self._host.state.workflow_id
        if place is None:
            return None
        return Spot(workflow, place.stage, place.key, self._model.view.filter)

    def note(self) -> None:
        """The user goes elsewhere: remember where from."""
        self._before = self.here or self._before

    def back(self) -> None:
        """Go where the user was before; the next time, back here."""
        there = self._before
        if there is None:
            self._host.notify("There is nowhere to go back to yet.")
            return
        if there.workflow != self._host.state.workflow_id:
            self.go_to_task(there.workflow, there.key)
            return
        self.note()
        self.go_to(there)

    def go_to(self, spot: Spot) -> None:
        """Go to a place of this board, filtered as it was; its column where the card is gone."""
        if spot.filter != self._model.view.filter:
            self._filter(spot.filter)
        if not self._model.go_to(spot.key):
            self._model.turn_to(spot.stage)
        self._face.chose_card()

    def filter(self, text: str) -> None:
        """Show the cards that pass a filter; going back drops it again."""
        self.note()
        self._filter(text)
        self._face.chose_card()

    def go_to_task(self, workflow: str, key: str) -> None:
        """Go to a task of any workflow, whatever hides it there; without a key, to the workflow."""
        self.note()
        if workflow == self._host.state.workflow_id:
            self._show(key)
            return
        self._model.goal = self._wanted = (workflow, key)
        self._host.session.open_workflow(workflow)

    def on_state(self, state: State) -> None:
        """The workflow may have come that was gone to."""
        if self._wanted is None or not state.loaded or state.workflow_id != self._wanted[0]:
            return
        key = self._wanted[1]
        if key in state.shown or state.as_of is None:
            self._wanted = None
            if key and (self._model.current is None or self._model.current.key != key):
                self._show(key)

    def _show(self, key: str) -> None:
        """Put the cursor on a task of this board, and show what hides it."""
        model, task = self._model, self._host.state.shown.get(key)
        if task is None:
            self._host.notify("That task is no longer on the board.", "warning")
            return
        said = ""
        if not model.go_to(key) and model.view.filter:
            self._filter("")
            said = "The filter hid it, and is dropped."
        if not model.go_to(key) and model.view.hide_end:
            model.toggle_end()
            said = "End stages are shown again."
            model.go_to(key)
        self._face.chose_card()
        if said:
            self._host.notify(f"{self._host.label(task)}: {said}")
            self._host.session.save_view(model.saved)

    def _filter(self, text: str) -> None:
        self._model.filter(text)
        self._model.search()
        self._host.session.save_view(self._model.saved)
