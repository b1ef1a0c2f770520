"""Keeps what is being typed: one keeper for every text of the program, whoever shows it.

A text is on the disk half a second after a key at the latest, and at every orderly end of the
program; one that was emptied, sent or discarded is on the disk no more.
"""

from __future__ import annotations

from collections.abc import Callable

from fdtui.core.errors import StorageError
from fdtui.sync.storage.protocols import Draft, Drafts
from fdtui.sync.writing.history import is_draft_of

SAVED_WITHIN = 0.5
"""Seconds after a key when what was typed is in the drafts at the latest."""

Texts = tuple[tuple[str, str], ...]
"""See `Draft.texts`; empty for nothing worth keeping."""

Later = Callable[[float, Callable[[], None]], object]
"""Calls a function after a number of seconds."""


class DraftKeeper:
    """Knows every text that is open."""

    def __init__(self, drafts: Drafts, clock: Callable[[], float], later: Later) -> None:
        self.clock = clock
        """The wall clock in seconds."""
        self._drafts, self._later = drafts, later
        self._open: list[OpenText] = []

    def open(
        self,
        workflow: str,
        about: str,
        read: Callable[[], Texts | None],
        failed: Callable[[str], object] = lambda _: None,
    ) -> OpenText:
        """Begin to keep a text.

        ``read`` answers it as it is now, or ``None`` where what is stored is to stay; ``failed``
        is called with the reason if it could not be stored.
        """
        text = OpenText(workflow, about, read, failed, self)
        self._open.append(text)
        return text

    def save(self) -> None:
        """Store every open text: the program ends."""
        for text in self._open:
            text.save()

    def make(self, workflow: str, about: str, texts: Texts) -> Draft:
        """A draft as of now."""
        return Draft(workflow, about, texts, self.clock())

    def load(self, workflow: str, about: str) -> Draft | None:
        """What was stored under that name, if there is anything."""
        draft = self._drafts.load(workflow, about)
        return draft if draft is not None and draft.texts else None

    def waiting(self, workflow: str, about: str) -> str:
        """The name of the text about that which waits: one left, else one refused, else a new one."""
        names = [each.about for each in self._drafts.all() if each.workflow == workflow]
        found = sorted(name for name in names if is_draft_of(name, about))
        return found[0] if found else about

    def store(self, workflow: str, about: str, texts: Texts) -> None:
        """Store ``texts`` instead of what was stored; none at all removes the draft."""
        if texts:
            self._drafts.save(self.make(workflow, about, texts))
        else:
            self._drafts.drop(workflow, about)

    def later(self, run: Callable[[], None]) -> None:
        """Run it when a text has to be stored at the latest."""
        self._later(SAVED_WITHIN, run)

    def forget(self, text: OpenText) -> None:
        """It is open no more."""
        if text in self._open:
            self._open.remove(text)


class OpenText:
    """One text that is being typed."""

    def __init__(
        self,
        workflow: str,
        about: str,
        read: Callable[[], Texts | None],
        failed: Callable[[str], object],
        keeper: DraftKeeper,
    ) -> None:
        self.workflow, self.about = workflow, about
        self._read, self._failed, self._keeper = read, failed, keeper
        self._stored: Texts = ()
        self._is_due = False
        self._is_over = False

    def load(self) -> Draft | None:
        """Go on with what is stored, if anything is; until then it is not this text's to remove."""
        draft = self._keeper.load(self.workflow, self.about)
        self._stored = draft.texts if draft is not None else ()
        return draft

    def touch(self) -> None:
        """It has changed, and is stored soon."""
        if not self._is_due and not self._is_over:
            self._is_due = True
            self._keeper.later(self._now_due)

    def _now_due(self) -> None:
        self._is_due = False
        self.save()

    def save(self) -> None:
        """Store it now, if it differs from what is stored."""
        texts = None if self._is_over else self._read()
        if texts is not None:
            self._write(texts)

    def close(self) -> None:
        """Store it; nobody types into it now."""
        self.save()
        self._end()

    def drop(self) -> None:
        """Remove what is stored: it was sent, or thrown away."""
        self._write(())
        self._end()

    def _write(self, texts: Texts) -> None:
        if texts == self._stored:
            return
        try:
            self._keeper.store(self.workflow, self.about, texts)
        except StorageError as error:
            self._failed(f"The draft was not saved: {error}")
            return
        self._stored = texts

    def _end(self) -> None:
        self._is_over = True
        self._keeper.forget(self)
