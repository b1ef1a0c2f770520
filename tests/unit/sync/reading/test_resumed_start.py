"""A start that goes on from the cache and its token: live with one question, the rest behind it."""

from typing import Any

import pytest

from fdtui.core.answers import ChangedRows
from fdtui.core.errors import NotAllowedError, NotAuthenticatedError
from fdtui.core.schema import WorkflowRef
from fdtui.core.state import ConnectionState
from fdtui.sync.reading import poller
from fdtui.sync.session import Session
from tests.unit.sync.gateway import Board
from tests.unit.sync.reading.test_cached_start import at_once, made, path, running, seen
from tests.unit.sync.session_driver import row, until

__all__ = ["at_once", "made", "path"]

OPENING = {"workspace", "workflows", "stages", "fields", "users", "roles", "tasks"}


@pytest.fixture(autouse=True)
def is_checked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poller, "CHECK_PAUSE", 0.0)


def is_live(session: Session) -> bool:
    return session.state.connection is ConnectionState.LIVE


async def once_live(session: Session, board: Board) -> list[str]:
    """What was asked before the board was live."""
    asked: list[list[str]] = []

    def look(state: Any) -> None:
        if state.connection is ConnectionState.LIVE and not asked:
            asked.append(list(board.calls))

    session.on_change = look
    await until(lambda: bool(asked))
    return asked[0]


def fed(*rows: dict[str, Any]) -> Board:
    board = Board(*rows)
    board.feed = "token-1"
    return board


async def test_one_question_makes_a_recalled_board_live_and_the_rest_is_asked_behind_it(
    made: Any,
) -> None:
    board = fed(row("1"))
    await seen(made(board))
    board.calls.clear()
    session = made(board)
    board.hold("workflows")
    async with running(session):
        assert await once_live(session, board) == ["changes"]
        assert session.state.as_of is None
        await until(lambda: "workflows" in board.calls)
        board._holding.clear()
        board.release("workflows")
        await until(lambda: board.calls.count("changes") > 1)
        assert set(board.calls) == {"changes", "workspace", "workflows"}
        assert is_live(session)


class Reshaped(Board):
    async def changes(self, workflow: str, since: str, *, wait: float) -> ChangedRows:
        await self._turn("changes")
        return ChangedRows((), (), since, is_reset=since == "token-1", is_reshaped=since == "token-1")


async def test_a_shape_that_has_changed_meanwhile_is_asked_for(made: Any) -> None:
    await seen(made(fed(row("1"))))
    board = Reshaped(row("1"))
    board.feed = "token-2"
    session = made(board)
    async with running(session):
        assert set(await once_live(session, board)) >= OPENING


class Renamed(Board):
    async def workflows(self) -> Any:
        await super().workflows()
        return (WorkflowRef("w", "Renamed"), WorkflowRef("v", "Other"))


async def test_a_workflow_that_is_called_otherwise_by_now_is_opened_anew(made: Any) -> None:
    await seen(made(fed(row("1"))))
    board = Renamed(row("1"))
    board.feed = "token-1"
    session = made(board)
    async with running(session):
        await until(lambda: session.state.workflow == WorkflowRef("w", "Renamed") and is_live(session))
        assert list(session.state.shown) == ["1"]
        assert board.calls.count("tasks") == 1


async def test_the_name_that_was_wanted_may_be_another_workflow_s_by_now(made: Any) -> None:
    await seen(made(fed(row("1")), workflow="Work"))

    class Swapped(Board):
        async def workflows(self) -> Any:
            await super().workflows()
            return (WorkflowRef("w", "Old work"), WorkflowRef("v", "Work"))

    board = Swapped(row("9"))
    board.feed = "token-1"
    session = made(board, workflow="Work")
    assert list(session.state.shown) == ["1"]
    async with running(session):
        await until(lambda: session.state.workflow == WorkflowRef("v", "Work") and is_live(session))
        assert list(session.state.shown) == ["9"]


async def test_another_workflow_opened_meanwhile_is_the_one_that_stays(made: Any) -> None:
    board = fed(row("1"))
    await seen(made(board))
    board.hold("workflows")
    session = made(board)
    async with running(session):
        await until(lambda: bool(board._held.get("workflows")))
        session.open_workflow("v")
        board._holding.clear()
        board.release("workflows")
        await session.idle()
        assert session.state.workflow == WorkflowRef("v", "Other")
        assert is_live(session)


@pytest.mark.parametrize("refused", [NotAllowedError("Not yours.", status=403), None])
async def test_what_the_key_may_no_longer_see_is_taken_away(made: Any, refused: Any) -> None:
    await seen(made(fed(row("1"))))
    board = fed(row("1"))
    error = refused or NotAuthenticatedError("The key is not accepted.", status=401)
    for call in ("changes", "tasks"):
        board.fail(call, error, error)
    session = made(board)
    async with running(session):
        await until(lambda: session.state.connection is not ConnectionState.CONNECTING)
        await until(lambda: not session.state.loaded)
