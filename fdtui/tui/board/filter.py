"""The line in which the filter is typed, above the footer, with what could be typed next over it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual.strip import Strip

from fdtui.core.query import Predicate, Problem, read
from fdtui.core.query.completion import Suggestion, Suggestions
from fdtui.core.safetext import safe
from fdtui.tui.board.filter_history import FilterHistory
from fdtui.tui.board.model import BoardModel
from fdtui.tui.board.suggestion_list import MOST_ROWS, SuggestionList
from fdtui.tui.board.tally import Tally, Tests
from fdtui.tui.preferences import Glyphs
from fdtui.tui.toolkit.cells import Line, cut_line, line_width, spread
from fdtui.tui.toolkit.frame import PANEL
from fdtui.tui.toolkit.line_editor import LineEditor
from fdtui.tui.toolkit.overlay import Dialog, Handler, Hints
from fdtui.tui.toolkit.theme import paint_of

NOTHING_FOUND = "No card passes this filter."
SUGGESTIONS_FROM_HEIGHT = 12
"""Rows of a window in which something is offered; at most a quarter of them is taken for that."""
WRONG, UNDERSTOOD = "underline bad", "good"


class FilterBar(Dialog[str]):
    """Tells every change of its text by ``changed``; answers what is kept of it.

    ``changed`` gets the text and the caret, and answers how many cards are left, or ``None`` where
    `found` will say so; ``explain`` shows the help.
    """

    is_typing = True

    def __init__(
        self,
        model: BoardModel,
        glyphs: Glyphs,
        *,
        changed: Callable[[str, int | None], int | None],
        explain: Callable[[], object],
    ) -> None:
        super().__init__(id="filter")
        text = model.view.filter
        self.edit = LineEditor(text)
        self._model, self._glyphs, self._changed, self._explain = model, glyphs, changed, explain
        self._list = SuggestionList(glyphs)
        self._history = FilterHistory(model.history, text)
        self._tally = Tally(lambda: model.is_searching)
        self._counts: dict[str, int] = {}
        self._rest = ""
        self._counted_for: tuple[str, ...] = ()
        self._placed: tuple[object, int] | None = None
        self._known = (text, len(text))
        self._told = ""
        self._lines: list[Line] = []
        self._suggest()

    # Place

    def place(self) -> None:
        """Over the line above the footer, as high as what stands over the text."""
        size = self.app.size
        self._make(size.width, size.height)
        height = min(len(self._lines) + 1, max(1, size.height - 1))
        if self._placed != (size, height):  # setting a style that it has already would cost a layout
            self._placed = (size, height)
            self.styles.width, self.styles.height = size.width, height
            self.styles.offset = (0, max(0, size.height - 1 - height))

    def on_mount(self) -> None:
        """Stand over the line above the footer."""
        self.place()

    def on_unmount(self) -> None:
        """Count no further."""
        self._tally.end()

    def _make(self, width: int, height: int) -> None:
        rows = min(MOST_ROWS, height // 4) if height >= SUGGESTIONS_FROM_HEIGHT else 0
        self._lines = self._list.lines(rows, width, self._counts) if self._list.found and rows else []
        if said := self._said():
            self._lines.append((("   ", "warn"), (safe(said), "warn")))
        self._count(rows)

    def _said(self) -> str:
        """What stands right over the text: what was said, or what is wrong with it."""
        wrong = self._wrong()
        return self._told or (wrong[0].sentence if wrong else "")

    def _wrong(self) -> tuple[Problem, ...]:
        """What is wrong with the text and will not become right by more of it."""
        query = self._model.query
        if query is None or query.parsed.text != self.edit.text:
            return ()
        return query.wrong

    # Keys

    @property
    def scopes(self) -> tuple[str, ...]:  # type: ignore[override]
        """Those of a text; while something is offered, those of the list come first."""
        return ("suggestion", "filter", "text") if self._list.found else ("filter", "text")

    def bindings(self) -> Mapping[str, Handler]:
        """Type, complete, call back, keep or drop; to delete from an empty line closes it."""
        keys: dict[str, Handler] = dict(self.edit.bindings(self._edited))
        if not self.edit.text:
            keys["text.backspace"] = lambda _: self.answer("")
        keys["filter.keep"] = lambda _: self._keep()
        keys["filter.drop"] = lambda _: self._drop()
        keys["filter.help"] = lambda _: self._explain()
        if self._history.is_older:
            keys["filter.older"] = lambda _: self._recall(-1)
        if self._history.is_newer:
            keys["filter.newer"] = lambda _: self._recall(1)
        if self._list.found:
            keys["suggestion.take"] = lambda _: self._take()
            keys["suggestion.down"] = lambda _: self._mark(1)
        if self._list.marked is not None:
            keys["suggestion.choose"] = lambda _: self._take()
            keys["suggestion.up"] = lambda _: self._mark(-1)
            keys["suggestion.close"] = lambda _: self._rest_list()
        return keys

    def footer(self) -> Hints:
        """What becomes of the filter, and of what is offered."""
        if self._list.marked is not None:
            return (("suggestion.choose", "take it"), ("suggestion.close", "back"))
        offered: Hints = (("suggestion.take", "complete"),) if self._list.found else ()
        older: Hints = (("filter.older", "history"),) if self._history.is_older else ()
        more: Hints = (*offered, *older, ("filter.help", "language"))
        return (("filter.keep", "keep"), ("filter.drop", "drop"), *more)

    def type(self, name: str, character: str | None) -> bool:
        """Put in what the key prints."""
        typed = self.edit.type(name, character)
        self._edited()
        return typed

    def paste(self, text: str) -> None:
        """Type it."""
        told = self.edit.paste(text)
        self._edited()
        self._say(told)

    def take_notice(self, text: str, severity: str) -> bool:
        """Say it here, over the line where it would be said else."""
        self._say(safe(text[:200]))
        return True

    def _say(self, text: str) -> None:
        self._told = text
        self._show()

    def _show(self) -> None:
        if self.is_attached:
            self.place()
            self.refresh()

    # What is typed

    def _edited(self) -> None:
        """Something was typed, or the caret moved."""
        now = (self.edit.text, self.edit.caret)
        self._told = ""
        if now != self._known:
            is_other = now[0] != self._known[0]
            self._known = now
            if is_other:
                self._history.typed(self.edit.text)
            self._apply()
            self._suggest()
        self._show()

    def _apply(self) -> None:
        left = self._changed(self.edit.text, self.edit.caret)
        self._told = "" if left is None else self._found_words(left)

    def found(self, left: int) -> None:
        """All cards have been looked through: this many are left."""
        self._told = self._found_words(left)
        self._show()

    def _found_words(self, left: int) -> str:
        is_silent = bool(left or not self.edit.text.strip() or self._wrong())
        return "" if is_silent else NOTHING_FOUND

    def _suggest(self) -> None:
        text, caret = self.edit.text, self.edit.caret
        offered: Suggestions = self._model.board_filter.suggestions(text, caret, self._model.state)
        self._list.show(offered.found or self._fixes())
        self._rest, self._counts, self._counted_for = offered.rest, {}, ()

    def _fixes(self) -> tuple[Suggestion, ...]:
        """What was meant by the words that mean nothing."""
        return tuple(
            Suggestion(each.fix, each.fix, each.span, note="did you mean", is_open=True)
            for each in self._wrong()
            if each.fix is not None
        )

    def _mark(self, step: int) -> None:
        self._list.move(step)
        self._show()

    def _rest_list(self) -> None:
        self._list.at = None
        self._show()

    def _take(self) -> None:
        if (best := self._list.best) is not None:
            self._put_in(best)
            self._edited()

    def _put_in(self, suggestion: Suggestion) -> None:
        text, caret = suggestion.applied(self.edit.text)
        end = len(self.edit.text) - (len(text) - caret)
        start = suggestion.span[0]
        if self.edit.replace(start, max(start, end), text[start:caret]):
            self.edit.caret = caret

    def _recall(self, step: int) -> None:
        text = self._history.move(step)
        self.edit.replace(0, len(self.edit.text), text)
        self._known = (self.edit.text, self.edit.caret)
        self._apply()
        self._list.show(())
        self._show()

    # The end

    def _keep(self) -> None:
        """Keep the filter; a value that was begun becomes the first that it can be."""
        text = self.edit.text
        setting = self._model.board_filter.setting(self._model.state)
        problems = self._model.board_filter.alone(read(text), setting).problems
        best = self._list.best
        if best is not None and any(
            each.of == "value" and each.span == best.span and each.span[1] == self.edit.caret
            for each in problems
        ):
            self._put_in(best)
        kept = self.edit.text.rstrip()
        self._changed(kept, None)
        self.answer(kept)

    def _drop(self) -> None:
        self._changed("", None)
        self.answer("")

    # How many cards are behind what is offered

    def _count(self, rows: int) -> None:
        """Count the cards behind what is in view, where that is not known yet."""
        wanted = [
            each.query
            for each in self._list.in_view(rows)
            if each.query and each.query not in self._counts
        ]
        if not wanted or self._counted_for == (self._rest, *wanted):
            return
        self._counted_for = (self._rest, *wanted)
        model = self._model
        setting = model.board_filter.setting(model.state)

        def passes(text: str) -> Predicate:
            return model.board_filter.alone(read(text), setting).passes

        def made() -> Tests:
            rest = passes(self._rest) if self._rest else None
            return rest, {each: passes(each) for each in wanted}

        self._tally.begin(model.unhidden(), made, self._counted)

    def _counted(self, counts: Mapping[str, int]) -> None:
        self._counts.update(counts)
        self._show()

    # Drawing

    def _text_line(self, width: int) -> Line:
        """The text, what is wrong and what is understood marked in it, and how many cards are left."""
        left, total = self._model.counts
        told: Line = ((f" {left:,} of {total:,} ", "dim"),) if self.edit.text.strip() else ()
        marks = [(*each.span, WRONG) for each in self._wrong()]
        query = self._model.query
        if query is not None and query.parsed.text == self.edit.text:
            marks += [(*span, UNDERSTOOD) for span in query.understood]
        typed = self.edit.line(max(4, width - 3 - line_width(told)), marks=marks)
        return spread(((" /", "bold accent"), *typed), told, width, "text", self._glyphs.cut)

    def render_line(self, y: int) -> Strip:
        """What is offered, what is said, and the text in the last line."""
        width, at = self.size.width, y - (self.size.height - 1 - len(self._lines))
        if 0 <= at < len(self._lines):
            line = cut_line(self._lines[at], width, self._glyphs.cut)
        elif y == self.size.height - 1:
            line = self._text_line(width)
        else:
            line = ()
        rest = (" " * max(0, width - line_width(line)), "text")
        return paint_of(self.app.theme).strip((*line, rest), width, PANEL)
