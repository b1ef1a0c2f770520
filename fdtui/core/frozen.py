"""`frozen`: a dataclass that cannot be changed, made cheaply.

``dataclass(frozen=True)`` compiles six methods per class. The hundred small values that the first
frame needs cost a third of its time that way; here only ``__init__`` is compiled, and the other
methods are shared. What is made in great numbers (`fdtui.core.task.Task`) is an ordinary dataclass
with slots.
"""

from __future__ import annotations

import dataclasses
from dataclasses import field
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


def _values(self: Any) -> tuple[object, ...]:
    return tuple([getattr(self, name) for name in self.__match_args__])


def _repr(self: Any) -> str:
    shown = (each for each in dataclasses.fields(self) if each.repr)
    told = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in shown)
    return f"{type(self).__qualname__}({told})"


def _eq(self: Any, other: object) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return bool(self is other or _values(self) == _values(other))


def _hash(self: Any) -> int:
    return hash((type(self), _values(self)))


def _setattr(self: Any, name: str, value: object) -> None:
    if name in self.__dict__ or name not in self.__dataclass_fields__:
        raise AttributeError(f"{type(self).__name__}.{name} cannot be changed")
    self.__dict__[name] = value


def _delattr(self: Any, name: str) -> None:
    raise AttributeError(f"{type(self).__name__}.{name} cannot be removed")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Make a class of annotated fields into a value: comparable, hashable, never changed."""
    made: Any = dataclasses.dataclass(eq=False, repr=False)(cls)
    made.__repr__, made.__eq__, made.__hash__ = _repr, _eq, _hash
    made.__setattr__, made.__delattr__ = _setattr, _delattr
    result: type[T] = made
    return result


def replace(value: T, **changes: Any) -> T:
    """A copy of ``value`` with some fields changed."""
    copy: T = dataclasses.replace(value, **changes)  # type: ignore[type-var]
    return copy
