"""How much room the database takes."""

from __future__ import annotations

from sqlalchemy import text

from fdtui.server.store.database import Transaction

_QUESTIONS = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


def size_of(tx: Transaction) -> int:
    """Bytes of the database, without what is still in its journal."""
    return int(tx.execute(text(_QUESTIONS[tx.dialect.name])).scalar() or 0)
