"""The keys of forms, of a field in the pane and of the welcome: each declared, bound, and rebindable."""

from collections.abc import Awaitable, Callable

import pytest

from fdtui.core.commands import IN_SCOPE, Scope
from fdtui.core.keymap import build_keymap
from fdtui.core.values import Row
from fdtui.sync.storage.protocols import MemoryDrafts
from fdtui.tui.forms.webhook_app import WebhookApp
from fdtui.tui.preferences import Look
from fdtui.tui.toolkit.key_events import Key
from fdtui.tui.welcome.app import ShowDemo, WelcomeApp
from tests.flows.driver import Driver
from tests.flows.office import Office, drafts, into_the_pane, open_form, saved
from tests.flows.test_welcome import TEMPLATES, check, screen
from tests.terminal.painted import painted

CHANGES = {"form.save": ["ctrl+r"], "welcome.next": ["n"], "connect.next": ["f2"]}


def ids(scope: Scope) -> set[str]:
    return {command.id for command in IN_SCOPE[scope]}


async def test_every_key_of_a_form_does_something_in_some_field(
    board: Driver,
    office: Office,
) -> None:
    await open_form(board)
    await board.form.field("Name").type("x")
    office.rows["1"]["Name"] = "Theirs"
    board.session.refresh()
    await board.until(lambda: "someone changed this to" in board.screen)
    bound = set(board.bound)
    for _ in board.form.walk():
        bound |= board.bound
    assert bound - ids(Scope.TEXT) == ids(Scope.FORM)


async def test_every_key_of_a_field_does_something(board: Driver) -> None:
    await into_the_pane(board, "Name")
    await board.press("enter")
    bound = board.bound - ids(Scope.TEXT)
    assert ids(Scope.FIELD) <= bound <= ids(Scope.FIELD) | ids(Scope.FORM)


@pytest.mark.parametrize("name", ["Name", "Due", "Notes", "Urgent", "Size"])
async def test_the_footer_names_only_what_can_be_done(board: Driver, name: str) -> None:
    await open_form(board)
    board.form.go_to(name)
    assert {command for command, _ in board.hints} <= board.bound | {"app.help"}
    assert board.hints[-1] == ("form.leave", "leave")


async def test_a_list_over_a_form_gives_the_keys_back(board: Driver) -> None:
    await open_form(board)
    await board.form.field("Size").press("enter")
    assert board.is_choosing and not board.form.is_topmost
    await board.press("escape")
    assert board.form.is_topmost
    await board.press("escape")
    await saved(board)


async def test_what_colleagues_do_reaches_a_form_under_a_list(
    board: Driver,
    office: Office,
) -> None:
    await open_form(board)
    await board.form.field("Size").press("enter")
    office.rows["1"]["Price"] = "99.00"
    board.session.refresh()
    await board.until(lambda: "$99.00" in board.screen)
    await board.press("escape", "escape")
    await saved(board)
    assert not drafts(board)


async def test_a_refusal_is_said_in_the_form_though_a_question_lies_over_it(
    board: Driver,
) -> None:
    await open_form(board)
    await board.form.field("Name").type("x")
    await board.press("escape")
    board.notify("Something happened.", "error")
    assert board.form.said == "Something happened."


def webhook(send: Callable[[Row], Awaitable[Row]]) -> WebhookApp:
    keymap = build_keymap(changes=CHANGES)
    return WebhookApp("example.com", send, MemoryDrafts(), Look(), keymap)


async def test_the_form_of_a_webhook_has_the_same_keys_and_dialogs() -> None:
    sent: list[Row] = []

    async def send(row: Row) -> Row:
        sent.append(row)
        return row

    app = webhook(send)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*"a=1", "ctrl+o")
        await pilot.pause()
        assert not sent  # its key is another by now
        assert "^r save" in "\n".join(strip.text for strip in painted(app.screen))
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert sent == [{"a": "1"}]
        await pilot.press(*"b=2", "escape")
        await pilot.pause()
        strips = painted(app.screen)
        assert "Keep it as a draft" in "\n".join(strip.text for strip in strips)
        await pilot.press("escape", *"2")
        await pilot.pause()
        assert app.is_running
        await pilot.press("escape", "d")
        await pilot.pause()
    assert sent == [{"a": "1"}]


async def test_the_keys_of_the_welcome_can_be_changed() -> None:
    app = WelcomeApp(TEMPLATES, check=check, look=Look(), keymap=build_keymap(changes=CHANGES))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "n down" in screen(app) and "q quit" in screen(app)
        await pilot.press("j", "n", "enter")
        await pilot.pause()
    assert app.return_value == ShowDemo()


async def test_every_key_of_the_welcome_does_something() -> None:
    app = WelcomeApp(TEMPLATES, check=check, look=Look())
    bound = set[str]()
    async with app.run_test(size=(80, 24)) as pilot:
        for keys in ((), ("1",), ("escape", "3")):
            await pilot.press(*keys)
            await pilot.pause()
            dialogs = app.screen.dialogs  # type: ignore[attr-defined]
            bound |= set(dialogs.focus.top.bindings())
    many = {f"welcome.choose-{n}" for n in range(1, 10)}
    assert (bound - ids(Scope.TEXT)) | many == ids(Scope.WELCOME) | ids(Scope.CONNECT)


async def test_a_key_behind_an_escape_is_not_typed_into_a_form_that_asks(
    board: Driver,
) -> None:
    await open_form(board)
    await board.form.field("Name").type("x")
    board.app.post_message(Key("z", "z", behind_escape=True))
    await board.until(lambda: "Keep it as a draft" in board.screen)
    assert board.form.field("Name").text == "Acmex"
