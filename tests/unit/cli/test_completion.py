"""What a shell is told of the words that may follow: from the cache and the settings, written right."""

from __future__ import annotations

import hashlib
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fdtui.cli import shells
from fdtui.cli.commands import fdtui
from fdtui.cli.completion import VARIABLE
from fdtui.cli.suggestions import MOST
from fdtui.config.paths import Folders
from fdtui.config.secret import Secret
from fdtui.config.settings import Profile
from fdtui.core.schema import ASSIGNEE, STAGE, Field, Person, Schema, Stage, WorkflowRef
from fdtui.core.task import tasks_from_rows
from fdtui.core.values import Row
from fdtui.sync.storage.cache import DiskCache
from fdtui.sync.storage.protocols import Snapshot
from fdtui.wiring.cached import cache_path
from tests.docs.manual import SHARE
from tests.terminal.program import Program
from tests.unit.cli.conftest import WORKFLOW, Home

SCHEMA = Schema(
    stages=(Stage("To do"), Stage('Said "done", mostly'), Stage("It's over"), Stage("$5*")),
    fields=(
        Field("Number", "text", editable=False),
        Field("Due date", "date"),
        Field("Rank", "single_select", options=("low", "very high")),
    ),
    people=(Person("ada@example.com", "Ada", "Lovelace"), Person("bob@example.com", "Bob", "B")),
)
ROWS: tuple[Row, ...] = tuple(
    {"Number": uid, STAGE: "To do", ASSIGNEE: None, "Due date": None}
    for uid in ("A-1", "A-2", "b 3", "c\x1b[31m")
)
OTHERS = (WorkflowRef(WORKFLOW, "Company onboarding"), WorkflowRef("x1", "Bob's bugs, and more"))
VIEWS = """
[[views]]
name = "My late ones"

[profiles.home]
local = true
workflow = "2ylSaZ"
[profiles."At work"]
url = "http://127.0.0.1:1"
api_key = "fd_secret"
"""

Ask = Callable[..., list[str]]


def keep(path: Path, rows: tuple[Row, ...] = ROWS) -> None:
    """Write a cache as a board does."""
    cache = DiskCache(path)
    tasks = tasks_from_rows(rows, "Number")
    cache.remember(Snapshot(OTHERS[0], SCHEMA, tasks, time.time(), OTHERS))
    cache.close()
    assert cache.flush(60)


@pytest.fixture
def cached(home: Home) -> Iterator[Home]:
    """A home in which a board was open."""
    home.configure(VIEWS)
    keep(path_of(home, Profile(name="home", local=True), home.workspace))
    before = contents(home)
    yield home
    assert contents(home) == before


def path_of(home: Home, profile: Profile, source: str | Path, key: Secret | None = None) -> Path:
    folders = Folders(*(home.root / name for name in ("config", "data", "state", "cache")))
    return cache_path(folders, profile, source, key)


def contents(home: Home) -> dict[str, str]:
    files = [each for each in home.root.rglob("*") if each.is_file()]
    return {
        str(each): hashlib.sha256(each.read_bytes()).hexdigest()
        for each in files
        if not each.name.endswith(("-shm", "-wal"))
    }


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Ask:
    """Ask as bash does: how ``line`` goes on, of which ``piece`` is replaced."""

    def asked(line: str, piece: str | None = None) -> list[str]:
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("_FDTUI_PIECE", line.rpartition(" ")[2] if piece is None else piece)
        answer = shells.Bash(fdtui, {}, "fdtui", VARIABLE).complete()
        assert capfd.readouterr() == ("", "")
        return [line.partition(",")[2] for line in answer.splitlines()]

    return asked


def told(line: str, shell: type[shells.Zsh | shells.Fish], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
    return shell(fdtui, {}, "fdtui", VARIABLE).complete()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("fdtui task list --workflow ", [r"Company\ onboarding", r"Bob\'s\ bugs,\ and\ more"]),
        ("fdtui --workflow bob", [r"Bob\'s\ bugs,\ and\ more"]),
        ("fdtui task move ", ["A-1", "A-2", r"b\ 3"]),
        ("fdtui task show a-", ["A-1", "A-2"]),
        ("fdtui comment add A-2", ["A-2"]),
        ("fdtui task move A-1 ", [r"To\ do", r"Said\ \"done\",\ mostly", r"It\'s\ over", r"\$5\*"]),
        ("fdtui task move --where late t", [r"To\ do"]),
        ("fdtui task move A-1 Done ", []),
        ("fdtui task rm A-1 ", []),
        ("fdtui task assign A-1 ", ["ada@example.com", "bob@example.com", "me", "none"]),
        ("fdtui task set A-1 ", ["Stage=", r"Assigned\ To=", r"Due\ date=", "Rank="]),
        ("fdtui task set A-1 Stage=x ra", ["Rank="]),
        ("fdtui task new d", [r"Due\ date="]),
        ("fdtui task set A-1 --if r", ["Rank="]),
        ("fdtui task list --fields Stage,due", [r"Stage,Due\ date"]),
        ("fdtui task list --sort Rank,-d", [r"Rank,-Due\ date"]),
        ("fdtui task export --fields num", ["Number"]),
        ("fdtui user list --fields ", []),
        ("fdtui --view ", [r"My\ late\ ones"]),
        ("fdtui demo --view ", [r"My\ late\ ones"]),
        ("fdtui --profile ", ["home", r"At\ work"]),
        ("fdtui --profile 'At work' task move ", []),
        ("fdtui --profile nobody --workflow ", []),
        ("fdtui --workflow unseen task show ", []),
        ("fdtui --config /nowhere task show ", []),
    ],
)
def test_words_come_from_what_is_kept(cached: Home, ask: Ask, line: str, words: list[str]) -> None:
    assert ask(line) == words


@pytest.mark.parametrize(
    ("line", "piece", "words"),
    [
        ('fdtui task move A-1 "sa', "sa", [r"Said \"done\", mostly"]),
        ("fdtui task move A-1 'it", "it", [r"It'\''s over"]),
        ('fdtui task move A-1 "$', "$", [r"\$5*"]),
        (r"fdtui task move A-1 To\ ", r"To\ ", [r"To\ do"]),
        ("fdtui task set A-1 Rank=ve", "ve", [r"very\ high"]),
        ('fdtui task set A-1 Rank="very h', "very h", ["very high"]),
        ('fdtui task set A-1 "Assigned To=b', "Assigned To=b", ["Assigned To=bob@example.com"]),
        (
            "fdtui task set A-1 Stage=",
            "",
            [r"To\ do", r"Said\ \"done\",\ mostly", r"It\'s\ over", r"\$5\*"],
        ),
        ("fdtui task list --workflow=Comp", "Comp", [r"Company\ onboarding"]),
        ("fdtui task list --fields='Stage,du", "Stage,du", ["Stage,Due date"]),
    ],
)
def test_bash_gets_the_end_that_it_replaces(
    cached: Home, ask: Ask, line: str, piece: str, words: list[str]
) -> None:
    assert ask(line, piece) == words


def test_zsh_and_fish_get_whole_words_that_they_quote(
    cached: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told("fdtui task move A-1 sa", shells.Zsh, monkeypatch) == 'plain\nSaid "done", mostly\n_'
    assert told("fdtui --workflow=bob", shells.Zsh, monkeypatch).splitlines()[1:] == [
        "--workflow=Bob's bugs, and more",
        "x1",
    ]
    assert told("fdtui task new d", shells.Zsh, monkeypatch) == "open\nDue date=\n_"
    assert told("fdtui task move A-1 Said", shells.Fish, monkeypatch) == 'plain,Said "done", mostly'
    assert (
        told("fdtui task assign A-1 ad", shells.Fish, monkeypatch)
        == "plain,ada@example.com\tAda Lovelace"
    )
    assert told('fdtui task move "b 3" "To d', shells.Fish, monkeypatch) == "plain,To do"
    assert told("fdtui task new d", shells.Fish, monkeypatch) == "plain,Due date=\tdate"
    assert 'split -m 1 ","' in shells.Fish.source_template
    assert "compadd -U -S ''" in shells.Zsh.source_template


def test_a_script_of_an_earlier_version_is_answered_as_it_was(
    cached: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMP_WORDS", "fdtui\ntask\nnew\nd")
    monkeypatch.setenv("COMP_CWORD", "3")
    assert shells.Bash(fdtui, {}, "fdtui", VARIABLE).complete() == "plain,Due date="


def test_a_key_that_is_at_hand_opens_its_cache_and_no_other_does(
    home: Home, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.configure(VIEWS)
    profile, url = Profile(name="At work"), "http://127.0.0.1:1"
    keep(path_of(home, profile, url, Secret("fd_secret")))
    line = "fdtui --profile 'At work' task show A"
    assert ask(line) == ["A-1", "A-2"]
    monkeypatch.setenv("FDTUI_API_KEY", "fd_other")
    assert ask(line) == []
    monkeypatch.delenv("FDTUI_API_KEY")
    assert ask("fdtui --profile 'At work' --url http://127.0.0.1:2 task show A") == []


def test_bash_itself_inserts_words_that_mean_the_names(cached: Home, tmp_path: Path) -> None:
    shim = tmp_path / "bin" / "fdtui"
    shim.parent.mkdir()
    # It completes as the program does, and otherwise only tells which words it was given.
    shim.write_text(
        '#!/bin/sh\ntest -n "$_FDTUI_COMPLETE" || { printf "<%s>" "$@"; exit; }\n'
        f'exec {sys.executable} -m fdtui "$@"\n'
    )
    shim.chmod(0o755)
    source = SHARE / "bash-completion" / "completions" / "fdtui"
    environ = {
        "HOME": str(tmp_path),
        "PATH": f"{shim.parent}:{os.environ['PATH']}",
        "FDTUI_HOME": str(cached.root),
        "INPUTRC": "/dev/null",
    }
    typed = {
        "task move A-1 sa\tx": '<task><move><A-1><Said "done", mostly><x>',
        "task move A-1 'it\tx": "<task><move><A-1><It's over><x>",
        'task move A-1 "$\tx': "<task><move><A-1><$5*><x>",
        "task set A-1 du\tfri": "<task><set><A-1><Due date=fri>",
        "task set A-1 Rank=v\t": "<task><set><A-1><Rank=very high>",
        "task list --workflow=bob\t": "<task><list><--workflow=Bob's bugs, and more>",
    }
    with Program(["bash", "--noprofile", "--norc"], columns=120, environ=environ) as bash:
        bash.write(f"source {source}; PS1='rea''dy> '\n".encode())
        bash.wait_for("ready> ")
        for line, words in typed.items():
            bash.write(f"fdtui {line}\n".encode())
            bash.wait_for(re.escape(words), 30)
        bash.write(b"exit\n")
        bash.wait_end()


@pytest.mark.parametrize("body", [b"", b"no database", b"SQLite format 3\0" + bytes(5000)])
def test_a_damaged_cache_suggests_nothing_and_stays(home: Home, ask: Ask, body: bytes) -> None:
    path = path_of(home, Profile(name="home", local=True, user="user@example.com"), home.workspace)
    path.parent.mkdir(parents=True)
    path.write_bytes(body)
    assert ask("fdtui task show ") == []
    assert path.read_bytes() == body


def test_settings_that_cannot_be_read_suggest_nothing(home: Home, ask: Ask) -> None:
    home.configure("profile = [")
    assert ask("fdtui --profile ") == ask("fdtui task show ") == []


def test_too_many_ids_wait_for_another_letter(home: Home, ask: Ask) -> None:
    rows = tuple(
        row_of(f"{letter}{number}")
        for letter, count in (("x", MOST), ("y", 2))
        for number in range(count)
    )
    profile = Profile(name="home", local=True, user="user@example.com")
    keep(path_of(home, profile, home.workspace), rows)
    assert ask("fdtui task show ") == []
    assert len(ask("fdtui task show x")) == MOST
    assert ask("fdtui task show y") == ["y0", "y1"]


def row_of(uid: str) -> Row:
    return {**ROWS[0], "Number": uid}
