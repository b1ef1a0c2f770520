"""Moments as the API writes them: UTC, ISO 8601, ``Z``."""

from __future__ import annotations

from datetime import UTC, datetime


def to_the_second(moment: datetime) -> str:
    """``2021-06-22T22:39:48Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def exactly(moment: datetime) -> str:
    """``2021-06-22T22:39:48.123456Z``; sorts as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
