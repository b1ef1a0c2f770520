"""What a user did: the words by which it is known again, on the screen and on the server."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import StrEnum

from tests.chaos.office import Entry
from tests.chaos.screen import Screen


class Deed(StrEnum):
    """A kind of act; the value begins the sentence that the program has for it."""

    MOVE = "move"
    ASSIGN = "assign"
    EDIT = "change"
    COMMENT = "comment"
    ITEM = "add"
    CREATE = "create"
    DELETE = "delete"


FIELDS = {Deed.MOVE: "Stage", Deed.ASSIGN: "Assigned To", Deed.EDIT: "Name"}
"""The field that a kind of act changes."""


@dataclass(eq=False)
class Act:
    """One thing that a user did with keys."""

    deed: Deed
    uid: str
    value: str | None = None
    """What the field becomes, the text of a comment, or the name of a new task."""
    seen: str | None = None
    """What the field was on the screen when the keys were pressed."""
    since: int = 0
    """The last line of the server's log before it."""
    begun: float = field(default_factory=time.monotonic)
    taken: float | None = None
    """When the board showed it as taken."""
    telling: bytearray = field(default_factory=bytearray)
    """What the program wrote between the keys and the taking: there, another's change may be shown."""
    note: str = ""

    @property
    def field(self) -> str:
        """The field that it changes, if it is one."""
        return FIELDS.get(self.deed, "")

    def is_shown(self, screen: Screen) -> bool:
        """Whether the screen shows it as taken."""
        if self.deed in {Deed.COMMENT, Deed.ITEM}:
            return any(str(self.value) in line.partition("│")[2] for line in screen.lines) and not any(
                "╭" in line for line in screen.lines
            )
        if not screen.is_bare:
            return False
        if self.deed is Deed.CREATE:
            card = screen.titled(str(self.value))
            return card is not None and card.mark != "saving"
        card = screen.card(self.uid)
        if self.deed is Deed.DELETE:
            return card is None
        if card is None or card.mark == "saving":
            return False
        now = {Deed.MOVE: card.stage, Deed.ASSIGN: card.who, Deed.EDIT: card.title}
        return now[self.deed] == self.value

    def is_in(self, entry: Entry) -> bool:
        """Whether this line of the server's log is this act, done by the program."""
        if not entry.is_ours:
            return False
        if self.deed is Deed.CREATE:
            # Under the id that was typed it may have another name: that of an edit while it waited.
            is_it = entry.uid == self.uid if self.uid else entry.after.get("Name") == self.value
            return entry.what == "task.created" and is_it
        if entry.uid != self.uid:
            return False
        if self.deed is Deed.DELETE:
            return entry.what == "task.deleted"
        if self.deed is Deed.COMMENT:
            return entry.what == "comment.created" and entry.after.get("body") == self.value
        if self.deed is Deed.ITEM:
            return entry.what == "checklist.created" and entry.after.get("title") == self.value
        return (
            entry.what == "task.updated"
            and self.field in entry.after
            and entry.after[self.field] == self.value
        )

    def __str__(self) -> str:
        state = "taken" if self.taken else "not shown"
        return f"{self.deed} {self.uid or '(new)'}: {self.seen} → {self.value} ({state}) {self.note}"
