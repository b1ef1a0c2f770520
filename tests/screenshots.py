"""Makes the pictures in ``docs/screenshots/``: the demo at a fixed moment, still and moving.

python -m tests.screenshots
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fdtui import wiring
from fdtui.sync.session import SessionOptions
from fdtui.tui.board import attention
from fdtui.tui.preferences import Look
from tests.flows.driver import running

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"

SHOTS: dict[str, tuple[tuple[int, int], str, str, tuple[str, ...]]] = {
    "board-dark-160x40": ((160, 40), "dark", "Company onboarding", ("l", "j", "j", "enter")),
    "board-light-160x40": ((160, 40), "light", "Company onboarding", ("l", "j", "j", "enter")),
    "form-dark-120x40": ((120, 40), "dark", "Company onboarding", ("l", "j", "e")),
    "triage-dark-120x40": ((120, 40), "dark", "Bug triage", ("T",)),
    "board-dark-80x24": ((80, 24), "dark", "Company onboarding", ("l", "j")),
    "bugs-dark-200x60": ((200, 60), "dark", "Bug triage", ("l", "j", "enter")),
    "assign-dark-120x40": ((120, 40), "dark", "Expense approval", ("l", "A")),
    "help-dark-120x40": ((120, 40), "dark", "Company onboarding", ("?",)),
}
"""Name to window, theme, workflow, and the keys pressed before the picture is taken."""


@contextmanager
def same_everywhere() -> Iterator[None]:
    """An environment in which a picture is the same on every machine, however busy it is."""
    before, seen_after = dict(os.environ), attention.SEEN_AFTER
    attention.SEEN_AFTER = 3600.0  # whether a card was looked at for long says the machine's speed
    for name in ("NO_COLOR", "SSH_CONNECTION", "SSH_TTY", "TMUX", "FDTUI_ASCII"):
        os.environ.pop(name, None)
    os.environ["TZ"] = "UTC"
    time.tzset()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        attention.SEEN_AFTER = seen_after
        time.tzset()


async def picture(name: str) -> str:
    """One picture, as SVG."""
    size, theme, workflow, keys = SHOTS[name]
    session = wiring.demo_session(SessionOptions(workflow=workflow, me=wiring.DEMO_USER))
    with same_everywhere():
        async with running(session, size, Look(theme=theme, motion=False)) as driver:
            await driver.until(lambda: session.state.connection == "live")
            for key in keys:
                await driver.press(key)
                await driver.settle()
            return driver.app.export_screenshot(title="fdtui")


def main() -> None:
    """Take all pictures."""
    FOLDER.mkdir(exist_ok=True)
    for name in SHOTS:
        (FOLDER / f"{name}.svg").write_text(asyncio.run(picture(name)), "utf-8")
        print(f"docs/screenshots/{name}.svg")
    from tests.film import NAME, film

    (FOLDER / NAME).write_text(asyncio.run(film()).svg(), "utf-8")
    print(f"docs/screenshots/{NAME}")


if __name__ == "__main__":
    main()
