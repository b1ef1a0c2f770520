import os
import sqlite3
from pathlib import Path

import pytest

from fdtui.core import job
from fdtui.core.errors import StorageError
from fdtui.core.job import Run
from fdtui.sync.storage.database import Ledger
from fdtui.sync.storage.protocols import Draft

RUN = Run(1, "w", "k/\0", "é", "Acme \x1b", "a", "Approve", None, 5.0, errors=("no",))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "ledger.db"


def test_what_was_stored_is_there_after_a_restart(path: Path) -> None:
    ledger = Ledger(path)
    ledger.runs().save(RUN)
    ledger.drafts().save(Draft("w", "new", (("Name", "half"), ("Notes", "a\nb")), 1.0))
    ledger.close()
    again = Ledger(path)
    assert again.runs().load() == (RUN,)
    draft = again.drafts().load("w", "new")
    assert draft is not None
    assert dict(draft.texts) == {"Name": "half", "Notes": "a\nb"}
    again.drafts().drop("w", "new")
    again.runs().drop(1)
    assert (again.runs().load(), again.drafts().all()) == ((), ())
    again.close()


def test_the_last_folders_are_remembered_whatever_their_bytes(path: Path) -> None:
    strange = Path(os.fsdecode(b"/tmp/caf\xe9 \n"))
    ledger = Ledger(path)
    assert ledger.recent_folders().get("upload") is None
    ledger.recent_folders().put("upload", Path("/somewhere"))
    ledger.recent_folders().put("upload", strange)
    ledger.recent_folders().put("download", Path("/elsewhere"))
    ledger.close()
    again = Ledger(path)
    assert again.recent_folders().get("upload") == strange
    assert again.recent_folders().get("download") == Path("/elsewhere")
    again.close()


def test_the_file_is_ours_alone(path: Path) -> None:
    Ledger(path).close()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_two_windows_share_it(path: Path) -> None:
    one, two = Ledger(path), Ledger(path)
    one.runs().save(RUN)
    assert two.runs().load() == (RUN,)
    one.close()
    two.close()


def test_a_row_that_cannot_be_read_spoils_no_other(path: Path) -> None:
    ledger = Ledger(path)
    ledger.runs().save(RUN)
    ledger._ask("insert into run values (2, ?)", '{"ticket": 2}')
    ledger._ask("insert into run values (3, ?)", "no json")
    assert ledger.runs().load() == (RUN,)
    ledger.close()


def test_a_newer_file_is_refused_in_words(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as db:
        db.execute("pragma user_version = 99")
    db.close()
    with pytest.raises(StorageError, match="newer fdtui"):
        Ledger(path)


def test_a_file_from_before_there_was_a_mark_goes_on(path: Path) -> None:
    ledger = Ledger(path)
    ledger.runs().save(RUN)
    ledger._ask("pragma application_id = 0")
    ledger.close()
    again = Ledger(path)
    assert (again.runs().load(), again.notices) == ((RUN,), ())
    assert again._ask("pragma application_id") != [(0,)]
    again.close()


def test_a_draft_that_cannot_be_read_spoils_no_other(path: Path) -> None:
    ledger = Ledger(path)
    ledger._ask("insert into draft values ('w', 'a', 'no json', 1), ('w', 'b', '[[\"N\"]]', 2)")
    ledger.drafts().save(Draft("w", "c", (("Name", "half"),), 3.0))
    ledger._ask("insert into draft values ('w', 'd', cast(x'5b5bff' as text), 4)")
    assert [draft.about for draft in ledger.drafts().all()] == ["c"]
    ledger.close()


def test_a_run_under_way_reads_as_such() -> None:
    assert not RUN.is_over
    assert RUN.status == job.STARTING
