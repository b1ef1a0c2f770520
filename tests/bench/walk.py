"""A walk over the board at the far end of slow links: the lag of each step, and its bytes.

python -m tests.bench.walk [BITS A SECOND] [SECONDS THERE AND BACK]

It starts the demo, walks, opens a card, filters and moves a card. Without arguments it goes over 9,600
bit/s with 0.2 s there and back, and over 64 kbit/s with 0.1 s. A step takes from its last key to the
first and to the last byte that arrives; ``bare`` is what the link itself takes for these bytes.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time

from tests.bench.far import Far

LINKS = ((9_600, 0.2), (64_000, 0.1))
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("one card down", ("j",)),
    ("one up", ("k",)),
    ("the next column", ("l",)),
    ("back", ("h",)),
    ("the end of the column", ("G",)),
    ("its top", ("g", "g")),
    ("open the card", ("enter",)),
    ("close it", ("escape",)),
    ("begin a filter", ("/",)),
    ("its first letter", ("e",)),
    ("two more", ("x", "p")),
    ("keep it", ("enter",)),
    ("drop it", ("escape",)),
    ("move the card on", ("L",)),
    ("take that back", ("u",)),
    ("help", ("?",)),
    ("close it again", ("escape",)),
)
HELD, RATE = 90, 30
"""Keys of a held ``j``, and how many a second."""


def walk(rate: float, rtt: float) -> None:
    """Print the steps over a link of ``rate`` bytes a second."""
    quiet = 2 * rtt + 1.0

    def row(name: str, first: float, last: float, size: float) -> None:
        told = f"{first * 1000:,.0f} ms" if first else ""
        bare = (size / rate + rtt) * 1000
        print(
            f"| {name} | {told} | {last * 1000:,.0f} ms | {bare:,.0f} ms | {size:,.0f} B |", flush=True
        )

    argv = [sys.executable, "-m", "fdtui", "demo"]
    with (
        tempfile.TemporaryDirectory() as home,
        Far(argv, rate, rtt, environ={"FDTUI_HOME": home}) as program,
    ):
        program.first_paint(b"live", 120)
        program.settle(quiet, 60)
        row("start, until it is live", 0.0, program.heard - program.began, len(program.output))
        for name, keys in STEPS:
            program.forget()
            for key in keys:
                program.press(key)
                pressed = time.monotonic()
                if len(keys) > 1:
                    program.read(0.1)
            first = 0.0
            while program.read(quiet if first or program.output else 3.0):
                first = first or program.heard - pressed
            row(name, first, max(0.0, program.heard - pressed), len(program.output))
        program.forget()
        began = time.monotonic()
        for number in range(HELD):
            while (left := began + number / RATE - time.monotonic()) > 0:
                program.read(left)
            program.press("jk"[number % 2])
        released = time.monotonic()
        program.settle(quiet, 60)
        lag = max(0.0, program.heard - released)
        row(f"{HELD} moves in 3 s, bytes of each", 0.0, lag, len(program.output) / HELD)
        program.press("q")
        program.settle(quiet, 30)


def main() -> None:
    """Print a table for each link."""
    os.environ.pop("ESCDELAY", None)
    given = [float(each) for each in sys.argv[1:3]]
    for bits, rtt in [(given[0], given[1] if len(given) > 1 else 0.1)] if given else LINKS:
        print(
            f"\n| {bits:,.0f} bit/s, {rtt:g} s there and back | first byte | last byte | bare | bytes |"
        )
        print("| --- | ---: | ---: | ---: | ---: |")
        walk(bits / 8, rtt)


if __name__ == "__main__":
    main()
