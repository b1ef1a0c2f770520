from collections.abc import Callable

import pytest

from fdtui.cli.terminal import check_terminal
from fdtui.core.errors import UsageError


def only(*numbers: int) -> Callable[[int], bool]:
    return lambda number: number in numbers


@pytest.mark.parametrize(
    ("terminals", "told"),
    [
        ((0, 1), "stderr is none"),
        ((0, 2), "stdout is none"),
        ((1, 2), "stdin is none"),
        ((2,), "stdin and stdout are none"),
        ((), "there is none"),
    ],
)
def test_each_stream_that_is_no_terminal_is_named(terminals: tuple[int, ...], told: str) -> None:
    with pytest.raises(UsageError, match=told) as caught:
        check_terminal({"TERM": "xterm"}, only(*terminals))
    assert caught.value.hint


@pytest.mark.parametrize("term", ["", "dumb", "unknown"])
def test_a_terminal_without_a_full_screen_is_refused(term: str) -> None:
    with pytest.raises(UsageError, match="TERM") as caught:
        check_terminal({"TERM": term} if term else {}, only(0, 1, 2))
    assert caught.value.hint


@pytest.mark.parametrize("term", ["xterm-256color", "linux", "screen", "xterm-ghostty", "vt100"])
def test_a_terminal_of_any_other_name_is_accepted(term: str) -> None:
    check_terminal({"TERM": term}, only(0, 1, 2))
