"""The examples of a page: what stands in its fenced blocks, and what a reader does with each."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COMMANDS, TRANSCRIPT, SETTINGS = "sh", "console", "toml"
"""Languages of blocks: lines for a shell, the same with what they print, files of ours."""
NOT_RUN = re.compile(r"not run: (?P<why>.+)")
RUNS_ON = "runs until it is stopped"

_FENCE = re.compile(
    r"^(?:<!-- example: (?P<how>[^\n]*?) -->\n\n?)?"
    r"```(?P<language>\w*)(?: title=\"(?P<title>[^\"]+)\")?\n(?P<text>.*?)^```$"
    r"(?:\n\n\| press \| what you see \|\n\| --- \| --- \|\n(?P<keys>(?:\|[^\n]*\|\n)+))?",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Press:
    """A row of a table of keys: what is typed on the board, and what is on the screen then."""

    keys: tuple[str, ...]
    seen: tuple[str, ...]


@dataclass(frozen=True)
class Example:
    """One block."""

    page: Path
    line: int
    language: str
    title: str
    """The name of the file that it is."""
    text: str
    how: str
    """What a comment before it says about running it; nothing for most."""
    presses: tuple[Press, ...]
    """What is done on the board that it opens."""

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"{self.page.name}:{self.line}"

    @property
    def is_for_a_shell(self) -> bool:
        """Whether it is typed at a prompt."""
        return self.language in (COMMANDS, TRANSCRIPT)

    @property
    def steps(self) -> list[tuple[str, str | None]]:
        """What is typed, and what is printed then; ``None`` where the page does not show it."""
        if self.language == COMMANDS:
            return [(self.text, None)]
        steps: list[tuple[str, str | None]] = []
        for part in re.split(r"^\$ ", self.text, flags=re.MULTILINE)[1:]:
            command, _, printed = re.sub(r"\\\n> ", " ", part).partition("\n")
            steps.append((command, printed))
        return steps

    @property
    def commands(self) -> Iterator[list[str]]:
        """The words of each call of ``fdtui``."""
        for typed, _ in self.steps:
            for line in typed.replace("\\\n", " ").splitlines():
                words = shlex.split(line, comments=True)
                for at, word in enumerate(words):
                    if word == "fdtui" and (at == 0 or words[at - 1] in {"|", "&&", ";", "||", "then"}):
                        end = (
                            i for i, w in enumerate(words) if i > at and w[0:1] in {"|", ">", "&", ";"}
                        )
                        yield words[at + 1 : next(end, len(words))]


def examples(page: Path) -> list[Example]:
    """The blocks of a page, from top to bottom."""
    text = page.read_text("utf-8")
    return [
        Example(
            page,
            text.count("\n", 0, found.start("text")) + 1,
            found["language"],
            found["title"] or "",
            found["text"],
            found["how"] or "",
            tuple(map(_press, (found["keys"] or "").splitlines())),
        )
        for found in _FENCE.finditer(text)
    ]


def _press(row: str) -> Press:
    keys, seen = row.strip("|").split("|", 1)
    return Press(tuple(re.findall(r"`([^`]+)`", keys)), tuple(re.findall(r"\*\*([^*]+)\*\*", seen)))


def as_pattern(printed: str) -> re.Pattern[str]:
    """What a page shows of the output: ``…`` in a line stands for anything, alone for any lines."""
    lines = [
        r"(?:.*\n)*?" if line == "…" else re.escape(line).replace("…", ".*") + "\n"
        for line in printed.splitlines()
    ]
    return re.compile("".join(lines))
