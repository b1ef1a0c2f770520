"""A short run of ``python -m tests.chaos four``."""

import pytest

from tests.chaos.four import run


@pytest.mark.timeout(300)
@pytest.mark.parametrize("offline", [False, True], ids=["online", "offline"])
def test_each_edit_of_four_processes_is_one_request(offline: bool) -> None:
    count = run(100, offline=offline)
    assert count.problems == [], str(count)
