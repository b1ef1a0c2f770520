"""Which density the cards of a board have: the one that was chosen, or what fits the window. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from fdtui.core.board import Column
from fdtui.tui.preferences import DENSITIES
from fdtui.tui.presentation.density import AUTO, Density, density_named, fitting


class CardDensity:
    """Keeps the choice; what ``auto`` has found stays until window, workflow or choice are others."""

    def __init__(self, setting: str) -> None:
        """``setting`` counts as long as nothing else is chosen."""
        self._setting = setting
        self.chosen = ""
        """The name of a density, or empty for what the settings say."""
        self.density: Density = density_named(setting)
        self._fitted_for: tuple[object, ...] = ()

    @property
    def wish(self) -> str:
        """The density that is wanted, by its name."""
        return self.chosen if self.chosen in DENSITIES else self._setting

    def fit(self, rows: int, columns: Sequence[Column], workflow: str) -> Density:
        """The density for columns of ``rows`` lines; nothing shifts because a card comes or goes."""
        if self.wish != AUTO:
            self.density, self._fitted_for = density_named(self.wish), ()
        elif columns and self._fitted_for != (rows, workflow):
            self._fitted_for = (rows, workflow)
            self.density = fitting(rows, max(column.total for column in columns))
        return self.density

    def choose(self, name: str) -> None:
        """Want the density of that name; where it is empty, what the settings say."""
        if name != self.chosen:
            self.chosen, self._fitted_for = name, ()
            if self.wish != AUTO:
                self.density = density_named(self.wish)

    def turn(self) -> str:
        """Choose the next one; answers its name."""
        self.chosen = DENSITIES[(DENSITIES.index(self.wish) + 1) % len(DENSITIES)]
        return self.chosen
