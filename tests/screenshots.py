"""Makes the pictures in ``docs/screenshots/``: the demo, at a fixed moment, in several windows.

python -m tests.screenshots
"""

from __future__ import annotations

import asyncio
import os
from datetime import datetime
from pathlib import Path

os.environ.pop("NO_COLOR", None)

from fdtui import wiring
from fdtui.core.keymap import build_keymap
from fdtui.sync.session import SessionOptions
from fdtui.tui.app import FdtuiApp
from fdtui.tui.preferences import Look

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
NOW = datetime(2026, 11, 2, 9, 30).astimezone().timestamp()

SHOTS: tuple[tuple[str, tuple[int, int], str, str, tuple[str, ...]], ...] = (
    ("board-dark-160x40", (160, 40), "dark", "Company onboarding", ("l", "j", "j", "enter")),
    ("board-light-160x40", (160, 40), "light", "Company onboarding", ("l", "j", "j", "enter")),
    ("form-dark-120x40", (120, 40), "dark", "Company onboarding", ("l", "j", "e")),
    ("triage-dark-120x40", (120, 40), "dark", "Bug triage", ("T",)),
    ("board-dark-80x24", (80, 24), "dark", "Company onboarding", ("l", "j")),
    ("bugs-dark-200x60", (200, 60), "dark", "Bug triage", ("l", "j", "enter")),
    ("assign-dark-120x40", (120, 40), "dark", "Expense approval", ("l", "A")),
    ("help-dark-120x40", (120, 40), "dark", "Company onboarding", ("?",)),
)
"""Name, window, theme, workflow, and the keys pressed before the picture is taken."""


def demo(theme: str, workflow: str) -> FdtuiApp:
    """The demo's board with a clock that stands still."""
    session = wiring.demo_session(SessionOptions(workflow=workflow, me=wiring.DEMO_USER))
    look = Look(theme=theme, motion=False)
    return FdtuiApp(session, keymap=build_keymap(), look=look, clock=lambda: NOW)


async def shoot(
    name: str, size: tuple[int, int], theme: str, workflow: str, keys: tuple[str, ...]
) -> None:
    """Take one picture."""
    app = demo(theme, workflow)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await app.session.idle()
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        await pilot.pause(0.3)
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{name}.svg").write_text(app.export_screenshot(title="fdtui"), "utf-8")


def main() -> None:
    """Take all pictures."""
    for shot in SHOTS:
        asyncio.run(shoot(*shot))
        print(f"docs/screenshots/{shot[0]}.svg")


if __name__ == "__main__":
    main()
