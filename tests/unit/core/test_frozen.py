from functools import cached_property

import pytest

from fdtui.core.frozen import field, frozen, replace


@frozen
class Point:
    x: int
    y: int = 0
    secret: str = field(default="s", repr=False)

    @cached_property
    def sum(self) -> int:
        return self.x + self.y


@frozen
class Other:
    x: int
    y: int = 0


def test_a_value_is_compared_and_hashed_by_its_fields() -> None:
    assert Point(1, 2) == Point(1, 2)
    assert Point(1, 2) != Point(2, 1)
    assert len({Point(1), Point(1), Point(2)}) == 2
    assert Point(1) != Other(1)


def test_nothing_can_be_changed_or_added() -> None:
    point = Point(1)
    for name in ("x", "z"):
        with pytest.raises(AttributeError, match="cannot be changed"):
            setattr(point, name, 5)
    with pytest.raises(AttributeError, match="cannot be removed"):
        del point.x
    assert point == Point(1)


def test_it_reads_like_a_dataclass() -> None:
    point = replace(Point(1), y=4)
    assert (point.sum, point.sum) == (5, 5)
    assert repr(point) == "Point(x=1, y=4)"
    match point:
        case Point(x, y):
            assert (x, y) == (1, 4)
