"""Makes the moving picture of the README: triage in the demo, with undo, as one SVG without a script.

`python -m tests.screenshots` writes it beside the others; python -m tests.film SECONDS prints the still
picture at that time, to look at.

The board is really used; after each step its lines are kept. A line that several frames share is drawn
once, and style sheets show and hide the lines in turns. Whoever wants no motion sees the first frame.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, field
from html import escape

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from fdtui import wiring
from fdtui.sync.session import SessionOptions
from fdtui.tui.preferences import Look
from tests.flows.driver import Driver, running
from tests.screenshots import same_everywhere
from tests.terminal.painted import painted

NAME, COLUMNS, LINES = "triage.svg", 100, 28
CELL_WIDTH, LINE_HEIGHT, FONT_SIZE, MARGIN, CAPTION_HEIGHT = 9.6, 20, 16, 12, 46
GROUND, FRAME, TEXT, ACCENT = "#12151c", "#2b3240", "#d8dee9", "#7aa2f7"


@dataclass(frozen=True)
class Step:
    """Keys, what they do, how long one looks at it, and what is on the screen by then."""

    keys: tuple[str, ...]
    caption: str
    seconds: float
    seen: str = ""


STEPS = (
    Step((), "A queue of bugs", 1.6),
    Step(("T",), "triage: one task at a time", 1.7, "1 of 24"),
    Step(("2",), "take it, and on to the next", 1.8, "✓ Take it"),
    Step(("space",), "skip this one", 1.3, "3 of 24"),
    Step(("I",), "assign it to me …", 1.5, "→ Example User"),
    Step(("u",), "… and undo", 1.8, "Undone"),
    Step(("s",), "snooze", 1.1, "For an hour"),
    Step(("h",), "for an hour", 1.5, "Snoozed until"),
    Step(("q",), "back on the board: one bug is mine", 2.7, "● In Progress"),
)


@dataclass
class Film:
    """The lines of all frames."""

    steps: tuple[Step, ...] = STEPS
    frames: list[list[str]] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return sum(step.seconds for step in self.steps)

    def variants(self) -> dict[tuple[int, str], list[bool]]:
        """Each different line, by where it is, and in which frames it is seen."""
        found: dict[tuple[int, str], list[bool]] = {}
        for at, frame in enumerate(self.frames):
            for place, line in enumerate(frame):
                found.setdefault((place, line), [False] * len(self.frames))[at] = True
        return found

    def svg(self, at: float | None = None) -> str:
        """All of it; or what is seen ``at`` a time, in seconds."""
        rules, body = [], []
        now = None if at is None else self._frame_at(at)
        for (_, line), seen in self.variants().items():
            if now is not None:
                body += [line] * seen[now]
            elif all(seen):
                body.append(line)
            else:
                name = f"v{len(rules)}"
                rules.append(self._rule(name, seen))
                first = "" if seen[0] else ' visibility="hidden"'
                body.append(f'<g class="{name}"{first}>{line}</g>')
        width = COLUMNS * CELL_WIDTH + 2 * MARGIN
        height = LINES * LINE_HEIGHT + 2 * MARGIN + CAPTION_HEIGHT
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}">',
                "<title>Triage in fdtui, with undo</title>",
                "<style>",
                f'text{{font:{FONT_SIZE}px "Fira Code","DejaVu Sans Mono",Menlo,Consolas,monospace;'
                "white-space:pre}.b{font-weight:bold}.i{font-style:italic}.u{text-decoration:underline}",
                "@media (prefers-reduced-motion:no-preference){",
                *rules,
                "}</style>",
                f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{GROUND}" stroke="{FRAME}"/>',
                *body,
                "</svg>\n",
            ]
        )

    def _rule(self, name: str, seen: list[bool]) -> str:
        began, marks = 0.0, []
        for at, step in enumerate(self.steps):
            if at == 0 or seen[at] != seen[at - 1]:
                share = round(100 * began / self.seconds, 2)
                marks.append(f"{share:g}%{{visibility:{'visible' if seen[at] else 'hidden'}}}")
            began += step.seconds
        return (
            f"@keyframes {name}{{{''.join(marks)}}}"
            f".{name}{{animation:{name} {self.seconds:g}s step-end infinite}}"
        )

    def _frame_at(self, at: float) -> int:
        began = 0.0
        for number, step in enumerate(self.steps):
            began += step.seconds
            if at < began:
                return number
        return len(self.steps) - 1


def line_of(strip: Strip, place: int) -> str:
    """A line of the terminal: its grounds, then its texts, each held to its cells."""
    grounds, texts, x = [], [], 0
    for segment in strip:
        width = segment.cell_length
        _, ground = _colours(segment.style or Style())
        if grounds and grounds[-1][2] == ground:
            grounds[-1][1] += width
        else:
            grounds.append([x, width, ground])
        if segment.text.strip():
            texts.append(_text(segment, x, place))
        x += width
    top = MARGIN + place * LINE_HEIGHT
    rects = [
        f'<rect x="{MARGIN + at * CELL_WIDTH:g}" y="{top:g}" width="{width * CELL_WIDTH:g}"'
        f' height="{LINE_HEIGHT}" fill="{ground}"/>'
        for at, width, ground in grounds
        if ground != GROUND
    ]
    return "".join(rects + texts)


def _text(segment: Segment, x: int, place: int) -> str:
    text, style, width = segment.text, segment.style or Style(), segment.cell_length
    colour, _ = _colours(style)
    marks = "".join(
        letter
        for letter, is_set in (("b", style.bold), ("i", style.italic), ("u", style.underline))
        if is_set
    )
    shown = text.strip()
    x += len(text) - len(text.lstrip())
    width -= len(text) - len(shown)
    name = f' class="{" ".join(marks)}"' if marks else ""
    y = MARGIN + place * LINE_HEIGHT + FONT_SIZE - 1
    return (
        f'<text x="{MARGIN + x * CELL_WIDTH:g}" y="{y:g}" fill="{colour}"{name}'
        f' textLength="{width * CELL_WIDTH:g}" lengthAdjust="spacingAndGlyphs">{escape(shown)}</text>'
    )


def _colours(style: Style) -> tuple[str, str]:
    colour = style.color.get_truecolor().hex if style.color else TEXT
    ground = style.bgcolor.get_truecolor().hex if style.bgcolor else GROUND
    return (ground, colour) if style.reverse else (colour, ground)


def caption_of(step: Step) -> str:
    """The line below the terminal: the key that was pressed, and what it does."""
    top = LINES * LINE_HEIGHT + 2 * MARGIN
    x: float = MARGIN + 6
    parts = []
    for key in step.keys:
        width = len(key) * CELL_WIDTH + 18
        parts.append(
            f'<rect x="{x:g}" y="{top:g}" width="{width:g}" height="30" rx="6" fill="{FRAME}"/>'
            f'<text class="b" x="{x + 9:g}" y="{top + 21:g}" fill="{ACCENT}">{escape(key)}</text>'
        )
        x += width + 10
    parts.append(f'<text x="{x:g}" y="{top + 21:g}" fill="{TEXT}">{escape(step.caption)}</text>')
    return "".join(parts)


async def film() -> Film:
    """Use the board, and keep what is seen."""
    made = Film()
    session = wiring.demo_session(SessionOptions(workflow="Bug triage", me=wiring.DEMO_USER))
    with same_everywhere():
        async with running(session, (COLUMNS, LINES), Look(theme="dark", motion=False)) as driver:
            await driver.until(lambda: session.state.connection == "live")
            for step in made.steps:
                await _do(driver, step)
                lines = [line_of(strip, at) for at, strip in enumerate(painted(driver.app.screen))]
                made.frames.append([*lines, caption_of(step)])
    return made


async def _do(driver: Driver, step: Step) -> None:
    await driver.press(*step.keys)
    await driver.settle()
    await driver.until(lambda: step.seen in driver.screen)


if __name__ == "__main__":
    print(asyncio.run(film()).svg(float(sys.argv[1])))
