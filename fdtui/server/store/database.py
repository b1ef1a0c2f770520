"""One database: opened safely, read and written in whole transactions.

Work is handed over as a function, so that one commit may carry several writers' work.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy.exc import DatabaseError, DataError, SQLAlchemyError

from fdtui.core.errors import InvalidError, ReadOnlyError, StorageError
from fdtui.server.store import faults
from fdtui.server.store.bell import Bell
from fdtui.server.store.commits import Committer
from fdtui.server.store.connections import Connections
from fdtui.server.store.engines import connections, file_of, instant_connections, parse_url
from fdtui.server.store.meta import name_once
from fdtui.server.store.migrations import check_current, migrate
from fdtui.server.store.watch import FileWatch, NoWatch, ServerWatch, Watch, announce

Transaction: TypeAlias = Connection
"""What the modules of this package take: a connection inside a transaction."""

T = TypeVar("T")

CHANGED = "fdtui.changed"
"""Where a transaction keeps the workflows that it changes (`Transaction.info`), a set of ids."""


_ID_LETTERS, _ID_LENGTH = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 8
_ID_CHANCE = 16
"""Bytes of chance for an id, of which it uses six."""
_ID_PAIRS = tuple(one + other for one in _ID_LETTERS for other in _ID_LETTERS)


class DeferredWriteError(Exception):
    """What reads at once wants to write: ``work`` is for `Store.write_soon`."""

    def __init__(self, work: Callable[[Transaction], Any]) -> None:
        super().__init__("A write has to wait.")
        self.work = work


class NotAtOnceError(Exception):
    """What was asked for may have to wait; nothing has been done."""


def random_id() -> str:
    """A short opaque id."""
    number = int.from_bytes(os.urandom(_ID_CHANCE))  # so much that no id is likelier than another
    parts: list[str] = []
    while len(parts) < _ID_LENGTH // 2:
        number, at = divmod(number, len(_ID_PAIRS))
        parts.append(_ID_PAIRS[at])
    return "".join(parts)


class Store:
    """A workspace's database; may be used from any thread.

    ``shared`` says that there is but one connection, for readers and writers; ``file`` is watched, for
    SQLite goes on writing into a file that was deleted. ``new_id`` makes the ids of tasks and files.
    ``bell`` rings for each workflow that a commit has changed; ``watch`` rings it for other processes.
    ``instant`` lends connections that never wait for another's lock, where there are such.
    """

    def __init__(
        self,
        connections: Connections,
        *,
        shared: bool,
        file: Path | None = None,
        new_id: Callable[[], str] = random_id,
        reads_only: bool = False,
        bell: Bell | None = None,
        watch: Watch | None = None,
        instant: Connections | None = None,
    ) -> None:
        self.bell = Bell() if bell is None else bell
        self.watch = NoWatch() if watch is None else watch
        self._connections, self._instant = connections, instant
        self._view = threading.local()
        self._commits = Committer(partial(self._begun, write=True))
        self._turn = self._commits.turn if shared else nullcontext()
        self._file, self._node = file, _node(file)
        self.new_id, self._reads_only = new_id, reads_only
        self.kept: dict[str, Any] = {}
        """What a module keeps in memory beside the database, each under its own name."""

    def read(self, work: Callable[[Transaction], T]) -> T:
        """What ``work`` finds in one consistent view; raises `StorageError` if the database fails."""
        view: Transaction | None = getattr(self._view, "transaction", None)
        if view is not None:
            return work(view)
        with self._as_storage_errors(), self._turn, self._begun(write=False) as connection:
            return work(connection)

    def write(self, work: Callable[[Transaction], T]) -> T:
        """What ``work`` answers once it is on the disk; if it raises, nothing has changed.

        Only one writer runs at a time, so what ``work`` reads cannot change under it.
        """
        if self._reads_only:
            raise ReadOnlyError
        if getattr(self._view, "transaction", None) is not None:
            raise DeferredWriteError(work)
        with self._as_storage_errors():
            return self._commits.run(work)

    async def write_soon(self, work: Callable[[Transaction], T]) -> T:
        """The same for who is on an event loop, and must not stop it."""
        if self._reads_only:
            raise ReadOnlyError
        with self._as_storage_errors():
            return await self._commits.run_soon(work)

    def at_once(self, work: Callable[[], T]) -> T | DeferredWriteError:
        """What ``work`` answers, or wants to write in the end, without ever waiting for a lock.

        All that it reads is one view. It must do nothing but read, and stop at its first write. Raises
        `NotAtOnceError` where that cannot be, or where the database fails: then it is to be done in a
        thread, from its beginning.
        """
        if self._instant is None:
            raise NotAtOnceError
        try:
            return self._in_one_view(work, self._instant)
        except (StorageError, SQLAlchemyError, self._connections.driver_error):
            raise NotAtOnceError from None

    def in_one_view(self, work: Callable[[], T]) -> T:
        """What ``work``, which only reads, answers, with all that it reads in one transaction.

        A PostgreSQL is asked less often so: beginning and ending one takes as long as a query.
        """
        with self._as_storage_errors(), self._turn:
            found = self._in_one_view(work, self._connections)
        if isinstance(found, DeferredWriteError):
            raise found
        return found

    def _in_one_view(self, work: Callable[[], T], lent: Connections) -> T | DeferredWriteError:
        with self._begun(write=False, lent=lent) as connection:
            self._view.transaction = connection
            try:
                return work()
            except DeferredWriteError as later:
                return later
            finally:
                self._view.transaction = None

    def count_with(self, commit: Callable[[], None], waiting: Callable[[int], None]) -> None:
        """From now on, call ``commit`` after each commit, and ``waiting`` with how many wait."""
        self._commits.on_commit, self.bell.on_waiting = commit, waiting

    def close(self) -> None:
        """Let go of the database, and of whoever waits for its changes."""
        self.bell.close()
        self.watch.stop()
        self._commits.close()
        self._connections.close()
        if self._instant is not None:
            self._instant.close()

    @contextmanager
    def _begun(self, *, write: bool, lent: Connections | None = None) -> Iterator[Connection]:
        if self._file is not None and _node(self._file) != self._node:
            raise StorageError(f"The database {self._file} is no longer there.")
        changed: set[str] = set()
        with (lent or self._connections).transaction(write=write) as connection:
            try:
                yield connection
            finally:
                if write:
                    changed = connection.info.pop(CHANGED, changed)
            if changed:
                announce(connection, changed)
        if changed:
            self.bell.ring(changed)

    @contextmanager
    def _as_storage_errors(self) -> Iterator[None]:
        try:
            yield
        except DataError:  # PostgreSQL knows no NUL in a text, for one
            raise InvalidError(errors=["The request holds text that no database can."]) from None
        except SQLAlchemyError as error:
            cause = error.orig if isinstance(error, DatabaseError) else None
            raise faults.storage_error(cause or error) from error
        except self._connections.driver_error as error:
            raise faults.storage_error(error) from error


def _node(file: Path | None) -> tuple[int, int] | None:
    try:
        found = None if file is None else os.stat(file)  # noqa: PTH116 - asked by every transaction
    except FileNotFoundError:
        return (0, 0)
    return None if found is None else (found.st_dev, found.st_ino)


def _watch_of(parsed: URL, bell: Bell) -> Watch:
    """What hears the other processes that have the same database."""
    path = file_of(parsed)
    if path is not None:
        return FileWatch(path, bell.ring)
    is_server = parsed.get_backend_name() == "postgresql"
    return ServerWatch(parsed, bell.ring) if is_server else NoWatch()


def open_store(url: str, *, new_id: Callable[[], str] = random_id) -> Store:
    """The store at ``sqlite:///path`` (made where there is none), ``postgresql://…``, or in memory.

    Raises `ConfigError` for a URL that names no such database, `StorageError` if it cannot be opened.
    """
    parsed = parse_url(url)
    opened, shared = connections(parsed)
    bell = Bell()
    store = Store(
        opened,
        shared=shared,
        file=file_of(parsed),
        new_id=new_id,
        bell=bell,
        watch=_watch_of(parsed, bell),
        instant=instant_connections(parsed),
    )
    while store.write(migrate):
        pass
    store.write(partial(name_once, new_id=new_id))
    return store


def open_reader(url: str) -> Store:
    """The store at ``url``, which is there and is not changed, its schema neither.

    Raises `ConfigError`, and `StorageError` where another version of the program has written it.
    """
    parsed = parse_url(url)
    opened, shared = connections(parsed, reads_only=True)
    bell = Bell()
    store = Store(
        opened,
        shared=shared,
        file=file_of(parsed),
        reads_only=True,
        bell=bell,
        watch=_watch_of(parsed, bell),
    )
    try:
        store.read(check_current)
    except StorageError:
        store.close()
        raise
    return store
