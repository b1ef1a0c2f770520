"""What ``fdtui config show`` tells."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Home

SETTINGS = """
[profiles.work]
url = "https://flow.example"
api_key = "fd_file_secret"
card_fields = ["Due", "Größe"]

[board]
ascii = true
"""


def shown(tmp_path: Path, **environ: str) -> str:
    (tmp_path / "config").mkdir(exist_ok=True)
    file = tmp_path / "config" / "config.toml"
    file.write_text(SETTINGS, "utf-8")
    file.chmod(0o600)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FDTUI")}
    own = {"FDTUI_HOME": str(tmp_path), "FDTUI_PROFILE": "work", "PYTHONUTF8": "1", **environ}
    ran = subprocess.run(
        [sys.executable, "-m", "fdtui", "config", "show"],
        capture_output=True,
        check=True,
        env={**kept, **own},
    )
    return ran.stdout.decode()


def test_it_reads_as_the_file_is_written_and_keeps_the_key_to_itself(tmp_path: Path) -> None:
    text = shown(tmp_path)
    told = tomllib.loads(text)
    assert told["url"] == "https://flow.example"
    assert told["card_fields"] == ["Due", "Größe"]
    assert told["board"]["ascii"] is True
    assert told["notify"]["bell"] is False
    assert "secret" not in text
    assert told["api_key"] == "…"


def test_where_the_key_comes_from_is_told(tmp_path: Path) -> None:
    text = shown(tmp_path, FDTUI_API_KEY="fd_environment_secret")
    assert "secret" not in text
    assert 'api_key = "…"  # FDTUI_API_KEY' in text


@pytest.mark.parametrize("folder", ["data", "state", "cache"])
def test_the_folders_are_told(folder: str, home: Home) -> None:
    assert home.run("config", "path", f"--{folder}").out == f"{home.root / folder}\n"
    assert home.run("config", "path").out == f"{home.config}\n"
