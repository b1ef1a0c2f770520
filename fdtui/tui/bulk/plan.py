"""A bulk change before it is made, and what came of it after: as values and as lines. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from fdtui.core.batch import Batch, BatchItem, Outcome
from fdtui.core.commands import why_not_intent
from fdtui.core.fields import same, show
from fdtui.core.frozen import frozen
from fdtui.core.intents import EDITS, DeleteTask, Intent
from fdtui.core.safetext import safe
from fdtui.core.schema import Schema
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.values import Value
from fdtui.tui.preferences import Glyphs
from fdtui.tui.presentation.cards import CardPlan, title_of
from fdtui.tui.toolkit.cells import Line, Piece, cut, fit, width_of, wrap, wrapped

ALREADY = "no change needed"
MAX_TITLE = 34


@frozen
class Step:
    """One task of a bulk change; ``why_not`` says why it cannot be changed, or need not be."""

    intent: Intent
    title: str
    was: str = ""
    becomes: str = ""
    why_not: str = ""

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to do for this task."""
        return self.why_not == ALREADY


def steps_of(intents: Sequence[Intent], state: State, plan: CardPlan) -> tuple[Step, ...]:
    """What ``intents`` would do, task by task."""
    return tuple(_step(intent, state, plan) for intent in intents)


def _step(intent: Intent, state: State, plan: CardPlan) -> Step:
    task = state.shown.get(intent.key)
    title = intent.key if task is None else title_of(task, plan)
    reason = why_not_intent(state, intent)
    if reason or task is None:
        return Step(intent, title, why_not=reason)
    if isinstance(intent, DeleteTask):
        return Step(intent, title, "", "deleted")
    if not isinstance(intent, EDITS):
        return Step(intent, title, "", intent.sentence())
    changes = {
        name: value for name, value in intent.changes(task).items() if _differs(task, name, value, plan)
    }
    if not changes:
        return Step(intent, title, why_not=ALREADY)
    was = ", ".join(_shown(plan.schema, name, task.row.get(name)) for name in changes)
    return Step(intent, title, was, ", ".join(_shown(plan.schema, *each) for each in changes.items()))


def _differs(task: Task, name: str, value: Value, plan: CardPlan) -> bool:
    return not same(plan.schema.meant(name), task.row.get(name), value)


def _shown(schema: Schema, name: str, value: Value) -> str:
    text = show(schema.meant(name), value)
    return safe(text[:200]) or "nothing"


def possible(steps: Sequence[Step]) -> list[Intent]:
    """The intents that can be performed and change something."""
    return [step.intent for step in steps if not step.why_not]


def preview_lines(steps: Sequence[Step], width: int, glyphs: Glyphs, note: str = "") -> list[Line]:
    """What will change, a task a line; ``note`` and what cannot come first, with the reason."""
    lines = wrapped(note, "warn", max(12, width)) if note else []
    tail = max((_change_width(step, width, glyphs) for step in steps if not step.why_not), default=0)
    room = min(_room([step.title for step in steps], width), max(8, width - 2 - tail))
    if note:
        lines.append(())
    refused = len(lines)
    for step in steps:
        if step.why_not and not step.is_idle:
            lines += _told((glyphs.refused, "bad"), step.title, step.why_not, room, (width, glyphs))
    if len(lines) > refused:
        lines.append(())
    for step in steps:
        if not step.why_not:
            title = (_padded(step.title, room, glyphs), "text")
            was = (
                (f"{cut(step.was, max(8, width // 3), glyphs.cut)} ", "dim"),
                (f"{glyphs.arrow} ", "accent"),
            )
            lines.append(
                (("  ", "text"), title, *(was if step.was else ()), (step.becomes, "bold text"))
            )
    idle = sum(step.is_idle for step in steps)
    if idle:
        lines += [(), ((f"{tasks_of(idle)}: {ALREADY}", "italic dim"),)]
    return lines


def _change_width(step: Step, width: int, glyphs: Glyphs) -> int:
    """Cells for what a task is now and what it becomes; a long text does not push the titles away."""
    becomes = min(width_of(step.becomes), width // 3)
    was = width_of(cut(step.was, max(8, width // 3), glyphs.cut)) + width_of(glyphs.arrow) + 2
    return becomes + (was if step.was else 0)


def result_lines(batch: Batch, width: int, glyphs: Glyphs) -> list[Line]:
    """What came of it, a task a line: what did not go through first, with the reason."""
    room = _room([each.title for each in batch.items], width)
    signs = {
        Outcome.FAILED: (glyphs.refused, "bad", ""),
        Outcome.WITHDRAWN: (glyphs.dash, "warn", "stopped before it was sent"),
        Outcome.WAITING: (glyphs.waiting, "warn", "sending"),
        Outcome.DONE: (glyphs.done, "good", ""),
    }
    lines: list[Line] = []
    for outcome, (sign, role, words) in signs.items():
        found: list[BatchItem] = [each for each in batch.items if each.outcome is outcome]
        if found and lines:
            lines.append(())
        for each in found:
            lines += _told((sign, role), safe(each.title), words or each.why, room, (width, glyphs))
    return lines


def sum_of(batch: Batch) -> str:
    """The outcome in a sentence, such as ``Move to Done: 4 of 5 went through, 1 failed``."""
    done, failed = batch.count(Outcome.DONE), batch.count(Outcome.FAILED)
    stopped, total = batch.count(Outcome.WITHDRAWN), len(batch.items)
    name = batch.sentence[:1].upper() + batch.sentence[1:]
    if batch.undoes:
        name = f"Undone: {batch.sentence}"
    if done == total and batch.undoes:
        return f"{name} ({total} {'task' if total == 1 else 'tasks'})."
    if done == total:
        return f"{name}: {'it' if total == 1 else f'all {total}'} went through."
    more = [f"{failed} failed"] * (failed > 0) + [f"{stopped} stopped"] * (stopped > 0)
    return f"{name}: {done} of {total} went through, {', '.join(more)}."


def progress_line(batch: Batch, width: int, glyphs: Glyphs, stop_key: str) -> Line:
    """How far a running batch is, with a bar and the key that stops it."""
    total, waiting = len(batch.items), batch.count(Outcome.WAITING)
    failed, room = batch.count(Outcome.FAILED), max(6, min(30, width // 4))
    full = (total - waiting) * room // max(1, total)
    name = cut(safe(batch.sentence), max(8, width // 3), glyphs.cut)
    line: Line = (
        (f" {name}  ", "bold text"),
        (glyphs.strong_rule * full, "accent"),
        (glyphs.rule * (room - full), "line"),
        (f"  {total - waiting:,} of {total:,}", "text"),
    )
    if failed:
        line = (*line, (f", {failed:,} failed", "bad"))
    return (*line, (f"   {stop_key} ", "bold accent"), ("stops", "dim")) if stop_key else line


def _told(sign: Piece, title: str, words: str, room: int, page: tuple[int, Glyphs]) -> list[Line]:
    width, glyphs = page
    head = f"{sign[0]} ".ljust(2)
    parts = wrap(safe(words), max(12, width - room - width_of(head)))
    first: Line = (
        (head, f"bold {sign[1]}"),
        (_padded(title, room, glyphs), "text"),
        (parts[0], "dim"),
    )
    indent = " " * (room + width_of(head))
    return [first, *(((indent, "text"), (part, "dim")) for part in parts[1:4])]


def _room(titles: Sequence[str], width: int) -> int:
    longest = max((width_of(title) for title in titles[:500]), default=0)
    return max(8, min(longest, MAX_TITLE, width // 2)) + 2


def _padded(title: str, room: int, glyphs: Glyphs) -> str:
    return fit(title, room - 2, glyphs.cut) + "  "


def tasks_of(count: int) -> str:
    """``3 tasks``."""
    return f"{count:,} task{'' if count == 1 else 's'}"
