"""In doubt the longer way: what a terminal cannot do would spoil the picture."""

import pytest

from fdtui.tui.terminal.abilities import Abilities, abilities_of


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({"TERM": "xterm-256color"}, Abilities(erases=True)),
        ({"TERM": "linux"}, Abilities(erases=True)),
        ({"TERM": "xterm-kitty"}, Abilities(erases=True)),
        ({"TERM": "screen-256color", "STY": "1.pts"}, Abilities(erases=False)),
        ({"TERM": "screen-256color"}, Abilities(erases=False)),
        ({"TERM": "tmux-256color"}, Abilities(erases=True)),
        (
            {"TERM": "screen", "TMUX": "/x", "TERM_PROGRAM_VERSION": "3.4"},
            Abilities(erases=True),
        ),
        ({"TERM": "screen", "TMUX": "/x"}, Abilities(erases=False)),
        ({"TERM": "vt220"}, Abilities(erases=False)),
        ({}, Abilities(erases=False)),
    ],
)
def test_what_a_terminal_can_do(environ: dict[str, str], wanted: Abilities) -> None:
    assert abilities_of(environ) == wanted
