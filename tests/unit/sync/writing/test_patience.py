"""A server that fails for long: what it would do only once waits, and is in nobody's way."""

from fdtui.core.errors import UnavailableError
from fdtui.core.intents import AddComment, MoveTask
from tests.unit.sync.gateway import Board
from tests.unit.sync.session_driver import row, running, settled, until

DAY = 24 * 3600.0


def failing(board: Board, call: str, times: int) -> None:
    board.fail(call, *[UnavailableError("Bad gateway (502).", status=502, sent=True)] * times)


async def test_a_named_request_is_sent_until_the_server_takes_it() -> None:
    board = Board(row("1"))
    board.keeps_keys_for = DAY
    failing(board, "add_comment", 12)
    async with running(board) as desk:
        await desk.session.idle()
        desk.session.perform(AddComment("1", "said"))
        await settled(desk)
        assert (len(board.said), dict(desk.state.refused), desk.state.pending) == (13, {}, ())
        told = [each.text for each in desk.notices]
        assert len(told) == 1, told
        assert "failed 5 times, and is tried again later" in told[0]


async def test_what_waits_for_a_failing_server_blocks_no_other_task() -> None:
    board = Board(*(row(str(number)) for number in range(1, 7)))
    board.keeps_keys_for = DAY
    failing(board, "add_comment", 1000)
    async with running(board) as desk:
        await desk.session.idle()
        for number in range(1, 6):
            desk.session.perform(AddComment(str(number), "said"))
        for _ in range(5):
            await until(lambda: desk.clock.naps)
            desk.clock.tick()
        desk.session.perform(MoveTask("6", "Done"))

        def is_moved() -> bool:
            desk.clock.tick()
            return board.rows["6"]["Stage"] == "Done"

        await until(is_moved)
        assert {each.key for each in desk.state.pending} == {"1", "2", "3", "4", "5"}
        board.heal()
        await settled(desk)
        assert (dict(desk.state.refused), desk.state.pending) == ({}, ())
