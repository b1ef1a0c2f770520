"""Somebody at the board, who looks before each key and remembers what was shown."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Mapping
from random import Random

from tests.chaos.acts import Act, Deed
from tests.chaos.office import ME, STAGES
from tests.chaos.screen import Card, Screen, read_screen
from tests.terminal import Program

COLUMNS, ROWS = 160, 64
ENDS = ("SIGKILL", "SIGHUP", "SIGTERM", "closed", "q")


class Window(Program):
    """A terminal that can be closed under the program."""

    is_closed = False

    def close_terminal(self) -> None:
        """Close the window: the program loses its terminal."""
        os.close(self._slave)
        os.close(self._fd)
        self.is_closed = True

    def read(self, seconds: float) -> bool:
        """See `Program.read`; a closed window shows nothing."""
        if self.is_closed:
            time.sleep(seconds)
            return False
        return super().read(seconds)

    def __exit__(self, *_: object) -> None:
        if self.code is None:
            self.signal(signal.SIGKILL)
            self.wait_end()
        if not self.is_closed:
            self.close_terminal()


class User:
    """Works at one start of the program, from its first picture to its end."""

    def __init__(
        self,
        environ: Mapping[str, str],
        chance: Random,
        position: Callable[[], int],
        tell: Callable[[str], None],
    ) -> None:
        self._chance, self._position, self._tell = chance, position, tell
        self.window = Window([], columns=COLUMNS, rows=ROWS, environ=environ, preforked=True)
        self.acts: list[Act] = []
        self.screen = Screen(tuple(self.window.vt.lines))
        self.is_hasty = False
        """Whether something was done whose picture was not awaited, or keys had no answer: nothing
        more is, then. What is typed on the last frame is done in order once there is a board, where
        the cursor is not where that frame shows it."""

    # ---- looking ----

    def look(self, seconds: float = 0.0) -> Screen:
        """Take what the program writes for a while, and note what it shows as taken."""
        deadline = time.monotonic() + seconds
        while True:
            before = len(self.window.output)
            if self.window.read(max(0.0, min(0.05, deadline - time.monotonic()))):
                self._heed(before)
            elif time.monotonic() >= deadline:
                return self.screen

    def _heed(self, before: int) -> None:
        fresh = self.window.output[before:]
        self.screen = read_screen(self.window.vt.lines)
        for act in self.acts:
            if act.taken is None:
                act.telling += fresh
                if act.is_shown(self.screen):
                    act.taken = time.monotonic()

    def wait(self, holds: Callable[[Screen], object], seconds: float = 2.0) -> bool:
        """Look until something holds; whether it came to."""
        deadline = time.monotonic() + seconds
        self.look()
        while not holds(self.screen):
            if time.monotonic() > deadline or self.has_ended:
                return False
            self.look(0.02)
        return True

    @property
    def has_ended(self) -> bool:
        """Whether the program is gone."""
        if self.window.code is None:
            pid, status = os.waitpid(self.window.pid, os.WNOHANG)
            if pid:
                self.window.code = os.waitstatus_to_exitcode(status)
        return self.window.code is not None

    def press(self, *keys: str) -> None:
        """Type; a program that is gone hears nothing."""
        at, state = self.screen.current, self.screen.lines[0].partition("  ")[2].split()
        self._tell(f"keys {' '.join(keys)}, on {at.uid if at else 'no card'} ({' '.join(state[1:4])})")
        with contextlib.suppress(OSError, AssertionError):
            self.window.press(*keys)

    # ---- getting there ----

    def is_on_board(self) -> bool:
        """Close whatever lies over the board."""
        for _ in range(4):
            if self.wait(lambda screen: screen.is_bare, 0.3):
                return True
            self.press("escape")
        return self.wait(lambda screen: screen.is_bare, 0.5)

    def goes_to(self, uid: str) -> Card | None:
        """Put the cursor on a card; the card, if that could be done."""
        card = self.screen.card(uid)
        if card is None:
            return None
        column = STAGES.index(card.stage)
        away = column - self.screen.column
        if away:
            self.press(*("l" if away > 0 else "h") * abs(away))
            if not self.wait(lambda screen: screen.is_bare and screen.column == column, 0.5):
                return self._unanswered()
        card = self.screen.card(uid)
        if card is None:
            return None
        self.press("g", "g", *("j" * card.at))
        there = self.wait(lambda screen: screen.current and screen.current.uid == uid, 0.5)
        return self.screen.card(uid) if there else self._unanswered()

    def _unanswered(self) -> None:
        """Keys that moved nothing may still be done: nobody goes on from what is on the screen."""
        self.is_hasty = self.is_hasty or not self.screen.is_live

    def _begin(self, deed: Deed, uid: str, value: str | None, seen: str | None, note: str = "") -> Act:
        act = Act(deed, uid, value, seen, self._position(), note=note)
        self.acts.append(act)
        return act

    def _is_taken(self, act: Act, seconds: float = 1.5) -> bool:
        """Wait for the picture to show it, most of the time."""
        if self._chance.random() < 0.15:
            seconds = self._chance.random() * 0.05
        taken = self.wait(lambda _: act.taken is not None, seconds)
        self.is_hasty = self.is_hasty or not taken
        self._tell(f"act {act}")
        return taken

    def _opens(self, key: str, holds: Callable[[Screen], object]) -> bool:
        """Press a key that opens something, and look at that before anything else is typed."""
        self.press(key)
        has_opened = self.wait(holds, 1.0)
        self.is_hasty = self.is_hasty or not has_opened
        return has_opened

    # ---- what a user does ----

    def move(self, uid: str) -> None:
        """Move a card to the next or the previous stage."""
        card = self.goes_to(uid)
        if card is None:
            return
        at = STAGES.index(card.stage)
        step = self._chance.choice([1, -1]) if 0 < at < len(STAGES) - 1 else (1 if at == 0 else -1)
        act = self._begin(Deed.MOVE, uid, STAGES[at + step], card.stage)
        self.press("L" if step > 0 else "H")
        if self._is_taken(act) and self._chance.random() < 0.25:
            self._undo(act)

    def _undo(self, done: Act) -> None:
        act = self._begin(done.deed, done.uid, done.seen, done.value, "undo")
        self.press("u")
        if not self._is_taken(act):  # the act was refused meanwhile: then an earlier one is taken back
            for each in [each for each in self.acts if each.field and each is not act]:
                self._begin(each.deed, each.uid, each.seen, each.value, "undo")

    def assign(self, uid: str) -> None:
        """Take a card, or give it back."""
        card = self.goes_to(uid)
        if card is None:
            return
        act = self._begin(Deed.ASSIGN, uid, None if card.who == ME else ME, card.who)
        self.press("I")
        self._is_taken(act)

    def edit(self, uid: str, name: str) -> None:
        """Give a task another name, in the form."""
        card = self.goes_to(uid)
        if card is None:
            return
        if not self._opens("e", _named_in_form):
            self.is_on_board()
            return
        before = _named_in_form(self.screen)
        if before != card.title:  # the cursor went with another card, which came back
            self.is_on_board()
            return
        self.press("ctrl+u", *name)
        self.wait(lambda screen: any(name in line for line in screen.lines), 1.0)
        act = self._begin(Deed.EDIT, uid, name, before)
        self.press("ctrl+o")
        self._is_taken(act)
        self.is_on_board()

    def create(self, name: str, uid: str) -> None:
        """Make a task; ``uid`` is what is typed as its unique id, if the server gives none."""
        if not self._opens("n", lambda screen: any("New task" in line for line in screen.lines)):
            return
        if self.wait(_offers_draft, 0.1):  # it takes the letters that are meant for the form
            self.press("escape")
            self.wait(lambda screen: not _offers_draft(screen), 1.0)
        if uid:
            self.press(*uid, "tab")
        self.press("ctrl+u", *name)
        if not self.wait(lambda screen: any(name in line for line in screen.lines), 1.0):
            self.is_on_board()
            return
        act = self._begin(Deed.CREATE, uid, name, None)
        self.press("ctrl+o")
        self._is_taken(act)
        self.is_on_board()

    def comment(self, uid: str, text: str) -> None:
        """Say something about a task."""
        card = self.goes_to(uid)
        if card is None:
            return
        if self._opens("c", lambda screen: any("Comments" in line for line in screen.lines)):
            heading = f"Comment on {card.title}"
            if self._opens("c", lambda screen: any(heading in line for line in screen.lines)):
                self.press("ctrl+u", *text)  # a comment that was refused is there as a draft
                self.wait(lambda screen: any(text in line for line in screen.lines), 1.0)
                act = self._begin(Deed.COMMENT, uid, text, None)
                self.press("enter")
                self._is_taken(act)
        self.is_on_board()

    def add_item(self, uid: str, text: str) -> None:
        """Put something on a task's checklist."""
        card = self.goes_to(uid)
        if card is None:
            return
        if self._opens(
            "C", lambda screen: any("Checklist" in line for line in screen.lines)
        ) and self._opens("n", lambda screen: any("╭" in line for line in screen.lines)):
            self.press("ctrl+u", *text)
            self.wait(lambda screen: any(text in line for line in screen.lines), 1.0)
            act = self._begin(Deed.ITEM, uid, text, None)
            self.press("enter")
            self._is_taken(act)
        self.is_on_board()

    def delete(self, uid: str) -> None:
        """Delete a task, and say that it is meant."""
        card = self.goes_to(uid)
        if card is None:
            return
        question = f"Delete {card.title} for everyone"
        if not self._opens("d", lambda screen: any(question in line for line in screen.lines)):
            self.is_on_board()
            return
        time.sleep(0.4)  # as long as it takes to read the question: what is typed ahead is not heard
        act = self._begin(Deed.DELETE, uid, None, None)
        self.press("y")
        self._is_taken(act)
        self.is_on_board()

    def move_many(self, uid: str) -> None:
        """Move the card and what is below it, as one change."""
        card = self.goes_to(uid)
        if card is None or card.stage == STAGES[-1]:
            return
        column = [each for each in self.screen.cards if each.stage == card.stage][card.at :][:3]
        if len(column) < 2 or any(not each.uid or each.mark for each in column):
            return
        if not self._selects_nothing():
            return
        self.press(*["space"] * len(column))
        if self.wait(lambda screen: f"{len(column)} selected" in screen.lines[0], 1.0):
            self.press("L")
            if self.wait(lambda screen: any("→" in line for line in screen.lines[3:]), 1.0):
                self.look(0.4)
                target = STAGES[STAGES.index(card.stage) + 1]
                acts = [self._begin(Deed.MOVE, each.uid, target, each.stage, "bulk") for each in column]
                self.press("enter")
                for act in acts:
                    self._is_taken(act)
        self.is_on_board()
        self._selects_nothing()

    def _selects_nothing(self) -> bool:
        """Let go of what an earlier attempt has selected; whether nothing is."""
        if "selected" in self.screen.lines[0]:
            self.press("escape")
        return self.wait(lambda screen: "selected" not in screen.lines[0], 1.0)

    # ---- the end ----

    def end(self, how: str) -> None:
        """End the program in one of the `ENDS`; what it wrote before is still read."""
        if how == "closed":
            self.look()
            self.window.close_terminal()
        elif how == "q":
            self.is_on_board()
            self.press("escape", "q")
            if not self._ends(0.6):
                self.press("q")
        else:
            self.window.signal(getattr(signal, how))
        if how != "SIGKILL" and not self._ends(5):
            self._tell(f"did not end by {how}; the screen:\n{self.screen}")
            self.window.signal(signal.SIGKILL)
        self._ends(10)
        if not self.window.is_closed:
            self.look()
        self.window.__exit__()

    def _ends(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not self.has_ended:
            if self.window.is_closed:
                time.sleep(0.01)
            else:
                self.look(0.01)
            if time.monotonic() > deadline:
                return False
        return True


def _named_in_form(screen: Screen) -> str:
    """The name that the open form shows in the field under the cursor; no task is without one."""
    line = next((each for each in screen.lines if "▌ Name" in each), "")
    return line.partition("▌ Name")[2].rpartition("│")[0].strip()


def _offers_draft(screen: Screen) -> bool:
    """Whether the form asks what is to become of an earlier draft."""
    return any("A draft from" in line for line in screen.lines)
