"""What a disk that refuses does not keep: it lasts until the program ends, which is said once.

What could not be stored is tried again with every later change, so that a disk with room again has
all of it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from fdtui.core.errors import DamagedError, StorageError
from fdtui.sync.storage.protocols import Draft, Drafts
from fdtui.sync.storage.recent_folders import RecentFolders
from fdtui.sync.storage.snoozes import Snoozes
from fdtui.sync.storage.views import SavedView, Views

K = TypeVar("K")
V = TypeVar("V")

AGAIN = "Drafts, snoozes and views are kept on the disk again."


def unkept(error: StorageError) -> str:
    """The sentence for what a disk does not keep."""
    return f"Drafts, snoozes and views last only until you quit: {error}"


class DiskWatch:
    """Says once that the disk refuses, and once that it takes again what it is given."""

    def __init__(self) -> None:
        self._early: list[str] = []
        self._tell: Callable[[str], object] = self._early.append
        self._is_failing = False

    def listen(self, tell: Callable[[str], object]) -> None:
        """From now on ``tell`` gets the sentences, first those that nobody has heard yet."""
        early, self._early = self._early, []
        self._tell = tell
        for sentence in early:
            tell(sentence)

    def failed(self, error: StorageError) -> None:
        """Something could not be stored, or not be read."""
        if not self._is_failing:
            self._is_failing = True
            self._tell(unkept(error))

    def worked(self) -> None:
        """All that had to be stored is."""
        if self._is_failing:
            self._is_failing = False
            self._tell(AGAIN)


class _Unsaved(Generic[K, V]):
    """Values that wait for the disk, by their key."""

    def __init__(self, store: Callable[[K, V], object], watch: DiskWatch) -> None:
        self.values: dict[K, V] = {}
        self._store, self._watch = store, watch

    def put(self, key: K, value: V) -> None:
        """Store it, and whatever could not be stored before."""
        self.values.pop(key, None)
        self.values[key] = value
        try:
            for each in list(self.values):
                self._store(each, self.values[each])
                del self.values[each]
        except StorageError as error:
            self._watch.failed(error)
        else:
            self._watch.worked()


class ResilientDrafts:
    """See `fdtui.sync.storage.protocols.Drafts`; raises nothing."""

    def __init__(self, disk: Drafts, watch: DiskWatch) -> None:
        self._disk, self._watch = disk, watch
        self._unsaved = _Unsaved[tuple[str, str], Draft | None](self._store, watch)

    def _store(self, key: tuple[str, str], draft: Draft | None) -> None:
        if draft is None:
            self._disk.drop(*key)
        else:
            self._disk.save(draft)

    def save(self, draft: Draft) -> None:
        """See `Drafts.save`."""
        self._unsaved.put((draft.workflow, draft.about), draft)

    def drop(self, workflow: str, about: str) -> None:
        """See `Drafts.drop`."""
        self._unsaved.put((workflow, about), None)

    def load(self, workflow: str, about: str) -> Draft | None:
        """See `Drafts.load`."""
        key = (workflow, about)
        if key in self._unsaved.values:
            return self._unsaved.values[key]
        try:
            return self._disk.load(workflow, about)
        except StorageError as error:
            self._watch.failed(error)
            return None

    def all(self) -> tuple[Draft, ...]:
        """See `Drafts.all`."""
        try:
            stored = self._disk.all()
        except StorageError as error:
            self._watch.failed(error)
            stored = ()
        waiting = self._unsaved.values
        kept = [each for each in stored if (each.workflow, each.about) not in waiting]
        return (*kept, *(draft for draft in waiting.values() if draft is not None))


class ResilientSnoozes:
    """See `fdtui.sync.storage.snoozes.Snoozes`; raises nothing."""

    def __init__(self, disk: Snoozes, watch: DiskWatch) -> None:
        self._disk, self._watch = disk, watch
        self._unsaved = _Unsaved[tuple[str, str], float](
            lambda key, until: disk.put(key[0], key[1], until), watch
        )

    def put(self, workflow: str, key: str, until: float) -> None:
        """See `Snoozes.put`."""
        self._unsaved.put((workflow, key), until)

    def asleep(self, workflow: str, now: float) -> frozenset[str]:
        """See `Snoozes.asleep`."""
        try:
            stored = self._disk.asleep(workflow, now)
        except StorageError as error:
            self._watch.failed(error)
            stored = frozenset()
        waiting = {
            key: until for (whose, key), until in self._unsaved.values.items() if whose == workflow
        }
        return stored - waiting.keys() | {key for key, until in waiting.items() if until > now}


class ResilientViews:
    """See `fdtui.sync.storage.views.Views`; raises only where what is stored cannot be read."""

    def __init__(self, disk: Views, watch: DiskWatch) -> None:
        self._disk, self._watch = disk, watch
        self._unsaved = _Unsaved[str, SavedView](disk.put, watch)

    def get(self, workflow: str) -> SavedView | None:
        """See `Views.get`."""
        if workflow in self._unsaved.values:
            return self._unsaved.values[workflow]
        try:
            return self._disk.get(workflow)
        except DamagedError:
            raise
        except StorageError as error:
            self._watch.failed(error)
            return None

    def put(self, workflow: str, view: SavedView) -> None:
        """See `Views.put`."""
        self._unsaved.put(workflow, view)


class ResilientRecentFolders:
    """See `fdtui.sync.storage.recent_folders.RecentFolders`; raises nothing."""

    def __init__(self, disk: RecentFolders, watch: DiskWatch) -> None:
        self._disk, self._watch = disk, watch
        self._unsaved = _Unsaved[str, Path](disk.put, watch)

    def get(self, use: str) -> Path | None:
        """See `RecentFolders.get`."""
        if use in self._unsaved.values:
            return self._unsaved.values[use]
        try:
            return self._disk.get(use)
        except StorageError as error:
            self._watch.failed(error)
            return None

    def put(self, use: str, folder: Path) -> None:
        """See `RecentFolders.put`."""
        self._unsaved.put(use, folder)
