"""Headers of a request, found by name: Starlette looks through all of them for each that is wanted."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import Headers
from starlette.types import Scope


class FoundHeaders(Headers):
    """The same headers, put in order once."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope=scope)
        self._found: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            self._found.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))

    def getlist(self, key: str) -> list[str]:
        """All values under a name, however its letters are written."""
        return list(self._found.get(key.lower(), ()))

    def get(self, key: str, default: Any = None) -> Any:
        """The first value under a name."""
        found = self._found.get(key.lower())
        return default if found is None else found[0]

    def __getitem__(self, key: str) -> str:
        return self._found[key.lower()][0]

    def __contains__(self, key: Any) -> bool:
        return key.lower() in self._found
