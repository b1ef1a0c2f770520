import pytest

from fdtui.config.colours import depth_of


@pytest.mark.parametrize(
    ("environ", "depth"),
    [
        ({"COLORTERM": "truecolor", "TERM": "xterm"}, "full"),
        ({"COLORTERM": "24bit"}, "full"),
        ({"TERM": "tmux-256color"}, "256"),
        ({"TERM": "xterm-kitty"}, "256"),
        ({"TERM": "linux"}, "16"),
        ({"TERM": "rxvt-16color"}, "16"),
        ({}, "16"),
        ({"TEXTUAL_COLOR_SYSTEM": "standard", "COLORTERM": "truecolor"}, "16"),
        ({"NO_COLOR": "1", "COLORTERM": "truecolor"}, "none"),
        ({"NO_COLOR": "", "COLORTERM": "truecolor"}, "full"),
    ],
)
def test_the_colours_are_what_the_environment_says(environ: dict[str, str], depth: str) -> None:
    assert depth_of(environ) == depth
