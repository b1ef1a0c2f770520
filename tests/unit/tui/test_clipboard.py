import base64
import json
from decimal import Decimal

from fdtui.core.task import task_from_row
from fdtui.tui import browser
from fdtui.tui.clipboard import cleaned, osc52, task_json


def test_control_characters_are_not_copied() -> None:
    assert cleaned("rm -rf\x1b[201~\r\x00 a\nb") == "rm -rf[201~ a\nb"


def test_the_text_is_wrapped_for_tmux() -> None:
    encoded = base64.b64encode("grüß".encode()).decode()
    assert osc52("grüß", {}) == f"\x1b]52;c;{encoded}\x07"
    assert osc52("grüß", {"TMUX": "x"}) == f"\x1bPtmux;\x1b\x1b]52;c;{encoded}\x07\x1b\\"


def test_a_task_is_copied_as_json() -> None:
    row = {"ID": 1, "Value": Decimal("10.5"), "Big": Decimal("12345678901234567890"), "x": "\x1b"}
    text = task_json(task_from_row(row, "ID"))
    assert json.loads(text)["Big"] == 12345678901234567890
    assert "\x1b" not in text


def test_no_browser_over_ssh_or_without_a_display() -> None:
    assert browser.opener({"SSH_TTY": "/dev/pts/0", "DISPLAY": ":0"}, "linux") is None
    assert browser.opener({}, "linux") is None
