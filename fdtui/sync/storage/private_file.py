"""One way to open a file of the user's: the ledger, the cache, the journal.

The file is its owner's alone, lies where nobody else can put another in its place, and is either
what we wrote or kept aside. It is never deleted.
"""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import field
from enum import Enum
from pathlib import Path

from fdtui.core.errors import StorageError, UnwritableError
from fdtui.core.frozen import frozen
from fdtui.sync.storage.faults import DiskFullError, fault_of, is_damage
from fdtui.sync.storage.network_disk import host_name, network_disk_of, read_mounts
from fdtui.sync.storage.ownership import Identity, alone, check_folder, identity_of, make_private
from fdtui.sync.storage.salvage import Salvaged, copy_rows, is_header_sound, read_damaged, set_aside

BUSY_SECONDS = 5.0
"""How long a statement waits for another program that uses the file."""
_OURS = 0x66640000
"""The upper half of ``application_id``; the lower is the version, so that neither changes unnoticed."""

Step = Callable[[sqlite3.Cursor], object]
"""Brings a file from one version to the next, inside a transaction."""
Salvage = Callable[[sqlite3.Connection, sqlite3.Connection], Salvaged]
"""Copies from a damaged file, opened read-only as far as it goes, into a new one."""


class Newer(Enum):
    """What is done with a file that a newer version of the program has written."""

    REFUSED = "refused"
    READ_ONLY = "read-only"


@frozen
class FileKind:
    """What a file holds, and how one that is not as it should be is treated."""

    what: str
    """Its name in a sentence, such as ``the journal``."""
    version: int
    tables: str
    """SQL that makes all tables of that version: ``create table if not exists …``, and indexes."""
    steps: Mapping[int, Step] = field(default_factory=dict)
    """By the version that each begins with; a version without one differs by new tables only."""
    newer: Newer = Newer.REFUSED
    salvage: Salvage | None = copy_rows
    """``None`` for what can be fetched again."""
    is_checked: bool = True
    """Whether all of it is checked at the start (a few ms for each MB); else only the beginning."""


@frozen
class Surroundings:
    """Where the program runs; a test has its own."""

    mounts: str
    host: str

    @classmethod
    def here(cls) -> Surroundings:
        """This computer's."""
        return cls(read_mounts(), host_name())


class PrivateFile:
    """A file that has been opened once, and is ready for connections.

    Raises `StorageError` with the reason and the next step; then there is no file to work with.
    """

    def __init__(
        self,
        path: Path,
        kind: FileKind,
        *,
        surroundings: Surroundings | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.kind = kind
        self.is_read_only = False
        """Whether it can only be read, because a newer version of the program has written it."""
        self.notices: tuple[str, ...] = ()
        """What the user has to know of this file, once, in calm sentences."""
        self.aside: Path | None = None
        """What was damaged, under its new name."""
        self.salvaged: Salvaged | None = None
        """What was saved of that."""
        self._now = now
        self.path = path
        try:
            check_folder(path.parent)
            around = surroundings or Surroundings.here()
            self._network = network_disk_of(path.parent, around.mounts)
            if self._network:
                self.path = self._one_per_host(path, around.host)
            self._identity = self._open_first()
        except (OSError, sqlite3.Error) as error:
            raise fault_of(error, self.path) from None

    # Connections

    def connect(self, *, any_thread: bool = False) -> sqlite3.Connection:
        """A connection in autocommit mode, durable at each commit. Raises `sqlite3.Error`."""
        mode = "ro" if self.is_read_only else "rw"
        db = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=not any_thread,
        )
        db.text_factory = _text
        with ExitStack() as undo:
            undo.callback(db.close)
            cursor = undo.enter_context(closing(db.cursor()))
            if not self.is_read_only:
                cursor.execute(f"pragma journal_mode = {'delete' if self._network else 'wal'}")
            cursor.execute("pragma synchronous = full")
            cursor.execute("pragma trusted_schema = off")
            cursor.close()
            undo.pop_all()
        return db

    @contextmanager
    def use(self) -> Iterator[None]:
        """Around each use of a connection: what goes wrong is a `StorageError` that says what to do."""
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise fault_of(error, self.path) from None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """As `use`, for what changes the file: not where that is forbidden, or the file is not there.

        A file that was removed or replaced meanwhile takes all that is written, and nobody finds it.
        """
        if self.is_read_only:
            raise UnwritableError(f"{_sentence(self.kind.what)} is only read here.", "Update fdtui.")
        if identity_of(self.path) != self._identity:
            raise StorageError(
                f"{self.path} was removed or replaced, so nothing more is kept in it.",
                "Start fdtui again.",
            )
        with self.use():
            yield

    # Opening

    def _one_per_host(self, path: Path, host: str) -> Path:
        own = path.with_name(f"{path.stem}-{host}{path.suffix}")
        if own.exists():
            return own
        self._tell(
            f"{path.parent} is on a network disk ({self._network}), so this computer has a file of "
            f"its own for {self.kind.what} there: {own.name}."
        )
        if path.is_file() and not path.is_symlink():
            self._take_over(path, own)
        return own

    @staticmethod
    def _take_over(path: Path, own: Path) -> None:
        """Go on with the file that there was before there was one for each computer."""
        with suppress(sqlite3.Error, OSError):  # then a new one is begun
            db = sqlite3.connect(path, timeout=0, isolation_level=None)
            try:
                db.execute("pragma journal_mode = delete").close()
                db.execute("begin exclusive").close()  # nobody else is about to write it
                path.rename(own)
            finally:
                db.close()

    def _open_first(self) -> Identity:
        """Make the file what this version works with; answers which file that is."""
        with alone(self.path):
            fresh = self._fresh
            if fresh.exists() and not self.path.exists():
                fresh.rename(self.path)  # the program was killed between the two
            identity = make_private(self.path)
            try:
                self._prepare()
            except _Damaged:
                self._begin_anew()
                identity = make_private(self.path)
            return identity

    @property
    def _fresh(self) -> Path:
        """What is made to take a damaged file's place, until it does."""
        return self.path.with_name(f"{self.path.name}.new")

    def _prepare(self) -> None:
        """Raises `_Damaged`, `StorageError`."""
        if not is_header_sound(self.path):
            raise _Damaged
        try:
            with closing(self.connect()) as db:
                version, is_marked = self._version_in(db)
                if version > self.kind.version:
                    self._meet_newer()
                elif version < self.kind.version or not is_marked:
                    self._bring_up(db, version)
        except UnicodeDecodeError:  # SQLite quotes a damaged name in its message
            raise _Damaged from None
        except sqlite3.Error as error:
            if is_damage(error):
                raise _Damaged from None
            raise

    def _version_in(self, db: sqlite3.Connection) -> tuple[int, bool]:
        """The file's version, 0 for a new one, and whether it bears our mark; it is ours and whole."""
        with closing(db.cursor()) as cursor:
            (version,) = cursor.execute("pragma user_version").fetchone()
            (mark,) = cursor.execute("pragma application_id").fetchone()
            if mark not in (0, _OURS + version):
                raise _Damaged  # or a file of another program
            if self.kind.is_checked and cursor.execute("pragma integrity_check(1)").fetchone() != (
                "ok",
            ):
                raise _Damaged
            if version in (0, self.kind.version):
                self._check_tables(cursor, is_marked=mark != 0)
        return int(version), mark != 0

    def _check_tables(self, cursor: sqlite3.Cursor, *, is_marked: bool) -> None:
        """Whether the tables are those that we made: a bit may have changed in a name."""
        with closing(sqlite3.connect(":memory:")) as fresh:
            fresh.executescript(self.kind.tables)
            wanted = _shape(fresh.cursor())
        found = _shape(cursor)
        if is_marked and wanted.keys() - found.keys():
            raise _Damaged
        if not is_marked and found.keys() - wanted.keys():
            raise _Damaged  # a file of another program
        if any(found[name] != columns for name, columns in wanted.items() if name in found):
            raise _Damaged

    def _meet_newer(self) -> None:
        what = f"{_sentence(self.kind.what)} was written by a newer fdtui ({self.path})"
        if self.kind.newer is Newer.REFUSED:
            raise UnwritableError(f"{what}.", "Update fdtui.")
        self.is_read_only = True
        self._tell(f"{what}, so it is only read here. Update fdtui.")

    def _bring_up(self, db: sqlite3.Connection, version: int) -> None:
        """Make the tables, from whatever version; all of it or nothing."""
        if version > 0 and any(step >= version for step in self.kind.steps):
            self._back_up(db, version)
        with whole(db) as cursor:
            (found,) = cursor.execute("pragma user_version").fetchone()
            for number in range(found, self.kind.version if found else 0):
                if number in self.kind.steps:
                    self.kind.steps[number](cursor)
            for statement in _statements(self.kind.tables):
                cursor.execute(statement)
            self._check_tables(cursor, is_marked=True)
            cursor.execute(f"pragma user_version = {self.kind.version}")
            cursor.execute(f"pragma application_id = {_OURS + self.kind.version}")

    def _back_up(self, db: sqlite3.Connection, version: int) -> None:
        copy = self.path.with_name(f"{self.path.name}.version-{version}-{self._stamp()}")
        make_private(copy)
        with closing(sqlite3.connect(copy)) as other:
            db.backup(other)

    def _begin_anew(self) -> None:
        """A new file with what can be read of the damaged one, and only then in its place."""
        self._fresh.unlink(missing_ok=True)
        make_private(self._fresh)
        with closing(sqlite3.connect(self._fresh, isolation_level=None)) as new:
            self._bring_up(new, 0)
            if self.kind.salvage is not None:
                self.salvaged = self._save_rows(new, self.kind.salvage)
        self.aside = set_aside(self.path, self._stamp())
        self._fresh.rename(self.path)
        saved = "a new one was begun" if self.salvaged is None else _words(self.salvaged)
        self._tell(f"{_sentence(self.kind.what)} was damaged: {saved}. It is kept as {self.aside}.")

    def _save_rows(self, new: sqlite3.Connection, salvage: Salvage) -> Salvaged:
        import tempfile  # noqa: PLC0415 - few starts need it

        try:
            with (
                tempfile.TemporaryDirectory(prefix=".salvage-", dir=self.path.parent) as folder,
                closing(read_damaged(self.path, Path(folder) / "copy.db")) as old,
                whole(new),
            ):
                return salvage(old, new)
        except (sqlite3.Error, OSError) as error:
            if isinstance(fault := fault_of(error, self.path), DiskFullError):
                raise fault from None
            return Salvaged()

    def _stamp(self) -> str:
        return time.strftime("%Y%m%d-%H%M%S", time.localtime(self._now()))

    def _tell(self, sentence: str) -> None:
        self.notices = (*self.notices, sentence)


class _Damaged(Exception):  # noqa: N818 (seen in this module only)
    """The file is not what we wrote."""


@contextmanager
def whole(db: sqlite3.Connection) -> Iterator[sqlite3.Cursor]:
    """A transaction: all of it, or with an error nothing."""
    with closing(db.cursor()) as cursor:
        cursor.execute("begin immediate")
        with db:  # ends what was begun
            yield cursor


def _text(raw: bytes) -> str:
    """A bit that has changed in a letter spoils no other row."""
    return raw.decode("utf-8", "replace")


def _shape(cursor: sqlite3.Cursor) -> dict[str, frozenset[tuple[object, ...]]]:
    query = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"
    names = [name for (name,) in cursor.execute(query).fetchall()]
    return {
        name: frozenset(
            cursor.execute("select name, lower(type), pk from pragma_table_info(?)", (name,))
        )
        for name in names
    }


def _statements(script: str) -> list[str]:
    found, text = list[str](), ""
    for part in re.split(r"(?<=;)", script):
        text += part
        if sqlite3.complete_statement(text):
            found.append(text)
            text = ""
    return found


def _words(saved: Salvaged) -> str:
    if saved.lost is None:
        return f"{saved.kept} entries could be saved, and how many were lost is not known"
    if not saved.lost:
        return f"all {saved.kept} entries could be saved"
    return f"{saved.kept} of {saved.kept + saved.lost} entries could be saved, {saved.lost} were lost"


def _sentence(what: str) -> str:
    return what[:1].upper() + what[1:]
