from typing import Generic, TypeVar
from textual.app import App

R = TypeVar("R")


class TerminalApp(App[R], Generic[R], inherit_bindings=False):
    ENABLE_COMMAND_PALETTE = False

    def crash(self, error: Exception) -> None:
        self._handle_exception(error)
