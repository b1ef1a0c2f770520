"""Statements that run for every request, compiled once and then given to the database's own driver.

SQLAlchemy takes three times as long to run a statement as SQLite does, and reading one task is little
more than three statements. They are still written in its language, and compiled for either database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.sql.elements import CompilerElement


class Rows:
    """What a statement found."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor.fetchall())

    def first(self) -> Any:
        """The first row, or ``None``."""
        return self._cursor.fetchone()

    def value(self) -> Any:
        """The first row's first value, or ``None`` if there is no row."""
        row = self._cursor.fetchone()
        return None if row is None else row[0]

    @property
    def count(self) -> int:
        """How many rows a change has hit."""
        return int(self._cursor.rowcount)


class Prepared:
    """A statement whose variables are ``bindparam``; for values that need no conversion by type."""

    def __init__(self, statement: CompilerElement) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, dict[str, Any], list[str] | None]] = {}

    def run(self, tx: Connection, **values: Any) -> Rows:
        """Run it with ``values`` by the names of its variables."""
        held = self._compiled.get(tx.dialect.name)
        sql, fixed, order = held if held is not None else self._compile(tx.dialect)
        given: Any = {**fixed, **values}
        if order is not None:
            given = [given[name] for name in order]
        return Rows(tx.connection.driver_connection.execute(sql, given))  # type: ignore[union-attr]

    def run_many(self, tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
        """Run it once for each of ``rows``, which are its values."""
        held = self._compiled.get(tx.dialect.name)
        sql, fixed, order = held if held is not None else self._compile(tx.dialect)
        given: Sequence[Any] = rows
        if rows and not fixed.keys() <= rows[0].keys():
            given = [{**fixed, **values} for values in rows]
        if order is not None:
            given = [[values[name] for name in order] for values in given]
        driver: Any = tx.connection.driver_connection
        if len(given) == 1:
            driver.execute(sql, given[0])
        elif given:
            driver.cursor().executemany(sql, given)

    def _compile(self, dialect: Dialect) -> tuple[str, dict[str, Any], list[str] | None]:
        compiled = self._statement.compile(dialect=dialect)
        order: list[str] | None = getattr(compiled, "positiontup", None)
        made = (str(compiled), dict(compiled.params), order)
        self._compiled[dialect.name] = made
        return made
