"""A short run of the judge of a thousand ends: ``python -m tests.chaos kills`` is the long one."""

from pathlib import Path

import pytest

from tests.chaos.kills import run


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("lives", "is_local"), [(12, False), (5, True)], ids=["server", "local"])
def test_nothing_is_lost_however_the_program_ends(tmp_path: Path, lives: int, is_local: bool) -> None:
    tally = run(lives, seed=2 if is_local else 412, keep=tmp_path, lives=lives, is_local=is_local)
    assert tally.taken > 5, "the program has done something"
    assert tally.problems == [], f"{tally}\n{[each.read_text() for each in tmp_path.iterdir()]}"
