"""One task over the whole screen: what it is, what can be done, what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fdtui.core.details import Comment, Details, Part
from fdtui.core.safetext import safe
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.tui.preferences import Glyphs
from fdtui.tui.presentation.actions import runs_of
from fdtui.tui.presentation.cards import CardPlan
from fdtui.tui.presentation.fields import sheet
from fdtui.tui.presentation.runs import sign_of
from fdtui.tui.toolkit.cells import Line, cut, cut_line, line_width, spread, wrapped
from fdtui.tui.toolkit.pager import Pager
from fdtui.tui.triage.queue import TriageQueue

BESIDE_FROM = 112
"""Views of this width and more have the comments beside the fields."""
FIELDS_WIDTH = 84
"""Cells of the fields at the most; longer lines are hard to read."""


@dataclass(frozen=True, slots=True)
class TriageKeys:
    """The keys that the text names; empty where the user took one away."""

    skip: str = ""
    leave: str = ""
    back: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class TriageFace:
    """All that is to be seen."""

    task: Task | None
    state: State
    plan: CardPlan
    stage: str
    """The role of the stage's colour."""
    today: date
    cards: TriageQueue
    keys: TriageKeys


class TriageView(Pager):
    """Draws a `TriageFace`; the text scrolls where it is longer than the screen."""

    DEFAULT_CSS = """
    TriageView { width: 1fr; }
    """

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(" ", "triage")
        self._glyphs = glyphs
        self._face: TriageFace | None = None
        self._drawn: tuple[object, ...] = ()

    def show(self, face: TriageFace) -> None:
        """Draw this face; what is drawn already costs nothing."""
        before, self._face = self._face, face
        if not self.size:
            return  # comes again with the first layout
        task, state = face.task, face.state
        details = state.details.get(task.key) if task is not None else None
        runs = tuple(runs_of(task, state)) if task is not None else ()
        pending = tuple(p for p in state.pending if task is not None and p.key == task.key)
        why = state.refused.get(task.key) if task is not None else None
        last = state.runs[-1] if state.runs else None
        drawn: tuple[object, ...] = (
            task,
            details,
            runs,
            pending,
            why,
            last,
            face.cards,
            face.plan,
            face.today,
        )
        drawn += (self.text_width, self.app.theme)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        same = before is not None and task is not None and before.cards.key == face.cards.key
        self.set_lines(triage_lines(face, details, self.text_width, self._glyphs), keep=same)

    def on_resize(self) -> None:
        """Wrap the text again."""
        if self._face is not None:
            self.show(self._face)


def triage_lines(face: TriageFace, details: Details | None, width: int, glyphs: Glyphs) -> list[Line]:
    """The whole screen as lines."""
    head = [_progress(face, width, glyphs), ()]
    if face.task is None and face.cards.key is not None:
        words = "This task was deleted, or is no longer on the board."
        on = f"{face.keys.skip} goes on to the next card." if face.keys.skip else ""
        return [*head, ((words, "warn"),), (), ((on, "dim"),)]
    if face.task is None:
        return [*head, *_end(face)]
    beside = width >= BESIDE_FROM
    room = min(FIELDS_WIDTH, width * 3 // 5) if beside else width
    body = sheet(face.task, face.plan, face.state, stage=face.stage, width=room, today=face.today)
    said = _comments(details, width - room - 4 if beside else width, glyphs, face.keys.comment)
    if not beside:
        return [*head, *body, (), *said]
    return [*head, *_side_by_side(body, said, room)]


def _side_by_side(left: list[Line], right: list[Line], room: int) -> list[Line]:
    lines: list[Line] = []
    for at in range(max(len(left), len(right))):
        one = left[at] if at < len(left) else ()
        other = right[at] if at < len(right) else ()
        gap = (" " * (room + 4 - line_width(one)), "text")
        lines.append((*one, gap, *other) if other else one)
    return lines


def _progress(face: TriageFace, width: int, glyphs: Glyphs) -> Line:
    cards = face.cards
    at, total = min(cards.at + 1, len(cards.keys)), len(cards.keys)
    size = max(8, min(40, width // 4))
    done = round(size * min(cards.at, total) / max(1, total))
    last = face.state.runs[-1] if face.state.runs else None
    tail: Line = ()
    if last is not None:
        sign, _, role = sign_of(last, glyphs)
        words = cut(f"{safe(last.action)}: {safe(last.title)}", 36, glyphs.cut)
        tail = ((f"{sign} ", role), (words, "dim"))
    left: Line = (
        ("Triage ", "bold accent"),
        (f" {at:,} of {total:,}  ", "bold text"),
        (glyphs.strong_rule * done, "accent"),
        (glyphs.rule * (size - done), "line"),
    )
    return spread(left, tail, width, "text", glyphs.cut)


def _end(face: TriageFace) -> list[Line]:
    counts = face.cards.counts()
    words = ", ".join(f"{count:,} {what}" for what, count in counts.items()) or "nothing done"
    running = sum(not run.is_over for run in face.state.runs)
    lines: list[Line] = [
        (("That was the last card.", "bold text"),),
        ((f"{words[:1].upper()}{words[1:]}.", "text"),),
    ]
    if running:
        lines.append(((f"{running:,} still running; the board shows how they end.", "running"),))
    ways = ((face.keys.leave, "goes back to the board"), (face.keys.back, "to the card before"))
    hint = ", ".join(f"{key} {words}" for key, words in ways if key)
    return [*lines, (), ((f"{hint}." if hint else "", "dim"),)]


def _comments(details: Details | None, width: int, glyphs: Glyphs, key: str) -> list[Line]:
    comments = details.comments if details is not None else None
    problem = details.problem(Part.COMMENTS) if details is not None else ""
    title: Line = (("Comments", "bold text"), (f"  {len(comments)}" if comments else "", "dim"))
    lines: list[Line] = [title, ((glyphs.rule * width, "line"),)]
    if problem:
        return [*lines, ((cut(safe(problem), width, glyphs.cut), "dim"),)]
    if comments is None:
        return [*lines, (("…" if glyphs.cut == "…" else "...", "dim"),)]
    if not comments:
        hint = f" {key} writes one." if key else ""
        return [*lines, ((f"No comments yet.{hint}", "italic dim"),)]
    for comment in reversed(comments[-50:]):
        lines += _comment(comment, width)
    return [cut_line(line, width, glyphs.cut) for line in lines]


def _comment(comment: Comment, width: int) -> list[Line]:
    at = safe(comment.at[:16].replace("T", " "))
    head: Line = ((safe(comment.author[:80]), "bold text"), (f"  {at}", "dim"))
    return [head, *wrapped(safe(comment.body[:8000], multiline=True), "text", width), ()]
