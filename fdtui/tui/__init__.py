"""The screen: draws a `State` and says what the user wants. The only room that knows Textual."""

from __future__ import annotations

import sys
from types import ModuleType


def _stand_in(name: str) -> type:
    if name.startswith("_"):
        raise AttributeError(name)
    return type(name, (), {})


# Textual imports its command palette, and with it a tree, an input and seven more widgets, which is a
# tenth of its imports. Ours is another one, so an empty module stands there; it has to be said first.
_palette = ModuleType("textual.command")
_palette.__getattr__ = _stand_in  # type: ignore[method-assign]
sys.modules.setdefault("textual.command", _palette)
