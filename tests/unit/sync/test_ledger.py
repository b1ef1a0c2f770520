import os
import sqlite3
from pathlib import Path

import pytest

from fdtui.core import job
from fdtui.core.errors import StorageError
from fdtui.core.job import Run
from fdtui.sync.ledger import Ledger
from fdtui.sync.store import Draft

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
    assert ledger.places().get("upload") is None
    ledger.places().put("upload", Path("/somewhere"))
    ledger.places().put("upload", strange)
    ledger.places().put("download", Path("/elsewhere"))
    ledger.close()
    again = Ledger(path)
    assert again.places().get("upload") == strange
    assert again.places().get("download") == Path("/elsewhere")
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


def test_a_newer_or_foreign_file_is_refused_in_words(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as db:
        db.execute("pragma user_version = 99")
    db.close()
    with pytest.raises(StorageError, match="newer fdtui"):
        Ledger(path)
    path.write_bytes(b"this is no database at all" * 100)
    with pytest.raises(StorageError, match="cannot be opened"):
        Ledger(path)


def test_a_run_under_way_reads_as_such() -> None:
    assert not RUN.is_over
    assert RUN.status == job.STARTING
