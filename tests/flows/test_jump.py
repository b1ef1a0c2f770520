"""Jump mode: a letter on each card, column and tab; a letter typed goes there."""

import re

from fdtui.core.intents import MoveTask
from fdtui.tui.presentation.details import Tab
from tests.flows.driver import Driver


def label_of(board: Driver, words: str) -> str:
    """The letters that stand before these words."""
    found = re.search(rf"([a-z]{{1,2}}) ?{re.escape(words)}", board.screen)
    assert found, board.screen
    return found[1]


async def test_a_letter_goes_to_its_card_and_the_way_back_is_known(demo: Driver) -> None:
    await demo.go_to("43")
    await demo.give("cursor.jump")
    assert demo.is_modal and not demo.is_covered
    await demo.press(*label_of(demo, "Wayne Enterprises"))
    assert demo.current == "57" and not demo.is_modal
    assert " Wayne Enterprises" in demo.screen
    await demo.give("cursor.back")
    assert demo.current == "43"


async def test_a_column_and_a_tab_have_a_letter_too(demo: Driver) -> None:
    await demo.go_to("43")
    await demo.give("task.open", "cursor.jump")
    await demo.press(*label_of(demo, "Links"))
    assert demo.place == "detail" and demo.pane.tab is Tab.LINKS
    await demo.give("cursor.jump")
    await demo.press(*label_of(demo, "In Progress"))
    assert demo.column == "In Progress" and demo.place == "board"


async def test_it_ends_with_its_key_with_another_and_when_cards_move(demo: Driver) -> None:
    await demo.go_to("43")
    before = demo.screen
    for key in ("escape", "9"):
        await demo.give("cursor.jump")
        assert demo.screen != before
        await demo.press(key)
        assert demo.screen == before and demo.current == "43"
    await demo.give("cursor.jump")
    await demo.pilot.resize_terminal(100, 30)
    assert not demo.is_modal
    await demo.give("cursor.jump")
    demo.session.perform(MoveTask("57", "Done"))
    await demo.settle()
    assert not demo.is_modal
