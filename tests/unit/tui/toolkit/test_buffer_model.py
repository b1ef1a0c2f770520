"""The buffer against a plain model: a list of letters, a place among them, a selection."""

import string

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from fdtui.tui.toolkit.text_buffer import TextBuffer
from tests.unit.tui.toolkit.text_keys import press_text

LETTERS = [
    *string.ascii_letters,
    " ",
    "-",
    "é",
    "漢",
    "🇺🇦",
    "👨\u200d👩\u200d👧",
    "e\u0301",
    "\u3000",
    "\xa0",
]


def is_word(letter: str) -> bool:
    return letter[0].isalnum()


class BufferModel(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.buffer = TextBuffer(multiline=True)
        self.letters: list[str] = []
        self.at = 0
        self.anchor: int | None = None
        self.cut: list[str] = []
        self.keys = 0

    def press(self, name: str, character: str | None = None) -> None:
        self.keys += 1
        press_text(self.buffer, name, character)

    @property
    def selected(self) -> tuple[int, int]:
        anchor = self.at if self.anchor is None else self.anchor
        return min(anchor, self.at), max(anchor, self.at)

    def put(self, start: int, end: int, letters: list[str]) -> None:
        self.letters[start:end] = letters
        self.at, self.anchor = start + len(letters), None

    def place(self, name: str) -> int:
        at, letters = self.at, self.letters
        match name.removeprefix("shift+"):
            case "left":
                return max(0, at - 1)
            case "right":
                return min(len(letters), at + 1)
            case "home":
                while at > 0 and letters[at - 1] != "\n":
                    at -= 1
            case "end":
                while at < len(letters) and letters[at] != "\n":
                    at += 1
            case "alt+b":
                while at > 0 and not is_word(letters[at - 1]):
                    at -= 1
                while at > 0 and is_word(letters[at - 1]):
                    at -= 1
            case "alt+f":
                while at < len(letters) and not is_word(letters[at]):
                    at += 1
                while at < len(letters) and is_word(letters[at]):
                    at += 1
            case "ctrl+w":
                while at > 0 and letters[at - 1].isspace():
                    at -= 1
                while at > 0 and not letters[at - 1].isspace():
                    at -= 1
        return at

    @rule(letter=st.sampled_from(LETTERS))
    def type(self, letter: str) -> None:
        self.press(letter, letter)
        self.put(*self.selected, [letter])

    @rule()
    def break_line(self) -> None:
        self.press("enter")
        self.put(*self.selected, ["\n"])

    @rule(name=st.sampled_from(["left", "right", "home", "end", "alt+b", "alt+f"]))
    def move(self, name: str) -> None:
        self.press(name)
        if self.anchor is not None and name in ("left", "right"):
            self.at = self.selected[name == "right"]
        else:
            self.at = self.place(name)
        self.anchor = None

    @rule(name=st.sampled_from(["shift+left", "shift+right", "shift+home", "shift+end"]))
    def select(self, name: str) -> None:
        self.press(name)
        self.anchor = self.at if self.anchor is None else self.anchor
        self.at = self.place(name)

    @rule(name=st.sampled_from(["backspace", "delete"]))
    def delete(self, name: str) -> None:
        self.press(name)
        start, end = self.selected
        if start == end:
            there = self.place("left" if name == "backspace" else "right")
            start, end = min(there, self.at), max(there, self.at)
        self.put(start, end, [])

    @rule(keys=st.sampled_from([("ctrl+u", "home"), ("ctrl+k", "end"), ("ctrl+w", "ctrl+w"),
                                ("alt+backspace", "alt+b"), ("alt+d", "alt+f")]))  # fmt: skip
    def cut_and_put_in(self, keys: tuple[str, str]) -> None:
        self.press("left")  # what was cut before is not added to
        self.at = self.selected[0] if self.anchor is not None else self.place("left")
        self.anchor = None
        key, way = keys
        there = self.place(way)
        start, end = min(there, self.at), max(there, self.at)
        self.press(key)
        self.cut = self.letters[start:end] or self.cut
        self.put(start, end, [])
        assert self.buffer.text == "".join(self.letters)
        if self.cut:
            self.press("ctrl+y")
            self.put(self.at, self.at, self.cut)

    @rule()
    def undo_everything(self) -> None:
        for _ in range(self.keys):
            press_text(self.buffer, "ctrl+_", None)
        assert self.buffer.text == ""
        self.letters, self.at, self.anchor, self.keys = [], 0, None, 0

    @invariant()
    def same(self) -> None:
        start, end = self.selected
        assert self.buffer.text == "".join(self.letters)
        assert self.buffer.caret == len("".join(self.letters[: self.at]))
        places = (len("".join(self.letters[:start])), len("".join(self.letters[:end])))
        assert self.buffer.selection == places


BufferModel.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestBufferModel = BufferModel.TestCase
