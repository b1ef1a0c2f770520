"""The transfers in a ledger, and which window has which of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fdtui.core.transfer import Status, Transfer, TransferKind
from fdtui.sync.storage.connection import BookFile
from fdtui.sync.storage.private_file import PrivateFile
from fdtui.sync.storage.transfer_book import LONGEST_KEPT, FileSlot, SavedTransfer, UploadProgress

_KEEP = """
insert into transfer (id, workflow, window, at, body) values (?, ?, ?, ?, ?)
on conflict (id) do update set at = excluded.at, body = excluded.body
"""


class TransferTable:
    """See `TransferBook`. May be used from any thread, one call at a time."""

    def __init__(self, file: PrivateFile) -> None:
        self._file = BookFile(file)

    def close(self) -> None:
        """Let go of the file, and of the transfers that this window had."""
        self._file.close()

    def store(self, changes: Mapping[str, SavedTransfer | None]) -> None:
        """See `fdtui.sync.storage.transfer_book.TransferBook.store`."""
        window = self._file.window
        kept = [
            (each.id, each.transfer.workflow, window.name, each.at, _written(each))
            for each in changes.values()
            if each is not None
        ]
        gone = [(id_,) for id_, each in changes.items() if each is None]
        with self._file.turn(writes=True) as cursor:
            if kept:
                window.open()
            cursor.executemany(_KEEP, kept)
            cursor.executemany("delete from transfer where id = ?", gone)

    def claim(self, workflows: frozenset[str], now: float) -> tuple[SavedTransfer, ...]:
        """See `TransferBook.claim`; a row that cannot be read is passed over."""
        if not self._has_foreign():
            return ()
        window, ours = self._file.window, list[SavedTransfer]()
        with self._file.turn(writes=True) as cursor:
            window.open()
            rows = cursor.execute(
                "select id, workflow, window, at, body from transfer order by rowid"
            ).fetchall()
            alive = {name: window.is_alive(name) for name in {row[2] for row in rows}}
            for id_, workflow, whose, at, body in rows:
                if alive[whose]:
                    continue
                if now - at > LONGEST_KEPT:
                    cursor.execute("delete from transfer where id = ?", (id_,))
                elif workflow in workflows and (kept := _read(id_, at, body)) is not None:
                    cursor.execute("update transfer set window = ? where id = ?", (window.name, id_))
                    ours.append(kept)
        return tuple(ours)

    def _has_foreign(self) -> bool:
        with self._file.turn() as cursor:
            query = "select 1 from transfer where window <> ? limit 1"
            return cursor.execute(query, (self._file.window.name,)).fetchone() is not None


def _written(kept: SavedTransfer) -> str:
    known = kept.progress.known
    return json.dumps(
        {
            "transfer": _values(kept.transfer),
            "spot": None if kept.slot is None else _values(kept.slot),
            "url": kept.url,
            "stamp": kept.stamp,
            "traces": _values(kept.progress) | {"known": None if known is None else sorted(known)},
            "part": kept.part,
        }
    )


def _values(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__match_args__}


def _read(id_: str, at: float, body: str) -> SavedTransfer | None:
    try:
        values = json.loads(body)
        said = values["transfer"]
        transfer = Transfer(
            **said | {"kind": TransferKind(said["kind"]), "status": Status(said["status"])}
        )
        spot, stamp, traces = values["spot"], values["stamp"], values["traces"]
        known = traces["known"]
        return SavedTransfer(
            id_,
            transfer,
            at,
            None if spot is None else FileSlot(**spot),
            str(values["url"]),
            None if stamp is None else (int(stamp[0]), int(stamp[1])),
            UploadProgress(**traces | {"known": None if known is None else frozenset(known)}),
            str(values["part"]),
        )
    except (ValueError, TypeError, KeyError, IndexError):
        return None
