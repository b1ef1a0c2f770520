"""Measures what it costs to begin: short commands, and the first frame beside an older checkout.

python -m tests.bench.start [RUNS] [--beside CHECKOUT]

Each row is taken in turns with its yardstick, and the bytecode has to be written before
(`python -m compileall -q fdtui`). Nothing here fails on time.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from fdtui.server.record import Record
from fdtui.server.store import Transaction, open_store, tasks, workspace
from fdtui.server.workflow.definition import parse
from tests.bench.__main__ import in_turn, row
from tests.bench.server import WORKFLOW, running
from tests.bench.watch import Watched

PYTHON = sys.executable
HERE = Path(__file__).parents[2]
PASS = [PYTHON, "-c", "pass"]
SCRIPT = [str(Path(PYTHON).with_name("fdtui"))]
FDTUI = [PYTHON, "-P", "-m", "fdtui"]
TASKS = 200
COUNT = (
    "import sys\n"
    "from fdtui import wiring\n"
    "app = wiring.board(wiring.demo_session())\n"
    "print(sum(name.startswith('fdtui') for name in sys.modules), len(sys.modules))"
)
"""Says how many modules the first frame of the demo has loaded: ours, and all."""


def fill(url: str) -> None:
    """A workflow of `TASKS` tasks."""
    store = open_store(url)

    def work(tx: Transaction) -> None:
        workspace.add(tx, parse(WORKFLOW))
        for n in range(TASKS):
            values = {"id": f"T-{n}", "title": f"Write the report number {n}", "due": "2020-01-31"}
            tasks.add(tx, "w", Record(f"t{n:04d}", "Open", None, f"T-{n}", values))

    store.write(work)
    store.close()


def took(argv: list[str], environ: Mapping[str, str]) -> float:
    """Milliseconds from the start of a command to its end."""
    began = time.perf_counter()
    subprocess.run(argv, env=environ, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - began) * 1000


def work_of(argv: list[str], environ: Mapping[str, str]) -> float:
    """Milliseconds of processor time of a command, which other programs disturb less."""
    process = subprocess.Popen(argv, env=environ, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, argv
    return (used.ru_utime + used.ru_stime) * 1000


def paint(checkout: Path) -> float:
    """Milliseconds to the first cards of the demo of a checkout."""
    with (
        tempfile.TemporaryDirectory() as home,
        Watched([*FDTUI, "demo"], environ={"FDTUI_HOME": home, "PYTHONPATH": str(checkout)}) as program,
    ):
        return program.first_paint(b"Acme Corp") * 1000


def peak(checkout: Path) -> float:
    """Peak MB of the demo of a checkout at its first cards."""
    with (
        tempfile.TemporaryDirectory() as home,
        Watched([*FDTUI, "demo"], environ={"FDTUI_HOME": home, "PYTHONPATH": str(checkout)}) as program,
    ):
        program.first_paint(b"Acme Corp")
        program.settle(3.0, 30)
        return program.memory()


def modules(checkout: Path) -> tuple[int, int]:
    """How many modules of ours, and of all, the first frame of the demo loads."""
    environ = {**os.environ, "PYTHONPATH": str(checkout)}
    run = subprocess.run(
        [PYTHON, "-P", "-c", COUNT], env=environ, capture_output=True, text=True, check=True
    )
    ours, all_of_them = run.stdout.split()
    return int(ours), int(all_of_them)


def commands(runs: int, home: Path) -> None:
    """Print the rows of commands that draw no screen."""
    environ = {**os.environ, "FDTUI_HOME": str(home), "PYTHONPATH": str(HERE)}
    completing = environ | {
        "_FDTUI_COMPLETE": "bash_complete",
        "COMP_WORDS": "fdtui task l",
        "COMP_CWORD": "2",
    }
    fill(f"sqlite:///{home}/served.db")
    local = home / "workspace.db"
    fill(f"sqlite:///{local}")
    settings = home / "mine.toml"
    settings.write_text(f'[profiles.mine]\nlocal = true\ndatabase = "{local}"\n')
    served = [*FDTUI, "serve", "--port", "0", "--db", f"sqlite:///{home}/served.db"]
    with running(served, 2, {"PYTHONPATH": str(HERE)}) as (url, key):
        over_http = environ | {"FDTUI_URL": url, "FDTUI_API_KEY": key}
        on_file = environ | {"FDTUI_CONFIG": str(settings)}
        listing = [*SCRIPT, "task", "list"]
        measured: list[tuple[str, list[str], dict[str, str], str]] = [
            ("`fdtui --version`", [*SCRIPT, "--version"], environ, "≤ 3 × `python -c pass`"),
            ("completion of a word", SCRIPT, completing, "≤ 3 × `python -c pass`"),
            (f"`fdtui task list`, {TASKS} tasks, http", listing, over_http, "≤ 200 ms"),
            (f"`fdtui task list`, {TASKS} tasks, local", listing, on_file, "≤ 200 ms"),
        ]
        for how, measure in (("", took), (", processor", work_of)):
            for name, argv, around, goal in measured:
                ours, bare = in_turn(
                    runs, partial(measure, argv, around), partial(measure, PASS, environ)
                )
                row(name + how, "ms", ours, bare, goal)


def beside(runs: int, checkout: Path) -> None:
    """Print the first frame of this checkout beside that of another one."""
    for name, unit, measure in (
        ("first cards of the demo", "ms", paint),
        ("memory of the demo", "MB", peak),
    ):
        ours, other = in_turn(runs, partial(measure, HERE), partial(measure, checkout))
        row(name, unit, ours, other, "≤ 1.03 × the other checkout")
    for what, ours, other in zip(("ours", "all"), modules(HERE), modules(checkout), strict=True):
        row(f"modules at the first frame, {what}", "", ours, other, "")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("runs", nargs="?", type=int, default=7)
    parser.add_argument("--beside", type=Path)
    asked = parser.parse_args()
    print("| what | fdtui | yardstick | ratio | promised |")
    print("| --- | ---: | ---: | ---: | --- |")
    with tempfile.TemporaryDirectory() as home:
        commands(asked.runs, Path(home))
    if asked.beside:
        beside(asked.runs, asked.beside.resolve())


if __name__ == "__main__":
    main()
