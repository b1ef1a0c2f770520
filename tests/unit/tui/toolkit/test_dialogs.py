"""Each dialog answers whoever awaits it, once, and gives the keys back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import date

import pytest

from fdtui.core.commands import BY_ID, Scope
from fdtui.core.keymap import build_keymap
from fdtui.tui.app import FdtuiApp
from fdtui.tui.confirm import confirm
from fdtui.tui.preferences import UNICODE, Look
from fdtui.tui.toolkit.calendar import Calendar
from fdtui.tui.toolkit.composer import Composer
from fdtui.tui.toolkit.overlay import Dialog
from fdtui.tui.toolkit.picker import Item, Picker
from fdtui.tui.toolkit.question import Question
from fdtui.tui.toolkit.reader import ACCEPT, Reader
from fdtui.tui.toolkit.ticks import Ticks
from tests.flows.conftest import session_on
from tests.flows.driver import NOW, Driver, running
from tests.unit.sync.gateway import Board

FRUIT = (Item("a", "apple"), Item("b", "banana"), Item("c", "cherry"))
OPEN: list[object] = [None]


@pytest.fixture
async def board() -> AsyncIterator[Driver]:
    async with running(session_on(Board()), (80, 24)) as driver:
        yield driver


async def answer_of(board: Driver, make: Callable[[], Dialog[object]], *keys: str) -> list[object]:
    """What came of the dialog after these keys; nothing while it is still open."""
    answers: list[object] = []

    async def ask() -> None:
        answers.append(await board.host.ask(make()))

    board.host.run(ask())
    await board.pilot.pause()
    await board.press(*keys)
    assert (not board.is_covered) == bool(answers)
    return answers


def picker() -> Dialog[object]:
    return Picker("Which?", FRUIT, UNICODE)  # type: ignore[return-value]


def question() -> Dialog[object]:
    answers = (Item("stay", "Stay", letter="s"), Item("go", "Go", letter="g"))
    return Question("Go?", answers, UNICODE)  # type: ignore[return-value]


def reader() -> Dialog[object]:
    answers = (Item("do", "do it", letter=ACCEPT), Item("retry", "retry", letter="r"))
    return Reader("Plan", lambda _: [(("x", "text"),)], UNICODE, answers=answers)  # type: ignore[return-value]


def composer() -> Dialog[object]:
    return Composer("Say", UNICODE, text="hi")  # type: ignore[return-value]


def calendar() -> Dialog[object]:
    return Calendar(date(2026, 1, 31), date(2026, 2, 3), UNICODE)  # type: ignore[return-value]


def ticks() -> Dialog[object]:
    return Ticks("Some", FRUIT, UNICODE, ticked=["b", "gone"])  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("make", "keys", "answer"),
    [
        (picker, ["down", "enter"], [FRUIT[1]]),
        (picker, [*"cher", "enter"], [FRUIT[2]]),
        (picker, ["escape"], OPEN),
        (picker, [*"zz", "enter"], []),
        (question, ["enter"], ["stay"]),
        (question, ["j", "enter"], ["go"]),
        (question, ["g"], ["go"]),
        (question, ["escape"], OPEN),
        (reader, ["enter"], ["do"]),
        (reader, ["r"], ["retry"]),
        (reader, ["j"], []),
        (reader, ["q"], OPEN),
        (composer, ["!", "enter"], ["hi!"]),
        (composer, ["ctrl+u", "enter"], []),
        (composer, ["escape"], OPEN),
        (calendar, ["l", "enter"], [date(2026, 2, 1)]),
        (calendar, ["L", "enter"], [date(2026, 2, 28)]),
        (calendar, ["t", "enter"], [date(2026, 2, 3)]),
        (calendar, ["escape"], OPEN),
        (ticks, ["space", "enter"], [("gone", "a", "b")]),
        (ticks, ["down", "space", "enter"], [("gone",)]),
        (ticks, ["escape"], OPEN),
    ],
)
async def test_a_dialog_answers_whoever_asked(
    board: Driver, make: Callable[[], Dialog[object]], keys: list[str], answer: list[object]
) -> None:
    assert await answer_of(board, make, *keys) == answer


@pytest.mark.parametrize(
    ("keys", "answer"),
    [(["enter"], False), (["y"], True), (["n"], False), (["escape"], False), (["j", "enter"], True)],
)
async def test_confirm_starts_on_the_safe_answer(board: Driver, keys: list[str], answer: bool) -> None:
    answers: list[bool] = []

    async def ask() -> None:
        answers.append(await confirm(board.host, "Delete it?", yes="Delete", subject=["It"]))

    board.host.run(ask())
    await board.pilot.pause()
    await board.press(*keys)
    assert answers == [answer]
    assert not board.is_covered


async def test_dialogs_stack_and_give_the_keys_back(board: Driver) -> None:
    answers: list[object] = []

    async def outer() -> None:
        answers.append(await board.host.ask(Picker("Below", FRUIT, UNICODE)))

    async def inner() -> None:
        answers.append(await board.host.ask(Picker("Above", FRUIT, UNICODE)))

    board.host.run(outer())
    await board.pilot.pause()
    board.host.run(inner())
    await board.pilot.pause()
    await board.press("down", "enter", "enter")
    assert answers == [FRUIT[1], FRUIT[0]]


async def test_a_text_that_is_not_taken_stays_to_be_corrected(board: Driver) -> None:
    tried: list[str] = []
    said: list[str] = []

    def send(text: str) -> bool:
        tried.append(text)
        return len(tried) > 1

    def make() -> Dialog[object]:
        dialog = Composer("Say", UNICODE, send=send, changed=lambda: said.append(dialog.text))
        return dialog  # type: ignore[return-value]

    assert await answer_of(board, make, *"ab", "enter") == []
    assert said == ["a", "ab"]
    await board.press("enter")
    assert tried == ["ab", "ab"]
    assert not board.is_covered
    await asyncio.sleep(0)


def mentions() -> Dialog[object]:
    people = (Item("g", "Grace Hopper", "grace@example.com"),)
    return Composer("Say", UNICODE, people=people)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        ([*"@gr", "enter", "!", "enter"], ["@Grace Hopper !"]),
        ([*"@gr", "escape", "enter"], ["@gr"]),
        ([*"a\\", "enter", "b", "ctrl+j", "c", "enter"], ["a\nb\nc"]),
        ([*"@gr", "escape", "escape"], OPEN),
    ],
)
async def test_names_are_put_in_and_lines_begun(
    board: Driver, keys: list[str], answer: list[object]
) -> None:
    assert await answer_of(board, mentions, *keys) == answer


def everything() -> list[Dialog[object]]:
    made = [make() for make in (picker, question, reader, composer, calendar, ticks)]
    confirming = (Item("no", "No"), Item("yes", "Yes"))
    made.append(Question("Sure?", confirming, UNICODE))  # type: ignore[arg-type]
    made.append(Picker("Plain", FRUIT, UNICODE, searchable=False))  # type: ignore[arg-type]
    return made


async def test_every_command_of_a_dialog_is_declared_in_its_scopes(board: Driver) -> None:
    for dialog in everything():
        await answer_of(board, lambda dialog=dialog: dialog)
        scopes = {BY_ID[command].scope for command in dialog.bindings()}
        assert scopes == {Scope(name) for name in dialog.scopes} - {Scope.MENTION}
        words = {command for command, _ in dialog.footer() if command not in dialog.letters}
        assert words <= set(dialog.bindings())
        dialog.answer()
        await board.pilot.pause()


async def test_the_users_own_keys_move_and_choose() -> None:
    keymap = build_keymap(changes={"list.down": ["f5"], "list.choose": ["f6"], "question.yes": ["f7"]})
    app = FdtuiApp(session_on(Board()), keymap=keymap, look=Look(), clock=lambda: NOW)
    async with app.run_test(size=(80, 24)) as pilot:
        board = Driver(app, pilot)
        await board.until(lambda: app.board.is_mounted)
        assert await answer_of(board, picker, "down", "f5", "enter", "f6") == [FRUIT[1]]
        answers: list[bool] = []

        async def ask() -> None:
            answers.append(await confirm(app.board.host, "Delete it?", yes="Delete"))

        app.board.host.run(ask())
        await pilot.pause()
        assert "f7" in board.screen
        await board.press("y", "f7")
        assert answers == [True]


async def test_a_letter_of_an_answer_comes_before_a_command(board: Driver) -> None:
    def make() -> Dialog[object]:
        answers = (Item("stay", "Stay", letter="s"), Item("quit", "Quit", letter="q"))
        return Question("Quit?", answers, UNICODE)  # type: ignore[return-value]

    assert await answer_of(board, make, "q") == ["quit"]


async def test_help_in_a_dialog_is_about_its_keys_and_gives_them_back(board: Driver) -> None:
    answers: list[object] = []

    async def ask() -> None:
        answers.append(await board.host.ask(question()))

    board.host.run(ask())
    await board.pilot.pause()
    await board.press("?")
    assert "Help for a question" in board.screen and "Give the answer under the bar" in board.screen
    assert "To the next card" not in board.screen
    await board.press("escape")
    assert "Go?" in board.screen and not answers
    await board.press("g")
    assert answers == ["go"]


async def test_help_is_searched_as_one_types(board: Driver) -> None:
    await board.give("app.help")
    assert "Help for the board" in board.screen and "Duplicate" not in board.screen
    await board.press("/", *"dupl")
    assert "Duplicate" in board.screen and "To the next card" not in board.screen
    await board.press(*"zzz")
    assert "Nothing fits" in board.screen
    await board.press("escape")
    assert "To the next card" in board.screen and "end the search" not in board.screen
    await board.press("/", *"dupl", "enter", "escape")
    assert "To the next card" in board.screen
    await board.press("escape")
    assert not board.is_covered


async def test_what_is_ticked_far_down_a_list_stays_in_view(board: Driver) -> None:
    items = tuple(Item(str(number), f"option {number}") for number in range(40))
    await answer_of(board, lambda: Ticks("Some", items, UNICODE, ticked=[]), *["down"] * 30)  # type: ignore[arg-type,return-value]
    assert "option 30 " in board.screen
    await board.press("space")
    assert "option 30 " in board.screen
    assert [line for line in board.screen.splitlines() if "▌" in line and "option 30 " in line]
