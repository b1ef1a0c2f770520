# ruff: noqa: E501 - a table of messages
from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fdtui.config.load import Options, load
from fdtui.config.paths import Folders, find_folders
from fdtui.config.secret import Secret
from fdtui.config.settings import DENSITIES, PRESETS, Board, Keys, Profile, Settings
from fdtui.core import keymap
from fdtui.core.errors import ConfigError
from fdtui.tui import preferences as look

FULL = """\
profile = "work"

[profiles.work]
url = "https://app.flowdash.com"
workflow = "Onboarding"
user = "me@example.com"
api_key_command = ["pass", "show", "flowdash"]
poll = 5
card_fields = []
unique_id = "Company ID"

[profiles."at home"]
local = true

[board]
theme = "light"
density = "compact"

[keys]
preset = "plain"
task.move-next = "L"
"board.refresh" = ["r", "f5"]
"""


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    found = find_folders({"FDTUI_HOME": str(tmp_path)})
    found.config.mkdir()
    return found


def write(folders: Folders, text: str | bytes, mode: int = 0o600) -> Path:
    path = folders.config_file
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    path.chmod(mode)
    return path


def wrong(folders: Folders, text: str | bytes) -> str:
    write(folders, text)
    with pytest.raises(ConfigError) as caught:
        load({}, Options(), folders)
    return str(caught.value).replace(str(folders.config_file), "config.toml")


def test_without_a_file_the_defaults_hold(folders: Folders) -> None:
    settings = load({}, Options(), folders)
    assert settings == Settings()
    assert not settings.profile.is_configured


def test_a_file_with_everything(folders: Folders) -> None:
    path = write(folders, FULL)
    settings = load({}, Options(), folders)
    assert settings.profile == Profile(
        name="work",
        url="https://app.flowdash.com",
        workflow="Onboarding",
        user="me@example.com",
        api_key_command=("pass", "show", "flowdash"),
        poll=5.0,
        card_fields=(),
        unique_id="Company ID",
    )
    assert settings.profiles == ("work", "at home")
    assert settings.board == Board(theme="light", density="compact")
    assert settings.keys == Keys("plain", {"board.refresh": ("r", "f5"), "task.move-next": ("L",)})
    assert settings.config_file == path
    assert settings.sources["workflow"] == str(path)
    assert load({}, Options(profile="at home"), folders).profile == Profile(name="at home", local=True)


def test_option_before_environment_before_file(folders: Folders) -> None:
    path = write(folders, FULL)
    environ = {"FDTUI_URL": "https://env", "FDTUI_WORKFLOW": "Env", "FDTUI_READ_ONLY": "yes"}
    settings = load(environ, Options(workflow="Opt"), folders)
    profile = settings.profile
    assert (profile.url, profile.workflow, profile.user) == ("https://env", "Opt", "me@example.com")
    assert profile.read_only
    assert settings.stored_url == "https://app.flowdash.com"
    chosen = {key: settings.sources[key] for key in ("url", "workflow", "user", "read_only")}
    assert chosen == {
        "url": "FDTUI_URL",
        "workflow": "--workflow",
        "user": str(path),
        "read_only": "FDTUI_READ_ONLY",
    }
    assert not load({"FDTUI_READ_ONLY": ""}, Options(), folders).profile.read_only
    assert load({"FDTUI_READ_ONLY": "0"}, Options(read_only=True), folders).profile.read_only


def test_the_environment_alone_will_do(folders: Folders) -> None:
    environ = {
        "FDTUI_URL": "https://env",
        "FDTUI_USER": "a@b",
        "FDTUI_WEBHOOK_URL": "https://env/secret",
    }
    profile = load(environ, Options(), folders).profile
    assert profile == Profile(url="https://env", user="a@b", webhook_url=Secret("https://env/secret"))
    assert profile.is_configured
    assert "secret" not in repr(profile).replace("Secret", "")


def test_another_address_inherits_no_leniency(folders: Folders) -> None:
    write(folders, '[profiles.a]\nurl = "http://lan"\ninsecure_http = true\n')
    assert load({}, Options(), folders).profile.insecure_http
    assert not load({"FDTUI_URL": "http://other"}, Options(), folders).profile.insecure_http
    write(folders, "[profiles.a]\nlocal = true\n")
    assert not load({}, Options(url="https://x"), folders).profile.local


@pytest.mark.parametrize(
    ("environ", "option", "name"),
    [
        ({}, None, "b"),
        ({"FDTUI_PROFILE": "a"}, None, "a"),
        ({"FDTUI_PROFILE": "a"}, "c", "c"),
    ],
)
def test_which_profile(folders: Folders, environ: dict[str, str], option: str | None, name: str) -> None:
    write(folders, 'profile = "b"\n[profiles.a]\n[profiles.b]\n[profiles.c]\n')
    assert load(environ, Options(profile=option), folders).profile.name == name


def test_the_first_profile_where_none_is_named(folders: Folders) -> None:
    write(folders, "[profiles.z]\n[profiles.a]\n")
    assert load({}, Options(), folders).profile.name == "z"


def test_a_profile_that_is_not_there(folders: Folders) -> None:
    write(folders, "[profiles.home]\n")
    with pytest.raises(ConfigError, match=r"no profile hom in .*config.toml. Did you mean home\?"):
        load({}, Options(profile="hom"), folders)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("boardd = 1", "config.toml, line 1, column 1: boardd is not a setting. Did you mean board?"),
        ("[board]\n\n  them = 'dark'", "config.toml, line 3, column 3: board.them is not a setting. Did you mean theme?"),
        ("[board]\ntheme = 'pink'", "config.toml, line 2, column 1: board.theme must be one of auto, dark, light."),
        ("[profiles.a]\nurl = 'x'\n[profiles.b]\nurl = 3", "config.toml, line 4, column 1: profiles.b.url must be a line of text."),
        ("[profiles.a]\npoll = 0", "config.toml, line 2, column 1: profiles.a.poll must be a number from 2 to 3600."),
        ("[profiles.a]\npoll = true", "config.toml, line 2, column 1: profiles.a.poll must be a number from 2 to 3600."),
        ("[profiles.a]\nread_only = 'yes'", "config.toml, line 2, column 1: profiles.a.read_only must be true or false."),
        ("[profiles.a]\nname = 'x'", "config.toml, line 2, column 1: profiles.a.name is not a setting."),
        ("[profiles.a]\napi_key_command = 'pass'", 'config.toml, line 2, column 1: profiles.a.api_key_command must be a list of texts, such as ["one", "two"].'),
        ("[profiles.a]\nwip_limits = { Doing = 0 }", 'config.toml, line 2, column 1: profiles.a.wip_limits must be a table of whole numbers from 1, such as { "In Progress" = 5 }.'),
        ("[profiles]\na = 1", "config.toml, line 2, column 1: profiles.a must be a table."),
        ("profiles = 1", "config.toml, line 1, column 1: profiles must hold tables such as [profiles.work]."),
        ("profile = 'b'\n[profiles.bb]", "config.toml, line 1, column 1: profile must name one of the [profiles.NAME] in the file."),
        ("[profile.a]\nurl='x'", "config.toml, line 1, column 1: profile must name one of the [profiles.NAME] in the file. Did you mean profiles?"),
        ("board = 1", "config.toml, line 1, column 1: board must be a table."),
        ("keys = 1", "config.toml, line 1, column 1: keys must be a table."),
        ("[keys]\ntask.open = 3", 'config.toml, line 2, column 1: keys.task.open must be a key or a list of keys, such as ["L"].'),
        ("[keys]\npreset = 'emacs'", "config.toml, line 2, column 1: keys.preset must be one of vim, plain."),
        ("a = 1\na = 2\nb = 1", "config.toml, line 2, column 6: Cannot overwrite a value."),
        ("[board]\ntheme = ", "config.toml, line 2: Invalid value."),
        ("x = [\n1,,\n", "config.toml, line 2, column 3: Invalid value."),
        (b"\xff\xfea", "config.toml, line 1: not UTF-8. Save it as UTF-8."),
        (b"\n\n# \xe9", "config.toml, line 3: not UTF-8. Save it as UTF-8."),
        (b"# " + b"x" * 10_000_000, "config.toml is larger than 1 MiB: no settings file."),
        ("x = " + "[" * 50_000, "config.toml: not TOML that can be read."),
        ("a = 1\x1b[2J", "config.toml, line 1, column 6: Expected newline or end of document after a statement."),
    ],
    ids=lambda value: ascii(value)[:40],
)  # fmt: skip
def test_a_wrong_file_is_told_with_its_place(folders: Folders, text: str | bytes, says: str) -> None:
    assert wrong(folders, text) == says


def test_a_byte_order_mark_and_other_line_ends_are_no_trouble(folders: Folders) -> None:
    write(folders, b"\xef\xbb\xbf[board]\r\ntheme = 'dark'\r\n")
    assert load({}, Options(), folders).board.theme == "dark"


@pytest.mark.parametrize(("variable", "value"), [("FDTUI_READ_ONLY", "maybe"), ("FDTUI_USER", "a\x1b")])
def test_a_wrong_variable_is_named(folders: Folders, variable: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"^{variable} must be"):
        load({variable: value}, Options(), folders)


def test_a_named_file_must_be_there(folders: Folders, tmp_path: Path) -> None:
    for environ, options in (
        ({"FDTUI_CONFIG": str(tmp_path / "a")}, Options()),
        ({}, Options(config=str(tmp_path / "b"))),
    ):
        with pytest.raises(ConfigError, match="There is no file"):
            load(environ, options, folders)
    other = tmp_path / "other.toml"
    other.write_text("[board]\nascii = true\n")
    write(folders, FULL)
    settings = load({"FDTUI_CONFIG": str(tmp_path / "a")}, Options(config=str(other)), folders)
    assert settings.board.ascii
    assert settings.config_file == other


def test_a_folder_or_a_pipe_is_no_file(folders: Folders) -> None:
    folders.config_file.mkdir()
    with pytest.raises(ConfigError, match="Is a directory"):
        load({}, Options(), folders)
    folders.config_file.rmdir()
    os.mkfifo(folders.config_file)
    with pytest.raises(ConfigError, match="not a regular file"):
        load({}, Options(), folders)


def test_nothing_is_read_from_the_working_folder(
    folders: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = tmp_path / "here"
    planted.mkdir()
    (planted / "config.toml").write_text("[profiles.evil]\nurl = 'https://evil'\n")
    (planted / "fdtui").mkdir()
    (planted / "fdtui" / "config.toml").write_text("[profiles.evil]\nurl = 'https://evil'\n")
    monkeypatch.chdir(planted)
    assert load({}, Options(), folders) == Settings()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
@pytest.mark.parametrize("key", ["api_key", "webhook_url"])
def test_a_secret_that_others_can_read_is_refused(folders: Folders, mode: int, key: str) -> None:
    path = write(folders, f"[profiles.a]\n{key} = 'canary'\n", mode)
    with pytest.raises(ConfigError) as caught:
        load({}, Options(), folders)
    assert f"chmod 600 {path}" in str(caught.value)
    assert "canary" not in str(caught.value)


def test_a_secret_that_only_its_owner_can_read(folders: Folders) -> None:
    write(folders, "[profiles.a]\nurl='https://x'\napi_key = 'canary'\n", 0o600)
    settings = load({}, Options(), folders)
    assert settings.profile.api_key == Secret("canary")
    assert "canary" not in repr(settings)


def test_a_secret_behind_a_link_is_refused(folders: Folders, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.write_text("[profiles.a]\napi_key = 'canary'\n")
    target.chmod(0o600)
    folders.config_file.symlink_to(target)
    with pytest.raises(ConfigError, match="symbolic link"):
        load({}, Options(), folders)
    target.write_text("[board]\nascii = true\n")
    assert load({}, Options(), folders).board.ascii


def test_what_others_could_have_planted_is_not_read(folders: Folders) -> None:
    write(folders, "", 0o666)
    with pytest.raises(ConfigError, match="Everyone can write"):
        load({}, Options(), folders)
    write(folders, "")
    folders.config.chmod(0o777)
    with pytest.raises(ConfigError, match="chmod 700"):
        load({}, Options(), folders)
    folders.config.chmod(0o1777)
    load({}, Options(), folders)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_somebody_else_s_file_is_not_read(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    os.chown(write(folders, ""), 12345, -1)
    monkeypatch.setattr(os, "geteuid", lambda: 54321)
    with pytest.raises(ConfigError, match="someone else"):
        load({}, Options(), folders)


def test_every_setting_says_what_it_is() -> None:
    for shape in (Profile, Board, Keys):
        for each in dataclasses.fields(shape):
            assert each.name in {"name", "changes"} or each.metadata["says"].endswith(".")


def test_the_words_are_those_of_the_rooms_that_use_them() -> None:
    assert keymap.PRESETS == PRESETS
    assert look.DENSITIES == DENSITIES


def test_settings_cost_the_first_frame_nothing(tmp_path: Path) -> None:
    code = (
        "import os, sys\n"
        "from fdtui.config.load import Options, load\n"
        "from fdtui.config.paths import find_folders\n"
        "from fdtui.config import secrets\n"
        "load(os.environ, Options(), find_folders(os.environ))\n"
        "heavy = ('pydantic', 'httpx', 'tomllib', 'tomlkit', 'platformdirs', 'asyncio', 'keyring')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    environ = {**os.environ, "FDTUI_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    assert list(tmp_path.iterdir()) == []
