"""Moments in words for people. Pure but for the time zone."""

from __future__ import annotations

import time


def time_words(at: float, now: float) -> str:
    """When that was, for people: ``14:03``, with the day where it was another."""
    then, today = time.localtime(at), time.localtime(now)
    same_day = then[:3] == today[:3]
    return time.strftime("%H:%M" if same_day else "%Y-%m-%d %H:%M", then)
