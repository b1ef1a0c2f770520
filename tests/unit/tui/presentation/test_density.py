import pytest

from fdtui.core.board import Column, ColumnCards
from fdtui.core.schema import Stage
from fdtui.core.task import Task
from fdtui.tui.board.card_density import CardDensity
from fdtui.tui.preferences import DENSITIES
from fdtui.tui.presentation.density import COMFORTABLE, COMPACT, LINE, ROOMY, Density, fitting


@pytest.mark.parametrize(
    ("rows", "most", "density"),
    [
        (18, 3, ROOMY), (18, 4, COMFORTABLE), (18, 5, COMPACT), (18, 10_000, COMPACT),
        (34, 7, ROOMY), (34, 8, COMFORTABLE), (34, 40, COMFORTABLE), (34, 3000, COMPACT),
        (54, 11, ROOMY), (54, 60, COMFORTABLE), (10, 4, COMPACT), (10, 40, LINE), (1, 0, ROOMY),
    ],
)  # fmt: skip
def test_auto_is_as_large_as_the_cards_fit(rows: int, most: int, density: Density) -> None:
    assert fitting(rows, most) is density


def test_a_window_of_80_by_24_holds_nine_compact_cards_and_eighteen_of_a_line() -> None:
    assert COMPACT.room(18) == 9
    assert LINE.room(18) == 18


def columns(count: int) -> tuple[Column, ...]:
    cards = ColumnCards.of([Task(str(n), str(n), {}) for n in range(count)])
    return (Column(Stage("Open"), cards, count),)


def test_auto_does_not_change_because_a_card_comes_or_goes() -> None:
    density = CardDensity("auto")
    assert density.fit(18, columns(3), "w") is ROOMY
    assert density.fit(18, columns(9), "w") is ROOMY
    assert density.fit(18, columns(9), "other") is COMPACT
    assert density.fit(40, columns(9), "other") is COMFORTABLE


def test_a_chosen_density_counts_in_any_window() -> None:
    density = CardDensity("line")
    assert density.fit(18, columns(1), "w") is LINE
    density.chosen = "compact"
    assert density.fit(60, columns(1), "w") is COMPACT
    density.chosen = "no such density"
    assert density.fit(60, columns(1), "w") is LINE


def test_turning_goes_through_every_density() -> None:
    density = CardDensity("auto")
    assert [density.turn() for _ in DENSITIES] == [*DENSITIES[1:], "auto"]
