from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from fdtui.core.errors import DamagedError, StorageError
from fdtui.sync.storage.database import Ledger
from fdtui.sync.storage.protocols import Draft
from fdtui.sync.storage.resilient import (
    AGAIN,
    DiskWatch,
    ResilientDrafts,
    ResilientRecentFolders,
    ResilientSnoozes,
    ResilientViews,
)
from fdtui.sync.storage.views import SavedView


class Disk:
    """A real ledger, which can be made to refuse all that changes it."""

    def __init__(self, path: Path) -> None:
        self.ledger = Ledger(path)
        self.said: list[str] = []
        self.watch = DiskWatch()
        self.watch.listen(self.said.append)
        self.drafts = ResilientDrafts(self.ledger.drafts(), self.watch)
        self.snoozes = ResilientSnoozes(self.ledger.snoozes(), self.watch)
        self.views = ResilientViews(self.ledger.views(), self.watch)
        self.folders = ResilientRecentFolders(self.ledger.recent_folders(), self.watch)

    def refuse(self, refuses: bool = True) -> None:
        self.ledger._ask(f"pragma query_only = {int(refuses)}")


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path / "state" / "ledger.db")


def draft(about: str, text: str) -> Draft:
    return Draft("w", about, (("Name", text),), 1.0)


def test_a_draft_that_no_disk_takes_lasts_as_long_as_the_program(disk: Disk) -> None:
    disk.drafts.save(draft("a", "stored"))
    disk.drafts.save(draft("b", "stored"))
    disk.refuse()
    disk.drafts.save(draft("a", "newer"))
    disk.drafts.drop("w", "b")
    disk.drafts.save(draft("c", "new"))
    assert disk.drafts.load("w", "a") == draft("a", "newer")
    assert disk.drafts.load("w", "b") is None
    assert disk.drafts.all() == (draft("a", "newer"), draft("c", "new"))
    (said,) = disk.said
    assert "last only until you quit" in said and "can only be read" in said
    assert disk.ledger.drafts().all() == (draft("a", "stored"), draft("b", "stored"))
    disk.refuse(False)
    disk.drafts.save(draft("d", "new"))
    assert set(disk.ledger.drafts().all()) == {draft("a", "newer"), draft("c", "new"), draft("d", "new")}
    assert disk.said[1:] == [AGAIN]


def test_each_kind_lasts_and_is_told_once_for_all(disk: Disk) -> None:
    disk.snoozes.put("w", "early", 50.0)
    disk.refuse()
    disk.snoozes.put("w", "early", 10.0)
    disk.snoozes.put("w", "late", 90.0)
    disk.views.put("w", SavedView(view="Mine"))
    disk.folders.put("upload", Path("/somewhere"))
    assert disk.snoozes.asleep("w", 40.0) == {"late"}
    assert disk.snoozes.asleep("v", 40.0) == frozenset()
    assert disk.views.get("w") == SavedView(view="Mine")
    assert disk.folders.get("upload") == Path("/somewhere")
    assert len(disk.said) == 1


@pytest.mark.parametrize(
    "ask",
    [
        lambda disk: disk.drafts.load("w", "a"),
        lambda disk: disk.drafts.all(),
        lambda disk: disk.snoozes.asleep("w", 1.0),
        lambda disk: disk.views.get("w"),
        lambda disk: disk.folders.get("upload"),
    ],
)
def test_what_cannot_be_read_is_as_if_it_were_not_there(
    disk: Disk, ask: Callable[[Disk], object]
) -> None:
    disk.ledger._db.close()
    with closing(disk.ledger._file.connect()) as db:
        for table in ("draft", "snooze", "view", "place"):
            db.execute(f"drop table {table}").close()
        disk.ledger._db = db
        assert not ask(disk)
    assert len(disk.said) == 1


def test_a_view_that_is_damaged_is_told_by_whoever_asked(disk: Disk) -> None:
    disk.ledger._ask("insert into view values ('w', 'no json')")
    with pytest.raises(DamagedError):
        disk.views.get("w")
    assert disk.views.get("w") is None


def test_what_is_said_before_anybody_listens_is_said_then() -> None:
    watch, said = DiskWatch(), list[str]()
    watch.failed(StorageError("No."))
    watch.listen(said.append)
    watch.failed(StorageError("No."))
    assert said == ["Drafts, snoozes and views last only until you quit: No."]


def test_a_clock_that_was_wrong_for_a_while_wakes_nobody(disk: Disk) -> None:
    disk.snoozes.put("w", "a", 1000.0)
    assert disk.snoozes.asleep("w", 1_000_000.0) == frozenset()
    assert disk.snoozes.asleep("w", -1_000_000.0) == {"a"}
    assert disk.snoozes.asleep("w", 500.0) == {"a"}


def test_snoozes_that_are_long_over_are_forgotten(disk: Disk) -> None:
    disk.snoozes.put("w", "old", 0.0)
    disk.snoozes.put("w", "new", 40 * 86_400.0)
    assert disk.ledger._ask("select key from snooze") == [("new",)]
