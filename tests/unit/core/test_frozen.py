import copy
import dataclasses
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar

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


T = TypeVar("T")


@frozen
class Named:
    name: str = field(default="n")
    tags: list[str] = field(default_factory=list)
    kind: ClassVar[str] = "named"


@frozen
class Box(Named, Generic[T]):
    held: T | None = None

    def __post_init__(self) -> None:
        if self.held == "bad":
            raise ValueError(self.held)


def test_a_class_is_whole_before_its_first_value() -> None:
    assert (Named.name, hasattr(Named, "tags")) == ("n", False)
    assert Box.__match_args__ == ("name", "tags", "held")
    assert [each.name for each in dataclasses.fields(Named)] == ["name", "tags"]
    assert dataclasses.is_dataclass(Box)
    assert Box("a", held=1) == Box("a", [], 1)
    assert Box().tags is not Box().tags
    with pytest.raises(ValueError, match="bad"):
        Box(held="bad")
    with pytest.raises(TypeError):
        Box(nothing=1)  # type: ignore[call-arg]


def test_a_value_of_another_thread_finds_its_class_whole() -> None:
    for _ in range(50):
        made = frozen(type("Made", (), {"__annotations__": {"x": "int"}, "__module__": __name__}))
        at_once = threading.Barrier(4)

        def make(made: Any = made, at_once: threading.Barrier = at_once) -> object:
            at_once.wait()
            return made(x=1)

        with ThreadPoolExecutor(4) as pool:
            values = [each.result() for each in [pool.submit(make) for _ in range(4)]]
        assert len(set(values)) == 1


def test_a_value_is_copied_and_pickled_like_any_other() -> None:
    named = Named("a", ["b"])
    assert copy.copy(named) == named == pickle.loads(pickle.dumps(named))
