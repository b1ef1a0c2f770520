"""What is typed into a conflict is kept as the field's draft, and offered wherever that is edited."""

from __future__ import annotations

from fdtui.core.conflict import ConflictField
from fdtui.core.entry import BASE_PREFIX, TYPED
from fdtui.core.strictjson import dumps
from fdtui.sync.writing.draft_keeper import DraftKeeper, OpenText, Texts


class ConflictDrafts:
    """The texts of one conflict, a draft for each field that is edited."""

    def __init__(self, keeper: DraftKeeper, workflow: str, key: str, fields: frozenset[str]) -> None:
        """``fields`` are those that a form of the task can edit, too: no other draft could be found."""
        self._keeper, self._workflow, self._key, self._fields = keeper, workflow, key, fields
        self._open: dict[str, OpenText] = {}
        self._typed: dict[str, str] = {}
        self._first: dict[str, str] = {}

    def begin(self, field: ConflictField, text: str) -> str:
        """The text to go on with: the one that was left, else ``text``."""
        name = field.name
        if name not in self._fields:
            return text
        if name not in self._open:
            self._first[name] = self._typed[name] = text
            about = f"{self._key}\0{name}"
            kept = self._keeper.open(self._workflow, about, lambda: self._texts(field))
            draft = kept.load()
            left = dict(draft.texts).get(name, "") if draft is not None else ""
            if left[:1] == TYPED:
                self._typed[name] = left[1:]
            self._open[name] = kept
        return self._typed[name]

    def type(self, name: str, text: str) -> None:
        """It reads so now."""
        if name in self._open and self._typed[name] != text:
            self._typed[name] = text
            self._open[name].touch()

    def close(self) -> None:
        """The conflict waits: what was typed is kept."""
        for kept in self._open.values():
            kept.close()

    def drop(self) -> None:
        """The user has chosen."""
        for kept in self._open.values():
            kept.drop()

    def _texts(self, field: ConflictField) -> Texts:
        text = self._typed[field.name]
        if text == self._first[field.name]:
            return ()
        return ((field.name, TYPED + text), (BASE_PREFIX + field.name, dumps(field.theirs)))
