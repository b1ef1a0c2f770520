"""Which tasks the user has picked out, by key, in the order of picking. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from fdtui.core.task import Task


class Selection:
    """Tasks of one workflow; a refresh leaves it alone but for tasks that are gone."""

    def __init__(self) -> None:
        self._keys: dict[str, None] = {}

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def toggle(self, key: str) -> None:
        """Pick a task out, or let it go."""
        if key in self._keys:
            del self._keys[key]
        else:
            self._keys[key] = None

    def toggle_all(self, keys: Iterable[str]) -> None:
        """Pick all of them out; where they all are, let them go."""
        wanted = list(keys)
        if all(key in self._keys for key in wanted):
            for key in wanted:
                del self._keys[key]
        else:
            self._keys.update(dict.fromkeys(wanted))

    def clear(self) -> bool:
        """Let all go; false where there was none."""
        had = bool(self._keys)
        self._keys.clear()
        return had

    def drop(self, gone: Iterable[str]) -> None:
        """Let go of tasks that are gone."""
        for key in gone:
            self._keys.pop(key, None)

    def tasks(self, shown: Mapping[str, Task]) -> list[Task]:
        """The tasks that are picked out."""
        return [task for key in self._keys if (task := shown.get(key)) is not None]
