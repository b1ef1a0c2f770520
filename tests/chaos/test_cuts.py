"""A short run of ``python -m tests.chaos cuts``."""

import pytest

from tests.chaos.cuts import run


@pytest.mark.timeout(300)
def test_what_is_cut_after_any_byte_is_done_once_or_told() -> None:
    for outcome in run(400, seed=1):
        assert outcome.total >= 200
        assert outcome.done > 100
        assert outcome.problems == [], str(outcome)
