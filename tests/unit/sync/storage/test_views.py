import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from fdtui.core.errors import StorageError
from fdtui.core.views import Arrangement
from fdtui.sync.session import Notice, Session, SessionOptions
from fdtui.sync.storage.database import Ledger
from fdtui.sync.storage.views import SavedView
from tests.unit.sync.gateway import Board
from tests.unit.sync.session_driver import row, running, until

VIEW = SavedView(
    Arrangement(
        filter="acme ß",
        sort="due desc",
        group="Severity",
        sum="Amount",
        density="line",
        fields=("Due",),
        folded=("Done", "To do"),
        folded_groups=("", "High"),
        hide_end=True,
    ),
    ("late", "me"),
    "Mine",
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger(tmp_path / "ledger.db")
    yield opened
    opened.close()


def test_a_view_outlives_the_program_for_its_workflow_only(tmp_path: Path, ledger: Ledger) -> None:
    ledger.views().put("w", VIEW)
    ledger.views().put("v", SavedView())
    ledger.close()
    again = Ledger(tmp_path / "ledger.db")
    try:
        assert again.views().get("w") == VIEW
        assert again.views().get("v") == SavedView()
        assert again.views().get("x") is None
        assert (tmp_path / "ledger.db").stat().st_mode & 0o777 == 0o600
    finally:
        again.close()


@pytest.mark.parametrize(
    "damage",
    ["", "{", "[]", "null", "7", '{"filter": 3, "hide_end": true, "folded": []}', "[" * 99_999, b"\xff"],
    ids=lambda each: ascii(each)[:20],
)
def test_a_damaged_view_is_told_once_and_forgotten(
    tmp_path: Path, ledger: Ledger, damage: str | bytes
) -> None:
    ledger.views().put("w", VIEW)
    with sqlite3.connect(tmp_path / "ledger.db") as other:
        other.execute("update view set body = ?", [damage])
    other.close()
    with pytest.raises(StorageError, match="starts fresh"):
        ledger.views().get("w")
    assert ledger.views().get("w") is None


def test_a_view_of_before_the_history_is_read(tmp_path: Path, ledger: Ledger) -> None:
    ledger.views().put("w", VIEW)
    for history in ("", ', "history": null', ', "history": [3]'):
        with sqlite3.connect(tmp_path / "ledger.db") as other:
            body = f'{{"filter": "x", "hide_end": false, "folded": []{history}}}'
            other.execute("update view set body = ?", [body])
        other.close()
        assert ledger.views().get("w") == SavedView(Arrangement("x", hide_end=False))


async def test_a_disk_that_refuses_is_told_and_stops_nothing(ledger: Ledger) -> None:
    board, notices = Board(row("1")), list[Notice]()

    async def connect() -> Board:
        return board

    async with running(board) as desk:
        await desk.session.idle()
        session = Session(connect, SessionOptions(), clock=lambda: 0.0, views=ledger.views())
        session.on_notice = notices.append
        assert session.last_view() is None  # no workflow is open yet
        session._store.state = desk.state
        session.save_view(VIEW)
        assert session.last_view() == VIEW
        ledger._db.execute("drop table view")
        session.save_view(SavedView())
        assert session.last_view() is None
        await until(lambda: len(notices) == 2)
        assert all("cannot be used" in notice.text for notice in notices)
