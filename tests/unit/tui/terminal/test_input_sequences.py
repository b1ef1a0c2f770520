"""Nothing between an escape and the end of a sequence is a key, wherever and for how long it is cut."""

import random
import time
from codecs import getincrementaldecoder

import pytest
from textual import events

from fdtui.tui.terminal.input_sequences import ESCAPE_WAIT, Kind, Tokenizer, escape_wait
from fdtui.tui.terminal.parser import PatientParser
from fdtui.tui.toolkit.key_events import Burst, Key

KEYS = {
    "\x1b[A": "up",
    "\x1bOA": "up",
    "\x1b[1;5D": "ctrl+left",
    "\x1b[3~": "delete",
    "\x1b[15~": "f5",
    "\x1b[Z": "shift+tab",
    "\x1b[[A": "f1",
    "\x1bOP": "f1",
    "\x1b[1;2C": "shift+right",
    "\x1b[127;5u": "ctrl+backspace",
    "\x1b[98;3u": "alt+b",
    "\x1b[27u": "escape",
    "\x1b[13;2u": "shift+enter",
    "\x1b[106;1;106u": "j",
    "\x1b[27;5;106~": "ctrl+j",
    "\x1b[1;5:1D": "ctrl+left",
    "\x1b[1;3D": "alt+left",
}
NO_KEYS = (
    "\x1b[I",
    "\x1b[O",
    "\x1b[?62;4;22c",
    "\x1b[>1;4600;0c",
    "\x1b[4;600;900t",
    "\x1b[6;20;9t",
    "\x1b[8;24;80t",
    "\x1b]11;rgb:1e1e/1e1e/2e2e\x07",
    "\x1b]11;rgb:dddd/dddd/dddd\x1b\\",
    "\x1b]52;c;ZGFpbHk=\x1b\\",
    "\x1b[?2026;1$y",
    "\x1b[?2048;0$y",
    "\x1b_Gi=31;OK\x1b\\",
    "\x1bP>|WezTerm daily\x1b\\",
    "\x1bP1+r544e=787465726d\x1b\\",
    "\x1b[?0u",
    "\x1b[?1;0;256S",
    "\x1b[<0;40;12M",
    "\x1b[<0;40;12m",
    "\x1b[<64;4;12M",
    "\x1b[M dy",
    "\x1b[32;40;12M",
    "\x1bOI",
    "\x1bOX",
    "\x1b[97;1:3u",
    "\x1b[57441;2u",
    "\x1b[100~",
    "\x1b[121~",
    "\x1b[68;1y",
    "\x1b[0n",
    "\x1b^daily\x1b\\",
    "\x1bXdaily\x1b\\",
    "\x1b[1$d",
    "\x1b[200~daily\ry\x1b[201~",
)
GAPS = (0, 0.05, 0.13, 0.3)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def typed(*pieces: str, gap: float = 0) -> list[events.Event]:
    """The events of pieces with so many seconds between them, and long after the last."""
    clock = Clock()
    parser = PatientParser(clock=clock)
    found: list[events.Event] = []
    for piece in pieces:
        found += parser.feed(piece)
        end = clock.now + gap
        while (patience := parser.patience) is not None and clock.now + patience <= end:
            clock.now += patience
            found += parser.tick()
        clock.now = end
    clock.now += 10
    return [*found, *parser.tick()]


def keys(*pieces: str, gap: float = 0) -> list[str]:
    return [event.key for event in typed(*pieces, gap=gap) if isinstance(event, events.Key)]


@pytest.mark.parametrize(("sequence", "key"), KEYS.items())
def test_a_whole_sequence_is_its_key(sequence: str, key: str) -> None:
    assert keys(sequence) == [key]


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("sequence", [*KEYS, *NO_KEYS])
def test_a_sequence_cut_anywhere_is_its_key_or_nothing(sequence: str, gap: float) -> None:
    """Behind an escape alone it may be the key escape; what comes later is nothing then."""
    whole = [KEYS[sequence]] if sequence in KEYS else []
    for cut in range(1, len(sequence)):
        wanted = ["escape"] if cut == 1 and gap >= ESCAPE_WAIT else whole
        assert keys(sequence[:cut], sequence[cut:], gap=gap) == wanted, (cut, gap)


@pytest.mark.parametrize("sequence", [*KEYS, *NO_KEYS])
def test_an_unfinished_sequence_is_nothing_and_the_next_key_is_one(sequence: str) -> None:
    for cut in range(2, len(sequence)):
        if "200~" not in sequence[:cut] and not sequence[:cut].endswith("\x1b"):
            assert keys(sequence[:cut], "j", gap=5) in (["j"], [KEYS.get(sequence[:cut]), "j"]), cut


def test_ctrl_c_gets_out_of_every_sequence() -> None:
    for sequence in ("\x1b[", "\x1b[200", "\x1b]11;rgb", "\x1bP", "\x1b_G", "\x1bO", "\x1b[<0;1"):
        assert keys(sequence, "\x03", "j") == ["ctrl+c", "j"], sequence


@pytest.mark.parametrize("gap", [0, 0.02])
@pytest.mark.parametrize("letter", "yj1§d-=b\r\x7f")
def test_escape_and_a_key_are_told_as_both(letter: str, gap: float) -> None:
    (event,) = typed("\x1b", letter, gap=gap)
    assert isinstance(event, Key) and event.behind_escape
    assert event.character == letter


def test_escape_and_a_key_later_are_two_keys() -> None:
    assert keys("\x1b", "y", gap=ESCAPE_WAIT) == ["escape", "y"]
    assert keys("\x1b", "[", gap=0.5) == ["escape", "left_square_bracket"]
    assert keys("\x1b\x1b") == ["escape", "escape"]


def test_escape_is_told_soon() -> None:
    clock = Clock()
    parser = PatientParser(clock=clock)
    assert list(parser.feed("\x1b")) == []
    assert parser.patience is not None and parser.patience < 0.026
    clock.now += parser.patience
    assert [event.key for event in parser.tick() if isinstance(event, events.Key)] == ["escape"]
    assert parser.patience is None


@pytest.mark.parametrize(
    ("said", "seconds"), [("25", 0.025), ("0", 0), ("x", 0.025), ("", 0.025), ("9999", 1)]
)
def test_the_wait_can_be_set_as_for_curses(said: str, seconds: float) -> None:
    assert escape_wait({"ESCDELAY": said}) == seconds


def test_a_paste_is_text_however_it_is_cut() -> None:
    text = "\x1b[200~daily\rstandup \x1b[A\x03 y\x1b[201~"
    for cut in range(2, len(text)):
        if text[cut - 1] == "\x03":
            continue  # there it is the key
        found = typed(text[:cut], text[cut:], gap=0.3)
        assert [event.text for event in found if isinstance(event, events.Paste)] == [
            "daily\rstandup \x1b[A\x03 y"
        ], cut
        assert len(found) == 1


def test_a_paste_without_an_end_ends() -> None:
    found = typed("\x1b[200~abc", "\x03", "j")
    assert [type(event).__name__ for event in found] == ["Paste", "Key"]
    assert keys("\x1b[200~abc", "j", gap=4) == ["j"]
    assert keys("\x1b[200~abc", "daily\x1b[201~j", gap=4) == ["j"], "its rest is none either"


def test_a_long_paste_is_taken_in_time() -> None:
    tokenizer, piece = Tokenizer(), "x" * 4096
    began = time.process_time()
    tokenizer.feed("\x1b[200~", 0)
    for _ in range(2500):
        tokenizer.feed(piece, 0)
    (token,) = tokenizer.feed("\x1b[201~", 0)
    assert token.kind is Kind.PASTE and len(token.text) == 2500 * 4096
    assert time.process_time() - began < 5


@pytest.mark.parametrize("text", ["daily standup", "fix it\rtoday\r", "a 1 b 2 c"])
def test_what_reads_like_text_is_a_burst(text: str) -> None:
    (event,) = typed(text)
    assert isinstance(event, Burst)
    assert [key.character for key in event.keys] == list(text)


@pytest.mark.parametrize(
    "text", ["LjL", "jjjjjjjjjjjjjjj", "          ", "daily", "a 1", "5j", "3http://x:1/\rk"]
)
def test_keys_that_came_together_are_keys(text: str) -> None:
    found = typed(text)
    assert len(found) == len(text) or text.startswith("3http")
    assert all(isinstance(event, Key) for event in found) or text.startswith("3http")


def test_what_comes_right_behind_a_burst_belongs_to_it() -> None:
    assert [type(event).__name__ for event in typed("fix it on the dai", "ly", gap=0.01)] == [
        "Burst",
        "Burst",
    ]
    assert keys("fix it on the dai", "ly", gap=1) == ["l", "y"]


def test_each_key_knows_its_read() -> None:
    reads = [event.read for event in typed("ab", "c") if isinstance(event, Key)]
    assert [read.keys for read in reads if read] == [2, 2, 1]
    assert reads[0] == reads[1] and reads[0] != reads[2]


@pytest.mark.parametrize("data", [b"\xff", b"\xe9", b"\x9b31m", b"\x9bI", b"\xc2\x9bI", b"\xf0\x9f"])
def test_bytes_that_are_no_text_are_no_keys(data: bytes) -> None:
    decode = getincrementaldecoder("utf-8")(errors="surrogateescape").decode
    assert keys(decode(data), decode(b"j")) == ["j"]


def test_a_megabyte_of_anything_ends_nothing_and_leaves_the_keyboard_alive() -> None:
    rng, clock = random.Random(7), Clock()
    parser = PatientParser(clock=clock)
    decode = getincrementaldecoder("utf-8")(errors="surrogateescape").decode
    corpus = [*KEYS, *NO_KEYS]
    sent = 0
    while sent < 1 << 20:
        data = rng.randbytes(rng.randrange(1, 4096)) + rng.choice(corpus).encode()[: rng.randrange(1, 9)]
        sent += len(data)
        list(parser.feed(decode(data)))
        clock.now += rng.choice(GAPS)
        list(parser.tick())
    clock.now += 10
    list(parser.tick())
    assert [event.key for event in parser.feed(decode(b" j")) if isinstance(event, events.Key)][-1:] == [
        "j"
    ]
