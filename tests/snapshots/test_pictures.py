"""The pictures of the documentation show what the program shows."""

import re

import pytest

from tests.docs.pages import PAGES
from tests.film import NAME, film
from tests.screenshots import FOLDER, SHOTS, picture


@pytest.mark.parametrize("name", SHOTS)
async def test_a_picture_is_fresh(name: str) -> None:
    made = await picture(name)
    is_fresh = made == (FOLDER / f"{name}.svg").read_text(
        "utf-8"
    )  # a difference of SVGs takes pytest minutes
    assert is_fresh, "the program shows something else: run python -m tests.screenshots, and look"


async def test_the_film_is_fresh() -> None:
    made = await film()
    is_fresh = made.svg() == (FOLDER / NAME).read_text("utf-8")
    assert is_fresh, "the program shows something else: run python -m tests.screenshots, and look"
    assert made.svg().count("@keyframes") > len(made.frames), "it moves"
    assert "@keyframes" not in made.svg(at=0)


def test_every_picture_is_shown_on_a_page() -> None:
    text = "\n".join(path.read_text("utf-8") for path in PAGES)
    shown = set(re.findall(r"screenshots/([^)]+)\)", text))
    assert shown == {path.name for path in FOLDER.iterdir()}
