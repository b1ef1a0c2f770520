"""Judges that nothing is lost, at their full length."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path


def _kills(options: argparse.Namespace) -> bool:
    from tests.chaos.kills import run

    tally = run(
        options.count,
        options.seed,
        keep=options.keep,
        lives=options.lives,
        jobs=options.jobs,
        is_local=options.local,
        progress=partial(print, flush=True),
    )
    print(*tally.problems, tally, sep="\n")
    return tally.is_clean


def _cuts(options: argparse.Namespace) -> bool:
    from tests.chaos.cuts import run

    outcomes = run(options.count, options.seed, say=partial(print, flush=True))
    for outcome in outcomes:
        print(*outcome.problems, outcome, sep="\n")
    return not any(outcome.problems for outcome in outcomes)


def _disk(options: argparse.Namespace) -> bool:
    from tests.chaos.failing_disk import build

    if "chaos_arm" not in os.environ:
        with tempfile.TemporaryDirectory(prefix="chaos") as folder:
            library = build(Path(folder))
            environ = {**os.environ, "LD_PRELOAD": str(library), "chaos_arm": "1"}
            command = [sys.executable, "-m", "tests.chaos", *sys.argv[1:]]
            return subprocess.run(command, check=False, env=environ).returncode == 0
    from tests.chaos.disk import run

    tally = run(step=options.step, say=partial(print, flush=True))
    print(*tally.problems, tally, sep="\n")
    return not tally.problems


def _four(options: argparse.Namespace) -> bool:
    from tests.chaos.four import run

    counts = [run(options.count, offline=offline) for offline in (False, True)]
    for count in counts:
        print(*count.problems, count, sep="\n")
    return not any(count.problems for count in counts)


def _server(options: argparse.Namespace) -> bool:
    environ = {**os.environ, "FDTUI_CRASHES": str(options.count)}
    test = "tests/contract/test_crash.py"
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", test]
    return subprocess.run(command, check=False, env=environ).returncode == 0


def main() -> int:
    """What the arguments ask for; 1 where the promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    commands = parser.add_subparsers(required=True)
    kills = commands.add_parser("kills", help="end the program at random moments")
    kills.add_argument("count", type=int, nargs="?", default=1000)
    kills.add_argument("--seed", type=int, default=1, help="of the first episode; each has the next")
    kills.add_argument("--lives", type=int, default=20, help="ends in one episode")
    kills.add_argument("--jobs", type=int, default=1, help="episodes at the same time")
    kills.add_argument("--keep", type=Path, help="a folder for the transcripts of what went wrong")
    kills.add_argument("--local", action="store_true", help="a workspace in a file, without a network")
    kills.set_defaults(run=_kills)
    cuts = commands.add_parser("cuts", help="cut requests and answers after any byte")
    cuts.add_argument("count", type=int, nargs="?", default=10_000)
    cuts.add_argument("--seed", type=int, default=1)
    cuts.set_defaults(run=_cuts)
    disk = commands.add_parser("disk", help="make each call that writes the journal fail")
    disk.add_argument("--step", type=int, default=1, help="only every so many-th call")
    disk.set_defaults(run=_disk)
    four = commands.add_parser("four", help="four processes with one journal")
    four.add_argument("count", type=int, nargs="?", default=500, help="edits, a multiple of 20")
    four.set_defaults(run=_four)
    server = commands.add_parser("server", help="kill -9 of the server while it is written to")
    server.add_argument("count", type=int, nargs="?", default=60)
    server.set_defaults(run=_server)
    options = parser.parse_args()
    return 0 if options.run(options) else 1


if __name__ == "__main__":
    sys.exit(main())
