"""What ships beside the program does what it is for."""

from pathlib import Path

from tests.docs.manual import SHARE
from tests.docs.shell import Shell

SCRIPT = SHARE / "bash-completion" / "completions" / "fdtui"


def test_a_shell_completes_words_by_the_script(tmp_path: Path) -> None:
    asked = 'COMP_LINE="fdtui task se" COMP_POINT=13; _fdtui_completion fdtui se; echo "${COMPREPLY[*]}"'
    with Shell(tmp_path) as shell:
        assert shell.run(f"source {SCRIPT}\n{asked}") == "set\n"
