"""Views come from tables of the settings file, and go back into it with all else left as it is."""

import tempfile
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fdtui.config.load import Options, load
from fdtui.config.paths import Folders, find_folders
from fdtui.config.view_file import change_views
from fdtui.core.errors import ConfigError, UsageError
from fdtui.core.frozen import replace
from fdtui.core.schema import WorkflowRef
from fdtui.core.views import Arrangement, NamedView, ViewList, move, put, remove, rename, set_default

FULL = """\
# my settings
profile = "work"

[profiles.work]
url = "https://app.flowdash.com"   # ours

# what I look at first
[[views]]
name = "Mine"  # me and only me
workflow = "Orders"
default = true
filter = "assignee:me"
sort = "due desc, severity"
group = "Severity"
sum = "Amount"
density = "line"
fields = [
    "Due",  # the day
]
hide_end_stages = true
folded = ["Done"]
folded_groups = ["", "Low"]

[[views]]
name = "Late"
filter = "late"
# and that is all

[board]
theme = "dark"  # at night
"""
MINE = NamedView(
    "Mine",
    "Orders",
    Arrangement(
        "assignee:me",
        "due desc, severity",
        "Severity",
        "Amount",
        "line",
        ("Due",),
        ("Done",),
        ("", "Low"),
        True,
    ),
    True,
)
LATE = NamedView("Late", shows=Arrangement("late"))


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    found = find_folders({"FDTUI_HOME": str(tmp_path)})
    found.config.mkdir()
    return found


def write(folders: Folders, text: str) -> Path:
    folders.config_file.write_text(text, "utf-8")
    folders.config_file.chmod(0o600)
    return folders.config_file


def test_a_table_is_a_view(folders: Folders) -> None:
    write(folders, FULL)
    assert load({}, Options(), folders).views == (MINE, LATE)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("views = 1", "line 1, column 1: views must be tables, each with the header [[views]]."),
        (
            "[views]\nname = 'x'",
            "line 1, column 1: views must be tables, each with the header [[views]].",
        ),
        ("[[views]]\nfilter = 'x'", "line 1, column 1: views needs a name."),
        ("[[views]]\nname = 'a'\n[[views]]\nsort = 'x'", "line 3, column 1: views needs a name."),
        (
            "[[views]]\nname = 'a'\n[[views]]\n name = 'A'",
            "line 4, column 2: views.name is the name of another view of this workflow: A.",
        ),
        (
            "[[views]]\nname = 'a'\nsort = 'x'\n[[views]]\nname='b'\n  sorts = 'x'",
            "line 6, column 3: views.sorts is not a setting. Did you mean sort?",
        ),
        (
            "[[views]]\nname = 'a'\ndensity = 'small'",
            "line 3, column 1: views.density must be one of auto, roomy, comfortable, compact, line.",
        ),
        (
            "[board]\ntheme = 'dark'\n[[views]]\nname = 'a'\n[[views]]\nname = 'all'",
            "line 6, column 1: views.name must not be All: that is the board without a view.",
        ),
        (
            f"[[views]]\nname = '{'x' * 41}'",
            "line 2, column 1: views.name must have at most 40 letters.",
        ),
        (
            "[[views]]\nname = 'a'\nworkflow = 'b'\nworkflows = ['*']",
            "line 3, column 1: views.workflow has no meaning beside workflows.",
        ),
        (
            "[[views]]\nname = 'a'\nworkflows = ['*']\ndefault = true",
            "line 4, column 1: views.default has no meaning beside workflows.",
        ),
        ("[[views]]\nname = 3", "line 2, column 1: views.name must be a line of text."),
        (
            "[[views]]\nname = 'a'\nfolded_groups = 'x'",
            'line 3, column 1: views.folded_groups must be a list of texts, such as ["one", ""].',
        ),
    ],
)
def test_each_mistake_is_told_with_its_line(folders: Folders, text: str, says: str) -> None:
    write(folders, text)
    with pytest.raises(ConfigError) as caught:
        load({}, Options(), folders)
    assert str(caught.value) == f"{folders.config_file}, {says}"


def test_all_mistakes_are_told_and_the_rest_holds(folders: Folders) -> None:
    write(folders, FULL + "[[views]]\nname = 'x'\nsort = 1\n[[views]]\nfold = 1\n")
    told: list[ConfigError] = []
    assert [each.name for each in load({}, Options(), folders, told=told).views] == ["Mine", "Late", "x"]
    assert len(told) == 3


def test_what_is_changed_is_changed_alone(folders: Folders) -> None:
    file = write(folders, FULL)
    view = replace(LATE, shows=Arrangement("late due>-7d"))
    assert change_views(file, put(view)) == (MINE, view)
    assert file.read_text() == FULL.replace('"late"', '"late due>-7d"')
    change_views(file, rename(MINE, "Own"))
    assert 'name = "Own"  # me and only me' in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_table_goes_with_its_comments(folders: Folders) -> None:
    file = write(folders, FULL)
    change_views(file, move(LATE, -1, WorkflowRef("w", "Orders")))
    text = file.read_text()
    assert text.index("# and that is all") < text.index("# what I look at first\n[[views]]")
    assert text.endswith('theme = "dark"  # at night\n')
    change_views(file, remove(replace(MINE, shows=Arrangement())))
    assert "# what I look at first" not in file.read_text()
    change_views(file, remove(LATE))
    assert file.read_text() == FULL[: FULL.index("# what")] + FULL[FULL.index("[board]") :]


def test_the_first_view_of_a_new_file_and_of_one_without_any(folders: Folders) -> None:
    folders.config.rmdir()
    change_views(folders.config_file, put(LATE))
    assert folders.config_file.read_text() == (
        '#:schema ./config.schema.json\n\n[[views]]\nname = "Late"\nfilter = "late"\n'
    )
    file = write(folders, "# nothing\r\n[board]\r\ntheme = 'dark'\r\n")
    file.write_bytes(b"# nothing\r\n[board]\r\ntheme = 'dark'\r\n")
    change_views(file, put(LATE))
    assert file.read_bytes().endswith(
        b'[board]\r\ntheme = \'dark\'\r\n\r\n[[views]]\r\nname = "Late"\r\nfilter = "late"\r\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        "views = [{name = 'a'}]\n",
        "[board\n",
        "[[views]]\nsort = 'x'\n",
        '[board]\nx = """\n[[views]]\n"""\n',
    ],
)
def test_a_file_that_is_not_understood_is_left_alone(folders: Folders, text: str) -> None:
    file = write(folders, text)
    with pytest.raises(ConfigError):
        change_views(file, put(LATE))
    assert file.read_text() == text


def test_a_change_that_cannot_be_leaves_the_file_alone(folders: Folders) -> None:
    file = write(folders, FULL)
    with pytest.raises(UsageError, match="view Gone no longer exists"):
        change_views(file, remove(NamedView("Gone")))
    assert file.read_text() == FULL


def test_a_link_to_settings_elsewhere_stays_a_link(folders: Folders, tmp_path: Path) -> None:
    elsewhere = tmp_path / "dotfiles"
    elsewhere.mkdir(mode=0o755)
    (elsewhere / "fdtui.toml").write_text("[board]\n")
    folders.config_file.symlink_to(elsewhere / "fdtui.toml")
    change_views(folders.config_file, put(LATE))
    assert folders.config_file.is_symlink()
    assert "Late" in (elsewhere / "fdtui.toml").read_text()
    assert elsewhere.stat().st_mode & 0o777 == 0o755


NAMES = st.sampled_from(("A", "B", "ç “x”", "D"))
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=5).filter(str.strip)
ARRANGED = st.builds(
    Arrangement,
    filter=st.just("") | TEXTS,
    density=st.sampled_from(("", "line")),
    fields=st.none() | st.lists(TEXTS).map(tuple),
    folded_groups=st.lists(st.just("") | TEXTS).map(tuple),
    hide_end=st.none() | st.booleans(),
)
VIEWS = st.lists(
    st.builds(NamedView, NAMES, st.sampled_from(("", "W")), ARRANGED, st.booleans())
    | st.builds(lambda name, shows: NamedView(name, shows=shows, spans=("*", "ç")), NAMES, ARRANGED),
    unique_by=lambda each: each.key,
).map(tuple)


@settings(deadline=None, max_examples=40)
@given(st.lists(VIEWS, min_size=1, max_size=4))
def test_whatever_the_views_were_they_become_those_that_are_wanted(lists: list[ViewList]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "config.toml"
        file.write_text('[board] # one\ntheme = "dark"\n\n# two\n[notify]\nbell = true\n')
        for wanted in lists:
            assert change_views(file, lambda _, views=wanted: views) == wanted
            assert change_views(file, lambda views: views) == wanted
            text = file.read_text()
            assert "[board] # one\n" in text and "# two\n[notify]\n" in text
            rest = tomllib.loads(text)
            rest.pop("views", None)
            assert rest == {"board": {"theme": "dark"}, "notify": {"bell": True}}


def test_a_default_is_one_alone(folders: Folders) -> None:
    file = write(folders, FULL)
    change_views(file, put(NamedView("New", "Orders", is_default=True)))
    assert "default = true" not in file.read_text().partition('[[views]]\nname = "Late"')[0]
    assert change_views(file, set_default(MINE))[0].is_default
