"""The widget of triage: one task over the whole screen."""

from __future__ import annotations

from fdtui.tui.presentation.actions import runs_of
from fdtui.tui.toolkit.pager import Pager
from fdtui.tui.triage.page import AHEAD, TriageFace, lay_out


class TriageView(Pager):
    """Draws a `TriageFace`; the text scrolls where it is longer than the screen."""

    DEFAULT_CSS = """
    TriageView { width: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__(" ", "triage")
        self._face: TriageFace | None = None
        self._drawn: tuple[object, ...] = ()
        self._band = range(0)
        """The lines that the title's band has."""

    def show(self, face: TriageFace) -> None:
        """Draw this face; what is drawn already costs nothing."""
        before, self._face = self._face, face
        if not self.size:
            return  # comes again with the first layout
        task, state = face.task, face.state
        details = state.details.get(task.key) if task is not None else None
        runs = tuple(runs_of(task, state)) if task is not None else ()
        pending = tuple(p for p in state.pending if task is not None and p.key == task.key)
        told = (state.refused.get(task.key), state.stays.get(task.key)) if task is not None else ()
        over = sum(run.is_over for run in state.runs)
        coming = tuple(map(state.shown.get, face.cards.coming(AHEAD + 1)))
        drawn: tuple[object, ...] = (
            *(task, details, runs, pending, told, coming),
            *(state.runs[-1:], len(state.runs), over),
            *(face.cards, face.plan, face.today),
            *(self.text_width, self.size.height, self.app.theme),
        )
        if drawn == self._drawn:
            return
        self._drawn = drawn
        same = before is not None and task is not None and before.cards.key == face.cards.key
        page = lay_out(face, details, self.text_width, self.size.height)
        self._band = range(*page.band)
        self.set_lines(page.lines, keep=same)

    def mark_of(self, at: int) -> tuple[str, str]:
        """The band lies on a ground of its own."""
        return " ", "card" if at in self._band else "background"

    def on_resize(self) -> None:
        """Wrap the text again."""
        if self._face is not None:
            self.show(self._face)
