"""The cache on the disk: read at once, written behind the user's back, thrown away where it is damaged.

Whatever the disk does, the board goes on without it: each kind of trouble is said once, and nothing
here raises into the session.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from threading import Condition, Lock, Thread
from typing import TypeAlias, TypeVar

from fdtui.core.details import Details, Part
from fdtui.core.errors import DamagedError, StorageError
from fdtui.core.frozen import replace
from fdtui.sync.storage.cache_boards import CachedBoards
from fdtui.sync.storage.cache_codec import CACHED_PARTS
from fdtui.sync.storage.cache_file import (
    CACHE_FAULTS,
    BusyError,
    OtherVersionError,
    cache_error,
    open_for_reading,
    open_for_writing,
    throw_away,
    throw_away_old,
)
from fdtui.sync.storage.cache_parts import (
    forget_part,
    read_details,
    read_place,
    write_details,
    write_place,
)
from fdtui.sync.storage.protocols import CursorPlace, Snapshot

T = TypeVar("T")
Job: TypeAlias = Callable[[sqlite3.Connection], object]

WRITE_DELAY = 0.3
"""Seconds for which changes are collected before they are written."""
AGE_STEP = 60.0
"""Seconds after which a board that has not changed is marked as still true."""
RETRY_PAUSE = 30.0
"""Seconds before a disk that refused is tried again."""
CLOSE_TIMEOUT = 1.0
"""Seconds that the program's end waits for the last write."""
LONGEST_UNUSED = 60 * 24 * 3600.0
"""Seconds after which the cache of a profile that nobody uses is removed."""
SCREEN_PAUSE = 0.001
"""Seconds in which the screen has the processor, after every few tasks that were written."""
DAMAGED = "The cache was damaged and has been discarded; it is being rebuilt."
OTHER_VERSION = "The cache of another version of fdtui has been discarded; it is being rebuilt."
NOT_CACHED = "The board is not being cached: {}."


class DiskCache:
    """See `fdtui.sync.storage.protocols.Cache`. May be used from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reading = Lock()
        self._reader: sqlite3.Connection | None = None
        self._changed = Condition()
        self._jobs: dict[tuple[str, ...], Job] = {}
        self._is_writing = self._is_closing = False
        self._thread: Thread | None = None
        self._latest: dict[str, Snapshot] = {}
        """The boards of this run, which are newer than what the file may hold yet."""
        self._marked: dict[str, float] = {}
        """When the boards in the file were true."""
        self._places: dict[str, CursorPlace] = {}
        self._said: set[str] = set()
        self._unheard: deque[str] = deque()
        self._listener: Callable[[str], object] | None = None
        self._boards = CachedBoards(self._rest)

    @property
    def written_tasks(self) -> int:
        """Rows of tasks that were written or removed so far."""
        return self._boards.written_tasks

    # What is known

    def recall(self, wanted: str | None, most: int | None = None) -> Snapshot | None:
        """See `Cache.recall`."""
        for snapshot in reversed(self._latest.values()):
            if wanted in {None, snapshot.workflow.id, snapshot.workflow.name}:
                return snapshot
        found = self._read(partial(self._boards.read, wanted=wanted, most=most))
        if found is not None and found.at is not None:
            self._marked[found.workflow.id] = found.at
        return found

    def details(self, workflow: str, key: str) -> Details | None:
        """See `Cache.details`."""
        return self._read(partial(read_details, workflow=workflow, key=key))

    def place(self, workflow: str) -> CursorPlace | None:
        """See `Cache.place`."""
        known = self._places.get(workflow)
        return known or self._read(partial(read_place, workflow=workflow))

    def _read(self, read: Callable[[sqlite3.Connection], T | None]) -> T | None:
        try:
            with self._reading:
                if self._reader is None:
                    self._reader = open_for_reading(self._path)
                return None if self._reader is None else read(self._reader)
        except (*CACHE_FAULTS, StorageError) as error:
            self._failed(error)
        return None

    # What is to be kept

    def remember(self, snapshot: Snapshot) -> None:
        """See `Cache.remember`: by reference, so that it costs the caller nothing."""
        id_, at = snapshot.workflow.id, snapshot.at
        known = self._latest.pop(id_, None)
        self._latest[id_] = snapshot
        if known is None or not _is_same(known, snapshot):
            self._marked[id_] = at or 0.0
            self._do(("board", id_), partial(self._boards.write, snapshot=snapshot))
        elif at is not None and (
            known.feed != snapshot.feed or abs(at - self._marked.get(id_, 0.0)) >= AGE_STEP
        ):
            self._mark(id_, at)

    def _mark(self, workflow: str, at: float) -> None:
        self._marked[workflow] = at
        if ("board", workflow) in self._jobs:
            latest = self._latest[workflow]
            self._do(("board", workflow), partial(self._boards.write, snapshot=latest))
        else:
            feed = self._latest[workflow].feed
            touch = partial(self._boards.touch, workflow=workflow, at=at, feed=feed)
            self._do(("age", workflow), touch)

    def remember_details(self, workflow: str, key: str, details: Details, at: float) -> None:
        """See `Cache.remember_details`."""
        for part in CACHED_PARTS:
            if getattr(details, part) is not None:
                alone = replace(Details(), **{part.value: getattr(details, part)})
                write = partial(write_details, workflow=workflow, key=key, details=alone, at=at)
                self._do(("part", workflow, key, part.value), write)

    def forget_details(self, workflow: str, key: str, part: Part) -> None:
        """See `Cache.forget_details`."""
        forget = partial(forget_part, workflow=workflow, key=key, part=part)
        self._do(("part", workflow, key, part.value), forget)

    def remember_place(self, workflow: str, place: CursorPlace) -> None:
        """See `Cache.remember_place`."""
        if self._places.get(workflow) != place:
            self._places[workflow] = place
            self._do(("place", workflow), partial(write_place, workflow=workflow, place=place))

    def forget(self, workflow: str) -> None:
        """See `Cache.forget`."""
        for known in (self._latest, self._marked, self._places):
            known.pop(workflow, None)
        with self._changed:
            self._jobs = {each: job for each, job in self._jobs.items() if each[1:2] != (workflow,)}
        self._do(("forget", workflow), partial(self._boards.forget, workflow=workflow))

    def keep_only(self, workflows: Collection[str]) -> None:
        """See `Cache.keep_only`."""
        for each in [each for each in self._latest if each not in workflows]:
            self.forget(each)
        kept = frozenset(workflows)
        self._do(("others",), partial(self._forget_others, kept=kept))

    def _forget_others(self, db: sqlite3.Connection, kept: frozenset[str]) -> None:
        for workflow in self._boards.ids(db):
            if workflow not in kept:
                self._boards.forget(db, workflow)

    # What goes wrong

    def listen(self, listener: Callable[[str], object]) -> None:
        """See `Cache.listen`."""
        self._listener = listener
        while self._unheard:
            listener(self._unheard.popleft())

    def _say(self, text: str) -> None:
        if text in self._said:
            return
        self._said.add(text)
        if self._listener is None:
            self._unheard.append(text)
        else:
            self._listener(text)

    def _failed(self, error: BaseException) -> StorageError:
        """Throw away what is damaged, say what cannot be used; answers what it was."""
        meant = error if isinstance(error, StorageError) else cache_error(error)
        if isinstance(meant, DamagedError):
            try:
                self._start_anew()
            except StorageError as refused:
                meant = refused
            else:
                self._say(OTHER_VERSION if isinstance(meant, OtherVersionError) else DAMAGED)
                return meant
        if not isinstance(meant, BusyError):
            self._say(NOT_CACHED.format(meant.message.rstrip(".")))
        return meant

    def _start_anew(self) -> None:
        with self._reading:
            if self._reader is not None:
                self._reader.close()
                self._reader = None
        self._boards.forget_file()
        throw_away(self._path)

    # The thread that writes

    def _do(self, what: tuple[str, ...], job: Job) -> None:
        with self._changed:
            self._jobs.pop(what, None)
            self._jobs[what] = job
            if self._thread is None and not self._is_closing:
                self._thread = Thread(target=self._work, name="fdtui-cache", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def _rest(self) -> None:
        if not self._is_closing:
            time.sleep(SCREEN_PAUSE)

    def _work(self) -> None:
        db: sqlite3.Connection | None = None
        pause = WRITE_DELAY
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._jobs or self._is_closing)
                if not self._jobs:
                    break
                self._changed.wait_for(lambda: self._is_closing, pause)
                jobs, self._jobs, self._is_writing = self._jobs, {}, True
            db, left = self._write(db, jobs)
            with self._changed:
                self._jobs = {**left, **self._jobs}
                self._is_writing = False
                pause = RETRY_PAUSE if left else WRITE_DELAY
                self._changed.notify_all()
                if left and self._is_closing:
                    break
        if db is not None:
            with contextlib.suppress(sqlite3.Error):
                db.close()

    def _write(
        self, db: sqlite3.Connection | None, jobs: dict[tuple[str, ...], Job]
    ) -> tuple[sqlite3.Connection | None, dict[tuple[str, ...], Job]]:
        """Do all jobs; answers the connection, and what is left to do where the disk refused."""
        for has_failed in (False, True):
            try:
                if db is None:
                    db = open_for_writing(self._path)
                    throw_away_old(self._path.parent, self._path, time.time() - LONGEST_UNUSED)
                for what in list(jobs):
                    jobs[what](db)
                    del jobs[what]
            except (*CACHE_FAULTS, StorageError) as error:
                if db is not None:
                    with contextlib.suppress(sqlite3.Error):
                        db.close()
                    db = None
                if not isinstance(self._failed(error), DamagedError) or has_failed:
                    return None, jobs
                jobs = self._all_boards() | jobs
            else:
                return db, {}
        return db, jobs

    def _all_boards(self) -> dict[tuple[str, ...], Job]:
        return {
            ("board", each): partial(self._boards.write, snapshot=snapshot)
            for each, snapshot in list(self._latest.items())
        }

    def flush(self, timeout: float = 10.0) -> bool:
        """Wait until all that is to be kept is written; false where that takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._jobs and not self._is_writing, timeout)

    def close(self) -> None:
        """See `Cache.close`."""
        for id_, snapshot in list(self._latest.items()):
            if snapshot.at is not None and snapshot.at > self._marked.get(id_, 0.0):
                self._mark(id_, snapshot.at)
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(CLOSE_TIMEOUT)
        with self._reading:
            if self._reader is not None:
                self._reader.close()
                self._reader = None


def _is_same(one: Snapshot, other: Snapshot) -> bool:
    """Whether nothing but the age differs; what is the same is the same object."""
    return (
        one.tasks is other.tasks
        and one.schema is other.schema
        and one.workflow == other.workflow
        and one.workflows is other.workflows
        and one.workspace is other.workspace
    )
