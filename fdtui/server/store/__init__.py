"""Where the workspace lives: SQLAlchemy Core, SQLite now. Nothing outside this package writes SQL."""

from fdtui.server.store.database import Store, Transaction, open_store

__all__ = ["Store", "Transaction", "open_store"]
