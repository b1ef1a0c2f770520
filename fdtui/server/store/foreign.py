"""Other people's databases, read and never written."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import URL, Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from fdtui.core.errors import FdtuiError
from fdtui.server.store.engines import file_of, parse_url

_INSTRUCTIONS_PER_LOOK = 10_000
"""Steps of SQLite's machine between two looks at the clock."""


class SourceError(FdtuiError):
    """Another's database did not answer as it should.

    ``message`` is for whoever asked. ``detail`` is in the words of that database, which may name its
    host, its users and its rows: it is for the log of this server alone.
    """

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


def rows(url: str, query: str, *, most: int, seconds: int) -> list[dict[str, Any]]:
    """What ``query`` answers; raises `ConfigError`, and `SourceError` for anything that goes wrong."""
    parsed = parse_url(url)
    engine = _sqlite(parsed) if parsed.get_backend_name() == "sqlite" else _postgresql(parsed, seconds)
    try:
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            if parsed.get_backend_name() == "sqlite":
                end = time.monotonic() + seconds
                driver.set_progress_handler(lambda: time.monotonic() > end, _INSTRUCTIONS_PER_LOOK)
                driver.execute("PRAGMA query_only = ON")
            else:
                connection.execute(text("SET TRANSACTION READ ONLY"))
            found = connection.exec_driver_sql(query)
            listed = [dict(row) for row in found.mappings().fetchmany(most + 1)]
            connection.rollback()
    except SQLAlchemyError as error:
        why = str(getattr(error, "orig", None) or error)
        raise SourceError("The query failed; the server's log says why.", why) from None
    finally:
        engine.dispose()
    if len(listed) > most:
        raise SourceError(f"The query answers more than {most:,} rows.")
    return listed


def _sqlite(parsed: URL) -> Engine:
    path = file_of(parsed)
    if path is None or not path.is_file():
        raise SourceError("The query's database is not there.")
    address = f"sqlite:///file:{path.absolute().as_uri().removeprefix('file://')}?mode=ro&uri=true"
    return create_engine(address, poolclass=NullPool)


def _postgresql(parsed: URL, seconds: int) -> Engine:
    limits = {"connect_timeout": 10, "options": f"-c statement_timeout={seconds * 1000}"}
    options = parsed.query.get("options", "")
    if options:
        limits["options"] = f"{options} {limits['options']}"
    without = parsed.set(drivername="postgresql+psycopg").difference_update_query(["options"])
    return create_engine(without, connect_args=limits, poolclass=NullPool)
