from datetime import UTC, datetime
from typing import Any

from fdtui.core.details import Activity, ChecklistItem, Comment, Details, Part, Tick
from fdtui.core.frozen import replace
from fdtui.core.intents import AddChecklistItem, AddComment, Pending, RemoveItem, TickItem
from fdtui.core.remarks import remarked, with_pending
from fdtui.core.schema import Field, FieldType, Person, Schema
from fdtui.core.state import State
from fdtui.core.task import Task
from fdtui.core.task_map import TaskMap
from fdtui.tui.preferences import UNICODE
from fdtui.tui.presentation.details import (
    Block,
    Page,
    Tab,
    activity_blocks,
    checklist_blocks,
    comment_blocks,
    label,
    short_time,
)
from fdtui.tui.presentation.links import at_key, count, fits, found_in, link_blocks, name_of, relations
from fdtui.tui.toolkit.cells import line_width

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
SCHEMA = Schema(
    (),
    (Field("ID", FieldType.UNIQUE_ID), Field("Name"), Field("Documents", FieldType.FILE)),
    (Person("ada@example.com", "Ada", "Lovelace"),),
)
EVIL = "\x1b]52;c;AAAA\x07[@click=app.quit]x[/]"
ITEMS = (
    ChecklistItem("a", "Call", Tick.BLANK, stage="Open"),
    ChecklistItem("b", "Write", Tick.COMPLETED, stage="Open"),
    ChecklistItem("c", "Pay", "Delegated", stage="Later", editable=False),
)


def page(width: int = 50, **row: Any) -> Page:
    return Page(Task("1", "1", {"ID": "1", "Stage": "Open", **row}), SCHEMA, width, UNICODE, NOW)


def text(blocks: list[Block]) -> str:
    return "\n".join("".join(part for part, _ in line) for block in blocks for line in block.lines)


def test_a_comment_names_author_and_time_and_is_only_text() -> None:
    comments = (
        Comment("ada@example.com", f"first\nline {EVIL}", "2026-11-22T12:03:00Z"),
        Comment(EVIL, "second", "2026-03-01T12:03:00Z"),
    )
    blocks = comment_blocks(comments, page())
    shown = text(blocks)
    assert "Ada Lovelace" in shown
    assert "12:03" in shown
    assert "1 Mar" in shown
    assert shown.index("first") < shown.index("second")
    assert "\x1b" not in shown
    assert "[@click=app.quit]x[/]" in shown
    assert all(line_width(line) <= 50 for block in blocks for line in block.lines)


def test_a_checklist_shows_the_stage_or_everything() -> None:
    shown = text(checklist_blocks(ITEMS, page(), everything=False))
    assert "☐ Call" in shown
    assert "☑ Write" in shown
    assert "Pay" not in shown
    assert "1 more in other stages" in shown
    whole = text(checklist_blocks(ITEMS, page(), everything=True))
    assert whole.index("Open") < whole.index("Call") < whole.index("Later") < whole.index("Pay")
    assert "Delegated" in whole  # a state that only the server knows


def test_names_of_tabs_tell_numbers_once_they_are_known() -> None:
    task, details = page().task, Details(comments=(), checklist=ITEMS)
    assert label(Tab.COMMENTS, Details(), task, 0) == "Comments"
    assert label(Tab.COMMENTS, details, task, 0) == "Comments 0"
    assert label(Tab.CHECKLIST, details, task, 0) == "Checklist 1/2"
    assert label(Tab.LINKS, details, task, 3) == "Links 3"


def test_activity_tells_what_from_and_to() -> None:
    entries = (
        Activity(
            "2026-11-22T09:00:00Z", "ada@example.com", "task.updated", {"Name": "old"}, {"Name": EVIL}
        ),
        Activity("nonsense", "x", "something.new", None, None),
    )
    shown = text(activity_blocks(entries, page(90)))
    assert "Ada Lovelace changed" in shown
    assert "old →" in shown
    assert "something new" in shown
    assert "\x1b" not in shown


def test_what_an_item_is_called_is_no_field_of_that_name() -> None:
    there = page(90)
    there = replace(there, schema=Schema(fields=(Field("title", FieldType.CURRENCY),)))
    said = {"title": "1000", "status": "Blank"}
    about_item = text(activity_blocks((Activity("", "x", "checklist.created", {}, said),), there))
    about_task = text(activity_blocks((Activity("", "x", "task.updated", {}, said),), there))
    assert "title  1000" in about_item
    assert "$1,000.00" in about_task


def test_what_is_no_time_is_shown_as_it_came() -> None:
    assert short_time("soon\x07", NOW) == "soon␇"


def test_what_is_pending_shows_at_once_and_unknown_parts_stay_unknown() -> None:
    known = Details(comments=(), checklist=ITEMS)
    pending = (
        Pending(1, TickItem("1", "a", Tick.SKIPPED)),
        Pending(2, AddComment("1", "hello")),
        Pending(3, AddComment("2", "elsewhere")),
        Pending(4, AddChecklistItem("1", "New", "Open")),
        Pending(5, RemoveItem("1", "c")),
    )
    shown = with_pending(known, pending, "1", "me")
    assert [each.body for each in shown.comments or ()] == ["hello"]
    assert [(each.id, each.status) for each in shown.checklist or ()] == [
        ("a", "Skipped"),
        ("b", "Completed"),
        ("", "Blank"),
    ]
    assert remarked(Details(), AddComment("1", "hello"), "me") == Details()
    assert Details().problem(Part.COMMENTS) == ""


ROW = {
    "Bugs": [{"Bug ID": 7, "Title": EVIL}, {"Bug ID": 8}],
    "House": None,
    "Documents": [{"blobId": "b"}],
}


def state_of(*rows: dict[str, Any]) -> State:
    tasks = [Task(str(at), str(at), {"ID": str(at), **row}) for at, row in enumerate(rows)]
    return State(schema=SCHEMA, base=TaskMap({task.key: task for task in tasks}))


def test_links_are_read_off_the_rows() -> None:
    state = state_of(ROW, {"House": {"House ID": 1, "Name": "Gryffindor"}, "Bugs": []})
    bugs, house = relations(state.base["0"], state)
    assert (bugs.name, bugs.to_many, len(bugs.rows)) == ("Bugs", True, 2)
    assert (house.name, house.to_many, house.rows) == ("House", False, ())
    assert house.sample == {"House ID": 1, "Name": "Gryffindor"}
    assert count(state.base["0"], SCHEMA) == 2
    blocks = link_blocks((bugs, house), page(60))
    assert "\x1b" not in text(blocks)
    keys = [block.key for block in blocks if block.key]
    assert [at_key(key, (bugs, house)) for key in keys] == [
        (bugs, bugs.rows[0]),
        (bugs, bugs.rows[1]),
        (house, None),
    ]


def test_a_link_is_named_and_found_by_its_unique_id() -> None:
    other = Schema((), (Field("Bug ID", FieldType.UNIQUE_ID), Field("Title")))
    row = {"Title": "Crash", "Bug ID": 7}
    assert name_of(row, "Bug ID") == ("7", "Crash")
    assert fits(row, other)
    assert not fits({"Title": "Crash"}, other)
    task = Task("7", "7", row)
    assert found_in(row, {"7": task}, other) is task


def said_by(who: str) -> str:
    return text(comment_blocks((Comment(who, "x", "2026-11-22T12:03:00Z"),), page())).split("12:03")[0]


def done_by(who: str) -> str:
    entry = Activity("2026-11-22T12:03:00Z", who, "task.updated", {"Name": "a"}, {"Name": "b"})
    return text(activity_blocks((entry,), page())).split("12:03")[0].strip()


def test_a_person_has_one_name_wherever_it_acts() -> None:
    for who in ("ada@example.com", "ADA@Example.com", "Ada Lovelace", "ada lovelace"):
        assert said_by(who).strip() == "AL Ada Lovelace"
        assert done_by(who) == "AL Ada Lovelace changed"
    assert said_by("gone@example.com").strip() == "GO gone"
    assert done_by("gone@example.com") == "GO gone changed"


def test_a_key_that_acts_is_called_a_key() -> None:
    assert done_by("Nightly") == "API key Nightly changed"
    assert done_by("API") == "API key changed"
    assert done_by("Data sync") == "Data sync changed"
    assert done_by("") == "unknown changed"
    assert said_by("API").strip() == "API"
    assert "\x1b" not in done_by(EVIL) and done_by(EVIL).startswith("API key ")
