"""A short run of the judge of a thousand ends: ``python -m tests.chaos kills`` is the long one."""

from pathlib import Path

import pytest

from tests.chaos.kills import run


@pytest.mark.timeout(400)
def test_nothing_is_lost_however_the_program_ends(tmp_path: Path) -> None:
    tally = run(12, seed=1, keep=tmp_path, lives=12)
    assert tally.taken > 10, "the program has done something"
    assert tally.problems == [], f"{tally}\n{[each.read_text() for each in tmp_path.iterdir()]}"
