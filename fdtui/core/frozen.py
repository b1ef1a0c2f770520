"""`frozen`: a dataclass that cannot be changed, made cheaply.

``dataclass(frozen=True)`` compiles six methods per class. Here only ``__init__`` is compiled, and the
other methods are shared; and it is compiled when a value is first made or its fields are first asked
for, for of the hundred and fifty classes that a board knows, its start makes values of a few. What is
made in great numbers (`fdtui.core.task.Task`) is an ordinary dataclass with slots.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import field
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")
_LATER = ("__dataclass_fields__", "__dataclass_params__", "__match_args__")
_COPIED = ("__annotations__", "__module__", "__qualname__", "__orig_bases__", "__post_init__")


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


class _Later:
    """What a class has once it is complete: asking for it completes the class."""

    def __init__(self, cls: Any, name: str, body: Mapping[str, Any]) -> None:
        self._cls, self._name, self._body = cls, name, body

    def __get__(self, instance: object, owner: type) -> Any:
        _complete(self._cls, self._body)
        return getattr(self._cls, self._name)


def _complete(cls: Any, body: Mapping[str, Any]) -> None:
    """Make ``cls``, which was written as ``body``, what `dataclasses.dataclass` makes of it.

    The work is done on a copy, and ``__init__`` is taken over last: another thread that comes between
    finds the class as it was, and does the same once more.
    """
    made: Any = dataclasses.dataclass(eq=False, repr=False)(
        type(cls)(cls.__name__, cls.__bases__, dict(body))
    )
    for name in (*_LATER, "__init__"):
        setattr(cls, name, vars(made)[name])


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Make a class of annotated fields into a value: comparable, hashable, never changed."""
    made: Any = cls
    written = vars(cls)
    names = (*_COPIED, *written.get("__annotations__", ()))
    body = {"__annotations__": {}, "__doc__": ""} | {n: written[n] for n in names if n in written}

    def __init__(self: Any, *given: Any, **named: Any) -> None:  # noqa: N807 - it is one
        _complete(made, body)
        made.__init__(self, *given, **named)

    for name in body["__annotations__"]:
        default = body.get(name)
        if isinstance(default, dataclasses.Field):
            if default.default is dataclasses.MISSING:
                delattr(made, name)
            else:
                setattr(made, name, default.default)
    made.__init__ = __init__
    for name in _LATER:
        setattr(made, name, _Later(made, name, body))
    made.__repr__, made.__eq__, made.__hash__ = _repr, _eq, _hash
    made.__setattr__, made.__delattr__ = _setattr, _delattr
    return cls


def replace(value: T, **changes: Any) -> T:
    """A copy of ``value`` with some fields changed."""
    copy: T = dataclasses.replace(value, **changes)  # type: ignore[type-var]
    return copy
