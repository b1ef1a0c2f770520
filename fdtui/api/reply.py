"""What came back for one request, before anybody asks what it means."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import httpx

from fdtui.api.retry import retry_after

_TAG = re.compile(r"[\x21-\x7e]{1,256}")


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer's status, the headers that matter, and the whole unpacked body."""

    method: str
    status: int
    body: bytes = field(default=b"", repr=False)
    media_type: str = ""
    tag: str = ""
    location: str | None = None
    retry_after: float | None = None

    @classmethod
    def of(cls, method: str, response: httpx.Response, body: bytes, now: float) -> Reply:
        """The reply that ``response`` is; ``now`` is the wall clock, for answers without a date."""
        headers = response.headers
        return cls(
            method=method,
            status=response.status_code,
            body=body,
            media_type=headers.get("content-type", "").partition(";")[0].strip().lower(),
            tag=as_tag(headers.get("etag", "")),
            location=headers.get("location"),
            retry_after=retry_after(headers.get("retry-after", ""), headers.get("date", ""), now),
        )


def as_tag(text: str) -> str:
    """``text`` where it can be sent back as an entity tag, else nothing."""
    return text if _TAG.fullmatch(text) else ""
