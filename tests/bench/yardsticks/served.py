"""Our server as a process; without a second word its change feed is not there, as on Flowdash itself.

python served.py DATABASE-URL [has-feed]
"""

import sys
from typing import Any

from fdtui.server.http import serve as serving


class WithoutFeed:
    """An application that does not name its feed, and does not know it."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def __getattr__(self, name: str) -> Any:
        return getattr(self.app, name)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"].endswith("/changes"):
            scope = {**scope, "path": "/nowhere", "raw_path": b"/nowhere"}

        async def passing(message: Any) -> None:
            if message["type"] == "http.response.start":
                kept = [each for each in message["headers"] if each[0].lower() != b"changes-token"]
                message = {**message, "headers": kept}
            await send(message)

        await self.app(scope, receive, passing)


def main(database: str, has_feed: str = "") -> None:
    if not has_feed:
        make = serving.create_app
        serving.create_app = lambda *a, **k: WithoutFeed(make(*a, **k))  # type: ignore[assignment, return-value]
    serving.serve(db=database, port=0, announce=lambda line: print(line, flush=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
