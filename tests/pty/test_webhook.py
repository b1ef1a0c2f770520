import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.pty.conftest import FDTUI, WORKFLOW, Server, wait_until
from tests.terminal import Program


def hook_of(server: Server, tmp_path: Path) -> str:
    database = f"sqlite:///{server.folder / 'team.db'}"
    command = [*FDTUI, "key", "webhook", WORKFLOW, "--url", server.url, "--db", database]
    home = {**os.environ, "FDTUI_HOME": str(tmp_path / "server")}
    made = subprocess.run(command, env=home, capture_output=True, text=True, check=True, timeout=30)
    return made.stdout.strip()


def test_a_webhook_address_is_a_form_that_creates_and_changes(
    start: Callable[..., Program], server: Server, tmp_path: Path
) -> None:
    url = hook_of(server, tmp_path)
    program = start(FDTUI_WEBHOOK_URL=url)
    program.wait_for("Nothing can be read")
    program.settle()
    program.press(*"Company ID=900", "enter", *"Company Name=From afar", "ctrl+o")
    program.wait_for("Sent")
    assert server.call("GET", "/tasks/900")["Company Name"] == "From afar"
    program.press(*"Company ID=900", "enter", *"Contract Value=much", "ctrl+o")
    program.wait_for("is invalid")
    assert "Contract Value=much" in program.screen
    program.press("backspace", "backspace", "backspace", "backspace", *"12", "ctrl+o")
    wait_until(lambda: server.call("GET", "/tasks/900")["Contract Value"] == "12.00", program)
    program.wait_for("Sent")
    program.press("escape")
    assert program.wait_end() == 0
    assert url.split("/")[-2].encode() not in program.output


def test_what_is_no_webhook_address_is_told_without_it(start: Callable[..., Program]) -> None:
    program = start(FDTUI_WEBHOOK_URL="https://example.com/secret-thing")
    assert program.wait_end() == 2
    assert b"secret-thing" not in program.output
