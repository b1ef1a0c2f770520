"""A SQLite file of ours read without SQLAlchemy, for whoever only wants to know what is in it.

It answers what the API would, from the same renderer, or nothing at all: a file that is damaged, of
another version or held by somebody is left to `open_store`, which says what is wrong with it.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from fdtui.core.schema import Workspace
from fdtui.core.values import Value
from fdtui.server import feed_tokens, render
from fdtui.server.record import Record
from fdtui.server.store.checking import QUICK_CHECK_TIMEOUT, first_fault
from fdtui.server.store.migrations import STEPS
from fdtui.server.store.sqlite_file import DATABASE_BUSY_TIMEOUT, open_read_only
from fdtui.server.workflow.catalog import Catalog, LinkSide
from fdtui.server.workflow.definition import Workflow, read

UNREADABLE = (sqlite3.Error, UnicodeError, ValueError, KeyError)
"""What reading a file raises that is not as we wrote it."""
_TASK_SQL = "SELECT id, stage, assignee, uid, data FROM tasks"
_TASKS_SQL = f"{_TASK_SQL} WHERE workflow = ? ORDER BY number"
_BY_UID = f"{_TASK_SQL} WHERE workflow = ? AND uid = ?"
_LINKED = """SELECT {mine}, there.id, there.stage, there.assignee, there.uid, there.data
    FROM links JOIN tasks AS there ON there.id = {theirs} WHERE link = ? {one} ORDER BY there.number"""
_REVISIONS_SQL = "SELECT id, revision FROM workflows"
_ENDS_SQL = {True: ("left_task", "right_task"), False: ("right_task", "left_task")}
"""My end and theirs, by whether this side is the left one."""


class DirectReader:
    """The workspace in a file; each call reads one state of it and raises one of `UNREADABLE`.

    It may be called from several threads, which take turns.
    """

    def __init__(self, database: sqlite3.Connection, base_url: str) -> None:
        self._database, self._base_url = database, base_url
        self._turn = threading.Lock()
        self._catalog, self._catalog_version = Catalog.of(()), -1
        """The workflows, and the version of the file that they were read from."""

    @classmethod
    def open(cls, path: Path, base_url: str, *, checks: bool = True) -> DirectReader | None:
        """A reader of ``path``; ``None`` where another way has to say what is wrong with it.

        Without ``checks`` the file is not looked through for damage first: for whoever starts the
        server soon, which does.
        """
        with suppress(*UNREADABLE, OSError):
            if not path.is_file():
                return None
            if checks and not _is_sound(path):
                return None
            database = open_read_only(path, DATABASE_BUSY_TIMEOUT, any_thread=True)
            database.isolation_level = None
            try:
                (done,) = database.execute("SELECT max(version) FROM schema_version").fetchone()
            except sqlite3.Error:
                database.close()
                raise
            if done == len(STEPS):
                return cls(database, base_url)
            database.close()
        return None

    def workspace(self) -> Workspace:
        """Whose database this is."""
        with self._one_state():
            known = self._meta()
        return Workspace(known.get("workspace_id", ""), known.get("workspace_name", ""))

    def catalog(self) -> Catalog:
        """All workflows."""
        with self._one_state():
            return self._current_catalog()

    def rows(self, workflow: str) -> tuple[list[dict[str, Value]], str]:
        """The tasks of ``workflow``, in the order of their creation; and the feed's token after them."""
        with self._one_state():
            catalog = self._current_catalog()
            records = [_record(row) for row in self._database.execute(_TASKS_SQL, (workflow,))]
            token = self._token(catalog, workflow)
            return self._rendered(catalog, catalog.workflows[workflow], records), token

    def slices(self, workflow: str, size: int) -> Iterator[list[dict[str, Value]]]:
        """The same tasks, ``size`` at a time: all of one state, which is held until the last is read."""
        with self._one_state():
            catalog = self._current_catalog()
            flow = catalog.workflows[workflow]
            found = self._database.execute(_TASKS_SQL, (workflow,))
            while some := found.fetchmany(size):
                records = [_record(row) for row in some]
                yield self._rendered(catalog, flow, records, [each.id for each in records])

    def token(self, workflow: str) -> str:
        """The change feed's token of what `rows` would answer now, for who may see every workflow."""
        with self._one_state():
            return self._token(self._current_catalog(), workflow)

    def row(self, workflow: str, uid: str) -> dict[str, Value] | None:
        """The task of that unique id."""
        with self._one_state():
            catalog = self._current_catalog()
            found = self._database.execute(_BY_UID, (workflow, uid)).fetchone()
            if found is None:
                return None
            record = _record(found)
            return self._rendered(catalog, catalog.workflows[workflow], [record], [record.id])[0]

    def close(self) -> None:
        """Let go of the file; every later call raises one of `UNREADABLE`."""
        with self._turn:
            self._database.close()

    @contextmanager
    def _one_state(self) -> Iterator[None]:
        with self._turn:
            self._database.execute("BEGIN")
            try:
                yield
            finally:
                self._database.execute("ROLLBACK")

    def _meta(self) -> dict[str, str]:
        return dict(self._database.execute("SELECT key, value FROM meta"))

    def _current_catalog(self) -> Catalog:
        (version,) = self._database.execute("PRAGMA data_version").fetchone()
        if version != self._catalog_version:
            rows = self._database.execute("SELECT definition FROM workflows ORDER BY place")
            self._catalog = Catalog.of(read(json.loads(definition)) for (definition,) in rows)
            self._catalog_version = version
        return self._catalog

    def _token(self, catalog: Catalog, workflow: str) -> str:
        revisions: dict[str, int] = dict(self._database.execute(_REVISIONS_SQL))
        followed = catalog.touched_by(workflow)
        return feed_tokens.sealed(self._meta()["store"], {each: revisions[each] for each in followed})

    def _rendered(
        self,
        catalog: Catalog,
        workflow: Workflow,
        records: list[Record],
        ids: Sequence[str | None] = (None,),
    ) -> list[dict[str, Value]]:
        """``records``; where they are not all there are, ``ids`` are theirs."""
        sides = catalog.sides(workflow.id)
        linked: dict[str, dict[str, Value]] = {}
        for side in sides:
            for here, other in (found for task in ids for found in self._linked(side, task)):
                shown = render.custom(catalog.workflows[side.other], other)
                render.attach(linked.setdefault(here, {}), side, shown)
        return [
            render.row(workflow, each, self._base_url, sides, linked.get(each.id)) for each in records
        ]

    def _linked(self, side: LinkSide, task: str | None) -> Iterator[tuple[str, Record]]:
        """Task here and task there, of one ``task`` or of all, in the order of theirs."""
        mine, theirs = _ENDS_SQL[side.left]
        query = _LINKED.format(mine=mine, theirs=theirs, one="" if task is None else f"AND {mine} = ?")
        for row in self._database.execute(query, (side.link,) if task is None else (side.link, task)):
            yield row[0], _record(row[1:])


def _is_sound(path: Path) -> bool:
    """Whether nothing is found wrong in a short time: the server looks no longer, either."""
    try:
        return first_fault(path, QUICK_CHECK_TIMEOUT) is None
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        return True


def _record(row: Sequence[str]) -> Record:
    id_, stage, who, uid, data = row
    return Record(id_, stage, who, uid, json.loads(data))
