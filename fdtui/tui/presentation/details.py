"""The tabs of a task and what stands in each, in blocks that a cursor walks over. Pure."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from fdtui.core.details import Activity, ChecklistItem, Comment, Details, Part, Tick
from fdtui.core.fields import show
from fdtui.core.frozen import frozen
from fdtui.core.moments import local, read_moment, short_date
from fdtui.core.safetext import safe
from fdtui.core.schema import Field, Schema
from fdtui.core.task import Task
from fdtui.core.values import Value
from fdtui.tui.preferences import Glyphs
from fdtui.tui.presentation.cards import initials_of, person_meant, person_of, person_role
from fdtui.tui.toolkit.cells import Line, cut, spread, width_of, wrap, wrapped

MAX_COMMENT = 20_000
"""Letters of a comment that are shown."""


class Tab(StrEnum):
    """One tab of a task."""

    FIELDS = "Fields"
    COMMENTS = "Comments"
    CHECKLIST = "Checklist"
    LINKS = "Links"
    ACTIVITY = "Activity"


PARTS = {Tab.COMMENTS: Part.COMMENTS, Tab.CHECKLIST: Part.CHECKLIST, Tab.ACTIVITY: Part.ACTIVITY}
"""The part of the details that a tab shows."""


@frozen
class Block:
    """A few lines that belong together; ``key`` names what they show, empty for mere words."""

    key: str
    lines: tuple[Line, ...]


@frozen
class Page:
    """What the blocks are made for."""

    task: Task
    schema: Schema
    width: int
    glyphs: Glyphs
    now: datetime


def label(tab: Tab, details: Details, task: Task | None, links: int) -> str:
    """The tab's name, with its count where that is known."""
    match tab:
        case Tab.COMMENTS if details.comments is not None:
            return f"{tab} {len(details.comments)}"
        case Tab.CHECKLIST if details.checklist is not None:
            items = of_stage(details.checklist, task.stage if task else "")
            done = sum(each.status == Tick.COMPLETED for each in items)
            return f"{tab} {done}/{len(items)}"
        case Tab.LINKS if links:
            return f"{tab} {links}"
        case _:
            return str(tab)


def of_stage(items: tuple[ChecklistItem, ...], stage: str) -> tuple[ChecklistItem, ...]:
    """The items of a stage, and those that are of none."""
    return tuple(each for each in items if each.stage in ("", stage))


def words(*texts: str, width: int, role: str = "italic dim") -> Block:
    """A block that is nothing but words."""
    return Block("", tuple(line for text in texts for line in wrapped(text, role, width)))


def comment_blocks(comments: tuple[Comment, ...], page: Page) -> list[Block]:
    """The comments, newest last: author and time, then the text."""
    if not comments:
        return [words("No comments yet.", width=page.width)]
    return [Block(str(at), _comment(each, page)) for at, each in enumerate(comments)]


def _comment(comment: Comment, page: Page) -> tuple[Line, ...]:
    time = short_time(comment.at, page.now) if comment.at else "being sent"
    head = spread(_who(comment.author, page), ((time, "dim"),), page.width, "dim", page.glyphs.cut)
    text = safe(comment.body[:MAX_COMMENT], multiline=True)
    body = wrapped(text, "text", page.width)
    if len(comment.body) > MAX_COMMENT:
        body.append(
            ((f"{page.glyphs.cut} and {len(comment.body) - MAX_COMMENT:,} more letters", "dim"),)
        )
    return (head, *body, ())


def _who(author: str, page: Page) -> Line:
    person = person_meant(author[:512], page.schema)
    if person is None:
        return ((safe(author[:128]) or "unknown", "bold text"),)
    return ((initials_of(person), person_role(person.email)), (f" {safe(person.name)}", "bold text"))


def _actor(who: str, page: Page) -> Line:
    """Who changed something: a person, or the key by which it came."""
    if person_meant(who[:512], page.schema) is not None or who in _OTHERS:
        return _who(who, page)
    key = "" if who == "API" else f" {safe(who[:128])}"
    return (("API key", "dim"), (key, "bold text"))


def checklist_blocks(
    items: tuple[ChecklistItem, ...], page: Page, *, everything: bool, all_key: str = ""
) -> list[Block]:
    """The items of the task's stage, or all of them under their stages; ``all_key`` shows all."""
    if not everything:
        shown = of_stage(items, page.task.stage)
        blocks = [_item(each, page) for each in shown]
        rest = len(items) - len(shown)
        if not shown:
            blocks.append(words("No items in this stage.", width=page.width))
        if rest:
            hint = f" ({all_key} shows all)" if all_key else ""
            blocks.append(words("", f"{rest} more in other stages{hint}", width=page.width))
        return blocks
    stages = dict.fromkeys([page.task.stage, *(each.stage for each in items)])
    blocks = []
    for stage in stages:
        found = [each for each in items if each.stage == stage]
        if found:
            head = ((safe(stage) or "(no stage)", "bold dim"),)
            blocks += [Block("", (head,)), *(_item(each, page) for each in found), Block("", ((),))]
    return blocks or [words("No checklist items.", width=page.width)]


def _item(item: ChecklistItem, page: Page) -> Block:
    glyphs = page.glyphs
    sign, role, text_role = {
        Tick.BLANK: (glyphs.box, "text", "text"),
        Tick.COMPLETED: (glyphs.ticked, "good", "dim"),
        Tick.SKIPPED: (glyphs.dash.ljust(len(glyphs.box)), "dim", "italic dim"),
    }.get(Tick(item.status) if item.status in set(Tick) else Tick.BLANK, (glyphs.box, "text", "text"))
    notes: list[str] = [safe(person_of(item.assignee, page.schema).name)] if item.assignee else []
    if item.status == Tick.SKIPPED:
        notes.append("skipped")
    elif item.status not in set(Tick):
        notes.append(safe(item.status[:32]))
    if not item.id:
        notes.append("being sent")
    tail: Line = ((f"  {', '.join(notes)}", "dim"),) if notes else ()
    parts = wrap(
        safe(item.title[:2000]), max(8, page.width - len(sign) - 1 - sum(len(t) for t, _ in tail))
    )
    first = spread(((f"{sign} ", role), (parts[0], text_role)), tail, page.width, "dim", glyphs.cut)
    indent = " " * (len(sign) + 1)
    return Block(item.id, (first, *(((indent, "dim"), (part, text_role)) for part in parts[1:6])))


def activity_blocks(entries: tuple[Activity, ...], page: Page) -> list[Block]:
    """What happened, newest first: when and who, then field by field from what to what."""
    if not entries:
        return [words("No activity yet.", width=page.width)]
    return [Block(str(at), _entry(each, page)) for at, each in enumerate(entries)]


_OF_FIELDS = frozenset({"task.created", "task.updated", "task.deleted"})
"""The entries whose values are the task's own; an item's ``title`` is no field, whatever its name."""
_OTHERS = frozenset({"", "Data sync", "Webhook"})
"""What acts on our own server besides people and keys."""
_VERBS = {
    "task.created": "created the task",
    "task.updated": "changed",
    "comment.created": "commented",
    "checklist.created": "added to the checklist",
    "checklist.updated": "changed the checklist",
    "checklist.deleted": "removed from the checklist",
}


def _entry(entry: Activity, page: Page) -> tuple[Line, ...]:
    verb = _VERBS.get(entry.what, safe(entry.what[:64].replace(".", " ")))
    left: Line = (*_actor(entry.who, page), (f" {verb}", "dim"))
    head = spread(left, ((short_time(entry.at, page.now), "dim"),), page.width, "dim", page.glyphs.cut)
    before = entry.before if isinstance(entry.before, dict) else {}
    after = entry.after if isinstance(entry.after, dict) else {}
    lines: list[Line] = [head]
    for name in list(dict.fromkeys([*before, *after]))[:20]:
        known = (page.schema.field(name) if entry.what in _OF_FIELDS else None) or Field(name)
        was, now = (_short(known, row.get(name), page.glyphs) for row in (before, after))
        if not was and not now:
            continue
        lines += _change(safe(name[:40]), was, now or "nothing", page)
    return (*lines, ())


def _change(name: str, was: str, now: str, page: Page) -> list[Line]:
    """From what to what: on the line of the name where there is room, else below it."""
    arrow = f" {page.glyphs.arrow} "
    if width_of(name + was + arrow + now) + 4 <= page.width:
        before: Line = ((was, "dim"), (arrow, "accent")) if was else ()
        return [((f"  {name}  ", "dim"), *before, (now, "text"))]
    whole = wrap(f"{was}{arrow}{now}" if was else now, max(8, page.width - 4))
    return [((f"  {name}", "dim"),), *((("    ", "dim"), (part, "text")) for part in whole)]


def _short(field: Field, value: Value, glyphs: Glyphs) -> str:
    return cut(safe(show(field, value)[:400]), 120, glyphs.cut)


def short_time(text: str, now: datetime) -> str:
    """``14:03`` today, else the day; what is no time is shown as it came."""
    moment = read_moment(text)
    if moment is None:
        return safe(text[:24])
    here = local(moment)  # by its own offset, for that of now may be another season's
    if here.date() == now.date():
        return f"{here:%H:%M}"
    return short_date(here.date(), now.date())
