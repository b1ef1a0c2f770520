"""What is said to be saved is on the disk: each storage protocol has a durable one that wiring uses."""

import ast
import asyncio
from pathlib import Path

import pytest

from fdtui import wiring
from fdtui.config.paths import Folders
from fdtui.config.settings import Profile
from fdtui.sync.session import SessionOptions

ROOT = Path(__file__).parents[2] / "fdtui"
STORAGE = ROOT / "sync" / "storage"


def protocols() -> set[str]:
    found = set()
    for path in STORAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and any(
                getattr(base, "id", "") == "Protocol" for base in node.bases
            ):
                found.add(node.name)
    return found


ON_DISK = {
    "Cache": "DiskCache",
    "Drafts": "DraftTable",
    "Journal": "JournalTable",
    "Moves": "MoveTable",
    "RecentFolders": "RecentFolderTable",
    "RunBook": "RunTable",
    "Seen": "SeenTable",
    "Snoozes": "SnoozeTable",
    "TransferBook": "TransferTable",
    "Views": "ViewTable",
}


def test_each_protocol_has_an_implementation_on_the_disk() -> None:
    assert protocols() == set(ON_DISK)


@pytest.mark.parametrize("is_local", [True, False], ids=["local", "remote"])
async def test_wiring_uses_what_is_on_the_disk(tmp_path: Path, is_local: bool) -> None:
    folders = Folders(*(tmp_path / name for name in ("config", "data", "state", "cache")))
    profile = Profile(name="p", url="" if is_local else "https://flowdash.example", local=is_local)
    ledger = wiring.ledger_of(folders, profile, note=lambda _: None)
    assert ledger is not None
    database = tmp_path / "local.db"
    cache = wiring.cache_of(folders, profile, database)
    journal = wiring.journal_of(folders, profile, SessionOptions(), note=lambda _: None)
    if is_local:
        session = wiring.local_session(database, SessionOptions(), ledger, cache, journal)
    else:
        from fdtui.config.secret import Secret

        session = wiring.remote_session(
            profile.url,
            Secret("k" * 40),
            SessionOptions(),
            ledger=ledger,
            cache=cache,
            journal=journal,
        )
    try:
        found = _held(session, 5) | {type(ledger.transfers()).__name__}
        assert set(ON_DISK.values()) <= found
        assert not [each for each in found if each.startswith("Memory")]
    finally:
        await asyncio.to_thread(cache.close)
        journal.close()
        ledger.close()


def _held(value: object, depth: int) -> set[str]:
    """The names of the classes of all that an object holds, down to some depth."""
    names: set[str] = set()
    waiting, known = [(value, depth)], set[int]()
    while waiting:
        each, left = waiting.pop(0)  # the nearest first
        if isinstance(each, tuple):
            waiting += [(part, left) for part in each]
            continue
        each = getattr(each, "__self__", each)  # of a method, whose it is
        if id(each) in known or not type(each).__module__.startswith("fdtui."):
            continue
        known.add(id(each))
        names.add(type(each).__name__)
        if left and hasattr(each, "__dict__"):
            waiting += [(held, left - 1) for held in vars(each).values()]
    return names
