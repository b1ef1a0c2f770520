"""Web addresses to attach from, as people type them. Pure."""

from __future__ import annotations

from fdtui.core.safetext import quoted
from fdtui.tui.toolkit.picker import Item

SHORTEST_ADDRESS = len("https://x.")


def read_address(text: str) -> tuple[str, str]:
    """An address as people type it, and the name that may stand behind it."""
    url, _, name = text.strip().partition(" ")
    if "://" not in url and "." in url.partition("/")[0]:
        url = f"https://{url}"
    return url, name.strip()


def address_item(text: str) -> Item | None:
    """The choice that what is typed amounts to; ``None`` while it is no address."""
    url, name = read_address(text)
    if len(url) <= SHORTEST_ADDRESS or not url.lower().startswith(("https://", "http://")):
        return None
    under = f" and call it {quoted(name)}" if name else ""
    return Item(text.strip(), f"let the server fetch {url}{under}")
