"""The transfers in a ledger, and which window has which of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fdtui.core.transfer import Kind, Status, Transfer
from fdtui.sync.attaching import Spot, Traces
from fdtui.sync.bookfile import BookFile
from fdtui.sync.transferbook import LONGEST_KEPT, Kept

_KEEP = """
insert into transfer (id, workflow, window, at, body) values (?, ?, ?, ?, ?)
on conflict (id) do update set at = excluded.at, body = excluded.body
"""


class TransferTable:
    """See `fdtui.sync.transferbook.TransferBook`. May be used from any thread, one call at a time."""

    def __init__(self, path: Path) -> None:
        self._file = BookFile(path)

    def close(self) -> None:
        """Let go of the file, and of the transfers that this window had."""
        self._file.close()

    def store(self, changes: Mapping[str, Kept | None]) -> None:
        """See `fdtui.sync.transferbook.TransferBook.store`."""
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

    def claim(self, workflows: frozenset[str], now: float) -> tuple[Kept, ...]:
        """See `fdtui.sync.transferbook.TransferBook.claim`; a row that cannot be read is passed over."""
        if not self._has_foreign():
            return ()
        window, ours = self._file.window, list[Kept]()
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


def _written(kept: Kept) -> str:
    known = kept.traces.known
    return json.dumps(
        {
            "transfer": _values(kept.transfer),
            "spot": None if kept.spot is None else _values(kept.spot),
            "url": kept.url,
            "stamp": kept.stamp,
            "traces": _values(kept.traces) | {"known": None if known is None else sorted(known)},
            "part": kept.part,
        }
    )


def _values(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__match_args__}


def _read(id_: str, at: float, body: str) -> Kept | None:
    try:
        values = json.loads(body)
        said = values["transfer"]
        transfer = Transfer(**said | {"kind": Kind(said["kind"]), "status": Status(said["status"])})
        spot, stamp, traces = values["spot"], values["stamp"], values["traces"]
        known = traces["known"]
        return Kept(
            id_,
            transfer,
            at,
            None if spot is None else Spot(**spot),
            str(values["url"]),
            None if stamp is None else (int(stamp[0]), int(stamp[1])),
            Traces(**traces | {"known": None if known is None else frozenset(known)}),
            str(values["part"]),
        )
    except (ValueError, TypeError, KeyError, IndexError):
        return None
