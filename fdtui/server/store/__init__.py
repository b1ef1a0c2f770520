"""Where the workspace lives: SQLAlchemy Core on SQLite or PostgreSQL. Nothing outside this package
writes SQL.

SQLAlchemy is imported when the store is asked for: `direct` reads a file without it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fdtui.server.store.database import Store, Transaction, open_store

__all__ = ["Store", "Transaction", "open_store"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(importlib.import_module(f"{__name__}.database"), name)
    return found
