"""The few facts of a database as a whole, by name."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, bindparam, insert, select, update

from fdtui.server.store.prepared import Prepared
from fdtui.server.store.tables import meta

_GET = Prepared(select(meta.c.value).where(meta.c.key == bindparam("name")))
_SET = update(meta).where(meta.c.key == bindparam("name"))


def get(tx: Connection, key: str) -> str:
    """A fact; empty where it is not known."""
    return _GET.run(tx, name=key).value() or ""


def put(tx: Connection, key: str, value: str) -> None:
    """Note a fact."""
    if not tx.execute(_SET, {"name": key, "value": value}).rowcount:
        tx.execute(insert(meta).values(key=key, value=value))


def name_once(tx: Connection, *, new_id: Callable[[], str]) -> None:
    """Give a new database its random name, and its workspace an id."""
    if not get(tx, "store"):
        put(tx, "store", new_id() + new_id())
        put(tx, "workspace_id", new_id())
        put(tx, "workspace_name", "Workspace")
