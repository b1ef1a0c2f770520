"""A first run: three ways to a board."""

import pytest
from textual.events import Paste

from fdtui.core.errors import NotAuthenticatedError
from fdtui.core.schema import WorkflowRef
from fdtui.tui.preferences import Look
from fdtui.tui.welcome.app import Connect, ShowDemo, StartLocal, Template, WelcomeApp
from tests.terminal.painted import painted

TEMPLATES = (
    Template("onboarding", "Company onboarding", "From first contact to contract."),
    Template("bugs", "Bug triage", "Reports that are confirmed and mended."),
)
FLOWS = tuple(WorkflowRef(f"w{index}", f"Workflow {index}") for index in range(1000))


async def check(url: str, key: str) -> tuple[WorkflowRef, ...]:
    if key != "good":
        raise NotAuthenticatedError("The key was refused.", "Make another.", status=401)
    return FLOWS


def app() -> WelcomeApp:
    return WelcomeApp(TEMPLATES, check=check, look=Look())


def screen(running: WelcomeApp) -> str:
    return "\n".join(strip.text for strip in painted(running.screen))


@pytest.mark.parametrize(
    ("keys", "choice"),
    [
        (["2"], ShowDemo()),
        (["j", "enter"], ShowDemo()),
        (["1", "j", "enter", "enter"], StartLocal("bugs", True)),
        (["enter", "1", "2"], StartLocal("onboarding", False)),
        (["q"], None),
        (["1", "escape", "q"], None),
        (["3", "ctrl+c"], None),
    ],
)
async def test_a_choice_is_a_value(keys, choice) -> None:
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
    assert running.return_value == choice


async def test_connecting_keeps_what_was_typed_until_it_works() -> None:
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("3", "tab", "b", "a", "d", "enter")
        await pilot.pause()
        assert "The key was refused. Make another." in screen(running)
        assert "•••" in screen(running) and "bad" not in screen(running)
        await pilot.press("escape", "3", "tab", "ctrl+u")
        running.post_message(Paste("good\n"))
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert "Which workflow?" in screen(running)
        await pilot.press(*"417", "enter")
        await pilot.pause()
    assert running.return_value == Connect("https://app.flowdash.com", "good", "w417")
    assert "good" not in repr(running.return_value)


async def test_an_empty_line_is_asked_for() -> None:
    running = app()
    async with running.run_test(size=(80, 24)) as pilot:
        await pilot.press("3", "enter", "enter")
        await pilot.pause()
        assert "API key is needed." in screen(running)


@pytest.mark.parametrize("size", [(1, 1), (20, 6), (40, 10), (200, 60)])
async def test_any_size_is_survived(size) -> None:
    running = app()
    async with running.run_test(size=size) as pilot:
        await pilot.press("j", "j", "3", "x", "escape", "1", "j", "k")
        await pilot.pause()
        assert running.is_running
