"""What came back for one request, before anybody asks what it means."""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING

from fdtui.api.retry import retry_after
from fdtui.core.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

_FEED = re.compile(r"[A-Za-z0-9_-]{1,2000}")
_JSON = "application/json"
_TAG = re.compile(r"[\x21-\x7e]{1,256}")


@frozen
class Reply:
    """An answer's status, the headers that matter, and the whole unpacked body."""

    method: str
    status: int
    body: bytes = field(default=b"", repr=False)
    media_type: str = ""
    tag: str = ""
    feed: str = ""
    """The token of a change feed that a list names."""
    location: str | None = None
    retry_after: float | None = None
    request_id: str = ""
    """By which the server's own log knows the request, where it says so."""
    date: float | None = None
    """When the server says that it answered, in seconds since the epoch."""

    @classmethod
    def of(cls, method: str, response: httpx.Response, body: bytes, now: float) -> Reply:
        """The reply that ``response`` is; ``now`` is the wall clock, for answers without a date."""
        headers = response.headers
        return cls(
            method=method,
            status=response.status_code,
            body=body,
            media_type=media_type_of(headers),
            tag=as_tag(headers.get("etag", "")),
            feed=as_feed_token(headers.get("changes-token", "")),
            location=headers.get("location"),
            request_id=as_tag(headers.get("x-request-id", "")),
            retry_after=retry_after(headers.get("retry-after", ""), headers.get("date", ""), now),
            date=_moment(headers.get("date", "")),
        )


def _moment(text: str) -> float | None:
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - the first answer's date is not asked

    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError):
        return None


def as_feed_token(text: object) -> str:
    """``text`` where it can be the token of a change feed, else nothing."""
    return text if isinstance(text, str) and _FEED.fullmatch(text) else ""


def as_tag(text: str) -> str:
    """``text`` where it can be sent back as an entity tag, else nothing."""
    return text if _TAG.fullmatch(text) else ""


def kept_for(headers: Mapping[str, str], before: float, *, is_success: bool) -> float:
    """For how many seconds the server keeps the answers to requests with a key; 0 for not at all.

    Our own server says so in every answer (``Idempotency-Kept-For``). Where an answer does not, it may
    be a proxy's: what was known ``before`` is forgotten only for a success in JSON.
    """
    said = headers.get("idempotency-kept-for", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", said):
        return float(said)
    return 0.0 if is_success and media_type_of(headers) == _JSON else before


def media_type_of(headers: Mapping[str, str]) -> str:
    """What the body is said to be."""
    kind: str = headers.get("content-type", "")
    return kind.partition(";")[0].strip().lower()
