"""No module imports itself by way of others, and a fresh interpreter loads only what it needs.

What the rooms may import of each other is held by import-linter's contracts in `pyproject.toml`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

from fdtui.server import seed
from fdtui.server.store import open_store
from tests.contract.test_serve import running

HEAVY = ("httpx", "pydantic", "sqlalchemy", "starlette", "uvicorn", "click", "tomlkit", "markdown_it")


def loaded_by(statement: str, environ: Mapping[str, str] | None = None) -> set[str]:
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environ
    )
    return set(json.loads(run.stdout.splitlines()[-1]))


def test_no_modules_import_each_other_not_even_for_their_types() -> None:
    graph = grimp.build_graph("fdtui", exclude_type_checking_imports=False, cache_dir=None)
    imported = {name: graph.find_modules_directly_imported_by(name) for name in graph.modules}
    assert "fdtui.sync.session" in imported["fdtui.tui.host"], "imports for types count"
    try:
        TopologicalSorter(imported).prepare()
    except CycleError as error:
        circle = " is imported by ".join(error.args[1])
        pytest.fail(f"{circle}: pass in what one of them needs, or let it take a Protocol")


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


@pytest.mark.parametrize(
    "statement", ["import fdtui.server.http.app", "import fdtui.server.workflow_apply"]
)
def test_the_server_waits_for_no_model(statement: str) -> None:
    assert "pydantic" not in loaded_by(statement)


def test_a_remote_list_of_tasks_needs_no_model(tmp_path: Path) -> None:
    options = json.dumps({"db": f"sqlite:///{tmp_path / 'x.db'}", "port": 0, "demo": True})
    with running(options, 2) as (_, said):
        environ = {
            **os.environ,
            **said,
            "FDTUI_HOME": str(tmp_path / "home"),
            "FDTUI_WORKFLOW": "2ylSaZ",
        }
        loaded = loaded_by(
            "import sys\n"
            "from fdtui.cli.commands import fdtui\n"
            "assert not fdtui(['task', 'list', '--json'], standalone_mode=False)",
            environ,
        )
    assert "httpx" in loaded
    assert not loaded & {"pydantic", "sqlalchemy", "textual", "starlette", "fdtui.sync.session"}
    assert not {name for name in loaded if name.startswith("fdtui.server.")}


def test_a_local_list_of_tasks_needs_no_server(tmp_path: Path) -> None:
    database = tmp_path / "mine.db"
    store = open_store(f"sqlite:///{database}")
    seed.fill(store)
    store.close()
    config = tmp_path / "config.toml"
    config.write_text(f"[profiles.mine]\nlocal = true\ndatabase = '{database}'\nworkflow = '2ylSaZ'\n")
    loaded = loaded_by(
        "from fdtui.cli.commands import fdtui\n"
        "assert not fdtui(['task', 'list', '--json'], standalone_mode=False)",
        {**os.environ, "FDTUI_HOME": str(tmp_path), "FDTUI_CONFIG": str(config)},
    )
    assert "sqlite3" in loaded
    assert not loaded & {*HEAVY, "textual", "fdtui.sync.session"} - {"click"}


def test_a_local_workspace_begins_without_models(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'local.db'}"
    loaded = loaded_by(
        "from fdtui.server import seed\n"
        "from fdtui.server.store import open_store\n"
        f"store = open_store({url!r})\n"
        "seed.local(store, 'bugs', with_examples=True)\n"
        "store.close()"
    )
    assert "sqlalchemy" in loaded
    assert "pydantic" not in loaded


def test_the_version_is_said_without_a_command_line() -> None:
    loaded = loaded_by(
        "import sys\n"
        "from fdtui.cli.main import main\n"
        "sys.argv = ['fdtui', '--version']\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as ended:\n"
        "    assert not ended.code"
    )
    assert not loaded & {*HEAVY, "asyncio", "logging", "pathlib"}
    assert {name for name in loaded if name.startswith("fdtui")} == {
        "fdtui",
        "fdtui.cli",
        "fdtui.cli.main",
    }


@pytest.mark.parametrize("words", ["fdtui ta", "fdtui task l", "fdtui --re"])
def test_a_word_is_completed_without_what_the_commands_need(words: str, tmp_path: Path) -> None:
    said = {"_FDTUI_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    loaded = loaded_by(
        "import sys\n"
        "from fdtui.cli.main import main\n"
        "sys.argv = ['fdtui']\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as ended:\n"
        "    assert not ended.code",
        {**os.environ, **said, "FDTUI_HOME": str(tmp_path)},
    )
    assert "click" in loaded
    assert not loaded & {*HEAVY, "asyncio", "ssl", "fdtui.cli.client", "fdtui.cli.files"} - {"click"}


def test_the_last_frame_is_painted_before_anything_else_is_loaded() -> None:
    before, loaded = (
        loaded_by(""),
        loaded_by("import fdtui.launch.start, termios, signal, select, _blake2"),
    )
    ours = {name for name in loaded if name.startswith("fdtui")}
    assert ours == {"fdtui", "fdtui.launch", "fdtui.launch.kept_frame", "fdtui.launch.start"}
    slow = {*HEAVY, "textual", "rich", "asyncio", "logging", "pathlib", "typing", "threading", "hashlib"}
    assert not (loaded - before) & slow


@pytest.mark.parametrize("argument", ["", "demo"])
def test_the_board_needs_no_command_line_but_for_arguments(argument: str, tmp_path: Path) -> None:
    loaded = loaded_by(
        "import sys\n"
        "from fdtui.cli.main import main\n"
        f"sys.argv = ['fdtui', *{argument!r}.split()]\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as ended:\n"
        "    assert ended.code == 2",  # there is no terminal
        {**os.environ, "FDTUI_HOME": str(tmp_path)},
    )
    assert ("click" in loaded) is bool(argument)


LATE = (set(HEAVY) - {"tomlkit"}) | {
    "smtplib",
    "tomlkit",
    "fdtui.server.store.database",
    "fdtui.api.transport",
}
"""What no first frame may wait for."""
UNSEEN = {
    "importlib.metadata",
    "textual.widgets._input",
    "textual.widgets._tree",
    "fdtui.sync.files.transfers",
    "fdtui.tui.files",
    "fdtui.tui.forms",
    "fdtui.tui.toolkit.picker",
    "fdtui.tui.toolkit.question",
    "fdtui.tui.triage",
    "fdtui.tui.waiting",
    "fdtui.tui.welcome",
}
"""What a board that is just live does not show or use yet."""


PROFILE = """
import os
from fdtui import wiring
from fdtui.cli.setup import settings_of
from fdtui.config.load import Options
from fdtui.config.paths import find_folders
settings, folders = settings_of(Options(), with_keys=True), find_folders(os.environ)
app = wiring.profile_board(settings, folders, os.environ, note=print)
"""
DEMO = "from fdtui import wiring\napp = wiring.board(wiring.demo_session())"
LIVE = """
import asyncio, json, sys
async def until_live():
    live = asyncio.get_running_loop().create_future()
    def look(state):
        if state.loaded and state.connection.value == "live" and not live.done():
            live.set_result(sorted(sys.modules))
    app.session.on_change = look
    run = asyncio.create_task(app.session.run())
    async with asyncio.timeout(120):
        print(json.dumps(await live))
    run.cancel()
    await asyncio.wait([run])
asyncio.run(until_live())
sys.exit()
"""
"""Says what is loaded when the board is first live, and ends."""


def profile_environ(home: Path, profile: str) -> dict[str, str]:
    config = home / "config.toml"
    config.write_text(f"[profiles.mine]\n{profile}\n")
    own = {"FDTUI_HOME": str(home), "FDTUI_CONFIG": str(config), "FDTUI_API_KEY": "k" * 40}
    return {**os.environ, **own}


@pytest.mark.parametrize("profile", ["local = true", "url = 'http://localhost:9'"])
def test_the_first_frame_of_a_profile_loads_nothing_heavy(profile: str, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "mine.db").touch(0o600)
    loaded = loaded_by(PROFILE, profile_environ(tmp_path, profile))
    assert not loaded & {*LATE, *UNSEEN}
    assert not {name for name in loaded if name.startswith("fdtui.server.")}


def test_a_local_board_is_live_before_its_server_is_loaded(tmp_path: Path) -> None:
    database = tmp_path / "mine.db"
    store = open_store(f"sqlite:///{database}")
    seed.fill(store)
    store.close()
    environ = profile_environ(tmp_path, f"local = true\ndatabase = '{database}'")
    for start in ("the first", "from the cache"):
        loaded = loaded_by(PROFILE + LIVE, environ)
        assert "fdtui.server.store.direct" in loaded, start
        assert not loaded & {*LATE, *UNSEEN, "fdtui.server.seed", "fdtui.server.http.app"}, start


def test_a_remote_board_is_live_with_its_client_alone(tmp_path: Path) -> None:
    options = json.dumps({"db": f"sqlite:///{tmp_path / 'x.db'}", "port": 0, "demo": True})
    with running(options, 2) as (_, said):
        environ = profile_environ(tmp_path, f"url = '{said['FDTUI_URL']}'") | said
        loaded = loaded_by(PROFILE + LIVE, environ)
        again = loaded_by(PROFILE + LIVE, environ)
    assert "httpx" in loaded
    assert not loaded & (LATE - {"httpx", "fdtui.api.transport"})
    assert "fdtui.api.first_question" in again
    assert not again & {*LATE, *UNSEEN, "httpcore", "anyio"}  # one question was enough, without a client
    assert not loaded & UNSEEN
    for each in (loaded, again):
        assert not {name for name in each if name.startswith("fdtui.server.")}


def test_the_demo_is_live_with_what_fills_and_serves_it() -> None:
    loaded = loaded_by(DEMO + LIVE)
    needed = {"sqlalchemy", "starlette", "httpx", "fdtui.api.transport", "fdtui.server.store.database"}
    assert needed <= loaded  # its workspace is made anew each time, and by the store
    assert not loaded & (LATE - needed)
