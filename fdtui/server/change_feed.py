"""What changed in the tasks of one workflow since somebody last read them, as its key may see it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from fdtui.core.values import Value
from fdtui.server import feed_tokens
from fdtui.server.store import changes, links, tasks
from fdtui.server.store.changes import Note, Read
from fdtui.server.store.meta import get
from fdtui.server.task_service import TaskService


@dataclass(frozen=True)
class FeedAnswer:
    """An answer of the feed; the rows are as the list has them, in its order.

    ``deleted`` are unique ids that no task has now. With ``reset`` the list has to be read again,
    with ``workflow`` the stages, fields and people. ``next`` is the token to go on from; where there is
    ``more``, at once.
    """

    next: str
    tasks: list[dict[str, Value]] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    reset: bool = False
    workflow: bool = False
    more: bool = False

    @property
    def is_news(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.tasks or self.deleted or self.reset or self.workflow)

    def answer(self) -> dict[str, object]:
        """What goes over the wire."""
        return {
            "tasks": self.tasks,
            "deleted": self.deleted,
            "reset": self.reset,
            "workflow": self.workflow,
            "next": self.next,
        }


def followed(book: TaskService) -> frozenset[str]:
    """The workflows whose changes can change a row of this one, as its reader may know."""
    return frozenset({book.workflow.id, *(side.other for side in book.sides.values())})


def token(book: TaskService) -> str:
    """The token of what `TaskService.rows` would answer now."""
    return _sealed(book, {each: _revision(book, each) for each in followed(book)})


def since(book: TaskService, known: str) -> FeedAnswer:
    """What changed since the token ``known``."""
    revisions = feed_tokens.opened(_secret(book), known, sorted(followed(book)))
    if revisions is None:
        return FeedAnswer(token(book), reset=True, workflow=True)
    reads = {each: _read(book, each, revision) for each, revision in revisions.items()}
    if not all(read.whole for read in reads.values()):
        return FeedAnswer(token(book), reset=True, workflow=True)
    found = _Found(book)
    for workflow, read in reads.items():
        found.take(workflow, read.notes)
    after = _sealed(book, {each: read.last for each, read in reads.items()})
    if found.reset:
        return FeedAnswer(token(book), reset=True, workflow=found.workflow)
    more = any(each.last < _revision(book, name) for name, each in reads.items())
    return FeedAnswer(after, found.rows(), found.deleted(), workflow=found.workflow, more=more)


class _Found:
    """What notes come to in one workflow."""

    def __init__(self, book: TaskService) -> None:
        self._book = book
        self._ids: set[str] = set()
        self._gone: set[str] = set()
        self.reset = self.workflow = False

    def take(self, workflow: str, notes: Iterable[Note]) -> None:
        """Add the ``notes`` of ``workflow``."""
        is_own, shown = workflow == self._book.workflow.id, set()
        for note in notes:
            match note.what:
                case changes.ROW:
                    shown.add(note.task)
                    if is_own:
                        self._ids.add(note.task)
                case changes.PLACE if is_own:
                    self._ids.add(note.task)
                case changes.LINK:
                    self._ids.add(note.task)
                case changes.GONE if is_own:
                    self._lose(note.uid)
                case changes.SHAPE:
                    self.reset = self.workflow = True
                case changes.PEOPLE if is_own:
                    self.workflow = True
        self._ids.update(self._showing(workflow, shown))

    def rows(self) -> list[dict[str, Value]]:
        """The tasks that read otherwise, as they do now."""
        return self._book.some_rows(self._ids) if self._ids else []

    def deleted(self) -> list[str]:
        """The unique ids that are no more."""
        there = tasks.ids_of(self._book.tx, self._book.workflow.id, self._gone) if self._gone else {}
        return sorted(self._gone - there.keys())

    def _lose(self, uid: str | None) -> None:
        if uid is None:
            self.reset = True  # it has no name by which it could be told
        else:
            self._gone.add(uid)

    def _showing(self, workflow: str, shown: Collection[str]) -> set[str]:
        """The tasks here that show one of the tasks ``shown`` of ``workflow``."""
        ways = {side.link for side in self._book.sides.values() if side.other == workflow}
        if not ways:
            return set()
        return {
            other for task in shown for link, other in links.of_task(self._book.tx, task) if link in ways
        }


def _read(book: TaskService, workflow: str, known: int) -> Read:
    """What was noted of ``workflow``, without what is about links to what the reader may not know of.

    For such a reader, the revisions that are about nothing else do not count either.
    """
    at = known
    while True:
        read = changes.since(book.tx, workflow, at)
        seen = tuple(each for each in read.notes if not each.via or book.actor.sees(each.via))
        if not read.whole or book.actor.workflows is None:
            return read
        if seen:
            return Read(seen, seen[-1].revision)
        if read.last == at:
            return Read((), known)
        at = read.last


def _revision(book: TaskService, workflow: str) -> int:
    seen = book.actor.workflows
    if seen is None:
        return changes.revision(book.tx, workflow)
    return changes.seen_revision(book.tx, workflow, seen)


def _sealed(book: TaskService, revisions: dict[str, int]) -> str:
    return feed_tokens.sealed(_secret(book), revisions)


def _secret(book: TaskService) -> str:
    """The name of the database, which is nowhere shown, and which a restored one has not."""
    return get(book.tx, "store")
