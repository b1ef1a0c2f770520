from __future__ import annotations

import copy
import pickle
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fdtui.config import secrets
from fdtui.config.secret import Secret
from fdtui.config.secrets import ApiKey, find_key, is_key_certain, origin_of
from fdtui.config.settings import Profile, Settings
from fdtui.core.errors import ConfigError

CANARY = "canary-7f3a"
URL = "https://flow.example"
SAY = (sys.executable, "-c", f"print({CANARY!r}); print('more')")


def settings(url: str = URL, stored: str = URL, **profile: object) -> Settings:
    return Settings(profile=Profile(name="p", url=url, **profile), stored_url=stored)  # type: ignore[arg-type]


def no_keyring(_: str, __: object) -> str:
    return ""


def find(held: Settings, environ: dict[str, str] | None = None, kept: str = "") -> ApiKey | None:
    return find_key(held, environ or {}, from_keyring=lambda *_: kept)


def test_a_secret_does_not_show_itself() -> None:
    secret = Secret(CANARY)
    assert CANARY not in f"{secret} {secret!r} {[secret]} {ApiKey(secret, 'x')}"
    assert secret.reveal() == CANARY
    assert secret == Secret(CANARY) != Secret("other")
    for store in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            store(secret)


def test_environment_then_keyring_then_command_then_file() -> None:
    held = settings(api_key=Secret("file"), api_key_command=SAY)
    assert find(held, {"FDTUI_API_KEY": "env\n"}, "ring") == ApiKey(Secret("env"), "FDTUI_API_KEY")
    assert find(held, {"FDTUI_API_KEY": " "}, "ring") == ApiKey(Secret("ring"), "keyring")
    assert find(held) == ApiKey(Secret(CANARY), "api_key_command")
    assert find(settings(api_key=Secret("file"))) == ApiKey(Secret("file"), "None")
    assert find(settings()) is None
    assert find(Settings()) is None


@pytest.mark.parametrize("given", [{"api_key": Secret(CANARY)}, {"api_key_command": SAY}])
@pytest.mark.parametrize(
    ("url", "stored", "key_url"),
    [
        ("https://evil.example", URL, ""),
        ("https://flow.example:444", URL, ""),
        ("http://flow.example", URL, ""),
        (URL, URL, "https://old.example"),
        ("https://evil.example", "https://evil.example", URL),
        (URL, "", ""),
    ],
)
def test_a_key_for_another_address_is_not_used(
    given: dict[str, object], url: str, stored: str, key_url: str
) -> None:
    notes: list[str] = []
    held = settings(url, stored, api_key_url=key_url, **given)
    assert find_key(held, {}, note=notes.append, from_keyring=no_keyring) is None
    assert "not sent" in notes[0]
    assert CANARY not in notes[0]


def test_only_environment_and_settings_file_say_for_certain_which_key_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(secrets, "find_spec", lambda _: None)
    own = settings(api_key=Secret("k" * 40))
    assert is_key_certain(own, {})
    assert not is_key_certain(settings(), {})
    assert not is_key_certain(settings(api_key_command=("pass", "x")), {})
    assert is_key_certain(settings(api_key_command=("pass", "x")), {"FDTUI_API_KEY": "k" * 40})
    monkeypatch.setattr(secrets, "find_spec", lambda _: object())  # a keyring is asked before the file
    assert not is_key_certain(own, {})


def test_the_same_address_spelt_otherwise_is_the_same() -> None:
    held = settings("https://Flow.example:443/", URL, api_key=Secret("k"), api_key_url=URL + "/api/v1")
    assert find(held) is not None


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://X.example/a", "https://x.example:443"),
        ("http://[::1]:8300", "http://::1:8300"),
        ("x.example", ""),
        ("https://x:99999", ""),
        ("https://[::1", ""),
        ("ftp://x", ""),
        ("", ""),
    ],
)
def test_a_url_is_reduced_to_its_origin(url: str, origin: str) -> None:
    assert origin_of(url) == origin


def run(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("/no/such/program",), "there is no program"),
        (run("raise SystemExit(3)"), "ended with status 3"),
        (run(""), "printed nothing"),
        (run("print()"), "printed nothing"),
        (("/",), "cannot be run"),
        (("a\0b",), "cannot be run"),
    ],
)
def test_a_command_that_fails_is_told(command: tuple[str, ...], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        find(settings(api_key_command=command))


def test_a_command_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "COMMAND_SECONDS", 0.1)
    with pytest.raises(ConfigError, match="took longer"):
        find(settings(api_key_command=run("import time; time.sleep(60)")))


def test_no_shell_reads_the_command() -> None:
    key = find(settings(api_key_command=(*run("import sys; print(sys.argv[1])"), "$(id); `id` && x")))
    assert key == ApiKey(Secret("$(id); `id` && x"), "api_key_command")


@pytest.fixture
def keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Installs a keyring whose command line is the given code."""

    def install(code: str) -> None:
        package = tmp_path / "keyring"
        package.mkdir(exist_ok=True)
        (package / "__init__.py").write_text("")
        (package / "__main__.py").write_text(code)
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        monkeypatch.syspath_prepend(tmp_path)

    return install


Install = Callable[[str], None]


def test_a_keyring_is_asked_for_this_address(keyring: Install) -> None:
    keyring("import sys; print(*sys.argv[1:])")
    assert find_key(settings(), {}) == ApiKey(Secret("get fdtui https://flow.example:443"), "keyring")


@pytest.mark.parametrize(
    ("code", "note"),
    [
        ("raise SystemExit(1)", ""),
        ("", ""),
        ("raise RuntimeError('no bus')", "could not be asked"),
        ("import time; time.sleep(60)", "did not answer"),
    ],
)
def test_a_keyring_that_has_nothing_breaks_or_hangs_is_passed_over(
    keyring: Install, monkeypatch: pytest.MonkeyPatch, code: str, note: str
) -> None:
    monkeypatch.setattr(secrets, "KEYRING_SECONDS", 0.5 if "sleep" in code else 20)
    keyring(code)
    notes: list[str] = []
    key = find_key(settings(api_key=Secret("file")), {}, note=notes.append)
    assert key == ApiKey(Secret("file"), "None")
    assert note in "".join(notes)
    assert bool(notes) is bool(note)


def test_a_keyring_in_the_working_folder_is_not_run(
    keyring: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring("raise SystemExit(1)")
    planted = tmp_path / "here"
    planted.mkdir()
    (planted / "keyring.py").write_text("print('planted')")
    monkeypatch.chdir(planted)
    assert find_key(settings(), {}) is None
