# ruff: noqa: E501 - a table of messages
"""All that is wrong with the settings, at once, each with its place."""

from __future__ import annotations

import pytest

from tests.unit.cli.conftest import WORKFLOW, Home

SEVERAL = f"""\
profile = "home"
[bord]
theme = "dark"

[profiles.home]
local = true
workflow = "{WORKFLOW}"
pol = 5
poll = 0

[board]
theme = "pink"

[keys]
"task.mve" = "L"
task.opn = "enter"
"cursor.down" = ["j", "hyper+x"]
"cursor.up" = "j"
"""
TOLD = [
    (", line 2, column 1: bord is not a setting. Did you mean board?"),
    (", line 8, column 1: profiles.home.pol is not a setting. Did you mean poll?"),
    (", line 9, column 1: profiles.home.poll must be a number from 2 to 3600."),
    (", line 12, column 1: board.theme must be one of auto, dark, light."),
    (", line 15, column 1: there is no command “task.mve”. Did you mean task.move?"),
    (", line 16, column 1: there is no command “task.opn”. Did you mean task.open?"),
    (", line 17, column 1: “hyper+x” for cursor.down is no key."),
    (
        ", line 18, column 1: “j” is given to cursor.down and cursor.up. Give it to one of them in [keys]."
    ),
]


@pytest.mark.parametrize("command", [(), ("demo",), ("config", "check")], ids=" ".join)
def test_all_mistakes_are_told_at_once(home: Home, command: tuple[str, ...]) -> None:
    home.configure(SEVERAL)
    ran = home.run(*command)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines() == [
        f"{len(TOLD)} settings are wrong.",
        *(f"  {home.config}{each}" for each in TOLD),
    ]


def test_what_has_no_right_form_hides_nothing_that_cannot_work(home: Home) -> None:
    home.configure("""\
[profiles.team]
url = "ftp://flowdash"
locl = true

[profiles.other]
user = "nobody"

[board]
themee = "dark"
""")
    ran = home.run("config", "check")
    told = ran.err.splitlines()
    assert (ran.code, told[0]) == (2, "4 settings are wrong.")
    assert [line for line in (2, 3, 6, 9) if f", line {line}, " in ran.err] == [2, 3, 6, 9], ran.err
    assert told == [
        told[0],
        *sorted(told[1:], key=lambda each: int(each.split("line ")[1].split(",")[0])),
    ]


def test_scripts_do_not_stop_at_keys(home: Home) -> None:
    home.configure(f'{home.config.read_text()}\n[keys]\n"task.mve" = "L"\n')
    assert home.run("task", "list").code == 0
    assert home.run("config", "check").code == 2


def test_variables_and_options_are_told_with_the_file(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.configure("[bord]\n")
    monkeypatch.setenv("FDTUI_READ_ONLY", "maybe")
    monkeypatch.setenv("FDTUI_USER", "a\x1b")
    ran = home.run("config", "show", "--profile", "nope", "--workflow", "a\x1b")
    for word in ("bord", "FDTUI_READ_ONLY", "FDTUI_USER", "profile nope", "--workflow"):
        assert word in ran.err
    assert ran.code == 2


LOCAL = "[profiles.home]\nlocal = true\n"
VIEW = '[[views]]\nname = "Mine"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (LOCAL + 'url = "https://x.example"', "line 3, column 1: profiles.home.url: a local workspace has no url"),
        (LOCAL + 'workflow = "nope"', "line 3, column 1: profiles.home.workflow: there is no workflow nope"),
        (LOCAL + 'user = "nobody@example.com"', "line 3, column 1: profiles.home.user: nobody@example.com is not a person"),
        (LOCAL + 'user = "ada"', "line 3, column 1: profiles.home.user: ada is not an e-mail address"),
        (LOCAL + 'database = "/nowhere/x.db"', "line 3, column 1: profiles.home.database: The profile home names"),
        (LOCAL + 'database = "config/config.toml"', "line 3, column 1: profiles.home.database: The database"),
        ('[profiles.a]\nurl = "https://u:p@x.example"', "line 2, column 1: profiles.a.url: The address must not hold"),
        ('[profiles.a]\nurl = "http://x.example"', "would send the API key unencrypted"),
        ('[profiles.a]\nurl = "x.example"', "has no https:// in front"),
        ('[profiles.a]\nurl = "https://x.example/workflows/2ylSaZ"', "is not part of an install's address"),
        ('[profiles.a]\nurl = "https://x.example/api/v1/workflows"', "is not part of an install's address"),
        ('[profiles.a]\napi_key_command = ["no-such-program"]', "profiles.a.api_key_command: there is no program"),
        ('[profiles.a]\nurl = "https://x"\napi_key = "k"\napi_key_url = "https://y"', "api_key_url: the key was given"),
        ('[profiles.a]\nwebhook_url = "https://x"', "profiles.a.webhook_url: is not a webhook address"),
        (LOCAL + VIEW + 'workflow = "Nope"', "line 5, column 1: views.workflow: there is no workflow Nope in your workspace"),
        (LOCAL + VIEW + 'workflow = "Bug triage"\nfilter = "severty:high"', "line 6, column 1: views.filter: "),
        (LOCAL + VIEW + 'workflow = "Bug triage"\nsort = "sevrity"', 'line 6, column 1: views.sort: there is no field sevrity. Did you mean Severity?'),
        (LOCAL + VIEW + 'group = "Title"', "line 5, column 1: views.group: there is no field Title."),
        (LOCAL + VIEW + 'sum = "Severity"', "line 5, column 1: views.sum: there is no field Severity."),
        (LOCAL + VIEW + 'fields = ["Nope"]', "line 5, column 1: views.fields: there is no field Nope."),
        (LOCAL + VIEW + 'folded = ["Fixed", "Nope"]', "line 5, column 1: views.folded: there is no stage Nope."),
        (LOCAL + '[profiles.b]\nurl = "ftp://x"', "line 4, column 1: profiles.b.url: ftp://x is not an http"),
    ],
)  # fmt: skip
def test_what_cannot_work_is_wrong(home: Home, text: str, says: str) -> None:
    home.configure(text)
    ran = home.run("config", "check")
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


@pytest.mark.parametrize(
    "text",
    [
        "",
        LOCAL + 'user = "USER@example.com"\nworkflow = "Bug triage"',
        LOCAL
        + VIEW
        + 'filter = "me or late"\nsort = "severity desc"\ngroup = "assigned to"\nfolded = ["Fixed"]',
        LOCAL
        + VIEW
        + 'filter = "contract value>3"\nworkflow = "Company onboarding"\nsum = "Contract Value"',
        LOCAL
        + '[profiles.b]\nurl = "https://x.example"\n'
        + VIEW
        + 'workflow = "Theirs"\ngroup = "Theirs"',
        '[profiles.a]\nurl = "https://x.example/flowdash/"\napi_key_command = ["sh"]',
        '[profiles.a]\nurl = "https://x.example/api/v1"\napi_key = "k"',
        '[profiles.a]\nurl = "http://x.example"\ninsecure_http = true',
        '[profiles.a]\nwebhook_url = "https://x.example/api/v1/workflows/t/tasks"',
    ],
)
def test_what_can_work_is_right(home: Home, text: str) -> None:
    home.configure(text)
    ran = home.run("config", "check")
    assert ran.code == 0, ran.err
