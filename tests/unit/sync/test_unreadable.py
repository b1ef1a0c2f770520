"""Answers about a workflow that cannot be read: what a board can do without keeps none from opening."""

import pytest

from fdtui.core.errors import (
    ApiError,
    InvalidError,
    NotAuthenticatedError,
    NotFlowdashError,
    TooLargeError,
)
from fdtui.core.state import ConnectionState, State
from fdtui.tui.board.status_line import StatusKeys, standing_words
from tests.unit.sync.gateway import Board
from tests.unit.sync.session_driver import row, running

UNREADABLE = NotFlowdashError("Not a Flowdash answer: none of the roles can be read.")


def said(state: State) -> str:
    """What stands above the footer."""
    return standing_words(state, StatusKeys())[0]


@pytest.mark.parametrize(
    "error", [UNREADABLE, TooLargeError("Too large."), InvalidError(), ApiError("No.", status=421)]
)
@pytest.mark.parametrize(("call", "part"), [("roles", "roles"), ("users", "people")])
async def test_a_board_opens_without_its_roles_or_people(error: ApiError, call: str, part: str) -> None:
    board = Board(row("1", who="grace@example.com"))
    board.fail(call, error, error)
    async with running(board) as desk:
        await desk.session.idle()
        schema = desk.state.schema
        assert (desk.state.connection, list(desk.state.shown)) == (ConnectionState.LIVE, ["1"])
        assert schema.unreadable == (part,)
        people = [person.email for person in schema.people]
        assert people == (["ada@example.com"] if part == "roles" else ["grace@example.com"])
        assert f"The server's answer about {part} could not be read." in said(desk.state)
        desk.session.refresh()
        await desk.session.idle()
        assert desk.state.schema.unreadable == ()
        assert [person.email for person in desk.state.schema.people] == ["ada@example.com"]
        assert said(desk.state) == ""


async def test_both_are_told_in_one_sentence() -> None:
    board = Board(row("1"))
    for call in ("users", "roles"):
        board.fail(call, UNREADABLE, UNREADABLE)
    async with running(board) as desk:
        await desk.session.idle()
        assert "about people and roles could not" in said(desk.state)


@pytest.mark.parametrize("call", ["users", "roles"])
async def test_one_bad_answer_is_a_slip(call: str) -> None:
    board = Board(row("1"))
    board.fail(call, UNREADABLE)
    async with running(board) as desk:
        await desk.session.idle()
        assert desk.state.schema.unreadable == ()
        assert board.calls.count(call) == 2


@pytest.mark.parametrize("call", ["stages", "fields"])
async def test_a_board_does_not_open_without_its_stages_or_fields(call: str) -> None:
    board = Board(row("1"))
    board.fail(call, UNREADABLE)
    async with running(board) as desk:
        await desk.session.idle()
        assert desk.state.connection is ConnectionState.OFFLINE


async def test_a_key_that_the_roles_refuse_is_refused() -> None:
    board = Board(row("1"))
    board.fail("roles", NotAuthenticatedError("The key was refused.", status=401))
    async with running(board) as desk:
        await desk.session.idle()
        assert desk.state.connection is ConnectionState.DENIED
