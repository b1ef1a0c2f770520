"""Jump mode: a letter on each card, column and tab in view; typing it goes there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from fdtui.core.frozen import frozen
from fdtui.core.state import State
from fdtui.tui.board.face import BoardFace
from fdtui.tui.board.host import BoardHost
from fdtui.tui.board.model import BoardModel
from fdtui.tui.board.panes import Panes
from fdtui.tui.board.widgets import BoardWidgets
from fdtui.tui.focus import Handler, Hints
from fdtui.tui.presentation.details import Tab
from fdtui.tui.toolkit.jump_labels import LETTERS, jump_labels
from fdtui.tui.toolkit.lined import Lined


@frozen
class Target:
    """A cell of a widget, and what going there does."""

    widget: Lined
    x: int
    y: int
    go: Callable[[], object]


class Jump:
    """The layer that has the keys while the letters are shown."""

    scopes = ("jump",)
    is_modal = True
    is_typing = False
    letters = frozenset(LETTERS)

    def __init__(
        self,
        face: BoardFace,
        host: BoardHost,
        model: BoardModel,
        widgets: BoardWidgets,
        panes: Panes,
        *,
        leave: Callable[[], object],
    ) -> None:
        """``leave`` is called before the cursor goes elsewhere on the board."""
        self._face, self._host, self._model = face, host, model
        self._widgets, self._panes, self._leave = widgets, panes, leave
        self._targets: dict[str, Target] = {}
        self._typed = ""
        self._seen: State | None = None
        """The state of the board that the letters stand on."""

    def begin(self) -> None:
        """Show a letter wherever one can go."""
        targets = list(self._in_view())
        if not targets:
            self._host.notify("Nothing to jump to here.")
            return
        self._targets = dict(zip(jump_labels(len(targets)), targets, strict=False))
        self._typed, self._seen = "", self._host.state
        self._host.focus.push(self)
        self._dim(self._host.look.dim)
        self._show()

    def _in_view(self) -> Iterator[Target]:
        """Cards first, those of the cursor's column before all others; then columns and tabs."""
        lanes, panes, model = self._widgets.lanes, self._panes, self._model
        here = model.column.stage.name if model.column is not None else ""
        views = sorted(lanes.seen_columns, key=lambda view: view.stage != here)
        for view in views:
            for row, y in view.seen_rows:
                yield Target(view, 0, y, partial(self._to_card, view.stage, row))
        for view in views:
            yield Target(view, 0, 0, partial(self._to_column, view.stage))
        for spine in lanes.seen_strips:
            if spine.face is not None:
                yield Target(spine, 0, 0, partial(self._to_strip, spine.face.index))
        if panes.has_detail:
            strip = self._widgets.detail.strip
            tabs = list(Tab)
            for at, x in strip.starts:
                yield Target(strip, x, 0, partial(panes.detail.go_to_tab, tabs[at]))

    def _to_card(self, stage: str, row: int) -> None:
        self._leave()
        self._model.turn_to(stage)
        self._model.go(row)
        self._face.chose_card()

    def _to_column(self, stage: str) -> None:
        self._leave()
        self._model.turn_to(stage)
        self._face.chose_card()

    def _to_strip(self, index: int) -> None:
        self._leave()
        self._model.turn(index - self._model.active)
        self._face.chose_card()

    # What is seen

    def _show(self) -> None:
        """Stamp the labels that go on with what was typed, without that."""
        stamps: dict[Lined, dict[int, list[tuple[int, str]]]] = {}
        for label, target in self._targets.items():
            lines = stamps.setdefault(target.widget, {})
            if label.startswith(self._typed):
                lines.setdefault(target.y, []).append((target.x, label[len(self._typed) :]))
        for widget, lines in stamps.items():
            widget.stamp(lines)
        self._host.draw_footer()

    def _dim(self, is_dimmed: bool) -> None:
        for part in self._face.screen.query(Lined):
            if part.is_background:
                part.dim(is_dimmed)

    def end(self) -> None:
        """Show no letters, and give the keys back."""
        for target in self._targets.values():
            target.widget.stamp({})
        self._targets = {}
        if self in self._host.focus:
            self._host.focus.pop(self)
            self._dim(False)
            self._host.draw_footer()

    def on_state(self, state: State) -> None:
        """Cards may have moved away from under their letters."""
        if self._targets and state is not self._seen:
            self.end()

    # The layer with the keys

    def bindings(self) -> Mapping[str, Handler]:
        """Leave; every letter is a label."""
        return {"jump.close": lambda _: self.end()}

    def refuses(self, command: str) -> str:
        """Nothing of the layers below comes here."""
        return ""

    def type(self, name: str, character: str | None) -> bool:
        """Go where the label stands; a key that begins none ends it."""
        typed = self._typed + name
        if typed in self._targets:
            target = self._targets[typed]
            self.end()
            target.go()
        elif any(label.startswith(typed) for label in self._targets):
            self._typed = typed
            self._show()
        else:
            self.end()
        return True

    def footer(self) -> Hints:
        """How to leave."""
        return (("jump.close", "back"),)
