"""Labels are as short as they can be, and none begins another."""

import pytest

from fdtui.tui.toolkit.jump_labels import MOST, jump_labels


@pytest.mark.parametrize("count", [0, 1, 26, 27, 51, 52, 200, MOST, MOST + 5])
def test_no_label_begins_another(count: int) -> None:
    labels = jump_labels(count)
    assert len(labels) == len(set(labels)) == min(count, MOST)
    assert not [
        (one, other) for one in labels for other in labels if one != other and other.startswith(one)
    ]


def test_those_under_the_fingers_come_first() -> None:
    assert jump_labels(3) == ["a", "s", "d"]
    assert [len(each) for each in jump_labels(27)] == [1] * 25 + [2, 2]
