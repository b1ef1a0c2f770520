"""The JSON Schemas that ship in the package; ``python -m tests.schemas`` writes them."""

from __future__ import annotations

import json
from pathlib import Path

from fdtui.config import schema as config
from fdtui.server.shapes import workflow
from fdtui.server.workflow.exporting import SCHEMA

PACKAGE = Path(__file__).parents[1] / "fdtui"


def made() -> dict[Path, str]:
    """Each file with what it should hold."""
    schemas = {
        PACKAGE / "config" / config.NAME: config.schema(),
        PACKAGE / "server" / "shapes" / SCHEMA: workflow.schema(),
    }
    return {
        path: json.dumps(each, indent=1, ensure_ascii=False) + "\n" for path, each in schemas.items()
    }


if __name__ == "__main__":
    for path, text in made().items():
        path.write_text(text, "utf-8")
