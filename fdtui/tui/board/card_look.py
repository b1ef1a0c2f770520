"""How cards look on one board: as the settings say, but for what was chosen and a view says. Pure."""

from __future__ import annotations

from fdtui.core.frozen import replace
from fdtui.core.schema import Schema
from fdtui.tui.board.card_density import CardDensity
from fdtui.tui.preferences import Look
from fdtui.tui.presentation.cards import CardPlan, plan_card
from fdtui.tui.presentation.density import Density


class CardLook:
    """Keeps the choice of a density and of the fields, and plans the cards with both."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self.density = CardDensity(look.density)
        self.fields: tuple[str, ...] | None = None
        """What a card shows beside title and unique id; ``None`` for what the settings say."""
        self._made: tuple[Schema, Density, tuple[str, ...] | None, CardPlan] | None = None

    def take(self, density: str, fields: tuple[str, ...] | None) -> None:
        """Look so from now on; an empty ``density`` is that of the settings."""
        self.density.choose(density)
        self.fields = fields

    def plan(self, schema: Schema) -> CardPlan:
        """The plan for the cards of a workflow; the same object as long as it is the same."""
        made, density = self._made, self.density.density
        if made is not None and made[0] is schema and made[1:3] == (density, self.fields):
            return made[3]
        look = self._look if self.fields is None else replace(self._look, card_fields=self.fields)
        plan = plan_card(schema, look, density)
        self._made = (schema, density, self.fields, plan)
        return plan
