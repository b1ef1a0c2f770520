"""One bad answer to a question is asked again: something between us and the server may have slipped."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from fdtui.core.errors import ApiError, NotAuthenticatedError, TooLargeError, UnreachableError

T = TypeVar("T")
SECOND_TRY_AFTER = 0.5
"""Seconds before the second time."""
_FINAL = (NotAuthenticatedError, TooLargeError, UnreachableError)
"""What is no slip: the key, the size; and silence, which has been tried again below."""


def is_perhaps_slip(error: ApiError) -> bool:
    """Whether the same question may be answered otherwise a moment later."""
    return not isinstance(error, _FINAL)


async def asked_twice(
    question: Callable[[], Awaitable[T]], sleep: Callable[[float], Awaitable[object]]
) -> T:
    """What ``question``, which changes nothing, is answered; raises `ApiError` if it says no twice."""
    try:
        return await question()
    except ApiError as error:
        if not is_perhaps_slip(error):
            raise
    await sleep(SECOND_TRY_AFTER)
    return await question()
