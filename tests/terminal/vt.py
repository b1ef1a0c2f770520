"""What a terminal does with the bytes of a program: a picture, and answers to queries."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Callable

import pyte

SEQUENCE = re.compile(
    r"\x1b(?:"
    r"\[(?P<csi>[0-?]*)(?P<inter>[ -/]*)(?P<final>[@-~])"
    r"|\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|[PX^_](?P<string>[^\x1b]*)\x1b\\"
    r"|[ -/]+[0-~]"
    r"|(?P<escape>[0-OQ-WYZ`-~=>78])"
    r")"
    r"|(?P<control>[\x00-\x1a\x1c-\x1f\x7f])"
)
STRING = re.compile(r"\x1b[PX^_\]]")
MAX_STRING = 4_000_000
TEXT = re.compile(r"[^\x00-\x1f\x7f]+")


class Screen(pyte.Screen):
    """A pyte screen whose erased cells have the ground that is set, also those never written."""

    def erase_in_display(self, how: int = 0, *_: object, **__: object) -> None:
        """Erase below, above or all, as ``ED`` says."""
        super().erase_in_line(how if how < 2 else 2)
        y = self.cursor.y
        rows = {0: range(y + 1, self.lines), 1: range(y)}.get(how, range(self.lines))
        for each in rows:
            for x in range(self.columns):
                self.buffer[each][x] = self.cursor.attrs
        self.dirty.update(rows)


class Vt:
    """Keeps the picture in a pyte screen; pyte's own parser prints the tails of what it lacks."""

    def __init__(self, columns: int, rows: int, reply: Callable[[str], None]) -> None:
        self.screen = Screen(columns, rows)
        self.modes: set[int] = set()
        self.oscs: list[str] = []
        self.strings: list[str] = []
        self.attributes = "62;22"
        """What it says that it can do; 4 among them is sixel."""
        self.knows_kitty = False
        """Whether it says that it draws by the kitty graphics protocol."""
        self.cell = ""
        """Height and width of a cell in pixels, ``20;10``, if it tells."""
        self.mute = False
        """Whether it answers nothing when it is asked what it is."""
        self.is_late = False
        """Whether it is behind, and says that a frame is shown only when `answer` is called."""
        self.late = 0
        """Frames that it has not said so of."""
        self._reply = reply
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._tail = ""
        self._actions: dict[str, Callable[..., None]] = {
            "A": self.screen.cursor_up,
            "B": self.screen.cursor_down,
            "C": self.screen.cursor_forward,
            "D": self.screen.cursor_back,
            "G": self.screen.cursor_to_column,
            "d": self.screen.cursor_to_line,
            "J": self.screen.erase_in_display,
            "K": self.screen.erase_in_line,
            "X": self.screen.erase_characters,
            "P": self.screen.delete_characters,
            "@": self.screen.insert_characters,
            "L": self.screen.insert_lines,
            "M": self.screen.delete_lines,
        }

    @property
    def lines(self) -> list[str]:
        """The rows of the screen as text."""
        rows = (self.screen.buffer[y] for y in range(self.screen.lines))
        return ["".join(row[x].data for x in range(self.screen.columns)) for row in rows]

    def feed(self, data: bytes) -> None:
        """Take output of the program."""
        text = self._tail + self._decoder.decode(data)
        self._tail, at = "", 0
        while at < len(text):
            if match := TEXT.match(text, at):
                self.screen.draw(match[0])
            elif match := SEQUENCE.match(text, at):
                self._obey(match)
            elif text[at] == "\x1b" and len(text) - at < (
                MAX_STRING if STRING.match(text, at) else 4096
            ):
                self._tail = text[at:]
                return
            at = match.end() if match else at + 1

    def answer(self) -> None:
        """Say of every frame that it is shown."""
        count, self.late = self.late, 0
        self._reply("\x1b[0n" * count)

    def _obey(self, match: re.Match[str]) -> None:
        if match["control"] is not None:
            action = {
                "\n": self.screen.linefeed,
                "\r": self.screen.carriage_return,
                "\b": self.screen.backspace,
            }
            action.get(match["control"], lambda: None)()
        elif match["final"] is not None:
            self._csi(match["csi"], match["inter"], match["final"])
        elif match["osc"] is not None:
            self.oscs.append(match["osc"])
        elif match["string"] is not None:
            self.strings.append(match["string"])
            if match["string"].startswith("Gi=31,") and self.knows_kitty:
                self._reply("\x1b_Gi=31;OK\x1b\\")
        elif match["escape"] in {"7", "8", "c"}:
            which = {
                "7": self.screen.save_cursor,
                "8": self.screen.restore_cursor,
                "c": self.screen.reset,
            }
            which[match["escape"]]()

    def _csi(self, parameters: str, inter: str, final: str) -> None:
        private = parameters[:1] if parameters[:1] in "<=>?" else ""
        numbers = [int(p) if p.isdigit() else 0 for p in parameters[len(private) :].split(";")]
        if inter == "$" and final == "p":
            known = {2026: 2, 2004: 2, 1004: 2}.get(numbers[0], 0)
            self._reply(f"\x1b[{private}{numbers[0]};{known}$y")
        elif private == "?" and final in "hl":
            self._modes(numbers, on=final == "h")
        elif inter or private:
            if final == "c":
                self._reply("\x1b[>1;4000;0c")
        elif final == "m":
            self.screen.select_graphic_rendition(*numbers)
        elif final in "Hf":
            self.screen.cursor_position(numbers[0] or 1, (numbers[1:] or [1])[0] or 1)
        elif final == "c" and not self.mute:
            self._reply(f"\x1b[?{self.attributes}c")
        elif final == "t" and numbers[0] == 16 and self.cell:
            self._reply(f"\x1b[6;{self.cell}t")
        elif final == "n" and numbers[0] == 5 and not self.mute:
            self.late += 1
            if not self.is_late:
                self.answer()
        elif final == "n" and numbers[0] == 6:
            self._reply(f"\x1b[{self.screen.cursor.y + 1};{self.screen.cursor.x + 1}R")
        elif final in "JK":
            self._actions[final](numbers[0])
        elif final in self._actions:
            self._actions[final](numbers[0] or 1)

    def _modes(self, numbers: list[int], *, on: bool) -> None:
        for mode in numbers:
            (self.modes.add if on else self.modes.discard)(mode)
            if mode in {47, 1047, 1049}:
                self.screen.erase_in_display(2)
