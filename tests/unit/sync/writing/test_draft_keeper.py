from collections.abc import Callable

from fdtui.core.errors import StorageError
from fdtui.sync.storage.protocols import Draft, MemoryDrafts
from fdtui.sync.writing.draft_keeper import SAVED_WITHIN, DraftKeeper, Texts
from fdtui.sync.writing.history import comment_draft, refused_draft


class SessionDriver:
    """A keeper over drafts, and timers that go off when the test says so."""

    def __init__(self, drafts: MemoryDrafts | None = None) -> None:
        self.drafts = drafts or MemoryDrafts()
        self.timers: list[Callable[[], None]] = []
        self.typed: Texts | None = ()
        self.told: list[str] = []
        self.keeper = DraftKeeper(self.drafts, lambda: 7.0, self._later)
        self.text = self.keeper.open("w", "1", lambda: self.typed, self.told.append)

    def _later(self, seconds: float, run: Callable[[], None]) -> None:
        assert seconds == SAVED_WITHIN <= 0.5
        self.timers.append(run)

    def type(self, text: str) -> None:
        self.typed = (("body", text),) if text else ()
        self.text.touch()

    def ring(self) -> None:
        timers, self.timers = self.timers, []
        for run in timers:
            run()

    @property
    def stored(self) -> list[str]:
        return [text for draft in self.drafts.all() for _, text in draft.texts]


def test_many_keys_are_one_timer_and_what_was_deleted_is_gone() -> None:
    desk = SessionDriver()
    for text in ("s", "se", "secret"):
        desk.type(text)
    assert len(desk.timers) == 1
    desk.ring()
    assert desk.stored == ["secret"]
    desk.type("")
    desk.ring()
    assert desk.stored == []


def test_an_orderly_end_saves_every_open_text() -> None:
    desk = SessionDriver()
    desk.keeper.open("w", "2", lambda: (("body", "other"),))
    desk.type("whole")
    desk.keeper.save()
    assert sorted(desk.stored) == ["other", "whole"]


def test_what_is_stored_stays_until_it_is_gone_on_with() -> None:
    drafts = MemoryDrafts()
    drafts.save(Draft("w", "1", (("body", "before"),), 1.0))
    desk = SessionDriver(drafts)
    desk.text.touch()
    desk.ring()
    assert desk.stored == ["before"]
    assert desk.text.load() == Draft("w", "1", (("body", "before"),), 1.0)
    desk.typed = None
    desk.text.close()
    assert desk.stored == ["before"]


def test_what_was_sent_is_not_stored_by_a_late_timer() -> None:
    desk = SessionDriver()
    desk.type("sent")
    desk.ring()
    desk.type("sent now")
    desk.text.drop()
    desk.ring()
    desk.keeper.save()
    assert desk.stored == []


def test_a_disk_that_takes_nothing_is_told_and_tried_again() -> None:
    class Full(MemoryDrafts):
        is_full = True

        def save(self, draft: Draft) -> None:
            if self.is_full:
                raise StorageError("The disk is full.")
            super().save(draft)

    drafts = Full()
    desk = SessionDriver(drafts)
    desk.type("kept")
    desk.ring()
    assert "disk is full" in desk.told[0]
    drafts.is_full = False
    desk.text.close()
    assert desk.stored == ["kept"]


def test_a_refused_text_does_not_take_the_place_of_the_one_being_typed() -> None:
    desk = SessionDriver()
    about = comment_draft("1")
    assert desk.keeper.waiting("w", about) == about
    refused = refused_draft(about, 3.0)
    desk.drafts.save(Draft("w", refused, (("body", "refused"),), 3.0))
    desk.drafts.save(Draft("w", comment_draft("10"), (("body", "another task"),), 3.0))
    assert desk.keeper.waiting("w", about) == refused
    desk.drafts.save(Draft("w", about, (("body", "typed"),), 4.0))
    assert desk.keeper.waiting("w", about) == about
    assert sorted(desk.stored) == ["another task", "refused", "typed"]
