import base64
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from fdtui.tui.terminal import desktop as browser
from fdtui.tui.terminal.clipboard import cleaned, give_tmux, osc52


def test_control_characters_are_not_copied() -> None:
    assert cleaned("rm -rf\x1b[201~\r\x00 a\nb") == "rm -rf[201~ a\nb"


def test_every_blank_and_mark_is_copied() -> None:
    text = "a\tb\u3000c\xa0d\u202f\u200ce\u202e\nf"
    assert cleaned(text) == text
    assert cleaned("one\r\ntwo") == "one\ntwo"


def test_the_text_is_sent_plain_and_wrapped_for_what_is_between() -> None:
    encoded = base64.b64encode("grüß".encode()).decode()
    plain = f"\x1b]52;c;{encoded}\x07"
    assert osc52("grüß", {}) == plain
    assert osc52("grüß", {"TMUX": "x"}) == f"{plain}\x1bPtmux;\x1b\x1b]52;c;{encoded}\x07\x1b\\"
    assert osc52("grüß", {"STY": "1.pts"}) == f"\x1bP{plain}\x1b\\"


def test_screen_gets_it_in_pieces_that_make_it_whole() -> None:
    sent = osc52("x" * 5000, {"STY": "1.pts"})
    pieces = re.findall(r"\x1bP((?:(?!\x1b\\).)*)\x1b\\", sent, re.DOTALL)
    assert "".join(pieces) == osc52("x" * 5000, {})
    assert max(map(len, pieces)) <= 256


def test_tmux_has_it_in_its_buffer(tmp_path: Path) -> None:
    tmux = shutil.which("tmux")
    if tmux is None:
        pytest.skip("tmux is not installed")
    socket = tmp_path / "tmux"
    call = [tmux, "-S", str(socket), "-f", "/dev/null"]
    subprocess.run([*call, "new-session", "-d", "sleep 60"], check=True)
    try:
        environment = {"TMUX": f"{socket},1,0", "PATH": os.environ["PATH"]}
        assert give_tmux("grüß", environment)
        shown = subprocess.run([*call, "show-buffer"], check=True, capture_output=True)
        assert shown.stdout.decode() == "grüß"
    finally:
        subprocess.run([*call, "kill-server"], check=True)


def test_without_a_tmux_nothing_is_given_to_it(tmp_path: Path) -> None:
    assert not give_tmux("a", {"PATH": os.environ["PATH"]})
    assert not give_tmux("a", {"TMUX": f"{tmp_path / 'gone'},1,0", "PATH": os.environ["PATH"]})


def test_no_browser_over_ssh_or_without_a_display() -> None:
    assert browser.opener({"SSH_TTY": "/dev/pts/0", "DISPLAY": ":0"}, "linux") is None
    assert browser.opener({}, "linux") is None
