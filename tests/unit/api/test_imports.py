from __future__ import annotations

import subprocess
import sys


def test_the_library_comes_without_its_command_line() -> None:
    code = (
        "import fdtui.api, sys;"
        "print([m for m in ('rich', 'click', 'pydantic', 'textual', 'fdtui.sync') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
