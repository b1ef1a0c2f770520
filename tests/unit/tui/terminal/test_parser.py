"""Whatever bytes a terminal sends, the parser goes on and real keys come through."""

import random
from codecs import getincrementaldecoder

import pytest
from textual import events

from fdtui.tui.terminal.parser import PatientParser


def keys_of(*chunks: bytes) -> list[str]:
    parser = PatientParser()
    decode = getincrementaldecoder("utf-8")(errors="surrogateescape").decode
    found = [event for chunk in chunks for event in parser.feed(decode(chunk))]
    return [event.key for event in found if isinstance(event, events.Key)]


@pytest.mark.parametrize(
    "junk",
    [
        b"\xff", b"\xe9", b"\x9b31m", b"\xf0\x9f", b"\x1b[99999999999u", b"\x1b[1114112u",
        b"\x1b[55296u",
        b"\x1b[1;2;1114112u", b"\x1b[<0;99999999999999999999;1M", b"\x1b[<0;-5;-5M", b"\x1b[48;0;0;0;0t",
        b"\x1b[48;999999999;999999999;1;1t", b"\x1b[" + b"1" * 5000 + b"u",
        b"\x1b[" + b";" * 5000 + b"m",
        b"\x1b]11;rgb:1234/1234/1234\x07", b"\x1bP1$r0m\x1b\\", b"\x1b_Gi=1;OK\x1b\\",
        b"\x1b[48;1;1;0;0t\x1b[<0;5;5M",
    ],
)  # fmt: skip
def test_after_junk_a_key_is_a_key(junk: bytes) -> None:
    assert keys_of(junk, b"j")[-1] == "j"


@pytest.mark.parametrize(
    "junk",
    [b"\x1b[99999999999u", b"\x1b[" + b"1" * 200 + b"L", b"\x1b]11;rgb:L/L/L\x07", b"\x1bP1$rL\x1b\\"],
)
def test_a_sequence_that_nobody_understands_types_nothing(junk: bytes) -> None:
    assert keys_of(junk) == []


def test_a_size_that_no_terminal_has_is_no_size() -> None:
    parser = PatientParser()
    found = list(parser.feed("\x1b[48;999999999;999999999;1;1t"))
    assert not any(isinstance(event, events.Resize) for event in found)


def test_random_bytes_never_end_it() -> None:
    rng = random.Random(3)
    parser = PatientParser()
    decode = getincrementaldecoder("utf-8")(errors="surrogateescape").decode
    for _ in range(300):
        chunk = bytes(rng.choice([27, 91, 60, 59, 77, 117, 48, rng.randrange(256)]) for _ in range(64))
        list(parser.feed(decode(chunk)))
        list(parser.tick())
    assert any(isinstance(event, events.Key) for event in parser.feed("\x1b\\ x"))
