"""The pages of the documentation, and their generated blocks.

A block stands between two comments; what is outside of them is written by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.docs import api, commands, keys, licences, settings, workflow_file

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
README = ROOT / "README.md"
PAGES = (README, *sorted(DOCS.rglob("*.md")))

BLOCKS: dict[str, Callable[[], Iterator[str]]] = {
    "keys of the board": keys.board,
    "keys of panes": keys.panes,
    "keys of dialogs": keys.dialogs,
    "settings": settings.settings,
    "variables": settings.variables,
    "exit codes": settings.exit_codes,
    "filter language": settings.language,
    "common options": commands.common,
    "commands": commands.reference,
    "workflow file": workflow_file.sections,
    "steps": workflow_file.steps,
    "operations": api.operations,
    "shapes": api.shapes,
    "licences": licences.licences,
}
"""What writes each block."""
_BLOCK = re.compile(
    r"<!-- (?P<name>[a-z ]+): written by .*? -->\n.*?<!-- end of (?P=name) -->", re.DOTALL
)


def made(path: Path) -> str:
    """The page with its blocks as they should be; raises `KeyError` for a block that nothing writes."""
    return _BLOCK.sub(lambda found: _block(found["name"]), path.read_text("utf-8"))


def blocks(path: Path) -> list[str]:
    """The names of the blocks of a page."""
    return [found["name"] for found in _BLOCK.finditer(path.read_text("utf-8"))]


def _block(name: str) -> str:
    text = "\n".join(BLOCKS[name]()).rstrip("\n")
    return f"<!-- {name}: written by `python -m tests.docs` -->\n\n{text}\n\n<!-- end of {name} -->"
