"""The filter is a language: it completes, says what is wrong, remembers, and explains an empty board."""

import pytest

from fdtui.core.schema import Field, Person, Schema, Stage
from fdtui.sync.session import Session
from tests.flows.conftest import session_on
from tests.flows.driver import Driver, running
from tests.unit.sync.gateway import Board

SCHEMA = Schema(
    (Stage("Open", False), Stage("In Review", False), Stage("Done", True)),
    (
        Field("ID", "uniqueId"),
        Field("Title"),
        Field("Severity", "singleSelect", options=("Critical", "Minor")),
        Field("Due Date", "date"),
    ),
    (Person("ada@example.com", "Ada", "Lovelace"), Person("grace@example.com", "Grace", "Hopper")),
)


class Bugs(Board):
    """A workflow whose schema is known."""

    async def stages(self, workflow: str) -> tuple[Stage, ...]:
        return SCHEMA.stages

    async def fields(self, workflow: str) -> tuple[Field, ...]:
        return SCHEMA.fields

    async def users(self, workflow: str) -> tuple[Person, ...]:
        return SCHEMA.people


def bug(uid: str, stage: str, severity: str, who: str | None, due: str | None) -> dict[str, str | None]:
    return {
        "ID": uid,
        "Title": f"bug {uid}",
        "Stage": stage,
        "Severity": severity,
        "Assigned To": who,
        "Due Date": due,
    }


ROWS = (
    bug("1", "Open", "Critical", "ada@example.com", "2001-01-01"),
    bug("2", "Open", "Minor", None, None),
    bug("3", "In Review", "Critical", "grace@example.com", "2999-01-01"),
    bug("4", "Done", "Minor", "ada@example.com", "2001-01-01"),
)


def session() -> Session:
    return session_on(Bugs(*ROWS), me="ada@example.com")


def found(board: Driver) -> list[str]:
    return [uid for stage in board.stages for uid in board.titles(stage)]


async def loaded(board: Driver) -> None:
    await board.until(lambda: board.session.state.connection == "live")


async def test_what_is_typed_is_understood_and_stands_in_the_header() -> None:
    async with running(session()) as board:
        await loaded(board)
        await board.give("board.filter")
        for text, uids in {
            "severity:critical": ["1", "3"],
            " -late": ["3"],
            " or id:2": ["2", "3"],
        }.items():
            await board.paste(text)
            assert sorted(found(board)) == uids, text
        await board.press("ctrl+u")
        await board.paste("me late")
        assert found(board) == ["1"]
        await board.press("enter")
        header = board.screen.splitlines()[0]
        assert "/me late" in header and "1 of 4 tasks" in header


async def test_it_completes_and_counts() -> None:
    async with running(session()) as board:
        await loaded(board)
        await board.give("board.filter")
        await board.type("sev")
        assert "severity:" in board.screen and "Critical, Minor" in board.screen
        await board.press("tab")
        await board.until(
            lambda: any(row.split()[:2] == ["Critical", "2"] for row in board.screen.splitlines())
        )
        await board.press("down", "down", "enter")
        assert board.typed == "severity:Minor "
        assert found(board) == ["2", "4"]
        await board.press("enter")
        assert board.filtered_by == "severity:Minor"


async def test_the_counts_are_of_what_the_rest_leaves() -> None:
    async with running(session()) as board:
        await loaded(board)
        await board.give("board.filter")
        await board.paste("severity:critical assignee:")
        wanted = {"me": "1", "Grace": "1", "none": "0"}

        def counted() -> dict[str, str]:
            rows = [row.split() for row in board.screen.splitlines()]
            return {row[0]: row[-1] for row in rows if row and row[0] in wanted}

        await board.until(lambda: counted() == wanted)


async def test_a_value_that_was_begun_is_shown_and_completed_when_it_is_kept() -> None:
    async with running(session()) as board:
        await loaded(board)
        await board.give("board.filter")
        await board.paste("stage:rev")
        assert found(board) == ["3"]
        await board.press("enter")
        assert board.filtered_by == 'stage:"In Review"' and found(board) == ["3"]


async def test_a_wrong_word_is_told_and_one_key_puts_it_right() -> None:
    async with running(session()) as board:
        await loaded(board)
        await board.give("board.filter")
        await board.paste("severty:critical bug")
        assert "There is no field “severty”. Did you mean “Severity”?" in board.screen
        assert found(board) == []
        await board.press("tab")
        assert "no field" not in board.screen and found(board) == ["1", "3"]
        await board.press("enter")
        assert board.filtered_by == "severity:critical bug"


async def test_what_is_kept_wrong_is_said_on_the_board() -> None:
    async with running(session()) as board:
        await loaded(board)
        await board.give("board.filter")
        await board.paste("severity:xyz bug")
        await board.press("enter")
        assert "“xyz” is no option of Severity" in board.said
        assert "severity:xyz!" in board.screen.splitlines()[0]


async def test_an_empty_board_says_which_part_hides_what_and_how_to_drop_it() -> None:
    async with running(session()) as board:
        await loaded(board)
        await board.give("board.toggle-end", "board.filter")
        await board.paste("assignee:ada severity:minor")
        await board.press("enter")
        await board.until(lambda: "severity:minor alone leaves 1." in board.screen)
        for words in (
            "No card passes the filter; 3 cards are hidden.",
            "assignee:ada alone leaves 1.",
            "1 that passes is in a hidden end stage; . shows it.",
            f"{board.key_of('app.cancel')} drops the filter",
        ):
            assert words in board.screen
        await board.give("app.cancel")
        assert len(found(board)) == 3 and "No card passes" not in board.screen


async def test_filters_of_before_come_back() -> None:
    async with running(session()) as board:
        await loaded(board)
        for text in ("late", "id:2", "late"):
            await board.give("board.filter")
            await board.press("ctrl+u")
            await board.paste(text)
            await board.press("enter")
        await board.give("app.cancel", "board.filter")
        await board.paste("bug")
        await board.press("up")
        assert board.typed == "late"
        await board.press("up", "up")
        assert board.typed == "id:2" and found(board) == ["2"]
        await board.press("down", "down")
        assert board.typed == "bug"
        saved = board.session.last_view()
        assert saved is not None and saved.history == ("id:2", "late")


async def test_the_language_is_one_key_away_and_what_was_typed_stays() -> None:
    async with running(session()) as board:
        await loaded(board)
        await board.give("board.filter")
        await board.paste("late")
        await board.press("f1")
        assert "Help for the filter" in board.screen and '"acme corp"' in board.screen
        await board.press("escape")
        assert board.typed == "late"


async def test_esc_goes_back_from_the_list_before_it_drops() -> None:
    async with running(session()) as board:
        await loaded(board)
        await board.give("board.filter")
        await board.paste("severity:")
        await board.press("down", "escape")
        assert board.covered_by == "filter" and board.typed == "severity:"
        await board.press("escape")
        assert not board.is_covered and board.filtered_by == ""


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (24, 8)])
async def test_it_fits_small_windows(size: tuple[int, int]) -> None:
    async with running(session(), size=size) as board:
        await loaded(board)
        await board.give("board.filter")
        await board.paste("severty:critical assignee:")
        lines = board.screen.splitlines()
        assert any("assignee:" in line for line in lines[-2:])
        await board.press("down", "tab", "enter")
        assert not board.is_covered
