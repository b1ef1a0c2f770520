"""The executions as rows of the pane, newest first, the one under the cursor with all it has to say."""

from __future__ import annotations

from collections.abc import Sequence

from fdtui.core import job
from fdtui.core.frozen import frozen
from fdtui.core.job import Run
from fdtui.core.safetext import safe
from fdtui.core.state import State
from fdtui.tui.preferences import Glyphs
from fdtui.tui.presentation.cards import person_of
from fdtui.tui.presentation.runs import STILL_RUNNING_AFTER, began_at, how_long, problem_of, sign_of
from fdtui.tui.toolkit.cells import Line, cut, fit, spread, width_of, wrap

WHO_FROM = 96
"""Panes of this width and more say who ran it."""


@frozen
class RunRow:
    """One line of the pane and what lies behind it."""

    line: Line
    ground: str = "background"
    at: int | None = None
    """Which of the runs, files or requests it belongs to, counted from the newest."""


@frozen
class RunKeys:
    """The keys that the rows name; empty where the user took one away."""

    again: str = ""
    go: str = ""


@frozen
class Sight:
    """What the rows depend on besides the runs."""

    state: State
    glyphs: Glyphs
    width: int
    height: int
    now: float
    has_keys: bool
    keys: RunKeys = RunKeys()


def rows_in_view(runs: Sequence[Run], at: int, top: int, sight: Sight) -> tuple[list[RunRow], int]:
    """The rows that fit from ``top`` on, and the top that keeps run ``at`` in view."""
    height = sight.height

    def block(index: int) -> list[RunRow]:
        here = index == at and sight.has_keys
        is_told = index == at and (runs[index].needs_reading or bool(runs[index].errors))
        ground = "cursor" if here else "panel"
        rows = [RunRow(_line(runs[index], sight, here, here or is_told), ground, index)]
        if here or is_told:
            more = explanation(runs[index], sight)
            rows += [
                RunRow((("             ", "dim"), (part, role)), ground, index)
                for text, role in more
                for part in wrap(text, max(8, sight.width - 15))
            ]
        return rows

    top = max(0, min(top, at, len(runs) - 1))
    while top < at and sum(len(block(each)) for each in range(top, at + 1)) > height:
        top += 1
    rows: list[RunRow] = []
    index = top
    while index < len(runs) and len(rows) < height:
        rows += block(index)
        index += 1
    return rows[:height], top


def _line(run: Run, sight: Sight, here: bool, is_explained: bool) -> Line:
    glyphs, width, now = sight.glyphs, sight.width, sight.now
    sign, word, role = sign_of(run, glyphs)
    bar = (glyphs.bar if here else " ", "accent")
    head: Line = (
        bar,
        (fit(sign, width_of(glyphs.done) + 1), f"bold {role}"),
        (fit(word, 10, glyphs.cut), role),
    )
    name = "bold text" if here else "text"
    action = cut(safe(run.action[:200]), 24, glyphs.cut)
    uid = safe(run.uid[:60])
    title = safe(run.title[:200])
    about: Line = (
        (fit(action, max(12, min(24, width // 5)), glyphs.cut) + " ", name),
        (cut(title, max(12, width // 4), glyphs.cut), "text"),
        ("" if uid == title else f" {glyphs.middot} {cut(uid, 16, glyphs.cut)}", "dim"),
    )
    problem = "" if is_explained else problem_of(run)
    if problem:
        about += ((f"  {problem}", role if run.needs_reading else "dim"),)
    tail = f"{began_at(run, now):>6} {how_long(run, now):>6} "
    right: Line = ((tail, "dim"),)
    if width >= WHO_FROM:
        right = ((f"  {fit(_who(run, sight.state), 14, glyphs.cut)}", "dim"), *right)
    return spread((*head, *about), right, width, "dim", glyphs.cut)


def _who(run: Run, state: State) -> str:
    if run.who is None:
        return "by the API key"
    person = person_of(run.who[:512], state.schema)
    return safe(person.name)


def explanation(run: Run, sight: Sight) -> list[tuple[str, str]]:
    """All that is known of how it stands, as texts with their roles."""
    _, _, role = sign_of(run, Glyphs())
    lines: list[tuple[str, str]] = [(safe(each[:4000], multiline=True), role) for each in run.errors]
    if run.status == job.UNKNOWN:
        lines.append((standing(run, sight.state, sight.keys), "text"))
    elif not run.is_over and sight.now - run.began >= STILL_RUNNING_AFTER:
        lines.append(("Still running; checked every half minute, also after a restart.", "dim"))
    return lines


def standing(run: Run, state: State, keys: RunKeys) -> str:
    """How the task of a run stands now, for the user to judge what became of it."""
    again = "It was not sent again" + (f"; {keys.again} sends it." if keys.again else ".")
    if state.workflow is None or state.workflow.id != run.workflow:
        go = f"; {keys.go} goes there" if keys.go else ""
        return f"Its task is in another workflow{go}. {again}"
    task = state.base.get(run.key)
    if task is None:
        return f"The task is no longer on the board. {again}"
    words = f"The task is in {safe(task.stage) or 'no stage'} now"
    details = state.details.get(run.key)
    if details is not None and details.actions is not None:
        names = ", ".join(safe(each.name[:60]) for each in details.actions[:9])
        words += f" and offers {names or 'nothing'}"
    return f"{words}. {again}"
