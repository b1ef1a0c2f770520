"""A letter of two cells stays whole in a dialog, wherever the edges of what lies below are."""

from collections.abc import Awaitable

import pyte
import pytest
from rich.console import Console

from fdtui.tui.confirm import confirm
from fdtui.tui.terminal.painter import Painter
from fdtui.tui.toolkit.picker import Item, Picker
from tests.flows.conftest import session_on
from tests.flows.driver import Driver, running
from tests.terminal.painted import dirty_update, whole_update
from tests.unit.sync.gateway import Board


async def ask(answer: Awaitable[object]) -> None:
    """Asks, whatever the answer may be."""
    await answer


WIDE = "検索が全角英数字にしない"


def rows(shift: int) -> list[dict[str, object]]:
    """Cards in every column, wide ones too."""
    stages = ("To do", "Doing", "Done")
    return [
        {"ID": f"{at}", "Name": f"{'x' * (shift % 2)}{WIDE}{WIDE}", "Stage": stages[at % 3],
         "Assigned To": None}
        for at in range(24)
    ]  # fmt: skip


class Seen:
    """A terminal that shows what our painter writes of the app."""

    def __init__(self, board: Driver, size: tuple[int, int]) -> None:
        self._board, self._painter = board, Painter()
        self._console = Console(color_system="truecolor", force_terminal=True)
        self._screen = pyte.Screen(*size)
        self._stream = pyte.Stream(self._screen)

    def whole(self) -> None:
        self._feed(whole_update(self._board.app.screen))

    def changed(self) -> None:
        """Only what is dirty, as while a program runs."""
        if (update := dirty_update(self._board.app.screen)) is not None:
            self._feed(update)

    def _feed(self, update: object) -> None:
        self._stream.feed(self._painter.sequence(update, self._console))  # type: ignore[arg-type]

    @property
    def text(self) -> str:
        return "\n".join(self._screen.display)


@pytest.mark.parametrize("size", [(80, 24), (101, 30)])
async def test_a_question_shows_its_wide_letters_at_every_offset(size: tuple[int, int]) -> None:
    async with running(session_on(Board(*rows(0))), size) as board:
        seen = Seen(board, size)
        seen.whole()
        for offset in range(44):
            heading = f"{'.' * offset}{WIDE}"
            board.host.run(ask(confirm(board.host, heading, yes="Yes")))
            await board.pilot.pause()
            assert heading in board.screen, board.screen
            seen.whole()
            assert heading in seen.text, seen.text
            board.close()
            await board.pilot.pause()
            seen.whole()


@pytest.mark.parametrize("shift", [0, 1])
async def test_a_list_shows_its_wide_letters_over_every_edge(shift: int) -> None:
    size = (90, 24)
    async with running(session_on(Board(*rows(shift))), size) as board:
        seen = Seen(board, size)
        seen.whole()
        before = seen.text
        items = [Item(f"{at}", f"{'.' * at}{WIDE}") for at in range(12)]
        host = board.host
        host.run(ask(host.ask(Picker("Pick", items, host.look.glyphs))))
        await board.pilot.pause()
        seen.whole()
        for at in range(12):
            assert f"{'.' * at}{WIDE}" in board.screen, board.screen
        for at in range(12):
            await board.press("down")
            seen.changed()
            assert f"{'.' * at}{WIDE}" in seen.text, seen.text
        board.close()
        await board.pilot.pause()
        seen.whole()
        assert seen.text == before
