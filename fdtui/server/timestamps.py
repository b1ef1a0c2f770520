"""Moments as the API writes them: UTC, ISO 8601, ``Z``."""

from __future__ import annotations

from datetime import UTC, datetime


def to_the_second(moment: datetime) -> str:
    """``2021-06-22T22:39:48Z``."""
    return f"{_naive(moment).isoformat(timespec='seconds')}Z"


def exactly(moment: datetime) -> str:
    """``2021-06-22T22:39:48.123456Z``; sorts as text."""
    return f"{_naive(moment).isoformat(timespec='microseconds')}Z"


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
