"""What a fresh interpreter loads: the first frame must not wait for what it does not need."""

import json
import subprocess
import sys

HEAVY = ("httpx", "pydantic", "sqlalchemy", "starlette", "uvicorn", "click", "tomlkit", "markdown_it")


def loaded_by(statement: str) -> set[str]:
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(run.stdout.splitlines()[-1]))


def test_the_screen_and_the_session_load_nothing_heavy() -> None:
    loaded = loaded_by("import fdtui.tui.app, fdtui.sync.session")
    assert not loaded & set(HEAVY)


def test_the_core_loads_neither_a_loop_nor_a_screen() -> None:
    loaded = loaded_by(
        "import fdtui.core.update, fdtui.core.board, fdtui.core.keymap, fdtui.core.commands"
    )
    assert not loaded & {*HEAVY, "asyncio", "textual", "rich", "socket", "sqlite3"}


def test_the_demo_is_on_the_screen_before_its_server_is_loaded() -> None:
    loaded = loaded_by(
        "from fdtui import wiring\n"
        "app = wiring.board(wiring.demo_session())\n"
        "assert app.session.state.loaded and len(app.session.state.shown) > 10"
    )
    assert not loaded & (set(HEAVY) - {"click"})


def test_settings_without_a_file_load_nothing_heavy() -> None:
    loaded = loaded_by("import fdtui.config.settings, fdtui.config.paths")
    assert not loaded & {*HEAVY, "textual"}
