"""A first run: three ways to a board, and what was chosen as a value."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import field
from typing import TypeAlias

from textual.screen import Screen

from fdtui.core.frozen import frozen
from fdtui.core.keymap import Keymap, build_keymap
from fdtui.core.schema import WorkflowRef
from fdtui.tui.preferences import Look
from fdtui.tui.terminal.app import TerminalApp
from fdtui.tui.terminal.first_theme import begin_in
from fdtui.tui.welcome.screen import WelcomeScreen


@frozen
class Template:
    """A workflow to begin with."""

    id: str
    name: str
    sentence: str


@frozen
class StartLocal:
    """A local workspace on this machine, made from a template."""

    template: str
    examples: bool


@frozen
class ShowDemo:
    """A look at the demo; nothing is kept."""


@frozen
class Connect:
    """A workflow of an install, with a key that has been tried."""

    url: str
    key: str = field(repr=False)
    workflow: str


Choice: TypeAlias = StartLocal | ShowDemo | Connect
Check: TypeAlias = Callable[[str, str], Awaitable[tuple[WorkflowRef, ...]]]
"""Asks an address with a key for its workflows; raises `FdtuiError` with the reason."""


class WelcomeApp(TerminalApp[Choice | None]):
    """Asks how to begin; ``run`` answers the choice, or ``None`` for leaving without one."""

    TITLE = "fdtui"

    def __init__(
        self,
        templates: Sequence[Template],
        *,
        check: Check,
        look: Look,
        keymap: Keymap | None = None,
    ) -> None:
        super().__init__()
        self._chosen_keys = keymap or build_keymap()
        self._check, self._look = check, look
        begin_in(self, look.theme, look.depth)
        self._templates = tuple(templates)

    def get_default_screen(self) -> Screen[None]:
        """The first step."""
        return WelcomeScreen(
            [(each.id, each.name, each.sentence) for each in self._templates],
            self._look,
            self._chosen_keys,
            check=self._check,
            local=lambda template, examples: self.exit(StartLocal(template, examples)),
            demo=lambda: self.exit(ShowDemo()),
            connect=lambda url, key, workflow: self.exit(Connect(url, key, workflow)),
        )
