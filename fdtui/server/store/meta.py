"""The few facts of a database as a whole, by name."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, insert, select, update

from fdtui.server.store.tables import meta


def get(tx: Connection, key: str) -> str:
    """A fact; empty where it is not known."""
    return tx.execute(select(meta.c.value).where(meta.c.key == key)).scalar() or ""


def put(tx: Connection, key: str, value: str) -> None:
    """Note a fact."""
    if not tx.execute(update(meta).where(meta.c.key == key).values(value=value)).rowcount:
        tx.execute(insert(meta).values(key=key, value=value))


def name_once(tx: Connection, *, new_id: Callable[[], str]) -> None:
    """Give a new database its random name, and its workspace an id."""
    if not get(tx, "store"):
        put(tx, "store", new_id() + new_id())
        put(tx, "workspace_id", new_id())
        put(tx, "workspace_name", "Workspace")
