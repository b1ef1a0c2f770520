from __future__ import annotations

import stat
from pathlib import Path

import pytest

from fdtui.config import schema
from fdtui.config.load import Options, load
from fdtui.config.paths import Folders, find_folders
from fdtui.config.profiles import local_database, save_profile
from fdtui.config.secret import Secret
from fdtui.config.settings import Profile
from fdtui.core.errors import ConfigError, UsageError


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return find_folders({"FDTUI_HOME": str(tmp_path / "home")})


def test_the_first_profile_makes_a_private_file(folders: Folders) -> None:
    url = "https://app.flowdash.com"
    path = save_profile(folders, "work", url=url, workflow="2ylSaZ", api_key="canary")
    assert path == folders.config_file
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    settings = load({}, Options(), folders)
    assert settings.profile == Profile(
        name="work", url=url, workflow="2ylSaZ", api_key=Secret("canary"), api_key_url=url
    )


def test_a_new_file_names_the_schema_that_lies_beside_it(folders: Folders, tmp_path: Path) -> None:
    path = save_profile(folders, "work", url="https://x")
    assert path.read_text().splitlines()[0] == "#:schema ./config.schema.json"
    beside = path.with_name("config.schema.json")
    assert beside.read_text() == schema.shipped()
    beside.write_text("of an older version")
    save_profile(folders, "work", user="me@x")
    assert beside.read_text() == schema.shipped()
    other = save_profile(folders, "other", url="https://x", path=tmp_path / "mine.toml")
    assert other.read_text().startswith(schema.HEADER)


def test_what_the_owner_wrote_stays(folders: Folders) -> None:
    folders.config.mkdir(parents=True)
    text = "# mine\n[board]\ntheme = 'light'  # in the sun\n\n[profiles.old]\nurl = 'https://x'\n"
    folders.config_file.write_text(text)
    save_profile(folders, "at home", local=True, make_default=False)
    assert folders.config_file.read_text().startswith("# mine\n")
    assert not folders.config_file.with_name(schema.NAME).exists()
    assert "theme = 'light'  # in the sun\n" in folders.config_file.read_text()
    settings = load({}, Options(), folders)
    assert settings.profiles == ("old", "at home")
    assert settings.profile.name == "at home", "the only one that was named"
    save_profile(folders, "third", url="https://y", make_default=False)
    assert load({}, Options(), folders).profile.name == "at home"
    save_profile(folders, "third")
    assert load({}, Options(), folders).profile == Profile(name="third", url="https://y")


def test_a_profile_is_changed_and_its_key_stays_with_its_address(folders: Folders) -> None:
    save_profile(folders, "p", url="https://old", api_key="k", workflow="w")
    save_profile(folders, "p", url="https://new", user="me@x")
    profile = load({}, Options(), folders).profile
    assert (profile.url, profile.workflow, profile.user) == ("https://new", "w", "me@x")
    assert (profile.api_key, profile.api_key_url) == (Secret("k"), "https://old")
    save_profile(folders, "p", api_key="k2")
    assert load({}, Options(), folders).profile.api_key_url == "https://new"


def test_a_local_profile_that_becomes_a_remote_one(folders: Folders) -> None:
    save_profile(folders, "p", local=True)
    save_profile(folders, "p", url="https://x")
    assert not load({}, Options(), folders).profile.local


@pytest.mark.parametrize("text", ["[profiles", "a = 1\na = 2", "profiles = 3", "[profiles]\np = 3"])
def test_a_broken_file_is_left_alone(folders: Folders, text: str) -> None:
    folders.config.mkdir(parents=True)
    folders.config_file.write_text(text)
    with pytest.raises(ConfigError):
        save_profile(folders, "p", url="https://x")
    assert folders.config_file.read_text() == text


@pytest.mark.parametrize(
    "name", ["", "..", "a/b", "../x", ".hidden", "a\nb", "a\x1b", "x" * 65, " a", "-x"]
)
def test_a_name_that_could_name_another_file_is_refused(folders: Folders, name: str) -> None:
    with pytest.raises(UsageError):
        save_profile(folders, name, local=True)


def test_where_a_local_workspace_is_kept(folders: Folders, tmp_path: Path) -> None:
    assert local_database(folders, Profile(name="at home", local=True)) == folders.data / "at home.db"
    elsewhere = tmp_path / "x.db"
    assert local_database(folders, Profile(name="a", database=str(elsewhere))) == elsewhere
