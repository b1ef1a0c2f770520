"""The journal's file by itself: what goes in comes out, and what cannot be read spoils nothing."""

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fdtui.core.conflict import Conflict, ConflictField
from fdtui.core.details import Tick
from fdtui.core.errors import StorageError
from fdtui.core.frozen import replace
from fdtui.core.intents import (
    AddChecklistItem,
    AddComment,
    AssignTask,
    CreateTask,
    DeleteTask,
    Intent,
    LinkTask,
    MoveTask,
    Pending,
    RemoveFile,
    RemoveItem,
    SetFields,
    TickItem,
)
from fdtui.core.schema import Field, Person, Role, Schema, Stage, WorkflowRef
from fdtui.core.task import Task
from fdtui.sync.storage import journal_pruning
from fdtui.sync.storage.journal import (
    EntryState,
    HistoryEntry,
    JournalEntry,
    JournalOwner,
    Stack,
    StackChange,
    TrashChange,
    Trashed,
)
from fdtui.sync.storage.journal_pruning import MAX_DONE
from fdtui.sync.storage.journal_table import PRUNE_EVERY, JournalTable
from fdtui.sync.storage.journals_beside import waiting_elsewhere

SCHEMA = Schema(
    (Stage("To do", end=False), Stage("Done", end=True, color="green"), Stage("?")),
    (Field("ID", "uniqueId", autoincrement=True), Field("Pick", "singleSelect", options=("a", "b"))),
    (Person("ada@example.com", "Ada", "Lovelace", "1", "r"),),
    (Role("r", "Admins", admin=True),),
    frozenset({"people", "stages"}),
    ("roles",),
    stages_guessed=True,
)
TASK = Task("\0x\0 1", None, {"Price": Decimal("1.10"), "Tags": ["a", None], "n": 3}, "doubtful")
INTENTS: list[Intent] = [
    MoveTask("1", "Done"),
    AssignTask("1", None),
    SetFields("1", (("Price", Decimal("0.1000")), ("Text", "a\0\ud800\n\u202eb")), (("Price", 1),)),
    LinkTask("1", "House", "House ID", "9", linked=False, to_many=False),
    RemoveFile("1", "Docs", "blob", "a.pdf"),
    CreateTask("\0new\0 1", (("Name", "n"), ("Map", {"deep": [1, True]})), "gone"),
    DeleteTask("1"),
    AddComment("1", "said"),
    AddChecklistItem("1", "do", "To do"),
    TickItem("1", "7", Tick.COMPLETED, Tick.BLANK),
    TickItem("1", "7", Tick.SKIPPED),
    RemoveItem("1", "7"),
]


def entry(ticket: int, intent: Intent, **more: Any) -> JournalEntry:
    pending = Pending(ticket, intent, (("Price", Decimal("1.10")), ("Tags", ["a"])), undoes=True)
    return JournalEntry(pending, WorkflowRef("w", "Wörk"), SCHEMA, TASK, 12.5, **more)


def opened(folder: Path) -> JournalTable:
    return JournalTable(folder / "journal-x.db")


@pytest.mark.parametrize("intent", INTENTS, ids=lambda each: type(each).__name__)
def test_what_goes_in_comes_out(tmp_path: Path, intent: Intent) -> None:
    book = opened(tmp_path)
    book.append([entry(7, intent)])
    book.close()
    (found,) = opened(tmp_path).load()
    asked = entry(7, intent)
    assert found == replace(asked, pending=replace(asked.pending, is_foreign=True))
    assert str(found.task.row["Price"]) == "1.10"


def test_an_outcome_is_kept_with_its_conflict(tmp_path: Path) -> None:
    book = opened(tmp_path)
    asked = entry(7, MoveTask("1", "Done"))
    book.append([asked])
    fields = (ConflictField("Stage", "To do", "?", "Done"),)
    lost = replace(
        asked,
        state=EntryState.CONFLICT,
        why="overtaken",
        fields={"Stage": ("is locked", "is old")},
        conflict=Conflict(asked.pending, fields, deleted=True, row={"Price": Decimal("2.0")}),
        answer=TASK,
    )
    book.settle([lost])
    (found,) = book.load()
    sent = replace(lost.pending, sent=True, is_foreign=True)
    assert found == replace(lost, pending=sent)


def test_all_or_nothing_is_saved(tmp_path: Path) -> None:
    book = opened(tmp_path)
    book.append([entry(7, MoveTask("1", "Done"))])
    with pytest.raises(StorageError):
        book.append([entry(8, MoveTask("1", "Done")), entry(7, MoveTask("1", "Done"))])
    assert [each.ticket for each in book.load()] == [7]


def test_what_is_saved_after_a_failure_is_there(tmp_path: Path) -> None:
    book = opened(tmp_path)
    with pytest.raises(StorageError):  # the first of all, so that its schema is new, too
        book.append([entry(7, MoveTask("1", "Done")), entry(7, MoveTask("1", "Done"))])
    book.append([entry(8, MoveTask("1", "Done"))])
    assert [each.ticket for each in book.load()] == [8]


def test_what_is_saved_after_another_window_has_pruned_is_there(tmp_path: Path) -> None:
    book = opened(tmp_path)
    book.append([entry(7, MoveTask("1", "Done"))])
    with closing(sqlite3.connect(tmp_path / "journal-x.db")) as other, other:
        other.execute("delete from entry")
        other.execute("delete from shape where id not in (select shape from entry)")
    book.append([entry(8, MoveTask("1", "Done"))])
    assert [each.ticket for each in book.load()] == [8]


def test_what_was_being_sent_by_who_is_gone_is_unknown(tmp_path: Path) -> None:
    one = opened(tmp_path)
    one.append([entry(7, MoveTask("1", "Done")), entry(8, MoveTask("1", "Done"))])
    assert one.lease()
    assert one.begin([7], 3.5) == frozenset()
    other = opened(tmp_path)
    assert not other.lease()
    assert [each.state for each in other.load()] == [EntryState.SENDING, EntryState.PENDING]
    one.close()
    assert other.lease()
    assert [(each.state, each.pending.sent) for each in other.load()] == [
        (EntryState.UNKNOWN, True),
        (EntryState.PENDING, False),
    ]


def test_what_was_withdrawn_is_not_begun(tmp_path: Path) -> None:
    one, other = opened(tmp_path), opened(tmp_path)
    one.append([entry(7, MoveTask("1", "Done")), entry(8, MoveTask("2", "Done"))])
    assert one.lease()
    assert other.close_entries([8], unsent=True) == frozenset({8})
    assert one.begin([7, 8], 3.5) == frozenset({8})
    assert one.begin([7], 3.5) == frozenset()
    assert other.close_entries([7], unsent=True) == frozenset()


def test_news_are_what_others_wrote_since(tmp_path: Path) -> None:
    one, other = opened(tmp_path), opened(tmp_path)
    other.load()
    one.append([entry(7, MoveTask("1", "Done"))])
    assert [each.ticket for each in other.news()] == [7]
    assert (other.news(), one.news()) == ((), ())
    one.settle([replace(entry(7, MoveTask("1", "Done")), state=EntryState.DONE, answer=TASK)])
    (done,) = other.news()
    assert (done.state, done.answer) == (EntryState.DONE, TASK)


def test_a_damaged_entry_spoils_no_other(tmp_path: Path) -> None:
    book = opened(tmp_path)
    book.append([entry(each, MoveTask("1", "Done")) for each in (7, 8, 9)])
    book.close()
    with sqlite3.connect(tmp_path / "journal-x.db") as spoilt:
        spoilt.execute("update entry set body = '{\"nonsense' where ticket = 8")
    book = opened(tmp_path)
    assert [each.ticket for each in book.load()] == [7, 9]
    assert book.unreadable == 1


@pytest.mark.parametrize("bit", [1, 2, 8, 64])
def test_a_bit_in_the_schema_spoils_no_change(tmp_path: Path, bit: int) -> None:
    """All changes of a workflow share it; what its index holds takes its place."""
    path = tmp_path / "journal-x.db"
    book = opened(tmp_path)
    book.append([entry(each, MoveTask("1", "Done")) for each in (7, 8)])
    book.close()
    data = bytearray(path.read_bytes())
    at = data.index(b'"autoincrement"', data.index(b'"autoincrement"') + 1)
    data[at] ^= bit
    path.write_bytes(data)
    book = opened(tmp_path)
    assert [each.ticket for each in book.load()] == [7, 8]
    book.append([entry(9, MoveTask("1", "Done"))])
    book.close()
    assert [each.ticket for each in opened(tmp_path).load()] == [7, 8, 9]


def test_changes_whose_schema_is_lost_are_counted(tmp_path: Path) -> None:
    book = opened(tmp_path)
    book.append([entry(each, MoveTask("1", "Done")) for each in (7, 8)])
    with closing(sqlite3.connect(tmp_path / "journal-x.db")) as spoilt, spoilt:
        spoilt.execute("delete from shape")
    assert (book.load(), book.unreadable) == ((), 2)


def test_a_name_of_a_table_that_is_no_text_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "journal-x.db"
    opened(tmp_path).close()
    data = bytearray(path.read_bytes())
    data[data.index(b"CREATE TABLE shape") + 8] ^= 0x80
    path.write_bytes(data)
    book = opened(tmp_path)
    assert "was damaged" in book.notices[0]


def test_a_newer_journal_is_read_and_never_written(tmp_path: Path) -> None:
    book = opened(tmp_path)
    book.append([entry(7, MoveTask("1", "Done"))])
    book.close()
    with sqlite3.connect(tmp_path / "journal-x.db") as newer:
        newer.execute("pragma user_version = 99")
        newer.execute(f"pragma application_id = {0x66640000 + 99}")
    book = opened(tmp_path)
    assert "newer fdtui" in book.why_closed
    with pytest.raises(StorageError, match="Update fdtui"):
        book.append([entry(8, MoveTask("1", "Done"))])
    assert ([each.ticket for each in book.load()], book.lease()) == ([7], False)


def test_old_outcomes_of_short_runs_are_forgotten_by_the_next(tmp_path: Path) -> None:
    book = opened(tmp_path)
    entries = [entry(each, MoveTask(str(each), "Done")) for each in range(1, MAX_DONE + 51)]
    book.append(entries)
    book.settle([replace(each, state=EntryState.DONE) for each in entries[:PRUNE_EVERY]])
    for start in range(PRUNE_EVERY, len(entries), PRUNE_EVERY - 1):
        book.close()
        book = opened(tmp_path)
        batch = entries[start : start + PRUNE_EVERY - 1]
        book.settle([replace(each, state=EntryState.DONE) for each in batch])
    book.close()
    book = opened(tmp_path)
    assert len(book.done(10 * MAX_DONE)) == MAX_DONE + 50
    assert book.lease()
    assert len(book.done(10 * MAX_DONE)) == MAX_DONE


def test_old_outcomes_are_forgotten_in_time(tmp_path: Path) -> None:
    book = opened(tmp_path)
    count = MAX_DONE + 2 * PRUNE_EVERY
    entries = [entry(each, MoveTask(str(each), "Done")) for each in range(1, count + 1)]
    book.append(entries)
    for at in range(0, count, PRUNE_EVERY):
        done = [replace(each, state=EntryState.DONE) for each in entries[at : at + PRUNE_EVERY]]
        book.settle(done)
    kept = book.done(10 * count)
    assert (len(kept), kept[0].ticket) == (MAX_DONE, count)
    book.append([entry(count + 1, MoveTask("1", "Done"))])
    assert [each.ticket for each in book.load()] == [count + 1]


def test_what_can_be_undone_goes_to_the_next_window(tmp_path: Path) -> None:
    one, other = opened(tmp_path), opened(tmp_path)
    done = HistoryEntry("w", MoveTask("1", "Done"), {"Stage": "To do", "P": Decimal("1.0")}, 7, 3)
    undone = HistoryEntry("w", AssignTask("1", None), {}, 8)
    trashed = Trashed("w", {"Name": "n"}, "n", 1.5, 9, "1")
    one.append(
        [],
        [
            StackChange(7, Stack.DONE, done),
            StackChange(8, Stack.UNDONE, undone),
            StackChange(6, Stack.DONE, done),
            StackChange(6),
            TrashChange(9, trashed, 11),
        ],
    )
    assert other.history().stacks == ()
    one.close()
    kept = other.history()
    assert kept.stacks == (StackChange(7, Stack.DONE, done), StackChange(8, Stack.UNDONE, undone))
    assert kept.trash == (TrashChange(9, trashed, 11),)


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    opened(tmp_path).append([entry(7, MoveTask("1", "Done"))])
    for each in tmp_path.glob("journal-x*"):
        assert each.stat().st_mode & 0o077 == 0, each


def test_what_waits_for_another_server_is_told_and_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "journal-mine.db"
    JournalTable(mine, JournalOwner("https://one.example")).append([entry(7, MoveTask("1", "Done"))])
    other = JournalOwner("https://two.example", "ada@example.com")
    JournalTable(tmp_path / "journal-other.db", other).append(
        [entry(8, MoveTask("1", "Done")), entry(9, MoveTask("2", "Done"))]
    )
    JournalTable(tmp_path / "journal-empty.db", JournalOwner("https://three.example"))
    (tmp_path / "journal-foreign.db").write_text("nothing of ours")
    assert waiting_elsewhere(mine) == ((other, 2),)


def test_a_journal_of_another_server_that_lies_in_the_place_of_ours_is_not_sent(tmp_path: Path) -> None:
    theirs = JournalOwner("https://two.example", "ada@example.com")
    JournalTable(tmp_path / "journal-x.db", theirs).append([entry(7, MoveTask("1", "Done"))])
    book = JournalTable(tmp_path / "journal-x.db", JournalOwner("https://one.example"))
    (said,) = book.notices
    assert "made for https://two.example as ada@example.com" in said and "Move the file away" in said
    assert (book.load(), book.news(), book.lease(), book.why_closed) == ((), (), False, said)
    book.close()
    again = JournalTable(tmp_path / "journal-x.db", theirs)
    assert [each.ticket for each in again.load()] == [7] and again.lease() and not again.notices


def test_old_outcomes_that_are_large_are_forgotten_before_there_are_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_pruning, "MAX_DONE_BYTES", 100_000)
    book = opened(tmp_path)
    entries = [entry(each, AddComment(str(each), "x" * 1000)) for each in range(1, PRUNE_EVERY + 2)]
    book.append(entries)
    book.settle([replace(each, state=EntryState.DONE) for each in entries[:-1]])
    kept = book.done(10 * MAX_DONE)
    assert 50 < len(kept) < 100
    assert [each.ticket for each in kept] == list(range(PRUNE_EVERY, PRUNE_EVERY - len(kept), -1))
    assert [each.ticket for each in book.load()] == [PRUNE_EVERY + 1]


def test_a_journal_from_before_there_was_an_index_of_tasks_gets_it(tmp_path: Path) -> None:
    def indexes() -> set[str]:
        with closing(sqlite3.connect(tmp_path / "journal-x.db")) as file:
            found = file.execute("select name from sqlite_schema where type = 'index'").fetchall()
        return {name for (name,) in found}

    book = opened(tmp_path)
    book.append([entry(7, MoveTask("1", "Done"))])
    assert "entry_key" not in indexes(), "as an older version makes it"
    assert book.lease()
    assert "entry_key" in indexes()
    book.close()
    again = opened(tmp_path)  # and a file that has it is still of the same version
    assert [each.ticket for each in again.load()] == [7]
    assert (again.notices, again.why_closed) == ((), "")
